"""Ranks and how sure they are: which others are surely before, which may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def rank_limits(
    value: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """
    Return the rank of each of `value` [n], the largest first, and the best and worst it may have.

    `low` <= `value` <= `high` are 95 % limits. Before one for sure: those whose lower limit is
    above its upper one; perhaps: those whose upper limit is not below its lower one. Equal values
    have the same rank. What is NaN is last, and so are its limits. Two intervals that meet may
    differ all the same: the doubt is rather too wide than too narrow.
    """
    known = np.isfinite(value)
    count, known_count = len(value), int(known.sum())
    lows, highs = np.where(known, low, -np.inf), np.where(known, high, -np.inf)
    values = np.where(known, value, -np.inf)
    rank = 1 + _above(values, values)
    best = 1 + _above(lows[known], highs)
    worst = np.full(count, count, np.int64)
    worst[known] = known_count - np.searchsorted(np.sort(highs[known]), lows[known], side="left")
    best[~known] = rank[~known]
    return rank, np.minimum(best, rank), np.maximum(worst, rank)


def _above(values: NDArray[np.float64], than: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return how many of `values` are above each of `than`."""
    return len(values) - np.searchsorted(np.sort(values), than, side="right").astype(np.int64)
