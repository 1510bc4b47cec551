"""
Gamma-Poisson counts (negative binomial) by maximum likelihood, and what they say of each place.

The true ratio theta of a place to what it expects follows Gamma(shape, mean / shape), its count is
Poisson(theta x expected). Source: Clayton and Kaldor 1987 (Biometrics 43:671).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import scipy

from territory.analysis.counted import counted

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

LEAST_SHAPE, MOST_SHAPE = 1e-6, 1e5  # beyond, no data tell the law from Poisson
_GRID = 34  # shapes tried before the search: two a factor of ten and more
_STEP, _FAR = 1e-3, 745.0  # how the least mean is looked for; log of the least number
_GAIN = 1e-7  # of log-likelihood: below, no dispersion is claimed


@dataclass(frozen=True, slots=True)
class GammaPoisson:
    """
    A fitted law: mean and shape of the ratios, log-likelihood, and how many places it rests on.

    `shape` is inf when the counts vary no more than chance (Poisson); `mean` and `shape` are NaN
    when no place is of use.
    """

    mean: float
    shape: float
    loglik: float
    places: int

    def at_least_dispersed(self, variance: float) -> GammaPoisson:
        """Return the same law with ratios of that variance (of a mean of 1) or more."""
        return replace(self, shape=min(self.shape, 1.0 / variance))

    def posterior(
        self, observed: ArrayLike, expected: ArrayLike, *, level: float = 0.95
    ) -> tuple[Array, Array, Array]:
        """
        Return (mean, low, high) of the true ratio [n] given its count, `level` between the ends.

        `observed` and `expected` [n] are counts, whole or not; a place whose pair is unknown, or
        expects nothing, is told by the law alone. NaN when nothing was fitted. Raises WrongUsage as
        `counted`.
        """
        after, rate = self._after(observed, expected)
        tail = (1 - level) / 2
        if not np.isfinite(self.shape) or self.mean <= 0:
            same = np.full(after.shape, self.mean)
            return same, same.copy(), same.copy()
        ends = (scipy.stats.gamma.ppf(p, after, scale=1 / rate) for p in (tail, 1 - tail))
        return after / rate, *ends

    def below(self, observed: ArrayLike, expected: ArrayLike, *, share: float = 0.5) -> Array:
        """
        Return P(true ratio < `share`) [n], in [0, 1]; arguments as `posterior`.

        Raises WrongUsage as `counted`.
        """
        after, rate = self._after(observed, expected)
        if np.isnan(self.mean):
            return np.full(after.shape, np.nan)
        if not np.isfinite(self.shape) or self.mean <= 0:
            return np.full(after.shape, float(self.mean < share))
        chances: Array = scipy.stats.gamma.cdf(share, after, scale=1 / rate)
        return chances

    def _after(self, observed: ArrayLike, expected: ArrayLike) -> tuple[Array, Array]:
        """Return the shape and the rate of the posterior [n]."""
        counts, norm, known = counted(observed, expected)
        rate = self.shape / self.mean if self.mean > 0 else np.nan
        return self.shape + np.where(known, counts, 0.0), rate + np.where(known, norm, 0.0)


def fit_gamma_poisson(observed: ArrayLike, expected: ArrayLike) -> GammaPoisson:
    """
    Return the law of `observed` given `expected` by maximum likelihood, offset log `expected`.

    Both [n] are counts, whole or not (log-gamma stands for factorials); unknown pairs and places
    expecting nothing are left out. For each shape the mean is the root of its score, which falls
    all the way; shapes are tried on a grid of logarithms, then the best is searched around. The
    law is Poisson (shape inf) when no shape does better. Raises WrongUsage as `counted`.
    """
    counts, norm, known = counted(observed, expected)
    counts, norm = counts[known], norm[known]
    if not len(counts):
        return GammaPoisson(np.nan, np.nan, 0.0, 0)
    mean = float(counts.sum() / norm.sum())
    poisson = GammaPoisson(mean, np.inf, _poisson(counts, mean * norm), len(counts))
    if not counts.any():
        return poisson
    grid = np.linspace(np.log(LEAST_SHAPE), np.log(MOST_SHAPE), _GRID)
    tried = [_at(s, counts, norm).loglik for s in grid]
    best = int(np.argmax(tried))
    ends = grid[max(best - 1, 0)], grid[min(best + 1, _GRID - 1)]
    found = scipy.optimize.minimize_scalar(
        lambda s: -_at(s, counts, norm).loglik,
        bounds=ends,
        method="bounded",
        options={"xatol": 1e-9},
    )
    law = _at(float(found.x), counts, norm)
    return law if law.loglik > poisson.loglik + _GAIN else poisson


def _at(log_shape: float, counts: Array, norm: Array) -> GammaPoisson:
    """Return the law of that shape, at the mean that suits it best."""
    shape = float(np.exp(log_shape))
    mean = _mean(shape, counts, norm)
    return GammaPoisson(mean, shape, _loglik(counts, mean * norm, shape), len(counts))


def _mean(shape: float, counts: Array, norm: Array) -> float:
    ratios = counts / norm
    low, high = float(ratios.min()), float(ratios.max())

    def score(mean: float) -> float:
        return float(((counts - mean * norm) / (1 + mean * norm / shape)).sum())

    if low == high or score(low) <= 0 or score(high) >= 0:
        return low if score(low) <= 0 else high
    start = max(low, high * _STEP)
    while score(start) <= 0:  # ratios of one map may be hundreds of powers of ten apart
        start = max(low, start * _STEP)
    ends = np.log(start) if start > 0 else -_FAR, np.log(high)
    root = scipy.optimize.brentq(
        lambda log: score(float(np.exp(log))), *ends, xtol=1e-13, disp=False
    )
    return float(np.exp(root))


def _loglik(counts: Array, fitted: Array, shape: float) -> float:
    chance = (
        scipy.special.gammaln(counts + shape)
        - scipy.special.gammaln(shape)
        - scipy.special.gammaln(counts + 1)
    )
    zero = -shape * np.log1p(fitted / shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        some = np.where(counts > 0, counts * np.log(fitted / (shape + fitted)), 0.0)
    return float((chance + zero + some).sum())


def _poisson(counts: Array, fitted: Array) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):
        some = np.where(counts > 0, counts * np.log(fitted), 0.0)
    return float((some - fitted - scipy.special.gammaln(counts + 1)).sum())
