"""
Compiled loop of the bound: the best walk of one route when a place may come back after two others.

A dynamic programme over (visit, lunch taken, minute) that forbids A-B-A only (2-cycle elimination:
Houck et al. 1980, "The travelling salesman problem as a constrained shortest path problem"): each
state keeps its best walk and the best one that comes from another place, which together stand for
all. A walk no better than an earlier one at the same visit is not followed.
"""

from __future__ import annotations

import numpy as np

from territory.network.hierarchy.kernel import Longs, Reals, inner, kernel

NOWHERE = -1  # a walk that comes from no place


@inner
def _put(
    at: int, gain: float, came: int, back: int, best: Reals, place: Longs, track: Longs
) -> None:
    """Put a walk that comes from place `came` among the two kept at the state `at`."""
    if gain > best[at, 0]:
        if came != place[at, 0]:
            best[at, 1], place[at, 1], track[at, 1] = best[at, 0], place[at, 0], track[at, 0]
        best[at, 0], place[at, 0], track[at, 0] = gain, came, back
    elif came != place[at, 0] and gain > best[at, 1]:
        best[at, 1], place[at, 1], track[at, 1] = gain, came, back


@inner
def _trace(at: int, n: int, track: Longs, walk: Longs) -> None:
    """Write in `walk` the visits that led to `at`; a state whose lunch is new is no new visit."""
    size, states = 0, 2 * (n + 1)
    while at >= 0:
        s, before = (at >> 1) % states, track[at >> 1, at & 1]
        ate = before >= 0 and ((before >> 1) % states) & 1 != s & 1
        if s >> 1 < n and not ate:
            walk[size] = s >> 1
            size += 1
        at = before


@kernel
def best_walks(
    minutes: Longs,
    cost: Reals,
    gain: Reals,
    opens: Longs,
    latest: Longs,
    service: Longs,
    place: Longs,
    block: Longs,
    times: Longs,
    top: Reals,
    walks: Longs,
) -> None:
    """
    Find the best walk of a route for each visit it may end with, written in `walks` from its end.

    `top` [n] is what it brings, -inf where there is none; `walks` [n, longest] are left -1 beyond.

    Visits [n] allowed in the route: `gain`, `opens`, `latest`, `service`, `place` (never left and
    come back to at once); those of place p are `block` [places + 1] p to p + 1. `minutes` and
    `cost` [n + 1, n + 1] of legs: row n leaves the start, column n goes to the end. `times`: begin,
    finish, lunch minutes (0: none), first and last start of lunch. A visit and the leg to it last
    one minute at least.
    """
    n = len(gain)
    begin, finish, lunch_min = times[0], times[1], times[2]
    span, states = finish - begin + 1, 2 * (n + 1)
    best = np.full((span * states, 2), -np.inf)
    came = np.full((span * states, 2), NOWHERE, np.int64)
    track = np.full((span * states, 2), -1, np.int64)
    high = np.full((states, 2), -np.inf)  # what an earlier walk brings, as in best
    whence = np.full((states, 2), NOWHERE, np.int64)
    last = np.full(n, -1, np.int64)
    if span > 0:
        best[2 * n, 0] = 0.0
    open_yet, n_open = np.arange(n), n
    for t in range(max(span, 0)):
        kept = 0
        for x in range(n_open):  # those that a walk can still reach
            if latest[open_yet[x]] >= begin + t:
                open_yet[kept] = open_yet[x]
                kept += 1
        n_open = kept
        for s in range(states):
            v, fed = s >> 1, s & 1
            for rank in range(2):
                at = t * states + s
                here, only = best[at, rank], NOWHERE
                if here > high[s, 0]:
                    if came[at, rank] != whence[s, 0]:
                        high[s, 1], whence[s, 1] = high[s, 0], whence[s, 0]
                    high[s, 0], whence[s, 0] = here, came[at, rank]
                elif here > high[s, 1] and came[at, rank] != whence[s, 0]:
                    high[s, 1], whence[s, 1] = here, came[at, rank]
                    only = whence[s, 0]  # elsewhere the better walk goes as well, and sooner
                    if only < 0:
                        continue
                else:
                    continue
                back, now = 2 * at + rank, begin + t
                if lunch_min > 0 and fed == 0 and max(now, times[3]) <= times[4]:
                    later = max(now, times[3]) + lunch_min - begin
                    if later < span:
                        _put(later * states + s + 1, here, came[at, rank], back, best, came, track)
                home = v < n and (lunch_min == 0 or fed == 1) and now + minutes[v, n] <= finish
                if home and here - cost[v, n] > top[v]:
                    top[v], last[v] = here - cost[v, n], back
                mine = place[v] if v < n else NOWHERE
                first = block[only] if only >= 0 else 0
                for x in range(block[only + 1] - first if only >= 0 else n_open):
                    w = first + x if only >= 0 else open_yet[x]
                    if place[w] == mine or place[w] == came[at, rank]:
                        continue
                    start = max(now + minutes[v, w], opens[w])
                    free = start + service[w]
                    if start <= latest[w] and free <= finish:
                        to = (free - begin) * states + 2 * w + fed
                        _put(to, here - cost[v, w] + gain[w], mine, back, best, came, track)
    for v in range(n):
        _trace(last[v], n, track, walks[v])
