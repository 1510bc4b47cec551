"""Which cells one passes between on foot: the ground on which sectors hold together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp
import shapely

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Longs = NDArray[np.int64]

TOUCH_M, DETOUR, NEXT_MIN, METRES_A_MINUTE = 1.0, 2.5, 5.0, 75.0
_FAR = 1e6  # minutes a metre: what cannot be walked is tied last, to what is nearest


def walked_links(shapes: gpd.GeoSeries, minutes: Reals) -> Longs:
    """
    Return pairs [pairs, 2] of positions of units between which one passes on foot.

    Units of `shapes` (metric CRS) that share more than TOUCH_M of border, with a walk in `minutes`
    [units, units] of NEXT_MIN or not above DETOUR times the straight line: a canal, a railway or a
    motorway parts them but where it is crossed. Parts left apart are tied by their shortest walk
    (then by the straight line, where nobody can walk), so that the whole always holds.
    """
    areas = shapes.to_numpy()
    points = shapely.get_coordinates(shapely.centroid(areas))
    pairs = shapely.STRtree(areas).query(areas, predicate="intersects").T
    pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    edges = [shapely.boundary(areas[ends]) for ends in pairs.T]
    pairs = pairs[shapely.length(shapely.intersection(*edges)) > TOUCH_M]
    straight = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T) / METRES_A_MINUTE
    near = pairs[minutes[pairs[:, 0], pairs[:, 1]] <= np.maximum(DETOUR * straight, NEXT_MIN)]
    both = np.concatenate([near, _ties(near, minutes, points)])
    return np.asarray(np.unique(np.sort(both, axis=1), axis=0), np.int64)


def joined_links(links: Longs, group: Longs) -> Longs:
    """Return the pairs [pairs, 2] of groups that `links` [links, 2] join; `group` [units]."""
    pairs = np.unique(np.sort(group[links], axis=1), axis=0)
    return np.asarray(pairs[pairs[:, 0] != pairs[:, 1]], np.int64)


def _ties(near: Longs, minutes: Reals, points: Reals) -> Longs:
    """Return the walks that tie parts together, the shortest first (a minimum spanning tree)."""
    n = len(points)
    graph = sp.csr_matrix((np.ones(len(near)), (near[:, 0], near[:, 1])), shape=(n, n))
    count, part = sp.csgraph.connected_components(graph, directed=False)
    if count <= 1:
        return np.zeros((0, 2), np.int64)
    away = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    ways = np.where(np.isfinite(minutes), minutes + 1e-6, _FAR * (1.0 + away))
    ends = np.array([
        _shortest(ways, part == a, part == b) for a in range(count) for b in range(a)
    ])  # fmt: skip
    lengths = ways[ends[:, 0], ends[:, 1]]
    between = sp.csr_matrix((lengths, (part[ends[:, 0]], part[ends[:, 1]])), shape=(count, count))
    tree = sp.csgraph.minimum_spanning_tree(between).tocoo()
    kept = {tuple(sorted(p)) for p in zip(tree.row.tolist(), tree.col.tolist(), strict=True)}
    told = [tuple(sorted(p)) for p in part[ends].tolist()]
    return ends[[pair in kept for pair in told]]


def _shortest(ways: Reals, one: NDArray[np.bool_], other: NDArray[np.bool_]) -> tuple[int, int]:
    mine, theirs = np.flatnonzero(one), np.flatnonzero(other)
    a, b = np.unravel_index(ways[np.ix_(mine, theirs)].argmin(), (len(mine), len(theirs)))
    return int(mine[a]), int(theirs[b])
