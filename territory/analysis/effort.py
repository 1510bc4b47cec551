"""What was done, by meeting place: people informed near each cell, against its share of need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from territory.analysis.effort_pooled import clumping, pooled, ratios, walk_kernel
from territory.analysis.shrinkage import shrunken_rates

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd

__all__ = ["EffortTotals", "cell_effort", "outings_in", "shrunken_rates"]

MONTH_DAYS = 365.25 / 12
MET = ("met", "outings_met")


@dataclass(frozen=True, slots=True)
class EffortTotals:
    """
    People informed that could and could not be spread over cells; outings without a count.

    `contacts_outside` were met in no cell of the territory (a station, a park). `clumping` is how
    much more the counts vary than people met one by one, `mean` and `shape` the law of the ratios.
    """

    contacts_located: float
    contacts_unlocated: float
    activities_uncounted: int
    contacts_outside: int = 0
    clumping: float = 1.0
    mean: float = 1.0
    shape: float = float("inf")


def cell_effort(  # noqa: PLR0913 - the four settings of the window and the kernel stay visible
    activities: gpd.GeoDataFrame,
    minutes: pd.DataFrame,
    need: pd.DataFrame,
    *,
    reference: date,
    months: int,
    half_life_months: float,
    kernel_min: float,
    reach_min: float,
    between: pd.DataFrame | None = None,
    cells: gpd.GeoDataFrame | None = None,
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
    months_since (NA = none), expected (located contacts x share of the target), ratio,
    p_below_half, n_eff (Kish's effective count of contacts_recent), outings_uncounted (near by),
    met and outings_met (people and outings whose meeting point the cell holds, never spread; NA
    without `cells`, tables.CELLS in the CRS of `activities`), contacts_pooled, expected_pooled,
    theta, ratio_low, ratio_high: see `pooled` and `ratios`. With `between`, minutes on foot
    [cell_id x cell_id], what was met in each cell (the nearest on foot, for a point in none) is
    pooled in the same kernel; without, spread contacts are taken as they are.
    """
    done = outings_in(activities, reference, months)
    walk = minutes.reindex(index=need.index.sort_values(), columns=done.index).fillna(np.inf)
    walk = walk.rename_axis("cell_id")
    target = need["target"].reindex(walk.index).astype(float)
    counts = done["n_informed"].astype("Float64").astype(float)
    shares = _shares(walk, target.fillna(0.0), kernel_min, reach_min)
    placed = counts.fillna(0.0).where(shares.sum(axis="index") > 0, 0.0)
    age = (pd.Timestamp(reference) - done["on"]).dt.days / MONTH_DAYS
    holder = _holders(done, cells)
    effort = pd.DataFrame(
        {
            **_spread(shares, placed, 0.5 ** (age / half_life_months)),
            **_passages(walk <= reach_min, age, counts),
            **_met(holder, counts, walk.index),
        },
        index=walk.index,
    )
    if cells is None:
        effort = effort.assign(met=pd.NA, outings_met=pd.NA).astype(dict.fromkeys(MET, "Int64"))
    effort = _compared(effort, target, float(placed.sum()))
    near = walk_kernel(walk, kernel_min, reach_min)
    kernel, around = None, effort[["contacts", "expected"]].set_axis(["o", "e"], axis="columns")
    if between is not None:
        kernel = walk_kernel(between, kernel_min, reach_min)
        around = _by_cell(holder.fillna(_nearest(walk, reach_min)), counts, target)
    windows = pooled(around["o"], around["e"], kernel)
    clump = clumping(counts)
    found, law = ratios(windows, clump=clump, counted=_counted(near, counts))
    outside = int(counts[done.geometry.notna() & holder.isna()].sum()) if cells is not None else 0
    totals = EffortTotals(
        float(placed.sum()),
        float(counts.sum() - placed.sum()),
        int(counts.isna().sum()),
        outside,
        clump,
        law.mean,
        law.shape,
    )
    return effort.join(windows).join(found.where(target.notna())), totals


