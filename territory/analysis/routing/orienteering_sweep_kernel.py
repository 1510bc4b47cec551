"""
Compiled dynamic programming on one route, at its cheapest: one label a place and slice of time.

The label kept is the one that has gathered most, with its memory (the places near, not visited
again): neither exact nor a bound, but quick, and it says what may still be had from each place.
"""

from __future__ import annotations

from territory.analysis.routing.orienteering_label_kernel import (
    END,
    FINISH,
    START,
    slice_of,
)
from territory.network.hierarchy.kernel import Longs, Reals, kernel


@kernel
def sweep(
    way: Longs, window: Longs, ends: Longs, place: Longs, masks: Longs, shade: Reals,
    held: Reals, label: Longs, memory: Longs, top: Reals,
) -> int:  # fmt: skip
    """
    Gather the most `shade` [n]; return the last label of the best route (0: none).

    `held` [slices, n] (NOTHING) gets what each label has, `label` [slices, n, 2] its time and the
    label it comes from (1 + slice x n + place), `memory` [slices, n, words] what it has visited;
    `top` [n] (NOTHING) the most at each place. See `spread` for the rest.
    """
    slices, n = held.shape
    words, finish = masks.shape[1], ends[FINISH]
    best, last = 0.0, 0
    for g in range(-1, slices):
        for v in place:
            gain, time, at = 0.0, 0, ends[START]
            if g >= 0:
                gain = held[g, v]
                if gain <= top[v]:
                    continue
                top[v] = gain
                time, at = label[g, v, 0], v
                if gain > best and time + way[0, v, ends[END]] <= finish:
                    best, last = gain, 1 + g * n + v
            for u in place:
                total = gain + shade[u]
                if total <= top[u] or (g >= 0 and memory[g, v, u >> 6] >> (u & 63) & 1):
                    continue
                t = max(time + way[0, at, u], window[0, u])
                if t > window[1, u]:
                    continue
                h = max(slice_of(t, finish, slices), g + 1)
                if h >= slices or total <= held[h, u]:
                    continue
                held[h, u], label[h, u, 0] = total, t
                label[h, u, 1] = 1 + g * n + v if g >= 0 else 0
                for w in range(words):
                    memory[h, u, w] = memory[g, v, w] & masks[u, w] if g >= 0 else 0
                memory[h, u, u >> 6] |= 1 << (u & 63)
            if g < 0:
                break
    return last
