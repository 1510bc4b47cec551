"""
How many people a visit informs: effects of places and contexts, each drawn to 1 by its gamma law.

Count of a visit ~ Poisson(hours x FIRST_GUESS x product of effects x noise). Effects of one factor
(kind, slot, place...) are Gamma(shape, shape) of mean 1, the noise of visits too: with one effect
alone this is the conjugate gamma-Poisson law, exactly. Effects are at the top of the
h-likelihood (Lee and Nelder 1996, JRSS B 58:619), shapes by EM towards a weak prior on their
spread, which few levels cannot tell. No draw: same visits, same law, whatever their order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy
from scipy.linalg import cho_solve, solve_triangular
from scipy.sparse import csr_array
from scipy.special import digamma, gammaln

from territory.analysis.yields import CONTEXT, levels, told
from territory.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from territory.analysis.yields import Told

    Array = NDArray[np.float64]

FACTORS: tuple[tuple[str, ...], ...] = (
    (),
    ("kind",),
    ("slot",),
    ("season",),
    ("mode",),
    ("market",),
    ("kind", "slot"),
    ("kind", "season"),
    ("kind", "mode"),
    ("kind", "market"),
    ("place_id",),
    ("place_id", "slot"),
)
FIRST_GUESS = 1.0  # people informed an hour: about 3 for each outing of a half-day (1,000 for 315)
GUESS_SHAPE = 1.0  # worth one person met: forgotten at once
MAIN, CROSSED, PLACE = 0.35, 0.2, 0.5  # usual spread of effects (sd of a mean of 1), and
SPREAD_DOUBT = 0.5  # the sd of its logarithm
USUAL_NOISE = 0.5
_NONE, _UNSEEN = -1, -2
_STEPS, _EM, _STILL, _SMALL = 60, 60, 1e-2, 1e-9
_LEAST_LOG, _MOST_LOG = np.log(0.2), np.log(1e4)
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(7)


@dataclass(frozen=True, slots=True, eq=False)
class YieldLaw:
    """
    What visits have taught.

    `factors` (columns of CONTEXT crossed; () is all visits), `shapes` of their laws, `noise` shape
    of visits (inf: Poisson); `position` of each (factor, level) in the logarithms `effects` [p]
    and in `root` [p, p], lower Cholesky root of their information; `seen` visits counted by
    (columns, level); `n_visits` in all.
    """

    factors: tuple[tuple[str, ...], ...]
    shapes: tuple[float, ...]
    noise: float
    position: Mapping[tuple[int, str], int]
    effects: Array
    root: Array
    seen: Mapping[tuple[tuple[str, ...], str], int] = field(default_factory=dict)
    n_visits: int = 0

    def log_rates(self, context: pd.DataFrame) -> tuple[Array, Array]:
        """
        Return the logarithm of people an hour [n] and its variance [n], for rows of `context`.

        `context` holds columns of CONTEXT. An effect never seen, or not known, is 1 with the doubt
        of its law; what no visit ever knew makes no doubt. No place is a place never seen.
        """
        rows = dict(told(context))
        rows["place_id"] = [place or "" for place in rows["place_id"]]
        codes = np.stack([self._codes(rows, f) for f in range(len(self.factors))], axis=1)
        unseen = (codes == _UNSEEN) @ (1 / np.array(self.shapes))
        design = _design(codes, len(self.effects))
        doubt = solve_triangular(self.root, design.T.toarray(), lower=True)
        logs = np.log(FIRST_GUESS) + design @ self.effects
        return logs, (doubt**2).sum(axis=0) + unseen

    def _codes(self, rows: Told, factor: int) -> NDArray[np.int64]:
        own = {level: p for (f, level), p in self.position.items() if f == factor}
        unknown = _UNSEEN if own else _NONE
        named = levels(rows, self.factors[factor])
        return np.array([unknown if t is None else own.get(t, _UNSEEN) for t in named], np.int64)


class _Data(NamedTuple):
    """Visits of use: what was met, logarithm of hours, weight, effects by factor (-1: none)."""

    people: Array
    offset: Array
    weight: Array
    design: csr_array
    of: NDArray[np.int64]  # factor of each effect


def fit_yields(
    visits: pd.DataFrame,
    *,
    factors: Sequence[tuple[str, ...]] = FACTORS,
    shapes: Sequence[float] | None = None,
    noise: float | None = None,
    begin: YieldLaw | None = None,
) -> YieldLaw:
    """
    Return what `visits` (columns of `made_visits`) teach; those without count or hours are left.

    `shapes` of `factors` and `noise` (inf: none) are learned unless given, from those of `begin`,
    a former law of the same factors. Without visits the law is the first guess, with all its doubt.
    Raises WrongUsage for a negative count.
    """
    used, context = _of_use(visits)
    factors, learned = tuple(factors), shapes is None
    position, data = _arranged(used, context, factors)
    same = begin if begin is not None and begin.factors == factors else None
    first = same.shapes if same else _first_shapes(factors)
    shape = np.array(first if shapes is None else shapes, float)
    spread = same.noise if same else USUAL_NOISE**-2
    spread = spread if noise is None else noise
    effects, root = _top(data, shape[data.of], spread, _former(same, position))
    for _ in range(_EM if len(used) and (learned or noise is None) else 0):
        new = _new_shapes(data, effects, root, factors, shape) if learned else shape
        new_spread = _new_noise(data, effects, root, spread) if noise is None else spread
        moved = np.abs(np.log(new / shape)).max() if learned else 0.0
        moved = max(moved, abs(np.log(new_spread / spread)) if noise is None else 0.0)
        shape, spread = new, new_spread
        effects, root = _top(data, shape[data.of], spread, effects)
        if moved < _STILL:
            break
    law = YieldLaw(factors, tuple(shape.tolist()), float(spread), position, effects, root)
    return replace(law, seen=_seen(context), n_visits=len(used))


def _of_use(visits: pd.DataFrame) -> tuple[pd.DataFrame, Told]:
    """Return counted visits in an order of their own, and their context."""
    used = visits[(visits["informed"].notna() & (visits["hours"] > 0)).to_numpy(bool)]
    if (used["informed"] < 0).any():
        raise WrongUsage("Un nombre de personnes informées est négatif.")
    numbers = used.reindex(columns=["informed", "hours", "weight"]).astype(float)
    numbers = numbers.fillna({"weight": 1.0})
    context = told(used)
    texts = ([t or "" for t in context[name]] for name in CONTEXT)
    keys = list(zip(*texts, *(numbers[c].to_list() for c in numbers), strict=True))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return numbers.iloc[order], {c: [v[i] for i in order] for c, v in context.items()}


def _arranged(
    used: pd.DataFrame, context: Told, factors: tuple[tuple[str, ...], ...]
) -> tuple[dict[tuple[int, str], int], _Data]:
    codes: list[NDArray[np.int64]] = []
    of: list[int] = []
    position: dict[tuple[int, str], int] = {}
    for f, names in enumerate(factors):
        named = levels(context, names)
        known = sorted({t for t in named if t is not None})
        place = {level: len(of) + k for k, level in enumerate(known)}
        position.update({(f, level): k for level, k in place.items()})
        codes.append(np.array([place[t] if t is not None else _NONE for t in named], np.int64))
        of += [f] * len(known)
    stacked = np.stack(codes, axis=1) if codes else np.zeros((len(used), 0), np.int64)
    data = _Data(
        used["informed"].to_numpy(float),
        np.log(used["hours"].to_numpy(float)) + np.log(FIRST_GUESS),
        used["weight"].to_numpy(float),
        _design(stacked, len(of)),
        np.array(of, np.int64),
    )
    return position, data


def _former(begin: YieldLaw | None, position: dict[tuple[int, str], int]) -> Array:
    """Return the effects [p] of a former law, 0 where it had none."""
    own = {} if begin is None else begin.position
    return np.array([begin.effects[own[k]] if begin and k in own else 0.0 for k in position])


def _design(codes: NDArray[np.int64], width: int) -> csr_array:
    """Return 0 / 1 [rows, effects]."""
    rows, columns = np.nonzero(codes >= 0)
    ones = np.ones(len(rows))
    return csr_array((ones, (rows, codes[rows, columns])), shape=(len(codes), width))


def _seen(context: Told) -> dict[tuple[tuple[str, ...], str], int]:
    asked = (("kind",), ("place_id",), ("place_id", "slot"))
    counts = {names: Counter(levels(context, names)) for names in asked}
    return {(names, k): n for names, c in counts.items() for k, n in c.items() if k is not None}


def _top(data: _Data, shape: Array, noise: float, effects: Array) -> tuple[Array, Array]:
    """Return the effects [p] at the top of the h-likelihood, and the root of the information."""
    spread = 1 / noise
    best = _height(data, shape, spread, effects)
    root = np.zeros((len(effects), len(effects)))
    for _ in range(_STEPS):
        mean = np.exp(data.offset + data.design @ effects)
        pull, over = np.exp(effects), 1 + spread * mean
        slope = data.design.T @ (data.weight * (data.people - mean) / over) + shape * (1 - pull)
        bend = data.weight * mean * (1 + spread * data.people) / over**2
        crossed = data.design.T @ data.design.multiply(bend[:, None])
        root = np.linalg.cholesky(crossed.toarray() + np.diag(shape * pull))
        step = cho_solve((root, True), slope)
        gain = float(step @ slope)
        if gain < _SMALL:
            break
        share = min(1.0, 2.0 / float(np.abs(step).max()))
        while (height := _height(data, shape, spread, effects + share * step)) < best - _SMALL:
            share /= 2
        effects, best = effects + share * step, height
    return effects, root


def _height(data: _Data, shape: Array, spread: float, effects: Array) -> float:
    log_mean = data.offset + data.design @ effects
    mean = np.exp(log_mean)
    lost = mean
    if spread > 0:
        lost = (data.people + 1 / spread) * np.log1p(spread * mean)
    seen = (data.weight * (data.people * log_mean - lost)).sum()
    return float(seen + (shape * (effects - np.exp(effects))).sum())


def _first_shapes(factors: tuple[tuple[str, ...], ...]) -> list[float]:
    return [_usual_spread(names) ** -2 if names else GUESS_SHAPE for names in factors]


def _usual_spread(names: tuple[str, ...]) -> float:
    if len(names) > 1:
        return CROSSED
    return PLACE if names == ("place_id",) else MAIN


def _new_shapes(
    data: _Data,
    effects: Array,
    root: Array,
    factors: tuple[tuple[str, ...], ...],
    shapes: Array,
) -> Array:
    """
    Return the shape of each factor after one EM step.

    The law of an effect given the visits is taken as the gamma of its mean and information: exact
    when it is the only one.
    """
    inverse = solve_triangular(root, np.eye(len(effects)), lower=True)
    known = 1 / (inverse**2).sum(axis=0)  # shape after the visits
    gap = effects + digamma(known) - np.log(known) - np.exp(effects)  # E log u - E u
    new = shapes.copy()
    for f, names in enumerate(factors):
        own = data.of == f
        if names and own.any():
            new[f] = _best_shape(float(own.sum()), float(gap[own].sum()), _usual_spread(names))
    return new


def _new_noise(data: _Data, effects: Array, root: Array, noise: float) -> float:
    """Return the shape of the noise after one EM step, the doubt on each mean accounted for."""
    doubt = np.sqrt((solve_triangular(root, data.design.T.toarray(), lower=True) ** 2).sum(axis=0))
    log_mean = data.offset + data.design @ effects
    mean = np.exp(log_mean[:, None] + doubt[:, None] * _NODES)
    after, rate = noise + data.people[:, None], noise + mean
    gap = (digamma(after) - np.log(rate) - after / rate) @ (_WEIGHTS / _WEIGHTS.sum())
    return _best_shape(float(data.weight.sum()), float((data.weight * gap).sum()), USUAL_NOISE)


def _best_shape(levels_n: float, gap: float, usual: float) -> float:
    """Return the shape at the top of its gamma likelihood and of the prior of its spread."""

    def cost(log: float) -> float:
        shape = float(np.exp(log))
        likely = levels_n * (shape * log - gammaln(shape)) + shape * gap
        prior = ((-log / 2 - np.log(usual)) / SPREAD_DOUBT) ** 2 / 2
        return float(prior - likely)

    found = scipy.optimize.minimize_scalar(
        cost, bounds=(_LEAST_LOG, _MOST_LOG), method="bounded", options={"xatol": 1e-5}
    )
    return float(np.exp(found.x))


__all__ = ["CONTEXT", "FACTORS", "YieldLaw", "fit_yields"]
