"""
How the compiled search of a week stores it: few wide tables, one row for each thing.

Few arrays, because each of them costs a compiled call as much as ten numbers, and its compiler
more. Columns are named here; integers of 64 bits, minutes, metres; meanings as in week_problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from territory.network.hierarchy.kernel import Ints, Longs, Reals


def _names(*bounds: int) -> Iterable[int]:
    """Return a range of numpy: all of one type to the compiler, as numbers of Python are not."""
    return np.arange(*bounds, dtype=np.int64)


# of `legs`
MINUTES, METRES = _names(2)
# of `visit`; then what changes: earliest start in its route, latest start from which what follows
# still holds, route that holds it (-1 none), whether it is being taken out
POINT, OPENS, LATEST, SERVICE, GROUP, DAY, ZONE, BEGUN, LAST, HELD_BY, GOING = _names(11)
# of `route`; FIRST is its first candidate
START, END, BEGIN, FINISH, PACE, LUNCH_MIN, LUNCH_OPENS, LUNCH_LATEST = _names(8)
ROUTE_DAY, HALF_DAYS, WALKER, PARTNER, FROZEN, FIRST = _names(8, 14)
# then what changes: visits, lunch after how many, when lunch begins, end, metres, walked routes
# that clash, whether it changed in this iteration; and for the repair: candidates that fit, places
# to be looked for again, a place refused by the walking cap, kept empty, best candidate
SIZE, LUNCH_AFTER, LUNCH_BEGUN, ENDED, WALKED, CLASHING, TOUCHED = _names(14, 21)
FITTING, STALE, TIGHT, BANNED, BEST = _names(21, 26)
# of `candidate`: the visit; the candidates that fit, from the first of the route on; where it best
# fits (2 x position + after lunch), tenths of minutes, metres
VISIT, FITS, SPOT, TENTHS, MORE_M = _names(5)
# of `group`: the visits made follow, the most valuable first; then, from total[CHARGED], what a
# visit takes of each budget
MOST, APART, MADE, MEMBER = _names(4)
# of `zone`: visits in each route follow, then, from total[ZONE_DAY], routes of each day
ZONE_APART, ZONE_VISITS, ZONE_IN = _names(3)
# of `walker`: metres of each day follow
WALK_MAX_M, HALF_DAYS_MOST, OUTINGS, DAY_M = _names(4)
# of `total`; LAID_OUT: the plan is in the tables, no more only in the one kept; what is left of
# each budget follows
WANTED_PAIRS, PAIRS, ZONE_DAY, DAYS, DICE, LAID_OUT, CHARGED, BUDGETS, LEFT = _names(9)
# of `worth`: the burden, the value in the route that holds it, the value in each route
BURDEN, BRINGS, VALUE = _names(3)
# of `real`: of group, zone, walker (twice), route (twice); prices stand in rows METRE.. of PRICE
REPEAT, BONUS, DUE, CARRIED, SCORE, PROMISE, PRICE = _names(7)
METRE, UNFAIR, PAIR = _names(3)
# of a plan kept
KEPT_SIZE, KEPT_LUNCH, KEPT = _names(3)


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
