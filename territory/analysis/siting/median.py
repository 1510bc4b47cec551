"""The p sites nearest to people on the whole: p-median, with a proven bound."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.median_bound import FREE, OPEN, SHUT, Ground, climb
from territory.analysis.siting.median_branch import Branching
from territory.analysis.siting.median_model import covering, prove, rings
from territory.analysis.siting.median_problem import Asked, asked, reduced
from territory.analysis.siting.median_search import Search
from territory.errors import WrongUsage
from territory.model.results import Ending, SiteOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from territory.analysis.siting.median_bound import Priced

WORK = 1e8  # table entries read by the first kicks: about 0.3 s
CLIMB = 800  # rounds of the first climb
AGAIN = 8  # kicks among the candidates that are left
FEW_RINGS = 2000  # a model that HiGHS solves at once


def p_median(  # noqa: PLR0913 - the contract of the siting problems
    weights: ArrayLike,
    cost: ArrayLike,
    p: int,
    *,
    fixed: Sequence[int] = (),
    forbidden: Sequence[int] = (),
    capacity: ArrayLike | None = None,
    time_limit_s: float = 60.0,
    seed: int = 0,
) -> SiteOutcome:
    """
    Choose `p` candidates (the `fixed` ones included) with least sum of weight x cost (Hakimi 1964).

    `weights` [demand]; `cost` [demand, candidates], inf = that assignment is not allowed; `fixed`
    and `forbidden` are candidate positions. The bound is a proven lower one. Ends as « impossible »
    when no choice serves every demand of positive weight (proved), « optimal » when no choice is
    better by more than 1e-9 of the objective, else « time_up » after `time_limit_s` seconds or
    Ctrl-C, with the best choice so far (none: no sites, an infinite objective). Raises WrongUsage
    for a request that makes no sense.

    Interchange (Whitaker 1983) with kicks, Lagrangian bound (volume algorithm), sites fixed by
    their reduced costs, then branch and bound, or HiGHS on the radius model when little is left.
    """
    began = time.perf_counter()
    if capacity is not None:
        raise WrongUsage("Les capacités ne sont pas encore prises en compte.")
    request = asked(weights, cost, p, fixed, forbidden)
    until = began + _seconds(time_limit_s)
    if not request.possible:
        return _outcome(request, (), np.inf, Ending.IMPOSSIBLE, began)
    problem = reduced(request)
    if not problem.table.shape[1]:
        spare = [j for j in range(request.cost.shape[1]) if j not in request.forbidden]
        chosen = sorted(request.fixed) + [j for j in spare if j not in request.fixed]
        return _outcome(request, tuple(sorted(chosen[:p])), 0.0, Ending.OPTIMAL, began)
    search = Search(problem, until=until, seed=seed)
    ending = searched(search)
    sites = () if search.sites is None else tuple(sorted(problem.candidates[search.sites].tolist()))
    bound = np.inf if ending is Ending.IMPOSSIBLE else search.bound
    return _outcome(request, sites, bound, ending, began)


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
    search.wander(int(np.clip(WORK / (3 * table.size), 8, 100)))
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
        Branching(search, ground).run(state, best.prices)
    else:
        prove(search, ground, drawn, state)


def _seconds(given: float) -> float:
    if not given >= 0:
        raise WrongUsage("La durée de recherche doit être un nombre de secondes, positif ou nul.")
    return float(given)


def _outcome(
    request: Asked, chosen: tuple[int, ...], bound: float, ending: Ending, began: float
) -> SiteOutcome:
    objective, assignment = request.objective(chosen)
    if ending is Ending.IMPOSSIBLE:
        objective, assignment = np.inf, (-1,) * len(request.weights)
    bound = min(bound, objective)
    return SiteOutcome(chosen, objective, bound, ending, assignment, time.perf_counter() - began)
