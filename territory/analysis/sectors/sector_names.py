"""What a sector is called on the ground: its communes, and its parts of those that are cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

PARTS = 4  # names of parts told, those of most people first
WHOLE = 0.999


def cell_parts(cells: gpd.GeoDataFrame, iris: gpd.GeoDataFrame) -> pd.Series:
    """Return the name of the IRIS that holds the middle of each cell (one CRS), NA without."""
    found = pd.Series(pd.NA, index=cells.index, dtype="object")
    if not len(iris):
        return found
    named = iris.sort_index()
    points = shapely.centroid(cells.geometry.to_numpy())
    cell, area = shapely.STRtree(named.geometry.to_numpy()).query(points, predicate="intersects")
    first = pd.Series(area, index=cell).groupby(level=0).min()
    found.iloc[first.index] = named["name"].to_numpy(object)[first.to_numpy()]
    return found


def area_names(
    members: Iterable[str],
    people: pd.Series,
    commune: pd.Series,
    part: pd.Series,
    names: pd.Series,
) -> tuple[str, ...]:
    """
    Return French names for the cells `members`: a commune, or « Bondy : Gare, Centre ».

    On cell_id: `people` (NA as nobody), `commune` codes, `part` names (NA without); `names` of
    communes by code. A commune all of whose public is inside is told whole; of another, the parts
    most of whose public is inside, of most people first.
    """
    inside = pd.Series(False, index=people.index)
    inside[list(members)] = True
    crowd = people.fillna(0.0) + 1e-9  # an area where nobody lives still has a name
    told = []
    for code in sorted(set(commune[inside].dropna().astype(str))):
        town = (commune == code).fillna(value=False).astype(bool)
        name = str(names.get(code, code))
        if crowd[town & inside].sum() >= WHOLE * crowd[town].sum():
            told.append(name)
            continue
        parts = [p.removeprefix(f"{name} ") for p in _parts(crowd[town], part[town], inside[town])]
        told.append(f"{name} : {', '.join(parts)}" if parts else f"{name} (en partie)")
    return tuple(told)


def _parts(crowd: pd.Series, part: pd.Series, inside: pd.Series) -> list[str]:
    mine = crowd.where(inside, 0.0).groupby(part).sum()
    share = mine / crowd.groupby(part).sum()
    kept = mine[(share > np.float64(0.5)) & (mine > 0)]
    first = kept.sort_index().sort_values(ascending=False, kind="stable")
    return [str(name) for name in first.index[:PARTS]]
