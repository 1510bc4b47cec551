"""From a walking graph to its hierarchy, in one place: order, shortcuts, whole units of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from territory.network.curve import along_a_curve
from territory.network.hierarchy.contraction import Lengths, customised, eliminated
from territory.network.hierarchy.dissection import contraction_order
from territory.network.hierarchy.model import Hierarchy, Shape
from territory.network.hierarchy.sweep import FAR, depths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.network.graph import WalkGraph
    from territory.network.hierarchy.contraction import Streets

_ROOM = 1 << 29  # the longest walk in units; twice as much still fits in 32 bits
_FINEST = 16  # 2 ** -16 s: finer than any survey of the streets


def shape_of(graph: WalkGraph) -> Shape:
    """Return the order and the shortcuts of a graph, whatever its times and directions."""
    matrix = _both_ways(graph)
    rank = np.empty(graph.n, np.int32)
    rank[_order(matrix, graph.x, graph.y)] = np.arange(graph.n, dtype=np.int32)
    rows, heads = eliminated(*_upward(matrix, rank)[:2])
    lowest = heads[np.minimum(rows[:-1], max(len(heads) - 1, 0))] if len(heads) else rank
    parent = np.where(np.diff(rows) > 0, lowest, -1).astype(np.int32)
    return Shape(rank, rows, heads, parent)


def hierarchy_of(graph: WalkGraph, shape: Shape | None = None) -> Hierarchy:
    """
    Return the hierarchy of a graph; `shape` is that of the same streets, if known.

    With other speeds, or streets closed or one-way, only the lengths are computed again. Raises
    ValueError when `shape` lacks a street. Source: NETWORK.md.
    """
    shape = shape or shape_of(graph)
    up = down = _upward(graph.matrix, shape.rank)
    if graph.directed:
        down = _upward(graph.matrix.T.tocsr(), shape.rank)
    found = customised(shape.rows, shape.heads, up, down)
    before = np.concatenate([[0], np.cumsum(found.needed)])
    rows, heads = before[shape.rows], shape.heads[found.needed]
    return _measured(graph, shape, rows, heads, _kept(found))


def _kept(found: Lengths) -> Lengths:
    """Return the needed arcs alone; one array stays one."""
    up, up_over = found.up[found.needed], found.up_over[found.needed]
    if found.down is found.up:
        return Lengths(up, up, up_over, up_over, found.needed)
    down, down_over = found.down[found.needed], found.down_over[found.needed]
    return Lengths(up, down, up_over, down_over, found.needed)


def _measured(
    graph: WalkGraph,
    shape: Shape,
    rows: NDArray[np.int64],
    heads: NDArray[np.int32],
    kept: Lengths,
) -> Hierarchy:
    per_s = _units_a_second(_longest_s(graph, shape.rank, rows, heads, kept))
    units = _units(kept.up, per_s)
    other = units if kept.down is kept.up else _units(kept.down, per_s)
    return Hierarchy(
        shape.rank, shape.parent, rows, heads,
        kept.up, kept.down, kept.up_over, kept.down_over, units, other, per_s,
    )  # fmt: skip


def _units(seconds: NDArray[np.float64], per_s: float) -> NDArray[np.int32]:
    far = np.isinf(seconds)
    units: NDArray[np.int32] = np.rint(np.where(far, 0.0, seconds) * per_s).astype(np.int32)
    units[far] = FAR
    return units


def _longest_s(
    graph: WalkGraph,
    rank: NDArray[np.int32],
    rows: NDArray[np.int64],
    heads: NDArray[np.int32],
    kept: Lengths,
) -> float:
    """
    Return a bound on the longest shortest walk: up to the root of a piece, then down from it.

    Nodes that one-way streets cut off from their root are passed at most once each: all their
    streets are added.
    """
    up = depths(rows, heads, kept.up)
    down = up if kept.down is kept.up else depths(rows, heads, kept.down)
    good = np.isfinite(up) & np.isfinite(down)
    longest = float(up[good].max(initial=0.0) + down[good].max(initial=0.0))
    if good.all():
        return longest
    arcs, cut_off = graph.matrix.tocoo(), ~good[rank]
    return longest + float(arcs.data[cut_off[arcs.row] | cut_off[arcs.col]].sum())


def _units_a_second(longest_s: float) -> float:
    """Return the finest power of two for which no walk overflows."""
    return float(2.0 ** min(_FINEST, np.floor(np.log2(_ROOM / (longest_s + 1.0)))))


def _order(
    matrix: sparse.csr_array, x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.int32]:
    """Return the nodes in the order of their contraction."""
    near = along_a_curve(x, y)  # neighbours side by side in memory: five times as fast
    local = matrix[near][:, near].sorted_indices()
    start, head = local.indptr.astype(np.int64), local.indices.astype(np.int32)
    order: NDArray[np.int32] = near[contraction_order(start, head, x[near], y[near])]
    return order


def _both_ways(graph: WalkGraph) -> sparse.csr_array:
    """Return the streets as if all could be walked both ways."""
    return (graph.matrix + graph.matrix.T).tocsr() if graph.directed else graph.matrix


def _upward(matrix: sparse.csr_array, rank: NDArray[np.int32]) -> Streets:
    """Return the arcs that go to a higher rank, numbered by rank: CSR (start, head, seconds)."""
    arcs = matrix.tocoo()
    tail, head = rank[arcs.row], rank[arcs.col]
    up = head > tail
    kept = sparse.csr_array((arcs.data[up], (tail[up], head[up])), shape=matrix.shape)
    return kept.indptr.astype(np.int64), kept.indices.astype(np.int32), kept.data
