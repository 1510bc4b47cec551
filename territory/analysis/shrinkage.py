"""Small counts made honest: rates and ratios drawn to the mean of the territory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.counted import counted
from territory.errors import WrongUsage

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LEAST_VARIANCE = 0.05  # floor of the variance of the ratios: counts alone never prove equality


def shrunken_rates(events: ArrayLike, exposure: ArrayLike) -> NDArray[np.float64]:
    """
    Return rates [n] drawn to the overall rate (global empirical Bayes, Marshall 1991).

    `events` and `exposure` [n] are counts, NaN = unknown. The variance between places is floored at
    0, so that shrinkage is never reversed. A place without exposure, or with an unknown count,
    takes the overall rate; all NaN when none is known. Raises WrongUsage as `counted`.
    """
    counts, people, known = counted(events, exposure)
    if not known.any():
        return np.full(counts.shape, np.nan)
    mean = counts[known].sum() / people[known].sum()
    raw = np.divide(counts, people, out=np.full(counts.shape, mean), where=known)
    spread = _between(raw[known], people[known], mean)
    chance = np.divide(mean, people, out=np.ones(counts.shape), where=known)
    return _drawn(raw, mean, spread, chance, known)


def shrunken_shares(events: ArrayLike, trials: ArrayLike) -> NDArray[np.float64]:
    """
    Return shares [n] in [0, 1] drawn to the overall share (Martuzzi and Elliott 1996, binomial).

    `events` of `trials` [n], NaN = unknown. As `shrunken_rates`, for counts that cannot exceed
    their exposure: the variance between places is floored at 0 and a place without trials takes the
    overall share. Raises WrongUsage as `counted`, or when a place has more events than trials.
    """
    counts, people, known = counted(events, trials)
    if (counts[known] > people[known]).any():
        raise WrongUsage("Une part dépasse 100 % : plus de cas que de personnes.")
    if not known.any():
        return np.full(counts.shape, np.nan)
    mean = counts[known].sum() / people[known].sum()
    raw = np.divide(counts, people, out=np.full(counts.shape, mean), where=known)
    within, usual = mean * (1 - mean), people[known].mean()
    observed = (people[known] * (raw[known] - mean) ** 2).sum() / people[known].sum()
    spread = (observed * usual - within) / (usual - 1) if usual > 1 else 0.0
    spread = min(max(float(spread), 0.0), within)
    chance = np.divide(within - spread, people, out=np.ones(counts.shape), where=known)
    return _drawn(raw, mean, spread, chance, known)


def _drawn(
    raw: NDArray[np.float64],
    mean: float,
    spread: float,
    chance: NDArray[np.float64],
    known: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Draw raw rates to the mean, the less so the more of their variance is real."""
    total = spread + chance
    weight = np.divide(spread, total, out=np.zeros(raw.shape), where=known & (total > 0))
    rates: NDArray[np.float64] = mean + weight * (raw - mean)
    return rates


def gamma_shapes(
    events: ArrayLike, exposure: ArrayLike, *, sampled: float = 1.0
) -> NDArray[np.float64]:
    """
    Return the shape [n] of the gamma posterior of each rate, whose mean is its `shrunken_rates`.

    `events` estimated from a share `sampled` (0-1] of the people are known as well as events x
    sampled / (1 - sampled) counted ones (a whole count is known as itself). Shrinkage adds what the
    other places tell, never more than all of them do together. NaN where nothing is known.
    """
    counts, people = np.asarray(events, float), np.asarray(exposure, float)
    known = np.isfinite(counts) & np.isfinite(people) & (people > 0)
    if not known.any():
        return np.full(counts.shape, np.nan)
    worth = counts if sampled >= 1 else counts * sampled / (1 - sampled)
    mean = counts[known].sum() / people[known].sum()
    spread = _between(counts[known] / people[known], people[known], mean)
    lent = mean**2 / spread if spread > 0 else np.inf
    shapes: NDArray[np.float64] = np.minimum(
        lent + np.where(known, worth, 0.0), float(worth[known].sum())
    )
    return shapes


def _between(raw: NDArray[np.float64], people: NDArray[np.float64], mean: float) -> float:
    """Variance between places, beyond what chance alone gives."""
    observed = (people * (raw - mean) ** 2).sum() / people.sum()
    return max(float(observed - mean / people.mean()), 0.0)
