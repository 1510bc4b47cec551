"""
What counts to come will add up to: Gamma-Poisson months, a season, and all that is not known.

Each month is a rate times its exposure, a factor of its calendar month and one of its own, then
Poisson. The rate and the factors are predicted linearly (best linear unbiased prediction: Robinson
1991, Statistical Science 6:15) for each pair of variances, the pairs weighed by their restricted
likelihood (Harville 1977, JASA 72:320): what is not known of rate, season and dispersion widens
the interval. The total is a Gamma-Poisson count of that mean and variance, pair by pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

MONTHS = 12
SPREADS = np.linspace(0.0, 0.9, 13)  # standard deviations of the factor of one month
SEASONS = np.linspace(0.0, 0.6, 7)  # of the factor of a calendar month
USUAL_SPREAD, USUAL_SEASON = 0.3, 0.25  # scales of half-normal laws: what such teams may do
LEAST_MEAN = 1e-6
LIGHT = 1e-6  # of all weight: a pair of variances below it changes nothing


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """
    A count to come: for each pair of variances [n], its weight and the mean and variance it gives.

    `rate` and `rate_variance` [n] are those of the rate per unit of exposure.
    """

    weight: Array
    mean: Array
    variance: Array
    rate: Array
    rate_variance: Array

    @property
    def expected(self) -> float:
        """The expected count."""
        return float(self.weight @ self.mean)

    def reaching(self, count: float) -> float:
        """Return P(count to come >= `count`), 0-1."""
        return 1.0 - self._below(float(np.ceil(count)) - 1.0)

    def interval(self, level: float = 0.95) -> tuple[int, int]:
        """Return the limits between which the count to come lies with probability `level`."""
        tail = (1 - level) / 2
        top = self.mean + 12 * np.sqrt(self.variance) + 10
        return tuple(_first(self._below, p, int(top.max())) for p in (tail, 1 - tail))  # type: ignore[return-value]

    def rate_interval(self, level: float = 0.95) -> tuple[float, float, float]:
        """Return the rate per unit of exposure and its limits (normal, all pairs weighed)."""
        mean = float(self.weight @ self.rate)
        spread = self.weight @ (self.rate_variance + (self.rate - mean) ** 2)
        reach = float(scipy.stats.norm.ppf((1 + level) / 2) * np.sqrt(spread))
        return mean, max(mean - reach, 0.0), mean + reach

    def _below(self, count: float) -> float:
        """Return P(count to come <= `count`)."""
        if count < 0:
            return 0.0
        extra = np.maximum(self.variance - self.mean, 1e-9 * self.mean + 1e-12)
        shape = self.mean**2 / extra
        chance = scipy.special.betainc(shape, count + 1, shape / (shape + self.mean))
        return float(self.weight @ chance)


@dataclass(frozen=True, slots=True, eq=False)
class Effort:
    """One way that effort may have gone: exposure of months counted [n], to come [m]; weight."""

    counted: ArrayLike
    to_come: ArrayLike
    weight: float = 1.0


def predict(
    counts: ArrayLike, month: ArrayLike, month_to_come: ArrayLike, efforts: Sequence[Effort]
) -> Prediction:
    """
    Return what the months to come will add up to, from the months counted.

    `counts` and `month` (1-12) are the months counted [n], n >= 2, not all 0; `month_to_come` [m]
    those to come; exposures, above 0 for months counted, in one unit. Several `efforts` are weighed
    by their weight and by how well they tell the counts. Deterministic.
    """
    seen, past, coming = np.asarray(counts, dtype=float), _months(month), _months(month_to_come)
    found = np.concatenate([_along(seen, past, coming, effort) for effort in efforts])
    logs, mean, variance, rate, doubt = found.T
    share = np.exp(logs - logs.max())
    kept = share > LIGHT * share.sum()
    share = share[kept] / share[kept].sum()
    return Prediction(share, np.maximum(mean[kept], LEAST_MEAN), variance[kept], rate[kept],
                      doubt[kept])  # fmt: skip


def _along(seen: Array, past: Array, coming: Array, effort: Effort) -> Array:
    """Return one line a pair of variances: log weight, mean and variance of the sum, the rate."""
    units = np.asarray(effort.counted, dtype=float)
    level = seen.sum() / units.sum()  # the unit of what follows: ratios around 1
    expected, weights = level * units, level * np.asarray(effort.to_come, dtype=float)
    asked = np.column_stack([coming.T @ weights, np.full(MONTHS, 1 / MONTHS)])  # sum, whole year
    own, yearly = (grid.ravel() for grid in np.meshgrid(SPREADS**2, SEASONS**2, indexing="ij"))
    same = past @ past.T
    known = np.eye(len(seen)) * (own[:, None, None] + 1 / expected)
    logs, mean, doubt = _blup(seen / expected, known + yearly[:, None, None] * same,
                              past @ asked, asked, yearly)  # fmt: skip
    logs -= (own / USUAL_SPREAD**2 + yearly / USUAL_SEASON**2) / 2
    logs += np.log(effort.weight) + np.log(level) - np.log(expected).sum()
    total = doubt[:, 0] + own * float(weights @ weights) + np.maximum(mean[:, 0], LEAST_MEAN)
    return np.column_stack([logs, mean[:, 0], total, level * mean[:, 1], level**2 * doubt[:, 1]])


def _blup(
    ratios: Array, covariance: Array, pulled: Array, asked: Array, yearly: Array
) -> tuple[Array, Array, Array]:
    """
    Return restricted log-likelihoods [k], means [k, 2] and variances [k, 2] of what is asked.

    `covariance` [k, n, n] of the ratios [n]; `asked` [12, 2] weights of calendar months, `pulled`
    [n, 2] the same where months were counted; `yearly` [k] the variance of a calendar month.
    """
    pull = yearly[:, None, None] * pulled
    ones = np.broadcast_to(np.ones((len(ratios), 1)), (len(yearly), len(ratios), 1))
    values = np.broadcast_to(ratios[:, None], ones.shape)
    solved = np.linalg.solve(covariance, np.concatenate([ones, values, pull], axis=2))
    known, rate = solved[:, :, 0].sum(axis=1), solved[:, :, 1].sum(axis=1)
    rate = rate / known
    rest = solved[:, :, 1] - rate[:, None] * solved[:, :, 0]
    size = np.linalg.slogdet(covariance)[1]
    logs = -(size + np.log(known) + ((ratios - rate[:, None]) * rest).sum(axis=1)) / 2
    mean = rate[:, None] * asked.sum(axis=0) + (pull * rest[:, :, None]).sum(axis=1)
    free = asked.sum(axis=0) - solved[:, :, 2:].sum(axis=1)
    doubt = yearly[:, None] * (asked**2).sum(axis=0) - (pull * solved[:, :, 2:]).sum(axis=1)
    return logs, mean, doubt + free**2 / known[:, None]


def _months(month: ArrayLike) -> Array:
    """Return [n, 12]: 1 in the column of the calendar month of each line."""
    found: Array = np.eye(MONTHS)[np.asarray(month, dtype=int) - 1]
    return found


def _first(below: Callable[[float], float], level: float, top: int) -> int:
    """Return the least whole number whose chance to be reached or less is `level` or more."""
    low, high = -1, top
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if below(middle) >= level else (middle, high)
    return high
