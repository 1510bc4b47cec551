"""What can be said of a week at once: whether its prices are sound, and a first bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from territory.analysis.routing.week_problem import WeekProblem


def is_regular(problem: WeekProblem) -> bool:
    """Return whether no price or bonus is negative, and repeats and values are as they should."""
    prices = [problem.walk_price, problem.team.unfairness, problem.pair_price]
    repeat, value = problem.groups.repeat, problem.value
    return bool(
        min(prices) >= 0
        and (problem.groups.zone_bonus >= 0).all()
        and ((repeat >= 0) & (repeat <= 1)).all()
        and (value < np.inf).all()
    )


def plain_bound(problem: WeekProblem) -> float:
    """Return what a regular week brings if each place is visited as often as may be, for free."""
    groups, best = problem.groups, np.zeros(len(problem.groups.most))
    if problem.value.size:
        np.maximum.at(best, problem.visits.group, problem.value.max(axis=1))
    full = groups.repeat == 1.0
    most, repeat = np.maximum(groups.most, 0), np.where(full, 0.0, groups.repeat)
    times = np.where(full, most, (1.0 - repeat**most) / (1.0 - repeat))
    return float(best @ times + groups.zone_bonus.sum())
