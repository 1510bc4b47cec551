"""Every way to walk each route of a small week: of the same visits, the one that walks least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy.sparse as sp

from territory.analysis.routing.week_problem import Walked

if TYPE_CHECKING:
    from territory.analysis.routing.week_problem import Flags, Ints, WeekProblem


class Labels(NamedTuple):
    """
    Walks begun, one a row: visits made (bits), the last one (n: none yet) and whether lunch is had.

    `minute` at which the team is free again, `metres` walked, `parent` the row it grew from (-1).
    """

    made: Ints
    last: Ints
    fed: Ints
    minute: Ints
    metres: Ints
    parent: Ints


@dataclass(frozen=True, slots=True)
class Route:
    """
    One route with the `visits` [n] it may make: `minutes`, `metres` [n + 1, n + 1].

    Row n leaves the start, column n goes to the end; `barred` [n] are the visits (bits) after which
    one is not made: itself, and those of its place when a day may hold one only. `cap_m` metres.
    """

    visits: Ints
    minutes: Ints
    metres: Ints
    opens: Ints
    latest: Ints
    service: Ints
    barred: Ints
    lunch: tuple[int, int, int]  # minutes (0: none), first and last start
    begin: int
    finish: int
    cap_m: int


@dataclass(frozen=True, slots=True)
class Columns:
    """Ways to walk routes: `route` and `metres` [columns], `made` [columns, visits], the walks."""

    route: Ints
    metres: Ints
    made: sp.csr_matrix
    walked: tuple[Walked, ...]


def allowed(problem: WeekProblem, route: int) -> Ints:
    """Return the visits that a route may make."""
    value, day = problem.value[:, route], problem.windows.day[route]
    return np.flatnonzero(np.isfinite(value) & (problem.visits.day == day))


def columns_of(problem: WeekProblem) -> Columns:
    """
    Return the ways to walk each route of a week that keep every rule when it is walked alone.

    Dynamic programming over sets of visits (Held and Karp 1962): for each set, last visit and lunch
    had or not, the walks that no other beats in both time and metres.
    """
    routes, metres, made, walked = [], [], [], []
    for r in range(problem.n_routes):
        route = _route(problem, r)
        labels = _walks(route)
        for row, length in _least(route, labels):
            way = _walked(route, labels, row)
            routes.append(r)
            metres.append(length)
            made.append(way.visits)
            walked.append(way)
    indptr = np.concatenate([[0], np.cumsum([len(visits) for visits in made], dtype=np.int64)])
    indices = np.array([v for visits in made for v in visits], np.int64)
    shape = len(routes), problem.n_visits
    matrix = sp.csr_matrix((np.ones(len(indices)), indices, indptr), shape)
    return Columns(np.array(routes, np.int64), np.array(metres, np.int64), matrix, tuple(walked))


def _route(problem: WeekProblem, r: int) -> Route:
    w, visits, kept = problem.windows, problem.visits, allowed(problem, r)
    pace, group = int(w.pace[r]), visits.group[kept]
    legs = np.ix_(
        np.append(visits.point[kept], w.start[r]), np.append(visits.point[kept], w.end[r])
    )
    once = (problem.groups.apart[group] > 0) | (problem.groups.most[group] <= 1)
    same = np.eye(len(kept), dtype=np.bool_) | ((group[:, None] == group) & once)
    team = w.walkers[r][w.walkers[r] >= 0]
    return Route(
        kept,
        problem.legs.minutes[pace][legs],
        problem.legs.metres[pace][legs],
        visits.opens[kept],
        visits.latest[kept],
        visits.service[kept],
        same @ (1 << np.arange(len(kept))),
        (int(w.lunch_min[r]), int(w.lunch_opens[r]), int(w.lunch_latest[r])),
        int(w.begin[r]),
        int(w.finish[r]),
        int(problem.team.walk_max_m[team].min(initial=np.iinfo(np.int64).max)),
    )


def _walks(route: Route) -> Labels:
    """Return all walks worth keeping, shortest first."""
    one = np.zeros(1, np.int64)
    layer = Labels(one, one + len(route.visits), one, one + route.begin, one, one - 1)
    layers, before = [layer], 0
    while len(layer.made):
        parts = [_after(route, layer, v, before) for v in range(len(route.visits))]
        parts.append(_after_lunch(route, layer, before))
        before += len(layer.made)
        layer = _undominated(Labels(*(np.concatenate(field) for field in zip(*parts, strict=True))))
        layers.append(layer)
    return Labels(*(np.concatenate(field) for field in zip(*layers, strict=True)))


def _after(route: Route, layer: Labels, v: int, before: int) -> Labels:
    """Return the walks of `layer` that can go on to visit `v`; no triangle inequality is used."""
    start = np.maximum(layer.minute + route.minutes[layer.last, v], route.opens[v])
    free, metres = start + route.service[v], layer.metres + route.metres[layer.last, v]
    holds = (start <= route.latest[v]) & (free <= route.finish) & (metres <= route.cap_m)
    rows = np.flatnonzero(holds & (layer.made & route.barred[v] == 0))
    made = layer.made[rows] | (1 << v)
    last = np.full(len(rows), v)
    return Labels(made, last, layer.fed[rows], free[rows], metres[rows], rows + before)


def _after_lunch(route: Route, layer: Labels, before: int) -> Labels:
    minutes, opens, latest = route.lunch
    start = np.maximum(layer.minute, opens)
    hungry = (layer.fed == 0) & (minutes > 0)
    rows = np.flatnonzero(hungry & (start <= latest) & (start + minutes <= route.finish))
    made, last, metres = (field[rows] for field in (layer.made, layer.last, layer.metres))
    return Labels(made, last, np.ones_like(made), start[rows] + minutes, metres, rows + before)


def _undominated(labels: Labels) -> Labels:
    """Return the labels that no other of the same state beats in both time and metres."""
    order = np.lexsort((labels.metres, labels.minute, labels.fed, labels.last, labels.made))
    labels = Labels(*(field[order] for field in labels))
    state = np.stack([labels.made, labels.last, labels.fed])
    new = np.append(np.ones(1, np.bool_), (state[:, 1:] != state[:, :-1]).any(axis=0))[: len(order)]
    # Each state is lifted below those before it, so that the least so far is that of the state.
    lift = (int(labels.metres.max(initial=0)) + 1) * np.cumsum(new)
    lowered = labels.metres - lift
    least = np.minimum.accumulate(lowered)
    better: Flags = new | (lowered < np.append(np.zeros(1, np.int64), least)[: len(order)])
    return Labels(*(field[better] for field in labels))


def _least(route: Route, labels: Labels) -> list[tuple[int, int]]:
    """Return, for each set of visits, the row that walks least to the end, and its metres."""
    n, fed = len(route.visits), int(route.lunch[0] > 0)
    whole = np.flatnonzero((labels.last < n) & (labels.fed == fed))
    last = labels.last[whole]
    metres = labels.metres[whole] + route.metres[last, n]
    in_time = labels.minute[whole] + route.minutes[last, n] <= route.finish
    kept = in_time & (metres <= route.cap_m)
    rows, metres = whole[kept], metres[kept]
    order = np.lexsort((rows, metres, labels.made[rows]))
    _, first = np.unique(labels.made[rows][order], return_index=True)
    return [(int(rows[i]), int(metres[i])) for i in order[first]]


def _walked(route: Route, labels: Labels, row: int) -> Walked:
    visits, lunch = [], -1
    while labels.parent[row] >= 0:
        parent = int(labels.parent[row])
        if labels.fed[row] != labels.fed[parent]:
            lunch = int(labels.made[row]).bit_count()
        else:
            visits.append(int(route.visits[labels.last[row]]))
        row = parent
    return Walked(tuple(reversed(visits)), lunch)
