"""
Compiled dynamic programming on one route, at its cheapest: one label a place and slice of time.

The label kept is the one that has gathered most, with its memory (the places near, not visited
again): neither exact nor a bound, but quick, and it says what may still be had from each place.
"""

from __future__ import annotations

import numpy as np

from territory.analysis.routing.orienteering_label_kernel import NOTHING, Line, slice_of
from territory.network.hierarchy.kernel import Longs, Reals, kernel


@kernel
def sweep(line: Line, shade: Reals, reach: Reals, route: Longs) -> tuple[float, int]:
    """
    Return the most `shade` [n] a route gathers, as far as one sees, and how many places it has.

    `route` [slices] gets them, from its end; `reach` [n, slices] what can be had until service
    starts at a place in that slice or before, its own shade left out.
    """
    n, slices = reach.shape
    words = line.masks.shape[1]
    held = np.full((slices, n), NOTHING)
    when = np.zeros((slices, n), np.int64)
    came = np.full((slices, n), -1, np.int64)
    memory = np.zeros((slices, n, words), np.int64)
    top = np.full(n, NOTHING)
    best, last = 0.0, -1
    for u in line.place:
        t = max(line.go[line.start, u], line.opens[u])
        if t <= line.latest[u]:
            g = slice_of(t, line.finish, slices)
            held[g, u], when[g, u] = shade[u], t
            memory[g, u, u >> 6] |= 1 << (u & 63)
    for g in range(slices):
        for v in line.place:
            gain = held[g, v]
            if gain <= top[v]:
                continue
            top[v] = gain
            time = when[g, v]
            reach[v, g] = gain - shade[v]
            if gain > best and time + line.go[v, line.end] <= line.finish:
                best, last = gain, g * n + v
            for u in line.place:
                total = gain + shade[u]
                if total <= top[u] or memory[g, v, u >> 6] >> (u & 63) & 1:
                    continue
                t = max(time + line.go[v, u], line.opens[u])
                if t > line.latest[u]:
                    continue
                h = slice_of(t, line.finish, slices)
                if h == g:
                    h = g + 1
                if h >= slices or total <= held[h, u]:
                    continue
                held[h, u], when[h, u], came[h, u] = total, t, g * n + v
                for w in range(words):
                    memory[h, u, w] = memory[g, v, w] & line.masks[u, w]
                memory[h, u, u >> 6] |= 1 << (u & 63)
    for v in range(n):
        for g in range(1, slices):
            reach[v, g] = max(reach[v, g], reach[v, g - 1])
    size = 0
    while last >= 0:
        route[size] = last % n
        size += 1
        last = came[last // n, last % n]
    return best, size
