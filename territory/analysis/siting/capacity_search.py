"""Good choices of sites of limited room, and who goes where: fill, shift, swap, recentre, kick."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.capacity_kernel import fill, rearrange
from territory.analysis.siting.median_record import TINY, Record

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.siting.capacity_bound import Rooms

SLICE = 2e7  # pairs of clients compared between two looks at the clock: less than 0.1 s
ROUNDS = 30  # of recentring


class RoomSearch(Record):
    """
    The moves that better sites of limited room; `at` [demand] is the candidate serving each demand.

    The first `fixed` candidates stay; `open_to` are those that a better choice may still hold.
    """

    def __init__(self, rooms: Rooms, *, fixed: int, step: float, until: float, seed: int) -> None:
        super().__init__(step, until)
        finite = np.isfinite(rooms.table)
        self.rooms, self.fixed = rooms, fixed
        self.far = 1.0 + float(np.where(finite, rooms.table, 0.0).max(axis=0).sum())
        self.cost = np.where(finite, rooms.table, self.far)
        self.bound = float(self.cost.min(axis=0).sum())
        self.at: NDArray[np.int32] | None = None
        self.open_to = np.arange(len(self.cost))
        self._draw = np.random.default_rng(seed)
        self._soft = 2.0 * float(np.where(finite, rooms.table, 0.0).mean() / rooms.loads.mean())

    def settle(self, sites: NDArray[np.int64]) -> NDArray[np.int64]:
        """Assign clients to sites [p] and recentre these until neither changes; keep the best."""
        for _ in range(ROUNDS):
            at = self.arranged(sites)
            moved = self._recentred(sites, at)
            if self.late or (moved == sites).all():
                break
            sites = moved
        return sites

    def arranged(self, sites: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the place in `sites` [p] of each demand; kept when it is the best so far."""
        cost, room = np.ascontiguousarray(self.cost[sites]), self.rooms.room[sites]
        loads = self.rooms.loads
        at, held = np.zeros(len(loads), np.int32), np.zeros(len(sites))
        fill(cost, loads, room, self._order(cost), at, held)
        passes = max(1, int(SLICE / (len(loads) * (len(loads) + len(sites)))))
        hard = self.far / loads.min()
        for fine in (self._soft, hard):
            while not rearrange(cost, loads, room, at, held, fine, passes) and not self.late:
                pass
        self.keep(sites, sites[at].astype(np.int32))
        return at

    def keep(self, sites: NDArray[np.int64], at: NDArray[np.int32]) -> None:
        """Keep `sites` [p] and the candidate `at` [demand] of each client when checked, better."""
        held = np.bincount(at, self.rooms.loads, len(self.cost))
        value = float(self.cost[at, np.arange(len(at))].sum())
        fits = (held <= self.rooms.room * (1 + TINY)).all()
        if fits and value < min(self.value * (1 - TINY), self.far):
            self.value, self.at, self.sites = value, at, sites.astype(np.int32)

    def start(self) -> NDArray[np.int64]:
        """Draw the fixed sites and others, all different: [p]."""
        others = self.open_to[self.open_to >= self.fixed]
        count = self.rooms.p - self.fixed
        if len(others) < count:
            others = np.arange(self.fixed, len(self.cost))
        drawn = self._draw.choice(others, count, replace=False)
        return np.concatenate([np.arange(self.fixed), drawn])

    def wander(self, kicks: int) -> None:
        """Settle `kicks` choices, drawn or kicked from the best one."""
        best = self.settle(self.start() if self.sites is None else self.sites.astype(np.int64))
        for k in range(1, kicks + 1):
            if self.late or self.proved:
                return
            best = best if self.sites is None else self.sites.astype(np.int64)
            self.settle(self.start() if k % 4 == 0 else self._kicked(best))

    def _order(self, cost: NDArray[np.float64]) -> NDArray[np.int64]:
        """Serve first those who lose most per load when their nearest site is full."""
        if len(cost) == 1:
            return np.argsort(-self.rooms.loads, kind="stable")
        two = np.partition(cost, 1, axis=0)[:2]
        return np.argsort(-(two[1] - two[0]), kind="stable")

    def _recentred(self, sites: NDArray[np.int64], at: NDArray[np.int32]) -> NDArray[np.int64]:
        """Move each site that may move to the candidate best for its clients, room permitting."""
        p, sites = len(sites), sites.copy()
        groups = np.zeros((len(at), p))
        groups[np.arange(len(at)), at] = 1.0
        totals = self.cost @ groups
        totals[self.rooms.room[:, None] < self.rooms.loads @ groups] += self.far * len(at)
        for k in range(self.fixed, p):
            totals_k = totals[:, k].copy()
            totals_k[np.delete(sites, k)] = np.inf
            best = int(np.argmin(totals_k))
            if totals_k[best] < totals_k[sites[k]] * (1 - TINY):
                sites[k] = best
        return sites

    def _kicked(self, sites: NDArray[np.int64]) -> NDArray[np.int64]:
        """Replace one to a third of the sites that may leave by others, drawn."""
        sites, closed = sites.copy(), np.ones(len(self.cost), bool)
        closed[sites] = False
        others = self.open_to[closed[self.open_to]]
        free = len(sites) - self.fixed
        most = min(max(1, free // 3), free, len(others))
        if not most:
            return sites
        count = int(self._draw.integers(1, most + 1))
        leaving = self.fixed + self._draw.choice(free, count, replace=False)
        sites[leaving] = self._draw.choice(others, count, replace=False)
        return sites
