"""A stated share of the visits of a week is made to learn: which, and what the planner is told."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy

if TYPE_CHECKING:
    from datetime import date


def values_for_week(
    table: pd.DataFrame, *, share: float, visits: int, week: int, seed: int = 0
) -> pd.DataFrame:
    """
    Return what the planner is told of each option of `table` (`expected_yields`, with place_id).

    Columns on its index: `value` in people informed, `explored`. An option is worth its mean; those
    of a place to be visited to learn are raised together until the best is worth the best mean of
    the week, so that the plan takes one (allow one visit there that week). Of the `visits` that the
    week will hold about, `share` (0-1) are explored, whole visits carried over from week to week
    (`week` is a running number, `week_number`): places taken at random in the plan that one draw
    of what each may be worth makes the best (Thompson 1933). What is well known is drawn near its
    mean: exploring costs the less the more is known. The same `seed`, week and options, in any
    order, give the same choice.
    """
    means, places = table["mean"].fillna(0.0), table["place_id"]
    rng = np.random.default_rng([seed, week])
    drawn = _draws(table, rng).groupby(places).max().sort_index()
    plan = drawn.sort_values(ascending=False, kind="stable").index[:visits]
    picked = plan[rng.permutation(len(plan))[: explored_in(week, share * visits)]]
    explored = places.isin(picked) & (means > 0)
    raised = means * means.max() / means.groupby(places).transform("max")
    return pd.DataFrame({"value": means.mask(explored, raised), "explored": explored})


def explored_in(week: int, a_week: float) -> int:
    """Return how many visits are explored in `week`: `a_week` on average, whole each week."""
    return math.floor(a_week * (week + 1) + 1e-9) - math.floor(a_week * week + 1e-9)


def week_number(monday: date) -> int:
    """Return the number of the week of a day, weeks following each other over the years."""
    return (monday.toordinal() - 1) // 7


def _draws(table: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Return one draw of the mean of each option; those of a place are high or low together."""
    known = table[table["mean"].notna()].sort_index()
    places = sorted(set(known["place_id"]))
    chance = known["place_id"].map(dict(zip(places, rng.random(len(places)), strict=True)))
    draws = scipy.stats.gamma.ppf(
        chance.astype(float), known["shape"], scale=known["mean"] / known["shape"]
    )
    return pd.Series(draws, index=known.index)


__all__ = ["explored_in", "values_for_week", "week_number"]
