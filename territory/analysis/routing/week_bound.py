"""How much better than a plan any other could be: a proven bound of the value of a week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.clock import Clock
from territory.analysis.routing.week_bound_master import Master
from territory.analysis.routing.week_bound_plain import is_regular, plain_bound
from territory.analysis.routing.week_bound_prices import (
    Links,
    Prices,
    first_prices,
    links_of,
    paid_in,
    relaxed,
)

if TYPE_CHECKING:
    from territory.analysis.routing.week_problem import Reals, WeekProblem

CLOSE = 3e-4  # share of the bound that better prices could still take from it: not worth a search
FIRST_STEP, STEP, WIDER = 0.1, 0.5, 1.5  # of the way to what the master asks; its growth
SEARCH = 0.9  # share of the time for the search of prices, the rest for whole routes


def week_bound(
    problem: WeekProblem,
    *,
    time_limit_s: float,
    value: float = -np.inf,
    iterations: int | None = None,
) -> float:
    """
    Return a proven bound of any plan of a week, found within about `time_limit_s` seconds.

    A plan makes each visit once at most, and keeps the rules of the judge.

    Prices on what links routes let each be walked alone (see week_bound_prices); the prices come
    from a linear programme over the walks met, kept halfway from the best known (Wentges 1997,
    "Weighted Dantzig-Wolfe decomposition for linear mixed-integer programming"). The search ends at
    the bound of that programme within 0.03 %, after `iterations`, or as soon as no plan can beat
    `value`. Sums of floating numbers are covered by a margin of 1e-7 + 1e-10 x bound. Not asked:
    the spacing of zones, and that a walk passes a place once (it may come back after two others).
    Infinite when a price is negative, a repeat above 1 or a value not a number.
    """
    if not is_regular(problem):
        return np.inf
    clock, best = Clock(time_limit_s), plain_bound(problem)
    links = links_of(problem)
    if all(line.takes_time for line in links.lines):
        best = min(best, _searched(links, clock, value, iterations))
    return best + 1e-7 + 1e-10 * abs(best)


def _searched(links: Links, clock: Clock, value: float, iterations: int | None) -> float:
    master, best, centre, brings = Master(links), np.inf, first_prices(links), np.zeros(0)
    prices, turn, step = centre, 0, FIRST_STEP
    while turn == 0 or (clock.spent_s < SEARCH * clock.limit_s and turn != iterations):
        turn += 1
        bound, worth, trips = relaxed(links, prices)
        step = min(WIDER * step, STEP) if bound < best else max(step / WIDER, FIRST_STEP)
        if bound < best:
            best, centre, brings = bound, prices, worth
        master.add(trips)
        asked = master.best(clock.left_s)
        if asked is None or best - asked[0] <= CLOSE * abs(best) or best <= value:
            break
        prices = centre.toward(asked[1], step)
    return min(best, _whole(links, centre, brings, clock))


def _whole(links: Links, prices: Prices, brings: Reals, clock: Clock) -> float:
    """Return the bound at `prices` when routes are walked wholly or not at all."""
    return links.choice.whole(brings, clock.left_s) + paid_in(links, prices)
