"""
All the sets worth nearly as much as the best: every set looked at once, hopeless ones left out.

Depth first, candidates by promise; a branch is left when even the bound of its completions falls
short of what is still wanted (branch and bound, Land and Doig 1960).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Protocol

import numpy as np

from territory.analysis.siting.solvers import TIGHT

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """
    What is known of a set: its `value`, whether it `answers` (keeps every rule), what may be added.

    `left` are positions that may still be added without breaking a limit for good; `promise`
    [left]: what each would add at the very most, whatever else is added.
    """

    value: float
    answers: bool
    left: NDArray[np.int64]
    promise: NDArray[np.float64]


class Question(Protocol):
    """Sets to choose: `look` at one, and bound what positions `left` of that look may add."""

    def look(self, chosen: tuple[int, ...], left: NDArray[np.int64]) -> Look | None:
        """Return what is known of `chosen` [sorted], None when nothing there can be an answer."""

    def most(
        self, chosen: tuple[int, ...], left: NDArray[np.int64], promise: NDArray[np.float64]
    ) -> float:
        """Return what sets of `left` [left], by falling `promise`, add to `chosen` at most."""

    def possible(self, chosen: tuple[int, ...], left: NDArray[np.int64]) -> bool:
        """Return whether some of `left` [left] may make `chosen` keep every rule."""


@dataclass(slots=True)
class Sets:
    """
    The sets found, best first, as (value, positions), and whether they are all of them.

    `above`: every set worth more than that is there (NaN when stopped: nothing is known of others).
    """

    found: list[tuple[float, tuple[int, ...]]]
    best: float
    complete: bool
    above: float


@dataclass(slots=True)
class _Branch:
    """A set, and the positions that may still be added to it, by falling promise, from `at` on."""

    chosen: tuple[int, ...]
    value: float
    left: NDArray[np.int64]
    promise: NDArray[np.float64]
    at: int = 0


@dataclass(slots=True)
class _Search:
    question: Question
    share: float
    room: int
    until: float
    best: float
    heap: list[tuple[float, tuple[int, ...]]] = field(default_factory=list)
    overflowed: bool = False

    def wanted(self) -> float:
        """Return the value below which a set is no answer, to the rounding of sums."""
        if self.best == -np.inf:
            return -np.inf
        return self.best - self.share * abs(self.best) - TIGHT * max(abs(self.best), 1.0)

    def hopeless(self, ceiling: float) -> bool:
        if ceiling < self.wanted():
            return True
        if len(self.heap) == self.room and ceiling <= self.heap[0][0]:
            self.overflowed = True
            return True
        return False

    def keep(self, value: float, chosen: tuple[int, ...]) -> None:
        if self.hopeless(value):
            return
        self.best = max(self.best, value)
        heappush(self.heap, (value, tuple(-j for j in chosen)))  # of equals, first positions stay
        if len(self.heap) > self.room:
            self.overflowed = True
            heappop(self.heap)

    def explore(self, chosen: tuple[int, ...], left: NDArray[np.int64]) -> None:
        open_ = self.begun(chosen, left)  # a list, not calls: sets may be of any size
        while open_:
            following = self.following(open_[-1])
            if following is None:
                open_.pop()
            else:
                open_ += self.begun(*following)

    def begun(self, chosen: tuple[int, ...], left: NDArray[np.int64]) -> list[_Branch]:
        if time.perf_counter() > self.until:
            raise TimeoutError
        look = self.question.look(chosen, left)
        if look is None:
            return []
        if look.answers:
            self.keep(look.value, chosen)
        order = np.lexsort((look.left, -look.promise))
        return [_Branch(chosen, look.value, look.left[order], look.promise[order])]

    def following(self, branch: _Branch) -> tuple[tuple[int, ...], NDArray[np.int64]] | None:
        left, promise = branch.left[branch.at :], branch.promise[branch.at :]
        if not len(left):
            return None
        more = self.question.most(branch.chosen, left, promise)
        if self.hopeless(branch.value + more) or not self.question.possible(branch.chosen, left):
            return None
        branch.at += 1
        return tuple(sorted((*branch.chosen, int(left[0])))), left[1:]


def best_sets(
    question: Question,
    start: tuple[tuple[int, ...], NDArray[np.int64]],
    *,
    share: float,
    most: int,
    time_limit_s: float,
    known: float = -np.inf,
) -> Sets:
    """
    Return all answers worth `share` (0-1) less than the best at most, the `most` best of them.

    `start` is (positions chosen whatever happens, positions [left] that may be added); `known` is
    the value of some answer. Stopped by `time_limit_s` seconds or Ctrl-C, what was found is kept,
    and it is told that there may be more.
    """
    search = _Search(question, share, most + 1, time.perf_counter() + time_limit_s, known)
    stopped = False
    try:
        search.explore(*start)
    except (TimeoutError, KeyboardInterrupt):
        stopped = True
    found = [(v, tuple(-j for j in c)) for v, c in search.heap if v >= search.wanted()]
    found = sorted(found, key=lambda pair: (-pair[0], pair[1]))
    # Once the heap is full, all that is worth more than its least is in it.
    cut = search.overflowed or len(found) > most
    low = search.heap[0][0] if cut else -np.inf
    complete = not stopped and (not cut or low < search.wanted())
    above = np.nan if stopped else max(low, search.wanted())
    return Sets(found[:most], search.best, complete, float(above))
