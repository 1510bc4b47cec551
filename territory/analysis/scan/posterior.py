"""What a zone's count says of its true ratio to the expected, with all that varies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

_PRIOR = 4.0  # shape of the gamma prior of the ratio, of mean 1: half to double, mostly
_MOST, _STEPS = 5.0, 1000


@dataclass(frozen=True, slots=True)
class Ratio:
    """Observed to expected: the posterior median, a 95 % interval, and P(below one half)."""

    median: float
    low: float
    high: float
    p_below_half: float


def zone_ratio(observed: float, expected: float, variance: float) -> Ratio:
    """
    Return what `observed` contacts of `expected` say of the true ratio of a zone.

    The count is negative binomial around ratio x expected, `variance` being that of the ratio for
    other reasons (cells, neighbourhood); the prior is Gamma(4, 4). Both counts may be fractions.
    Nothing expected: the prior itself.
    """
    ratios = (np.arange(_STEPS) + 0.5) * (_MOST / _STEPS)
    fitted, shape = ratios * max(expected, 0.0), 1.0 / max(variance, 1e-6)
    log = (_PRIOR - 1) * np.log(ratios) - _PRIOR * ratios - shape * np.log1p(fitted / shape)
    log += scipy.special.gammaln(observed + shape) - scipy.special.gammaln(shape)
    if observed > 0 and expected > 0:
        log += observed * np.log(fitted / (shape + fitted))
    mass = np.exp(log - log.max())
    summed = np.cumsum(mass) / mass.sum()
    low, median, high = (float(np.interp(q, summed, ratios)) for q in (0.025, 0.5, 0.975))
    return Ratio(median, low, high, float(np.interp(0.5, ratios + _MOST / _STEPS / 2, summed)))
