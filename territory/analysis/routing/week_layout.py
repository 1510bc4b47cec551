"""
How the compiled search of a week stores it: few wide tables, one row for each thing.

Few arrays, because each of them costs a compiled call as much as ten numbers, and its compiler
more. Columns are named here; integers of 64 bits, minutes, metres; meanings as in week_problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from territory.network.hierarchy.kernel import Ints, Longs, Reals

# of `legs`
MINUTES, METRES = range(2)
# of `visit`; then what changes: earliest start in its route, latest start from which what follows
# still holds, route that holds it (-1 none), whether it is being taken out
POINT, OPENS, LATEST, SERVICE, GROUP, DAY, ZONE, BEGUN, LAST, HELD_BY, GOING = range(11)
# of `route`; FIRST is its first candidate
START, END, BEGIN, FINISH, PACE, LUNCH_MIN, LUNCH_OPENS, LUNCH_LATEST = range(8)
ROUTE_DAY, HALF_DAYS, WALKER, PARTNER, FROZEN, FIRST = range(8, 14)
# then what changes: visits, lunch after how many, when lunch begins, end, metres, walked routes
# that clash, whether it changed in this iteration; and for the repair: candidates that fit, places
# to be looked for again, a place refused by the walking cap, kept empty, best candidate
SIZE, LUNCH_AFTER, LUNCH_BEGUN, ENDED, WALKED, CLASHING, TOUCHED = range(14, 21)
FITTING, STALE, TIGHT, BANNED, BEST = range(21, 26)
# of `candidate`: the visit; the candidates that fit, from the first of the route on; where it best
# fits (2 x position + after lunch), tenths of minutes, metres
VISIT, FITS, SPOT, TENTHS, MORE_M = range(5)
# of `group`: the visits made follow, the most valuable first; then, from total[CHARGED], what a
# visit takes of each budget
MOST, APART, MADE, MEMBER = range(4)
# of `zone`: visits in each route follow, then, from total[ZONE_DAY], routes of each day
ZONE_APART, ZONE_VISITS, ZONE_IN = range(3)
# of `walker`: metres of each day follow
WALK_MAX_M, HALF_DAYS_MOST, OUTINGS, DAY_M = range(4)
# of `total`; LAID_OUT: the plan is in the tables, no more only in the one kept; what is left of
# each budget follows
WANTED_PAIRS, PAIRS, ZONE_DAY, DAYS, DICE, LAID_OUT, CHARGED, BUDGETS, LEFT = range(9)
# of `worth`: the burden, the value in the route that holds it, the value in each route
BURDEN, BRINGS, VALUE = range(3)
# of `real`: of group, zone, walker (twice), route (twice); prices stand in rows METRE.. of PRICE
REPEAT, BONUS, DUE, CARRIED, SCORE, PROMISE, PRICE = range(7)
METRE, UNFAIR, PAIR = range(3)
# of a plan kept
KEPT_SIZE, KEPT_LUNCH, KEPT = range(3)


class Week(NamedTuple):
    """A week and its plan, changed in place; columns above."""

    legs: Ints  # [MINUTES or METRES, paces, points, points]; of 32 bits, to stay near the processor
    visit: Longs
    route: Longs
    order: Longs  # [routes, most visits]
    clash: Longs  # [routes, routes] 1: not both
    candidate: Longs
    group: Longs
    zone: Longs
    walker: Longs
    total: Longs
    worth: Reals
    real: Reals
