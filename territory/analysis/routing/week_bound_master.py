"""The prices that bound a week best, as far as the walks met so far tell (Kelley's cuts)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.growing import Growing
from territory.analysis.highs import Programme
from territory.analysis.routing.week_bound_prices import Links, Prices

if TYPE_CHECKING:
    from territory.analysis.routing.week_bound_lines import Trip
    from territory.analysis.routing.week_problem import Reals

GAPS = 9  # tangents of the square of a gap to begin with


class Master:
    """
    A linear programme over the prices: each walk met must be paid for by what it uses.

    Its columns are the prices, the burden's cost of each walker, the prices of the rows of the
    choice and of each route. Kelley 1960, "The cutting-plane method for solving convex programs".
    """

    def __init__(self, links: Links) -> None:
        self._links = links
        team, choice = links.problem.team, links.choice.programme
        self._sizes = [
            links.held.size, links.spells.shape[0], len(links.problem.groups.zone_bonus),
            len(links.caps), len(team.due), len(team.due), choice.rows.shape[0],
            links.problem.n_routes,
        ]  # fmt: skip
        self._at = np.concatenate([[0], np.cumsum(self._sizes)])
        self._choice = sp.csc_matrix(choice.rows)
        self._widest = float(max(team.due.max(initial=0.0), links.problem.visits.burden.sum(), 1.0))
        self._growing = Growing(self._programme())
        self._met: set[tuple[int, bytes, bytes]] = set()
        for gap in np.linspace(-self._widest, self._widest, GAPS):
            self._add_tangents(np.full(len(team.due), gap))

    def best(self, time_limit_s: float) -> tuple[float, Prices] | None:
        """Return what these walks alone bring at the best prices, and those; None: out of time."""
        solved = self._growing.solve(time_limit_s=time_limit_s)
        if solved.values is None or solved.prices is None:
            return None
        place, *others = (solved.values[a:b] for a, b in pairwise(self._at[:6]))
        bonus = float(self._links.problem.groups.zone_bonus.sum())
        prices = Prices(place.reshape(self._links.held.shape), *others)
        self._add_tangents(prices.gap)
        return solved.objective + bonus, prices

    def add(self, trips: list[tuple[int, Trip]]) -> None:
        """Add the walks not met yet, each with its route."""
        rows, paid = [], []
        for r, trip in trips:
            key = r, trip.visits.tobytes(), trip.ranks.tobytes()
            if key not in self._met:
                self._met.add(key)
                rows.append(-self._used(r, trip))
                paid.append(self._links.problem.walk_price * trip.metres - trip.brings)
        if rows:
            self._growing.add(sp.csr_matrix(np.array(rows)), np.array(paid))

    def _programme(self) -> Programme:
        problem, choice = self._links.problem, self._links.choice.programme
        held, spells, zones, caps, team, costs, chosen, routes = self._sizes
        asked = np.where(np.isfinite(choice.row_high), choice.row_high, 0.0)
        cost = [
            self._links.held.ravel(), np.ones(spells), -np.ones(zones), np.ones(caps),
            np.zeros(team), np.ones(costs), asked, np.ones(routes),
        ]  # fmt: skip
        free = np.full(chosen, np.inf), np.zeros(chosen)
        gap = problem.pair_price if problem.pairs >= 0 else 0.0
        free[0][-1], free[1][-1] = gap, -gap
        top = np.where(np.isfinite(problem.value), problem.value, 0.0).max(initial=0.0)
        high = [
            np.where(self._links.has.ravel(), top, 0.0), np.full(spells, np.inf),
            problem.groups.zone_bonus, np.full(caps, np.inf), np.full(team, self._widest),
            np.full(costs, np.inf), free[0], np.full(routes, np.inf),
        ]  # fmt: skip
        low = [np.zeros(held + spells + zones + caps), np.full(team, -self._widest)]
        low += [np.full(costs, -np.inf), free[1], np.zeros(routes)]
        n, none = int(self._at[-1]), np.zeros(0)
        return Programme(
            np.concatenate(cost).astype(float), sp.csr_matrix((0, n)), none, none,
            np.concatenate(low), np.concatenate(high), np.zeros(n, np.bool_),
        )  # fmt: skip

    def _used(self, r: int, trip: Trip) -> Reals:
        """Return what a walk uses of what is priced [columns]."""
        links, at, problem = self._links, self._at, self._links.problem
        row, group = np.zeros(int(at[-1])), problem.visits.group[trip.visits]
        np.add.at(row, group * links.held.shape[1] + trip.ranks, 1.0)
        row[at[1] : at[2]] = links.spells[:, trip.visits].sum(axis=1).ravel()
        zone = problem.groups.zone[group]
        np.add.at(row, at[2] + zone[zone >= 0], -1.0)
        for cap, share in links.cap_share(r):
            row[at[3] + cap] += share * trip.metres
        lean = 2.0 * problem.team.unfairness * float(problem.visits.burden[trip.visits].sum())
        row[at[4] + np.array(links.team(r), np.int64)] = lean
        column = slice(self._choice.indptr[r], self._choice.indptr[r + 1])
        row[at[6] + self._choice.indices[column]] = self._choice.data[column]
        row[at[7] + r] = 1.0
        return row

    def _add_tangents(self, gap: Reals) -> None:
        """Bound what the gap of each walker costs by its tangents at `gap` [walkers]."""
        team, n = self._links.problem.team, len(gap)
        rows = np.zeros((n, int(self._at[-1])))
        rows[np.arange(n), self._at[4] + np.arange(n)] = 2.0 * team.unfairness * (gap + team.due)
        rows[np.arange(n), self._at[5] + np.arange(n)] = -1.0
        self._growing.add(sp.csr_matrix(rows), team.unfairness * gap**2)
