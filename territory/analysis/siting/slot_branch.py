"""The proof: choices divided by how many half-days a place holds, the highest bound first."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.slot_bound import NEAR

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from territory.analysis.siting.clock import Clock
    from territory.analysis.siting.slot_bound import Bounded, Bounds, Box, Relaxed

ROUNDING = 1e-6  # away from a whole number by less is rounding


@dataclass(slots=True, eq=False)
class Branching:
    """
    Boxes of choices left to look at, the highest bound first.

    `told` is told each whole choice met (positions [chosen]) and returns what the best known
    brings; `gap` (share of the bound) is what may stay between the best and the bound. Cuts are
    added in every box: they hold for all.
    """

    bounds: Bounds
    told: Callable[[NDArray[np.int64]], float]
    best: float
    gap: float
    clock: Clock
    boxes: list[tuple[float, int, Box, Bounded]] = field(default_factory=list)
    count: int = 0

    @property
    def wanted(self) -> float:
        """What a choice must bring to be worth looking for."""
        return self.best / (1.0 - self.gap) if self.gap < 1.0 else np.inf

    def run(self, relaxed: Relaxed) -> float:
        """Return the bound of all choices once the boxes are looked at, or the clock is up."""
        bound = relaxed.bound
        if bound <= self.wanted:
            return bound
        self._look(self.bounds.box(self.wanted, relaxed), bound)
        while self.boxes:
            negative, _, box, found = heapq.heappop(self.boxes)
            bound = min(bound, -negative)
            if bound <= self.wanted + NEAR * abs(self.wanted):
                break
            if self.clock.up:
                return bound
            for part in self._parts(box, found):
                self._look(part, -negative)
        return max(min(bound, self.wanted * (1 + NEAR)), self.best)

    def _look(self, box: Box, above: float) -> None:
        """Bound `box`, whose bound is not more than `above`, and keep it when it matters."""
        found = self.bounds.bounded(box, self.wanted, self.clock)
        if found is not None:
            self.count += 1
            heapq.heappush(self.boxes, (-min(found.bound, above), self.count, box, found))

    def _parts(self, box: Box, found: Bounded) -> list[Box]:
        """Divide `box` where `found` is not whole; tell a whole choice, cut where it fails."""
        place = int(np.argmax(_broken(found.counts)))
        if _broken(found.counts)[place] > ROUNDING:
            fewer, more = box.places_high.copy(), box.places_low.copy()
            fewer[place] = np.floor(found.counts[place])
            more[place] = fewer[place] + 1
            return [replace(box, places_high=fewer), replace(box, places_low=more)]
        option = int(np.argmax(_broken(found.taken)))
        if _broken(found.taken)[option] > ROUNDING:
            out, held = box.high.copy(), box.low.copy()
            out[option], held[option] = 0.0, 1.0
            return [replace(box, high=out), replace(box, low=held)]
        chosen = np.flatnonzero(found.taken > 0.5)  # noqa: PLR2004 - yes or no
        self.best = max(self.best, self.told(chosen))
        return [box] if self.bounds.judged(chosen, found) else []


def _broken(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.abs(values - np.round(values))
