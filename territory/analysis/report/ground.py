"""Who lives where a report counts: communes and quarters, and the quarter of each activity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from territory.analysis.quarters import in_force

if TYPE_CHECKING:
    from collections.abc import Mapping

WHOLE = ""  # the unit that is the whole territory
TOGETHER = "*"  # the unit that is all the quarters, where they overlap counted once
OUTSIDE = "hors"  # a point known, in no quarter
LEAST_RESIDENTS, MOST_IMPUTED = 200.0, 0.5
COLUMNS = ("name", "kind", "residents", "residents_18_64", "imputed_share")


def ground_table(
    names: Mapping[str, str], zones: gpd.GeoDataFrame, cells: gpd.GeoDataFrame
) -> pd.DataFrame:
    """
    Return on unit (commune, quarter, WHOLE, TOGETHER): name, kind, inhabitants, imputed share.

    `names` are the communes by code; `zones` (tables.ZONES) and `cells` (tables.CELLS) in one
    metric CRS. A cell across a border counts by its area on each side. residents_18_64 is NA when
    a cell of the unit has no ages. kind: commune, qpv, qva, "" for the whole, NA for TOGETHER. A
    quarter where no cell is has no inhabitant; without any cell, nobody knows.
    """
    communes = _summed(cells, cells["commune_code"].astype("object"))
    whole = _summed(cells, pd.Series(WHOLE, index=cells.index, dtype="object"))
    quarters = in_force(zones)
    inside = _inside(cells, quarters[["geometry"]])
    table = pd.concat([
        whole.reindex([WHOLE]).assign(name="", kind=""),
        communes.assign(name=communes.index.map(names), kind="commune"),
        inside.assign(name=inside.index.map(quarters["name"]),
                      kind=inside.index.map(quarters["kind"])),
        _inside(cells, quarters[["geometry"]].dissolve().rename(index={0: TOGETHER})),
    ])  # fmt: skip
    return table.reindex(columns=list(COLUMNS)).rename_axis("unit")


def _inside(cells: gpd.GeoDataFrame, shapes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return `_summed` of what lies in each shape: nobody where no cell is."""
    split = gpd.overlay(
        cells.reset_index().assign(cell_m2=cells.geometry.area.to_numpy()),
        shapes.rename_axis("unit").reset_index(),
        how="intersection", keep_geom_type=True,
    )  # fmt: skip
    share = split.geometry.area / split["cell_m2"]
    found = _summed(split, split["unit"].astype("object"), share).reindex(shapes.index)
    empty = ~shapes.index.isin(split["unit"])
    nobody = 0.0 if len(cells) else np.nan
    found.loc[empty, ["residents", "residents_18_64"]] = nobody
    return found


def _summed(cells: pd.DataFrame, unit: pd.Series, share: pd.Series | float = 1.0) -> pd.DataFrame:
    """Return on unit the sums of residents, of adults (NA if one is), and the share imputed."""
    people = cells["residents"].astype(float) * share
    adults = cells["residents_18_64"].astype("Float64") * share
    imputed = people.where(cells["imputed"].fillna(value=False).astype(bool), 0.0)
    groups = pd.DataFrame({"p": people, "a": adults, "i": imputed}).groupby(unit)
    sums = groups[["p", "i"]].sum()
    known = adults.notna().groupby(unit).all()
    return pd.DataFrame({
        "residents": sums["p"],
        "residents_18_64": groups["a"].sum().where(known),
        "imputed_share": sums["i"] / sums["p"].where(sums["p"] > 0),
    })  # fmt: skip


def inhabitants(ground: pd.DataFrame, unit: str, among: str) -> tuple[float, str]:
    """
    Return the inhabitants of a unit, and why no ratio to them is given ("" when one is).

    NaN, with the reason, for a unit not known, of fewer than 200 inhabitants, or more than half
    imputed (PRIVACY section 4, rule 5). `among` is a column of `ground_table`.
    """
    if unit not in ground.index or pd.isna(ground.loc[unit, among]):
        return np.nan, "" if unit not in ground.index else "population inconnue"
    row = ground.loc[unit]
    if row["residents"] < LEAST_RESIDENTS:
        return np.nan, "moins de 200 habitants : aucun rapport aux habitants"
    if row["imputed_share"] > MOST_IMPUTED:
        return np.nan, "population imputée pour plus de moitié : aucun rapport aux habitants"
    return float(row[among]), ""


def quarters_at(
    activities: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, residence: pd.Series
) -> pd.Series:
    """
    Return the quarter in force of the point of each activity: its code, OUTSIDE, or NA.

    `activities` and `zones` (tables.ZONES) are in one metric CRS. NA where `residence`
    (analysis.residence) is « inconnue »: nobody knows. A point on a border is of the first code.
    """
    known = activities[(residence != "inconnue").to_numpy() & activities.geometry.notna()]
    quarters = in_force(zones).sort_index()[["geometry"]]
    joined = gpd.sjoin(known[["geometry"]], quarters, how="left", predicate="intersects")
    first = joined.groupby(level=0)[quarters.index.name].first()
    return first.fillna(OUTSIDE).reindex(activities.index).astype("string")
