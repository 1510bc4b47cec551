"""People met with the residence the team noted, and the need of each stratum of residence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from territory.analysis.residence import CLASSES, UNKNOWN, ResidenceRules, residence_classes
from territory.io.contact_links import COLUMN_OF_STAGE

if TYPE_CHECKING:
    from datetime import date

SPOTS_A_SIDE = 5  # of the grid that stands for a cell when a quarter cuts it
NOWHERE = "lieu inconnu"
STAGES = ("informe", "accroche", "diagnostic", "oriente")
PEOPLE = ["outing", "meeting_place", "residence", "commune_code", "n"]


def told_stage(contacts: pd.DataFrame) -> str:
    """
    Return the stage whose people have the most residences noted: one stage, nobody counts twice.

    `contacts` keeps tables.CONTACTS; the earliest of STAGES on a tie, or when none is noted.
    """
    noted = contacts["home_zone"].isin(CLASSES[:-1]) | contacts["home_city_code"].notna()
    people = contacts["count"].where(noted, 0).groupby(contacts["stage"]).sum()
    return max(STAGES, key=lambda stage: (int(people.get(stage, 0)), -STAGES.index(stage)))


def people_met(
    contacts: pd.DataFrame,
    outings: pd.DataFrame,
    activities: pd.DataFrame,
    *,
    stage: str,
    reference: date,
    months: int,
) -> pd.DataFrame:
    """
    Return people met at `stage` in the period, by outing and residence noted; NA = not noted.

    `contacts` keeps tables.CONTACTS, `activities` tables.ACTIVITIES (metric CRS or none) and
    `outings` are those of the period (`outings_in`). Lines tied to no known activity stand alone,
    by their own day. What an outing counted beyond its lines has no residence noted. Columns:
    outing, meeting_place (place_id, else the name written), residence (class), commune_code, n.
    """
    lines = contacts[(contacts["stage"] == stage).fillna(value=False).to_numpy(bool)]
    tied = lines["activity_id"].isin(activities.index).to_numpy(bool)
    ours = lines["activity_id"].isin(outings.index).to_numpy(bool)
    end = pd.Timestamp(reference)
    alone = ~tied & ((lines["on"] > end - pd.DateOffset(months=months)) & (lines["on"] <= end))
    kept = lines[ours | alone.to_numpy(bool)].sort_index()
    outing = kept["activity_id"].astype("object").where(kept["activity_id"].isin(outings.index))
    places = _places(outings)
    told = pd.DataFrame(
        {
            "outing": outing.fillna(kept.index.to_series().astype("object")),
            "meeting_place": outing.map(places).fillna(kept["place_name"]).fillna(NOWHERE),
            "residence": kept["home_zone"].where(kept["home_zone"].isin(CLASSES[:-1])),
            "commune_code": kept["home_city_code"],
            "n": kept["count"].astype("int64"),
        }
    )
    rest = _beyond(outings, told, COLUMN_OF_STAGE[stage], places)
    return pd.concat([_typed(told), _typed(rest)], ignore_index=True)


def strata_need(
    cells: gpd.GeoDataFrame,
    need: pd.DataFrame,
    zones: gpd.GeoDataFrame,
    rules: ResidenceRules,
    *,
    on: date,
) -> pd.DataFrame:
    """
    Return the need of each commune and class: columns commune_code, residence, target (people).

    `cells` (CELLS) and `zones` (ZONES) are in one metric CRS, `need` is that of `cell_need`. Each
    cell is shared between classes by its area, on a grid of points, under the perimeters in force
    `on` that day (`residence_classes`); what cannot be told is « inconnue ».
    """
    spots = _spots(cells)
    facts = gpd.GeoDataFrame(
        {"on": pd.Series(pd.Timestamp(on), index=spots.index)}, geometry=spots, crs=cells.crs
    )
    chances = residence_classes(facts, zones, rules).drop(columns="residence")
    shares = chances.groupby(level=0).mean()
    target = need["target"].astype(float).reindex(shares.index).fillna(0.0)
    parts = shares.mul(target, axis="index").set_axis(list(CLASSES), axis="columns")
    codes = cells["commune_code"].reindex(parts.index)
    table = parts.groupby(codes).sum().rename_axis("commune_code").reset_index()
    found = table.melt("commune_code", var_name="residence", value_name="target")
    found = found[(found["target"] > 0) | (found["residence"] != UNKNOWN)]
    return found.sort_values(["commune_code", "residence"], ignore_index=True)


def _places(outings: pd.DataFrame) -> pd.Series:
    return outings["place_id"].fillna(outings["place_name"]).fillna(NOWHERE).astype("object")


def _beyond(
    outings: pd.DataFrame, told: pd.DataFrame, column: str, places: pd.Series
) -> pd.DataFrame:
    """Return the people that outings counted and no line describes."""
    lines = told.groupby("outing")["n"].sum().reindex(outings.index, fill_value=0)
    more = outings[column].astype("Float64").fillna(0.0).astype(float) - lines
    more = more[more > 0].astype("int64")
    data = {"outing": more.index.astype("object"), "meeting_place": places[more.index].array}
    return pd.DataFrame({**data, "residence": pd.NA, "commune_code": pd.NA, "n": more.array})


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    return table[PEOPLE].astype({**dict.fromkeys(PEOPLE, "string"), "n": "int64"})


def _spots(cells: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return points spread over each cell, by its identifier; one at least."""
    shapes = cells.geometry.to_numpy()
    west, south, east, north = shapely.bounds(shapes).T
    steps = (np.arange(SPOTS_A_SIDE) + 0.5) / SPOTS_A_SIDE
    x = west[:, None, None] + (east - west)[:, None, None] * steps[None, :, None]
    y = south[:, None, None] + (north - south)[:, None, None] * steps[None, None, :]
    points = np.asarray(shapely.points(*np.broadcast_arrays(x, y))).reshape(len(cells), -1)
    inside = shapely.intersects(points, shapes[:, None])
    points[:, 0] = np.where(inside.any(axis=1), points[:, 0], shapely.point_on_surface(shapes))
    inside[:, 0] |= ~inside.any(axis=1)
    row, spot = np.nonzero(inside)
    return gpd.GeoSeries(points[row, spot], index=cells.index[row], crs=cells.crs)
