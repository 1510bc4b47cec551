"""
Compiled arithmetic of one route: its times, and where one more visit fits, in constant time.

Each visit keeps its earliest start (from the front) and its latest one (from the back), so that a
visit is inserted where what follows still holds: Savelsbergh 1992 ("The vehicle routing problem
with time windows: minimizing route duration"), as in the iterated local search of Vansteenwegen et
al. 2009 for team orienteering. Lunch has no place of its own: it is taken where the team is.
"""

from __future__ import annotations

from territory.analysis.routing.week_layout import (
    BEGIN,
    BEGUN,
    END,
    ENDED,
    FINISH,
    LAST,
    LATEST,
    LUNCH_AFTER,
    LUNCH_BEGUN,
    LUNCH_LATEST,
    LUNCH_MIN,
    LUNCH_OPENS,
    METRES,
    MINUTES,
    OPENS,
    PACE,
    POINT,
    SERVICE,
    SIZE,
    START,
    WALKED,
    Week,
)
from territory.network.hierarchy.kernel import inner, pasted

NEVER = 1 << 40  # minutes


@inner
def timed(r: int, w: Week) -> bool:
    """Compute the times of route `r` from front and back; say whether every rule of time holds."""
    pace, size, lunch = w.route[r, PACE], w.route[r, SIZE], w.route[r, LUNCH_AFTER]
    at, now, walked, holds = w.route[r, START], w.route[r, BEGIN], 0, True
    for k in range(size + 1):
        if k == lunch:
            now = max(now, w.route[r, LUNCH_OPENS])
            w.route[r, LUNCH_BEGUN] = now
            holds &= now <= w.route[r, LUNCH_LATEST]
            now += w.route[r, LUNCH_MIN]
        v = w.order[r, k] if k < size else -1
        there = w.visit[v, POINT] if k < size else w.route[r, END]
        now += w.legs[MINUTES, pace, at, there]
        walked += w.legs[METRES, pace, at, there]
        at = there
        if k < size:
            now = max(now, w.visit[v, OPENS])
            w.visit[v, BEGUN] = now
            holds &= now <= w.visit[v, LATEST]
            now += w.visit[v, SERVICE]
    w.route[r, ENDED], w.route[r, WALKED] = now, walked
    there, by = w.route[r, END], w.route[r, FINISH]
    for k in range(size - 1, -1, -1):
        v = w.order[r, k]
        by -= w.legs[MINUTES, pace, w.visit[v, POINT], there]
        if lunch == k + 1:
            by = min(by - w.route[r, LUNCH_MIN], w.route[r, LUNCH_LATEST])
        by = min(by - w.visit[v, SERVICE], w.visit[v, LATEST])
        w.visit[v, LAST] = by
        there = w.visit[v, POINT]
    return holds and now <= w.route[r, FINISH]


@pasted
def fit(v: int, k: int, after: bool, r: int, w: Week) -> tuple[int, int, int]:  # noqa: FBT001
    """
    Return how visit `v` fits in route `r` before its k-th: (minutes that what follows moves, ...).

    Then the minutes and metres of the detour. Where the lunch lies at k, `v` comes after it when
    `after`, else before it. NEVER: it does not fit.
    """
    pace, here = w.route[r, PACE], w.visit[v, POINT]
    a, ready = w.route[r, START], w.route[r, BEGIN]
    if k > 0:
        before = w.order[r, k - 1]
        a, ready = w.visit[before, POINT], w.visit[before, BEGUN] + w.visit[before, SERVICE]
    lunch = w.route[r, LUNCH_AFTER] == k
    if lunch and after:
        ready = w.route[r, LUNCH_BEGUN] + w.route[r, LUNCH_MIN]
    begun = max(ready + w.legs[MINUTES, pace, a, here], w.visit[v, OPENS])
    free = begun + w.visit[v, SERVICE]
    holds = begun <= w.visit[v, LATEST]
    if lunch and not after:
        free = max(free, w.route[r, LUNCH_OPENS])
        holds &= free <= w.route[r, LUNCH_LATEST]
        free += w.route[r, LUNCH_MIN]
    b, was, last, opens = w.route[r, END], w.route[r, ENDED], w.route[r, FINISH], 0
    if k < w.route[r, SIZE]:
        then = w.order[r, k]
        b, was = w.visit[then, POINT], w.visit[then, BEGUN]
        last, opens = w.visit[then, LAST], w.visit[then, OPENS]
    reached = free + w.legs[MINUTES, pace, here, b]
    if not holds or reached > last:
        return NEVER, 0, 0
    minutes = w.legs[MINUTES, pace, a, here] + w.legs[MINUTES, pace, here, b]
    metres = w.legs[METRES, pace, a, here] + w.legs[METRES, pace, here, b]
    minutes -= w.legs[MINUTES, pace, a, b]
    return max(reached, opens) - was, minutes, metres - w.legs[METRES, pace, a, b]


@inner
def insert(v: int, k: int, after: bool, r: int, w: Week) -> None:  # noqa: FBT001
    """Put visit `v` before the k-th of route `r`, as `fit` found it."""
    for x in range(w.route[r, SIZE], k, -1):
        w.order[r, x] = w.order[r, x - 1]
    w.order[r, k] = v
    w.route[r, SIZE] += 1
    lunch = w.route[r, LUNCH_AFTER]
    if lunch > k or (lunch == k and not after):
        w.route[r, LUNCH_AFTER] += 1
    timed(r, w)


@inner
def drop(first: int, count: int, r: int, w: Week) -> None:
    """Take `count` visits out of route `r` from its `first` on; an empty route waits for lunch."""
    for x in range(first, w.route[r, SIZE] - count):
        w.order[r, x] = w.order[r, x + count]
    w.route[r, SIZE] -= count
    lunch = w.route[r, LUNCH_AFTER]
    if lunch > first:
        w.route[r, LUNCH_AFTER] = max(first, lunch - count)
    if w.route[r, SIZE] == 0:
        w.route[r, LUNCH_AFTER] = 0 if w.route[r, LUNCH_MIN] > 0 else -1
    timed(r, w)
