"""
Compiled search of team orienteering: places taken out of the routes, others put in, annealed.

Large neighbourhoods (Shaw 1998; Schmid, Ehmke 2017 for this problem). Every place of a route keeps
its earliest start and its latest one, so that one more is tried in constant time (Savelsbergh 1992,
Vansteenwegen et al. 2009), as in `path_kernel`; here without lunch, paces, groups and metres. The
cheapest position of a place in a route is kept until that route changes.

A plan is one array [3 + routes, n + 3], so that few arrays are passed and it is copied at once: the
rows ROUTE, BEGUN, LAST of places, then one row a route: SIZE, ENDED, STAMP, then its places.
`go` [2, n, n] is service then travel, from row to column and turned round; `window` [2, n].
"""

from __future__ import annotations

import numpy as np

from territory.network.hierarchy.kernel import Longs, Reals, inner, kernel

NEVER = 1 << 40
NOTED = 0.97  # share of the best from which the routes of a plan are noted
DETOUR = 0.2  # what a minute of detour counts beside one that later places are moved by
ROUTE, BEGUN, LAST, FIRST = 0, 1, 2, 3  # rows of a plan
SIZE, ENDED, STAMP, ORDER = 0, 1, 2, 3  # columns of the row of a route
START, END, FINISH = 0, 1, 2  # of `ends`
RANDOM, WRITTEN, STAMPS = 0, 1, 2  # of `state`


@inner
def draw(state: Longs) -> float:
    """Return a number of [0, 1[ and move `state` on (xorshift, Marsaglia 2003)."""
    x = state[RANDOM]
    x ^= x << 13
    x ^= (x >> 7) & 0x01FFFFFFFFFFFFFF
    x ^= x << 17
    state[RANDOM] = x
    return float((x >> 11) & 0x1FFFFFFFFFFFFF) / 9007199254740992.0


@inner
def timed(row: int, go: Longs, window: Longs, ends: Longs, plan: Longs, state: Longs) -> bool:
    """Compute the times of the route in `row` from both ends; say whether the windows hold."""
    size, at, now, holds = plan[row, SIZE], ends[START], 0, True
    for k in range(ORDER, ORDER + size):
        v = plan[row, k]
        now = max(now + go[0, at, v], window[0, v])
        holds &= now <= window[1, v]
        plan[BEGUN, v] = now
        at = v
    now += go[0, at, ends[END]]
    plan[row, ENDED] = now
    at, by = ends[END], ends[FINISH]
    for k in range(ORDER + size - 1, ORDER - 1, -1):
        v = plan[row, k]
        by = min(by - go[0, v, at], window[1, v])
        plan[LAST, v] = by
        at = v
    state[STAMPS] += 1
    plan[row, STAMP] = state[STAMPS]
    return size == 0 or (holds and now <= ends[FINISH])


@inner
def cheapest(
    v: int, row: int, go: Longs, window: Longs, ends: Longs, plan: Longs, cost: Reals, spot: Longs
) -> None:
    """Keep where place `v` fits best in the route in `row`, and at which cost (NEVER: nowhere)."""
    least, where = float(NEVER), -1
    a, ready, stop = ends[START], 0, ORDER + plan[row, SIZE]
    for k in range(ORDER, stop + 1):
        b = plan[row, k] if k < stop else ends[END]
        begun = max(ready + go[1, v, a], window[0, v])
        if begun <= window[1, v]:
            reached = begun + go[0, v, b]
            if reached <= (plan[LAST, b] if k < stop else ends[FINISH]):
                if k < stop:
                    moved = max(reached, window[0, b]) - plan[BEGUN, b]
                else:
                    moved = reached - (plan[row, ENDED] if stop > ORDER else 0)
                c = moved + DETOUR * (go[1, v, a] + go[0, v, b] - go[0, a, b])
                if c < least:
                    least, where = c, k
        if k < stop:
            a, ready = b, plan[BEGUN, b]
    spot[0, row, v], spot[1, row, v] = where, plan[row, STAMP]
    cost[row, v] = least if where < 0 else max(least, 0.0) + cost[0, 0]


@inner
def take_out(first: int, after: int, row: int, plan: Longs) -> None:
    """Take the places of columns `first` to `after` out of a route; its times are not computed."""
    for k in range(first, after):
        plan[ROUTE, plan[row, k]] = -1
    for k in range(after, ORDER + plan[row, SIZE]):
        plan[row, k + first - after] = plan[row, k]
    plan[row, SIZE] -= after - first
    plan[row, STAMP] = -1


@inner
def around(v: int, near: Longs, plan: Longs, state: Longs) -> None:
    """Take out places that are near `v`."""
    left = 2 + int(draw(state) * (4 + 2 * (len(plan) - FIRST)))
    for x in range(near.shape[1]):
        u = near[v, x]
        row = plan[ROUTE, u]
        if row >= 0 and draw(state) < 0.7:  # noqa: PLR2004 - not always the same ones
            k = ORDER
            while plan[row, k] != u:
                k += 1
            take_out(k, k + 1, row, plan)
            left -= 1
            if left == 0:
                break


