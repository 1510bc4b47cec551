"""The stages of a p-median: a good choice, a bound, then the proof on what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.median_bound import FREE, OPEN, SHUT, Ground, climb
from territory.analysis.siting.median_branch import Branching
from territory.analysis.siting.median_model import covering, prove, rings
from territory.analysis.siting.median_problem import Answer, reduced
from territory.analysis.siting.median_search import Search
from territory.model.results import Ending

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.siting.median_bound import Priced
    from territory.analysis.siting.median_problem import Asked

WORK = 1e8  # table entries read by the first kicks: about 0.3 s
KICKS, A_SITE = 100, 5  # at most, at first: in all, and a candidate
CLIMB = 800  # rounds of the first climb
AGAIN = 8  # kicks among the candidates that are left
FEW_RINGS = 2000  # a model that HiGHS solves at once


def anywhere(request: Asked, until: float, seed: int) -> Answer:
    """Answer a request without capacities until the time `until`, or Ctrl-C."""
    problem = reduced(request)
    search = Search(problem, until=until, seed=seed)
    ending = searched(search)
    sites = () if search.sites is None else tuple(sorted(problem.candidates[search.sites].tolist()))
    return Answer(sites, search.bound, ending)


def searched(search: Search) -> Ending:
    """Search, bound and prove until the clock ends or Ctrl-C; say how it ended."""
    try:
        ending = _serving(search)
        if ending is Ending.IMPOSSIBLE:
            return ending
        if search.sites is not None and not search.proved:
            _prove(search)
    except KeyboardInterrupt:
        return Ending.TIME_UP
    return Ending.OPTIMAL if search.proved else Ending.TIME_UP


def _serving(search: Search) -> Ending:
    """Find a good choice, and if none serves everybody, one that does or the proof of none."""
    table = search.table
    if not np.isfinite(search.problem.table).any(axis=0).all():
        return Ending.IMPOSSIBLE
    most = min(KICKS, A_SITE * len(table))
    search.wander(int(np.clip(WORK / (3 * table.size), 8, most)))
    if search.sites is not None:
        return Ending.OPTIMAL
    return covering(search)


def _prove(search: Search) -> None:
    problem = search.problem
    every = np.arange(len(problem.table))
    ground = Ground.of(problem.table, every, problem.p)
    state = np.where(every < problem.fixed, OPEN, FREE).astype(np.int8)
    at = climb(search, ground, state, ground.first_prices(), CLIMB)
    search.raise_bound(at.best.bound)
    search.settle(np.sort(at.best.chosen).astype(np.int32))
    keep = np.flatnonzero(at.best.fixed(state, search.goal) != SHUT)
    search.open_to = keep.astype(np.int32)
    search.wander(AGAIN)
    state = at.best.fixed(state, search.goal)[keep]
    if not search.proved and not search.late:
        _finish(search, Ground.of(problem.table, keep, problem.p), state, at.best)


def _finish(search: Search, ground: Ground, state: NDArray[np.int8], best: Priced) -> None:
    """Prove on what is left: HiGHS when it is little, else branch and bound."""
    drawn = rings(ground, best.prices + search.goal - best.bound, FEW_RINGS)
    if drawn is None:

        def settle(chosen: NDArray[np.int64]) -> bool:
            search.settle(np.sort(ground.names[chosen]).astype(np.int32))
            return True

        Branching(search, ground, settle, settle).run(state, best.prices)
    else:
        prove(search, ground, drawn, state)
