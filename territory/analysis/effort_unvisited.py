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
) -> pd.DataFrame:
    """
    Tell which outings touched which areas: bool [area_id x activity_id].

    An outing touches an area when its meeting point lies inside, or within `reach_min` minutes on
    foot of one of its cells; one without a point touches the commune or the quarter it names.
    `areas` and `shares` are those of `named_areas` and `cell_shares`, `outings` keeps
    tables.ACTIVITIES, in one metric CRS; `minutes` [cell_id x activity_id] has inf = out of reach.
    """
    walk = walks_of(minutes).among(destinations=outings.index).within(reach_min)
    hit = (_holding(areas, shares, walk.origins) @ walk.weights(np.ones_like)).toarray() > 0
    tree = shapely.STRtree(outings.geometry.to_numpy())
    area, outing = tree.query(areas.geometry.to_numpy(), predicate="intersects")
    hit[area, outing] = True
    alone = np.flatnonzero(outings.geometry.isna().to_numpy())
    for kinds, column in ((("commune",), "commune_code"), (("qpv", "qva"), "qpv_code")):
        told = np.flatnonzero(areas["kind"].isin(kinds).to_numpy(bool))
        named = outings[column].astype("object").fillna("").to_numpy(object)[alone]
        same = areas["code"].to_numpy(object)[told][:, None] == named[None, :]
        hit[np.ix_(told, alone)] |= same.astype(bool)
    return pd.DataFrame(hit, index=areas.index.rename("area_id"), columns=outings.index)


def _holding(areas: gpd.GeoDataFrame, shares: pd.DataFrame, cells: pd.Index) -> csr_array:
    """Return 1 [areas, cells] where an area holds some of a cell."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - pages read the words above without it

    area = areas.index.get_indexer(shares["area_id"])
    cell = cells.get_indexer(shares["cell_id"])
    known = (area >= 0) & (cell >= 0)
    ends = area[known], cell[known]
    return csr_array((np.ones(int(known.sum())), ends), shape=(len(areas), len(cells)))


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
    told = _since(hits, gone["on"], rule)
    waiting = cells_waiting(cells, gone, minutes, rule)
    lived = cells["residents"].astype(float).fillna(0.0)
    people = shares["share"] * lived.reindex(shares["cell_id"]).to_numpy()
    lost = people.where(shares["cell_id"].isin(waiting), 0.0)
    sums = pd.DataFrame({"residents": people, "residents_unvisited": lost})
    sums = sums.groupby(shares["area_id"]).sum().reindex(areas.index, fill_value=0.0)
    table = _sorted(pd.DataFrame(areas[["kind", "code", "name"]]).join(told).join(sums))
    apart = [
        _since(hits.loc[table.index, own], gone.loc[own, "on"], rule)
        .assign(by=by, value=value)
        .reset_index()
        for by, value, own in _sorts(gone)
    ]
    return table, pd.concat([_no_rows(table), *apart], ignore_index=True)[APART]


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    weeks = table["weeks_since"].astype("Float64").fillna(np.inf).to_numpy(float)
    order = np.lexsort((table.index.to_numpy(str), -table["residents"].to_numpy(), -weeks))
    return table.iloc[order]


def _sorts(gone: gpd.GeoDataFrame) -> list[tuple[str, str, pd.Index]]:
    """Return (by, value, activities of it) for each kind and each half-day of the period."""
    sorts = {"kind": gone["kind"].astype("object"), "slot": half_day_slots(gone)}
    return [
        (by, str(value), gone.index[(values == value).to_numpy(bool)])
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


def _since(hits: pd.DataFrame, on: pd.Series, rule: Waiting) -> pd.DataFrame:
    area, outing = np.nonzero(hits.to_numpy(bool))
    shortest = np.full(len(hits), np.inf)
    np.fmin.at(shortest, area, _days(on, rule.reference).to_numpy()[outing])
    least = pd.Series(shortest, index=hits.index)
    days = least.where(np.isfinite(least))
    since = days // _WEEK_DAYS
    state = np.select([since.isna(), since >= rule.weeks], [NEVER, LONG_AGO], LATELY)
    last = pd.Timestamp(rule.reference) - pd.to_timedelta(days, unit="D")
    return pd.DataFrame(
        {
            "outings": hits.sum(axis="columns").astype("int64"),
            "last_on": last.astype("datetime64[us]"),
            "weeks_since": since.astype("Int64"),
            "state": pd.Series(state, index=hits.index, dtype="string"),
        }
    )
