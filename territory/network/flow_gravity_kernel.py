"""Searches from places that draw: what each home sees of them, then the walks they make of it."""

# ruff: noqa: ARG001, PLR0913, PLR0917 - compiled loops: arrays in, one loop nest each

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from territory.network.flow_kernel import FAR, _carry, _search
from territory.network.hierarchy.kernel import kernel

if TYPE_CHECKING:
    from territory.network.hierarchy.kernel import Ints, Longs, Marks, Reals


@kernel
def seen_from_homes(
    out: tuple[Longs, Ints, Longs],
    roots: Ints,
    pull: Reals,
    decay: float,
    limit: int,
    total: Reals,
    ready: Reals,
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
    Add to `total` [n] what the places pull each node, keep in `ready` [n] the least faded of them.

    `roots` are places, `pull` [roots] how much one draws, faded by exp(-microseconds / `decay`) up
    to `limit` microseconds. `out` is the graph searched backwards; the rest is `scratch`, of which
    `load` and `touched` are not used.
    """
    n = len(heap)
    for r in range(len(roots)):
        found, settled = _search(
            out, roots[r], left, n + 1, limit, times, ways, keys, heap, at, seen
        )
        for i in range(n - settled, n):
            v = heap[i]
            faded = exp(-times[v] / decay)
            total[v] += pull[r] * faded
            ready[v] = max(ready[v], faded)
        for i in range(found):
            v = seen[i]
            times[v], ways[v], at[v] = FAR, 0.0, -1


@kernel
def loads_of_gravity(
    out: tuple[Longs, Ints, Longs],
    back: tuple[Longs, Ints, Longs, Longs],
    roots: Ints,
    pull: Reals,
    each: Reals,
    decay: float,
    limit: int,
    arcs: Reals,
    nodes: Reals,
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
    Add the walks from all homes to `roots` to `arcs` [m] and `nodes` [n].

    `each` [n] is what a node walks for one unit of faded pull; `back` as in `loads_of_roots`, the
    rest as in `seen_from_homes`.
    """
    n, many = len(heap), 0
    for r in range(len(roots)):
        found, settled = _search(
            out, roots[r], left, n + 1, limit, times, ways, keys, heap, at, seen
        )
        for i in range(n - settled, n):
            v = heap[i]
            load[v] = each[v] * pull[r] * exp(-times[v] / decay)
        many = _carry(back, heap, settled, times, ways, load, arcs, nodes, touched, many)
        for i in range(found):
            v = seen[i]
            times[v], ways[v], load[v], at[v] = FAR, 0.0, 0.0, -1
