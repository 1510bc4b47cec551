"""What the week would lose without each of its places, planned again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.analysis.routing.resolve import (
    EPSILON,
    forbidden,
    judged,
    keeps,
    made,
    missing,
    spread,
    without,
)
from territory.analysis.routing.week_judge import week_faults
from territory.errors import WrongUsage
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Callable

    from territory.analysis.routing.resolve import Solver
    from territory.analysis.routing.week_problem import Flags, Walked, WeekOutcome, WeekProblem


@dataclass(frozen=True, slots=True)
class Loss:
    """
    What the week would be without a place: it is forbidden and the week is planned again.

    `loss` (never negative) is the value lost, at most: exact when `proved`. `freed_min` are the
    minutes of walking and visiting that its `visits` take in the plan. `instead` are places that
    would be visited in its stead, `also` others that would go with it; `without` is that week.
    """

    group: int
    visits: tuple[int, ...]
    loss: float
    freed_min: int
    instead: tuple[int, ...]
    also: tuple[int, ...]
    proved: bool
    without: tuple[Walked, ...] = ()


@dataclass(frozen=True, slots=True)
class Losses:
    """
    The losses, by place, of a plan: the one given, or `better` when a better one was met.

    A search that forbids a place may find what the first one missed; the caller adopts it, and the
    losses are those of its places.
    """

    of: tuple[Loss, ...]
    better: WeekOutcome | None


def losses(
    problem: WeekProblem,
    outcome: WeekOutcome,
    solve: Solver,
    *,
    frozen: Flags | None = None,
    cores: int = 1,
    stop: Callable[[], bool] | None = None,
) -> Losses:
    """
    Return what removing each place of the plan costs, the rest of the week planned again.

    Each search starts from the plan without the place; `cores` of them run at a time, with the same
    answers. A plan met that leaves a place out counts for that place too; one that empties a route
    `frozen` [routes] is never the better one. `stop()` -> True ends between two searches: places
    not yet searched have no loss. Raises WrongUsage where the plan breaks rules: nothing can be
    proved from it.
    """
    if faults := week_faults(problem, outcome.routes):
        raise WrongUsage(f"Un plan qui enfreint des règles ne s’explique pas : {faults[0]}.")
    base, plans = outcome, dict[int, "WeekOutcome"]()
    while todo := [g for g in sorted(made(problem, base.routes)) if g not in plans]:
        found = spread(_searching(problem, base, solve, stop), todo, cores)
        plans |= {g: plan for g, plan in zip(todo, found, strict=True) if plan is not None}
        if None in found:
            break
        lawful = [p for p in plans.values() if keeps(p.routes, outcome.routes, frozen)]
        base = max((base, *lawful), key=lambda p: p.value - EPSILON * (p is not base))
    known = [g for g in sorted(made(problem, base.routes)) if g in plans]
    seen = {g: set(made(problem, plan.routes)) for g, plan in plans.items()}
    of = tuple(_loss(problem, base, g, _best_without(g, plans, seen)) for g in known)
    return Losses(of, base if base is not outcome else None)


def _searching(
    problem: WeekProblem, base: WeekOutcome, solve: Solver, stop: Callable[[], bool] | None
) -> Callable[[int], WeekOutcome | None]:
    """Return the search without one place, None once told to stop."""

    def search(group: int) -> WeekOutcome | None:
        ended = stop is not None and stop()
        return None if ended else _left_out(problem, base, group, solve)

    return search


def _left_out(problem: WeekProblem, base: WeekOutcome, group: int, solve: Solver) -> WeekOutcome:
    """Return the best plan found that does not visit the place."""
    begin = without(problem, base.routes, {group})
    found = solve(forbidden(problem, [group]), begin=begin)
    again = judged(problem, found.routes, found)
    start = judged(problem, begin, found)
    plans = [p for p in (again, start) if p is not None]
    return max(plans, key=lambda p: p.value)


def _best_without(
    group: int, plans: dict[int, WeekOutcome], seen: dict[int, set[int]]
) -> WeekOutcome:
    """Return the best plan met that leaves the place out: its own, but for a better one."""
    own = plans[group]
    others = [g for g, p in plans.items() if p.value > own.value + EPSILON]
    fitting = [plans[g] for g in others if group not in seen[g]]
    return max(fitting, key=lambda p: p.value, default=own)


def _loss(problem: WeekProblem, base: WeekOutcome, group: int, left: WeekOutcome) -> Loss:
    visits = tuple(
        v for w in base.routes for v in w.visits if int(problem.visits.group[v]) == group
    )
    proved = base.ending is Ending.OPTIMAL and left.ending is Ending.OPTIMAL
    return Loss(
        group=group,
        visits=visits,
        loss=max(base.value - left.value, 0.0),
        freed_min=_freed(problem, base.routes, group),
        instead=missing(problem, left.routes, base.routes),
        also=tuple(g for g in missing(problem, base.routes, left.routes) if g != group),
        proved=proved,
        without=left.routes,
    )


def _freed(problem: WeekProblem, routes: tuple[Walked, ...], group: int) -> int:
    """Return minutes of visits and walks saved where the place is simply skipped."""
    left = without(problem, routes, {group})
    return sum(
        _busy(problem, r, routes[r]) - _busy(problem, r, left[r]) for r in range(len(routes))
    )


def _busy(problem: WeekProblem, route: int, walked: Walked) -> int:
    """Return minutes of walking and visiting of a route: waits and lunch left out."""
    if not walked.visits:
        return 0
    w = problem.windows
    points = [
        int(w.start[route]),
        *(int(problem.visits.point[v]) for v in walked.visits),
        int(w.end[route]),
    ]
    walks = problem.legs.minutes[w.pace[route], points[:-1], points[1:]]
    return int(walks.sum()) + int(problem.visits.service[list(walked.visits)].sum())
