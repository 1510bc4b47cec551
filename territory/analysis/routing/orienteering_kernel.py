"""
Compiled search of team orienteering: places taken out of the routes, others put in, annealed.

Large neighbourhoods (Shaw 1998; Schmid, Ehmke 2017 for this problem). Every place of a route keeps
its earliest start and its latest one, so that one more is tried in constant time (Savelsbergh 1992,
Vansteenwegen et al. 2009), as in `route_kernel`; here without lunch, paces, groups and metres. The
cheapest position of a place in a route is kept until that route changes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from territory.network.hierarchy.kernel import Longs, Reals, inner, kernel

NEVER = 1 << 40
NOTED = 0.97  # share of the best from which the routes of a plan are noted
DETOUR = 0.2  # what a minute of detour counts beside one that later places are moved by


class Field(NamedTuple):
    """What does not change: `go` [n, n] service then travel, `back` transposed; windows [n]."""

    go: Longs
    back: Longs
    opens: Longs
    latest: Longs
    prize: Reals
    near: Longs  # [n, most] others, the nearest first
    place: Longs  # [candidates] that may be visited
    start: int
    end: int
    begin: int
    finish: int
    base: float  # minutes added to what an insertion costs


class Tours(NamedTuple):
    """The routes, changed in place: `order` [routes, n], `size` [routes], places in no route."""

    order: Longs
    size: Longs
    route: Longs  # [n] -1: in none
    begun: Longs  # [n]
    last: Longs  # [n]
    ended: Longs  # [routes]
    stamp: Longs  # [routes] changes whenever the route does
    # cheapest insertion of place j in route r: what it costs, where, for which stamp
    cost: Reals  # [n, routes]
    spot: Longs
    known: Longs


@inner
def draw(state: Longs) -> float:
    """Return a number of [0, 1[ and move `state` [2] on (xorshift, Marsaglia 2003)."""
    x = state[0]
    x ^= x << 13
    x ^= (x >> 7) & 0x01FFFFFFFFFFFFFF
    x ^= x << 17
    state[0] = x
    return ((x >> 11) & 0x1FFFFFFFFFFFFF) / 9007199254740992.0


@inner
def below(state: Longs, most: int) -> int:
    """Return a whole number of 0..`most` - 1."""
    return int(draw(state) * most)


@inner
def timed(r: int, field: Field, tours: Tours) -> bool:
    """Compute the times of route `r` from front and back; say whether the windows hold."""
    order, size = tours.order[r], tours.size[r]
    at, now, holds = field.start, field.begin, True
    for k in range(size):
        v = order[k]
        now = max(now + field.go[at, v], field.opens[v])
        holds &= now <= field.latest[v]
        tours.begun[v] = now
        at = v
    tours.ended[r] = now + field.go[at, field.end]
    there, by = field.end, field.finish
    for k in range(size - 1, -1, -1):
        v = order[k]
        by = min(by - field.go[v, there], field.latest[v])
        tours.last[v] = by
        there = v
    tours.stamp[r] = tours.stamp[-1] = tours.stamp[-1] + 1
    return size == 0 or (holds and tours.ended[r] <= field.finish)


@inner
def cheapest(v: int, r: int, field: Field, tours: Tours) -> None:
    """Keep where place `v` fits best in route `r`, and at which cost (NEVER: nowhere)."""
    order, size = tours.order[r], tours.size[r]
    begun, last = tours.begun, tours.last
    to, frm = field.back[v], field.go[v]
    opens, latest = field.opens[v], field.latest[v]
    least, where = float(NEVER), -1
    a, ready = field.start, field.begin
    for k in range(size):
        b = order[k]
        start = max(ready + to[a], opens)
        if start <= latest:
            reached = start + frm[b]
            if reached <= last[b]:
                moved = max(reached, field.opens[b]) - begun[b]
                c = moved + DETOUR * (to[a] + frm[b] - field.go[a, b])
                if c < least:
                    least, where = c, k
        a, ready = b, begun[b]
    start = max(ready + to[a], opens)
    if start <= latest:
        reached = start + frm[field.end]
        if reached <= field.finish:
            detour = to[a] + frm[field.end] - field.go[a, field.end]
            c = reached - tours.ended[r] + DETOUR * detour
            if size == 0:
                c = float(reached - field.begin)
            if c < least:
                least, where = c, size
    tours.known[v, r] = tours.stamp[r]
    tours.spot[v, r] = where
    tours.cost[v, r] = least if where < 0 else max(least, 0.0) + field.base


@inner
def take_out(first: int, count: int, r: int, tours: Tours) -> None:
    """Take `count` places out of route `r` from its `first` on; its times are not computed."""
    order = tours.order[r]
    for k in range(first, first + count):
        tours.route[order[k]] = -1
    for k in range(first, tours.size[r] - count):
        order[k] = order[k + count]
    tours.size[r] -= count


@inner
def put_in(v: int, k: int, r: int, tours: Tours) -> None:
    """Put place `v` before the k-th of route `r`; its times are not computed."""
    order = tours.order[r]
    for x in range(tours.size[r], k, -1):
        order[x] = order[x - 1]
    order[k] = v
    tours.size[r] += 1
    tours.route[v] = r


@inner
def strings(tours: Tours, changed: Longs, state: Longs) -> None:
    """Take a string of places out of one route or two."""
    m = len(tours.size)
    for _ in range(1 + below(state, min(m, 2))):
        r = below(state, m)
        if tours.size[r] > 0:
            most = max(1, min(int(0.45 * tours.size[r]), 14))
            count = 1 + below(state, most)
            take_out(below(state, tours.size[r] - count + 1), count, r, tours)
            changed[r] = 1


@inner
def around(v: int, field: Field, tours: Tours, changed: Longs, state: Longs) -> None:
    """Take out places near `v`, and those that would be visited at about its time."""
    left = 2 + below(state, 4 + 2 * len(tours.size))
    for u in field.near[v]:
        if tours.route[u] >= 0 and draw(state) < 0.7:
            r = tours.route[u]
            for k in range(tours.size[r]):
                if tours.order[r, k] == u:
                    take_out(k, 1, r, tours)
                    break
            changed[r] = 1
            left -= 1
            if left == 0:
                break


@inner
def scattered(tours: Tours, changed: Longs, state: Longs) -> None:
    """Take out places drawn one by one."""
    share = 0.05 + 0.3 * draw(state)
    for r in range(len(tours.size)):
        for k in range(tours.size[r] - 1, -1, -1):
            if draw(state) < share:
                take_out(k, 1, r, tours)
                changed[r] = 1


@inner
def refill(weight: Reals, free: Longs, field: Field, tours: Tours) -> bool:
    """Put places in while any fits, the most `weight` [n] for its cost first; False: it broke."""
    m, count = len(tours.size), 0
    for v in field.place:
        if tours.route[v] < 0 and weight[v] > 0:
            free[count] = v
            count += 1
    dirty = -1  # all
    while True:
        most, which, into = 0.0, -1, -1
        for x in range(count):
            v = free[x]
            for r in range(m):
                if tours.known[v, r] != tours.stamp[r]:
                    if r == dirty and tours.cost[v, r] >= NEVER:
                        continue
                    cheapest(v, r, field, tours)
                if tours.cost[v, r] < NEVER and weight[v] > most * tours.cost[v, r]:
                    most, which, into = weight[v] / tours.cost[v, r], x, r
        if which < 0:
            return True
        v = free[which]
        put_in(v, tours.spot[v, into], into, tours)
        count -= 1
        free[which] = free[count]
        dirty = into
        if not timed(into, field, tours):
            return False


@inner
def total(field: Field, tours: Tours) -> float:
    """Return the prize of the routes."""
    found = 0.0
    for r in range(len(tours.size)):
        for k in range(tours.size[r]):
            found += field.prize[tours.order[r, k]]
    return found


@inner
def weigh(weight: Reals, field: Field, state: Longs) -> None:
    """Draw what each place is worth to this refilling: its prize to a power, blurred."""
    power, blur = 0.6 + 1.2 * draw(state), 0.6 * draw(state)
    for v in field.place:
        weight[v] = field.prize[v] ** power * (1.0 - blur * draw(state))
        if draw(state) < 0.02:
            weight[v] = 0.0


@inner
def ruin(field: Field, tours: Tours, changed: Longs, weight: Reals, state: Longs) -> None:
    """Take places out, in one of several ways."""
    kind = draw(state)
    if kind < 0.45:
        strings(tours, changed, state)
    elif kind < 0.8:
        v = field.place[below(state, len(field.place))]
        around(v, field, tours, changed, state)
        if tours.route[v] < 0 and draw(state) < 0.5:
            weight[v] *= 3.0
    else:
        scattered(tours, changed, state)


@inner
def copied(r: int, one: Tours, other: Tours) -> None:
    """Copy route `r` of `one` into `other`, times and all."""
    for k in range(other.size[r]):
        v = other.order[r, k]
        if other.route[v] == r:
            other.route[v] = -1
    other.size[r] = one.size[r]
    other.ended[r], other.stamp[r] = one.ended[r], one.stamp[r]
    for k in range(one.size[r]):
        v = one.order[r, k]
        other.order[r, k] = v
        other.begun[v], other.last[v], other.route[v] = one.begun[v], one.last[v], r


@inner
def note(tours: Tours, before: int, trail: Longs, state: Longs) -> None:
    """Write the routes changed after `before` at the end of the trail, while there is room."""
    for r in range(len(tours.size)):
        if tours.stamp[r] > before and state[1] < len(trail) and tours.size[r] > 0:
            x = state[1]
            trail[x, 0] = tours.size[r]
            for k in range(tours.size[r]):
                trail[x, k + 1] = tours.order[r, k]
            state[1] += 1


@kernel
def anneal(
    iterations: int, hot: float, cold: float, field: Field, tours: Tours, kept: Tours, best: Tours,
    values: Reals, state: Longs, trail: Longs,
) -> None:  # fmt: skip
    """
    Search `iterations` times from `kept`, the heat going from `hot` to `cold`.

    `values` [2]: of `kept`, of `best`. `tours` is where it works. Routes of good plans are written
    in `trail` [most, n + 1], after their size; `state[1]` counts them.
    """
    m, n = len(tours.size), len(field.prize)
    changed, free, weight = np.zeros(m, np.int64), np.zeros(n, np.int64), np.zeros(n)
    for i in range(iterations):
        heat = hot * (cold / hot) ** (i / iterations)
        weigh(weight, field, state)
        before = tours.stamp[-1]
        changed[:] = 0
        ruin(field, tours, changed, weight, state)
        holds = True
        for r in range(m):
            if changed[r]:
                holds &= timed(r, field, tours)
        holds = holds and refill(weight, free, field, tours)
        value = total(field, tours)
        if holds and (value >= values[0] or draw(state) < np.exp((value - values[0]) / heat)):
            values[0] = value
            if value >= NOTED * values[1]:
                note(tours, before, trail, state)
            settle(tours, kept, before)
            if value > values[1]:
                values[1] = value
                settle(kept, best, -1)
        else:
            settle(kept, tours, before)


@inner
def settle(one: Tours, other: Tours, before: int) -> None:
    """Make `other` the same as `one`, whose routes differ when either changed after `before`."""
    m = len(other.size)
    for r in range(m):
        if one.stamp[r] > before or other.stamp[r] > before:
            for k in range(other.size[r]):
                other.route[other.order[r, k]] = -1
    for r in range(m):
        if one.stamp[r] > before or other.stamp[r] > before:
            copied(r, one, other)


@kernel
def load(routes: Longs, field: Field, tours: Tours) -> bool:
    """Make `tours` the `routes` [routes, 1 + n] (size, then places); say whether they hold."""
    tours.route[:] = -1
    holds = True
    for r in range(len(tours.size)):
        tours.size[r] = routes[r, 0]
        for k in range(routes[r, 0]):
            tours.order[r, k] = routes[r, k + 1]
            tours.route[routes[r, k + 1]] = r
        holds &= timed(r, field, tours)
    return holds
