"""Compile the loops of the search of a week once, in the form that the commands use."""

from __future__ import annotations

import numpy as np

from territory.analysis.routing.week import best_week
from territory.analysis.routing.week_bound import week_bound
from territory.analysis.routing.week_problem import (
    Groups,
    Legs,
    Team,
    Visits,
    WeekProblem,
    Windows,
)


def warm() -> None:
    """Plan a week of one visit, and bound it: what is compiled is kept on disk by numba."""
    one, none = np.ones(1, np.int64), np.zeros(1, np.int64)
    real = np.ones(1)
    legs = Legs(np.zeros((1, 1, 1), np.int64), np.zeros((1, 1, 1), np.int64))
    windows = Windows(none, none, none, none, one * 600, none, np.array([[0, -1]]), one, none, none,
                      none, np.zeros((1, 1), bool))  # fmt: skip
    problem = WeekProblem(
        legs, Visits(none, none, none, none, one * 500, one, real),
        Groups(one, real, none, -one, real, none), windows, Team(one * 9000, one, real),
        np.ones((1, 1)),
    )  # fmt: skip
    best_week(problem, time_limit_s=1.0, iterations=2, starts=1)
    week_bound(problem, time_limit_s=1.0, iterations=1)
