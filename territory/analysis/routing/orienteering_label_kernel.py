"""
Compiled dynamic programming on one route: labels spread from the start, dominated, bounded.

A label is a partial route: its last place, when service starts there, what it has gathered and the
places it may not visit again. Keeping all of these (elementary routes) is exact; keeping those near
the last place (ng-routes, Baldacci, Mingozzi & Roberti 2011) relaxes, and gives a bound. Labels
that cannot be completed above a floor, by a bound of what remains from the other end, are dropped
(Righini & Salani 2009). With a width, the most promising of each slice of time go on: a beam.

`way` [2, n, n]: service then travel, and the least time by any way; `window` [2, n]; `masks`
[n, words] the places remembered at one, as bits; `ends`: start, end, finish (times from 0).
Labels lie in slots: `link` [slots, 3] (place, parent, next of its list), `when` [slots],
`worth` [slots, 2] (what is sought and compared, what is bounded), `memory` [slots, words].
"""

from __future__ import annotations

import numpy as np

from territory.network.hierarchy.kernel import Ints, Lists, Longs, Reals, inner, kernel

NOTHING = -1e18
BINS = 256
START, END, FINISH = 0, 1, 2
PLACE, PARENT, NEXT = 0, 1, 2
SOUGHT, BOUNDED = 0, 1


