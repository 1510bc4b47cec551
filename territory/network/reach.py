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
    """What is reached within `limit_s`: nodes (mask) and area (metric CRS)."""

    limit_s: float
    nodes: NDArray[np.bool_]
    polygon: BaseGeometry


def reach(graph: WalkGraph, origins: ArrayLike, limits_s: Sequence[float]) -> tuple[Reach, ...]:
    """
    Return one area per limit (seconds, any order), reached from the nearest of `origins`.

    Edges reached in part are cut where the time runs out; areas are nested. Streets are drawn
    straight from node to node, as the graph holds no bends. Raises UnknownNode.
    """
    seconds, _ = nearest_times(graph, origins)
    areas: list[Reach] = []
    for limit in sorted(limits_s):
        parts = _reached_parts(graph, seconds.astype(float), limit)
        inner = [areas[-1].polygon] if areas else []
        areas.append(Reach(limit, seconds <= limit, _area(parts, inner)))
    return tuple(sorted(areas, key=lambda a: list(limits_s).index(a.limit_s)))


def _reached_parts(
    graph: WalkGraph, seconds: NDArray[np.float64], limit: float
) -> list[BaseGeometry]:
    edges = graph.matrix.tocoo()
    tail, head, cost = edges.row, edges.col, edges.data
    left = limit - seconds[tail]
    kept = left >= 0
    share = np.minimum(left[kept] / cost[kept], 1.0)[:, None]
    xy = np.column_stack([graph.x, graph.y])
    start, end = xy[tail[kept]], xy[head[kept]]
    ends = np.stack([start, start + (end - start) * share], axis=1)
    alone = [shapely.Point(spot) for spot in xy[seconds <= limit]]
    return [*(shapely.LineString(pair) for pair in ends), *alone]


def _area(parts: list[BaseGeometry], inner: list[BaseGeometry]) -> BaseGeometry:
    strips = [part.buffer(STREET_M, quad_segs=4) for part in parts]
    whole = shapely.union_all([*strips, *inner])
    return shapely.multipolygons([_without_blocks(p) for p in shapely.get_parts(whole)])


def _without_blocks(polygon: shapely.Polygon) -> shapely.Polygon:
    holes = [ring for ring in polygon.interiors if shapely.Polygon(ring).area >= BLOCK_M2]
    return shapely.Polygon(polygon.exterior, holes)
