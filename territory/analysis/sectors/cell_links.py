"""Which areas one passes between on foot: the ground on which sectors hold together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from territory.analysis.sectors.adjacency import joined_parts, walked_neighbours

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Longs = NDArray[np.int64]

TOUCH_M = 1.0


def walked_links(shapes: gpd.GeoSeries, minutes: Reals) -> Longs:
    """
    Return pairs [pairs, 2] of positions of areas between which one passes on foot.

    Areas of `shapes` (metric CRS) that touch, be it by a corner, but where a barrier stands between
    them (`walked_neighbours`; `minutes` [units, units]); what stays apart is joined by its shortest
    walk, so that the whole always holds. Borders alone would leave too few ways to share evenly: in
    a grid of streets, many of them are not walked across.
    """
    areas = shapes.to_numpy()
    pairs = shapely.STRtree(areas).query(areas, predicate="dwithin", distance=TOUCH_M).T
    touching = pairs[pairs[:, 0] < pairs[:, 1]]
    x, y = shapely.get_coordinates(shapely.centroid(areas)).T
    near = walked_neighbours(x, y, touching, minutes)
    return np.concatenate([near, joined_parts(x, y, near, minutes=minutes)])


def joined_links(links: Longs, group: Longs) -> Longs:
    """Return the pairs [pairs, 2] of groups that `links` [links, 2] join; `group` [units]."""
    pairs = np.unique(np.sort(group[links], axis=1), axis=0)
    return np.asarray(pairs[pairs[:, 0] != pairs[:, 1]], np.int64)