@inner
def ruin(place: Longs, near: Longs, weight: Reals, plan: Longs, state: Longs) -> None:
    """Take places out: strings of one or two routes, those near a place, or here and there."""
    kind = draw(state)
    if 0.45 <= kind < 0.8:  # noqa: PLR2004 - shares of the ways
        v = place[int(draw(state) * len(place))]
        around(v, near, plan, state)
        if plan[ROUTE, v] < 0 and draw(state) < 0.5:  # noqa: PLR2004 - half of the times
            weight[v] *= 3.0
        return
    strings, share = 1 + int(2 * draw(state)), 0.05 + 0.3 * draw(state)
    for row in range(FIRST, len(plan)):
        if kind >= 0.45:  # noqa: PLR2004
            for k in range(ORDER + plan[row, SIZE] - 1, ORDER - 1, -1):
                if draw(state) < share:
                    take_out(k, k + 1, row, plan)
        elif strings > 0 and draw(state) * (len(plan) - row) < strings:
            strings -= 1
            size = plan[row, SIZE]
            count = min(1 + int(draw(state) * max(1, min(int(0.45 * size), 14))), size)
            first = ORDER + int(draw(state) * (size - count + 1))
            take_out(first, first + count, row, plan)


@inner
def refill(
    place: Longs, weight: Reals, go: Longs, window: Longs, ends: Longs, plan: Longs, cost: Reals,
    spot: Longs, state: Longs,
) -> bool:  # fmt: skip
    """Put places in while any fits, the most `weight` [n] for its cost first; False: it broke."""
    dirty = -1  # all
    while True:
        most, which, into = 0.0, -1, len(plan)
        for v in place:
            if plan[ROUTE, v] >= 0:
                continue
            for row in range(FIRST, len(plan)):
                if spot[1, row, v] != plan[row, STAMP]:
                    if row == dirty and spot[0, row, v] < 0:
                        continue  # what did not fit does not now
                    cheapest(v, row, go, window, ends, plan, cost, spot)
                if spot[0, row, v] >= 0 and weight[v] > most * cost[row, v]:
                    most, which, into = weight[v] / cost[row, v], v, row
        if which < 0:
            return True
        for k in range(ORDER + plan[into, SIZE], spot[0, into, which], -1):
            plan[into, k] = plan[into, k - 1]
        plan[into, spot[0, into, which]] = which
        plan[into, SIZE] += 1
        plan[ROUTE, which] = dirty = into
        if not timed(into, go, window, ends, plan, state):
            return False


@inner
def note(plan: Longs, before: int, trail: Longs, state: Longs) -> None:
    """Write the routes changed after `before` at the end of the trail, while there is room."""
    for row in range(FIRST, len(plan)):
        x = state[WRITTEN]
        if plan[row, STAMP] > before and x < len(trail):
            for k in range(trail.shape[1]):
                trail[x, k] = plan[row, k]
            state[WRITTEN] += 1


@inner
def copy(one: Longs, other: Longs) -> None:
    """Make the plan `other` the same as `one`."""
    for row in range(len(one)):
        for k in range(one.shape[1]):
            other[row, k] = one[row, k]


@kernel
def anneal(
    iterations: int, heat: float, go: Longs, window: Longs, ends: Longs, prize: Reals,
    place: Longs, near: Longs, plans: Longs, cost: Reals, spot: Longs, weight: Reals,
    values: Reals, state: Longs, trail: Longs,
) -> None:  # fmt: skip
    """
    Search `iterations` times at `heat` from plans[1]; plans[2] is the best, plans[0] works.

    `values` [2]: of plans[1], of the best. Routes of good plans are written in `trail`
    [most, n + 3] as in a plan. `cost`, `spot` remember insertions, `weight` [n] is room to work.
    With no iteration, only the times of plans[1] are computed.
    """
    plan, kept, best = plans[0], plans[1], plans[2]
    if iterations == 0:
        for row in range(FIRST, len(plan)):
            timed(row, go, window, ends, kept, state)
        copy(kept, plan)
    for _ in range(iterations):
        power, blur = 0.6 + 1.2 * draw(state), 0.6 * draw(state)
        for v in place:
            out = draw(state) < 0.02  # noqa: PLR2004 - now and then it is left out
            weight[v] = 0.0 if out else prize[v] ** power * (1.0 - blur * draw(state))
        before, holds, value = state[STAMPS], True, 0.0
        ruin(place, near, weight, plan, state)
        for row in range(FIRST, len(plan)):
            if plan[row, STAMP] < 0:
                holds &= timed(row, go, window, ends, plan, state)
        if holds and refill(place, weight, go, window, ends, plan, cost, spot, state):
            for v in place:
                value += prize[v] * (plan[ROUTE, v] >= 0)
            if value >= values[0] or draw(state) < np.exp((value - values[0]) / heat):
                values[0] = value
                if value >= NOTED * values[1]:
                    note(plan, before, trail, state)
                copy(plan, kept)
                if value > values[1]:
                    values[1] = value
                    copy(plan, best)
                continue
        copy(kept, plan)
