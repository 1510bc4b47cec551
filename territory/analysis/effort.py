"""What was done, by meeting place: people informed near each cell, against its share of need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array, diags_array

from territory.analysis.effort_pooled import clumping, pooled, ratios, walk_kernel
from territory.analysis.shrinkage import shrunken_rates
from territory.model.walks import Walks, walks_of

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

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
    minutes: pd.DataFrame | Walks,
    need: pd.DataFrame,
    *,
    reference: date,
    months: int,
    half_life_months: float,
    kernel_min: float,
    reach_min: float,
    between: pd.DataFrame | Walks | None = None,
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
    index = need.index.sort_values().rename("cell_id")
    walk = walks_of(minutes).among(index, done.index)
    target = need["target"].reindex(index).astype(float)
    counts = done["n_informed"].astype("Float64").astype(float)
    shares = _shares(walk, target.fillna(0.0), kernel_min, reach_min)
    placed = counts.fillna(0.0).where(shares.sum(axis=0) > 0, 0.0)
    age = (pd.Timestamp(reference) - done["on"]).dt.days / MONTH_DAYS
    holder = _holders(done, cells)
    effort = pd.DataFrame(
        {
            **_spread(shares, placed, 0.5 ** (age / half_life_months)),
            **_passages(walk.within(reach_min), age, counts),
            **_met(holder, counts, index),
        },
        index=index,
    )
    if cells is None:
        effort = effort.assign(met=pd.NA, outings_met=pd.NA).astype(dict.fromkeys(MET, "Int64"))
    effort = _compared(effort, target, float(placed.sum()))
    near = walk_kernel(walk, kernel_min, reach_min)
    kernel, around = None, effort[["contacts", "expected"]].set_axis(["o", "e"], axis="columns")
    if between is not None:
        kernel = walk_kernel(walks_of(between).among(index, index), kernel_min, reach_min)
        around = _by_cell(holder.fillna(_nearest(walk, reach_min)), counts, target)
    windows = pooled(around["o"], around["e"], kernel)
    clump, counted = clumping(counts), pd.Series(_counted(near, counts), index)
    found, law = ratios(windows, clump=clump, counted=counted)
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


def _spread(shares: csr_array, placed: pd.Series, recent: pd.Series) -> dict[str, Reals]:
    people, share = placed.to_numpy(float), recent.to_numpy(float)
    weighted, squared = shares @ (people * share), shares @ (people * share**2)
    effective = np.divide(weighted**2, squared, out=np.zeros(len(squared)), where=squared > 0)
    return {"contacts": shares @ people, "contacts_recent": weighted, "n_eff": effective}


def _passages(near: Walks, age: pd.Series, counts: pd.Series) -> dict[str, NDArray[np.generic]]:
    uncounted = near.where(counts.isna().to_numpy()[near.column])
    return {
        "outings": near.counts,
        "outings_uncounted": uncounted.counts,
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


def _nearest(walk: Walks, reach_min: float) -> pd.Series:
    """Return the cell nearest to each activity, the first by name when several are; NA = none."""
    which = walk.within(reach_min).turned.least()[1]
    names = pd.Series(pd.NA, index=walk.destinations, dtype="object")
    names.iloc[which >= 0] = walk.origins.to_numpy(object)[which[which >= 0]]
    return names


def _by_cell(holder: pd.Series, counts: pd.Series, target: pd.Series) -> pd.DataFrame:
    people = counts.fillna(0.0).groupby(holder).sum().reindex(target.index, fill_value=0.0)
    total = float(target.sum())
    expected = people.sum() * target / total if total > 0 else target * np.nan
    return pd.DataFrame({"o": people.astype(float), "e": expected})


def _counted(near: csr_array, counts: pd.Series) -> Reals:
    """Return the share of the outings around each cell whose people were counted; 1 = none."""
    around, counted = near.sum(axis=1), near @ counts.notna().to_numpy(float)
    known: Reals = np.divide(counted, around, out=np.ones(len(around)), where=around > 0)
    return known


def _shares(walk: Walks, target: pd.Series, kernel_min: float, reach_min: float) -> csr_array:
    """Return the share [cells, activities] of each activity that falls to each cell."""
    pull = diags_array(target.to_numpy(float)) @ walk_kernel(walk, kernel_min, reach_min)
    total = pull.sum(axis=0)
    each = np.divide(1.0, total, out=np.zeros(len(total)), where=total > 0)
    return csr_array(pull @ diags_array(each))


def _since(near: Walks, age: pd.Series) -> Reals:
    least = np.full(len(near.origins), np.inf)
    np.minimum.at(least, near.row, age.to_numpy(float)[near.column])
    return np.where(np.isfinite(least), least, np.nan)


def _compared(effort: pd.DataFrame, target: pd.Series, located: float) -> pd.DataFrame:
    total = float(target.sum())
    expected = located * target / total if total > 0 else target * np.nan
    return effort.assign(expected=expected, ratio=effort["contacts"] / expected.where(expected > 0))
