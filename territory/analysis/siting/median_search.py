"""Good choices of sites, fast: interchange, kicks, and the best one kept whatever happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.median_kernel import attach, descend
from territory.analysis.siting.median_record import TINY, Record

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.siting.median_problem import Median

SLICE = 2e7  # table entries read between two looks at the clock: less than 0.1 s
AFRESH = 8  # one start in so many is drawn anew


class Search(Record):
    """
    The moves that better a choice of sites: positions in the reduced problem.

    `open_to` are the candidates that a better choice may still hold.
    """

    def __init__(self, problem: Median, *, until: float, seed: int) -> None:
        super().__init__(problem.step, until)
        finite = np.isfinite(problem.table)
        self.problem = problem
        self.far = 1.0 + float(np.where(finite, problem.table, 0.0).max(axis=0).sum())
        self.table = problem.table if finite.all() else np.where(finite, problem.table, self.far)
        self.bound = float(self.table.min(axis=0, initial=self.far).sum())
        self.open_to = np.arange(len(self.table), dtype=np.int32)
        self._draw = np.random.default_rng(seed)
        self._near = np.zeros((2, self.table.shape[1]), np.int32)
        self._costs = np.zeros(self._near.shape)
        self._loss = np.zeros(problem.p)

    def settle(self, sites: NDArray[np.int32]) -> tuple[float, NDArray[np.int32]]:
        """Exchange sites [p] until none is left to exchange; keep and return what comes out."""
        sites, place = sites.copy(), np.full(len(self.table), -1, np.int32)
        place[sites] = np.arange(len(sites), dtype=np.int32)
        held, far = self.problem.fixed, self.far
        attached = self._near, self._costs, self._loss
        value = attach(self.table, sites, *attached, far)
        order = self._draw.permutation(self.open_to)
        trials = max(len(order), int(SLICE / self.table.shape[1]))
        at = 0 if held < len(sites) and len(order) else -1
        while at >= 0 and not self.late:
            least = TINY * value
            at = descend(self.table, order, sites, place, *attached, held, far, least, at, trials)
        value = attach(self.table, sites, *attached, far)
        self.keep(sites, value)
        return value, sites

    def keep(self, sites: NDArray[np.int32], value: float) -> None:
        """Keep sites [p] when they are better than those held and serve every demand."""
        if value < min(self.value * (1 - TINY), self.far):
            self.sites, self.value = sites.copy(), value

    def start(self) -> NDArray[np.int32]:
        """Draw the fixed sites and others, all different: [p]."""
        held = self.problem.fixed
        others = self.open_to[self.open_to >= held]
        if len(others) < self.problem.p - held:
            others = np.arange(held, len(self.table), dtype=np.int32)
        drawn = self._draw.choice(others, self.problem.p - held, replace=False)
        sites: NDArray[np.int32] = np.r_[np.arange(held), drawn].astype(np.int32)
        return sites

    def kicked(self, sites: NDArray[np.int32]) -> NDArray[np.int32]:
        """Replace two to a quarter of the sites [p] that may leave by others, drawn."""
        held, sites = self.problem.fixed, sites.copy()
        closed = np.ones(len(self.table), bool)
        closed[sites] = False
        others = self.open_to[closed[self.open_to]]
        most = min(max(2, (len(sites) - held) // 4), len(others), len(sites) - held)
        count = int(self._draw.integers(min(2, most), most + 1))
        leaving = held + self._draw.choice(len(sites) - held, count, replace=False)
        sites[leaving] = self._draw.choice(others, count, replace=False)
        return sites

    def wander(self, kicks: int) -> None:
        """Kick and settle `kicks` times from the best choice, at times from a drawn one."""
        value, sites = self.settle(self.start() if self.sites is None else self.sites)
        for k in range(1, kicks + 1):
            if self.late or self.proved:
                return
            fresh = k % AFRESH == 0
            other = self.settle(self.start() if fresh else self.kicked(sites))
            if other[0] <= value:
                value, sites = other
