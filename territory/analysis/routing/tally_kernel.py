"""Compiled accounts of a week: what rules still allow, and what one more visit would bring."""

from __future__ import annotations

from territory.analysis.routing.week_layout import (
    APART,
    BONUS,
    BRINGS,
    BUDGETS,
    BURDEN,
    CARRIED,
    CHARGED,
    CLASHING,
    DAY,
    DAY_M,
    DAYS,
    DUE,
    GROUP,
    HALF_DAYS,
    HALF_DAYS_MOST,
    HELD_BY,
    LEFT,
    MADE,
    MEMBER,
    METRE,
    MOST,
    OUTINGS,
    PAIR,
    PAIRS,
    PARTNER,
    PRICE,
    REPEAT,
    ROUTE_DAY,
    SIZE,
    UNFAIR,
    VALUE,
    WALK_MAX_M,
    WALKED,
    WALKER,
    WANTED_PAIRS,
    ZONE,
    ZONE_APART,
    ZONE_DAY,
    ZONE_IN,
    ZONE_VISITS,
    Week,
)
from territory.network.hierarchy.kernel import inner, pasted


@pasted
def admitted(v: int, r: int, metres: int, w: Week) -> bool:
    """Say whether rules other than times let `v` in route `r`, that then walks `metres` more."""
    g, day, opening = w.visit[v, GROUP], w.visit[v, DAY], w.route[r, SIZE] == 0
    if w.visit[v, HELD_BY] >= 0 or w.group[g, MADE] >= w.group[g, MOST]:
        return False
    holds = not (opening and w.route[r, CLASHING] > 0)
    for x in range(MEMBER, MEMBER + w.group[g, MADE]):
        holds &= abs(w.visit[w.group[g, x], DAY] - day) >= w.group[g, APART]
    for b in range(w.total[BUDGETS]):
        holds &= w.group[g, w.total[CHARGED] + b] <= max(w.total[LEFT + b], 0)
    z = w.visit[v, ZONE]
    if z >= 0 and w.zone[z, ZONE_APART] > 0 and w.zone[z, ZONE_IN + r] == 0:
        apart = w.zone[z, ZONE_APART]
        for d in range(max(day - apart + 1, 0), min(day + apart, w.total[DAYS])):
            holds &= w.zone[z, w.total[ZONE_DAY] + d] == 0
    for x in range(WALKER, PARTNER + 1):
        m = w.route[r, x]
        if m >= 0:
            holds &= w.walker[m, DAY_M + day] + metres <= w.walker[m, WALK_MAX_M]
            outings = w.walker[m, OUTINGS] + w.route[r, HALF_DAYS]
            holds &= not opening or outings <= w.walker[m, HALF_DAYS_MOST]
    return bool(holds)


@pasted
def gain(v: int, r: int, metres: int, w: Week) -> float:
    """Return what the plan would be worth more with `v` in route `r`, that walks `metres` more."""
    g, z, value, factor, x = w.visit[v, GROUP], w.visit[v, ZONE], w.worth[v, VALUE + r], 1.0, MEMBER
    last = MEMBER + w.group[g, MADE]
    while x < last and w.worth[w.group[g, x], BRINGS] >= value:
        factor *= w.real[g, REPEAT]
        x += 1
    gained = value * factor
    while x < last:
        gained -= w.worth[w.group[g, x], BRINGS] * factor * (1.0 - w.real[g, REPEAT])
        factor *= w.real[g, REPEAT]
        x += 1
    if z >= 0 and w.zone[z, ZONE_VISITS] == 0:
        gained += w.real[z, BONUS]
    more = w.worth[v, BURDEN]
    for x in range(WALKER, PARTNER + 1):
        m = w.route[r, x]
        if m >= 0:
            gap = 2.0 * (w.real[m, CARRIED] - w.real[m, DUE]) + more
            gained -= w.real[UNFAIR, PRICE] * more * gap
    if w.route[r, SIZE] == 0 and w.total[WANTED_PAIRS] >= 0 and paired(r, w):
        missing = w.total[PAIRS] < w.total[WANTED_PAIRS]
        gained += w.real[PAIR, PRICE] if missing else -w.real[PAIR, PRICE]
    return float(gained - w.real[METRE, PRICE] * metres)


@inner
def paired(r: int, w: Week) -> bool:
    """Say whether route `r` is walked by two."""
    return bool(w.route[r, WALKER] >= 0 and w.route[r, PARTNER] >= 0)