def outings_in(activities: pd.DataFrame, reference: date, months: int) -> pd.DataFrame:
    """Return the realised activities of the `months` up to `reference`, sorted by identifier."""
    end = pd.Timestamp(reference)
    start = end - pd.DateOffset(months=months)
    kept = (activities["state"] == "realise") & (activities["on"] > start)
    kept &= activities["on"] <= end
    return activities[kept.fillna(value=False).astype(bool)].sort_index()


def _spread(shares: pd.DataFrame, placed: pd.Series, recent: pd.Series) -> dict[str, pd.Series]:
    weighted, squared = shares @ (placed * recent), shares @ (placed * recent**2)
    effective = (weighted**2 / squared.where(squared > 0)).fillna(0.0)
    return {"contacts": shares @ placed, "contacts_recent": weighted, "n_eff": effective}


def _passages(near: pd.DataFrame, age: pd.Series, counts: pd.Series) -> dict[str, pd.Series]:
    uncounted = near.loc[:, counts.isna()]
    return {
        "outings": near.sum(axis="columns").astype("int64"),
        "outings_uncounted": uncounted.sum(axis="columns").astype("int64"),
        "months_since": _since(near, age),
    }


def _holders(done: pd.DataFrame, cells: gpd.GeoDataFrame | None) -> pd.Series:
    """Return the cell holding each meeting point, the first by name on a border; NA = none."""
    found = pd.Series(pd.NA, index=done.index, dtype="object")
    if cells is None or not len(done):
        return found
    ordered = cells.sort_index()
    points = done.geometry.to_numpy()
    outing, cell = shapely.STRtree(ordered.geometry.to_numpy()).query(
        points, predicate="intersects"
    )
    first = pd.Series(cell, index=outing).groupby(level=0).min()
    found.iloc[first.index] = ordered.index.to_numpy()[first.to_numpy()]
    return found


def _met(holder: pd.Series, counts: pd.Series, index: pd.Index) -> dict[str, pd.Series]:
    people = counts.fillna(0).groupby(holder).sum().reindex(index, fill_value=0)
    outings = holder.groupby(holder).size().reindex(index, fill_value=0)
    return {"met": people.astype("int64"), "outings_met": outings.astype("int64")}


def _nearest(walk: pd.DataFrame, reach_min: float) -> pd.Series:
    if walk.empty:
        return pd.Series(pd.NA, index=walk.columns, dtype="object")
    return walk.idxmin(axis="index").where(walk.min(axis="index") <= reach_min)


def _by_cell(holder: pd.Series, counts: pd.Series, target: pd.Series) -> pd.DataFrame:
    people = counts.fillna(0.0).groupby(holder).sum().reindex(target.index, fill_value=0.0)
    total = float(target.sum())
    expected = people.sum() * target / total if total > 0 else target * np.nan
    return pd.DataFrame({"o": people.astype(float), "e": expected})


def _counted(near: pd.DataFrame, counts: pd.Series) -> pd.Series:
    """Return the share of the outings around each cell whose people were counted; 1 = none."""
    around = near.sum(axis="columns")
    counted = near.loc[:, counts.notna()].sum(axis="columns")
    return (counted / around.where(around > 0)).fillna(1.0)


def _shares(
    walk: pd.DataFrame, target: pd.Series, kernel_min: float, reach_min: float
) -> pd.DataFrame:
    pull = walk_kernel(walk, kernel_min, reach_min).mul(target, axis="index")
    total = pull.sum(axis="index")
    return pull.div(total.where(total > 0), axis="columns").fillna(0.0)


def _since(near: pd.DataFrame, age: pd.Series) -> pd.Series:
    ages = np.where(near.to_numpy(), age.to_numpy()[None, :], np.inf)
    least = pd.Series(ages.min(axis=1, initial=np.inf), index=near.index)
    return least.where(np.isfinite(least))


def _compared(effort: pd.DataFrame, target: pd.Series, located: float) -> pd.DataFrame:
    total = float(target.sum())
    expected = located * target / total if total > 0 else target * np.nan
    return effort.assign(expected=expected, ratio=effort["contacts"] / expected.where(expected > 0))
