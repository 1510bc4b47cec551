"""
Compiled loop of the bound: the best walk of one route when a place may come back after two others.

A dynamic programme over (visit, lunch taken, minute) that forbids A-B-A only (2-cycle elimination:
Houck et al. 1980, "The travelling salesman problem as a constrained shortest path problem"): each
state keeps its best walk and the best one that comes from another place, which together stand for
all. A walk no better than an earlier one at the same visit is not followed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from territory.network.hierarchy.kernel import Lists, Longs, Reals, inner, kernel

EVERY, NOWHERE = -1, -1  # where a walk goes on to; the place before the start
NEVER = -2


class Day(NamedTuple):
    """
    The visits [n] of a route; `minutes` and `cost` [n + 1, n + 1] of the legs.

    Row n leaves the start, column n goes to the end; `place` of each visit, which rises, those of
    place p being `block` p to p + 1; `times`: begin, finish, lunch minutes (0: none), its first and
    last start.
    """

    minutes: Longs
    cost: Reals
    gain: Reals
    opens: Longs
    latest: Longs
    service: Longs
    place: Longs
    block: Longs
    times: Longs


class Walks(NamedTuple):
    """Two walks for each state, minute by minute [states, 2]: value, place before, state before."""

    best: Reals
    came: Lists
    track: Lists


class Met(NamedTuple):
    """What was met: values at each state and places before [states, 2]; visits left, ends [n]."""

    high: Reals
    whence: Longs
    left: Longs
    last: Longs


def blank(day: Day) -> tuple[Walks, Met]:
    """Return room for the walks of a route: made here, as compiling numpy costs more than that."""
    n = len(day.gain)
    states, unknown = 2 * (n + 1), -np.inf
    shape = (max(day.times[1] - day.times[0] + 1, 1) * states, 2)
    came, track = np.full(shape, NOWHERE, np.int32), np.full(shape, -1, np.int32)
    met = Met(
        np.full((states, 2), unknown), np.full((states, 2), NOWHERE), np.arange(n), np.full(n, -1)
    )
    return Walks(np.full(shape, unknown), came, track), met


@inner
def _put(at: int, gain: float, came: int, back: int, walks: Walks) -> None:
    """Put a walk that comes from place `came` among the two kept at the state `at`."""
    best, place, track = walks
    if gain > best[at, 0]:
        if came != place[at, 0]:
            best[at, 1], place[at, 1], track[at, 1] = best[at, 0], place[at, 0], track[at, 0]
        best[at, 0], place[at, 0], track[at, 0] = gain, came, back
    elif came != place[at, 0] and gain > best[at, 1]:
        best[at, 1], place[at, 1], track[at, 1] = gain, came, back


@inner
def _leads(s: int, here: float, came: int, high: Reals, whence: Longs) -> int:
    """
    Return where a walk worth `here` does more than those met before at the same visit.

    EVERY place, NEVER, or the one place where the better walk comes from and cannot go back to.
    """
    if here > high[s, 0]:
        if came != whence[s, 0]:
            high[s, 1], whence[s, 1] = high[s, 0], whence[s, 0]
        high[s, 0], whence[s, 0] = here, came
        return EVERY
    if here > high[s, 1] and came != whence[s, 0]:
        high[s, 1], whence[s, 1] = here, came
        return whence[s, 0] if whence[s, 0] >= 0 else NEVER
    return NEVER


@inner
def _go_on(at: int, rank: int, only: int, day: Day, walks: Walks, left: Longs) -> None:
    """Take a walk to the visits `left` to reach, or to those of the place `only`, and to lunch."""
    n, begin, finish = len(day.gain), day.times[0], day.times[1]
    states = 2 * (n + 1)
    s, now = at % states, begin + at // states
    v, fed, here = s >> 1, s & 1, walks.best[at, rank]
    came: int = np.int64(walks.came[at, rank])  # type: ignore[assignment]  # `_put` compiled once
    back, mine = 2 * at + rank, day.place[v] if v < n else NOWHERE
    if day.times[2] > 0 and fed == 0 and max(now, day.times[3]) <= day.times[4]:
        later = max(now, day.times[3]) + day.times[2]
        if later <= finish:
            _put((later - begin) * states + s + 1, here, came, back, walks)
    first = day.block[only] if only >= 0 else 0
    for x in range(day.block[only + 1] - first if only >= 0 else len(left)):
        w = first + x if only >= 0 else left[x]
        if day.place[w] == mine or day.place[w] == came:
            continue
        start = max(now + day.minutes[v, w], day.opens[w])
        free = start + day.service[w]
        if start <= day.latest[w] and free <= finish:
            to = (free - begin) * states + 2 * w + fed
            _put(to, here - day.cost[v, w] + day.gain[w], mine, back, walks)


@inner
def _trace(at: int, n: int, track: Lists, walk: Longs) -> None:
    """Write in `walk` the visits that led to `at`; a state whose lunch is new is no new visit."""
    size, states = 0, 2 * (n + 1)
    while at >= 0:
        s, before = (at >> 1) % states, track[at >> 1, at & 1]
        ate = before >= 0 and ((before >> 1) % states) & 1 != s & 1
        if s >> 1 < n and not ate:
            walk[size] = s >> 1
            size += 1
        at = before


@inner
def _still(left: Longs, n_left: int, now: int, latest: Longs) -> int:
    """Keep in `left` the visits that may start from `now` on; return how many."""
    kept = 0
    for x in range(n_left):
        if latest[left[x]] >= now:
            left[kept] = left[x]
            kept += 1
    return kept


@kernel
def best_walks(day: Day, kept: Walks, met: Met, top: Reals, walks: Longs) -> None:
    """
    Find the best walk of a route for each visit it may end with, written in `walks` from its end.

    `kept` and `met` are `blank`.
    `top` [n] is what it brings, -inf where there is none; `walks` [n, longest] are left -1 beyond.
    A visit and the leg to it last one minute at least; none is made at a place just left.
    """
    n, n_left = len(day.gain), len(day.gain)
    begin, finish = day.times[0], day.times[1]
    states, hungry = 2 * (n + 1), day.times[2] > 0
    kept.best[2 * n, 0] = 0.0
    for at in range(len(kept.best)):
        s, now = at % states, begin + at // states
        if s == 0:
            n_left = _still(met.left, n_left, now, day.latest)
        v, home = s >> 1, now + day.minutes[s >> 1, n] <= finish
        for rank in range(2):
            here = kept.best[at, rank]
            only = _leads(s, here, kept.came[at, rank], met.high, met.whence)
            if only == NEVER:
                continue
            if v < n and home and hungry == (s & 1) and here - day.cost[v, n] > top[v]:
                top[v], met.last[v] = here - day.cost[v, n], 2 * at + rank
            _go_on(at, rank, only, day, kept, met.left[:n_left])
    for v in range(n):
        _trace(met.last[v], n, kept.track, walks[v])
