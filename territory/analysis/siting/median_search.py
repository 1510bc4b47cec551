"""Good choices of sites, fast: interchange, kicks, and the best one kept whatever happens."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.median_kernel import attach, descend

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.siting.median_problem import Median

SLICE = 2e7  # table entries read between two looks at the clock: less than 0.1 s
AFRESH = 8  # one start in so many is drawn anew
TINY = 1e-9  # relative: two objectives nearer than this are one


class Search:
    """
    The best choice so far of a p-median, and the moves that better it.

    `sites` are positions in the reduced problem (None while no choice serves every demand), `value`
    their objective, `bound` the best proven one, `until` the end of the clock; `open_to` are the
    candidates that a better choice may still hold.
    """

    def __init__(self, problem: Median, *, until: float, seed: int) -> None:
        finite = np.isfinite(problem.table)
        self.problem, self.until = problem, until
        self.far = 1.0 + float(np.where(finite, problem.table, 0.0).max(axis=0).sum())
        self.table = problem.table if finite.all() else np.where(finite, problem.table, self.far)
        self.sites: NDArray[np.int32] | None = None
        self.value, self.bound = np.inf, float(self.table.min(axis=0, initial=self.far).sum())
        self.open_to = np.arange(len(self.table), dtype=np.int32)
        self._draw = np.random.default_rng(seed)
        self._near = np.zeros((2, self.table.shape[1]), np.int32)
        self._costs = np.zeros(self._near.shape)
        self._loss = np.zeros(problem.p)

    @property
    def late(self) -> bool:
        """Whether the clock has run out."""
        return time.perf_counter() >= self.until

    @property
    def left_s(self) -> float:
        """Seconds left on the clock."""
        return max(self.until - time.perf_counter(), 0.0)

    @property
    def goal(self) -> float:
        """What a better choice costs at most: a part of the search above it may be left out."""
        step = self.problem.step
        return self.value - (step * (1 - 1e-6) if step else TINY * abs(self.value))

    @property
    def proved(self) -> bool:
        """Whether no choice can be better than the one held."""
        return self.bound > self.goal

    def raise_bound(self, bound: float) -> None:
        """Keep a proven lower bound, rounded up to a value that the objective can have."""
        step = self.problem.step
        if step:
            bound = step * float(np.ceil(bound / step - 1e-6))
        self.bound = max(self.bound, min(bound, self.value))

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
