"""Small weeks solved with proof, and what can be proved of any plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.clock import Clock
from territory.analysis.highs import solve
from territory.analysis.routing.resolve import keeps
from territory.analysis.routing.week_bound import week_bound
from territory.analysis.routing.week_bound_plain import is_regular, plain_bound
from territory.analysis.routing.week_exact_columns import allowed, columns_of
from territory.analysis.routing.week_exact_programme import programme_of
from territory.analysis.routing.week_judge import week_faults, week_value
from territory.analysis.routing.week_problem import Walked, WeekOutcome
from territory.model.results import Ending

if TYPE_CHECKING:
    from territory.analysis.routing.week_exact_columns import Columns
    from territory.analysis.routing.week_problem import Flags, Reals, WeekProblem

EXACT_VISITS = 12  # of a route: 4,096 sets
EXACT_ROUTES = 40
PROVED = 1.001e-6  # gap of an optimal plan: that of HiGHS, which adds 1e-6 to what it proves
NEAR = 0.01  # share of its value by which a plan is within the gap


def accepts(problem: WeekProblem) -> bool:
    """Return whether a week is small enough to be solved with proof, and its prices regular."""
    sizes = [len(allowed(problem, r)) for r in range(problem.n_routes)]
    small = max(sizes, default=0) <= EXACT_VISITS and len(sizes) <= EXACT_ROUTES
    return small and is_regular(problem)


def exact_week(problem: WeekProblem, *, time_limit_s: float) -> WeekOutcome:
    """
    Return the best plan of a small week, among those that make each visit once at most.

    All ways to walk each route are listed, then chosen by HiGHS under every rule of the judge. The
    squared gaps of burdens are cut by tangents until the plan found is worth its bound. Ends out of
    time with the best plan found and a bound, optimal otherwise. Iterations count the programmes
    solved. Raises ValueError for a week that `accepts` refuses.
    """
    if not accepts(problem):
        raise ValueError("too large a week to be solved with proof, or one with negative prices")
    clock, columns = Clock(time_limit_s), columns_of(problem)
    empty = (Walked(),) * problem.n_routes
    best, bound, turn = (week_value(problem, empty), empty), plain_bound(problem), 0
    gaps = _first_gaps(problem)
    while turn == 0 or (bound - best[0] > PROVED and not clock.up):
        turn += 1
        solved = solve(programme_of(problem, columns, gaps), time_limit_s=clock.left_s)
        if solved.ending in (Ending.OPTIMAL, Ending.TIME_UP):
            bound = min(bound, max(solved.bound, best[0]))
        if solved.values is None:
            break
        routes = _routes(problem, columns, solved.values)
        if not week_faults(problem, routes):
            best = max(best, (week_value(problem, routes), routes), key=lambda found: found[0])
        gaps = np.column_stack([gaps, _carried(problem, routes) - problem.team.due])
        if solved.ending is not Ending.OPTIMAL or problem.team.unfairness == 0:
            break
    return ended(WeekOutcome(best[1], best[0], bound, Ending.TIME_UP, turn, clock.spent_s))


def proved(
    problem: WeekProblem,
    outcome: WeekOutcome,
    *,
    time_limit_s: float,
    turns: int | None = None,
    frozen: Flags | None = None,
) -> WeekOutcome:
    """
    Return the outcome of a search with a proven bound, and the ending that it allows to say.

    Optimal when no plan is better by more than 1e-6, within the gap when by 1 % at most, else as it
    was. Small weeks are solved exactly: the better plan of both is returned, unless it changes a
    route `frozen` [routes]: the bound alone is taken then. Others get the bound
    of `turns` prices (None: as many as the time allows); one that is there already is kept when
    lower.
    """
    clock, best = Clock(time_limit_s), outcome
    if accepts(problem):
        exact = exact_week(problem, time_limit_s=time_limit_s / 2)
        better = exact.value > outcome.value + PROVED
        best = exact if better and keeps(exact.routes, outcome.routes, frozen) else outcome
        best = replace(best, bound=min(outcome.bound, exact.bound))
    if best.bound - best.value > PROVED:
        found = week_bound(problem, time_limit_s=clock.left_s, value=best.value, iterations=turns)
        best = replace(best, bound=min(best.bound, found))
    return ended(best)


def ended(outcome: WeekOutcome) -> WeekOutcome:
    """Return the outcome with the ending that its bound allows to say."""
    gap, ending = outcome.bound - outcome.value, outcome.ending
    if gap <= NEAR * abs(outcome.value):
        ending = Ending.WITHIN_GAP
    return replace(outcome, ending=Ending.OPTIMAL if gap <= PROVED else ending)


def _first_gaps(problem: WeekProblem) -> Reals:
    """Return gaps [walkers, tangents] from nothing carried to everything."""
    due, total = problem.team.due, float(problem.visits.burden.sum())
    return np.linspace(-due, total - due, 7, axis=1)


def _routes(problem: WeekProblem, columns: Columns, values: Reals) -> tuple[Walked, ...]:
    chosen = np.flatnonzero(values[: len(columns.route)] > 0.5)  # noqa: PLR2004 - a whole number
    walked = dict(zip(columns.route[chosen].tolist(), chosen.tolist(), strict=True))
    routes = range(problem.n_routes)
    return tuple(columns.walked[walked[r]] if r in walked else Walked() for r in routes)


def _carried(problem: WeekProblem, routes: tuple[Walked, ...]) -> Reals:
    """Return the burden of each walker in a plan [walkers]."""
    burden = np.zeros(len(problem.team.due))
    for r, walked in enumerate(routes):
        team = [int(m) for m in problem.windows.walkers[r] if m >= 0]
        burden[team] += problem.visits.burden[list(walked.visits)].sum()
    return burden
