"""The programme that chooses, among all ways to walk the routes of a small week, the best ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.highs import Programme
from territory.analysis.routing.week_bound_choice import clashing
from territory.analysis.routing.week_bound_prices import spells_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from territory.analysis.routing.week_exact_columns import Columns
    from territory.analysis.routing.week_problem import Ints, Reals, WeekProblem


@dataclass(slots=True)
class _Draft:
    """A programme being written: blocks of columns, then rows over them."""

    cost: list[Reals] = field(default_factory=list)
    high: list[Reals] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[Ints, Reals, float, float]] = field(default_factory=list)
    n: int = 0

    def columns(self, cost: ArrayLike, high: float, *, whole: bool) -> Ints:
        """Add columns of these costs between 0 and `high`; return their numbers."""
        costs = np.atleast_1d(np.asarray(cost, np.float64))
        self.cost.append(costs)
        self.high.append(np.full(len(costs), high))
        self.whole += [whole] * len(costs)
        self.n += len(costs)
        return np.arange(self.n - len(costs), self.n)

    def row(self, columns: Ints, weights: ArrayLike, low: float, high: float) -> None:
        """Add low <= weights x columns <= high."""
        self.rows.append((columns, np.broadcast_to(weights, len(columns)), low, high))

    def programme(self) -> Programme:
        """Return what was written."""
        sizes = np.concatenate([[0], np.cumsum([len(row[0]) for row in self.rows], dtype=np.int64)])
        columns = np.concatenate([row[0] for row in self.rows])
        weights = np.concatenate([row[1] for row in self.rows]).astype(float)
        return Programme(
            np.concatenate(self.cost),
            sp.csr_matrix((weights, columns, sizes), (len(self.rows), self.n)),
            np.array([row[2] for row in self.rows]),
            np.array([row[3] for row in self.rows]),
            np.zeros(self.n),
            np.concatenate(self.high),
            np.array(self.whole),
            maximise=True,
        )


def programme_of(problem: WeekProblem, columns: Columns, gaps: Reals) -> Programme:
    """
    Return the programme whose first columns are the ways of `columns`, chosen or not.

    Every rule of the judge is a row. The squared gap of a burden to its due is replaced by its
    tangents at `gaps` [walkers, tangents]: the programme brings no less than the week.
    """
    draft = _Draft()
    ways = draft.columns(_worth(problem, columns), 1.0, whole=True)
    _routes(problem, columns, draft)
    _walks(problem, columns, draft)
    _places(problem, columns, draft)
    _repeats(problem, columns, draft)
    _zones(problem, columns, draft)
    _pairs(problem, columns, draft)
    _burdens(problem, columns, draft, gaps)
    draft.row(ways[:0], 0.0, 0.0, 0.0)  # so that no programme is without rows
    return draft.programme()


def _ranked(problem: WeekProblem) -> Ints:
    """Return the places whose visits bring less and less."""
    return np.flatnonzero((problem.groups.repeat < 1.0) & (problem.groups.most > 1))


def _worth(problem: WeekProblem, columns: Columns) -> Reals:
    """Return what each way brings, but for visits whose worth depends on others."""
    ranked = np.isin(problem.visits.group, _ranked(problem))
    value = np.where(np.isfinite(problem.value) & ~ranked[:, None], problem.value, 0.0)
    brings = columns.made.multiply(value.T[columns.route]).sum(axis=1)
    worth: Reals = np.asarray(brings).ravel() - problem.walk_price * columns.metres
    return worth


def _routes(problem: WeekProblem, columns: Columns, draft: _Draft) -> None:
    """Ask that a route is walked in one way, and that those that clash are not both walked."""
    sets = clashing(problem.windows.clash)
    alone = np.eye(problem.n_routes)[sets.sum(axis=0) == 0]
    for members in [*sets, *alone]:
        draft.row(np.flatnonzero(members[columns.route]), 1.0, 0.0, 1.0)


def _walks(problem: WeekProblem, columns: Columns, draft: _Draft) -> None:
    """Ask for the metres of each walker's day, and for the half-days of each walker."""
    w, team = problem.windows, problem.team
    for m, cap in enumerate(team.walk_max_m):
        mine = (w.walkers == m).any(axis=1)[columns.route]
        halves = np.flatnonzero(mine)
        draft.row(halves, w.half_days[columns.route[halves]], 0.0, float(team.half_days_most[m]))
        for day in np.unique(w.day):
            walked = np.flatnonzero(mine & (w.day[columns.route] == day))
            scale = max(float(cap), 1.0)
            draft.row(walked, columns.metres[walked] / scale, 0.0, float(cap) / scale)


