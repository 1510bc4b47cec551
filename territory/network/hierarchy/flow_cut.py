"""
The least cut of a part: where the fewest streets lead from its first nodes to its last.

Blocking flows (Dinitz 1970) with one unit a street: as many ways as cross the band without sharing
a street are found; what the first nodes then still reach is the left side (Ford and Fulkerson).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.network.hierarchy.kernel import inner

if TYPE_CHECKING:
    from territory.network.hierarchy.kernel import Ints, Lists, Longs, Sides


def turned_arcs(start: Longs, head: Ints) -> Ints:
    """Return where each arc of a symmetric CSR (heads ascending) stands turned round, int32."""
    tail = np.repeat(np.arange(len(start) - 1, dtype=np.int32), np.diff(start))
    turned: Ints = np.lexsort((tail, head)).astype(np.int32)
    return turned


@inner
def cut_band(
    start: Longs,
    head: Ints,
    turned: Ints,
    line: Ints,
    first: int,
    end: int,
    lowest: int,
    highest: int,
    flow: Sides,
    scratch: Lists,
    side: Sides,
) -> None:
    """
    Write the side (0, 1) of the nodes line[first:end] by the cut with the fewest streets.

    Those before `lowest` stay left, those from `highest` on right; the cut falls between them.
    `scratch` holds part and place of each node, then room for levels, arcs, a queue and a walk.
    """
    level = scratch[4]
    doors = _still(start, head, line, first, end, lowest, flow, scratch)
    while _levels(start, head, line, first, lowest, highest, doors, flow, scratch):
        for i in range(doors):
            while _walk(start, head, turned, scratch[5][i], highest, flow, scratch):
                pass
    for i in range(first, end):
        side[line[i]] = 0 if level[line[i]] >= 0 else 1


@inner
def _still(
    start: Longs, head: Ints, line: Ints, first: int, end: int, lowest: int, flow: Sides,
    scratch: Lists,
) -> int:  # fmt: skip
    """Clear the flow; queue the doors, left nodes with a street into the band; return how many."""
    part, place, level, queue = scratch[0], scratch[1], scratch[4], scratch[5]
    stamp, doors = part[line[first]], 0
    for i in range(first, end):
        v = line[i]
        level[v] = 0 if i - first < lowest else -1
        touching = False
        for j in range(start[v], start[v + 1]):
            flow[j] = 0
            touching |= part[head[j]] == stamp and place[head[j]] >= lowest
        if i - first < lowest and touching:
            queue[doors] = v
            doors += 1
    return doors


@inner
def _levels(
    start: Longs, head: Ints, line: Ints, first: int, lowest: int, highest: int, doors: int,
    flow: Sides, scratch: Lists,
) -> bool:  # fmt: skip
    """Write how many streets each node of the band is from the doors; say if they reach right."""
    part, place, level, queue, next_arc = scratch[0], scratch[1], scratch[4], scratch[5], scratch[6]
    stamp = part[line[first]]
    for i in range(first + lowest, first + highest):
        level[line[i]] = -1
    at, queued, reached = 0, doors, False
    while at < queued:
        v = queue[at]
        at += 1
        next_arc[v] = start[v]
        for j in range(start[v], start[v + 1]):
            u = head[j]
            if level[u] < 0 and flow[j] < 1 and part[u] == stamp:
                if place[u] >= highest:
                    reached = True
                elif not reached:
                    level[u] = level[v] + 1
                    queue[queued] = u
                    queued += 1
    return reached


@inner
def _walk(
    start: Longs, head: Ints, turned: Ints, door: int, highest: int, flow: Sides, scratch: Lists
) -> bool:
    """Send one unit from a door to the right along rising levels, if a way is left."""
    part, place, level, walk, next_arc = scratch[0], scratch[1], scratch[4], scratch[3], scratch[6]
    stamp, v, steps = part[door], door, 0
    while place[v] < highest:
        j, last, above = next_arc[v], start[v + 1], level[v] + 1
        while j < last:
            u = head[j]
            if flow[j] < 1 and part[u] == stamp and (level[u] == above or place[u] >= highest):
                break
            j += 1
        next_arc[v] = j
        if j < last:
            walk[steps] = j
            steps += 1
            v = head[j]
        elif steps == 0:
            return False
        else:
            steps -= 1
            v = head[turned[walk[steps]]]
            next_arc[v] += 1
    for s in range(steps):
        flow[walk[s]] += 1
        flow[turned[walk[s]]] -= 1
    return True
