"""What is within reach on foot: nested areas drawn along the streets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from territory.network.times import nearest_times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray
    from shapely.geometry.base import BaseGeometry

    from territory.network.graph import WalkGraph

STREET_M = 25.0  # half-width of the strip drawn along a street that is reached
BLOCK_M2 = 40_000.0  # a hole smaller than this is the inside of a block


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """What is reached within `limit_s` seconds: nodes (mask [n]) and area (metric CRS, metres)."""

    limit_s: float
    nodes: NDArray[np.bool_]
    polygon: BaseGeometry


def reach(graph: WalkGraph, origins: ArrayLike, limits_s: Sequence[float]) -> tuple[Reach, ...]:
    """
    Return one area per limit (seconds, any order), reached from the nearest of `origins`.

    `origins` [k] are node ids. Edges reached in part are cut where the time runs out; areas are
    nested, in the metric CRS of the graph: strips of 25 m on each side of a street, holes below 4
    ha filled. Streets are drawn straight from node to node, as the graph holds no bends. Raises
    UnknownNode.
    """
    seconds, _ = nearest_times(graph, origins)
    starts = np.unique(np.asarray(origins, np.int64))
    doors = shapely.points(np.column_stack([graph.x[starts], graph.y[starts]]))
    found: dict[float, Reach] = {}
    area: BaseGeometry = shapely.MultiPolygon()
    for limit in sorted(set(limits_s)):
        lines = _reached_lines(graph, seconds.astype(float), limit)
        area = _area(np.concatenate([lines, np.atleast_1d(np.asarray(doors, object))]), area)
        found[limit] = Reach(limit, seconds <= limit, area)
    return tuple(found[limit] for limit in limits_s)


def _reached_lines(
    graph: WalkGraph, seconds: NDArray[np.float64], limit: float
) -> NDArray[np.object_]:
    """Return the reached part of each edge; an edge reached as a whole is drawn once."""
    edges = graph.matrix.tocoo()
    tail, head, cost = edges.row, edges.col, edges.data
    left = limit - seconds[tail]
    back = limit - seconds[head] if not graph.directed else np.full(len(left), -np.inf)
    whole = (left >= cost) | (back >= cost)
    kept = np.where(whole, (tail < head) | graph.directed, left >= 0)
    share = np.where(whole, 1.0, left / cost)
    xy = np.column_stack([graph.x, graph.y])
    start, end = xy[tail[kept]], xy[head[kept]]
    drawn = np.stack([start, start + (end - start) * share[kept, None]], axis=1)
    return np.atleast_1d(np.asarray(shapely.linestrings(drawn), object))


def _area(parts: NDArray[np.object_], inner: BaseGeometry) -> BaseGeometry:
    strips = np.asarray(shapely.buffer(parts, STREET_M, quad_segs=4), object)
    whole = shapely.union_all([*strips, inner])
    return shapely.MultiPolygon([_without_blocks(p) for p in shapely.get_parts(whole)])


def _without_blocks(polygon: shapely.Polygon) -> shapely.Polygon:
    holes = [ring for ring in polygon.interiors if shapely.Polygon(ring).area >= BLOCK_M2]
    return shapely.Polygon(polygon.exterior, holes)
