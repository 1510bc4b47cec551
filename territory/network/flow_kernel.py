"""
Loads of shortest walks: one bounded search from a root, then loads carried back along all ties.

Dijkstra (1959), then the accumulation of Brandes (2001; 2008 for chosen pairs). Lengths are whole
microseconds: two walks tie, or not, whichever end was searched from and in whatever order.
"""

# ruff: noqa: C901, PLR0913, PLR0917 - compiled loops: arrays in, one loop nest each

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.network.hierarchy.kernel import kernel

if TYPE_CHECKING:
    from territory.network.hierarchy.kernel import Ints, Longs, Marks, Reals

FAR = np.int64(1 << 62)


@kernel
def loads_of_roots(
    out: tuple[Longs, Ints, Longs],
    back: tuple[Longs, Ints, Longs, Longs],
    roots: Ints,
    first: Longs,
    ends: Ints,
    loads: Reals,
    limit: int,
    arcs: Reals,
    nodes: Reals,
    walked: Reals,
) -> None:
    """
    Add the loads between each root and its ends to `arcs` [m] and `nodes` [n].

    `out` is the graph to search, (start, head, microseconds) in CSR; `back` the same arcs by the
    node they lead to, and which arc of `arcs` each is. The ends of root r are
    ends[first[r]:first[r + 1]], each once, with the same slice of `loads`. `walked` [roots] takes
    the load carried: that of the ends within `limit` microseconds, which is included.
    """
    n = len(out[0]) - 1
    times, ways, load = np.full(n, FAR, np.int64), np.zeros(n), np.zeros(n)
    left = np.zeros(n, np.bool_)
    heap, at, seen = np.empty(n, np.int32), np.full(n, -1, np.int32), np.empty(n, np.int32)
    keys = np.empty(n, np.int64)
    for r in range(len(roots)):
        for k in range(first[r], first[r + 1]):
            load[ends[k]], left[ends[k]] = loads[k], True
        many = first[r + 1] - first[r]
        found, settled = _search(
            out, roots[r], left, many, limit, times, ways, keys, heap, at, seen
        )
        for k in range(first[r], first[r + 1]):
            if left[ends[k]]:
                load[ends[k]], left[ends[k]] = 0.0, False  # out of reach
            walked[r] += load[ends[k]]
        _carry(back, heap, settled, times, ways, load, arcs, nodes)
        for i in range(found):
            v = seen[i]
            times[v], ways[v], load[v], at[v] = FAR, 0.0, 0.0, -1


@kernel
def _search(
    out: tuple[Longs, Ints, Longs],
    root: int,
    left: Marks,
    many: int,
    limit: int,
    times: Longs,
    ways: Reals,
    keys: Longs,
    heap: Ints,
    at: Ints,
    seen: Ints,
) -> tuple[int, int]:
    """
    Settle nodes until no wanted one is `left`; return how many were seen, and settled.

    The settled ones stand, last first, at the end of `heap`: what leaves it makes the room.
    """
    start, head, length = out
    times[root], ways[root], seen[0] = 0, 1.0, root
    keys[0], heap[0], at[root] = 0, root, 0
    size, found, settled, n = 1, 1, 0, len(heap)
    while size:
        v, here = heap[0], keys[0]
        size -= 1
        if size:
            _sink(keys, heap, at, size)
        settled += 1
        heap[n - settled] = v
        if left[v]:
            left[v] = False
            many -= 1
        if many == 0:
            break
        for j in range(start[v], start[v + 1]):
            u, there = head[j], here + length[j]
            if there < times[u] and there <= limit:
                if times[u] == FAR:
                    seen[found], at[u] = u, size
                    found += 1
                    size += 1
                times[u], ways[u] = there, ways[v]
                _rise(keys, heap, at, u, there)
            elif there == times[u]:
                ways[u] += ways[v]
    return found, settled


@kernel
def _carry(
    back: tuple[Longs, Ints, Longs, Longs],
    heap: Ints,
    settled: int,
    times: Longs,
    ways: Reals,
    load: Reals,
    arcs: Reals,
    nodes: Reals,
) -> None:
    """Carry loads from the farthest settled node down to the root, shared among tied walks."""
    start, tail, length, which = back
    n = len(heap)
    for i in range(n - settled, n):
        v = heap[i]
        if load[v] <= 0.0:
            continue
        nodes[v] += load[v]
        share = load[v] / ways[v]
        for j in range(start[v], start[v + 1]):
            u = tail[j]
            if times[u] < times[v] and times[u] + length[j] == times[v]:
                part = share * ways[u]
                arcs[which[j]] += part
                load[u] += part


@kernel
def _rise(keys: Longs, heap: Ints, at: Ints, node: int, key: int) -> None:
    """Bring a node up to its place in the heap, after its time went down."""
    i = at[node]
    while i > 0:
        above = (i - 1) >> 1
        if keys[above] <= key:
            break
        keys[i], heap[i] = keys[above], heap[above]
        at[heap[i]] = i
        i = above
    keys[i], heap[i], at[node] = key, node, i


@kernel
def _sink(keys: Longs, heap: Ints, at: Ints, size: int) -> None:
    """Put the last of the heap in the place of the first."""
    node, key, i = heap[size], keys[size], 0
    while True:
        below = 2 * i + 1
        if below >= size:
            break
        if below + 1 < size and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[i], heap[i] = keys[below], heap[below]
        at[heap[i]] = i
        i = below
    keys[i], heap[i], at[node] = key, node, i
