"""A week explained: what each place kept is worth, why the best of those left out are out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from territory.analysis.routing.admissions import Admission, Effort, admissions
from territory.analysis.routing.losses import Loss, losses
from territory.analysis.routing.resolve import keeps, made

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.analysis.routing.relaxed import Room
    from territory.analysis.routing.resolve import Solver
    from territory.analysis.routing.week_problem import Flags, WeekOutcome, WeekProblem

_AGAIN = 2  # times a better plan met on the way is adopted and explained anew


class _Search(NamedTuple):
    """How to plan again, how many places to explain, and how hard to look."""

    solve: Solver
    frozen: Flags | None
    first: Sequence[int]
    most_out: int
    room: Room | None
    effort: Effort


@dataclass(frozen=True, slots=True)
class Reasons:
    """
    The `plan` explained, its losses by place, and the admissions of places left out.

    The plan is the one given, or a better one met while explaining it: the caller adopts it.
    """

    plan: WeekOutcome
    losses: tuple[Loss, ...]
    admissions: tuple[Admission, ...]


def explain_week(  # noqa: PLR0913 - a plan, what to explain first, how far and how hard
    problem: WeekProblem,
    outcome: WeekOutcome,
    solve: Solver,
    *,
    frozen: Flags | None = None,
    first: Sequence[int] = (),
    most_out: int = 60,
    room: Room | None = None,
    effort: Effort | None = None,
) -> Reasons:
    """
    Return why each place is in or out, each answer planned again with `solve`.

    Places of `first` left out are explained, then at most `most_out` others, best first. See
    `losses` and `admissions`; `room` and `effort` are theirs. Routes `frozen` [routes] stay.
    """
    search = _Search(solve, frozen, first, most_out, room, effort or Effort())
    told, better = _explained(problem, outcome, search)
    for _ in range(_AGAIN):
        if better is None:
            break
        told, better = _explained(problem, better, search)
    return told


def _explained(
    problem: WeekProblem, outcome: WeekOutcome, search: _Search
) -> tuple[Reasons, WeekOutcome | None]:
    """Explain once; return also the better plan met at the end, that is not yet explained."""
    inside = losses(
        problem, outcome, search.solve, frozen=search.frozen, cores=search.effort.cores,
        stop=search.effort.stop,
    )  # fmt: skip
    plan = inside.better or outcome
    every = left_out(problem, plan)
    asked = [g for g in search.first if g in every]
    out = [*asked, *[g for g in every if g not in asked][: search.most_out]]
    outside = admissions(problem, plan, out, search.solve, room=search.room, effort=search.effort)
    better = outside.better
    if better is not None and not keeps(better.routes, outcome.routes, search.frozen):
        better = None
    return Reasons(plan, inside.of, outside.of), better


def left_out(problem: WeekProblem, plan: WeekOutcome) -> list[int]:
    """Return the places that a plan does not visit, the most valuable first."""
    worth = np.full(len(problem.groups.most), -np.inf)
    np.maximum.at(worth, problem.visits.group, problem.value.max(axis=1, initial=-np.inf))
    seen = made(problem, plan.routes)
    return sorted((g for g in range(len(worth)) if not seen[g]), key=lambda g: (-worth[g], g))
