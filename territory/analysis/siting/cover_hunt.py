"""How a covering question is hunted down: search, bound, fewer candidates, then a proof."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.cover_bound import Bound, goal, lagrangian, settled
from territory.analysis.siting.cover_problem import Asked, Reduced, narrowed, reduced
from territory.analysis.siting.cover_proof import prove
from territory.analysis.siting.cover_search import search, walker
from territory.model.results import Ending

if TYPE_CHECKING:
    from numpy.typing import NDArray

QUICK, TRIES = 40, 3000  # tries without anything better before a bound, and tries of the bound
PATIENCE = 100, 20  # tries without anything better after it, and more for each site
STUBBORN, LONGER = 60_000, 10  # entries beyond which HiGHS waits, and how much longer we search
PACE = 5_000  # entries that HiGHS takes a second for: with less time, it is not asked
FEWER = 0.9  # of the candidates: a bound is sought again when less are left
ROUNDS = 4
ENDLESS = 2**52
HALF = 0.5  # yes or no
WHOLE = 2.0**53  # up to here floats hold whole numbers exactly
ROUNDING = 1e-6  # in units


@dataclass(slots=True)
class Hunt:
    """
    The best choice so far (positions [chosen] of candidates), its value, and a proven bound.

    Every value is a multiple of `unit` (0 = not known to be); `stopped` by Ctrl-C.
    """

    question: Asked
    until: float
    seed: int
    chosen: NDArray[np.intp]
    value: float
    bound: float
    unit: float
    stopped: bool = False

    def found(self, problem: Reduced, marks: NDArray[np.bool_]) -> None:
        """Keep the choice `marks` [candidates] of `problem` when it is allowed and better."""
        chosen = np.r_[problem.opened, problem.names[marks]]
        value = self.question.value(chosen)
        if value > self.value and self.question.cost[chosen].sum() <= self.question.allowed:
            self.chosen, self.value = chosen, value

    def proved(self, bound: float) -> None:
        """Keep a proven bound when it is better, rounded down where values are whole."""
        if self.unit > 0 and np.isfinite(bound):
            bound = float(np.floor(bound / self.unit + ROUNDING) * self.unit)
        self.bound = max(min(self.bound, bound), self.value)

    @property
    def over(self) -> bool:
        """Whether nothing is left to win, or to hope for in the time."""
        return self.bound <= self.value or time.perf_counter() >= self.until

    def share(self, part: float) -> float:
        """Return when `part` of the time left will be over."""
        now = time.perf_counter()
        return now + part * max(self.until - now, 0.0)


def hunt(question: Asked, *, until: float, seed: int) -> Hunt:
    """Return the best choice of a possible question found by `until` (time.perf_counter)."""
    fixed = np.flatnonzero(question.fixed)
    everything = float(np.sort(question.weights).sum())
    state = Hunt(question, until, seed, fixed, question.value(fixed), everything, _unit(question))
    try:
        _hunt(state, reduced(question))
    except KeyboardInterrupt:
        state.stopped = True
    return state


def _hunt(state: Hunt, problem: Reduced) -> None:
    if _plain(state, problem):
        return
    _search(state, problem, None, patience=QUICK, part=0.2)
    for _ in range(ROUNDS):
        bound = lagrangian(problem, state.value - problem.base, until=state.share(0.4), tries=TRIES)
        state.proved(bound.value + problem.base)
        patience = PATIENCE[0] + PATIENCE[1] * problem.most
        _search(state, problem, _likely(problem, bound), patience=patience, part=0.3)
        if bound.value < goal(state.value - problem.base, state.unit):
            state.proved(state.value)  # what is left between them is what floats lose
            return
        size = len(problem.own)
        problem = narrowed(problem, *settled(bound, state.value - problem.base, state.unit))
        if state.over or _plain(state, problem):
            return
        if len(problem.own) > FEWER * size:
            break
    known = np.isin(problem.names, state.chosen)
    if problem.table.nnz > PACE * (state.until - time.perf_counter()):
        _search(state, problem, known, patience=None, part=1.0)
        return
    if problem.table.nnz > STUBBORN:
        patience = LONGER * (PATIENCE[0] + PATIENCE[1] * problem.most)
        _search(state, problem, known, patience=patience, part=0.5)
    if not state.over:
        _prove(state, problem)


def _plain(state: Hunt, problem: Reduced) -> bool:
    """Settle a question with a single best answer; tell whether it was one."""
    if problem.plain:
        state.found(problem, np.full(len(problem.own), problem.most > 0))
        state.proved(state.value)
    return problem.plain


def _search(
    state: Hunt,
    problem: Reduced,
    start: NDArray[np.bool_] | None,
    *,
    patience: int | None,
    part: float,
) -> None:
    """Search for `part` of the time left; `patience` None = all of it."""
    walk = walker(problem, state.seed)
    until, target = state.share(part), state.bound - problem.base
    try:
        search(walk, until=until, patience=patience or ENDLESS, target=target, start=start)
    finally:  # stopped by Ctrl-C, the best met is kept
        state.found(problem, walk.best)
        state.proved(state.bound)


def _likely(problem: Reduced, bound: Bound) -> NDArray[np.bool_] | None:
    """Return the candidates most open in the fractional answer; None when money limits them."""
    if np.isfinite(problem.budget):
        return None
    marks = np.zeros(len(problem.own), bool)
    marks[np.argsort(-bound.share, kind="stable")[: problem.most]] = True
    return marks


def _prove(state: Hunt, problem: Reduced) -> None:
    """Let HiGHS search what is left: it holds every choice better than the one known."""
    walk = walker(problem, state.seed)
    search(walk, until=state.share(0.1), patience=QUICK, target=np.inf)
    state.found(problem, walk.best)
    left = max(state.until - time.perf_counter(), 0.0)
    solved = prove(problem, walk.best, time_limit_s=left, seed=state.seed)
    if solved.values is not None:
        state.found(problem, solved.values > HALF)
    if solved.ending is Ending.IMPOSSIBLE:
        state.proved(state.value)
    elif solved.ending is Ending.OPTIMAL:
        state.proved(max(solved.objective + problem.base, state.value))
    else:
        state.proved(solved.bound + problem.base)


def _unit(question: Asked) -> float:
    """Return what divides all weights, 0 when they are not whole."""
    weights = question.weights
    if weights.sum() >= WHOLE or (weights != np.floor(weights)).any():
        return 0.0
    return float(np.gcd.reduce(weights.astype(np.int64), initial=0))
