"""A week made ready for the compiled search: the tables of week_layout, filled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing import week_layout as at
from territory.analysis.routing.week_kernel import improve
from territory.analysis.routing.week_layout import Week
from territory.analysis.routing.week_problem import Walked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from territory.analysis.routing.week_problem import Flags, Ints, Reals, WeekProblem

BRISK = 2.0  # what a usual way counts for beside value, in the heat of the moment
STIR = 0x9E3779B97F4A7C15  # the golden ratio in 64 bits: near seeds start far apart


@dataclass(slots=True, eq=False)
class Search:
    """One search of a week: its plan, the best one, and what is needed to go on."""

    week: Week
    kept: Ints
    best: Ints
    values: Reals  # as `improve` says

    def go(self, iterations: int, begun: float, ended: float) -> None:
        """Make `iterations` more, `begun` and `ended` being shares (0-1) of the whole search."""
        improve(self.week, self.kept, self.best, self.values, iterations, begun, ended)

    @property
    def routes(self) -> tuple[Walked, ...]:
        """The best plan found."""
        return tuple(_walked(row) for row in self.best)


def _walked(row: Ints) -> Walked:
    visits = tuple(row[at.KEPT : at.KEPT + row[at.KEPT_SIZE]].tolist())
    return Walked(visits, int(row[at.KEPT_LUNCH])) if visits else Walked()


def search_of(
    problem: WeekProblem, frozen: Flags, routes: Sequence[Walked], value: float, seed: int
) -> Search:
    """Return a search that starts from the plan `routes`, worth `value`; `frozen` ones stay."""
    may = allowed(problem, frozen)
    longest = max((len(walked.visits) for walked in routes), default=0)
    room = max(int(may.sum(axis=0).max(initial=0)), longest) + 1
    kept = np.zeros((problem.n_routes, at.KEPT + room), np.int64)
    for r, walked in enumerate(routes):
        kept[r, at.KEPT_SIZE], kept[r, at.KEPT_LUNCH] = len(walked.visits), walked.lunch_after
        kept[r, at.KEPT : at.KEPT + len(walked.visits)] = walked.visits
    values = problem.value[may]
    mean = float(values[values > 0].mean()) if (values > 0).any() else 1.0
    week = _tables(problem, frozen, may, room, seed)
    return Search(week, kept, kept.copy(), np.array([value, value, mean, 0.0, _brisk(problem)]))


def _brisk(problem: WeekProblem) -> float:
    """Return what a minute on the way counts for: times are of any unit, and far is far there."""
    minutes = problem.legs.minutes[problem.legs.minutes > 0]
    return BRISK / float(np.median(minutes)) if len(minutes) else 0.0


def allowed(problem: WeekProblem, frozen: Flags) -> Flags:
    """Return which visits [visits, routes] may be put in which routes."""
    same = problem.visits.day[:, None] == problem.windows.day[None, :]
    return np.asarray(np.isfinite(problem.value) & same & ~frozen[None, :])


def _tables(problem: WeekProblem, frozen: Flags, may: Flags, room: int, seed: int) -> Week:
    g, t, routes = problem.groups, problem.team, problem.n_routes
    route, candidate = np.nonzero(may.T)
    day0 = min((int(d.min()) for d in (problem.visits.day, problem.windows.day) if len(d)),
               default=0)  # fmt: skip
    days = 1 + max((int(d.max()) - day0 for d in (problem.visits.day, problem.windows.day)
                    if len(d)), default=0)  # fmt: skip
    made = int(np.bincount(problem.visits.group, minlength=1).max(initial=0)) + 1
    dice = (seed * 2 + 1) * STIR % 2**63 or 1
    worth = np.c_[problem.visits.burden, np.zeros(problem.n_visits), problem.value]
    legs = np.array([problem.legs.minutes, problem.legs.metres], np.int32, order="C")
    clash = (problem.windows.clash | problem.windows.clash.T) & ~np.eye(routes, dtype=bool)
    return Week(
        legs, _visits(problem, day0), _routes(problem, frozen, day0, route),
        np.zeros((routes, room), np.int64), np.array(clash, np.int64, order="C"),
        _longs([candidate], 4, len(candidate)), _groups(problem, made),
        _longs([g.zone_apart, 0], routes + days, len(g.zone_apart)),
        _longs([t.walk_max_m, t.half_days_most, 0], days, len(t.due)),
        np.array([problem.pairs, 0, at.ZONE_IN + routes, days, dice, 0, at.MEMBER + made,
                  len(problem.budgets), *problem.budgets], np.int64),
        np.array(worth, np.float64, order="C"), _real(problem),
    )  # fmt: skip


def _longs(columns: Sequence[ArrayLike], more: int, rows: int) -> Ints:
    """Return a table of whole numbers: these columns, then `more` of zeros."""
    table = np.zeros((rows, len(columns) + more), np.int64)
    for c, column in enumerate(columns):
        table[:, c] = np.asarray(column)
    return table


def _groups(problem: WeekProblem, made: int) -> Ints:
    g = problem.groups
    table = _longs([g.most, g.apart, 0], made, len(g.most))
    return np.ascontiguousarray(np.hstack([table, problem.charge.astype(np.int64)]))


def _visits(problem: WeekProblem, day0: int) -> Ints:
    v = problem.visits
    columns: list[ArrayLike] = [v.point, v.opens, v.latest, v.service, v.group, v.day - day0,
               problem.groups.zone[v.group], 0, 0, -1, 0]  # fmt: skip
    return _longs(columns, 0, problem.n_visits)


def _routes(problem: WeekProblem, frozen: Flags, day0: int, route: Ints) -> Ints:
    w, n = problem.windows, problem.n_routes
    first = np.searchsorted(route, np.arange(n))
    columns: list[ArrayLike] = [
        w.start, w.end, w.begin, w.finish, w.pace, w.lunch_min, w.lunch_opens, w.lunch_latest,
        w.day - day0, w.half_days, w.walkers[:, 0], w.walkers[:, 1], frozen, first,
    ]  # fmt: skip
    return _longs(columns, at.BEST + 1 - len(columns), n)


def _real(problem: WeekProblem) -> Reals:
    g, t = problem.groups, problem.team
    prices = np.array([problem.walk_price, t.unfairness, problem.pair_price])
    columns = {at.REPEAT: g.repeat, at.BONUS: g.zone_bonus, at.DUE: t.due, at.PRICE: prices}
    rows = max([problem.n_routes, *(len(column) for column in columns.values())])
    table = np.zeros((rows, at.PRICE + 1))
    for c, column in columns.items():
        table[: len(column), c] = column
    return table
