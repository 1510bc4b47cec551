"""Small weeks drawn at random with every rule and all the windows of two or three workers."""

from __future__ import annotations

import numpy as np

from territory.analysis.routing.week_problem import (
    Groups,
    Legs,
    Team,
    Visits,
    WeekProblem,
    Windows,
)


def small_week(
    seed: int, places: int = 3, days: int = 2, walkers: int = 2, visits: int = 4
) -> WeekProblem:
    """Draw a week where two may walk alone or together; no triangle inequality."""
    draw = np.random.default_rng(seed)
    points = places + 2
    at = draw.uniform(0, 40, (points, 2))
    apart = np.abs(at[:, None] - at[None]).sum(-1) * draw.uniform(0.7, 1.3, (points, points))
    minutes = np.ceil(apart).astype(int)[None]
    minutes[:, range(points), range(points)] = 0
    group, day = draw.integers(0, places, visits), draw.integers(0, days, visits)
    opens = draw.integers(540, 900, visits)
    teams = [(m, -1) for m in range(walkers)] + [(0, 1)]
    ways = [(d, team) for d in range(days) for team in teams]
    n = len(ways)
    of = np.array([d for d, _ in ways])
    clash = np.array(
        [
            [a != b and a[0] == b[0] and bool((set(a[1]) & set(b[1])) - {-1}) for b in ways]
            for a in ways
        ]
    )
    value = draw.uniform(0, 20, (visits, n))
    value[(draw.random((visits, n)) < 0.2) | (day[:, None] != of[None])] = -np.inf
    return WeekProblem(
        Legs(minutes, minutes * 75),
        Visits(draw.integers(0, points, visits), group, day, opens,
               opens + draw.integers(0, 300, visits), draw.integers(10, 60, visits),
               draw.uniform(0, 2, visits)),
        Groups(draw.integers(0, 3, places), draw.uniform(0, 1, places),
               draw.integers(0, 3, places), draw.integers(-1, 2, places), draw.uniform(0, 5, 2),
               draw.integers(0, 3, 2)),
        Windows(of, draw.integers(0, points, n), draw.integers(0, points, n),
                draw.integers(540, 600, n), draw.integers(700, 1000, n), np.zeros(n, int),
                np.array([team for _, team in ways]), draw.integers(1, 3, n),
                np.where(draw.random(n) < 0.6, 45, 0), np.full(n, 705), np.full(n, 810), clash),
        Team(draw.integers(2000, 9000, walkers), draw.integers(1, 5, walkers),
             draw.uniform(0, 3, walkers), float(draw.uniform(0, 0.5))),
        value, float(draw.uniform(0, 0.002)), int(draw.integers(-1, 3)),
        float(draw.uniform(0, 5)),
    )  # fmt: skip
