"""What was done, by meeting place: people informed near each cell, against its share of need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.shrinkage import posterior_below, prior_shape, shrunken_rates

if TYPE_CHECKING:
    from datetime import date

__all__ = ["EffortTotals", "cell_effort", "shrunken_rates"]

MONTH_DAYS = 365.25 / 12


@dataclass(frozen=True, slots=True)
class EffortTotals:
    """People informed that could and could not be spread over cells; outings without a count."""

    contacts_located: float
    contacts_unlocated: float
    activities_uncounted: int


def cell_effort(  # noqa: PLR0913 - the four settings of the window and the kernel stay visible
    activities: pd.DataFrame,
    minutes: pd.DataFrame,
    need: pd.DataFrame,
    *,
    reference: date,
    months: int,
    half_life_months: float,
    kernel_min: float,
    reach_min: float,
) -> tuple[pd.DataFrame, EffortTotals]:
    """
    Spread the people informed of realised outings over the cells around the meeting place.

    `activities` keeps tables.ACTIVITIES, `minutes` [cell_id x activity_id] has inf = out of reach,
    `need` is that of `cell_need`; the window and the half-life are in months up to `reference`, the
    kernel and the reach in minutes on foot. Counts are known by MEETING PLACE, never by residence:
    a cell with contacts is a cell near which people were met. Each count is shared by target x
    exp(-(t / kernel_min)^2 / 2) within `reach_min`, the sum being kept; what is not located or has
    no inhabited cell in reach is counted in the totals and nowhere else.

    Columns on cell_id: contacts, contacts_recent (weight 2^(-age / half-life)), outings,
    months_since (NA = none), expected (located contacts x share of the target), ratio, p_below_half
    (gamma-Poisson posterior that the true ratio is below one half, `posterior_below`).
    """
    done = _window(activities, reference, months)
    walk = minutes.reindex(index=need.index.sort_values(), columns=done.index).fillna(np.inf)
    target = need["target"].reindex(walk.index).astype(float)
    shares = _shares(walk, target.fillna(0.0), kernel_min, reach_min)
    counts = done["n_informed"].astype("Float64").astype(float)
    placed = counts.fillna(0.0).where(shares.sum(axis="index") > 0, 0.0)
    age = (pd.Timestamp(reference) - done["on"]).dt.days / MONTH_DAYS
    effort = pd.DataFrame(
        {
            "contacts": shares @ placed,
            "contacts_recent": shares @ (placed * 0.5 ** (age / half_life_months)),
            "outings": (walk <= reach_min).sum(axis="columns").astype("int64"),
            "months_since": _since(walk <= reach_min, age),
        },
        index=walk.index.rename("cell_id"),
    )
    located = float(placed.sum())
    totals = EffortTotals(located, float(counts.sum()) - located, int(counts.isna().sum()))
    return _compared(effort, target, located), totals


def _window(activities: pd.DataFrame, reference: date, months: int) -> pd.DataFrame:
    end = pd.Timestamp(reference)
    start = end - pd.DateOffset(months=months)
    kept = (activities["state"] == "realise") & (activities["on"] > start)
    kept &= activities["on"] <= end
    return activities[kept.fillna(value=False).astype(bool)].sort_index()


def _shares(
    walk: pd.DataFrame, target: pd.Series, kernel_min: float, reach_min: float
) -> pd.DataFrame:
    near = np.exp(-((walk / kernel_min) ** 2) / 2).where(walk <= reach_min, 0.0)
    pull = near.mul(target, axis="index")
    total = pull.sum(axis="index")
    return pull.div(total.where(total > 0), axis="columns").fillna(0.0)


def _since(near: pd.DataFrame, age: pd.Series) -> pd.Series:
    ages = np.where(near.to_numpy(), age.to_numpy()[None, :], np.inf)
    least = pd.Series(ages.min(axis=1, initial=np.inf), index=near.index)
    return least.where(np.isfinite(least))


def _compared(effort: pd.DataFrame, target: pd.Series, located: float) -> pd.DataFrame:
    total = float(target.sum())
    expected = located * target / total if total > 0 else target * np.nan
    shape = prior_shape(effort["contacts"], expected)
    return effort.assign(
        expected=expected,
        ratio=effort["contacts"] / expected.where(expected > 0),
        p_below_half=posterior_below(effort["contacts"], expected, shape),
    )
