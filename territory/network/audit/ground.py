"""The streets alone, in metres: what every question of the audit is asked of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import csgraph

from territory.network.curve import along_a_curve
from territory.network.graph import WalkGraph
from territory.network.joins import JOIN
from territory.network.snap import CONNECTOR
from territory.network.times import walk_times

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from territory.network.walk import WalkNetwork

_BLOCK = 512  # origins searched together
_SLACK = 1.01  # a length on the ground may be a little shorter than the line drawn
_MINUTE_M = 75.0  # walked in a minute at 4.5 km/h, where no street tells


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """
    Streets [m] without connectors nor joins, one metric CRS, and their graph counted in metres.

    `metres` is undirected, joins included: what is asked is whether the map holds together,
    whoever walks. `piece` and `bare` [nodes] are int32 pieces with and without the joins, 0 the
    largest, -1 for the doors of points, which are no street. `minute_m`: metres in a minute.
    """

    streets: gpd.GeoDataFrame
    metres: WalkGraph
    piece: NDArray[np.int32]
    bare: NDArray[np.int32]
    minute_m: float

    @property
    def lines(self) -> NDArray[np.object_]:
        """Geometries of the streets [m], metres in the metric CRS."""
        lines: NDArray[np.object_] = self.streets.geometry.to_numpy()
        return lines

    def piece_of_streets(self, labels: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return the piece of each street [m], taken from `labels` [nodes]."""
        found: NDArray[np.int32] = labels[self.streets["tail"].to_numpy()]
        return found


def ground_of(network: WalkNetwork) -> Ground:
    """Return what `network` holds once its points are taken away."""
    edges = network.edges
    streets = edges[~edges["kind"].isin([CONNECTOR, JOIN])].reset_index(drop=True)
    joined = edges[edges["kind"] != CONNECTOR]
    metres, alone = _graph(joined, network.graph), _graph(streets, network.graph)
    n = len(network.component)
    return Ground(streets, metres, _pieces(metres, n), _pieces(alone, n), _minute_m(streets))


def metres_between(
    graph: WalkGraph,
    a: NDArray[np.int32],
    b: NDArray[np.int32],
    limit_m: float = np.inf,
) -> NDArray[np.float64]:
    """
    Return the metres walked from a[i] to b[i], float64 [pairs], inf beyond `limit_m` or unlinked.

    `a`, `b` [pairs] are nodes of a graph whose seconds are metres. Origins are taken by
    neighbourhoods; within a limit, only the nodes that it can reach are looked at.
    """
    out = np.full(len(a), np.inf)
    rank = np.empty(graph.n, np.int64)
    rank[along_a_curve(graph.x, graph.y)] = np.arange(graph.n)
    order = np.argsort(rank[a], kind="stable")
    _, starts = np.unique(rank[a[order]], return_index=True)
    for rows in np.split(order, starts[_BLOCK::_BLOCK]):
        if len(rows):
            out[rows] = _block(graph, a[rows], b[rows], limit_m)
    return out


def _block(
    graph: WalkGraph, a: NDArray[np.int32], b: NDArray[np.int32], limit_m: float
) -> NDArray[np.float64]:
    near, place = graph, np.arange(graph.n)
    found = np.full(len(a), np.inf)
    limit = None
    if np.isfinite(limit_m):
        kept = _within(graph, a, limit_m * _SLACK)
        matrix = graph.matrix[kept][:, kept]
        near = WalkGraph(matrix, graph.x[kept], graph.y[kept], directed=False)
        place = np.full(graph.n, -1)
        place[kept] = np.arange(len(kept))
        limit = limit_m
    here = np.flatnonzero(place[b] >= 0)
    origins, row = np.unique(place[a[here]], return_inverse=True)
    ends, column = np.unique(place[b[here]], return_inverse=True)
    if len(here):
        found[here] = walk_times(near, origins, ends, limit_s=limit)[row, column]
    return found


def _within(graph: WalkGraph, a: NDArray[np.int32], reach_m: float) -> NDArray[np.int64]:
    """Return the nodes in the box around the nodes `a`, `reach_m` metres wider on each side."""
    x, y = graph.x, graph.y
    inside = (x >= x[a].min() - reach_m) & (x <= x[a].max() + reach_m)
    return np.flatnonzero(inside & (y >= y[a].min() - reach_m) & (y <= y[a].max() + reach_m))


def _graph(edges: gpd.GeoDataFrame, like: WalkGraph) -> WalkGraph:
    return WalkGraph.from_edges(edges["tail"], edges["head"], edges["length_m"], like.x, like.y)


def _pieces(graph: WalkGraph, n: int) -> NDArray[np.int32]:
    """Rank pieces as the network does: by its own `n` nodes, whatever points cut its streets."""
    labels = csgraph.connected_components(graph.matrix, directed=False)[1]
    kinds, first, sizes = np.unique(labels[:n], return_index=True, return_counts=True)
    rank = np.full(labels.max(initial=-1) + 1, -1, np.int32)
    rank[kinds[np.lexsort((first, -sizes))]] = np.arange(len(kinds), dtype=np.int32)
    ranked: NDArray[np.int32] = rank[labels]
    return ranked


def _minute_m(streets: pd.DataFrame) -> float:
    paces = (60 * streets["length_m"] / streets["seconds"]).replace([np.inf, -np.inf], np.nan)
    return float(paces.median()) if paces.notna().any() else _MINUTE_M


def along(
    ground: Ground, street: NDArray[np.int64], spots: NDArray[np.object_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Return the metres walked from the tail and from the head of each street to the foot of a spot.

    `street` [k] are positions of streets, `spots` [k] points in the metric CRS, projected on them.
    """
    lines, length_m = ground.lines[street], ground.streets["length_m"].to_numpy(float)[street]
    share = shapely.line_locate_point(lines, spots, normalized=True)
    return share * length_m, (1 - share) * length_m


def points_at(xy: NDArray[np.float64]) -> NDArray[np.object_]:
    """Return the points of coordinates `xy` [k, 2], metres in the metric CRS of the network."""
    return np.asarray(shapely.points(xy), object).reshape(-1)


def node_points(ground: Ground, nodes: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return the points of `nodes` [k], metric CRS of the network."""
    return points_at(np.column_stack([ground.metres.x[nodes], ground.metres.y[nodes]]))
