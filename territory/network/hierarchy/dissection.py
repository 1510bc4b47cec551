"""
In which order nodes are contracted: nested dissection by straight cuts of the plane.

Each part is cut across one of four directions where the fewest nodes touch the other side; those
nodes come last, then each side is cut in turn (George 1973, with cuts of the plane as separators).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.network.hierarchy.kernel import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.network.hierarchy.kernel import Ints, Lists, Longs, Sides

_LEAF = 6  # parts this small are numbered as they come
_BETWEEN = 2  # beside 0 on the left, 1 on the right
_STACK = 256  # parts waiting: one a level, a level leaves at least 30 % of the nodes
_FIRST, _LAST = 0.3, 0.7  # where a cut may fall
_FLAT = 1.5  # degrees of latitude are longer than those of longitude: directions not quite square


def contraction_order(
    start: NDArray[np.int64],
    head: NDArray[np.int32],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
) -> Ints:
    """
    Return the nodes in the order of their contraction, int32 [n].

    `start` [n + 1] and `head` [arcs] are the symmetric graph in CSR, `x`, `y` [n] metres.
    """
    keys = (x, _FLAT * y, x + _FLAT * y, x - _FLAT * y)
    by = np.stack([np.argsort(key, kind="stable").astype(np.int32) for key in keys])
    return _dissected(start, head, by)


@kernel
def _dissected(start: Longs, head: Ints, by: Lists) -> Ints:
    """Cut part after part; a part is the same stretch of the four sorted lists in `by`."""
    n = len(start) - 1
    order, side = np.empty(n, np.int32), np.zeros(n, np.int8)
    part, place, spare = np.zeros(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
    left, right = np.zeros(n + 1, np.int32), np.zeros(n + 1, np.int32)
    waiting = np.zeros((_STACK, 3), np.int64)  # first, end, rank after the last
    waiting[0, 1] = waiting[0, 2] = n
    depth, stamp = 1, 0
    while depth:
        depth -= 1
        first, end, top = waiting[depth, 0], waiting[depth, 1], waiting[depth, 2]
        if end - first <= _LEAF:
            for i in range(first, end):
                order[top - end + i] = by[0, i]
            continue
        stamp += 1
        for i in range(first, end):
            part[by[0, i]] = stamp
        way, cut, taken = _best_cut(start, head, by, first, end, part, place, left, right)
        line = by[way]
        for i in range(first, end):
            place[line[i]] = i - first
        _mark_sides(start, head, line, first, end, part, place, cut, taken, side)
        rank = top
        for i in range(first, end):
            if side[line[i]] == _BETWEEN:
                rank -= 1
                order[rank] = line[i]
        middle = first + _split(by, first, end, side, spare)
        last = end - (top - rank)
        # one by one: numba compiles whole rows ten times as long
        waiting[depth, 0], waiting[depth, 1] = first, middle
        waiting[depth, 2] = rank - (last - middle)
        waiting[depth + 1, 0], waiting[depth + 1, 1], waiting[depth + 1, 2] = middle, last, rank
        depth += 2
    return order


@kernel
def _best_cut(
    start: Longs,
    head: Ints,
    by: Lists,
    first: int,
    end: int,
    part: Ints,
    place: Ints,
    left: Ints,
    right: Ints,
) -> tuple[int, int, int]:
    """Return (direction, last position on the left, side the nodes between come from)."""
    size = end - first
    stamp = part[by[0, first]]
    best, way, cut, taken = np.int64(1) << 60, 0, size // 2, 0
    for direction in range(4):
        line = by[direction]
        for i in range(size):
            place[line[first + i]] = i
            left[i] = right[i] = 0
        for i in range(size):
            v = line[first + i]
            far, near = i, i
            for j in range(start[v], start[v + 1]):
                u = head[j]
                if part[u] == stamp:
                    far, near = max(far, place[u]), min(near, place[u])
            left[i] += 1  # v touches the right of every cut from i to far - 1
            left[far] -= 1
            right[near] += 1  # and the left of every cut from near to i - 1
            right[i] -= 1
        on_left, on_right = 0, 0
        for i in range(int(size * _LAST)):
            on_left += left[i]
            on_right += right[i]
            if i < int(size * _FIRST) or i == size - 1:
                continue
            touching = min(on_left, on_right)
            cost = touching * 1000 + abs(2 * i - size) * 200 // size
            if cost < best:
                best, way, cut = cost, direction, i
                taken = 0 if on_left <= on_right else 1
    return way, cut, taken


@kernel
def _mark_sides(
    start: Longs,
    head: Ints,
    line: Ints,
    first: int,
    end: int,
    part: Ints,
    place: Ints,
    cut: int,
    taken: int,
    side: Sides,
) -> None:
    """Write the side of each node, or that it lies between."""
    stamp = part[line[first]]
    for i in range(end - first):
        v = line[first + i]
        own = 0 if i <= cut else 1
        side[v] = own
        if own == taken:
            for j in range(start[v], start[v + 1]):
                u = head[j]
                if part[u] == stamp and (place[u] <= cut) != (own == 0):
                    side[v] = _BETWEEN
                    break


@kernel
def _split(by: Lists, first: int, end: int, side: Sides, spare: Ints) -> int:
    """Put the left nodes of each sorted list first, then the right ones; return how many lefts."""
    lefts = 0
    for direction in range(4):
        line = by[direction]
        lefts, rights = 0, 0
        for i in range(first, end):
            v = line[i]
            if side[v] == 0:
                line[first + lefts] = v
                lefts += 1
            elif side[v] == 1:
                spare[rights] = v
                rights += 1
        for i in range(rights):
            line[first + lefts + i] = spare[i]
    return lefts
