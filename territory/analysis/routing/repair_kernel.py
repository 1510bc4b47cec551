"""Compiled repair of a week: the visit of most value for the minutes it moves, again and again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

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
NEARLY = 0.9  # of the gain promised: near enough to take the visit


class Spots(NamedTuple):
    """Where each candidate best fits in its route, known until the route changes."""

    fitting: Longs  # [routes] how many candidates fit
    fits: Longs  # [candidates] which they are, from the first of the route on
    spot: Longs  # [candidates] 2 x position + after lunch
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
def refresh(
    r: int, again: bool, scene: Scene, plan: Plan, rules: Rules, tally: Tally, spots: Spots  # noqa: FBT001
) -> None:  # fmt: skip
    """
    Look for the best place in route `r` of its candidates, all, or those that fitted (`again`).

    After one more visit, what did not fit does not fit any more (but for a detour shorter than the
    way: left to a later look).
    """
    begin = rules.first[r]
    looked = spots.fitting[r] if again else rules.first[r + 1] - begin
    spots.fitting[r] = 0
    if not again:
        spots.stale[r] = spots.tight[r] = False
    room = _room(r, rules, tally)
    for x in range(begin, begin + looked):
        e = spots.fits[x] if again else x
        if tally.route[rules.candidate[e]] != r and _best_place(
            e, room, r, scene, plan, rules, spots
        ):
            spots.fits[begin + spots.fitting[r]] = e
            spots.fitting[r] += 1


@inner
def _best_place(
    e: int, room: int, r: int, scene: Scene, plan: Plan, rules: Rules, spots: Spots
) -> bool:
    """Find where candidate `e` moves least minutes in route `r`; return whether it fits."""
    v, size, lunch, least = rules.candidate[e], plan.size[r], plan.lunch_after[r], 1e18
    direct = plan.walked[r] if size == 0 else 0
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
    return least < 1e18


@inner
def score_route(
    r: int, power: int, noise: float, plan: Plan, rules: Rules, tally: Tally, spots: Spots,
    dice: Dice,
) -> None:  # fmt: skip
    """Choose the candidate of route `r` that brings most for its minutes, with some chance."""
    spots.best[r], spots.score[r] = -1, 0.0
    opening = plan.size[r] == 0
    if opening and (spots.banned[r] or tally.clashing[r] > 0):
        return
    for x in range(rules.first[r], rules.first[r] + spots.fitting[r]):
        e = spots.fits[x]
        v, metres = rules.candidate[e], spots.metres[e]
        if not admitted(v, r, metres, plan, rules, tally):
            continue
        gained = gain(v, rules.candidate_value[e], r, metres, opening, rules, tally)
        if gained <= 0:
            continue
        score = (gained if power > 0 else 1.0) * (1.0 if power == 1 else np.sqrt(gained))
        score *= (1.0 - noise * drawn(dice)) / (spots.minutes[e] + LEAST_MIN)
        if score > spots.score[r]:
            spots.best[r], spots.score[r], spots.promise[r] = e, score, gained


@inner
def _add(
    e: int, r: int, scene: Scene, plan: Plan, rules: Rules, tally: Tally, spots: Spots
) -> None:
    """Put candidate `e` where it best fits in route `r`."""
    v, spot = rules.candidate[e], spots.spot[e]
    if plan.size[r] == 0:
        opens(r, 1, rules, tally)
    else:
        walks(r, -1, plan, rules, tally)
    insert(v, spot // 2, spot % 2 == 1, r, scene, plan)
    walks(r, 1, plan, rules, tally)
    put(v, r, rules, tally)
    refresh(r, True, scene, plan, rules, tally, spots)


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
    power: int, noise: float, scene: Scene, plan: Plan, rules: Rules, tally: Tally,
    spots: Spots, dice: Dice,
) -> None:  # fmt: skip
    """
    Add visits until none brings anything, each time where value^(power/2 + 1/2) / minutes is most.

    What a candidate brings only falls while visits are added: a route is scored again when it
    changed, or when its best candidate falls short of what it promised.
    """
    routes = len(rules.route_day)
    for r in range(routes):
        usable = plan.size[r] > 0 or (tally.clashing[r] == 0 and not spots.banned[r])
        if usable and spots.stale[r]:
            refresh(r, False, scene, plan, rules, tally, spots)
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
        if admitted(v, r, metres, plan, rules, tally) and NEARLY * spots.promise[r] <= gain(
            v, rules.candidate_value[e], r, metres, opening, rules, tally
        ):
            _add(e, r, scene, plan, rules, tally, spots)
        score_route(r, power, noise, plan, rules, tally, spots, dice)
