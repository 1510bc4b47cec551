"""The compact walking graph: int32 nodes, seconds on edges, coordinates in metres."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from territory.errors import WrongUsage

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from territory.network.hierarchy.model import Hierarchy, Shape

FLOOR_S = 0.001  # scipy drops explicit zeros: a zero-length edge would vanish


@dataclass(slots=True, eq=False)
class Prepared:
    """
    The hierarchy of a graph once some question was worth making it; no answer depends on it.

    `shape` is what graphs of the same streets share, whatever their speeds and directions.
    """

    shape: Shape | None = None
    hierarchy: Hierarchy | None = None


@dataclass(frozen=True, slots=True, eq=False)
class WalkGraph:
    """
    Nodes 0..n-1 with coordinates, and a CSR matrix of seconds (smallest of parallel edges).

    `matrix` [n, n] is symmetric unless `directed`, never 0 where there is an edge; `x`, `y` [n] are
    metres in the metric CRS. `prepared` keeps what speeds the next questions up.
    """

    matrix: sparse.csr_array
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    directed: bool
    prepared: Prepared = field(default_factory=Prepared, repr=False)

    @property
    def n(self) -> int:
        """Number of nodes, isolated ones included."""
        return len(self.x)

    @property
    def turned(self) -> WalkGraph:
        """The same streets, each walked the other way."""
        if not self.directed:
            return self
        known = self.prepared.hierarchy
        ready = Prepared(self.prepared.shape, None if known is None else known.turned)
        return WalkGraph(self.matrix.T.tocsr(), self.x, self.y, self.directed, ready)

    @classmethod
    def from_edges(
        cls,
        tail: ArrayLike,
        head: ArrayLike,
        seconds: ArrayLike,
        x: ArrayLike,
        y: ArrayLike,
        *,
        directed: bool = False,
    ) -> WalkGraph:
        """
        Build the graph of an edge list; loops are dropped, seconds floored at one millisecond.

        `tail`, `head` [edges] are ids 0..n-1, `seconds` [edges] walking times, `x`, `y` [n] metres.
        Raises WrongUsage (French) for unknown ids, lengths that differ, or seconds that are
        negative or not finite.
        """
        ends = np.asarray(tail, np.int64), np.asarray(head, np.int64)
        cost, where = np.asarray(seconds, float), (np.asarray(x, float), np.asarray(y, float))
        if len(where[0]) != len(where[1]):
            raise WrongUsage("Graphe piéton : x et y n'ont pas la même longueur.")
        _refuse_bad_edges(*ends, cost, len(where[0]))
        small = ends[0].astype(np.int32), ends[1].astype(np.int32)
        matrix = _smallest(*small, np.maximum(cost, FLOOR_S), len(where[0]), directed=directed)
        return cls(matrix, *where, directed)


def components(graph: WalkGraph) -> NDArray[np.int32]:
    """
    Return the piece of each node, int32 [n], 0 for the largest (ties by smallest node).

    Weakly connected pieces of a directed graph are one.
    """
    count, labels = csgraph.connected_components(graph.matrix, directed=graph.directed)
    sizes = np.bincount(labels, minlength=count)
    first = np.full(count, graph.n)
    np.minimum.at(first, labels, np.arange(graph.n))
    rank = np.empty(count, np.int32)
    rank[np.lexsort((first, -sizes))] = np.arange(count, dtype=np.int32)
    ranked: NDArray[np.int32] = rank[labels]
    return ranked


def _refuse_bad_edges(
    tail: NDArray[np.int64], head: NDArray[np.int64], seconds: NDArray[np.float64], n: int
) -> None:
    if not len(tail) == len(head) == len(seconds):
        raise WrongUsage("Graphe piéton : tail, head et seconds n'ont pas la même longueur.")
    if len(tail) and (min(tail.min(), head.min()) < 0 or max(tail.max(), head.max()) >= n):
        raise WrongUsage("Graphe piéton : un tronçon cite un nœud qui n'existe pas.")
    if not np.isfinite(seconds).all() or (seconds < 0).any():
        raise WrongUsage("Graphe piéton : une durée est négative ou n'est pas un nombre.")


def _smallest(
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
    seconds: NDArray[np.float64],
    n: int,
    *,
    directed: bool,
) -> sparse.csr_array:
    if not directed:
        tail, head = np.concatenate([tail, head]), np.concatenate([head, tail])
        seconds = np.concatenate([seconds, seconds])
    street = tail.astype(np.int64) * n + head
    order = np.argsort(street, kind="stable")
    order = order[tail[order] != head[order]]
    first = np.flatnonzero(np.diff(street[order], prepend=-1))
    least = np.minimum.reduceat(seconds[order], first) if len(first) else seconds[:0]
    kept = order[first]
    return sparse.csr_array((least, (tail[kept], head[kept])), shape=(n, n))
