"""Weeks so small that every plan of theirs can be tried, and the one who tries them all."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.week_judge import timetable, week_faults, week_value
from territory.analysis.routing.week_problem import (
    Groups,
    Legs,
    Team,
    Visits,
    Walked,
    WeekProblem,
    Windows,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

N_POINTS, N_GROUPS, N_ZONES, N_WALKERS = 5, 4, 2, 2
CREWS = ((0, -1), (1, -1), (0, 1))


def random_week(seed: int, *, visits: int = 6, routes: int = 3, days: int = 2) -> WeekProblem:
    """Return a week with some of everything: pairs, lunch, clashes, caps, spacing, repeats."""
    rng = np.random.default_rng(seed)
    windows = _windows(rng, routes, days)
    made = _visits(rng, visits, days)
    value = rng.integers(-2, 20, (visits, routes)) / 2.0
    value[rng.random((visits, routes)) < 0.15] = -np.inf
    value[made.day[:, None] != windows.day[None, :]] = -np.inf
    return WeekProblem(
        _legs(rng),
        made,
        _groups(rng),
        windows,
        _team(rng),
        value,
        walk_price=float(rng.choice([0.0, 0.001, 0.003])),
        pairs=int(rng.choice([-1, 0, 1])),
        pair_price=float(rng.choice([0.0, 3.0])),
    )


def _legs(rng: np.random.Generator) -> Legs:
    shape = (2, N_POINTS, N_POINTS)
    minutes, metres = rng.integers(1, 20, shape), rng.integers(0, 1500, shape)
    minutes[:, range(N_POINTS), range(N_POINTS)] = 0
    metres[:, range(N_POINTS), range(N_POINTS)] = 0
    return Legs(minutes, metres)


def _visits(rng: np.random.Generator, n: int, days: int) -> Visits:
    group = rng.integers(0, N_GROUPS, n)
    opens = rng.integers(540, 660, n)
    return Visits(
        point=group % N_POINTS,
        group=group,
        day=rng.integers(0, days, n),
        opens=opens,
        latest=opens + rng.integers(0, 180, n),
        service=rng.integers(5, 40, n),
        burden=rng.integers(0, 4, n).astype(float),
    )


def _groups(rng: np.random.Generator) -> Groups:
    return Groups(
        most=rng.integers(1, 4, N_GROUPS),
        repeat=rng.choice([1.0, 0.5, 0.0], N_GROUPS),
        apart=rng.choice([0, 0, 1, 2], N_GROUPS),
        zone=rng.integers(-1, N_ZONES, N_GROUPS),
        zone_bonus=rng.choice([0.0, 4.0], N_ZONES),
        zone_apart=rng.choice([0, 0, 1, 2], N_ZONES),
    )


def _windows(rng: np.random.Generator, n: int, days: int) -> Windows:
    begin = rng.integers(540, 600, n)
    opens = begin + rng.integers(0, 90, n)
    walkers = np.array(CREWS)[rng.integers(0, len(CREWS), n)]
    day = rng.integers(0, days, n)
    shared = (walkers[:, None, :, None] == walkers[None, :, None, :]) & (walkers >= 0)[
        :, None, :, None
    ]
    clash = shared.any(axis=(2, 3)) & (day[:, None] == day) & (rng.random((n, n)) < 0.7)
    np.fill_diagonal(clash, val=False)
    return Windows(
        day=day,
        start=rng.integers(0, N_POINTS, n),
        end=rng.integers(0, N_POINTS, n),
        begin=begin,
        finish=begin + rng.integers(100, 300, n),
        pace=rng.integers(0, 2, n),
        walkers=walkers,
        half_days=rng.integers(1, 3, n),
        lunch_min=rng.choice([0, 20], n),
        lunch_opens=opens,
        lunch_latest=opens + rng.integers(0, 60, n),
        clash=clash | clash.T,
    )


def _team(rng: np.random.Generator) -> Team:
    return Team(
        walk_max_m=rng.integers(1500, 6000, N_WALKERS),
        half_days_most=rng.integers(1, 5, N_WALKERS),
        due=rng.integers(0, 6, N_WALKERS).astype(float),
        unfairness=float(rng.choice([0.0, 0.0, 0.2])),
    )


def every_route(problem: WeekProblem, route: int) -> list[Walked]:
    """Return the ways to walk a route alone in the week: of the same visits, the least walk."""
    found: dict[frozenset[int], tuple[int, Walked]] = {}
    for walked in _begun_routes(problem, route, Walked()):
        metres = timetable(problem, route, walked).metres
        known = found.get(frozenset(walked.visits))
        if (known is None or metres < known[0]) and not _alone_faults(problem, route, walked):
            found[frozenset(walked.visits)] = metres, walked
    return [walked for _, walked in found.values() if walked.visits]


def _begun_routes(problem: WeekProblem, route: int, walked: Walked) -> Iterator[Walked]:
    """Yield all orders that are in time for each visit and for lunch; longer ones are later."""
    times, visits = timetable(problem, route, walked), walked.visits
    late = [v for v, s in zip(visits, times.starts, strict=True) if s > problem.visits.latest[v]]
    if late or times.lunch > problem.windows.lunch_latest[route]:
        return
    yield walked
    if walked.lunch_after < 0 and problem.windows.lunch_min[route] > 0:
        yield from _begun_routes(problem, route, Walked(visits, len(visits)))
    for v in np.flatnonzero(np.isfinite(problem.value[:, route])).tolist():
        if v not in visits:
            yield from _begun_routes(problem, route, Walked((*visits, v), walked.lunch_after))


def _alone_faults(problem: WeekProblem, route: int, walked: Walked) -> list[str]:
    plan = [walked if r == route else Walked() for r in range(problem.n_routes)]
    return week_faults(problem, plan)


def every_plan(problem: WeekProblem) -> Iterator[tuple[Walked, ...]]:
    """Yield every plan without fault that makes no visit twice."""
    ways = [[Walked(), *every_route(problem, r)] for r in range(problem.n_routes)]

    def grown(plan: tuple[Walked, ...]) -> Iterator[tuple[Walked, ...]]:
        """A plan with a fault keeps it whatever is added: it is not grown."""
        if len(plan) == len(ways):
            yield plan
            return
        rest = (Walked(),) * (len(ways) - len(plan) - 1)
        for way in ways[len(plan)]:
            longer = (*plan, way)
            if not way.visits or _holds(problem, longer, rest):
                yield from grown(longer)

    yield from grown(())


def _holds(problem: WeekProblem, plan: Sequence[Walked], rest: Sequence[Walked]) -> bool:
    made = [v for walked in plan for v in walked.visits]
    return len(set(made)) == len(made) and not week_faults(problem, [*plan, *rest])


def best_plan(problem: WeekProblem) -> tuple[float, tuple[Walked, ...]]:
    """Return the value of the best of all plans, and one that has it."""
    return max(
        ((week_value(problem, p), p) for p in every_plan(problem)), key=lambda found: found[0]
    )


@cache
def best_value(seed: int) -> float:
    """Return the value of the best plan of a random week."""
    return best_plan(random_week(seed))[0]


def one_route(values: list[float], *, minutes: int, walk_price: float = 0.0) -> WeekProblem:
    """Return a week of one route from point 0, 5 minutes and 100 m from anywhere to anywhere."""
    n, one, zero = len(values), np.ones(1, np.int64), np.zeros(1, np.int64)
    away = 1 - np.eye(n + 1, dtype=np.int64)[None]
    each, none = np.ones(n, np.int64), np.zeros(n, np.int64)
    visits = Visits(
        np.arange(1, n + 1), np.arange(n), none, none, each * 1440, each * 20, each * 0.0
    )
    groups = Groups(each, each * 1.0, none, none - 1, np.zeros(0), np.zeros(0, np.int64))
    windows = Windows(
        zero, zero, zero, zero + 540, zero + 540 + minutes, zero, np.array([[0, -1]]), one,
        zero, zero, zero, np.zeros((1, 1), np.bool_),
    )  # fmt: skip
    team = Team(one * 9000, one * 9, np.zeros(1))
    value = np.array(values)[:, None]
    return WeekProblem(
        Legs(5 * away, 100 * away), visits, groups, windows, team, value, walk_price=walk_price
    )
