"""
Did more people come after than before? Ratios of monthly counts, with limits that hold.

Months vary more than chance, so limits are quasi-Poisson: the variance is the mean times what
Pearson's residuals say, 1 at least (McCullagh and Nelder 1989, chapters 4 and 6; Ver Hoef and
Boveng 2007, Ecology 88:2766). Beside another area, each month's people are shared between the two
(quasi-binomial): what moves both, as a season does, drops out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

CONTINUITY = 0.5  # added to each count when one of them is 0 (Haldane 1956, Anscombe 1956)
POWER = 0.8


@dataclass(frozen=True, slots=True)
class Change:
    """
    A ratio and its limits; `p_value` of « nothing changed », `dispersion` over chance (1 or more).

    `detectable` is the ratio above 1 that would have been seen four times out of five.
    """

    ratio: float
    low: float
    high: float
    p_value: float
    dispersion: float
    detectable: float


def change(before: ArrayLike, after: ArrayLike, *, level: float = 0.95) -> Change:
    """
    Return the monthly count of `after` over that of `before`, each [months], two months or more.

    NaN everywhere when nobody came at all.
    """
    first, second = (np.asarray(side, dtype=float) for side in (before, after))
    sums = np.array([first.sum(), second.sum()])
    if not sums.any():
        return _unknown()
    fitted = np.concatenate([np.full(len(side), side.mean()) for side in (first, second)])
    spread = _dispersion(np.concatenate([first, second]), fitted, fitted)
    told = sums + CONTINUITY * (sums == 0).any()
    log = float(np.log(told[1] / len(second)) - np.log(told[0] / len(first)))
    return _change(log, float((1 / told).sum()), spread, len(fitted) - 2, level)


def change_beside(
    before: ArrayLike, after: ArrayLike, before_elsewhere: ArrayLike, after_elsewhere: ArrayLike,
    *, level: float = 0.95,
) -> Change:  # fmt: skip
    """
    Return the change here over the change elsewhere, months [n] of both places being the same.

    NaN everywhere when nobody came here, or elsewhere, in all these months.
    """
    here = [np.asarray(side, dtype=float) for side in (before, after)]
    away = [np.asarray(side, dtype=float) for side in (before_elsewhere, after_elsewhere)]
    sums = np.array([[side.sum() for side in place] for place in (here, away)])
    if not sums.any(axis=1).all() or not sums.any(axis=0).all():
        return _unknown()
    whole = [a + b for a, b in zip(here, away, strict=True)]
    shares = [a.sum() / max(n.sum(), 1.0) for a, n in zip(here, whole, strict=True)]
    fitted = np.concatenate([s * n for s, n in zip(shares, whole, strict=True)])
    chance = np.concatenate([s * (1 - s) * n for s, n in zip(shares, whole, strict=True)])
    spread = _dispersion(np.concatenate(here), fitted, chance)
    told = sums + CONTINUITY * (sums == 0).any()
    log = float(np.log(told[0, 1] / told[0, 0]) - np.log(told[1, 1] / told[1, 0]))
    return _change(log, float((1 / told).sum()), spread, len(fitted) - 2, level)


def _dispersion(counts: Array, fitted: Array, chance: Array) -> float:
    """Return Pearson's statistic by degree of freedom, 1 at least."""
    told = chance > 0
    residuals = (counts[told] - fitted[told]) ** 2 / chance[told]
    return max(1.0, float(residuals.sum()) / (len(counts) - 2))


def _change(log: float, variance: float, dispersion: float, free: int, level: float) -> Change:
    error = float(np.sqrt(dispersion * variance))
    far = float(scipy.stats.t.ppf((1 + level) / 2, free))
    seen = far + float(scipy.stats.t.ppf(POWER, free))
    low, ratio, high = (float(np.exp(log + side * far * error)) for side in (-1, 0, 1))
    chance = 2 * float(scipy.stats.t.sf(abs(log) / error, free))
    return Change(ratio, low, high, chance, dispersion, float(np.exp(seen * error)))


def _unknown() -> Change:
    return Change(np.nan, np.nan, np.nan, np.nan, np.nan, np.nan)