@inner
def count(v: int, r: int, w: Week) -> None:
    """Count visit `v` in route `r`."""
    g, z, value = w.visit[v, GROUP], w.visit[v, ZONE], w.worth[v, VALUE + r]
    w.visit[v, HELD_BY], w.worth[v, BRINGS] = r, value
    x = MEMBER + w.group[g, MADE]
    while x > MEMBER and w.worth[w.group[g, x - 1], BRINGS] < value:
        w.group[g, x] = w.group[g, x - 1]
        x -= 1
    w.group[g, x] = v
    w.group[g, MADE] += 1
    for b in range(w.total[BUDGETS]):
        w.total[LEFT + b] -= w.group[g, w.total[CHARGED] + b]
    lay(w.worth[v, BURDEN], r, w)
    if z >= 0:
        w.zone[z, ZONE_VISITS] += 1
        w.zone[z, ZONE_IN + r] += 1
        if w.zone[z, ZONE_IN + r] == 1:
            w.zone[z, w.total[ZONE_DAY] + w.route[r, ROUTE_DAY]] += 1


@inner
def forget(v: int, r: int, w: Week) -> None:
    """Count visit `v` in route `r` no more."""
    g, z, moved = w.visit[v, GROUP], w.visit[v, ZONE], False
    w.visit[v, HELD_BY] = -1
    w.group[g, MADE] -= 1
    for x in range(MEMBER, MEMBER + w.group[g, MADE]):
        moved |= w.group[g, x] == v
        if moved:
            w.group[g, x] = w.group[g, x + 1]
    for b in range(w.total[BUDGETS]):
        w.total[LEFT + b] += w.group[g, w.total[CHARGED] + b]
    lay(-w.worth[v, BURDEN], r, w)
    if z >= 0:
        w.zone[z, ZONE_VISITS] -= 1
        w.zone[z, ZONE_IN + r] -= 1
        if w.zone[z, ZONE_IN + r] == 0:
            w.zone[z, w.total[ZONE_DAY] + w.route[r, ROUTE_DAY]] -= 1


@inner
def lay(burden: float, r: int, w: Week) -> None:
    """Lay a burden on the walkers of route `r`."""
    for x in range(WALKER, PARTNER + 1):
        if w.route[r, x] >= 0:
            w.real[w.route[r, x], CARRIED] += burden


@inner
def walk(metres: int, r: int, w: Week) -> None:
    """Count metres for the walkers of route `r`."""
    for x in range(WALKER, PARTNER + 1):
        if w.route[r, x] >= 0:
            w.walker[w.route[r, x], DAY_M + w.route[r, ROUTE_DAY]] += metres


@inner
def open_or_close(r: int, w: Week) -> None:
    """Count route `r` as walked, now that it has a visit, or no more, now that it has none."""
    sign = 1 if w.route[r, SIZE] > 0 else -1
    for x in range(WALKER, PARTNER + 1):
        if w.route[r, x] >= 0:
            w.walker[w.route[r, x], OUTINGS] += sign * w.route[r, HALF_DAYS]
    if paired(r, w):
        w.total[PAIRS] += sign
    for other in range(len(w.route)):
        w.route[other, CLASHING] += sign * w.clash[r, other]


@inner
def plan_value(w: Week) -> float:
    """Return the value of the plan, and count the burdens afresh (sums of reals drift)."""
    total, metres = 0.0, 0
    for g in range(len(w.group)):
        factor = 1.0
        for x in range(MEMBER, MEMBER + w.group[g, MADE]):
            total += w.worth[w.group[g, x], BRINGS] * factor
            factor *= w.real[g, REPEAT]
    for z in range(len(w.zone)):
        if w.zone[z, ZONE_VISITS] > 0:
            total += w.real[z, BONUS]
    for m in range(len(w.walker)):
        w.real[m, CARRIED] = 0.0
    for r in range(len(w.route)):
        if w.route[r, SIZE] > 0:
            metres += w.route[r, WALKED]
        for k in range(w.route[r, SIZE]):
            lay(w.worth[w.order[r, k], BURDEN], r, w)
    for m in range(len(w.walker)):
        total -= w.real[UNFAIR, PRICE] * (w.real[m, CARRIED] - w.real[m, DUE]) ** 2
    if w.total[WANTED_PAIRS] >= 0:
        total -= w.real[PAIR, PRICE] * abs(w.total[PAIRS] - w.total[WANTED_PAIRS])
    return float(total - w.real[METRE, PRICE] * metres)
