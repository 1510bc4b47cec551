"""
Loads of shortest walks: one bounded search from a root, then loads carried back along all ties.

Dijkstra (1959), then the accumulation of Brandes (2001; 2008 for chosen pairs). Lengths are whole
microseconds: two walks tie, or not, whichever end was searched from and in whatever order.
"""

# ruff: noqa: C901, PLR0913, PLR0917 - compiled loops: arrays in, one loop nest each

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from territory.network.hierarchy.kernel import inner, kernel

if TYPE_CHECKING:
    from territory.network.hierarchy.kernel import Ints, Longs, Marks, Reals

FAR = np.int64(1 << 62)


def scratch(n: int, arcs: int) -> tuple[Any, ...]:
    """Return the arrays, [n] and [arcs], that searches leave as clean as they found them."""
    return (
        np.full(n, FAR), np.zeros(n), np.zeros(n), np.zeros(n, np.bool_), np.empty(n, np.int64),
        np.empty(n, np.int32), np.full(n, -1, np.int32), np.empty(n, np.int32),
        np.empty(arcs, np.int64),
    )  # fmt: skip


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
    times: Longs,
    ways: Reals,
    load: Reals,
    left: Marks,
    keys: Longs,
    heap: Ints,
    at: Ints,
    seen: Ints,
    touched: Longs,
) -> None:
    """
    Add the loads between each root and its ends to `arcs` [m] and `nodes` [n].

    `out` is the graph to search, (start, head, microseconds) in CSR; `back` the same arcs by the
    node they lead to, and which one of `arcs` each loads. The ends of root r are
    ends[first[r]:first[r + 1]], each once, with the same slice of `loads`. `walked` [roots] takes
    the load carried: that of the ends within `limit` microseconds, which is included. The rest is
    `scratch`.
    """
    many = 0
    for r in range(len(roots)):
        own = slice(first[r], first[r + 1])
        many = _load(
            out, back, roots[r], ends[own], loads[own], limit, times, ways, load, left, keys, heap,
            at, seen, arcs, nodes, touched, many, walked[r : r + 1],
        )  # fmt: skip


@kernel
def sampled_strata(
    out: tuple[Longs, Ints, Longs],
    back: tuple[Longs, Ints, Longs, Longs],
    roots: Ints,
    first: Longs,
    ends: Ints,
    shares: Reals,
    drawn: Longs,
    limit: int,
    step: float,
    mean: Reals,
    variance: Reals,
    square: Reals,
) -> None:
    """
    Add strata of `step` trips to the mean, the variance and its square of each street [streets].

    `drawn` [2 x strata] are positions of roots, ascending: two draws a stratum. The rest is as in
    `loads_of_roots`, `shares` being loads of a root that sum to one. A root is searched once while
    it comes back.
    """
    n, streets = len(out[0]) - 1, len(mean)
    times, ways, load = np.full(n, FAR, np.int64), np.zeros(n), np.zeros(n)
    left, keys, nodes = np.zeros(n, np.bool_), np.empty(n, np.int64), np.zeros(n)
    heap, at, seen = np.empty(n, np.int32), np.full(n, -1, np.int32), np.empty(n, np.int32)
    share, touched = np.zeros((2, streets)), np.empty((2, streets), np.int64)
    many, held, walked = np.zeros(2, np.int64), np.full(2, -1, np.int64), np.zeros(1)
    for s in range(len(drawn) // 2):
        a, b = drawn[2 * s], drawn[2 * s + 1]
        one = 1 if held[1] == a or (held[0] == b and held[0] != a) else 0
        for slot, r in ((one, a), (one if a == b else 1 - one, b)):
            if held[slot] == r:
                continue
            for i in range(many[slot]):
                share[slot, touched[slot, i]] = 0.0
            own = slice(first[r], first[r + 1])
            many[slot] = _load(
                out, back, roots[r], ends[own], shares[own], limit, times, ways, load, left, keys,
                heap, at, seen, share[slot], nodes, touched[slot], 0, walked,
            )  # fmt: skip
            held[slot] = r
        other = one if a == b else 1 - one
        for i in range(many[one]):
            k = touched[one, i]
            _add(k, step, share[one, k], share[other, k], mean, variance, square)
        for i in range(many[other]):
            k = touched[other, i]
            if share[one, k] == 0.0:
                _add(k, step, 0.0, share[other, k], mean, variance, square)


@inner
def _add(
    k: int, step: float, x: float, y: float, mean: Reals, variance: Reals, square: Reals
) -> None:
    """Add the two draws of a stratum to the sums of street k."""
    spread = (step * (x - y) / 2) ** 2
    mean[k] += step * (x + y) / 2
    variance[k] += spread
    square[k] += spread * spread


@inner
def _load(
    out: tuple[Longs, Ints, Longs],
    back: tuple[Longs, Ints, Longs, Longs],
    root: int,
    ends: Ints,
    loads: Reals,
    limit: int,
    times: Longs,
    ways: Reals,
    load: Reals,
    left: Marks,
    keys: Longs,
    heap: Ints,
    at: Ints,
    seen: Ints,
    arcs: Reals,
    nodes: Reals,
    touched: Longs,
    many: int,
    walked: Reals,
) -> int:
    """Load one root; what was clean is so again; return how many of `arcs` are `touched`."""
    for k in range(len(ends)):
        load[ends[k]], left[ends[k]] = loads[k], True
    found, settled = _search(out, root, left, len(ends), limit, times, ways, keys, heap, at, seen)
    for k in range(len(ends)):
        if left[ends[k]]:
            load[ends[k]], left[ends[k]] = 0.0, False  # out of reach
        walked[0] += load[ends[k]]
    many = _carry(back, heap, settled, times, ways, load, arcs, nodes, touched, many)
    for i in range(found):
        v = seen[i]
        times[v], ways[v], load[v], at[v] = FAR, 0.0, 0.0, -1
    return many


@inner
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


@inner
def _carry(
    back: tuple[Longs, Ints, Longs, Longs],
    heap: Ints,
    settled: int,
    times: Longs,
    ways: Reals,
    load: Reals,
    arcs: Reals,
    nodes: Reals,
    touched: Longs,
    many: int,
) -> int:
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
                part, k = share * ways[u], which[j]
                if arcs[k] == 0.0:
                    touched[many] = k
                    many += 1
                arcs[k] += part
                load[u] += part
    return many


@inner
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


@inner
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
