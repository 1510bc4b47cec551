"""Common budgets drawn at random for a week."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from territory.analysis.routing.week_problem import Limits, WeekProblem


def budgeted(problem: WeekProblem, seed: int, *, budgets: int = 2) -> WeekProblem:
    """Return the week under budgets that bind: about half of what all visits would take."""
    draw = np.random.default_rng(seed)
    charge = draw.integers(0, 4, (len(problem.groups.most), budgets))
    most = draw.integers(0, 1 + charge[problem.visits.group].sum(axis=0) // 2 + 1)
    return replace(problem, limits=Limits(charge, most))