@inner
def slice_of(time: int, finish: int, slices: int) -> int:
    """Return the slice of time that holds `time`."""
    return min(time * slices // (finish + 1), slices - 1)


@inner
def dominated(
    x: int, words: int, closed: Ints, link: Lists, when: Longs, worth: Reals, memory: Longs
) -> bool:
    """Say whether a label of the same place is as good as `x`; if none, put it among them."""
    v = link[x, PLACE]
    before, y = -1, closed[v]
    while y >= 0 and worth[y, SOUGHT] >= worth[x, SOUGHT]:
        if when[y] <= when[x]:
            more = 0
            for w in range(words):
                more |= memory[y, w] & ~memory[x, w]
            if more == 0:
                return True
        before, y = y, link[y, NEXT]
    link[x, NEXT] = y
    if before < 0:
        closed[v] = x
    else:
        link[before, NEXT] = x
    return False


@inner
def cut(
    head: int, width: int, finish: int, rest: Reals, link: Lists, when: Longs, worth: Reals,
    bins: Longs,
) -> float:  # fmt: skip
    """Return the bound below which labels of a list are left so that some `width` go on."""
    slices = rest.shape[1]
    low, high, count = 1e18, NOTHING, 0
    for again in range(2):
        x = head
        while x >= 0:
            g = slice_of(finish - when[x], finish, slices)
            b = worth[x, BOUNDED] + rest[link[x, PLACE], g]
            if again:
                bins[int((b - low) * (BINS - 1) / (high - low))] += 1
            else:
                low, high, count = min(low, b), max(high, b), count + 1
            x = link[x, NEXT]
        if count <= width or high <= low:
            return NOTHING
        if not again:
            bins[:BINS] = 0
    left, k = bins[BINS - 1], BINS - 1
    while left + bins[k - 1] <= width:
        k -= 1
        left += bins[k]
    return low + k * (high - low) / (BINS - 1)


@inner
def extend(
    x: int, free: int, unused: int, floor: float, way: Longs, window: Longs, finish: int,
    place: Longs, masks: Longs, gains: Reals, rest: Reals, heads: Ints, link: Lists, when: Longs,
    worth: Reals, memory: Longs,
) -> tuple[int, int]:  # fmt: skip
    """Make the labels that follow `x`, in freed slots or new ones; return the next of both."""
    v, slices = link[x, PLACE], rest.shape[1]
    for u in place:
        t = max(when[x] + way[0, v, u], window[0, u])
        if t > window[1, u] or memory[x, u >> 6] >> (u & 63) & 1:
            continue
        b = worth[x, BOUNDED] + gains[BOUNDED, u]
        if b + rest[u, slice_of(finish - t, finish, slices)] < floor:
            continue
        y = free
        if y >= 0:
            free = link[y, NEXT]
        else:
            y = unused
            unused += 1
            if unused >= len(when):
                return free, unused
        h = slice_of(t, finish, slices)
        link[y, PLACE], link[y, PARENT], link[y, NEXT] = u, x, heads[h]
        heads[h] = y
        when[y], worth[y, BOUNDED] = t, b
        worth[y, SOUGHT] = worth[x, SOUGHT] + gains[SOUGHT, u]
        for w in range(masks.shape[1]):
            memory[y, w] = memory[x, w] & masks[u, w]
        memory[y, u >> 6] |= 1 << (u & 63)
    return free, unused


@inner
def _rooted(
    ends: Longs, heads: Ints, link: Lists, when: Longs, worth: Reals, memory: Longs
) -> None:
    """Put the label of the start: nothing gathered, nothing remembered."""
    link[0, PLACE], link[0, PARENT], link[0, NEXT] = ends[START], -1, -1
    when[0], worth[0, SOUGHT], worth[0, BOUNDED] = 0, 0.0, 0.0
    for w in range(memory.shape[1]):
        memory[0, w] = 0
    heads[0] = 0


@inner
def _late(
    x: int, v: int, time: int, way: Longs, window: Longs, place: Longs, masks: Longs, memory: Longs
) -> None:
    """Count what it is too late for as seen by label `x`: it need not be remembered apart."""
    for u in place:
        if time + way[1, v, u] > window[1, u]:
            memory[x, u >> 6] |= (1 << (u & 63)) & masks[v, u >> 6]


@kernel
def spread(
    way: Longs, window: Longs, ends: Longs, place: Longs, masks: Longs, gains: Reals, rest: Reals,
    reach: Reals, floor: float, lift: float, width: int, heads: Ints,
    closed: Ints, link: Lists, when: Longs, worth: Reals, memory: Longs, flag: Longs,
) -> tuple[int, float, int]:  # fmt: skip
    """
    Spread labels from the start; return (best label, what it gathers, how it ended).

    `gains` [2, n]: what is sought, what is bounded. `rest` [n, slices]: bound of what can still be
    had after a place in the time that remains. Only labels bounded at `floor` or more stay; the
    floor follows the best found, lift + that, when `lift` > NOTHING. `reach` [n, slices] gets what
    labels have, their own place left out. `heads` [slices], `closed` [n] are -1.
    Ended: 0 all was looked at, 1 some were cut, 2 no room left or the `flag` was raised.
    """
    slices, words, finish = rest.shape[1], masks.shape[1], ends[FINISH]
    ended, best, most = 0, 0, 0.0
    unused: int = np.int64(1)  # type: ignore[assignment]  # typed, not compiled once more
    free: int = np.int64(-1)  # type: ignore[assignment]
    _rooted(ends, heads, link, when, worth, memory)
    for g in range(slices):
        while heads[g] >= 0:
            if flag[0] != 0:
                return best, most, 2
            x = heads[g]
            heads[g] = -1
            least = cut(x, width, finish, rest, link, when, worth, flag[1:]) if width else NOTHING
            while x >= 0:
                after = link[x, NEXT]
                v, time = link[x, PLACE], when[x]
                b = worth[x, BOUNDED] + rest[v, slice_of(finish - time, finish, slices)]
                drop = x > 0 and (b < floor or b < least)
                if drop and b >= floor:
                    ended = 1
                if x > 0 and not drop:
                    _late(x, v, time, way, window, place, masks, memory)
                    drop = dominated(x, words, closed, link, when, worth, memory)
                if drop:
                    link[x, NEXT] = free
                    free, x = x, after
                    continue
                if x > 0:
                    reach[v, g] = max(reach[v, g], worth[x, BOUNDED] - gains[BOUNDED, v])
                if time + way[0, v, ends[END]] <= finish and worth[x, SOUGHT] > most:
                    best, most = x, worth[x, SOUGHT]
                    if lift > NOTHING:
                        floor = max(floor, most + lift)
                free, unused = extend(
                    x, free, unused, floor, way, window, finish, place, masks, gains, rest, heads,
                    link, when, worth, memory,
                )  # fmt: skip
                if unused >= len(when):
                    return best, most, 2
                x = after
    return best, most, ended
