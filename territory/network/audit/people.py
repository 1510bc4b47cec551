"""Who is concerned: residents of the squares near a fault, or whose nearest street is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

NEAR_M = 100.0  # residents this near a fault are concerned by it


def residents_near(
    cells: gpd.GeoDataFrame | None, shapes: NDArray[np.object_], within_m: float = NEAR_M
) -> NDArray[np.float64]:
    """
    Return the residents within `within_m` metres of each shape, float64 [shapes], NaN if unknown.

    Residents are taken as spread evenly over their cell: the share of its area counts, all or
    nothing when a cell is a point. `cells` (residents, geometry) and `shapes` [shapes] share one
    metric CRS.
    """
    if cells is None or not len(cells):
        return np.full(len(shapes), np.nan)
    people = cells["residents"].to_numpy(float, na_value=np.nan)
    grounds, around = cells.geometry.to_numpy(), shapely.buffer(shapes, within_m)
    shape, cell = shapely.STRtree(grounds).query(around, predicate="intersects")
    area = shapely.area(grounds[cell])
    common = shapely.area(shapely.intersection(grounds[cell], around[shape]))
    share = np.divide(common, area, out=np.ones(len(cell)), where=area > 0)
    return summed(people[cell] * share, shape, len(shapes))


def summed(
    people: NDArray[np.float64], group: NDArray[np.integer], count: int
) -> NDArray[np.float64]:
    """
    Return the known `people` [k] of each `group` [k], float64 [count].

    0 for a group without anybody listed, NaN when of all its own none is known.
    """
    known = ~np.isnan(people)
    total = np.bincount(group[known], people[known], minlength=count)
    listed = np.bincount(group, minlength=count)
    told = np.bincount(group[known], minlength=count)
    return np.where((listed > 0) & (told == 0), np.nan, total)


def nearest_street(lines: NDArray[np.object_], spots: NDArray[np.object_]) -> NDArray[np.int64]:
    """
    Return the nearest line of each spot, the smallest position when equal, -1 without: [spots].

    `lines` [m] and `spots` [spots] share one metric CRS.
    """
    found = np.full(len(spots), -1, np.int64)
    if len(lines) and len(spots):
        spot, line = shapely.STRtree(lines).query_nearest(spots, all_matches=True)
        order = np.lexsort((line, spot))
        rows, first = np.unique(spot[order], return_index=True)
        found[rows] = line[order][first]
    return found


def middles(cells: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return a point inside each cell [cells], metres in their CRS, as the network ties them."""
    spots: NDArray[np.object_] = cells.geometry.representative_point().to_numpy()
    return spots


def by_people(table: gpd.GeoDataFrame, *then: str) -> gpd.GeoDataFrame:
    """Return `table` (any CRS, kept), most residents first, then the largest of columns `then`."""
    keys = pd.DataFrame({"residents": table["residents"].fillna(-1.0)})
    for name in then:
        keys[name] = table[name].fillna(-1.0)
    edges = shapely.bounds(table.geometry.to_numpy()).reshape(-1, 4)
    columns = [*edges.T[::-1], *(-keys[name].round(6) for name in reversed(keys.columns))]
    return table.iloc[np.lexsort(columns)].reset_index(drop=True)