def _places(problem: WeekProblem, columns: Columns, draft: _Draft) -> None:
    """Ask for a visit once, a place `most` times and once in each spell of days, for budgets."""
    n, groups = problem.n_visits, len(problem.groups.most)
    same = sp.csr_matrix((np.ones(n), (problem.visits.group, np.arange(n))), (groups, n))
    sets = sp.vstack([sp.identity(n), same, spells_of(problem)])
    most = [np.ones(n), problem.groups.most, np.ones(sets.shape[0] - n - groups)]
    _rows(draft, sp.csr_matrix(sets @ columns.made.T), np.concatenate(most))


def _rows(draft: _Draft, matrix: sp.csr_matrix, high: Reals) -> None:
    for k in range(matrix.shape[0]):
        within = slice(matrix.indptr[k], matrix.indptr[k + 1])
        draft.row(matrix.indices[within], matrix.data[within], 0.0, float(high[k]))


def _repeats(problem: WeekProblem, columns: Columns, draft: _Draft) -> None:
    """Let each visit made take a rank of its place, the first ranks first."""
    made = sp.csc_matrix(columns.made)
    for group in _ranked(problem):
        visits = np.flatnonzero(problem.visits.group == group)
        most = min(int(problem.groups.most[group]), len(visits))
        shrunk, taken = problem.groups.repeat[group] ** np.arange(most), []
        for v in visits:
            holding = made.indices[made.indptr[v] : made.indptr[v + 1]]
            for r in np.unique(columns.route[holding]):
                mine = holding[columns.route[holding] == r]
                taken.append(draft.columns(problem.value[v, r] * shrunk, 1.0, whole=True))
                weights = np.append(np.ones(most), -np.ones(len(mine)))
                draft.row(np.append(taken[-1], mine), weights, 0.0, 0.0)
        for k in range(most if taken else 0):
            now = np.array([ranks[k] for ranks in taken])
            draft.row(now, 1.0, 0.0, 1.0)
            if k:
                before = np.array([ranks[k - 1] for ranks in taken])
                weights = np.repeat([1.0, -1.0], len(taken))
                draft.row(np.append(before, now), weights, 0.0, np.inf)


def _zones(problem: WeekProblem, columns: Columns, draft: _Draft) -> None:
    """Pay the bonus of a zone that is visited; ask for days between its routes."""
    zone_of, days = problem.groups.zone[problem.visits.group], problem.windows.day
    for zone, bonus in enumerate(problem.groups.zone_bonus):
        touching = np.flatnonzero(columns.made @ (zone_of == zone))
        seen = draft.columns(bonus, 1.0, whole=False)
        weights = np.append(np.ones(len(touching)), -1.0)
        draft.row(np.append(touching, seen), weights, 0.0, np.inf)
        on = days[columns.route[touching]]
        apart = int(problem.groups.zone_apart[zone])
        for day in np.unique(on) if apart > 0 else []:
            draft.row(touching[(on >= day) & (on < day + apart)], 1.0, 0.0, 1.0)


def _pairs(problem: WeekProblem, columns: Columns, draft: _Draft) -> None:
    """Price the pairs missing and those in excess."""
    if problem.pairs >= 0:
        pair = (problem.windows.walkers >= 0).sum(axis=1) > 1
        walked = np.flatnonzero(pair[columns.route])
        gap = draft.columns([-problem.pair_price] * 2, np.inf, whole=False)
        weights = np.append(np.ones(len(walked)), [1.0, -1.0])
        wanted = float(problem.pairs)
        draft.row(np.append(walked, gap), weights, wanted, wanted)


def _burdens(problem: WeekProblem, columns: Columns, draft: _Draft, gaps: Reals) -> None:
    """Price the burden of each walker, above its tangents."""
    team, carried = problem.team, columns.made @ problem.visits.burden
    for m, due in enumerate(team.due if team.unfairness > 0 else []):
        cost = draft.columns(-1.0, np.inf, whole=False)
        mine = np.flatnonzero((problem.windows.walkers == m).any(axis=1)[columns.route])
        for gap in gaps[m]:
            slope = 2.0 * team.unfairness * gap
            weights = np.append(-slope * carried[mine], 1.0)
            low = -slope * due - team.unfairness * gap**2
            draft.row(np.append(mine, cost), weights, low, np.inf)
