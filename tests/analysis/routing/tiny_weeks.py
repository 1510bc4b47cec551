"""Weeks so small that every plan of theirs can be tried: drawn at random, or written by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.week_problem import (
    Groups,
    Legs,
    Team,
    Visits,
    WeekProblem,
    Windows,
)

if TYPE_CHECKING:
    from territory.analysis.routing.week_problem import Flags

N_ZONES, N_WALKERS = 2, 2
CREWS = ((0, -1), (1, -1), (0, 1))


def random_week(
    seed: int, *, visits: int = 6, routes: int = 3, days: int = 2, places: int = 4
) -> WeekProblem:
    """Return a week with some of everything: pairs, lunch, clashes, caps, spacing, repeats."""
    rng = np.random.default_rng(seed)
    windows = _windows(rng, routes, days, places + 1)
    made = _visits(rng, visits, days, places)
    value = rng.integers(-2, 20, (visits, routes)) / 2.0
    value[rng.random((visits, routes)) < 0.15] = -np.inf
    value[made.day[:, None] != windows.day[None, :]] = -np.inf
    return WeekProblem(
        _legs(rng, places + 1),
        made,
        _groups(rng, places),
        windows,
        _team(rng),
        value,
        walk_price=float(rng.choice([0.0, 0.001, 0.003])),
        pairs=int(rng.choice([-1, 0, 1])),
        pair_price=float(rng.choice([0.0, 3.0])),
    )


def _legs(rng: np.random.Generator, points: int) -> Legs:
    shape = (2, points, points)
    minutes, metres = rng.integers(1, 20, shape), rng.integers(0, 1500, shape)
    minutes[:, range(points), range(points)] = 0
    metres[:, range(points), range(points)] = 0
    return Legs(minutes, metres)


def _visits(rng: np.random.Generator, n: int, days: int, places: int) -> Visits:
    group = rng.integers(0, places, n)
    opens = rng.integers(540, 660, n)
    return Visits(
        point=group,
        group=group,
        day=rng.integers(0, days, n),
        opens=opens,
        latest=opens + rng.integers(0, 180, n),
        service=rng.integers(5, 40, n),
        burden=rng.integers(0, 4, n).astype(float),
    )


def _groups(rng: np.random.Generator, places: int) -> Groups:
    return Groups(
        most=rng.integers(1, 4, places),
        repeat=rng.choice([1.0, 0.5, 0.0], places),
        apart=rng.choice([0, 0, 1, 2], places),
        zone=rng.integers(-1, N_ZONES, places),
        zone_bonus=rng.choice([0.0, 4.0], N_ZONES),
        zone_apart=rng.choice([0, 0, 1, 2], N_ZONES),
    )


def _windows(rng: np.random.Generator, n: int, days: int, points: int) -> Windows:
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
        start=rng.integers(0, points, n),
        end=rng.integers(0, points, n),
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
        groups=_plain_groups(len(places)),
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


def _plain_groups(n: int) -> Groups:
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
