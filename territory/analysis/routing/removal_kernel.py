"""Compiled removals of a week: which visits make room for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.dice_kernel import Dice, below, drawn
from territory.analysis.routing.repair_kernel import Spots, cut
from territory.analysis.routing.route_kernel import Plan, Scene, timed
from territory.network.hierarchy.kernel import Marks, inner

if TYPE_CHECKING:
    from territory.analysis.routing.tally_kernel import Rules, Tally

SEGMENT, ROUTE, NEAR, WALKER, DAY, ANY, OTHER = range(7)
OFTEN = (0.35, 0.5, 0.75, 0.8, 0.85, 0.92, 1.0)  # chances of the kinds, added up
HALF, ELSEWHERE = 0.5, 0.1  # how often: a route is kept empty, near means soon too; a lunch moves


@inner
def remove(
    touched: Marks, scene: Scene, plan: Plan, rules: Rules, tally: Tally, spots: Spots, dice: Dice
) -> None:
    """Take out visits in one of seven ways, marking in `going` [visits] first; mend the routes."""
    going = np.zeros(len(rules.group), np.bool_)
    spots.banned[:] = False
    kind, draw = 0, drawn(dice)
    while draw >= OFTEN[kind]:
        kind += 1
    if kind == NEAR:
        _near(going, scene, plan, rules, dice)
    elif kind == OTHER:
        _other(going, plan, rules, tally, spots, dice)
    else:
        _several(kind, going, plan, rules, spots, dice)
    for r in range(len(plan.size)):
        if plan.size[r] > 0 and not rules.frozen[r]:
            _emptied(r, going, touched, scene, plan, rules, tally, spots, dice)


@inner
def _several(
    kind: int, going: Marks, plan: Plan, rules: Rules, spots: Spots, dice: Dice
) -> None:  # fmt: skip
    """Mark parts of 1-3 routes, whole routes, or a share of all, a walker's or a day's visits."""
    routes = len(plan.size)
    if kind <= ROUTE:
        for _ in range(1 + below(3 if kind == SEGMENT else 2, dice)):
            r = _walked(below(routes, dice), plan, rules)
            if r < 0:
                return
            count = plan.size[r]
            if kind == SEGMENT:
                count = 1 + below(count, dice)
            elif drawn(dice) < HALF:
                spots.banned[r] = True
            first = below(plan.size[r] - count + 1, dice)
            for k in range(first, first + count):
                going[plan.order[r, k]] = True
        return
    share = 0.3 + 0.5 * drawn(dice)
    if kind == ANY:
        share = 0.05 + 0.25 * drawn(dice)
    r = _walked(below(routes, dice), plan, rules)
    if r < 0:
        return
    m, day = rules.walkers[r, 0], rules.route_day[r]
    for other in range(routes):
        of = rules.walkers[other, 0] == m or rules.walkers[other, 1] == m
        if (kind == WALKER and not of) or (kind == DAY and rules.route_day[other] != day):
            continue
        for k in range(plan.size[other]):
            going[plan.order[other, k]] |= drawn(dice) < share


@inner
def _walked(r: int, plan: Plan, rules: Rules) -> int:
    """Return the first walked route from `r` on that may change, -1 none."""
    for more in range(len(plan.size)):
        other = (r + more) % len(plan.size)
        if plan.size[other] > 0 and not rules.frozen[other]:
            return other
    return -1


@inner
def _near(going: Marks, scene: Scene, plan: Plan, rules: Rules, dice: Dice) -> None:
    """Mark visits near a visit drawn at random, in place and, half of the time, in day and hour."""
    middle = below(len(rules.group), dice)
    at, around = scene.point[middle], (scene.opens[middle] + scene.latest[middle]) / 2.0
    timely, count = drawn(dice) < HALF, 2 + below(10, dice)
    for _ in range(count):
        found, least = -1, 1e18
        for r in range(len(plan.size)):
            if rules.frozen[r] or (timely and rules.route_day[r] != rules.day[middle]):
                continue
            for k in range(plan.size[r]):
                v = plan.order[r, k]
                if going[v]:
                    continue
                far = scene.minutes[scene.pace[r], at, scene.point[v]] + 1.0
                if timely:
                    far += 0.1 * abs(plan.begun[v] - around)
                far *= 0.6 + 0.8 * drawn(dice)
                if far < least:
                    found, least = v, far
        if found < 0:
            return
        going[found] = True


@inner
def _other(going: Marks, plan: Plan, rules: Rules, tally: Tally, spots: Spots, dice: Dice) -> None:
    """Mark all visits of the routes that keep a route, drawn at random, from being walked."""
    routes = len(plan.size)
    wanted = below(routes, dice)
    if plan.size[wanted] > 0 or rules.frozen[wanted]:
        wanted = below(routes, dice)
    for r in range(routes):
        if rules.clash[r, wanted]:
            spots.banned[r] = True
            for k in range(plan.size[r]):
                going[plan.order[r, k]] = True
    for w in range(2):
        m = rules.walkers[wanted, w]
        if m < 0 or tally.half_days[m] + rules.half_days[wanted] <= rules.half_days_most[m]:
            continue
        start = below(routes, dice)
        for more in range(routes):
            r = (start + more) % routes
            of = rules.walkers[r, 0] == m or rules.walkers[r, 1] == m
            if of and plan.size[r] > 0 and r != wanted and not rules.frozen[r]:
                spots.banned[r] = True
                for k in range(plan.size[r]):
                    going[plan.order[r, k]] = True
                break


@inner
def _emptied(
    r: int, going: Marks, touched: Marks, scene: Scene, plan: Plan, rules: Rules, tally: Tally,
    spots: Spots, dice: Dice,
) -> None:  # fmt: skip
    """Take the visits marked out of route `r`, then see to its lunch, its times and its metres."""
    before, k = plan.size[r], 0
    while k < plan.size[r]:
        count = 0
        while k + count < plan.size[r] and going[plan.order[r, k + count]]:
            count += 1
        cut(k, count, r, scene, plan, rules, tally, spots)
        k += 1
    if plan.size[r] == before:
        return
    touched[r] = True
    while plan.size[r] > 0:
        holds = relunch(r, drawn(dice) < ELSEWHERE, scene, plan, dice)
        for w in range(2):
            m = rules.walkers[r, w]
            holds &= m < 0 or tally.walked[m, rules.route_day[r]] <= rules.walk_max_m[m]
        if holds:
            return
        cut(plan.size[r] - 1, 1, r, scene, plan, rules, tally, spots)


@inner
def relunch(r: int, anywhere: bool, scene: Scene, plan: Plan, dice: Dice) -> bool:  # noqa: FBT001
    """
    Take the lunch of route `r` where the route ends first, or somewhere that holds (`anywhere`).

    Return whether times hold.
    """
    if plan.lunch_after[r] < 0:
        return timed(r, scene, plan)
    found, least = 0, 1e18
    for k in range(plan.size[r] + 1):
        plan.lunch_after[r] = k
        if timed(r, scene, plan):
            ended = drawn(dice) if anywhere else float(plan.ended[r])
            if ended < least:
                found, least = k, ended
    plan.lunch_after[r] = found
    return timed(r, scene, plan)
