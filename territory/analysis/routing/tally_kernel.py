"""Compiled accounts of a week: what rules still allow, and what one more visit would bring."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from territory.network.hierarchy.kernel import Longs, Marks, Reals, inner

if TYPE_CHECKING:
    from territory.analysis.routing.route_kernel import Plan

METRE, UNFAIR, PAIR = 0, 1, 2  # of `price`


class Rules(NamedTuple):
    """What a week allows and pays; see week_problem. Candidates are stored route after route."""

    first: Longs  # [routes + 1] of `candidate`
    candidate: Longs  # visits allowed in the route
    candidate_value: Reals
    value: Reals  # [visits, routes]
    group: Longs  # [visits]
    day: Longs
    zone: Longs
    burden: Reals
    most: Longs  # [groups]
    apart: Longs
    repeat: Reals
    zone_apart: Longs  # [zones]
    zone_bonus: Reals
    route_day: Longs  # [routes]
    half_days: Longs
    walkers: Longs  # [routes, 2]
    clash: Marks  # [routes, routes], both ways, never with itself
    frozen: Marks
    walk_max_m: Longs  # [walkers]
    half_days_most: Longs
    due: Reals
    price: Reals  # METRE, UNFAIR, PAIR
    pairs: Longs  # [1]


class Tally(NamedTuple):
    """What the routes of a plan add up to, changed in place."""

    route: Longs  # [visits] that holds the visit, -1 none
    brings: Reals  # [visits] value in that route
    held: Longs  # [groups, most] visits made, the most valuable first
    made: Longs  # [groups]
    zone_visits: Longs  # [zones]
    zone_in: Longs  # [zones, routes] visits
    zone_days: Longs  # [zones, days] routes
    clashing: Longs  # [routes] walked routes that clash with it
    half_days: Longs  # [walkers]
    walked: Longs  # [walkers, days] metres
    burden: Reals  # [walkers]
    pairs: Longs  # [1]


@inner
def admitted(  # noqa: PLR0911
    v: int, r: int, metres: int, plan: Plan, rules: Rules, tally: Tally
) -> bool:
    """Say whether rules other than times let `v` in route `r`, that then walks `metres` more."""
    g, day = rules.group[v], rules.day[v]
    if tally.route[v] >= 0 or tally.made[g] >= rules.most[g]:
        return False
    for x in range(tally.made[g]):
        if abs(rules.day[tally.held[g, x]] - day) < rules.apart[g]:
            return False
    z = rules.zone[v]
    if z >= 0 and rules.zone_apart[z] > 0 and tally.zone_in[z, r] == 0:
        last = min(day + rules.zone_apart[z], tally.zone_days.shape[1])
        for d in range(max(day - rules.zone_apart[z] + 1, 0), last):
            if tally.zone_days[z, d] > 0:
                return False
    opening = plan.size[r] == 0
    if opening and tally.clashing[r] > 0:
        return False
    for w in range(2):
        m = rules.walkers[r, w]
        if m < 0:
            continue
        if tally.walked[m, day] + metres > rules.walk_max_m[m]:
            return False
        if opening and tally.half_days[m] + rules.half_days[r] > rules.half_days_most[m]:
            return False
    return True


@inner
def gain(
    v: int, value: float, r: int, metres: int, opening: bool, rules: Rules, tally: Tally  # noqa: FBT001
) -> float:  # fmt: skip
    """Return what the plan would be worth more with `v` in route `r`."""
    g = rules.group[v]
    gained, factor, rank = 0.0, 1.0, 0
    while rank < tally.made[g] and tally.brings[tally.held[g, rank]] >= value:
        factor *= rules.repeat[g]
        rank += 1
    gained = value * factor
    for x in range(rank, tally.made[g]):
        gained -= tally.brings[tally.held[g, x]] * factor * (1.0 - rules.repeat[g])
        factor *= rules.repeat[g]
    z = rules.zone[v]
    if z >= 0 and tally.zone_visits[z] == 0:
        gained += rules.zone_bonus[z]
    gained -= rules.price[METRE] * metres
    for w in range(2):
        m = rules.walkers[r, w]
        if m >= 0:
            more = rules.burden[v]
            gap = 2.0 * (tally.burden[m] - rules.due[m]) + more
            gained -= rules.price[UNFAIR] * more * gap
    if opening and rules.pairs[0] >= 0 and rules.walkers[r, 0] >= 0 and rules.walkers[r, 1] >= 0:
        sign = 1.0 if tally.pairs[0] < rules.pairs[0] else -1.0
        gained += sign * rules.price[PAIR]
    return float(gained)


@inner
def put(v: int, r: int, rules: Rules, tally: Tally) -> None:
    """Count visit `v` in route `r`."""
    g, z, value = rules.group[v], rules.zone[v], rules.value[v, r]
    tally.route[v], tally.brings[v] = r, value
    x = tally.made[g]
    while x > 0 and tally.brings[tally.held[g, x - 1]] < value:
        tally.held[g, x] = tally.held[g, x - 1]
        x -= 1
    tally.held[g, x] = v
    tally.made[g] += 1
    _laid(v, r, 1, rules, tally)
    if z >= 0:
        tally.zone_visits[z] += 1
        tally.zone_in[z, r] += 1
        if tally.zone_in[z, r] == 1:
            tally.zone_days[z, rules.route_day[r]] += 1


@inner
def take(v: int, r: int, rules: Rules, tally: Tally) -> None:
    """Count visit `v` in route `r` no more."""
    g, z = rules.group[v], rules.zone[v]
    tally.route[v] = -1
    tally.made[g] -= 1
    moved = False
    for x in range(tally.made[g]):
        moved |= tally.held[g, x] == v
        if moved:
            tally.held[g, x] = tally.held[g, x + 1]
    _laid(v, r, -1, rules, tally)
    if z >= 0:
        tally.zone_visits[z] -= 1
        tally.zone_in[z, r] -= 1
        if tally.zone_in[z, r] == 0:
            tally.zone_days[z, rules.route_day[r]] -= 1


@inner
def _laid(v: int, r: int, sign: int, rules: Rules, tally: Tally) -> None:
    for w in range(2):
        if rules.walkers[r, w] >= 0:
            tally.burden[rules.walkers[r, w]] += sign * rules.burden[v]


@inner
def walks(r: int, sign: int, plan: Plan, rules: Rules, tally: Tally) -> None:
    """Count the metres of route `r` for its walkers, or no more (`sign` -1)."""
    for w in range(2):
        if rules.walkers[r, w] >= 0:
            tally.walked[rules.walkers[r, w], rules.route_day[r]] += sign * plan.walked[r]


@inner
def opens(r: int, sign: int, rules: Rules, tally: Tally) -> None:
    """Count route `r` as walked, or no more (`sign` -1)."""
    for w in range(2):
        if rules.walkers[r, w] >= 0:
            tally.half_days[rules.walkers[r, w]] += sign * rules.half_days[r]
    if rules.walkers[r, 0] >= 0 and rules.walkers[r, 1] >= 0:
        tally.pairs[0] += sign
    for other in range(len(rules.route_day)):
        if rules.clash[r, other]:
            tally.clashing[other] += sign


@inner
def worth(plan: Plan, rules: Rules, tally: Tally) -> float:
    """Return the value of the plan, and count the burdens afresh (sums of reals drift)."""
    total = 0.0
    for g in range(len(rules.most)):
        factor = 1.0
        for x in range(tally.made[g]):
            total += tally.brings[tally.held[g, x]] * factor
            factor *= rules.repeat[g]
    for z in range(len(rules.zone_bonus)):
        if tally.zone_visits[z] > 0:
            total += rules.zone_bonus[z]
    metres = 0
    for m in range(len(rules.due)):
        tally.burden[m] = 0.0
    for r in range(len(rules.route_day)):
        if plan.size[r] > 0:
            metres += plan.walked[r]
        for k in range(plan.size[r]):
            _laid(plan.order[r, k], r, 1, rules, tally)
    total -= rules.price[METRE] * metres
    for m in range(len(rules.due)):
        total -= rules.price[UNFAIR] * (tally.burden[m] - rules.due[m]) ** 2
    if rules.pairs[0] >= 0:
        total -= rules.price[PAIR] * abs(tally.pairs[0] - rules.pairs[0])
    return float(total)
