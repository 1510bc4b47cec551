"""The search of maximal covering: one state, walked in short slices that a clock can stop."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting import cover_kernel as kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.siting.cover_problem import Reduced

    Marks = NDArray[np.bool_]

LEAST = 1e-11  # of all weights: less is the noise of sums
SLICE = 1e7  # steps between two looks at the clock: some hundredths of a second
MOVES = 4096  # that one change may take and still be undone
SLACK = 5e-4  # of the best value: how far below it a walk may go on


@dataclass(frozen=True, slots=True)
class Walker:
    """A search going on: what the loops read and write, and the `best` [candidates] met."""

    table: kernel.Table
    state: kernel.State
    best: Marks
    hands: tuple[Marks, Marks, NDArray[np.int32]]
    most: float
    budget: float
    least: float

    @property
    def value(self) -> float:
        """The weight covered by the best choice met."""
        return float(max(self.state[6][kernel.BEST], 0.0))


def walker(problem: Reduced, seed: int) -> Walker:
    """Return a search that has not begun: nothing is open."""
    columns = problem.table.tocsc()
    columns.sort_indices()
    rows = problem.table
    m, n = rows.shape
    table = (
        columns.indptr.astype(np.int32), columns.indices.astype(np.int32),
        rows.indptr.astype(np.int32), rows.indices.astype(np.int32),
        problem.weights.copy(), problem.own.copy(), problem.cost.copy(),
    )  # fmt: skip
    figures = np.zeros(kernel.FIGURES)
    figures[kernel.BEST] = -1.0
    draw = int(np.random.default_rng(seed).integers(1, 2**62))
    state = (
        np.zeros(n, bool), np.zeros(n, bool), np.zeros(m, np.int32), np.zeros(m, np.int64),
        np.zeros(n), np.zeros(n), figures, np.array([draw, 0]),
    )  # fmt: skip
    hands = np.zeros(n, bool), np.zeros(n, bool), np.empty(MOVES, np.int32)
    least = LEAST * float(problem.weights.sum() + problem.own.sum())
    return Walker(
        table, state, np.zeros(n, bool), hands, float(problem.most), problem.budget, least
    )


def search(
    walk: Walker, *, until: float, patience: int, target: float, start: Marks | None = None
) -> None:
    """
    Walk from `start` [candidates] (default: from nothing), keeping the best in `walk`.

    Ends after `patience` tries without anything better, once `target` is reached, or when the
    clock (time.perf_counter) says `until`.
    """
    walk.state[0][:] = False if start is None else start
    walk.state[6][kernel.STALE] = 0.0
    kernel.load(walk.table, walk.state)
    while True:
        kernel.walk(walk.table, walk.state, walk.best, walk.hands, walk.most, walk.budget, SLACK,
                    walk.least, SLICE, float(patience), target)  # fmt: skip
        stale = walk.state[6][kernel.STALE] >= patience
        if stale or walk.value >= target or time.perf_counter() >= until:
            return
