"""
Exact walking times on a WalkGraph: by searches (scipy) or, for many, by its hierarchy.

inf means out of reach (not connected, or beyond the limit) and never zero. Both ways give the same
times within a thousandth of a second; which one answers depends on sizes only, never on the clock.
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
    from territory.network.hierarchy.model import Hierarchy

_NODES_A_SECOND = 5_000_000  # that searches of scipy settle
_SWEPT_A_SECOND = 300_000_000  # nodes times sources that the hierarchy sweeps
_ROW_SHARE = 0.015  # what a limited search costs for each node it never sees: its row
_LOAD_S = 0.8  # to load the compiled kernels, once a process
_PREPARE_S = 10e-6  # a node, to make the hierarchy
_PROBES = 3  # searches made to see how far a limit goes
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
    no limit. One search (Dijkstra 1959) per distinct node of the shorter side, or the hierarchy of
    the graph where that is faster. Raises UnknownNode.
    """
    sources, targets = known_nodes(graph, origins), known_nodes(graph, destinations)
    hierarchy = _hierarchy_if_worth(graph, sources, targets, limit_s)
    if hierarchy is not None:
        return _swept(hierarchy, sources, targets, limit_s)
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
    targets = known_nodes(graph, destinations)
    if not len(targets):
        return np.full(graph.n, np.inf, np.float32), np.full(graph.n, -1, np.int32)
    if graph.prepared.hierarchy is not None:
        from territory.network.hierarchy.sweep import nearest  # noqa: PLC0415 - loads numba

        return nearest(graph.prepared.hierarchy, targets)
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
    start, end = (int(n) for n in known_nodes(graph, [origin, destination]))
    _, before = csgraph.dijkstra(graph.matrix, indices=start, return_predecessors=True)
    if start != end and before[end] < 0:
        return np.empty(0, np.int32)
    path = [end]
    while path[-1] != start:
        path.append(int(before[path[-1]]))
    return np.array(path[::-1], np.int32)


def shortest_paths(
    graph: WalkGraph, origins: ArrayLike, destinations: ArrayLike
) -> tuple[NDArray[np.float64], list[list[NDArray[np.int32]]]]:
    """
    Return seconds [origins, destinations] (float64) and the nodes of each walk, both ends included.

    Rows of walks as rows of seconds; an empty walk and inf when there is no way. Raises
    UnknownNode.
    """
    from territory.network.hierarchy.unpacking import walks_between  # noqa: PLC0415 - loads numba

    sources, targets = known_nodes(graph, origins), known_nodes(graph, destinations)
    seconds, rows = walks_between(prepare(graph), sources, targets)
    walks = [np.split(nodes, begins[1:-1]) if len(targets) else [] for begins, nodes in rows]
    return seconds, walks


def prepare(graph: WalkGraph) -> Hierarchy:
    """Return the hierarchy of the graph, made once; from the shape of its streets where known."""
    ready = graph.prepared
    if ready.hierarchy is None:
        from territory.network.hierarchy.build import (  # noqa: PLC0415 - loads numba
            hierarchy_of,
            shape_of,
        )

        ready.shape = ready.shape or shape_of(graph)
        ready.hierarchy = hierarchy_of(graph, ready.shape)
    return ready.hierarchy


def _hierarchy_if_worth(
    graph: WalkGraph,
    sources: NDArray[np.int32],
    targets: NDArray[np.int32],
    limit_s: float | None,
) -> Hierarchy | None:
    """Return the hierarchy when searches would take longer than loading, or making, it."""
    searches = min(len(np.unique(sources)), len(np.unique(targets)))
    known = graph.prepared.hierarchy is not None
    ours_s = searches * graph.n / _SWEPT_A_SECOND
    ours_s += 0.0 if known else _LOAD_S + _PREPARE_S * graph.n
    if searches * graph.n <= ours_s * _NODES_A_SECOND:
        return None
    if limit_s is not None:
        probes = np.unique(sources)[:: max(len(sources) // _PROBES, 1)][:_PROBES]
        reached = _rows(graph.matrix, probes, np.arange(graph.n, dtype=np.int32), limit_s)
        settled = np.isfinite(reached).sum(axis=1).mean() + graph.n * _ROW_SHARE
        if searches * settled <= ours_s * _NODES_A_SECOND:
            return None
    return prepare(graph)


def _swept(
    hierarchy: Hierarchy,
    sources: NDArray[np.int32],
    targets: NDArray[np.int32],
    limit_s: float | None,
) -> NDArray[np.float32]:
    """Return the times by the hierarchy, swept from the side with fewer distinct nodes."""
    from territory.network.hierarchy.sweep import times_between  # noqa: PLC0415 - loads numba

    rows, row_of = np.unique(sources, return_inverse=True)
    columns, column_of = np.unique(targets, return_inverse=True)
    if len(rows) <= len(columns):
        seconds = times_between(hierarchy, rows, columns)
    else:
        seconds = np.ascontiguousarray(times_between(hierarchy.turned, columns, rows).T)
    if limit_s is not None:
        seconds[seconds > limit_s] = np.inf
    if len(rows) < len(sources) or len(columns) < len(targets) or _unsorted(row_of, column_of):
        seconds = seconds[np.ix_(row_of, column_of)]
    return seconds


def _unsorted(*positions: NDArray[np.intp]) -> bool:
    return any((np.diff(p) < 0).any() for p in positions)


def known_nodes(graph: WalkGraph, ids: ArrayLike) -> NDArray[np.int32]:
    """Return node ids [k] as int32; raises UnknownNode where the graph has none of that number."""
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
