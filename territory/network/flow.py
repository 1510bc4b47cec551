"""
Where given walks go: the load that trips between places put on every street and crossing.

Exact weighted betweenness restricted to chosen pairs (Brandes 2001, 2008): each trip takes a
shortest walk, in equal parts when several tie. One bounded search per root, the rarer of origins
and destinations; blocks of roots are fixed and summed in order, so that the bytes do not depend on
the number of threads.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from scipy import sparse

from territory.errors import UnknownNode, WrongUsage
from territory.network.curve import along_a_curve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import ArrayLike, NDArray

    from territory.network.graph import WalkGraph
    from territory.network.hierarchy.kernel import Ints, Longs, Reals

    Arcs = tuple[Longs, Ints, Longs, Longs]

PER_S = 1_000_000  # lengths are whole microseconds: ties are exact, sums never drift
T = TypeVar("T")
R = TypeVar("R")
BLOCKS = 16  # of roots, each with its own sums, whatever the number of threads


@dataclass(frozen=True, slots=True, eq=False)
class WalkFlows:
    """
    Loads of the arcs of the graph and of its nodes, in trips.

    `arcs` [m] follows `graph.matrix` (CSR): walks from the row to the column. `nodes` [n] counts
    those who start, end or go through. `walked` trips found a way within the limit, of `asked`.
    """

    arcs: NDArray[np.float64]
    nodes: NDArray[np.float64]
    walked: float
    asked: float


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Trips by root, int32 [roots] ascending; ends [k] of root r are first[r]..first[r + 1]."""

    roots: NDArray[np.int32]
    first: NDArray[np.int64]
    ends: NDArray[np.int32]
    trips: NDArray[np.float64]
    from_ends: bool

    @property
    def root_trips(self) -> NDArray[np.float64]:
        """Trips of each root, float64 [roots]."""
        return np.add.reduceat(self.trips, self.first[:-1]) if len(self.roots) else self.trips


def walk_flows(
    graph: WalkGraph,
    origins: ArrayLike,
    destinations: ArrayLike,
    trips: ArrayLike | sparse.sparray,
    *,
    limit_s: float | None = None,
) -> WalkFlows:
    """
    Return the loads of `trips` [origins, destinations], dense or sparse, on the walking graph.

    `origins`, `destinations` are node ids, repeats allowed; a walk longer than `limit_s` seconds is
    not made. A trip from a node to itself loads that node only. Independent of the order of the
    arguments and of the threads. Raises UnknownNode, and WrongUsage (French) for trips that are
    negative, not finite or of another shape.
    """
    demand = demand_of(graph, origins, destinations, trips)
    every = np.arange(len(demand.roots))
    arcs, nodes, walked = np.zeros(graph.matrix.nnz), np.zeros(graph.n), 0.0
    for part in loads_by_block(graph, demand, np.array_split(every, BLOCKS), limit_s):
        arcs += part[0]
        nodes += part[1]
        walked += float(part[2].sum())
    return WalkFlows(arcs, nodes, walked, float(demand.trips.sum()))


def demand_of(
    graph: WalkGraph,
    origins: ArrayLike,
    destinations: ArrayLike,
    trips: ArrayLike | sparse.sparray,
) -> Demand:
    """
    Return `trips` [origins, destinations] by root, those of the same two nodes added up.

    Roots are the rarer of the distinct origins and destinations with any trip. Raises as
    `walk_flows`: UnknownNode, WrongUsage.
    """
    rows, columns = _nodes(graph, origins), _nodes(graph, destinations)
    a, b, amount = _pairs(rows, columns, trips)
    from_ends = len(np.unique(b)) < len(np.unique(a))
    root, end = (b, a) if from_ends else (a, b)
    key = root.astype(np.int64) * graph.n + end
    order = np.argsort(key, kind="stable")
    if len(key) and (np.diff(key[order]) == 0).any():
        order = np.lexsort((amount, key))  # sums must not depend on the order of rows
    root, end, amount = root[order], end[order], amount[order]
    new = np.append(True, np.diff(key[order]) > 0)[: len(key)]
    added = np.add.reduceat(amount, np.flatnonzero(new)) if len(root) else amount
    roots, first = np.unique(root[new], return_index=True)
    starts = np.append(first, int(new.sum())).astype(np.int64)
    return Demand(roots.astype(np.int32), starts, end[new], added, from_ends)


