"""
Compiled arithmetic of one route: its times, and where one more visit fits, in constant time.

Each visit keeps its earliest start (from the front) and its latest one (from the back), so that a
visit is inserted where what follows still holds: Savelsbergh 1992 ("The vehicle routing problem
with time windows: minimizing route duration"), as in the iterated local search of Vansteenwegen et
al. 2009 for team orienteering. Lunch has no place of its own: it is taken where the team is.
"""

from __future__ import annotations

from typing import NamedTuple

from territory.network.hierarchy.kernel import Longs, inner

NEVER = 1 << 40


class Scene(NamedTuple):
    """What does not change in a search; see week_problem. Integers of 64 bits, minutes, metres."""

    minutes: Longs  # [paces, points, points]
    metres: Longs
    point: Longs  # [visits]
    opens: Longs
    latest: Longs
    service: Longs
    start: Longs  # [routes]
    end: Longs
    begin: Longs
    finish: Longs
    pace: Longs
    lunch_min: Longs
    lunch_opens: Longs
    lunch_latest: Longs


class Plan(NamedTuple):
    """The routes of a search, changed in place: `order` [routes, most], `size` [routes]."""

    order: Longs
    size: Longs
    lunch_after: Longs  # [routes]; -1 where none is taken
    begun: Longs  # [visits] earliest start in the route that holds the visit
    last: Longs  # [visits] latest start from which what follows still holds
    lunch_begun: Longs  # [routes]
    ended: Longs  # [routes]
    walked: Longs  # [routes] metres


@inner
def timed(r: int, scene: Scene, plan: Plan) -> bool:
    """Compute the times of route `r` from front and back; say whether every rule of time holds."""
    minutes, metres = scene.minutes[scene.pace[r]], scene.metres[scene.pace[r]]
    at, now, walked, holds = scene.start[r], scene.begin[r], 0, True
    lunch = plan.lunch_after[r]
    for k in range(plan.size[r] + 1):
        if k == lunch:
            now = max(now, scene.lunch_opens[r])
            plan.lunch_begun[r] = now
            holds &= now <= scene.lunch_latest[r]
            now += scene.lunch_min[r]
        there = scene.end[r] if k == plan.size[r] else scene.point[plan.order[r, k]]
        now += minutes[at, there]
        walked += metres[at, there]
        at = there
        if k < plan.size[r]:
            v = plan.order[r, k]
            now = max(now, scene.opens[v])
            plan.begun[v] = now
            holds &= now <= scene.latest[v]
            now += scene.service[v]
    plan.ended[r], plan.walked[r] = now, walked
    _backwards(r, scene, plan)
    return holds and now <= scene.finish[r]


@inner
def _backwards(r: int, scene: Scene, plan: Plan) -> None:
    """Compute the latest start of each visit of route `r`, from its end."""
    minutes = scene.minutes[scene.pace[r]]
    there, by = scene.end[r], scene.finish[r]
    for k in range(plan.size[r] - 1, -1, -1):
        v = plan.order[r, k]
        by -= minutes[scene.point[v], there]
        if plan.lunch_after[r] == k + 1:
            by = min(by - scene.lunch_min[r], scene.lunch_latest[r])
        by = min(by - scene.service[v], scene.latest[v])
        plan.last[v] = by
        there = scene.point[v]


@inner
def fit(v: int, k: int, after: bool, r: int, scene: Scene, plan: Plan) -> tuple[int, int, int]:  # noqa: FBT001
    """
    Return how visit `v` fits in route `r` before its k-th: (minutes that what follows moves, ...).

    Then the minutes and metres of the detour. Where the lunch lies at k, `v` comes after it when
    `after`, else before it. NEVER: it does not fit.
    """
    minutes, metres = scene.minutes[scene.pace[r]], scene.metres[scene.pace[r]]
    a, ready = scene.start[r], scene.begin[r]
    if k > 0:
        before = plan.order[r, k - 1]
        a, ready = scene.point[before], plan.begun[before] + scene.service[before]
    here = scene.point[v]
    lunch = plan.lunch_after[r] == k
    if lunch and after:
        ready = plan.lunch_begun[r] + scene.lunch_min[r]
    begun = max(ready + minutes[a, here], scene.opens[v])
    if begun > scene.latest[v]:
        return NEVER, 0, 0
    free = begun + scene.service[v]
    if lunch and not after:
        free = max(free, scene.lunch_opens[r])
        if free > scene.lunch_latest[r]:
            return NEVER, 0, 0
        free += scene.lunch_min[r]
    if k < plan.size[r]:
        follower = plan.order[r, k]
        b = scene.point[follower]
        reached = free + minutes[here, b]
        if reached > plan.last[follower]:
            return NEVER, 0, 0
        moved = max(reached, scene.opens[follower]) - plan.begun[follower]
    else:
        b = scene.end[r]
        reached = free + minutes[here, b]
        if reached > scene.finish[r]:
            return NEVER, 0, 0
        moved = reached - plan.ended[r]
    detour = minutes[a, here] + minutes[here, b] - minutes[a, b]
    return moved, detour, metres[a, here] + metres[here, b] - metres[a, b]


@inner
def insert(v: int, k: int, after: bool, r: int, scene: Scene, plan: Plan) -> bool:  # noqa: FBT001
    """Put visit `v` before the k-th of route `r`, as `fit` found it; return whether times hold."""
    for x in range(plan.size[r], k, -1):
        plan.order[r, x] = plan.order[r, x - 1]
    plan.order[r, k] = v
    plan.size[r] += 1
    lunch = plan.lunch_after[r]
    if lunch > k or (lunch == k and not after):
        plan.lunch_after[r] += 1
    return timed(r, scene, plan)


@inner
def drop(first: int, count: int, r: int, scene: Scene, plan: Plan) -> bool:
    """Take `count` visits out of route `r` from its `first` on; return whether times still hold."""
    for x in range(first, plan.size[r] - count):
        plan.order[r, x] = plan.order[r, x + count]
    plan.size[r] -= count
    lunch = plan.lunch_after[r]
    if lunch > first:
        plan.lunch_after[r] = max(first, lunch - count)
    return timed(r, scene, plan)
