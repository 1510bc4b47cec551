"""Where nobody came for long: weeks since the last outing, by area, by activity, by half-day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from territory.analysis.access import AFTERNOON_MIN, HALF_DAYS
from territory.model.walks import Walks, walks_of
from territory.model.words import WEEKDAYS, label

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

NEVER, LONG_AGO, LATELY = "jamais sur la période", "depuis longtemps", "récemment"
INDOORS = ("reunion",)  # realised without anybody going out
UNKNOWN_SLOT = "heure inconnue"
_WEEK_DAYS = 7
APART = ["area_id", "by", "value", "outings", "last_on", "weeks_since", "state"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An area waits `weeks` before `reference`; outings reach `reach_min` minutes on foot."""

    reference: date
    reach_min: float
    weeks: int


def touched(
    areas: gpd.GeoDataFrame,
    shares: pd.DataFrame,
    outings: gpd.GeoDataFrame,
    minutes: pd.DataFrame | Walks,
    reach_min: float,
) -> csr_array:
    """
    Tell which outings touched which areas: True [areas, outings] in their order, sparse.

    An outing touches an area when its meeting point lies inside, or within `reach_min` minutes on
    foot of one of its cells; one without a point touches the commune or the quarter it names.
    `areas` and `shares` are those of `named_areas` and `cell_shares`, `outings` keeps
    tables.ACTIVITIES, in one metric CRS; `minutes` [cell_id x activity_id] has inf = out of reach.
    """
    walk = walks_of(minutes).among(destinations=outings.index).within(reach_min)
    held = areas.index.get_indexer(shares["area_id"]), walk.origins.get_indexer(shares["cell_id"])
    holding = _pairs(*held, shape=(len(areas), len(walk.origins)))
    near = holding @ walk.weights(np.ones_like)
    tree = shapely.STRtree(outings.geometry.to_numpy())
    inside = tree.query(areas.geometry.to_numpy(), predicate="intersects")
    named = _named(areas, outings)
    return (near + _pairs(*inside, shape=near.shape) + _pairs(*named, shape=near.shape)) > 0