def loads_by_block(
    graph: WalkGraph,
    demand: Demand,
    blocks: list[NDArray[np.int64]],
    limit_s: float | None,
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]]:
    """
    Yield, per block of positions of roots, loads of arcs [m], of nodes [n], walked trips [block].

    `limit_s` is seconds, None = no limit.
    """
    from territory.network.flow_kernel import (  # noqa: PLC0415 - loads numba
        loads_of_roots,
        scratch,
    )

    place, out, back = both_ways(graph, from_ends=demand.from_ends)

    def loaded(block: NDArray[np.int64]) -> tuple[Reals, Reals, Reals]:
        first, ends, trips = slices(demand, block)
        arcs, nodes = np.zeros(graph.matrix.nnz), np.zeros(graph.n)
        walked, limit = np.zeros(len(block)), microseconds(limit_s)
        roots = place[demand.roots[block]]
        asked = roots, first, place[ends], trips, limit
        loads_of_roots(out, back, *asked, arcs, nodes, walked, *scratch(graph.n, len(arcs)))
        return arcs, nodes[place], walked

    yield from in_turn(loaded, blocks)


def in_turn(task: Callable[[T], R], blocks: Iterable[T]) -> Iterator[R]:
    """Do `task` on each block with all cores; yield in order, few answers waiting in memory."""
    from territory.network.hierarchy.sweep import cores  # noqa: PLC0415 - loads numba

    workers = cores()
    with ThreadPoolExecutor(workers) as pool:
        waiting = []
        for block in blocks:
            waiting.append(pool.submit(task, block))
            if len(waiting) > workers:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def microseconds(limit_s: float | None) -> int:
    """Return a limit in seconds as the kernels want it; None is no limit."""
    return 1 << 61 if limit_s is None else round(limit_s * PER_S)


def slices(
    demand: Demand, block: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
    """Return where ends begin [block + 1], ends and trips [k] of the roots at `block` [block]."""
    sizes = demand.first[block + 1] - demand.first[block]
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    at = np.arange(first[-1]) + np.repeat(demand.first[block] - first[:-1], sizes)
    return first, demand.ends[at], demand.trips[at]


def both_ways(graph: WalkGraph, *, from_ends: bool) -> tuple[Ints, tuple[Longs, Ints, Longs], Arcs]:
    """
    Return the number of each node in memory [n], and the arcs [m] as the kernels want them.

    First by the end they are searched from (start [n + 1], other end, microseconds), then by the
    other one, with the place of each arc in `graph.matrix`. `from_ends`: searched backwards.
    """
    matrix = graph.matrix
    near = along_a_curve(graph.x, graph.y)  # neighbours side by side in memory
    place = np.argsort(near).astype(np.int32)
    row = np.repeat(np.arange(graph.n), np.diff(matrix.indptr))
    start, end = place[row], place[matrix.indices]
    if from_ends:
        start, end = end, start
    length = np.maximum(np.rint(matrix.data * PER_S), 1).astype(np.int64)
    return place, _sorted(start, end, length, graph.n)[:3], _sorted(end, start, length, graph.n)


def _sorted(by: Ints, to: Ints, length: Longs, n: int) -> Arcs:
    """Return start [n + 1], the other end, the length and the place of each arc, in CSR."""
    order = np.lexsort((to, by))
    start = np.concatenate([[0], np.cumsum(np.bincount(by, minlength=n))]).astype(np.int64)
    return start, to[order], length[order], order.astype(np.int64)


def _pairs(
    rows: NDArray[np.int32], columns: NDArray[np.int32], trips: ArrayLike | sparse.sparray
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    table = sparse.coo_array(trips if sparse.issparse(trips) else np.asarray(trips, float))
    if table.shape != (len(rows), len(columns)):
        raise WrongUsage(
            "Passage : il faut une ligne de trajets par origine et une colonne par destination."
        )
    amount = np.asarray(table.data, float)
    if not np.isfinite(amount).all() or (amount < 0).any():
        raise WrongUsage("Passage : un nombre de trajets est négatif ou n'est pas un nombre.")
    kept = amount > 0
    return rows[table.row[kept]], columns[table.col[kept]], amount[kept]


def _nodes(graph: WalkGraph, ids: ArrayLike) -> NDArray[np.int32]:
    nodes = np.asarray(ids, np.int64).ravel()
    if nodes.size and (nodes.min() < 0 or nodes.max() >= graph.n):
        raise UnknownNode(f"Ce nœud n'existe pas : le réseau va de 0 à {graph.n - 1}.")
    return nodes.astype(np.int32)
