"""The p sites nearest to people on the whole: p-median, with a proven bound."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.median_problem import Answer, asked, capacities, whole_number
from territory.errors import WrongUsage
from territory.model.results import Ending, SiteOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from territory.analysis.siting.median_problem import Asked


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
    and `forbidden` are candidate positions; `capacity`, one number or [candidates], is the weight
    a site can take, each demand going whole to one site (Osman, Christofides 1994). The bound is a
    proven lower one. Ends as « impossible » when no choice serves every demand of positive weight
    (proved), « optimal » when no choice is better by more than 1e-9 of the objective, else
    « time_up » after `time_limit_s` seconds or Ctrl-C, with the best choice so far (none: no sites,
    an infinite objective). Raises WrongUsage for a request that makes no sense.

    Interchange (Whitaker 1983) with kicks, Lagrangian bound (volume algorithm), sites fixed by
    their reduced costs, then branch and bound, or HiGHS on the radius model when little is left.
    """
    began = time.perf_counter()
    request = asked(weights, cost, p, fixed, forbidden)
    room = None if capacity is None else capacities(capacity, request.cost.shape[1])
    until = began + _seconds(time_limit_s)
    seed = whole_number(seed, "La graine du hasard")
    if not request.possible:
        found = Answer((), np.inf, Ending.IMPOSSIBLE)
    elif not request.weights.any():
        found = Answer(_any_sites(request), 0.0, Ending.OPTIMAL)
    elif p == 0:
        found = Answer((), np.inf, Ending.IMPOSSIBLE)
    else:
        found = _searched(request, room, until, seed)
    return _outcome(request, found, began)


def _any_sites(request: Asked) -> tuple[int, ...]:
    """Return the fixed sites and the first others: nobody is to be served."""
    spare = set(range(request.cost.shape[1])) - set(request.forbidden) - set(request.fixed)
    others = sorted(spare)[: request.p - len(request.fixed)]
    return tuple(sorted([*request.fixed, *others]))


def _searched(request: Asked, room: NDArray[np.float64] | None, until: float, seed: int) -> Answer:
    from territory.analysis.siting.capacity import within_rooms  # noqa: PLC0415 - loads numba
    from territory.analysis.siting.median_stages import anywhere  # noqa: PLC0415 - the same

    if room is None:
        return anywhere(request, until, seed)
    return within_rooms(request, room, until, seed)


def _seconds(given: float) -> float:
    if not given >= 0:
        raise WrongUsage("La durée de recherche doit être un nombre de secondes, positif ou nul.")
    return float(given)


def _outcome(request: Asked, found: Answer, began: float) -> SiteOutcome:
    objective, assignment = np.inf, np.full(len(request.weights), -1)
    bound = np.inf if found.ending is Ending.IMPOSSIBLE else found.bound
    if found.ending is not Ending.IMPOSSIBLE and (found.chosen or not request.p):
        objective, assignment = request.served(found.chosen, found.at)
    at = tuple(int(j) for j in assignment)
    seconds = time.perf_counter() - began
    return SiteOutcome(found.chosen, objective, min(bound, objective), found.ending, at, seconds)
