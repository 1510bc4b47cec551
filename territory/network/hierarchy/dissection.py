"""
In which order nodes are contracted: nested dissection of the plane, its cuts refined by flows.

Each part is cut across one of four directions where the fewest nodes touch the other side, then,
in a band around that line, where the fewest streets lead across; the nodes that touch come last,
then each side is cut in turn (George 1973; inertial flow: Schild and Sommer 2015).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.network.hierarchy.flow_cut import cut_band, turned_arcs
from territory.network.hierarchy.kernel import inner, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.network.hierarchy.kernel import Ints, Lists, Longs, Sides

_LEAF = 6  # parts this small are numbered as they come
_FLOWING = 100  # parts this large are cut by flows: smaller ones gain nothing
_BAND, _REACH = 0.1, 24  # nodes beside the straight cut: a share of them, or times their root
_BETWEEN = 2  # beside 0 on the left, 1 on the right
_STACK = 256  # parts waiting: one a level, a level leaves at least 20 % of the nodes
_FIRST, _LAST = 0.3, 0.7  # where a straight cut may fall
_FLAT = 1.5  # degrees of latitude are longer than those of longitude: directions not quite square


def contraction_order(
    start: NDArray[np.int64],
    head: NDArray[np.int32],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
) -> Ints:
    """
    Return the nodes in the order of their contraction, int32 [n].

    `start` [n + 1] and `head` [arcs] are the symmetric graph in CSR, heads ascending in a row; `x`,
    `y` [n] metres.
    """
    keys = (x, _FLAT * y, x + _FLAT * y, x - _FLAT * y)
    by = np.stack([np.argsort(key, kind="stable").astype(np.int32) for key in keys])
    n = len(start) - 1
    flow, scratch = np.zeros(len(head), np.int8), np.zeros((7, n + 1), np.int32)
    order, side = np.empty(n, np.int32), np.zeros(n, np.int8)
    waiting = np.zeros((_STACK, 3), np.int64)
    _dissected(start, head, turned_arcs(start, head), by, flow, scratch, side, waiting, order)
    return order


@kernel
def _dissected(
    start: Longs,
    head: Ints,
    turned: Ints,
    by: Lists,
    flow: Sides,
    scratch: Lists,
    side: Sides,
    waiting: Longs,
    order: Ints,
) -> None:
    """Cut part after part; a part is the same stretch of the four sorted lists in `by`."""
    part, place = scratch[0], scratch[1]
    waiting[0, 1] = waiting[0, 2] = len(order)  # first, end, rank after the last
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
        way, cut = _best_cut(start, head, by, first, end, scratch)
        line = by[way]
        for i in range(first, end):
            place[line[i]] = i - first
            side[line[i]] = 0 if i - first <= cut else 1
        if end - first >= _FLOWING:
            wide = int(min((end - first) * _BAND, _REACH * np.sqrt(end - first)))
            lowest, highest = max(cut - wide, 1), min(cut + wide, end - first - 1)
            cut_band(start, head, turned, line, first, end, lowest, highest, flow, scratch, side)
        _mark_between(start, head, line, first, end, part, side)
        rank = top
        for i in range(first, end):
            if side[line[i]] == _BETWEEN:
                rank -= 1
                order[rank] = line[i]
        middle = first + _split(by, first, end, side, scratch[2])
        last = end - (top - rank)
        # one by one: numba compiles whole rows ten times as long
        waiting[depth, 0], waiting[depth, 1] = first, middle
        waiting[depth, 2] = rank - (last - middle)
        waiting[depth + 1, 0], waiting[depth + 1, 1], waiting[depth + 1, 2] = middle, last, rank
        depth += 2


@inner
def _best_cut(
    start: Longs, head: Ints, by: Lists, first: int, end: int, scratch: Lists
) -> tuple[int, int]:
    """Return the direction of the best straight cut and the last position on its left."""
    part, place, left, right = scratch[0], scratch[1], scratch[2], scratch[3]
    size = end - first
    stamp = part[by[0, first]]
    best, way, cut = np.int64(1) << 60, 0, size // 2
    for direction in range(4):
        line = by[direction]
        for i in range(size):
            place[line[first + i]] = i
            left[i] = right[i] = 0
        left[size] = right[size] = 0
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
            cost = min(on_left, on_right) * 1000 + abs(2 * i - size) * 200 // size
            if cost < best:
                best, way, cut = cost, direction, i
    return way, cut


@inner
def _mark_between(
    start: Longs, head: Ints, line: Ints, first: int, end: int, part: Ints, side: Sides
) -> None:
    """Mark the nodes that touch the other side, on the side where they are fewer."""
    stamp = part[line[first]]
    lefts, rights, taken = 0, 0, 0
    for turn in range(2):
        for i in range(first, end):
            v = line[i]
            if turn == 1 and side[v] != taken:
                continue
            for j in range(start[v], start[v + 1]):
                u = head[j]
                if part[u] == stamp and side[u] == 1 - side[v]:
                    if turn == 1:
                        side[v] = _BETWEEN
                    elif side[v] == 0:
                        lefts += 1
                    else:
                        rights += 1
                    break
        taken = 0 if lefts <= rights else 1


@inner
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
