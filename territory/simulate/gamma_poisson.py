"""Counts beside what was expected of them: gamma-Poisson by maximum likelihood, for baselines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln
from scipy.stats import gamma

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LOG_SHAPE = (-3.0, 9.0)  # beyond, counts cannot tell


def fitted_gamma(
    observed: NDArray[np.float64], expected: NDArray[np.float64]
) -> tuple[float, float]:
    """
    Return shape and mean of the gamma law of observed / expected, both [n], by maximum likelihood.

    Source: Clayton and Kaldor 1987. Cells that expect nothing are left out; shape is bounded, so
    that counts without overdispersion have an answer. (1, 1) without any cell.
    """
    some = expected > 0
    count, norm = observed[some], expected[some]
    if not count.sum():
        return 1.0, 1.0

    def minus_log_likelihood(at: NDArray[np.float64]) -> float:
        shape, mean = np.exp(at)
        part = gammaln(shape + count) - gammaln(shape) + shape * np.log(shape / mean)
        return -float((part - (shape + count) * np.log(shape / mean + norm)).sum())

    start = np.array([0.0, np.log(count.sum() / norm.sum())])
    bounds = [_LOG_SHAPE, (start[1] - 3, start[1] + 3)]
    best = minimize(minus_log_likelihood, start, method="L-BFGS-B", bounds=bounds)
    return float(np.exp(best.x[0])), float(np.exp(best.x[1]))


def chance_below(
    observed: NDArray[np.float64],
    expected: NDArray[np.float64],
    shape: float,
    mean: float = 1.0,
    *,
    ratio: float = 0.5,
) -> NDArray[np.float64]:
    """Return P(true observed / expected < `ratio`) [n] after counts [n], prior `shape`, `mean`."""
    rate = shape / mean + expected
    below: NDArray[np.float64] = gamma.cdf(ratio, shape + observed, scale=1 / rate)
    return below
