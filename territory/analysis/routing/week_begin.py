"""The plan that a search of a week starts from: what was given, as far as it keeps the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.week_judge import charged, week_faults
from territory.analysis.routing.week_problem import Walked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from territory.analysis.routing.week_problem import Flags, WeekProblem


def begun(problem: WeekProblem, begin: Sequence[Walked], frozen: Flags) -> tuple[Walked, ...]:
    """
    Return `begin` without what breaks a rule; frozen routes come first and stay as they are.

    Routes are taken one by one; of one that does not hold, visits are taken one by one. A plan that
    holds as a whole holds in any part: rules only say what is too much.
    """
    plan = [begin[r] if frozen[r] else Walked() for r in range(problem.n_routes)]
    allowed = _breaches(problem, plan)
    whole = tuple(w if frozen[r] or w.visits else Walked() for r, w in enumerate(begin))
    if _once(whole) and _breaches(problem, whole) <= allowed:
        return whole
    for r in range(problem.n_routes):
        if not frozen[r] and begin[r].visits:
            plan[r] = _held(problem, plan, r, begin[r], allowed)
    return tuple(plan)


def _once(plan: Sequence[Walked]) -> bool:
    made = [v for walked in plan for v in walked.visits]
    return len(set(made)) == len(made)


def _held(
    problem: WeekProblem, plan: Sequence[Walked], r: int, asked: Walked, allowed: int
) -> Walked:
    """Return as much of the route `asked` as holds beside the plan."""
    held = Walked()
    if _holds(problem, plan, r, asked, allowed):
        return asked
    for visit in asked.visits:
        trials = _lunches(problem, r, (*held.visits, visit))
        held = next((t for t in trials if _holds(problem, plan, r, t, allowed)), held)
    return held


def _lunches(problem: WeekProblem, r: int, visits: tuple[int, ...]) -> Iterator[Walked]:
    if problem.windows.lunch_min[r] <= 0:
        yield Walked(visits)
        return
    for k in range(len(visits) + 1):
        yield Walked(visits, k)


def _holds(
    problem: WeekProblem, plan: Sequence[Walked], r: int, trial: Walked, allowed: int
) -> bool:
    whole = [*plan[:r], trial, *plan[r + 1 :]]
    return _once(whole) and _breaches(problem, whole) <= allowed


def _breaches(problem: WeekProblem, plan: Sequence[Walked]) -> int:
    """Count the rules broken, and by how much budgets are: those of frozen routes grow no more."""
    excess = np.maximum(charged(problem, plan) - problem.budgets, 0)
    return len(week_faults(problem, plan)) + int(excess.sum())
