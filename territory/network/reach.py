"""What is within reach on foot: nested areas drawn along the streets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.ops import substring

from territory.network.times import nearest_times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray
    from shapely.geometry.base import BaseGeometry

    from territory.network.graph import WalkGraph
    from territory.network.walk import WalkNetwork

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
    ha filled. Streets are drawn straight from node to node, as the graph holds no bends:
    `reach_along` follows them. Raises UnknownNode.
    """
    arcs, xy = graph.matrix.tocoo(), np.column_stack([graph.x, graph.y])
    kept = (arcs.row < arcs.col) | graph.directed
    tail, head, forth = arcs.row[kept], arcs.col[kept], arcs.data[kept]
    back = np.full(len(forth), np.inf) if graph.directed else forth
    lines = np.asarray(shapely.linestrings(np.stack([xy[tail], xy[head]], axis=1)), object)
    return _reached(graph, origins, limits_s, _Streets(tail, head, forth, back, lines))


def reach_along(
    network: WalkNetwork, origins: Sequence[str], limits_min: Sequence[float]
) -> tuple[Reach, ...]:
    """
    Return as `reach`, drawn along the bends of the streets, from the nearest of named points.

    `origins` are point_ids of the network, in its metric CRS; limits in minutes (`limit_s` of the
    answers is in seconds). Points unknown or tied to no street reach nothing.
    """
    edges, nodes = network.edges, network.points["node"].reindex(list(origins)).fillna(-1)
    tail, head = edges["tail"].to_numpy(np.int32), edges["head"].to_numpy(np.int32)
    forth, back = edges["seconds"].to_numpy(float), edges["seconds_back"].to_numpy(float)
    lines = np.asarray(edges.geometry.to_numpy(), object)
    streets = _Streets(tail, head, forth, back, lines)
    starts = nodes[nodes >= 0].astype(np.int32)
    return _reached(network.graph, starts, [60.0 * m for m in limits_min], streets)


@dataclass(frozen=True, slots=True, eq=False)
class _Streets:
    """Ends, seconds walked forth and back, and lines from tail to head: arrays [edges]."""

    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    forth: NDArray[np.float64]
    back: NDArray[np.float64]
    lines: NDArray[np.object_]


def _reached(
    graph: WalkGraph, origins: ArrayLike, limits_s: Sequence[float], streets: _Streets
) -> tuple[Reach, ...]:
    seconds = nearest_times(graph.turned, origins)[0].astype(float)
    starts = np.unique(np.asarray(origins, np.int64))
    doors = shapely.points(np.column_stack([graph.x[starts], graph.y[starts]]))
    found: dict[float, Reach] = {}
    area: BaseGeometry = shapely.MultiPolygon()
    for limit in sorted(set(limits_s)):
        lines = _reached_lines(streets, seconds, limit)
        area = _area(np.concatenate([lines, np.atleast_1d(np.asarray(doors, object))]), area)
        found[limit] = Reach(limit, seconds <= limit, area)
    return tuple(found[limit] for limit in limits_s)


def _reached_lines(
    streets: _Streets, seconds: NDArray[np.float64], limit: float
) -> NDArray[np.object_]:
    """Return the reached part of each street: all of it, or a stretch from either end."""
    left = limit - seconds[streets.tail], limit - seconds[streets.head]
    whole = (left[0] >= streets.forth) | (left[1] >= streets.back)
    parts = list(streets.lines[whole])
    from_tail = np.flatnonzero(~whole & (left[0] >= 0) & np.isfinite(streets.forth))
    parts += [
        substring(streets.lines[k], 0.0, left[0][k] / streets.forth[k], normalized=True)
        for k in from_tail
    ]
    from_head = np.flatnonzero(~whole & (left[1] >= 0) & np.isfinite(streets.back))
    parts += [
        substring(streets.lines[k], 1.0 - left[1][k] / streets.back[k], 1.0, normalized=True)
        for k in from_head
    ]
    drawn = np.empty(len(parts), object)
    drawn[:] = parts
    return drawn


def _area(parts: NDArray[np.object_], inner: BaseGeometry) -> BaseGeometry:
    strips = np.asarray(shapely.buffer(parts, STREET_M, quad_segs=4), object)
    whole = shapely.union_all([*strips, inner])
    return shapely.MultiPolygon([_without_blocks(p) for p in shapely.get_parts(whole)])


def _without_blocks(polygon: shapely.Polygon) -> shapely.Polygon:
    holes = [ring for ring in polygon.interiors if shapely.Polygon(ring).area >= BLOCK_M2]
    return shapely.Polygon(polygon.exterior, holes)
