"""The names by which a reader finds a spot: streets, the nearest named one, what lies across."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from territory.network.audit.people import nearest_street

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray


def facing_name(streets: gpd.GeoDataFrame, street: NDArray[np.int64]) -> pd.Series:
    """Return the names of streets at positions `street` [k], any CRS, NA when unnamed."""
    return pd.Series(streets["name"].astype("string").array[street], dtype="string")


def street_near(streets: gpd.GeoDataFrame, shapes: NDArray[np.object_]) -> pd.Series:
    """Return the name of the nearest named street of each shape [k], NA if none; one metric CRS."""
    named = streets[streets["name"].notna()]
    found = nearest_street(named.geometry.to_numpy(), shapely.centroid(shapes))
    names = [named["name"].iloc[k] if k >= 0 else pd.NA for k in found]
    return pd.Series(names, dtype="string")


def barrier_between(barriers: gpd.GeoDataFrame | None, links: NDArray[np.object_]) -> pd.DataFrame:
    """
    Return barrier_kind and barrier (name) of what each link [k] crosses first by kind then name.

    `barriers` has kind (rail, water, motorway), name and lines in the metric CRS of the links; NA
    where nothing known is crossed.
    """
    table = pd.DataFrame(
        {"barrier_kind": pd.NA, "barrier": pd.NA}, index=range(len(links)), dtype="string"
    )
    if barriers is None or not len(barriers) or not len(links):
        return table
    known = sorted_barriers(barriers)
    link, line = shapely.STRtree(known.geometry.to_numpy()).query(links, predicate="intersects")
    order = np.lexsort((line, link))
    rows, first = np.unique(link[order], return_index=True)
    crossed = known.iloc[line[order][first]]
    table.loc[rows, "barrier_kind"] = crossed["kind"].to_numpy(object)
    table.loc[rows, "barrier"] = crossed["name"].to_numpy(object)
    return table


def sorted_barriers(barriers: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the barriers (any CRS, kept), named ones first, whatever the order of rows."""
    table = barriers.reset_index(drop=True)
    where = shapely.to_wkb(table.geometry.to_numpy(), hex=True)
    names = table["name"].astype("string").fillna("")
    keys = pd.DataFrame({"unnamed": names == "", "kind": table["kind"], "name": names, "at": where})
    return table.loc[keys.sort_values(list(keys.columns)).index].reset_index(drop=True)
