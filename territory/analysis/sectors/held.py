"""Sectors by a whole-number programme, in one piece by cuts: the proof on some tens of units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.highs import Programme, solve
from territory.analysis.sectors.problem import FREE, pieces_of
from territory.model.results import Ending

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.clock import Clock
    from territory.analysis.sectors.problem import Ground, Reals

    Sectors = NDArray[np.int32]
    Cut = tuple[int, int, tuple[int, ...]]

ENDS = 3  # units of each piece that a cut is written for


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Sectors [units] in one piece each (None: not found in time) and a bound of their value."""

    sector: Sectors | None
    bound: float
    ending: Ending


def held_best(
    ground: Ground, known: Sectors | None, clock: Clock, *, most: float | None = None, seed: int = 0
) -> Held:
    """
    Return the best sectors that are each in one piece, and a proven bound.

    Best is the least deviation (at least the tolerance: below, all are alike), or, when `most` is
    given, the least cost of moving within that deviation. `known` [units] are sectors to start
    from. Cuts: a unit and one apart from it in the same sector need one that separates them
    (minimal separators: Oehrlein and Haunert 2017). Impossible when nothing fits.
    """
    cuts: dict[Cut, None] = {}
    bound = -np.inf
    while True:
        programme = _programme(ground, list(cuts), most)
        start = None if known is None else _start(ground, known, most)
        found = solve(programme, time_limit_s=clock.left_s, seed=seed, start=start)
        bound = max(bound, found.bound)
        if found.ending is not Ending.OPTIMAL or found.values is None:
            return Held(None, bound, found.ending)
        sector = _sectors(ground, found.values)
        new = [cut for s in range(ground.k) for cut in _cuts(ground, sector, s)]
        if not new:
            return Held(sector, bound, Ending.OPTIMAL)
        if clock.left_s <= 0:
            return Held(None, bound, Ending.TIME_UP)
        cuts.update(dict.fromkeys(new))


def moving_bound(ground: Ground, most: float, clock: Clock) -> float:
    """Return a cost of moving that no sectors within the deviation `most` can be below."""
    whole = _programme(ground, [], most)
    relaxed = replace(whole, whole=np.zeros_like(whole.whole))
    return max(solve(relaxed, time_limit_s=clock.left_s).bound, 0.0)


def _sectors(ground: Ground, values: Reals) -> Sectors:
    n, k = len(ground.load), ground.k
    return np.asarray(values[: n * k].reshape(n, k).argmax(axis=1), np.int32)


def _start(ground: Ground, known: Sectors, most: float | None) -> Reals:
    """Return the columns of known sectors; sectors that are alike take the order of the model."""
    n, k = len(ground.load), ground.k
    if most is None and (ground.locks == FREE).all():
        first = [np.flatnonzero(known[_order(ground)] == s).min(initial=n) for s in range(k)]
        known = np.argsort(np.argsort(first)).astype(np.int32)[known]
    inside = np.zeros((n, k))
    inside[np.arange(n), known] = 1.0
    away = np.abs(ground.load @ inside / ground.share - 1.0).max()
    return np.append(inside.ravel(), max(float(away), ground.tolerance))


def _order(ground: Ground) -> NDArray[np.int64]:
    return np.argsort(-ground.load, kind="stable")


def _programme(ground: Ground, cuts: list[Cut], most: float | None) -> Programme:
    n, k = len(ground.load), ground.k
    unit, to = np.repeat(np.arange(n), k), np.tile(np.arange(k), n)
    part = ground.load[unit] / ground.share
    inside = sp.csr_matrix((part, (to, np.arange(n * k))), shape=(k, n * k))
    some = sp.csr_matrix((np.ones(n * k), (to, np.arange(n * k))), shape=(k, n * k))
    one = sp.csr_matrix((np.ones(n * k), (unit, np.arange(n * k))), shape=(n, n * k))
    held, limit = _rows(cuts, n, k)
    away = np.r_[np.zeros(n), np.full(k, -1.0), np.ones(k), np.zeros(k + len(limit))]
    rows = sp.hstack([sp.vstack([one, inside, inside, some, held]), sp.csr_matrix(away[:, None])])
    low = np.r_[np.ones(n), np.full(k, -np.inf), np.ones(2 * k), np.full(len(limit), -np.inf)]
    high = np.r_[np.ones(n + k), np.full(2 * k, np.inf), limit]
    moving = np.zeros(n * k) if ground.moving is None or most is None else ground.moving.ravel()
    cost = np.r_[moving, 1.0 if most is None else 0.0]
    may = _may(ground, alike=most is None)
    must = (ground.locks[:, None] == np.arange(k)[None]).astype(float).ravel()
    least = ground.tolerance if most is None else most
    return Programme(
        cost, sp.csr_matrix(rows), low, high, np.r_[must, least],
        np.r_[np.maximum(may.ravel(), must), np.inf if most is None else most],
        np.r_[np.ones(n * k, bool), False],
    )  # fmt: skip


def _may(ground: Ground, *, alike: bool) -> Reals:
    """Return the sectors each unit may be in [units, sectors]: alike, they open in one order."""
    k = ground.k
    may = np.repeat((ground.locks == FREE).astype(float)[:, None], k, axis=1)
    if alike and may.all():
        rank = np.argsort(_order(ground))
        may *= np.arange(k)[None] <= rank[:, None]
    return may


def _rows(cuts: list[Cut], n: int, k: int) -> tuple[sp.csr_matrix, Reals]:
    """Write every cut for every sector: what holds of one holds of all."""
    row, column, value = [], [], []
    for r, ((u, w, between), s) in enumerate(product(cuts, range(k))):
        ends = [u, w, *between]
        row += [r] * len(ends)
        column += [i * k + s for i in ends]
        value += [1.0, 1.0, *[-1.0] * len(between)]
    count = len(cuts) * k
    return sp.csr_matrix((value, (row, column)), shape=(count, n * k)), np.ones(count)


def _cuts(ground: Ground, sector: Sectors, s: int) -> list[Cut]:
    """Return the cuts that the pieces of sector `s` break: none when it is in one."""
    inside = np.where(sector == s, 0, np.arange(1, len(sector) + 1))
    piece = pieces_of(ground.links, inside)
    mine = np.flatnonzero(sector == s)
    labels = np.unique(piece[mine])
    if len(labels) < 2:  # noqa: PLR2004 - in one piece
        return []
    mass = [ground.weight[piece == p].sum() for p in labels]
    main = np.flatnonzero(piece == labels[int(np.argmax(mass))])
    found = []
    for p in np.delete(labels, int(np.argmax(mass))):
        apart = np.flatnonzero(piece == p)
        between = _separator(ground, apart, main)
        heavy = [m[np.argsort(-ground.weight[m], kind="stable")][:ENDS] for m in (apart, main)]
        found += [(int(u), int(w), between) for u, w in product(*heavy)]
    return found


def _separator(
    ground: Ground, apart: NDArray[np.int64], main: NDArray[np.int64]
) -> tuple[int, ...]:
    """Return the units around `apart` that one meets coming from `main`."""
    around = np.zeros(len(ground.load), bool)
    around[ground.links[apart].indices] = True
    around[apart] = False
    side = np.where(around, -1 - np.arange(len(around)), 0)
    region = pieces_of(ground.links, side)
    reached = np.zeros(len(around), bool)
    reached[ground.links[np.flatnonzero(region == region[main[0]])].indices] = True
    return tuple(int(v) for v in np.flatnonzero(around & reached))
