"""One start of the annealed search: its arrays, run in pieces that a clock or a count ends."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.orienteering_kernel import Field, Tours, anneal, load

if TYPE_CHECKING:
    from territory.analysis.routing.orienteering_problem import Asked, Ints, Route

HOT, COLD = 0.6, 0.06  # heat, in mean prizes, at the beginning and at the end of a stage
NEAR = 60  # neighbours looked at when places around one are taken out
PIECE_S = 0.02  # of one call of the kernel, when a clock ends the search
STEADY = 200  # iterations of one call, when a count does
TRAIL = 512


class Walk:
    """A plan in search of a better one; deterministic for its seed and counts of iterations."""

    def __init__(self, asked: Asked, seed: int) -> None:
        n, m = len(asked.prize), asked.n_routes
        self.asked, self.field = asked, _field(asked)
        self.tours, self.kept, self.best = (_tours(n, m) for _ in range(3))
        self.values = np.zeros(2)
        words = np.random.SeedSequence(seed).generate_state(1, np.uint64)
        self.state = np.array([(int(words[0]) >> 2) | 1, 0])
        self.trail = np.zeros((TRAIL, n + 1), np.int64)
        self.heat = float(asked.prize[asked.place].mean())
        self.iterations, self.piece = 0, 50

    def take(self, routes: tuple[Route, ...]) -> None:
        """Go on from `routes`."""
        table = np.zeros((self.asked.n_routes, len(self.asked.prize) + 1), np.int64)
        for r, route in enumerate(routes):
            table[r, 0] = len(route)
            table[r, 1 : len(route) + 1] = route
        for tours in (self.tours, self.kept):
            load(table, self.field, tours)
        self.values[0] = self.asked.worth(routes)
        if self.values[0] > self.values[1]:
            load(table, self.field, self.best)
            self.values[1] = self.values[0]

    def count(self, iterations: int) -> set[Route]:
        """Search `iterations` times; return the routes met in good plans."""
        met: set[Route] = set()
        for done in range(0, iterations, STEADY):
            self._anneal(min(STEADY, iterations - done), done / iterations, met)
        return met

    def until(self, began: float, ends: float, flag: Ints) -> set[Route]:
        """Search till the time `ends` (perf_counter), or the flag; return the routes met."""
        met: set[Route] = set()
        while (now := time.perf_counter()) < ends and not flag[0]:
            spent = time.thread_time()
            self._anneal(self.piece, (now - began) / (ends - began), met)
            spent = max(time.thread_time() - spent, 1e-6)
            self.piece = int(np.clip(self.piece * PIECE_S / spent, 10, 5000))
        return met

    def _anneal(self, iterations: int, share: float, met: set[Route]) -> None:
        heat = self.heat * HOT * (COLD / HOT) ** share
        self.state[1] = 0
        anneal(
            iterations, heat, heat, self.field, self.tours, self.kept, self.best, self.values,
            self.state, self.trail,
        )  # fmt: skip
        self.iterations += iterations
        if self.asked.n_routes > 1:
            rows = self.trail[: self.state[1]].tolist()
            met.update(tuple(row[1 : row[0] + 1]) for row in rows)

    def routes(self) -> tuple[Route, ...]:
        """Return the best plan met."""
        best = zip(self.best.order.tolist(), self.best.size.tolist(), strict=True)
        return tuple(tuple(order[:size]) for order, size in best)


def _field(asked: Asked) -> Field:
    place = asked.place[asked.prize[asked.place] > 0]
    apart = (asked.go + asked.go.T)[:, place]
    near = place[np.argsort(apart, axis=1, kind="stable")[:, :NEAR]]
    base = 0.01 * float(np.mean(asked.go[np.ix_(place, place)])) + 1e-3
    return Field(
        asked.go, np.ascontiguousarray(asked.go.T), asked.opens, asked.closes,
        asked.prize.astype(float), np.ascontiguousarray(near), place, asked.start, asked.end, 0,
        asked.finish, base,
    )  # fmt: skip


def _tours(n: int, m: int) -> Tours:
    def none(*shape: int) -> Ints:
        return np.zeros(shape, np.int64)

    return Tours(
        none(m, n), none(m), np.full(n, -1), none(n), none(n), none(m), np.arange(m + 1),
        np.zeros((n, m)), none(n, m), np.full((n, m), -1),
    )  # fmt: skip
