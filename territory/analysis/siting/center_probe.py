"""Can a few sites have every demand within a radius? Three answers: a choice, no, or unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.highs import Programme, solve
from territory.analysis.siting.cover_problem import Reduced
from territory.analysis.siting.cover_search import search, walker
from territory.analysis.siting.dominance import smallest_cover
from territory.model.results import Ending

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Chosen = NDArray[np.intp]

HALF = 0.5  # yes or no
LOST = 1e-6  # of a site: what floats may lose
ANY = 1.0  # relative gap at which the first choice found will do


class Probe:
    """
    « All rows of `table` [demands, candidates] covered by `most` columns », made small.

    `settled` is a choice (positions) or False when the reductions alone have answered, else None.
    """

    def __init__(self, table: sp.csr_matrix, most: int) -> None:
        self.table, self.names, self.forced = smallest_cover(table)
        self.most = most - len(self.forced)
        self.settled: Chosen | bool | None = None
        if self.most < 0 or (self.most == 0 and self.table.shape[0]):
            self.settled = False
        elif not self.table.shape[0]:
            self.settled = self.forced

    def by_prices(self, *, time_limit_s: float) -> bool:
        """Tell whether the linear relaxation proves that no choice exists."""
        solved = solve(self._programme(whole=False), time_limit_s=time_limit_s)
        if solved.ending is Ending.IMPOSSIBLE:
            return True
        if solved.prices is None:
            return False
        paid = np.maximum(solved.prices[:-1], 0.0)  # valid once no column takes more than 1
        paid /= max(float((self.table.T @ paid).max(initial=0.0)), 1.0)
        return bool(np.ceil(paid.sum() - LOST) > self.most)

    def by_search(self, *, until: float, patience: int, seed: int) -> Chosen | None:
        """Return a choice [columns] found by covering all rows, None when some are left."""
        m, n = self.table.shape
        none = np.zeros(0, np.intp)
        problem = Reduced(self.table, np.ones(m), np.zeros(n), np.ones(n), min(self.most, n),
                          np.inf, 0.0, np.arange(n), none)  # fmt: skip
        walk = walker(problem, seed)
        search(walk, until=until, patience=patience, target=m - HALF)
        return self._choice(walk.best) if walk.value > m - HALF else None

    def by_proof(self, *, time_limit_s: float, seed: int) -> Chosen | bool | None:
        """Return a choice [columns], False when none exists, None when HiGHS could not tell."""
        model = self._programme(whole=True)
        solved = solve(model, time_limit_s=time_limit_s, seed=seed, gap=ANY)
        if solved.values is not None:
            marks = solved.values > HALF
            if marks.sum() <= self.most and (self.table @ marks > 0).all():
                return self._choice(marks)
        return False if solved.ending is Ending.IMPOSSIBLE else None

    def _choice(self, marks: NDArray[np.bool_]) -> Chosen:
        found: Chosen = np.r_[self.forced, self.names[marks]]
        return found

    def _programme(self, *, whole: bool) -> Programme:
        m, n = self.table.shape
        limit = float(self.most) if whole else np.inf
        return Programme(
            np.ones(n), sp.vstack([self.table.astype(float), np.ones((1, n))]).tocsr(),
            np.r_[np.ones(m), 0.0], np.r_[np.full(m, np.inf), limit], np.zeros(n), np.ones(n),
            np.full(n, whole),
        )  # fmt: skip