def _named(
    areas: gpd.GeoDataFrame, outings: gpd.GeoDataFrame
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return positions of areas and of the outings without a point that name them."""
    alone = outings.geometry.isna().to_numpy()
    found = []
    for kinds, column in ((("commune",), "commune_code"), (("qpv", "qva"), "qpv_code")):
        told = areas["kind"].isin(kinds).to_numpy(bool)
        one = pd.DataFrame({"code": areas["code"][told].astype(str), "a": np.flatnonzero(told)})
        names = outings[column][alone].astype("object")
        other = pd.DataFrame({"code": names, "o": np.flatnonzero(alone)}).dropna()
        found.append(one.merge(other.astype({"code": str}), on="code")[["a", "o"]])
    both = pd.concat(found)
    return both["a"].to_numpy(np.int64), both["o"].to_numpy(np.int64)


def _pairs(
    row: NDArray[np.integer], column: NDArray[np.integer], *, shape: tuple[int, int]
) -> csr_array:
    """Return 1 at each pair of positions, those below 0 left out."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - pages read the words above without it

    known = (row >= 0) & (column >= 0)
    return csr_array((np.ones(int(known.sum())), (row[known], column[known])), shape=shape)


def gone_out(outings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the activities (metric CRS) for which somebody went out: all but team meetings."""
    return outings[~outings["kind"].isin(INDOORS).fillna(value=False).to_numpy(bool)]


def cells_waiting(
    cells: gpd.GeoDataFrame,
    outings: gpd.GeoDataFrame,
    minutes: pd.DataFrame | Walks,
    rule: Waiting,
) -> list[str]:
    """
    Return the inhabited cells (CELLS, metric CRS) no outing came within reach of for so many weeks.

    Other arguments as `unvisited`; sorted.
    """
    gone = gone_out(outings)
    lately = gone[_days(gone["on"], rule.reference) < rule.weeks * _WEEK_DAYS]
    walk = walks_of(minutes).among(cells.index, lately.index)
    reached = walk.within(rule.reach_min).counts > 0
    tree = shapely.STRtree(cells.geometry.to_numpy())
    reached[tree.query(lately.geometry.to_numpy(), predicate="intersects")[1]] = True
    lived = (cells["residents"].fillna(0) > 0).to_numpy(bool)
    return sorted(cells.index[lived & ~reached])


def unvisited(
    areas: gpd.GeoDataFrame,
    shares: pd.DataFrame,
    outings: gpd.GeoDataFrame,
    minutes: pd.DataFrame | Walks,
    cells: gpd.GeoDataFrame,
    rule: Waiting,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Return the areas from the longest without an outing on, and the same by activity and half-day.

    `areas` (`named_areas`) and `shares` (`cell_shares`), `outings` (ACTIVITIES realised in the
    period) and `minutes` as in `touched`, `cells` (CELLS), all in one metric CRS. First table on
    area_id: kind, code, name, outings, last_on, weeks_since (whole weeks; NA = never), state
    (NEVER, LONG_AGO from the weeks of `rule` on, LATELY), residents and residents_unvisited (those
    of `cells_waiting`), people. Never comes first, then most weeks, most residents, area_id.
    Second: area_id, by (kind or slot), value, outings, last_on, weeks_since, state, for every kind
    and half-day that the period knows, areas in the order of the first.
    """
    gone = gone_out(outings).sort_index()
    hits = touched(areas, shares, gone, minutes, rule.reach_min)
    days = _days(gone["on"], rule.reference).to_numpy()
    told = _since(hits, areas.index, days, rule)
    waiting = cells_waiting(cells, gone, minutes, rule)
    lived = cells["residents"].astype(float).fillna(0.0)
    people = shares["share"] * lived.reindex(shares["cell_id"]).to_numpy()
    lost = people.where(shares["cell_id"].isin(waiting), 0.0)
    sums = pd.DataFrame({"residents": people, "residents_unvisited": lost})
    sums = sums.groupby(shares["area_id"]).sum().reindex(areas.index, fill_value=0.0)
    table = _sorted(pd.DataFrame(areas[["kind", "code", "name"]]).join(told).join(sums))
    ordered = hits[areas.index.get_indexer(table.index)]
    apart = [
        _since(ordered[:, own], table.index, days[own], rule)
        .assign(by=by, value=value)
        .reset_index()
        for by, value, own in _sorts(gone)
    ]
    return table, pd.concat([_no_rows(table), *apart], ignore_index=True)[APART]


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    weeks = table["weeks_since"].astype("Float64").fillna(np.inf).to_numpy(float)
    order = np.lexsort((table.index.to_numpy(str), -table["residents"].to_numpy(), -weeks))
    return table.iloc[order]


def _sorts(gone: gpd.GeoDataFrame) -> list[tuple[str, str, NDArray[np.int64]]]:
    """Return (by, value, positions of its activities) for each kind and each half-day there is."""
    sorts = {"kind": gone["kind"].astype("object"), "slot": half_day_slots(gone)}
    return [
        (by, str(value), np.flatnonzero((values == value).to_numpy(bool)))
        for by, values in sorts.items()
        for value in sorted(set(values.dropna()), key=str)
    ]


def _no_rows(table: pd.DataFrame) -> pd.DataFrame:
    return table.iloc[:0].reset_index().assign(by="", value="")[APART]


def half_day_slots(outings: pd.DataFrame) -> pd.Series:
    """Return « lundi matin », « lundi apres-midi »... by the start; UNKNOWN_SLOT without hours."""
    starts = outings["start_min"].astype("Float64").astype(float)
    told = [
        UNKNOWN_SLOT
        if np.isnan(start) or pd.isna(day)
        else f"{label(WEEKDAYS, str(day.weekday()))} {HALF_DAYS[int(start >= AFTERNOON_MIN)]}"
        for day, start in zip(outings["on"], starts, strict=True)
    ]
    return pd.Series(told, index=outings.index, dtype="object")


def _days(on: pd.Series, reference: date) -> pd.Series:
    return (pd.Timestamp(reference) - on).dt.days.astype(float)


def _since(
    hits: csr_array, areas: pd.Index, ago: NDArray[np.float64], rule: Waiting
) -> pd.DataFrame:
    """Return the outings that touched `areas` and the last of them; `ago` [outings] are days."""
    area, outing = hits.nonzero()
    shortest = np.full(len(areas), np.inf)
    np.fmin.at(shortest, area, ago[outing])
    least = pd.Series(shortest, index=areas.rename("area_id"))
    days = least.where(np.isfinite(least))
    since = days // _WEEK_DAYS
    state = np.select([since.isna(), since >= rule.weeks], [NEVER, LONG_AGO], LATELY)
    last = pd.Timestamp(rule.reference) - pd.to_timedelta(days, unit="D")
    return pd.DataFrame(
        {
            "outings": np.bincount(area, minlength=len(areas)).astype("int64"),
            "last_on": last.astype("datetime64[us]"),
            "weeks_since": since.astype("Int64"),
            "state": pd.Series(state, index=least.index, dtype="string"),
        }
    )
