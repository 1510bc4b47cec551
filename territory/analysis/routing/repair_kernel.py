"""Compiled repair of a week: the visit of most value for the minutes it moves, again and again."""

from __future__ import annotations

from typing import NamedTuple

from territory.analysis.routing.dice_kernel import Dice, drawn
from territory.analysis.routing.route_kernel import NEVER, Plan, Scene, drop, fit, insert, timed
from territory.analysis.routing.tally_kernel import (
    Rules,
    Tally,
    admitted,
    gain,
    opens,
    put,
    take,
    walks,
)
from territory.network.hierarchy.kernel import Longs, Marks, Reals, inner

DETOUR = 0.3  # of a minute moved, what a minute of detour counts for
LEAST_MIN = 2.0  # added to the minutes moved: a visit that moves nothing is not infinitely good


class Spots(NamedTuple):
    """Where each candidate best fits in its route, known until the route changes."""

    spot: Longs  # [candidates] 2 x position + after lunch; -1: does not fit
    minutes: Reals  # [candidates] moved, and a part of the detour
    metres: Longs  # [candidates] walked more
    stale: Marks  # [routes] to be looked for again
    tight: Marks  # [routes] the walking cap refused a place
    banned: Marks  # [routes] not to be opened in this repair
    best: Longs  # [routes] candidate that scores most, -1 none
    score: Reals  # [routes]
    promise: Reals  # [routes] its gain when it was scored


@inner
def _room(r: int, rules: Rules, tally: Tally) -> int:
    """Return the metres that the walkers of route `r` may still walk that day."""
    room = NEVER
    for w in range(2):
        m = rules.walkers[r, w]
        if m >= 0:
            room = min(room, rules.walk_max_m[m] - tally.walked[m, rules.route_day[r]])
    return room


@inner
def refresh(r: int, scene: Scene, plan: Plan, rules: Rules, tally: Tally, spots: Spots) -> None:
    """Look for the best place in route `r` of each of its candidates."""
    room, size, lunch = _room(r, rules, tally), plan.size[r], plan.lunch_after[r]
    direct = plan.walked[r] if size == 0 else 0
    spots.stale[r] = spots.tight[r] = False
    for e in range(rules.first[r], rules.first[r + 1]):
        v = rules.candidate[e]
        spots.spot[e] = -1
        if tally.route[v] == r:
            continue
        least = 1e18
        for k in range(size + 1):
            if k > 0:
                before = plan.order[r, k - 1]
                if plan.begun[before] + scene.service[before] > scene.latest[v]:
                    break
            if k < size and scene.opens[v] + scene.service[v] > plan.last[plan.order[r, k]]:
                continue
            for after in range(2 if k == lunch else 1):
                moved, detour, metres = fit(v, k, after == 1, r, scene, plan)
                minutes = max(moved + DETOUR * detour, 0.0)
                if moved >= NEVER or minutes >= least:
                    continue
                if metres + direct > room:
                    spots.tight[r] = True
                    continue
                least = minutes
                spots.spot[e], spots.minutes[e] = 2 * k + after, minutes
                spots.metres[e] = metres + direct


@inner
def score_route(
    r: int, power: float, noise: float, plan: Plan, rules: Rules, tally: Tally, spots: Spots,
    dice: Dice,
) -> None:  # fmt: skip
    """Choose the candidate of route `r` that brings most for its minutes, with some chance."""
    spots.best[r], spots.score[r] = -1, 0.0
    opening = plan.size[r] == 0
    if rules.frozen[r] or (opening and (spots.banned[r] or tally.clashing[r] > 0)):
        return
    for e in range(rules.first[r], rules.first[r + 1]):
        v, metres = rules.candidate[e], spots.metres[e]
        if spots.spot[e] < 0 or not admitted(v, r, metres, plan, rules, tally):
            continue
        gained = gain(v, rules.candidate_value[e], r, metres, opening, rules, tally)
        if gained <= 0:
            continue
        score = gained**power / (spots.minutes[e] + LEAST_MIN) * (1.0 - noise * drawn(dice))
        if score > spots.score[r]:
            spots.best[r], spots.score[r], spots.promise[r] = e, score, gained


@inner
def add(e: int, r: int, scene: Scene, plan: Plan, rules: Rules, tally: Tally, spots: Spots) -> None:
    """Put candidate `e` where it best fits in route `r`."""
    v, spot = rules.candidate[e], spots.spot[e]
    if plan.size[r] == 0:
        opens(r, 1, rules, tally)
    else:
        walks(r, -1, plan, rules, tally)
    insert(v, spot // 2, spot % 2 == 1, r, scene, plan)
    walks(r, 1, plan, rules, tally)
    put(v, r, rules, tally)
    spots.stale[r] = True


@inner
def cut(
    first: int, count: int, r: int, scene: Scene, plan: Plan, rules: Rules, tally: Tally,
    spots: Spots,
) -> bool:  # fmt: skip
    """Take `count` visits out of route `r` from its `first` on; return whether times still hold."""
    if count == 0:
        return True
    walks(r, -1, plan, rules, tally)
    for k in range(first, first + count):
        take(plan.order[r, k], r, rules, tally)
    holds = drop(first, count, r, scene, plan)
    spots.stale[r] = True
    if plan.size[r] > 0:
        walks(r, 1, plan, rules, tally)
        return holds
    opens(r, -1, rules, tally)
    empty(r, scene, plan)
    return True


@inner
def empty(r: int, scene: Scene, plan: Plan) -> None:
    """Make route `r` ready for a first visit: its lunch, if it has one, waits at its start."""
    plan.size[r] = 0
    plan.lunch_after[r] = 0 if scene.lunch_min[r] > 0 else -1
    timed(r, scene, plan)


@inner
def repair(
    power: float, noise: float, scene: Scene, plan: Plan, rules: Rules, tally: Tally,
    spots: Spots, dice: Dice,
) -> None:  # fmt: skip
    """
    Add visits until none brings anything, each time where value^power / minutes is most.

    What a candidate brings only falls while visits are added, so that a route is scored again when
    it changed, or when its best candidate does not bring what it promised any more.
    """
    routes = len(rules.route_day)
    for r in range(routes):
        usable = plan.size[r] > 0 or (tally.clashing[r] == 0 and not spots.banned[r])
        if usable and not rules.frozen[r] and spots.stale[r]:
            refresh(r, scene, plan, rules, tally, spots)
        score_route(r, power, noise, plan, rules, tally, spots, dice)
    while True:
        r = -1
        for other in range(routes):
            if spots.best[other] >= 0 and (r < 0 or spots.score[other] > spots.score[r]):
                r = other
        if r < 0:
            return
        e = spots.best[r]
        v, metres, opening = rules.candidate[e], spots.metres[e], plan.size[r] == 0
        if admitted(v, r, metres, plan, rules, tally) and spots.promise[r] <= 1e-9 + gain(
            v, rules.candidate_value[e], r, metres, opening, rules, tally
        ):
            add(e, r, scene, plan, rules, tally, spots)
            refresh(r, scene, plan, rules, tally, spots)
        score_route(r, power, noise, plan, rules, tally, spots, dice)
