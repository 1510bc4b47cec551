"""The proof of a p-median: branch and bound on sites, each part bounded by prices."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.median_bound import FREE, OPEN, SHUT, climb

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.siting.median_bound import Ground
    from territory.analysis.siting.median_search import Search

ROUNDS = 40  # of a climb in one part
SETTLED = 10  # one part in so many also gives a choice to settle
CROWD = 1e8  # prices kept at once: beyond, parts are searched in depth


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """Some of the choices: what is open and shut in them, their bound, the site to decide next."""

    bound: float
    number: int
    state: NDArray[np.int8]
    prices: NDArray[np.float32]
    site: int


class Branching:
    """Parts of the choices of `ground` still to be searched, lowest bound first."""

    def __init__(self, search: Search, ground: Ground) -> None:
        self.search, self.ground = search, ground
        self.waiting: list[Part] = []
        self.seen = 0

    def run(self, state: NDArray[np.int8], prices: NDArray[np.float64]) -> None:
        """
        Split the choices allowed by `state` [a] until none can be better, or the clock ends.

        Begins with `prices` [demand]; betters the choice and the bound of the search as it goes.
        """
        self.explore(state, prices, 0.0)
        while self.waiting and not self.search.late:
            part = self._next()
            for answer in (OPEN, SHUT):
                child = part.state.copy()
                child[part.site] = answer
                self.explore(child, part.prices.astype(float), part.bound)
        if not self.waiting:
            self.search.raise_bound(self.search.value)

    def _next(self) -> Part:
        if len(self.waiting) * self.ground.table.shape[1] > CROWD:
            return self.waiting.pop()  # the last of a heap: deep, and the rest is still a heap
        part = heapq.heappop(self.waiting)
        self.search.raise_bound(part.bound)
        return part

    def explore(self, state: NDArray[np.int8], prices: NDArray[np.float64], floor: float) -> None:
        """Bound the choices allowed by `state` [a]; keep them if a better one may be there."""
        at = climb(self.search, self.ground, state, prices, ROUNDS, 0.1)
        if max(at.best.bound, floor) > self.search.goal:
            return
        if self.seen % SETTLED == 0:
            self._settle(at.best.chosen)
        self.seen += 1
        state = at.best.fixed(state, self.search.goal)
        free = np.flatnonzero(state == FREE)
        wanted = self.ground.p - int((state == OPEN).sum())
        if 0 < wanted < len(free):
            site = int(free[np.argmax(at.opened[free])])
            part = (state, at.best.prices.astype(np.float32), site)
            heapq.heappush(self.waiting, Part(max(at.best.bound, floor), self.seen, *part))
        elif wanted in {0, len(free)}:
            self._settle(np.flatnonzero(state == OPEN if wanted == 0 else state != SHUT))

    def _settle(self, chosen: NDArray[np.int64]) -> None:
        self.search.settle(np.sort(self.ground.names[chosen]).astype(np.int32))
