"""The last word on a covering question: HiGHS on what the bound has left open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.highs import Programme, Solved, solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.siting.cover_problem import Reduced

TOTAL = 1e6  # what all weights sum to for HiGHS, whose tolerances are absolute


def programme(problem: Reduced) -> Programme:
    """Return the model: candidates 0 or 1, then demands 0 to 1, a demand at most what covers it."""
    m, n = problem.table.shape
    sides = [np.ones(n)] + ([problem.cost] if np.isfinite(problem.budget) else [])
    limits = [float(problem.most), problem.budget][: len(sides)]
    rows = sp.bmat(
        [[-problem.table.astype(float), sp.identity(m)], [sp.csr_matrix(np.array(sides)), None]],
        format="csr",
    )
    return Programme(
        np.r_[problem.own, problem.weights], rows, np.full(m + len(sides), -np.inf),
        np.r_[np.zeros(m), limits], np.zeros(n + m), np.ones(n + m), np.arange(n + m) < n,
        maximise=True,
    )  # fmt: skip


def prove(
    problem: Reduced, start: NDArray[np.bool_] | None, *, time_limit_s: float, seed: int
) -> Solved:
    """
    Solve `problem` by HiGHS from the choice `start` [candidates] (None = none is known).

    Values hold the candidates only; objective and bound are those of `problem`, without its base.
    """
    known = None
    if start is not None:
        covered = problem.table[:, np.flatnonzero(start)].sum(axis=1).A1 > 0
        known = np.r_[start, covered].astype(float)
    total = float(problem.weights.sum() + problem.own.sum())
    scale = TOTAL / total if total > 0 else 1.0
    model = programme(problem)
    model = replace(model, cost=model.cost * scale)
    solved = solve(model, time_limit_s=time_limit_s, seed=seed, start=known)
    values = None if solved.values is None else solved.values[: len(problem.own)]
    return Solved(values, solved.objective / scale, solved.bound / scale, solved.ending)
