"""The week of a team: which routes to walk, and what to visit on them, for the most value."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.clock import Clock
from territory.analysis.routing.week_begin import begun
from territory.analysis.routing.week_judge import week_value
from territory.analysis.routing.week_problem import Walked, WeekOutcome
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, TypeAlias

    from territory.analysis.routing.week_arrays import Search
    from territory.analysis.routing.week_problem import Flags, WeekProblem

    Spread: TypeAlias = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]

PIECE_S = 0.1  # between two looks at the clock
FIRST = 20  # iterations of the first piece of a clocked search
PIECES, LEAST = 50, 40  # of a counted search; iterations of one: coming back to Python waits for it


def best_week(  # noqa: PLR0913
    problem: WeekProblem,
    *,
    time_limit_s: float,
    iterations: int | None = None,
    seed: int = 0,
    starts: int = 2,
    begin: Sequence[Walked] | None = None,
    frozen: Flags | None = None,
    progress: Callable[[float, float], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> WeekOutcome:
    """
    Choose the routes of a week and their visits for the most value, by large neighbourhoods.

    `starts` searches with seeds of their own run on as many cores, and the best one answers: for
    `time_limit_s` seconds, or for `iterations` each (no clock then: same problem, seed, starts and
    iterations, same plan). `begin` is a plan to start from; what breaks a rule in it is left out.
    Routes `frozen` [routes] stay as `begin` has them. `progress(done, value)` is told the share
    done (0-1) and the best value; `stop()` true ends the search with the best plan so far, as does
    Ctrl-C. The ending is « optimal » only where nothing can be chosen; no bound is sought (inf).
    """
    held = np.zeros(problem.n_routes, bool) if frozen is None else np.asarray(frozen, bool)
    given = begin or (Walked(),) * problem.n_routes
    plan = begun(problem, given, held)
    hunt = _Hunt(problem, Clock(time_limit_s), plan, week_value(problem, plan), progress, stop)
    if not _choice(problem, held):
        return hunt.outcome(Ending.OPTIMAL)
    hunt.prepare(held, seed, starts)
    with suppress(KeyboardInterrupt):
        hunt.run(iterations)
    return hunt.outcome(Ending.TIME_UP)


def _choice(problem: WeekProblem, frozen: Flags) -> bool:
    """Say whether any visit is allowed in any route that may change."""
    same = problem.visits.day[:, None] == problem.windows.day[None, :]
    return bool((np.isfinite(problem.value) & same & ~frozen[None, :]).any())


@dataclass(slots=True, eq=False)
class _Hunt:
    """The searches of one call, and the best plan of all of them."""

    problem: WeekProblem
    clock: Clock
    plan: tuple[Walked, ...]
    value: float
    progress: Callable[[float, float], None] | None
    stop: Callable[[], bool] | None
    searches: list[Search] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    done: int = 0

    def prepare(self, frozen: Flags, seed: int, starts: int) -> None:
        """Make the searches ready; numba is loaded here, not before."""
        from territory.analysis.routing.week_arrays import search_of  # noqa: PLC0415

        for start in range(max(starts, 1)):
            own = abs(seed) * 1009 + start
            self.searches.append(search_of(self.problem, frozen, self.plan, self.value, own))
        self.sizes = [FIRST] * len(self.searches)

    def run(self, iterations: int | None) -> None:
        """Go on, piece by piece, all searches at the same time."""
        if len(self.searches) == 1:  # many of them run one after the other: no threads for each
            self._run(map, iterations)
            return
        cores = os.cpu_count() or 1
        with ThreadPoolExecutor(min(len(self.searches), cores)) as pool:
            self._run(pool.map, iterations)

    def _run(self, spread: Spread, iterations: int | None) -> None:
        share = 0.0
        while share < 1.0 and not (self.stop is not None and self.stop()):
            share = self._counted(spread, iterations) if iterations else self._clocked(spread)
            self._take_best()
            if self.progress is not None:
                self.progress(share, self.value)

    def _counted(self, spread: Spread, iterations: int) -> float:
        piece = min(max(-(-iterations // PIECES), LEAST), iterations - self.done)
        span = self.done / iterations, (self.done + piece) / iterations
        list(spread(lambda search: search.go(piece, *span), self.searches))
        self.done += piece
        return span[1]

    def _clocked(self, spread: Spread) -> float:
        limit = max(self.clock.limit_s, 1e-9)
        begun_at = min(self.clock.spent_s / limit, 1.0)
        ended_at = min(begun_at + PIECE_S / limit, 1.0)

        def go(k: int) -> int:
            began = time.perf_counter()
            self.searches[k].go(self.sizes[k], begun_at, ended_at)
            rate = self.sizes[k] / max(time.perf_counter() - began, 1e-6)
            return max(1, int(rate * min(PIECE_S, max(self.clock.left_s, 0.005))))

        done = sum(self.sizes)
        self.sizes = list(spread(go, range(len(self.searches))))
        self.done += done
        return min(self.clock.spent_s / limit, 1.0)

    def _take_best(self) -> None:
        best = max(range(len(self.searches)), key=lambda k: (self.searches[k].values[1], -k))
        if self.searches[best].values[1] > self.value:
            self.value = float(self.searches[best].values[1])
            self.plan = self.searches[best].routes

    def outcome(self, ending: Ending) -> WeekOutcome:
        """Return the best plan, valued anew."""
        value = week_value(self.problem, self.plan)
        bound = value if ending is Ending.OPTIMAL else np.inf
        return WeekOutcome(self.plan, value, bound, ending, self.done, self.clock.spent_s)
