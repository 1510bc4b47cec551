"""Between the best mean and the best worst-served: the frontier, its price, and guarantees."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.clock import Clock
from territory.analysis.siting.median import p_median
from territory.analysis.siting.median_problem import asked, positions
from territory.errors import WrongUsage
from territory.model.results import Ending
from territory.model.site_results import EquityFrontier, EquityPoint, Guarantee

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from territory.analysis.siting.median_problem import Asked
    from territory.model.results import SiteOutcome

SHARE = 0.9  # of people, for the quantile
SAME = 1e-9  # relative: two means nearer than this are one


@dataclass(frozen=True, slots=True)
class Question:
    """A p-median asked again and again with fewer pairs allowed; `capacity` [candidates] or one."""

    request: Asked
    capacity: ArrayLike | None
    clock: Clock
    seed: int

    def median(self, minutes: NDArray[np.float64]) -> SiteOutcome:
        """Return the p-median under `minutes` [demand, candidates], inf = not allowed."""
        return self._answer(self.request.weights, minutes)

    def can(self, minutes: NDArray[np.float64]) -> Ending:
        """Say whether sites can serve everybody by pairs of finite `minutes` [demand, site]."""
        free = np.where(np.isfinite(minutes), 0.0, np.inf)
        return self._answer(self.request.weights, free).ending

    def _answer(self, weights: NDArray[np.float64], minutes: NDArray[np.float64]) -> SiteOutcome:
        return p_median(
            weights, minutes, self.request.p, fixed=self.request.fixed,
            forbidden=self.request.forbidden, capacity=self.capacity,
            time_limit_s=self.clock.left_s, seed=self.seed,
        )  # fmt: skip


def equity_frontier(  # noqa: PLR0913 - the contract of the siting problems
    weights: ArrayLike,
    minutes: ArrayLike,
    p: int,
    *,
    fixed: Sequence[int] = (),
    forbidden: Sequence[int] = (),
    capacity: ArrayLike | None = None,
    time_limit_s: float = 60.0,
    seed: int = 0,
) -> EquityFrontier:
    """
    Return every choice of `p` sites that nothing betters in both mean and worst-served minutes.

    `weights` [demand] are people, `minutes` [demand, candidates] inf = out of reach; the rest as in
    `p_median`. Epsilon-constraint (Haimes, Lasdon, Wismer 1971): the best mean with every pair
    above the last worst forbidden, until no choice is left, which ends at the p-center. Stopped by
    its clock, the points found so far. Raises WrongUsage like `p_median`.
    """
    question = _question(asked(weights, minutes, p, fixed, forbidden), capacity, time_limit_s, seed)
    allowed, points = question.request.cost, list[EquityPoint]()
    while True:
        outcome = question.median(allowed)
        if not _served(outcome):
            break
        point = _point(question.request, outcome)
        if points and point.mean_min <= points[-1].mean_min * (1 + SAME):
            points.pop()  # as good on the mean, better on the worst
        points.append(point)
        if outcome.ending is not Ending.OPTIMAL or point.worst_min <= 0:
            break
        allowed = np.where(allowed < point.worst_min, allowed, np.inf)
    ending = _frontier_ending(points, outcome.ending)
    return EquityFrontier(_priced(points), ending, question.clock.spent_s)


def price_of_equity(frontier: EquityFrontier) -> tuple[float, ...]:
    """Return what the mean of each point loses against the best mean, minutes."""
    return tuple(point.price_min for point in frontier.points)


def guarantee_within(  # noqa: PLR0913 - the contract of the siting problems
    weights: ArrayLike,
    minutes: ArrayLike,
    p: int,
    limit_min: float,
    named: Sequence[int],
    *,
    fixed: Sequence[int] = (),
    forbidden: Sequence[int] = (),
    capacity: ArrayLike | None = None,
    time_limit_s: float = 60.0,
    seed: int = 0,
) -> Guarantee:
    """
    Return the best mean with no demand of `named` farther than `limit_min` minutes, and its price.

    `weights` [demand] are people, `minutes` [demand, candidates]; `named` are demand positions, of
    which those with people count. When it is impossible, the smallest limit that is not, found by
    halving over the distances that exist, each answer proved. Raises WrongUsage like `p_median`,
    for a limit that is no number of minutes and for positions outside the demands.
    """
    request = asked(weights, minutes, p, fixed, forbidden)
    rows = np.array(positions(named, len(request.weights), "à garantir"), dtype=np.int64)
    if not limit_min >= 0:
        raise WrongUsage("La limite doit être un nombre de minutes, positif ou nul.")
    question = _question(request, capacity, time_limit_s, seed)
    best = question.median(request.cost)
    outcome = question.median(_within(request.cost, rows, limit_min))
    kept, proved = limit_min, outcome.ending is not Ending.TIME_UP
    if outcome.ending is Ending.IMPOSSIBLE:
        kept, proved = _smallest(question, rows, limit_min)
        relaxed = question.median(_within(request.cost, rows, kept))
    else:
        relaxed = outcome
    points = [_point(request, o) if _served(o) else None for o in (best, relaxed)]
    first, point = points
    if first and point:
        point = replace(point, price_min=max(point.mean_min - first.mean_min, 0.0))
    return Guarantee(limit_min, kept if point else None, point, first, outcome.ending,
                     proved, question.clock.spent_s)  # fmt: skip


def _question(
    request: Asked, capacity: ArrayLike | None, time_limit_s: float, seed: int
) -> Question:
    if not time_limit_s >= 0:
        raise WrongUsage("La durée de recherche doit être un nombre de secondes, positif ou nul.")
    return Question(request, capacity, Clock(float(time_limit_s)), seed)


def _within(
    minutes: NDArray[np.float64], rows: NDArray[np.int64], limit_min: float
) -> NDArray[np.float64]:
    """Return `minutes` where the pairs of `rows` above the limit are not allowed."""
    allowed = minutes.copy()
    allowed[rows] = np.where(allowed[rows] <= limit_min, allowed[rows], np.inf)
    return allowed


def _smallest(question: Question, rows: NDArray[np.int64], limit_min: float) -> tuple[float, bool]:
    """Return the smallest limit above `limit_min` that can be kept, inf = none; whether proved."""
    cost = question.request.cost
    reached = np.unique(cost[rows])
    limits = np.append(reached[np.isfinite(reached) & (reached > limit_min)], np.inf)
    low, high, proved = 0, len(limits) - 1, True
    while low < high:
        middle = (low + high) // 2
        ending = question.can(_within(cost, rows, float(limits[middle])))
        proved &= ending is not Ending.TIME_UP
        low, high = (low, middle) if ending is Ending.OPTIMAL else (middle + 1, high)
    return float(limits[low]), proved


def _served(outcome: SiteOutcome) -> bool:
    return outcome.ending is not Ending.IMPOSSIBLE and bool(np.isfinite(outcome.objective))


def _point(request: Asked, outcome: SiteOutcome) -> EquityPoint:
    live = request.weights > 0
    people, at = request.weights[live], np.array(outcome.assignment)[live]
    minutes = request.cost[np.flatnonzero(live), at] if len(at) else np.zeros(0)
    order = np.argsort(minutes, kind="stable")
    people, minutes = people[order], minutes[order]
    whole = float(people.sum())
    mean = outcome.objective / whole if whole else 0.0
    below = np.searchsorted(np.cumsum(people), SHARE * whole * (1 - SAME))
    q90 = float(minutes[below]) if len(minutes) else 0.0
    return EquityPoint(outcome.chosen, mean, float(minutes.max(initial=0.0)), q90,
                       gini(people, minutes), 0.0, outcome.ending)  # fmt: skip


def gini(people: NDArray[np.float64], minutes: NDArray[np.float64]) -> float:
    """Return the Gini index of `minutes` [n] over `people` [n]: 0 = all alike, below 1."""
    order = np.argsort(minutes, kind="stable")
    people, minutes = people[order], minutes[order]
    sums = np.cumsum(people * minutes)
    if not len(sums) or sums[-1] <= 0:
        return 0.0
    under = float(people @ (2 * sums - people * minutes))  # twice the area below Lorenz's curve
    return max(1.0 - under / float(people.sum() * sums[-1]), 0.0)


def _priced(points: list[EquityPoint]) -> tuple[EquityPoint, ...]:
    return tuple(replace(p, price_min=max(p.mean_min - points[0].mean_min, 0.0)) for p in points)


def _frontier_ending(points: list[EquityPoint], last: Ending) -> Ending:
    """Say whether the last search proved that no point is left."""
    if not points:
        return last
    proved = all(p.ending is Ending.OPTIMAL for p in points)
    return Ending.OPTIMAL if proved and last is not Ending.TIME_UP else Ending.TIME_UP
