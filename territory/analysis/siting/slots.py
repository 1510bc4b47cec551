"""Which places, on which half-days: the best choice found, and how far from the best it may be."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.clock import Clock
from territory.analysis.siting.slot_bound import Bounds
from territory.analysis.siting.slot_branch import Branching
from territory.analysis.siting.slot_problem import attendance, broken, checked, rules_of
from territory.analysis.siting.slot_search import as_loops, search
from territory.model.results import Ending
from territory.model.site_results import SlotOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

    from territory.analysis.siting.slot_problem import Rules, SlotProblem
    from territory.analysis.siting.slot_search import Loops

FIRST_ROUNDS, NEXT_ROUNDS = 4, 40  # descents before the bound, and after it
EXACT = 1e-6  # of the bound: as near as linear programmes are solved


def best_slots(
    problem: SlotProblem,
    *,
    time_limit_s: float = 20.0,
    gap: float = 0.01,
    seed: int = 0,
    start: Sequence[int] = (),
) -> SlotOutcome:
    """
    Choose the places and half-days that receive most people a week, with a proven bound.

    Search first (descents by additions, removals and swaps), then a linear programme of cuts that
    bounds every choice, the search again among the options that its reduced costs leave, then
    branch and bound with cuts in every branch, until `gap` (0-1, share of the bound) is reached:
    « within_gap ». It is « optimal » when a millionth is left between choice and bound, « time_up »
    when `time_limit_s` seconds or Ctrl-C came first, « impossible » when no choice keeps limits,
    guarantees and the least attendance: the answer then misses as few as was found. `start` is
    a known choice (positions). Same seed, same answer, unless time ran out. Raises WrongUsage when
    arrays make no sense.
    """
    hunt = _Hunt(checked(problem), rules_of(problem), Clock(time_limit_s))
    if (problem.fixed & problem.forbidden).any() or hunt.limits_broken(problem.fixed):
        return hunt.outcome(Ending.IMPOSSIBLE)
    if not problem.pull.nnz:
        return hunt.outcome(Ending.IMPOSSIBLE if hunt.missed else Ending.OPTIMAL)
    try:
        ending = _hunted(hunt, gap, seed, np.isin(np.arange(problem.options), list(start)))
    except KeyboardInterrupt:
        ending = Ending.TIME_UP
    return hunt.outcome(ending)


@dataclass(slots=True, eq=False)
class _Hunt:
    """The best choice so far and the lowest bound so far."""

    problem: SlotProblem
    rules: Rules
    clock: Clock
    best: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    value: float = -np.inf
    missed: int = 0
    bound: float = np.inf

    def __post_init__(self) -> None:
        self.bound = float(self.problem.weights.sum())
        self.missed = len(self.rules.low) + 1
        self.told(np.flatnonzero(self.problem.fixed))

    def limits_broken(self, inside: NDArray[np.bool_]) -> bool:
        return broken(self.rules, np.flatnonzero(inside))[0]

    def told(self, chosen: NDArray[np.int64]) -> float:
        """Keep `chosen` when it is better; return what the best feasible one brings."""
        over, missed = broken(self.rules, chosen)
        found = attendance(_asked(self.problem), chosen)
        missed += found.short
        if not over and (missed, -found.total) < (self.missed, -self.value):
            self.best, self.value, self.missed = chosen, found.total, missed
        return self.feasible

    @property
    def feasible(self) -> float:
        return self.value if self.missed == 0 else -np.inf

    def outcome(self, ending: Ending) -> SlotOutcome:
        found = attendance(self.problem, self.best)
        bound = max(self.bound, found.total)
        if ending is not Ending.IMPOSSIBLE and bound - found.total <= EXACT * bound:
            ending = Ending.OPTIMAL if self.missed == 0 else ending
        coming, served = (tuple(map(float, v)) for v in (found.coming, found.served))
        chosen = tuple(int(k) for k in self.best)
        return SlotOutcome(chosen, found.total, bound, ending, coming, served, self.missed,
                           self.clock.spent)  # fmt: skip


def _hunted(hunt: _Hunt, gap: float, seed: int, start: NDArray[np.bool_]) -> Ending:
    problem, random = hunt.problem, np.random.default_rng(abs(seed))
    loops = as_loops(problem, hunt.rules)
    held = (problem.present | problem.fixed) & ~problem.forbidden
    _searched(hunt, loops, [problem.fixed, held, start | problem.fixed], random, FIRST_ROUNDS)
    bounds = Bounds(problem, hunt.rules, seed=seed)
    known = np.isin(np.arange(problem.options), hunt.best).astype(float)
    relaxed = bounds.relax(known, hunt.clock.part(0.6))
    if relaxed is None:
        return Ending.TIME_UP if hunt.clock.up else Ending.IMPOSSIBLE
    hunt.bound = min(hunt.bound, relaxed.bound)
    left = np.abs(relaxed.reduced) <= relaxed.bound - hunt.feasible
    near = replace(loops, usable=loops.usable & left)
    _searched(hunt, near, [_rounded(hunt, relaxed.taken)], random, NEXT_ROUNDS)
    bound = Branching(bounds, hunt.told, hunt.feasible, gap, hunt.clock).run(relaxed)
    if bound == -np.inf:
        return Ending.IMPOSSIBLE
    hunt.bound = min(hunt.bound, bound)
    close = hunt.missed == 0 and hunt.bound - hunt.value <= (gap + EXACT) * hunt.bound
    return Ending.WITHIN_GAP if close else Ending.TIME_UP


def _searched(
    hunt: _Hunt, loops: Loops, starts: list[NDArray[np.bool_]], random: Generator, rounds: int
) -> None:
    fitting = [s for s in starts if not hunt.limits_broken(s)]
    known = np.isin(np.arange(len(loops.fixed)), hunt.best)
    found, _ = search(loops, [known, *fitting], hunt.clock.part(0.3), random, rounds)
    hunt.told(np.flatnonzero(found))


def _rounded(hunt: _Hunt, taken: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return the options most taken by the linear programme, one by one while limits hold."""
    inside = hunt.problem.fixed.copy()
    for option in np.argsort(-taken, kind="stable"):
        if taken[option] < 0.05:  # noqa: PLR2004 - hardly taken
            break
        inside[option] = True
        if hunt.limits_broken(inside):
            inside[option] = hunt.problem.fixed[option]
    return inside


def _asked(problem: SlotProblem) -> SlotProblem:
    """Ask no least attendance of what must be chosen: few or many, it is."""
    return replace(problem, least=np.where(problem.fixed, 0.0, problem.least))
