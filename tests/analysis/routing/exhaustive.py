"""Tiny weeks, and a search that tries every plan of them: slow, obvious, proved."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.week_judge import _route_faults, timetable, week_faults, week_value
from territory.analysis.routing.week_problem import (
    Groups,
    Legs,
    Team,
    Visits,
    Walked,
    WeekOutcome,
    WeekProblem,
    Windows,
)
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from territory.analysis.routing.week_problem import Flags

EMPTY = Walked()


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
        else ways_of(problem, r)
        for r in range(problem.n_routes)
    ]
    best, value = None, -np.inf
    for plan in plans(problem, choices, (), Counter()):
        worth = week_value(problem, plan)
        if worth > value + 1e-9 and not week_faults(problem, plan):
            best, value = plan, worth
    assert best is not None
    return WeekOutcome(best, value, value, Ending.OPTIMAL, 0, 0.0)


def plans(
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
        yield from plans(problem, choices, (*begun, walked), now)


def ways_of(problem: WeekProblem, r: int) -> list[Walked]:
    """Return for each set of visits the lawful order of a route that walks least, lunch placed."""
    found: dict[frozenset[int], list[tuple[int, Walked]]] = defaultdict(list)
    can = np.flatnonzero(
        np.isfinite(problem.value[:, r]) & (problem.visits.day == problem.windows.day[r])
    )
    lunch = problem.windows.lunch_min[r] > 0
    for size in range(1, min(len(can), 4) + 1):
        for order in permutations(can.tolist(), size):
            for after in range(size + 1) if lunch else (-1,):
                walked = Walked(order, after)
                if not any(_route_faults(problem, r, walked)):
                    metres = timetable(problem, r, walked).metres
                    found[frozenset(order)].append((metres, walked))
    return [EMPTY, *(min(ways, key=lambda w: w[0])[1] for ways in found.values())]


def week(
    *,
    places: list[tuple[int, int, int, float]],
    routes: list[tuple[int, int, int, tuple[int, int]]],
    service: int = 30,
    lunch: dict[int, tuple[int, int, int]] | None = None,
    metres_a_minute: int = 80,
    walk_max_m: int = 20_000,
    half_days_most: int = 10,
    walk_price: float = 0.0,
) -> WeekProblem:
    """
    Draw a week on one street: the base at minute 0, each place some minutes of walk from it.

    `places` are (minutes from the base, opens, closes, value), open on every day walked; `routes`
    (day, begin, finish, walkers); `lunch` by route (minutes, opens, latest). Routes that share a
    walker clash where they overlap.
    """
    spots = np.array([0, *(p[0] for p in places)])
    minutes = np.abs(spots[:, None] - spots[None, :])[None]
    days = sorted({r[0] for r in routes})
    visits = [(i, day) for i in range(len(places)) for day in days]
    day = np.array([d for _, d in visits])
    of = np.array([i for i, _ in visits])
    n_walkers = max(m for r in routes for m in r[3]) + 1
    same = day[:, None] == np.array([r[0] for r in routes])[None, :]
    worth = np.array([p[3] for p in places], float)[of][:, None]
    eaten = [(lunch or {}).get(r, (0, 0, 0)) for r in range(len(routes))]
    return WeekProblem(
        legs=Legs(minutes, minutes * metres_a_minute),
        visits=Visits(
            point=of + 1,
            group=of,
            day=day,
            opens=np.array([places[i][1] for i in of]),
            latest=np.array([places[i][2] - service for i in of]),
            service=np.full(len(of), service),
            burden=np.ones(len(of)),
        ),
        groups=_groups(len(places)),
        windows=Windows(
            day=np.array([r[0] for r in routes]),
            start=np.zeros(len(routes), int),
            end=np.zeros(len(routes), int),
            begin=np.array([r[1] for r in routes]),
            finish=np.array([r[2] for r in routes]),
            pace=np.zeros(len(routes), int),
            walkers=np.array([r[3] for r in routes]),
            half_days=np.ones(len(routes), int),
            lunch_min=np.array([e[0] for e in eaten]),
            lunch_opens=np.array([e[1] for e in eaten]),
            lunch_latest=np.array([e[2] for e in eaten]),
            clash=_clash(routes),
        ),
        team=Team(
            np.full(n_walkers, walk_max_m), np.full(n_walkers, half_days_most), np.zeros(n_walkers)
        ),
        value=np.where(same, worth, -np.inf),
        walk_price=walk_price,
    )


def _groups(n: int) -> Groups:
    zeros = np.zeros(n, int)
    return Groups(
        np.ones(n, int), np.full(n, 0.5), zeros, np.full(n, -1), np.zeros(n), np.zeros(n, int)
    )


def _clash(routes: list[tuple[int, int, int, tuple[int, int]]]) -> Flags:
    def meet(a: int, b: int) -> bool:
        one, other = routes[a], routes[b]
        shared = {m for m in one[3] if m >= 0} & {m for m in other[3] if m >= 0}
        together = one[0] == other[0] and one[1] < other[2] and other[1] < one[2]
        return a != b and bool(shared) and together

    return np.array([[meet(a, b) for b in range(len(routes))] for a in range(len(routes))])


def drawn_week(seed: int) -> WeekProblem:
    """Draw a tiny week whose rules bind: few minutes, few metres, short hours."""
    rng = np.random.default_rng(seed)
    places = [
        (
            int(rng.integers(1, 25)),
            int(rng.choice([540, 570, 600])),
            int(rng.choice([640, 680, 720, 800])),
            float(rng.integers(1, 9)) / 2,
        )
        for _ in range(int(rng.integers(3, 6)))
    ]
    routes = [(0, 540, 540 + int(rng.integers(60, 130)), (0, -1))]
    routes.append((0, 540, 540 + int(rng.integers(60, 130)), (1, -1)))
    if rng.random() < 0.6:
        routes.append((0, 540, 540 + int(rng.integers(60, 130)), (0, 1)))
    lunch = {1: (30, 590, 630)} if rng.random() < 0.3 else None
    problem = week(
        places=places,
        routes=routes,
        service=int(rng.choice([20, 30])),
        lunch=lunch,
        walk_max_m=int(rng.choice([1500, 3000, 9000])),
        half_days_most=int(rng.choice([1, 1, 2])),
        walk_price=float(rng.choice([0.0, 0.0002])),
    )
    if len(routes) > 2:
        problem.value[0, :2] = -np.inf  # pairs only
    if rng.random() < 0.5:
        problem.groups.zone[:2] = 0
        problem.groups.zone_apart[0] = 1
        problem.groups.zone_bonus[0] = 0.5
    return problem
