"""One start of the annealed search: its arrays, run in pieces that a clock or a count ends."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.orienteering_kernel import (
    FIRST,
    ORDER,
    ROUTE,
    SIZE,
    WRITTEN,
    anneal,
)

if TYPE_CHECKING:
    from territory.analysis.routing.orienteering_problem import Asked, Ints, Route

HOT, COLD = 0.6, 0.06  # heat, in mean prizes, at the beginning and at the end of a stage
NEAR = 60  # neighbours looked at when places around one are taken out
BASE = 0.01  # what any insertion costs, in mean legs
PIECE_S = 0.02  # of one call of the kernel, when a clock ends the search
STEADY = 200  # iterations of one call, when a count does
TRAIL = 512


class Walk:
    """A plan in search of a better one; deterministic for its seed and counts of iterations."""

    def __init__(self, asked: Asked, seed: int) -> None:
        n, m = len(asked.prize), asked.n_routes
        self.asked = asked
        place = asked.place[asked.prize[asked.place] > 0]
        apart = (asked.go + asked.go.T)[:, place]
        near = place[np.argsort(apart, axis=1, kind="stable")[:, :NEAR]]
        self.field = (
            np.ascontiguousarray(np.stack([asked.go, asked.go.T])),
            np.stack([asked.opens, asked.closes]),
            np.array([asked.start, asked.end, asked.finish]), asked.prize.astype(float), place,
            np.ascontiguousarray(near),
        )  # fmt: skip
        self.plans = np.zeros((3, FIRST + m, n + ORDER), np.int64)
        self.plans[:, ROUTE] = -1
        self.cost = np.zeros((FIRST + m, n))
        self.cost[0, 0] = BASE * float(asked.go[np.ix_(place, place)].mean()) + 1e-3
        self.spot = np.full((2, FIRST + m, n), -1)
        self.weight, self.values = np.zeros(n), np.zeros(2)
        words = np.random.SeedSequence(seed).generate_state(1, np.uint64)
        self.state = np.array([(int(words[0]) >> 2) | 1, 0, 0])
        self.trail = np.zeros((TRAIL, n + ORDER), np.int64)
        self.heat = float(asked.prize[place].mean())
        self.iterations, self.piece = 0, 50
        self.take(())

    def take(self, routes: tuple[Route, ...]) -> None:
        """Go on from `routes`."""
        kept = self.plans[1]
        kept[ROUTE], kept[FIRST:] = -1, 0
        for row, route in enumerate(routes, FIRST):
            kept[row, SIZE] = len(route)
            kept[row, ORDER : ORDER + len(route)] = route
            kept[ROUTE, list(route)] = row
        self._anneal(0, 1.0, set())
        self.values[0] = self.asked.worth(routes)
        if self.values[0] > self.values[1]:
            self.plans[2], self.values[1] = kept, self.values[0]

    def count(self, iterations: int) -> set[Route]:
        """Search `iterations` times; return the routes met in good plans."""
        met: set[Route] = set()
        for done in range(0, iterations, STEADY):
            self._anneal(min(STEADY, iterations - done), done / iterations, met)
        return met

    def until(self, ends: float, flag: Ints) -> set[Route]:
        """Search till the time `ends` (perf_counter), or the flag; once in any case."""
        met: set[Route] = set()
        began, share = time.perf_counter(), 0.0
        while share < 1.0:
            spent = time.thread_time()
            self._anneal(self.piece, share, met)
            spent = max(time.thread_time() - spent, 1e-6)
            self.piece = int(np.clip(self.piece * PIECE_S / spent, 10, 5000))
            share = (time.perf_counter() - began) / max(ends - began, 1e-6)
            if flag[0]:
                break
        return met

    def _anneal(self, iterations: int, share: float, met: set[Route]) -> None:
        heat = self.heat * HOT * (COLD / HOT) ** share
        self.state[WRITTEN] = 0
        anneal(
            iterations, heat, *self.field, self.plans, self.cost, self.spot, self.weight,
            self.values, self.state, self.trail,
        )  # fmt: skip
        self.iterations += iterations
        if self.asked.n_routes > 1:
            met.update(map(_route, self.trail[: self.state[WRITTEN]]))

    def routes(self) -> tuple[Route, ...]:
        """Return the best plan met."""
        return tuple(map(_route, self.plans[2, FIRST:]))


def _route(row: Ints) -> Route:
    """Return the places of the row of a route [n + 3]."""
    return tuple(row[ORDER : ORDER + row[SIZE]].tolist())
