"""Posts of a team over time, as they count: a new one rises to its full weight month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    from territory.settings.report import Posts

    Array = NDArray[np.float64]

YEAR_DAYS = 365.25
MONTH_DAYS = YEAR_DAYS / 12


def posts_by_day(posts: Sequence[Posts], days: pd.DatetimeIndex, ramp_up_months: float) -> Array:
    """
    Return how many posts count on each of `days` [n]: new ones rise in a straight line to 1.

    A post that ends counts no more the same day. Without any post told, the whole team is 1.
    """
    if not posts:
        return np.ones(len(days))
    total, had = np.zeros(len(days)), 0.0
    for step in sorted(posts, key=lambda step: step.since):
        since = np.asarray((days - pd.Timestamp(step.since)).days, dtype=float)
        if step.count >= had:
            total += (step.count - had) * _risen(since, ramp_up_months)
        else:
            total *= np.where(since >= 0, step.count / had, 1.0)
        had = step.count
    return total


def _risen(since: Array, ramp_up_months: float) -> Array:
    """Return the weight 0-1 of a post `since` days after it began, in the middle of each day."""
    if not ramp_up_months:
        return (since >= 0).astype(float)
    return np.clip((since + 0.5) / (ramp_up_months * MONTH_DAYS), 0.0, 1.0)


def post_years(posts: Sequence[Posts], first: date, last: date, ramp_up_months: float) -> pd.Series:
    """Return the years of posts of each month from `first` to `last`, both included."""
    days = pd.date_range(first, last)
    worked = pd.Series(posts_by_day(posts, days, ramp_up_months), index=days)
    return worked.groupby(days.to_period("M")).sum() / YEAR_DAYS
