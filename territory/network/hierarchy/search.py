"""
Shortest walks with their nodes: Dijkstra (1959) from each source until all targets are settled.

Ties are settled by the smaller node, so that the same walk is found whatever came before.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from territory.network.hierarchy.kernel import kernel, widened
from territory.network.hierarchy.sweep import cores

if TYPE_CHECKING:
    from territory.network.hierarchy.kernel import Ints, Longs, Marks, Reals


def walks_between(
    graph: tuple[Longs, Ints, Reals], sources: Ints, targets: Ints
) -> tuple[Reals, list[tuple[Longs, Ints]]]:
    """
    Return seconds [sources, targets] (float64, inf = no way), and the nodes walked.

    `graph` is (start, head, seconds) in CSR. Per source: where each walk begins in the list of its
    nodes, int64 [targets + 1], and that list; a walk goes from source to target, empty when none.
    """
    wanted = np.zeros(len(graph[0]) - 1, np.bool_)
    wanted[targets] = True
    workers = min(cores(), max(len(sources), 1))

    def walk(first: int) -> tuple[Reals, Longs, Ints]:
        own = np.ascontiguousarray(sources[first::workers])
        return _walked(*graph, own, targets, wanted)

    with ThreadPoolExecutor(workers) as pool:
        parts = list(pool.map(walk, range(workers)))
    seconds = np.empty((len(sources), len(targets)))
    rows: list[tuple[Longs, Ints]] = [(np.zeros(1, np.int64), targets)] * len(sources)
    for first, (times, ends, nodes) in enumerate(parts):
        seconds[first::workers] = times
        cuts = np.concatenate([[0], np.cumsum(ends[:, -1])])
        rows[first::workers] = [
            (own, nodes[a:b]) for own, a, b in zip(ends, cuts[:-1], cuts[1:], strict=True)
        ]
    return seconds, rows


@kernel
def _walked(
    start: Longs,
    head: Ints,
    seconds: Reals,
    sources: Ints,
    targets: Ints,
    wanted: Marks,
) -> tuple[Reals, Longs, Ints]:
    """Return times, where each walk ends, and the nodes of all walks of these sources in turn."""
    n, many = len(start) - 1, 0
    out = np.empty((len(sources), len(targets)))
    ends = np.zeros((len(sources), len(targets) + 1), np.int64)
    for v in range(n):
        many += wanted[v]
    times, before = np.full(n, np.inf), np.full(n, -1, np.int32)
    keys, heap, at = np.empty(n), np.empty(n, np.int32), np.full(n, -1, np.int32)
    seen, nodes, total = np.empty(n, np.int32), np.empty(1024, np.int32), 0
    for k in range(len(sources)):
        source = sources[k]
        found = _search(
            start, head, seconds, source, wanted, many, times, before, keys, heap, at, seen
        )
        for t in range(len(targets)):
            out[k, t] = times[targets[t]]
            steps = _steps(before, times, targets[t])
            if total + steps > len(nodes):
                nodes = widened(nodes, total, 2 * (total + steps))
            v = targets[t]
            for i in range(total + steps - 1, total - 1, -1):
                nodes[i] = v
                v = before[v]
            total += steps
            ends[k, t + 1] = ends[k, t] + steps
        for i in range(found):
            times[seen[i]], before[seen[i]], at[seen[i]] = np.inf, -1, -1
    return out, ends, widened(nodes, total, total)


@kernel
def _steps(before: Ints, times: Reals, target: int) -> int:
    """Return how many nodes lead to a target, itself included; 0 when none does."""
    steps, v = 0, target
    if times[v] < np.inf:
        while v >= 0:
            steps += 1
            v = before[v]
    return steps


@kernel
def _search(
    start: Longs,
    head: Ints,
    seconds: Reals,
    source: int,
    wanted: Marks,
    many: int,
    times: Reals,
    before: Ints,
    keys: Reals,
    heap: Ints,
    at: Ints,
    seen: Ints,
) -> int:
    """Settle nodes until no wanted one is left; return how many were `seen`."""
    times[source], keys[0], heap[0], at[source], seen[0] = 0.0, 0.0, source, 0, source
    size, left, found = 1, many, 1
    while size:
        v, here = heap[0], keys[0]
        size -= 1
        _sink(keys, heap, at, size)
        left -= wanted[v]
        if left == 0:
            break
        for j in range(start[v], start[v + 1]):
            u, there = head[j], here + seconds[j]
            if there < times[u]:
                if times[u] == np.inf:
                    seen[found], at[u] = u, size
                    found += 1
                    size += 1
                times[u], before[u] = there, v
                _rise(keys, heap, at, u, there)
            elif there == times[u] and v < before[u]:
                before[u] = v
    return found


@kernel
def _rise(keys: Reals, heap: Ints, at: Ints, node: int, key: float) -> None:
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
def _sink(keys: Reals, heap: Ints, at: Ints, size: int) -> None:
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
