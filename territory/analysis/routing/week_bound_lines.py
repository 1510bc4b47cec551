"""The bound of a week, route by route: what the best walk of each brings under given prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from territory.analysis.routing.week_problem import Flags, Ints, Reals, WeekProblem

RANKS_MOST = 6


class Trip(NamedTuple):
    """A walk of a line: its worth at the prices, what it brings, its visits and their ranks."""

    worth: float
    brings: float
    visits: Ints
    ranks: Ints
    metres: int


@dataclass(frozen=True, slots=True)
class Line:
    """
    Routes walked alike (same time, ends and values), with the visits [n] that they may make.

    `place` of each, a number that rises; those of place p are `block` [places + 1] p to p + 1.
    `minutes` and `metres` [n + 1, n + 1]: row n leaves the start, column n goes to the end;
    `worth` [n, ranks] is what a visit brings as the k-th of its place.
    """

    visits: Ints
    minutes: Ints
    metres: Ints
    opens: Ints
    latest: Ints
    service: Ints
    place: Ints
    block: Ints
    times: Ints
    worth: Reals

    def best(self, prices: Reals, fixed: Reals, metre_price: float, most: int) -> list[Trip]:
        """
        Return the best walk, then others, where a metre and visits have their prices.

        `prices` [visits of the problem, ranks] for each rank, `fixed` [visits of the problem] for
        whichever. The walk may come back to a place after two others: it brings no less than any.
        The others end with other visits, `most` in all. None: no visit can be made.
        """
        from territory.analysis.routing.week_bound_kernel import (  # noqa: PLC0415
            Day,
            best_walks,
            blank,
        )

        n = len(self.visits)
        if n == 0:
            return []
        net = self.worth - prices[self.visits]
        gain, ranks = net.max(axis=1) - fixed[self.visits], net.argmax(axis=1)
        top, walks = np.full(n, -np.inf), np.full((n, self._longest()), -1, np.int64)
        cost = metre_price * self.metres.astype(np.float64)
        day = Day(
            self.minutes, cost, gain, self.opens, self.latest, self.service, self.place, self.block,
            self.times,
        )  # fmt: skip
        best_walks(day, *blank(day), top, walks)
        ends = np.argsort(-top, kind="stable")[:most]
        ends = ends[np.isfinite(top[ends])]
        return self._trips(top, walks, ends, ranks)

    @property
    def takes_time(self) -> bool:
        """Whether each visit, with the leg to it, lasts a minute at least."""
        return not len(self.visits) or bool((self.minutes[:, :-1] + self.service).min() > 0)

    def _longest(self) -> int:
        """Return how many visits a walk may have at most."""
        least = int((self.minutes[:, :-1].min(axis=0) + self.service).min())
        return int(self.times[1] - self.times[0]) // max(least, 1) + 1

    def _trips(self, top: Reals, walks: Ints, ends: Ints, ranks: Ints) -> list[Trip]:
        """Return the walks that end with the visits `ends`; `walks` are written from their end."""
        n, sizes = len(self.visits), (walks[ends] >= 0).sum(axis=1)
        back = walks[ends, : sizes.max(initial=1)]
        before = np.hstack([back[:, 1:], np.full((len(ends), 1), -1)])
        legs = self.metres[np.where(before >= 0, before, n), back]
        metres = np.where(back >= 0, legs, 0).sum(axis=1) + self.metres[back[:, 0], n]
        gains = np.where(back >= 0, self.worth[back, ranks[back]], 0.0)
        brings = np.zeros(len(ends))
        for k in range(back.shape[1])[::-1]:  # in order of the walk, one by one
            brings += gains[:, k]
        visits, at = self.visits[back], ranks[back]
        return [
            Trip(worth, gained, visits[i, size - 1 :: -1], at[i, size - 1 :: -1], length)
            for i, (worth, gained, size, length) in enumerate(
                zip(top[ends].tolist(), brings.tolist(), sizes.tolist(), metres.tolist(),
                    strict=True)
            )
        ]  # fmt: skip


def lines_of(problem: WeekProblem) -> tuple[list[Line], Ints]:
    """Return the different lines of a week, and the number of that of each route [routes]."""
    lines: dict[bytes, int] = {}
    found: list[Line] = []
    line_of = np.zeros(problem.n_routes, np.int64)
    for r in range(problem.n_routes):
        key = _signature(problem, r)
        if key not in lines:
            lines[key] = len(found)
            found.append(_line(problem, r))
        line_of[r] = lines[key]
    return found, line_of


def ranks_of(problem: WeekProblem) -> tuple[Ints, Flags]:
    """
    Return how many visits each rank of a place holds [groups, ranks], and whether it has that rank.

    Where visits repeat at full value, one rank holds them all; a last rank holds those beyond six.
    """
    g = problem.groups
    full = (g.repeat == 1.0) | (g.most <= 1)
    ranks = np.where(full, 1, np.minimum(g.most, RANKS_MOST))
    width = int(ranks.max(initial=1))
    has = np.arange(width)[None, :] < ranks[:, None]
    held = has.astype(np.int64)
    held[np.arange(len(ranks)), ranks - 1] += np.maximum(g.most, 0) - ranks
    return np.maximum(held, 0), has


def _signature(problem: WeekProblem, r: int) -> bytes:
    w = problem.windows
    parts = [
        w.day, w.start, w.end, w.begin, w.finish, w.pace,
        w.lunch_min, w.lunch_opens, w.lunch_latest,
    ]  # fmt: skip
    return np.array([int(p[r]) for p in parts]).tobytes() + problem.value[:, r].tobytes()


def _line(problem: WeekProblem, r: int) -> Line:
    w, visits, pace = problem.windows, problem.visits, int(problem.windows.pace[r])
    kept = _reached(problem, r)
    tails = np.append(visits.point[kept], w.start[r])
    heads = np.append(visits.point[kept], w.end[r])
    times = [w.begin[r], w.finish[r], w.lunch_min[r], w.lunch_opens[r], w.lunch_latest[r]]
    _, place = np.unique(_places(problem, kept), return_inverse=True)
    return Line(
        kept,
        problem.legs.minutes[pace][np.ix_(tails, heads)],
        problem.legs.metres[pace][np.ix_(tails, heads)],
        visits.opens[kept],
        visits.latest[kept],
        visits.service[kept],
        place,
        np.searchsorted(place, np.arange(place.max(initial=-1) + 2)),
        np.array(times, np.int64),
        _worth(problem, r, kept),
    )


def _reached(problem: WeekProblem, r: int) -> Ints:
    """Return the visits that a route may make and that hold in its time, place by place."""
    w, visits = problem.windows, problem.visits
    held = (visits.day == w.day[r]) & np.isfinite(problem.value[:, r])
    held &= problem.groups.most[visits.group] > 0
    start = np.maximum(visits.opens, w.begin[r])
    kept = np.flatnonzero(held & (start <= visits.latest) & (start + visits.service <= w.finish[r]))
    return kept[np.argsort(_places(problem, kept), kind="stable")]


def _places(problem: WeekProblem, visits: Ints) -> Ints:
    """Return the place of each visit in a day, or the visit itself where it may hold several."""
    group = problem.visits.group[visits]
    several = (problem.groups.most[group] > 1) & (problem.groups.apart[group] <= 0)
    return np.where(several, len(problem.groups.most) + visits, group)


def _worth(problem: WeekProblem, r: int, kept: Ints) -> Reals:
    """Return what each visit brings at each rank; a loss shrinks with its rank, to the last."""
    _, has = ranks_of(problem)
    group, value = problem.visits.group[kept], problem.value[kept, r]
    repeat = problem.groups.repeat[group]
    least = value * repeat ** np.maximum(problem.groups.most[group] - 1, 0)
    at_rank = value[:, None] * repeat[:, None] ** np.arange(has.shape[1])
    worth = np.where(value[:, None] > 0, at_rank, least[:, None])
    return np.where(has[group], worth, -np.inf)
