"""How much better than a plan any other could be: a proven bound of the value of a week."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
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

    A plan keeps the rules of the judge and makes each visit once at most. Prices on what links
    routes let each be walked alone (see week_bound_prices); they come from a linear programme over
    the walks met, and are kept near the best known (Wentges 1997, "Weighted Dantzig-Wolfe
    decomposition for linear mixed-integer programming"). The search ends within 0.03 % of what
    prices can do, after `iterations`, or as soon as no plan can beat `value`. Sums of floating
    numbers are covered by a margin of 1e-7 + 1e-10 x bound. Not asked: the spacing of zones, and
    that a walk passes a place once (it may come back after two others). Ctrl-C ends it with the
    bound so far. Infinite when a price is negative, a repeat above 1 or a value not a number.
    """
    if not is_regular(problem):
        return np.inf
    clock, best = Clock(time_limit_s), plain_bound(problem)
    links = links_of(problem)
    if all(line.takes_time for line in links.lines):
        best = min(best, _searched(links, clock, value, iterations))
    return best + 1e-7 + 1e-10 * abs(best)


def _searched(links: Links, clock: Clock, value: float, iterations: int | None) -> float:
    hunt, turn = _Hunt(links, first_prices(links)), 0
    with suppress(KeyboardInterrupt):
        while turn == 0 or (clock.spent_s < SEARCH * clock.limit_s and turn != iterations):
            turn += 1
            if not hunt.turn(clock) or hunt.best <= value:
                break
        return min(hunt.best, hunt.whole(clock))
    return hunt.best


@dataclass(slots=True)
class _Hunt:
    """A search of prices: the next to try, and the best bound with its prices so far."""

    links: Links
    prices: Prices
    master: Master = field(init=False)
    best: float = np.inf
    centre: Prices = field(init=False)
    brings: Reals = field(init=False)
    step: float = FIRST_STEP

    def __post_init__(self) -> None:
        self.master, self.centre = Master(self.links), self.prices
        self.brings = np.full(self.links.problem.n_routes, np.inf)

    def turn(self, clock: Clock) -> bool:
        """Try the next prices; return whether others may still bound much better."""
        bound, brings, trips = relaxed(self.links, self.prices)
        if bound < self.best:
            self.step = min(WIDER * self.step, STEP)
            self.best, self.centre, self.brings = bound, self.prices, brings
        else:
            self.step = max(self.step / WIDER, FIRST_STEP)
        self.master.add(trips)
        asked = self.master.best(clock.left_s)
        if asked is None or self.best - asked[0] <= CLOSE * abs(self.best):
            return False
        self.prices = self.centre.toward(asked[1], self.step)
        return True

    def whole(self, clock: Clock) -> float:
        """Return the bound at the best prices when routes are walked wholly or not at all."""
        bound = self.links.choice.whole(self.brings, clock.left_s)
        return bound + paid_in(self.links, self.centre)
