"""What sites of limited room earn at given prices: knapsacks, exact on whole loads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.capacity_kernel import knapsack_served, knapsack_worth

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_ROOM = 1000  # of an exact knapsack, in units of load; beyond, clients may be cut
MOST_WORK = 3e7  # steps of all exact knapsacks together


@dataclass(frozen=True, slots=True)
class Rooms:
    """
    Candidates of limited room: `table` [a, demand] their weighted costs, inf = not allowed.

    `loads` [demand] and `room` [a] are in one unit; `whole` says that they are whole numbers small
    enough for exact knapsacks, else part of a client may be taken (a higher worth: still a bound).
    """

    names: NDArray[np.int64]
    table: NDArray[np.float64]
    loads: NDArray[np.float64]
    room: NDArray[np.float64]
    p: int

    @property
    def whole(self) -> bool:
        """Whether knapsacks are exact."""
        most = float(self.room.max())
        few = most <= MOST_ROOM and most * self.table.size <= MOST_WORK
        return few and bool((self.loads == np.rint(self.loads)).all())

    def part(self, kept: NDArray[np.int64]) -> Rooms:
        """Return the candidates `kept` [b] of these."""
        return Rooms(
            self.names[kept],
            np.ascontiguousarray(self.table[kept]),
            self.loads,
            self.room[kept],
            self.p,
        )

    def worth(self, prices: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return at least what each candidate [a] can earn at `prices` [demand]."""
        if not self.whole:
            return self._cut(np.arange(len(self.names)), prices)[0]
        worth = np.empty(len(self.names))
        knapsack_worth(self.table, *self._whole_loads(), prices, worth)
        return worth

    def served(self, chosen: NDArray[np.int64], prices: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how many `chosen` [p] sites serve each demand [demand] for that."""
        if not self.whole:
            return self._cut(chosen, prices)[1]
        served = np.zeros(len(prices))
        knapsack_served(self.table, *self._whole_loads(), prices, chosen.astype(np.int64), served)
        return served

    def first_prices(self) -> NDArray[np.float64]:
        """Return prices [demand] to begin with: the cost of a p-th of the candidates."""
        rank = min(len(self.names) - 1, len(self.names) // self.p)
        costs = np.partition(self.table, rank, axis=0)[rank]
        lowest = self.table.min(axis=0)
        return np.asarray(np.where(np.isfinite(costs), costs, lowest))

    def _whole_loads(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        return self.loads.astype(np.int32), np.floor(self.room + 1e-9).astype(np.int32)

    def _cut(
        self, sites: NDArray[np.int64], prices: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Fill rooms by gain per load, the last client cut to fit (Dantzig 1957)."""
        gains = np.maximum(prices - self.table[sites], 0.0)
        order = np.argsort(-gains / self.loads, axis=1, kind="stable")
        loads = self.loads[order]
        before = np.cumsum(loads, axis=1) - loads
        taken = np.clip((self.room[sites, None] - before) / loads, 0.0, 1.0)
        gained = np.take_along_axis(gains, order, axis=1)
        served = np.bincount(order.ravel(), (taken * (gained > 0)).ravel(), len(prices))
        return np.asarray((taken * gained).sum(axis=1)), served.astype(float)
