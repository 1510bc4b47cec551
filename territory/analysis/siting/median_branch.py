"""The proof of a p-median: branch and bound on sites, each part bounded by prices."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from territory.analysis.siting.median_bound import FREE, OPEN, SHUT, climb

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from territory.analysis.siting.median_bound import Priceable
    from territory.analysis.siting.median_record import Record

Deed: TypeAlias = "Callable[[NDArray[np.int64]], bool]"
ROUNDS = 40  # of a climb in one part
SETTLED = 10  # one part in so many also gives a choice to settle
CROWD = 1e8  # prices kept at once: beyond, parts are searched in depth


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """
    Some of the choices, by their `state` [a], with their bound and the `site` to decide next.

    `prices` [demand] are those of the bound.
    """

    bound: float
    number: int
    state: NDArray[np.int8]
    prices: NDArray[np.float32]
    site: int


class Branching:
    """
    Parts of the choices of `ground` still to be searched, lowest bound first.

    `settle` takes sites [p] of the ground as a start of a search; `decide` finds the best that can
    be done with sites, and keeps it in the record: false when it had no time to.
    """

    def __init__(self, record: Record, ground: Priceable, settle: Deed, decide: Deed) -> None:
        self.record, self.ground = record, ground
        self.settle, self.decide = settle, decide
        self.waiting: list[Part] = []
        self.seen, self.undecided = 0, False

    def run(self, state: NDArray[np.int8], prices: NDArray[np.float64]) -> None:
        """
        Split the choices allowed by `state` [a] until none can be better, or the clock ends.

        Begins with `prices` [demand]; betters the choice and the bound of the search as it goes.
        """
        self.explore(state, prices, 0.0)
        while self.waiting and not self.record.late:
            part = self._next()
            for answer in (OPEN, SHUT):
                child = part.state.copy()
                child[part.site] = answer
                self.explore(child, part.prices.astype(float), part.bound)
        if not self.waiting and not self.undecided:
            self.record.raise_bound(self.record.value)

    def _next(self) -> Part:
        if len(self.waiting) * len(self.waiting[0].prices) > CROWD:
            return self.waiting.pop()  # the last of a heap: deep, and the rest is still a heap
        part = heapq.heappop(self.waiting)
        if not self.undecided:
            self.record.raise_bound(part.bound)
        return part

    def explore(self, state: NDArray[np.int8], prices: NDArray[np.float64], floor: float) -> None:
        """Bound the choices allowed by `state` [a]; keep them if a better one may be there."""
        at = climb(self.record, self.ground, state, prices, ROUNDS, 0.1)
        if max(at.best.bound, floor) > self.record.goal:
            return
        if self.seen % SETTLED == 0:
            self.settle(at.best.chosen)
        self.seen += 1
        state = at.best.fixed(state, self.record.goal)
        free = np.flatnonzero(state == FREE)
        wanted = self.ground.p - int((state == OPEN).sum())
        if 0 < wanted < len(free):
            site = int(free[np.argmax(at.opened[free])])
            part = (state, at.best.prices.astype(np.float32), site)
            heapq.heappush(self.waiting, Part(max(at.best.bound, floor), self.seen, *part))
        elif wanted in {0, len(free)}:
            chosen = np.flatnonzero(state == OPEN if wanted == 0 else state != SHUT)
            self.undecided |= not self.decide(chosen)
