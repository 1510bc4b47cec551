"""
Compiled dynamic programming on one route: labels spread from the start, dominated, bounded.

A label is a partial route: its last place, when service starts there, what it has gathered and the
places it may not visit again. Keeping all of these (elementary routes) is exact; keeping those near
the last place (ng-routes, Baldacci, Mingozzi & Roberti 2011) relaxes, and gives a bound. Labels
that cannot be completed above `floor`, by a bound of what remains from the other end, are dropped
(Righini & Salani 2009). With `width`, the most promising of each slice of time go on: a beam.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from territory.network.hierarchy.kernel import Longs, Reals, inner, kernel

NOTHING = -1e18
BINS = 256


class Line(NamedTuple):
    """The problem seen from one end, times from 0 to `finish`; `go` [n, n] service then travel."""

    go: Longs
    soonest: Longs  # [n, n] least time between two starts, by any way
    opens: Longs
    latest: Longs
    start: int
    end: int
    finish: int
    place: Longs
    masks: Longs  # [n, words] places remembered when at one


class Shelf(NamedTuple):
    """Labels, in slots; a slot is freed when its label is dropped before it had followers."""

    node: NDArray[np.int32]
    time: Longs
    gain: Reals  # what is compared and sought
    shade: Reals  # what is bounded
    parent: NDArray[np.int32]
    follow: NDArray[np.int32]  # next in the slice, then next in the place, then next free
    memory: Longs  # [slots, words]


@inner
def slice_of(time: int, finish: int, slices: int) -> int:
    """Return the slice of time that holds `time`."""
    return min(time * slices // (finish + 1), slices - 1)


@inner
def dominated(x: int, closed: NDArray[np.int32], shelf: Shelf, words: int) -> bool:
    """Say whether a label of the same place is as good as `x`; if none, put it among them."""
    v, gain, time = shelf.node[x], shelf.gain[x], shelf.time[x]
    before, y = -1, closed[v]
    while y >= 0 and shelf.gain[y] >= gain:
        if shelf.time[y] <= time:
            inside = True
            for w in range(words):
                if shelf.memory[y, w] & ~shelf.memory[x, w]:
                    inside = False
                    break
            if inside:
                return True
        before, y = y, shelf.follow[y]
    shelf.follow[x] = y
    if before < 0:
        closed[v] = x
    else:
        shelf.follow[before] = x
    return False


@inner
def forget(x: int, line: Line, shelf: Shelf) -> None:
    """Add to the memory of `x` the remembered places it is too late for."""
    v, time = shelf.node[x], shelf.time[x]
    for u in line.place:
        if time + line.soonest[v, u] > line.latest[u]:
            shelf.memory[x, u >> 6] |= (1 << (u & 63)) & line.masks[v, u >> 6]


@inner
def cut(head: int, shelf: Shelf, rest: Reals, line: Line, width: int, bins: Longs) -> float:
    """Return the bound below which labels of a slice are left so that some `width` go on."""
    slices = rest.shape[1]
    low, high, count = 1e18, NOTHING, 0
    x = head
    while x >= 0:
        b = (
            shelf.shade[x]
            + rest[shelf.node[x], slice_of(line.finish - shelf.time[x], line.finish, slices)]
        )
        low, high, count = min(low, b), max(high, b), count + 1
        x = shelf.follow[x]
    if count <= width:
        return NOTHING
    bins[:] = 0
    scale = (BINS - 1) / max(high - low, 1e-9)
    x = head
    while x >= 0:
        b = (
            shelf.shade[x]
            + rest[shelf.node[x], slice_of(line.finish - shelf.time[x], line.finish, slices)]
        )
        bins[int((b - low) * scale)] += 1
        x = shelf.follow[x]
    left = 0
    for k in range(BINS - 1, -1, -1):
        left += bins[k]
        if left > width:
            return low + (k + 1) / scale if left > bins[k] else low + k / scale
    return NOTHING


@kernel
def spread(
    line: Line, gain: Reals, shade: Reals, rest: Reals, floor: float, lift: float, width: int, strict: bool,
    shelf: Shelf, reach: Reals, flag: Longs,
) -> tuple[int, float, int, int]:  # fmt: skip
    """
    Spread labels from the start; return (best label, its gain, labels closed, how it ended).

    `gain`, `shade` [n] of places: what is sought, what is bounded. `rest` [n, slices]: bound of the
    shade that can still be had, after service at a place, in the time that remains. Only labels of
    bound >= `floor` stay; the floor follows the best found when `lift` >= 0: it is then
    lift + gain. `reach` [n, slices] gets the shade of the labels, their own place left out.
    Ended: 0 all was looked at, 1 some were cut, 2 no room left or the `flag` was raised.
    """
    slices, words = rest.shape[1], line.masks.shape[1]
    heads = np.full(slices, -1, np.int32)
    closed = np.full(len(gain), -1, np.int32)
    bins = np.zeros(BINS, np.int64)
    unused, free, count, ended = 0, -1, 0, 0
    best, most = -1, 0.0
    # the start, as the label 0
    shelf.node[0], shelf.time[0], shelf.gain[0], shelf.shade[0] = line.start, 0, 0.0, 0.0
    shelf.parent[0], shelf.follow[0] = -1, -1
    shelf.memory[0, :] = 0
    unused = 1
    heads[0] = 0
    for g in range(slices):
        while heads[g] >= 0:
            if flag[0] != 0:
                return best, most, count, 2
            x = heads[g]
            heads[g] = -1
            least = NOTHING
            if width > 0 and x > 0:
                least = cut(x, shelf, rest, line, width, bins)
            while x >= 0:
                after = shelf.follow[x]
                v, time = shelf.node[x], shelf.time[x]
                b = shelf.shade[x] + rest[v, slice_of(line.finish - time, line.finish, slices)]
                drop = x > 0 and b < floor
                if not drop and b < least:
                    drop = True
                    ended = max(ended, 1)
                if not drop and x > 0:
                    forget(x, line, shelf)
                    drop = dominated(x, closed, shelf, words if strict else 0)
                if drop:
                    shelf.follow[x] = free
                    free = x
                    x = after
                    continue
                count += 1
                own = shade[v] if x > 0 else 0.0
                reach[v, g] = max(reach[v, g], shelf.shade[x] - own)
                if time + line.go[v, line.end] <= line.finish and shelf.gain[x] > most:
                    best, most = x, shelf.gain[x]
                    if lift >= 0.0:
                        floor = max(floor, most + lift)
                for u in line.place:
                    if shelf.memory[x, u >> 6] >> (u & 63) & 1:
                        continue
                    t = max(time + line.go[v, u], line.opens[u])
                    if t > line.latest[u]:
                        continue
                    s = shelf.shade[x] + shade[u]
                    if s + rest[u, slice_of(line.finish - t, line.finish, slices)] < floor:
                        continue
                    if free >= 0:
                        y = free
                        free = shelf.follow[free]
                    else:
                        y = unused
                        unused += 1
                        if unused >= len(shelf.node):
                            return best, most, count, 2
                    shelf.node[y], shelf.time[y], shelf.shade[y] = u, t, s
                    shelf.gain[y], shelf.parent[y] = shelf.gain[x] + gain[u], x
                    for w in range(words):
                        shelf.memory[y, w] = shelf.memory[x, w] & line.masks[u, w]
                    shelf.memory[y, u >> 6] |= 1 << (u & 63)
                    h = slice_of(t, line.finish, slices)
                    shelf.follow[y] = heads[h]
                    heads[h] = y
                x = after
    return best, most, count, ended


@kernel
def gathered(reach: Reals) -> None:
    """Make `reach` [n, slices] the most of its slice and of those before it."""
    for v in range(len(reach)):
        for g in range(1, reach.shape[1]):
            reach[v, g] = max(reach[v, g], reach[v, g - 1])
