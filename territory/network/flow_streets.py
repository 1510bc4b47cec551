"""From the arcs of the walking graph to the streets people know: loads per segment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy
import shapely
from scipy import sparse

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from territory.network.walk import WalkNetwork

_STREETS = ("rue", "escalier")
_EQUAL_S = 1e-6  # two streets between the same crossings, walked in the same time


@dataclass(frozen=True, slots=True, eq=False)
class SegmentLoads:
    """
    What turns loads of arcs into loads of segments.

    `mixing` [segments, arcs] holds the share of the length of a segment that each arc walks;
    `known` [segments] is False for what lies outside the largest piece of the network: nobody is
    tied there, so nothing is known of it.
    """

    mixing: sparse.csr_array
    known: NDArray[np.bool_]

    def of(self, arcs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the mean load along each segment [segments], both ways; NaN where not known."""
        return np.where(self.known, self.mixing @ arcs, np.nan)


def segment_loads(network: WalkNetwork, segments: gpd.GeoDataFrame) -> SegmentLoads:
    """
    Return how arcs of the graph load the rows of `segments` (SEGMENTS, metric CRS).

    Streets are cut where points are tied: a piece belongs to the segment it lies on, the nearest to
    its middle, to both when two are drawn at the same spot. Only the fastest of parallel streets is
    walked, both when equal.
    """
    edges, graph = network.edges, network.graph
    streets = _main_streets(network)
    middles = shapely.line_interpolate_point(
        edges.geometry.to_numpy()[streets], 0.5, normalized=True
    )
    tree = shapely.STRtree(segments.geometry.to_numpy())
    piece, segment = tree.query_nearest(middles, all_matches=True)
    edge = streets[piece]
    metres = np.maximum(edges["length_m"].to_numpy(float)[edge], 1e-6)
    total = np.bincount(segment, metres, minlength=len(segments))
    share, seconds = metres / total[segment], edges["seconds"].to_numpy(float)[edge]
    ends = (edges[end].to_numpy(np.int64)[edge] for end in ("tail", "head"))
    tail, head = ends
    parts = []
    for a, b in ((tail, head), (head, tail)):
        arc = _arcs(graph.matrix, a, b)
        walked = (arc >= 0) & (seconds <= graph.matrix.data[arc] + _EQUAL_S)
        parts.append((share[walked], segment[walked], arc[walked]))
    data, row, column = (np.concatenate(p) for p in zip(*parts, strict=True))
    shape = (len(segments), graph.matrix.nnz)
    return SegmentLoads(sparse.csr_array((data, (row, column)), shape=shape), total > 0)


def main_nodes(network: WalkNetwork) -> NDArray[np.bool_]:
    """Return which nodes [n] belong to the largest piece, the only one that points are tied to."""
    main = np.ones(network.graph.n, np.bool_)
    main[: len(network.component)] = network.component == 0
    return main


def street_metres(network: WalkNetwork) -> NDArray[np.float64]:
    """Return the metres of street around each node [n], half of each street of the main piece."""
    streets = network.edges.iloc[_main_streets(network)]
    half = np.tile(streets["length_m"].to_numpy(float) / 2, 2)
    ends = np.concatenate([streets["tail"], streets["head"]])
    return np.bincount(ends, half, minlength=network.graph.n).astype(np.float64)


def nearest_nodes(network: WalkNetwork, xy: NDArray[np.float64], max_m: float) -> NDArray[np.int32]:
    """Return the street node of the main piece nearest to each point [k, 2], metres; -1: none."""
    known = np.flatnonzero(street_metres(network) > 0)
    if not len(known) or not len(xy):
        return np.full(len(xy), -1, np.int32)
    where = np.column_stack([network.graph.x[known], network.graph.y[known]])
    distance, nearest = scipy.spatial.KDTree(where).query(xy)
    return np.where(distance <= max_m, known[nearest], -1).astype(np.int32)


def _main_streets(network: WalkNetwork) -> NDArray[np.int64]:
    """Return the positions of the edges that are streets of the main piece, not ties nor joins."""
    street = network.edges["kind"].isin(_STREETS).to_numpy()
    return np.flatnonzero(street & main_nodes(network)[network.edges["tail"].to_numpy()])


def _arcs(
    matrix: sparse.csr_array, tail: NDArray[np.int64], head: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the place in `matrix` of each arc, -1 for a loop, which it does not hold."""
    if not matrix.nnz:
        return np.full(len(tail), -1)
    n = matrix.shape[0]
    keys = np.repeat(np.arange(n), np.diff(matrix.indptr)) * n + matrix.indices
    order = np.argsort(keys)
    at = order[np.minimum(np.searchsorted(keys[order], tail * n + head), len(keys) - 1)]
    return np.where(keys[at] == tail * n + head, at, -1)
