"""The search that tries every plan of a tiny week: slow, obvious, proved."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.week_judge import timetable, week_faults, week_value
from territory.analysis.routing.week_problem import Walked, WeekOutcome
from territory.model.results import Ending
from tests.analysis.routing.tiny_weeks import random_week

if TYPE_CHECKING:
    from collections.abc import Iterator

    from territory.analysis.routing.week_problem import Flags, WeekProblem


def try_everything(
    problem: WeekProblem,
    *,
    begin: tuple[Walked, ...] | None = None,
    frozen: Flags | None = None,
) -> WeekOutcome:
    """Return the best of all plans; a route `frozen` stays as in `begin`."""
    choices = [
        [begin[r]]
        if begin is not None and frozen is not None and frozen[r]
        else [Walked(), *every_route(problem, r)]
        for r in range(problem.n_routes)
    ]
    best, value = None, -np.inf
    for plan in _plans(problem, choices, (), Counter()):
        worth = week_value(problem, plan)
        if worth > value + 1e-9 and not week_faults(problem, plan):
            best, value = plan, worth
    assert best is not None
    return WeekOutcome(best, value, value, Ending.OPTIMAL, 0, 0.0)


@cache
def best_value(seed: int) -> float:
    """Return the value of the best plan of a random week."""
    return try_everything(random_week(seed)).value


def _plans(
    problem: WeekProblem, choices: list[list[Walked]], begun: tuple[Walked, ...], seen: Counter[int]
) -> Iterator[tuple[Walked, ...]]:
    """Yield every plan that goes on from the first routes, places visited too often left out."""
    if len(begun) == problem.n_routes:
        yield begun
        return
    r = len(begun)
    taken = any(w.visits and problem.windows.clash[r, s] for s, w in enumerate(begun))
    for walked in choices[r]:
        now = seen + Counter(int(problem.visits.group[v]) for v in walked.visits)
        if any(n > problem.groups.most[g] for g, n in now.items()) or (taken and walked.visits):
            continue
        yield from _plans(problem, choices, (*begun, walked), now)


def every_route(problem: WeekProblem, route: int) -> list[Walked]:
    """Return the ways to walk a route alone in the week: of the same visits, the least walk."""
    found: dict[frozenset[int], tuple[int, Walked]] = {}
    for walked in _begun_routes(problem, route, Walked()):
        metres = timetable(problem, route, walked).metres
        known = found.get(frozenset(walked.visits))
        if (known is None or metres < known[0]) and not _alone_faults(problem, route, walked):
            found[frozenset(walked.visits)] = metres, walked
    ways = [walked for _, walked in found.values() if walked.visits]
    return sorted(ways, key=lambda walked: (len(walked.visits), sorted(walked.visits)))


def _begun_routes(problem: WeekProblem, route: int, walked: Walked) -> Iterator[Walked]:
    """Yield all orders that are in time for each visit and for lunch; longer ones are later."""
    times, visits = timetable(problem, route, walked), walked.visits
    late = [v for v, s in zip(visits, times.starts, strict=True) if s > problem.visits.latest[v]]
    if late or times.lunch > problem.windows.lunch_latest[route]:
        return
    yield walked
    if walked.lunch_after < 0 and problem.windows.lunch_min[route] > 0:
        yield from _begun_routes(problem, route, Walked(visits, len(visits)))
    same_day = problem.visits.day == problem.windows.day[route]
    for v in np.flatnonzero(np.isfinite(problem.value[:, route]) & same_day).tolist():
        if v not in visits:
            yield from _begun_routes(problem, route, Walked((*visits, v), walked.lunch_after))


def _alone_faults(problem: WeekProblem, route: int, walked: Walked) -> list[str]:
    plan = [walked if r == route else Walked() for r in range(problem.n_routes)]
    return week_faults(problem, plan)
