"""Which routes of a week are walked together, when each brings at most so much: a proven bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from territory.analysis.highs import Programme, answer, new_model, solve
from territory.model.results import Ending

if TYPE_CHECKING:
    from territory.analysis.routing.week_problem import Flags, Ints, Reals, WeekProblem

MARGIN = 2e-6  # what HiGHS may be wrong by in whole numbers


@dataclass(slots=True)
class Choice:
    """
    The programme that chooses routes [routes] under clashes, half-days and the pairs wanted.

    Two more columns are the pairs missing and in excess. `model` is kept from one price to another.
    """

    programme: Programme
    model: Any

    def relaxed(self, worth: Reals) -> tuple[float, Reals]:
        """Return a proven bound of the choice, and the share of each route [routes] in it."""
        cost = self._cost(worth)
        self.model.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), -cost)
        solved = answer(self.model, np.inf, 0.0, None, maximise=False, whole=False)
        if solved.prices is None or solved.values is None:
            return float(np.maximum(worth, 0.0).sum()), np.ones(len(worth))
        return self._proven(cost, -solved.prices), solved.values[: len(worth)]

    def whole(self, worth: Reals, time_limit_s: float) -> float:
        """Return a bound of the choice of whole routes, a bit above what HiGHS proves."""
        old = self.programme
        whole = np.ones(len(old.cost), np.bool_)
        asked = Programme(
            self._cost(worth), old.rows, old.row_low, old.row_high, old.low, old.high, whole,
            maximise=True,
        )  # fmt: skip
        solved = solve(asked, time_limit_s=time_limit_s)
        if solved.ending not in (Ending.OPTIMAL, Ending.TIME_UP):
            return np.inf
        return solved.bound + MARGIN * (1.0 + abs(solved.bound))

    def _cost(self, worth: Reals) -> Reals:
        """Return what is chosen for: a route that cannot be walked had better not be."""
        n = len(worth)
        return np.append(np.where(np.isfinite(worth), worth, -1e6), self.programme.cost[n:])

    def _proven(self, cost: Reals, prices: Reals) -> float:
        """Bound by the duals, whatever their precision (Neumaier and Shcherbina 2004)."""
        p = self.programme
        low, high = np.isfinite(p.row_low), np.isfinite(p.row_high)
        prices = np.where(low, prices, np.maximum(prices, 0.0))
        paid = float(prices[high] @ p.row_high[high])
        return paid + float(np.maximum(cost - p.rows.T @ prices, 0.0) @ p.high)


def choice_of(problem: WeekProblem) -> Choice:
    """Return the programme of the routes of a week."""
    programme = _programme(problem)
    return Choice(programme, new_model(programme, seed=0))


def _programme(problem: WeekProblem) -> Programme:
    w, n = problem.windows, problem.n_routes
    together = clashing(w.clash)
    halves = np.zeros((len(problem.team.half_days_most), n))
    for r in range(n):
        halves[w.walkers[r][w.walkers[r] >= 0], r] = w.half_days[r]
    pair = ((w.walkers >= 0).sum(axis=1) > 1).astype(float)
    wish = problem.pairs >= 0
    rows = sp.csr_matrix(np.vstack([together, halves, pair if wish else np.zeros(n)]))
    gap = sp.csr_matrix(([1.0, -1.0], ([rows.shape[0] - 1] * 2, [0, 1])), (rows.shape[0], 2))
    many = float(n + max(problem.pairs, 0))
    return Programme(
        np.append(np.zeros(n), [-problem.pair_price, -problem.pair_price] if wish else [0.0, 0.0]),
        sp.csr_matrix(sp.hstack([rows, gap])),
        np.append(np.full(rows.shape[0] - 1, -np.inf), problem.pairs if wish else 0.0),
        np.concatenate(
            [np.ones(len(together)), problem.team.half_days_most, [problem.pairs if wish else 0.0]]
        ),
        np.zeros(n + 2),
        np.append(np.ones(n), [many, many]),
        np.zeros(n + 2, np.bool_),
    )


def clashing(clash: Flags) -> Reals:
    """
    Return sets of routes that all exclude each other [sets, routes], every clash being in one.

    Sets are grown as large as they get: such rows bind a relaxation more than pairs do.
    """
    n = len(clash)
    either = (clash | clash.T) & ~np.eye(n, dtype=np.bool_)
    left, sets = either.copy(), [np.zeros(n)]
    for a, b in np.argwhere(np.triu(either)):
        if left[a, b]:
            members = _grown(either, [int(a), int(b)])
            left[np.ix_(members, members)] = False
            sets.append(np.isin(np.arange(n), members).astype(float))
    return np.array(sets)


def _grown(either: Flags, members: list[int]) -> Ints:
    free = either[members].all(axis=0)
    while free.any():
        members = [*members, int(np.flatnonzero(free)[0])]
        free = either[members].all(axis=0)
    return np.array(members)
