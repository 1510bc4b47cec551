"""
Exact walking times on a WalkGraph, by Dijkstra's algorithm (scipy).

inf means out of reach (not connected, or beyond the limit) and never zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csgraph

from territory.errors import UnknownNode

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from scipy import sparse

    from territory.network.graph import WalkGraph

_BLOCK_CELLS = 20_000_000  # float64 cells of one block of rows: 160 MB


def walk_times(
    graph: WalkGraph,
    origins: ArrayLike,
    destinations: ArrayLike,
    *,
    limit_s: float | None = None,
) -> NDArray[np.float32]:
    """
    Return seconds [origins, destinations], float32, inf beyond `limit_s` or not connected.

    `origins` and `destinations` are node ids 0..n-1, repeats allowed; `limit_s` is seconds, None =
    no limit. One search (Dijkstra 1959) per distinct node of the shorter side. Raises UnknownNode.
    """
    sources, targets = _nodes(graph, origins), _nodes(graph, destinations)
    if len(np.unique(targets)) < len(np.unique(sources)):
        return np.ascontiguousarray(_rows(_backwards(graph), targets, sources, limit_s).T)
    return _rows(graph.matrix, sources, targets, limit_s)


def nearest_times(
    graph: WalkGraph, destinations: ArrayLike
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """
    Return, for every node, seconds to its nearest destination (float32 [n]) and which (int32 [n]).

    `destinations` [k] are node ids. « Which » is a position among them, the smallest when times are
    equal; inf and -1 where none is connected. Raises UnknownNode.
    """
    targets = _nodes(graph, destinations)
    if not len(targets):
        return np.full(graph.n, np.inf, np.float32), np.full(graph.n, -1, np.int32)
    unique, first = np.unique(targets, return_index=True)
    seconds, _, source = csgraph.dijkstra(
        _backwards(graph), indices=unique, min_only=True, return_predecessors=True
    )
    position = np.full(graph.n, -1, np.int32)
    position[unique] = first
    which = np.where(np.isfinite(seconds), position[np.clip(source, 0, None)], -1)
    return seconds.astype(np.float32), which.astype(np.int32)


def shortest_path(graph: WalkGraph, origin: int, destination: int) -> NDArray[np.int32]:
    """
    Return the nodes walked from origin to destination, both included: int32 [k].

    Empty when there is no way, one node when they are the same. Raises UnknownNode.
    """
    start, end = (int(n) for n in _nodes(graph, [origin, destination]))
    _, before = csgraph.dijkstra(graph.matrix, indices=start, return_predecessors=True)
    if start != end and before[end] < 0:
        return np.empty(0, np.int32)
    path = [end]
    while path[-1] != start:
        path.append(int(before[path[-1]]))
    return np.array(path[::-1], np.int32)


def _nodes(graph: WalkGraph, ids: ArrayLike) -> NDArray[np.int32]:
    nodes = np.atleast_1d(np.asarray(ids, np.int64))
    if nodes.size and (nodes.min() < 0 or nodes.max() >= graph.n):
        raise UnknownNode(f"Ce nœud n'existe pas : le réseau va de 0 à {graph.n - 1}.")
    return nodes.astype(np.int32)


def _backwards(graph: WalkGraph) -> sparse.csr_array:
    return graph.matrix.T.tocsr() if graph.directed else graph.matrix


def _rows(
    matrix: sparse.csr_array,
    sources: NDArray[np.int32],
    targets: NDArray[np.int32],
    limit_s: float | None,
) -> NDArray[np.float32]:
    """Run from each distinct source, by blocks that bound the memory."""
    out = np.empty((len(sources), len(targets)), np.float32)
    unique, back = np.unique(sources, return_inverse=True)
    size = max(1, _BLOCK_CELLS // max(matrix.shape[0], 1))
    for start in range(0, len(unique), size):
        block = unique[start : start + size]
        limit = np.inf if limit_s is None else limit_s
        seconds = csgraph.dijkstra(matrix, indices=block, limit=limit)
        rows = np.flatnonzero((back >= start) & (back < start + len(block)))
        out[rows] = seconds[np.ix_(back[rows] - start, targets)]
    return out
