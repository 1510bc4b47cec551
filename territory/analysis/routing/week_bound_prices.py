"""
The bound of a week at given prices of what links its routes (Lagrangian relaxation).

A visit pays for its place, a metre for the walking cap of its walker: then each route is alone, and
its best walk is found apart. Whatever the prices, what all pay in and bring is no less than the
value of any plan (Fisher 1981, "The Lagrangian relaxation method for solving integer programming
problems"). The spacing of zones is not asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy.sparse as sp

from territory.analysis.routing.resolve import spread
from territory.analysis.routing.week_bound_choice import Choice, choice_of
from territory.analysis.routing.week_bound_lines import Line, Trip, lines_of, ranks_of

if TYPE_CHECKING:
    from territory.analysis.routing.week_problem import Flags, Ints, Reals, WeekProblem

TRAVEL_MIN = 10.0  # of a leg, to guess first prices
TIME_MOST = 1440.0
TRIPS_MOST = 25  # walks kept of a line at each price
CORES = 2  # lines walked at a time: each is walked alone, whichever comes first


class Prices(NamedTuple):
    """
    What a visit pays for what links routes.

    `place` [groups, ranks]: for a rank of its place; `apart` [spells]: for visits that exclude each
    other, and for the whole of a budget; `zone` [zones]: what it earns for the bonus of its zone;
    `walk` [caps]: of the whole walking cap of a walker's day; `gap` [walkers]: the gap to its due
    at which the burden of a walker is priced (a square lies above its tangents).
    """

    place: Reals
    apart: Reals
    zone: Reals
    walk: Reals
    gap: Reals

    def toward(self, other: Prices, share: float) -> Prices:
        """Return the prices at a `share` of the way to others."""
        return Prices(*((1.0 - share) * a + share * b for a, b in zip(self, other, strict=True)))


@dataclass(frozen=True, slots=True)
class Links:
    """
    A week taken apart: its lines and that of each route, the choice of routes, what links visits.

    `held` [groups, ranks] visits for each rank, `has` whether there is one; `spells` [spells,
    visits] what visits take of what they share; `caps` numbers the walker and day of each walking
    cap.
    """

    problem: WeekProblem
    lines: list[Line]
    line_of: Ints
    choice: Choice
    held: Ints
    has: Flags
    spells: sp.csc_matrix
    caps: dict[tuple[int, int], int]

    def team(self, route: int) -> list[int]:
        """Return the walkers of a route."""
        return [int(m) for m in self.problem.windows.walkers[route] if m >= 0]

    def cap_share(self, route: int) -> list[tuple[int, float]]:
        """Return the caps that a route walks against, and the share of each that a metre takes."""
        day, most = int(self.problem.windows.day[route]), self.problem.team.walk_max_m
        return [(self.caps[m, day], 1.0 / max(int(most[m]), 1)) for m in self.team(route)]


def links_of(problem: WeekProblem) -> Links:
    """Return a week taken apart."""
    lines, line_of = lines_of(problem)
    held, has = ranks_of(problem)
    walked = {
        (int(m), int(day))
        for team, day in zip(problem.windows.walkers, problem.windows.day, strict=True)
        for m in team
        if m >= 0
    }
    caps = {key: i for i, key in enumerate(sorted(walked))}
    choice = choice_of(problem)
    return Links(problem, lines, line_of, choice, held, has, spells_of(problem), caps)


def spells_of(problem: WeekProblem) -> sp.csc_matrix:
    """
    Return what visits take of what they share [spells, visits]: in all at most 1 in each row.

    Where their place has several a week, those within a spell of days in which it is visited once
    exclude each other; each alone is made once, where several may be made in a day. Then budgets,
    of which each visit takes its part (more than all where nothing may be taken).
    """
    groups, visits = problem.groups, problem.visits
    several = ((groups.most > 1) & (groups.apart <= 0))[visits.group]
    rows = [np.arange(problem.n_visits) == v for v in np.flatnonzero(several)]
    for group in np.flatnonzero((groups.most > 1) & (groups.apart > 0)):
        mine = visits.group == group
        for day in np.unique(visits.day[mine]):
            within = mine & (visits.day >= day) & (visits.day < day + groups.apart[group])
            rows.append(within)
    parts = problem.charge[visits.group].T / np.maximum(problem.budgets, 0.5)[:, None]
    rows += list(parts)
    return sp.csc_matrix(np.array(rows, np.float64).reshape(len(rows), problem.n_visits))


def first_prices(links: Links) -> Prices:
    """Return prices to begin with: a place pays what it brings beyond the time it takes."""
    problem, n = links.problem, len(links.problem.groups.most)
    best, time = np.zeros(n), np.full(n, TIME_MOST)
    np.maximum.at(best, problem.visits.group, problem.value.max(axis=1, initial=0.0))
    np.minimum.at(time, problem.visits.group, problem.visits.service + TRAVEL_MIN)
    beyond = np.maximum(best - _minute_price(links, best, time) * time, 0.0)
    ranks = np.arange(links.has.shape[1])
    place = beyond[:, None] * problem.groups.repeat[:, None] ** ranks
    return Prices(
        np.where(links.has, place, 0.0),
        np.zeros(links.spells.shape[0]),
        np.zeros(len(problem.groups.zone_bonus)),
        np.zeros(len(links.caps)),
        np.zeros(len(problem.team.due)),
    )


def _minute_price(links: Links, best: Reals, time: Reals) -> float:
    """Return what the last place brings a minute when the best ones fill the time of all routes."""
    w = links.problem.windows
    room = np.maximum(w.finish - w.begin - w.lunch_min, 0).astype(float)
    total, _ = links.choice.relaxed(room)
    some = np.flatnonzero(best > 0)
    order = some[np.argsort(-best[some] / time[some], kind="stable")]
    last = int(np.searchsorted(np.cumsum(time[order]), total))
    return float(best[order[last]] / time[order[last]]) if last < len(order) else 0.0


def relaxed(links: Links, prices: Prices) -> tuple[float, Reals, list[tuple[int, Trip]]]:
    """Return a bound of any plan, what each route brings at most [routes], and walks of routes."""
    worth, trips = _priced(links, prices)
    top, _ = links.choice.relaxed(worth)
    return top + paid_in(links, prices), worth, trips


def paid_in(links: Links, prices: Prices) -> float:
    """Return what the week brings at `prices` beside its routes."""
    team, bonus = links.problem.team, links.problem.groups.zone_bonus
    gap = team.unfairness * (prices.gap**2 + 2.0 * prices.gap * team.due)
    parts = [(links.held * prices.place)[links.has], prices.apart, bonus - prices.zone, prices.walk]
    return float(sum(part.sum() for part in [*parts, gap]))


def _priced(links: Links, prices: Prices) -> tuple[Reals, list[tuple[int, Trip]]]:
    problem, visits = links.problem, links.problem.visits
    zone = problem.groups.zone[visits.group]
    earned = np.append(prices.zone, 0.0)[np.where(zone >= 0, zone, -1)]
    fixed, rank = links.spells.T @ prices.apart - earned, prices.place[visits.group]
    worth, trips = np.full(problem.n_routes, -np.inf), []
    keys = [_priced_like(links, prices, r) for r in range(problem.n_routes)]

    def walked(key: tuple[int, float, float]) -> list[Trip]:
        line, metre, lean = key
        return links.lines[line].best(rank, fixed + lean * visits.burden, metre, TRIPS_MOST)

    once = list(dict.fromkeys(keys))
    known = dict(zip(once, spread(walked, once, CORES), strict=True))
    for r, key in enumerate(keys):
        trips += [(r, trip) for trip in known[key]]
        worth[r] = known[key][0].worth if known[key] else -np.inf
    return worth, trips


def _priced_like(links: Links, prices: Prices, r: int) -> tuple[int, float, float]:
    """Return the line of a route and its prices of a metre and of a burden: it brings by them."""
    problem = links.problem
    metre = problem.walk_price + sum(prices.walk[i] * part for i, part in links.cap_share(r))
    lean = 2.0 * problem.team.unfairness * float(prices.gap[links.team(r)].sum())
    return int(links.line_of[r]), metre, lean
