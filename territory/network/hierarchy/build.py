"""From a walking graph to its hierarchy, in one place: order, shortcuts, whole units of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from territory.network.hierarchy.contraction import customised, eliminated
from territory.network.hierarchy.dissection import contraction_order
from territory.network.hierarchy.sweep import depths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.network.graph import WalkGraph

_ROOM = 1 << 29  # the longest walk in units; twice as much still fits in 32 bits
_FINEST = 16  # 2 ** -16 s: finer than any survey of the streets


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """
    What does not depend on the times: order and shortcuts of a graph.

    `rank` [n] of each node, `order` [n] its inverse; `rows` [n + 1], `heads` [arcs] the upward arcs
    in ranks, heads ascending; `parent` [n] the lowest head of each rank, -1 at a root.
    """

    rank: NDArray[np.int32]
    order: NDArray[np.int32]
    rows: NDArray[np.int64]
    heads: NDArray[np.int32]
    parent: NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Hierarchy:
    """
    The arcs that times need, in ranks: every shortest walk goes up some arcs, then down others.

    `rank` [n] of each node; `parent` [n] in the elimination tree; `rows` [n + 1], `heads`, `units`
    [arcs] upward arcs and their length, `per_s` units a second (int32: exact sums, fast loops).
    """

    rank: NDArray[np.int32]
    parent: NDArray[np.int32]
    rows: NDArray[np.int64]
    heads: NDArray[np.int32]
    units: NDArray[np.int32]
    per_s: float

    @property
    def n(self) -> int:
        """Number of nodes."""
        return len(self.rank)


def shape_of(graph: WalkGraph) -> Shape:
    """Return the order and the shortcuts of an undirected graph, whatever its times."""
    matrix = graph.matrix
    order = contraction_order(
        matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), graph.x, graph.y
    )
    rank = np.empty(graph.n, np.int32)
    rank[order] = np.arange(graph.n, dtype=np.int32)
    up = _upward(graph, rank)
    rows, heads = eliminated(up.indptr.astype(np.int64), up.indices.astype(np.int32))
    lowest = heads[np.minimum(rows[:-1], max(len(heads) - 1, 0))] if len(heads) else rank
    parent = np.where(np.diff(rows) > 0, lowest, -1).astype(np.int32)
    return Shape(rank, order, rows, heads, parent)


def hierarchy_of(graph: WalkGraph, shape: Shape | None = None) -> Hierarchy:
    """
    Return the hierarchy of an undirected graph; `shape` is that of the same streets, if known.

    With other speeds only the lengths are computed again. Source: NETWORK.md.
    """
    shape = shape or shape_of(graph)
    up = _upward(graph, shape.rank)
    arcs = up.indptr.astype(np.int64), up.indices.astype(np.int32)
    lengths, needed = customised(shape.rows, shape.heads, arcs, up.data)
    before = np.concatenate([[0], np.cumsum(needed)])
    rows, heads, lengths = before[shape.rows], shape.heads[needed], lengths[needed]
    per_s = _units_a_second(depths(rows, heads, lengths))
    units = np.rint(lengths * per_s).astype(np.int32)
    return Hierarchy(shape.rank, shape.parent, rows, heads, units, per_s)


def _upward(graph: WalkGraph, rank: NDArray[np.int32]) -> sparse.csr_array:
    """Return the arcs that go to a higher rank, numbered by rank."""
    arcs = graph.matrix.tocoo()
    tail, head = rank[arcs.row], rank[arcs.col]
    up = head > tail
    return sparse.csr_array((arcs.data[up], (tail[up], head[up])), shape=graph.matrix.shape)


def _units_a_second(depth_s: NDArray[np.float64]) -> float:
    """Return the finest power of two for which no walk overflows: at most twice the deepest."""
    longest = 2 * float(depth_s.max(initial=0.0)) + 1.0
    return float(2.0 ** min(_FINEST, np.floor(np.log2(_ROOM / longest))))
