"""
Shortest walks with their nodes: each found as a few arcs of the hierarchy, then taken apart.

A shortcut leads over a lower rank: it is two arcs of that rank, each taken apart in turn until only
streets are left (Geisberger et al. 2008). Lengths are float64, sums of the very streets walked.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from territory.network.hierarchy.kernel import inner, kernel
from territory.network.hierarchy.sweep import closed_upwards, cores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.network.hierarchy.kernel import Ints, Lists, Longs, Reals
    from territory.network.hierarchy.model import Hierarchy

_UP, _DOWN = 0, 1  # an arc is packed as twice its position, plus its direction


def walks_between(
    hierarchy: Hierarchy, sources: NDArray[np.int32], targets: NDArray[np.int32]
) -> tuple[NDArray[np.float64], list[tuple[NDArray[np.int64], NDArray[np.int32]]]]:
    """
    Return seconds [sources, targets] (float64, inf = no way), and the nodes walked.

    Both are node ids. Per source: where each walk begins in the list of its nodes, int64
    [targets + 1], and that list; a walk goes from source to target, empty when there is none.
    """
    node = np.empty(hierarchy.n, np.int32)
    node[hierarchy.rank] = np.arange(hierarchy.n, dtype=np.int32)
    starts, ends = hierarchy.rank[sources], hierarchy.rank[targets]
    above = closed_upwards(hierarchy, ends)
    arcs = (hierarchy.rows, hierarchy.heads, hierarchy.parent, hierarchy.up_s, hierarchy.down_s)
    seconds = np.full((len(sources), len(targets)), np.inf)
    workers = min(cores(), max(len(sources), 1))

    def walk(first: int) -> list[tuple[NDArray[np.int64], NDArray[np.int32]]]:
        arrived, by = np.full(hierarchy.n, np.inf), np.full(hierarchy.n, -1, np.int32)
        lower = np.empty(hierarchy.n, np.int32)
        rows = []
        for k in range(first, len(sources), workers):
            _found(*arcs, starts[k], above, arrived, by, lower)
            seconds[k] = arrived[ends]
            rows.append(_all_walked(hierarchy, ends, arrived, by, lower, node))
            _forgotten(hierarchy.parent, starts[k], above, arrived, by)
        return rows

    with ThreadPoolExecutor(workers) as pool:
        parts = list(pool.map(walk, range(workers)))
    return seconds, [parts[k % workers][k // workers] for k in range(len(sources))]


def _all_walked(
    hierarchy: Hierarchy,
    targets: NDArray[np.int32],
    arrived: NDArray[np.float64],
    by: NDArray[np.int32],
    lower: NDArray[np.int32],
    node: NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return where each walk to `targets` begins, and their nodes, from the source on."""
    arcs = (hierarchy.rows, hierarchy.heads, hierarchy.up_over, hierarchy.down_over)
    begins, waiting = np.zeros(len(targets) + 1, np.int64), np.empty((2, len(node) + 1), np.int32)
    nodes, done = np.empty(64 * len(targets) + len(node), np.int32), 0
    while True:
        done = _walked(*arcs, targets, arrived, by, lower, node, waiting, done, begins, nodes)
        if done == len(targets):
            return begins, nodes[: begins[-1]].copy()
        nodes = np.resize(nodes, 2 * len(nodes))


@kernel
def _found(
    rows: Longs,
    heads: Ints,
    parent: Ints,
    up: Reals,
    down: Reals,
    source: int,
    above: Ints,
    arrived: Reals,
    by: Ints,
    lower: Ints,
) -> None:
    """Write when each rank is reached, by which packed arc, and the lower end of that arc."""
    arrived[source] = 0.0
    r = source
    while r != -1:
        here = arrived[r]
        if here < np.inf:
            for i in range(rows[r], rows[r + 1]):
                if here + up[i] < arrived[heads[i]]:
                    arrived[heads[i]], by[heads[i]], lower[heads[i]] = here + up[i], 2 * i, r
        r = parent[r]
    for a in range(len(above) - 1, -1, -1):
        r = above[a]
        for i in range(rows[r], rows[r + 1]):
            there = arrived[heads[i]] + down[i]
            if there < arrived[r]:
                arrived[r], by[r], lower[r] = there, 2 * i + _DOWN, r


@kernel
def _forgotten(parent: Ints, source: int, above: Ints, arrived: Reals, by: Ints) -> None:
    r = source
    while r != -1:
        arrived[r], by[r] = np.inf, -1
        r = parent[r]
    for a in range(len(above)):
        arrived[above[a]], by[above[a]] = np.inf, -1


@kernel
def _walked(
    rows: Longs,
    heads: Ints,
    up_over: Ints,
    down_over: Ints,
    targets: Ints,
    arrived: Reals,
    by: Ints,
    lower: Ints,
    node: Ints,
    waiting: Lists,
    first: int,
    begins: Longs,
    nodes: Ints,
) -> int:
    """Write the walks from target `first` on; return the first for which `nodes` is too short."""
    total = begins[first]
    for t in range(first, len(targets)):
        r = targets[t]
        if total + len(node) > len(nodes):
            return t
        if arrived[r] < np.inf:
            nodes[total] = node[r]
            total += 1
        while by[r] >= 0:
            waiting[0, 0], waiting[1, 0] = by[r], lower[r]
            r = lower[r] if by[r] % 2 == _UP else heads[by[r] // 2]
            depth = 1
            while depth:
                depth -= 1
                arc, low, falling = waiting[0, depth] // 2, waiting[1, depth], waiting[0, depth] % 2
                high = heads[arc]
                over = down_over[arc] if falling else up_over[arc]
                if over < 0:
                    nodes[total] = node[high if falling else low]
                    total += 1
                    continue
                # backwards: the part walked last is taken apart first, so it waits on top
                begin, end = rows[over], (low if falling else high)
                waiting[0, depth] = 2 * _arc_to(heads, begin, high if falling else low) + _DOWN
                waiting[0, depth + 1] = 2 * _arc_to(heads, begin, end)
                waiting[1, depth] = waiting[1, depth + 1] = over
                depth += 2
        _reverse(nodes, begins[t], total)
        begins[t + 1] = total
    return len(targets)


@inner
def _arc_to(heads: Ints, begin: int, high: int) -> int:
    """Return the position of the arc to `high` in the row that begins at `begin`."""
    i = begin
    while heads[i] != high:
        i += 1
    return i


@inner
def _reverse(nodes: Ints, first: int, end: int) -> None:
    for i in range((end - first) // 2):
        nodes[first + i], nodes[end - 1 - i] = nodes[end - 1 - i], nodes[first + i]
