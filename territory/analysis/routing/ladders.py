"""Climbing down the steps of one kind of change: the smallest that admits, planned again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from territory.analysis.routing.relaxed import LADDERS, Kind, possible, relaxed, targets
from territory.analysis.routing.resolve import judged, made, only, renamed, required
from territory.analysis.routing.week_judge import timetable, week_faults
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.analysis.routing.relaxed import Change, Room
    from territory.analysis.routing.resolve import Solver
    from territory.analysis.routing.week_problem import Flags, Walked, WeekOutcome, WeekProblem


@dataclass(frozen=True, slots=True)
class Case:
    """One place left out of one plan, how to plan again, and how far routes may be stretched."""

    problem: WeekProblem
    outcome: WeekOutcome
    group: int
    solve: Solver
    room: Room
    singles: int


class Answer(NamedTuple):
    """A plan that admits the place and keeps all others (None: none found; `proved`: none is)."""

    plan: WeekOutcome | None
    proved: bool


class Step(NamedTuple):
    """A plan that admits the place thanks to one change (None: with no rule changed)."""

    change: Change | None
    plan: WeekOutcome


def kept(
    case: Case,
    changes: Sequence[Change],
    begin: tuple[Walked, ...] | None = None,
    frozen: Flags | None = None,
) -> Answer:
    """
    Plan the places of the plan and this one only, all asked for, with rules changed.

    Nothing else is planned, so that what is gained or lost is the place's own.
    """
    problem, wanted = relaxed(case.problem, changes), made(case.problem, case.outcome.routes)
    wanted[case.group] += 1
    small, names = only(problem, wanted)
    back = {int(v): i for i, v in enumerate(names)}
    start = renamed(begin or case.outcome.routes, back)
    found = case.solve(required(small, wanted), begin=start, frozen=frozen)
    routes = renamed(found.routes, dict(enumerate(names.tolist())))
    plans = [_full(problem, routes, found, case), _full(problem, begin or (), found, case)]
    best = max((p for p in plans if p is not None), key=lambda p: p.value, default=None)
    return Answer(best, found.ending is Ending.OPTIMAL)


def _full(
    problem: WeekProblem, routes: tuple[Walked, ...], found: WeekOutcome, case: Case
) -> WeekOutcome | None:
    """Return the plan, judged, if it admits the place and keeps every visit of the plan."""
    wanted = made(case.problem, case.outcome.routes)
    wanted[case.group] += 1
    return judged(problem, routes, found) if routes and wanted <= made(problem, routes) else None


def lowest(case: Case, kind: Kind, top: Step | None) -> tuple[Step | None, bool]:
    """
    Return the smallest step of a kind that admits, from `top` down (None: from the whole ladder).

    The second: whether every smaller step was proved not to admit, on any route or walker. Each
    step allows what the smaller ones do, so that the first refused step refuses those below.
    """
    grid, best = (0, *LADDERS[kind]), top
    level = len(grid) if best is None else _level(grid, best)
    while level > 0:
        found, proved = _at(case, kind, grid[level - 1])
        if found is None:
            return best, proved
        best, level = found, _level(grid, found)
    return best, True


def _level(grid: tuple[int, ...], step: Step) -> int:
    return grid.index(step.change.amount) if step.change is not None else 0


def _at(case: Case, kind: Kind, amount: int) -> tuple[Step | None, bool]:
    """Return a plan where one change of this amount admits; whether none is proved to."""
    every = tuple(
        c
        for c in (targets(case.problem, kind, amount, case.group) if amount else ())
        if possible(case.problem, c, case.room)
    )
    if kind is not Kind.HELPER or not every:
        joint = kept(case, every)
        if joint.plan is None:
            return None, joint.proved
        used = needed(case.problem, joint.plan.routes, every)
        if len(used) <= 1:
            return _step(case, used, joint.plan), True
        every = (*(c for c in every if _near(c, used)), *(c for c in every if not _near(c, used)))
    return _one_by_one(case, every)


def _near(change: Change, used: Sequence[Change]) -> bool:
    return any(c.target == change.target for c in used)


def _one_by_one(case: Case, every: Sequence[Change]) -> tuple[Step | None, bool]:
    """Return the first change that admits alone, among the first ones; whether none is proved."""
    proved = len(every) <= case.singles
    for change in every[: case.singles]:
        answer = kept(case, [change])
        if answer.plan is not None:
            return _step(
                case, needed(case.problem, answer.plan.routes, [change]), answer.plan
            ), True
        proved &= answer.proved
    return None, proved


def _step(case: Case, used: Sequence[Change], plan: WeekOutcome) -> Step:
    """Return the plan judged with no more than the changes it uses."""
    again = judged(relaxed(case.problem, used), plan.routes, plan)
    return Step(used[0] if used else None, again or plan)


def needed(
    problem: WeekProblem, routes: tuple[Walked, ...], changes: Sequence[Change]
) -> tuple[Change, ...]:
    """
    Return changes, as few and as small as it takes, under which a plan breaks no rule.

    The plan breaks none under all `changes`. None of those returned can be left out or take a
    smaller step; there may be other sets.
    """
    used = [c for c in changes if _touches(problem, routes, c)]
    if week_faults(relaxed(problem, used), routes):
        used = list(changes)
    for change in sorted(used, key=lambda c: -c.size):
        rest = [c for c in used if c != change]
        if not week_faults(relaxed(problem, rest), routes):
            used = rest
    for k, change in enumerate(used):
        for amount in (a for a in LADDERS[change.kind] if a < change.amount):
            less = [*used[:k], replace(change, amount=amount), *used[k + 1 :]]
            if not week_faults(relaxed(problem, less), routes):
                used = less
                break
    return tuple(used)


def _touches(problem: WeekProblem, routes: tuple[Walked, ...], change: Change) -> bool:
    """Whether the plan could need the change: its route is walked (too late), its walker is out."""
    if change.kind is Kind.FINISH:
        walked, finish = routes[change.target], int(problem.windows.finish[change.target])
        return bool(walked.visits) and timetable(problem, change.target, walked).end > finish
    if change.kind in (Kind.BEGIN, Kind.LUNCH, Kind.HELPER):
        return bool(routes[change.target].visits)
    if change.kind in (Kind.WALK, Kind.QUOTA):
        walkers = problem.windows.walkers
        return any(w.visits and change.target in walkers[r] for r, w in enumerate(routes))
    return True
