"""Team orienteering with time windows: which places, by which route, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.analysis.clock import Clock
from territory.analysis.routing.orienteering_problem import asked as checked
from territory.analysis.routing.orienteering_problem import whole_number
from territory.analysis.routing.orienteering_small import FEW, among_few
from territory.analysis.routing.week_problem import RoutingOutcome
from territory.errors import WrongUsage
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from territory.analysis.routing.orienteering_problem import Asked, Route


def team_orienteering(  # noqa: PLR0913 - the contract
    travel: ArrayLike,
    prize: ArrayLike,
    service: ArrayLike,
    opens: ArrayLike,
    closes: ArrayLike,
    n_routes: int,
    *,
    start: int = 0,
    end: int = 0,
    time_limit_s: float = 10.0,
    seed: int = 0,
    iterations: int | None = None,
    progress: Callable[[float, float], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> RoutingOutcome:
    """
    Choose the places that `n_routes` routes visit, each at most once, for the most prize.

    Whole numbers, one unit of time: `travel` [n, n] from row to column (no triangle inequality
    asked), `prize`, `service`, `opens`, `closes` [n]: service starts between the last two. A route
    leaves `start` at opens[start], without service there, and is at `end` by closes[end]; both are
    left out of the routes, of which some may be empty (not walked). Ends as « optimal » when
    proved, else « time_up ».

    With `iterations` the clock is left aside: the same input, seed and iterations give the same
    routes. `progress(share done, prize)` is told now and then; the search ends at once with its
    best when `stop()` says so. Raises WrongUsage for a request that makes no sense.

    Annealed large neighbourhoods and a choice among all routes met; for one route, labels guided
    by a Lagrangian bound, which may prove it (Righini & Salani 2009). See the modules.
    """
    clock = Clock(_seconds(time_limit_s))
    request = checked(travel, prize, service, opens, closes, n_routes, (start, end))
    seed = whole_number(seed, "La graine du hasard")
    if iterations is not None:
        iterations = whole_number(iterations, "Le nombre d’essais")
    routes, proved = _answer(request, clock, seed, (iterations, stop, progress))
    ending = Ending.OPTIMAL if proved else Ending.TIME_UP
    shown = _in_order(routes, request.n_routes)
    return RoutingOutcome(shown, float(request.worth(shown)), ending, clock.spent_s)


def _answer(
    request: Asked,
    clock: Clock,
    seed: int,
    ways: tuple[int | None, Callable[[], bool] | None, Callable[[float, float], None] | None],
) -> tuple[tuple[Route, ...], bool]:
    """Return routes and whether they are proved the best."""
    if request.n_routes == 0 or request.most == 0:
        return (), True
    if len(request.place) <= FEW:
        return among_few(request, 60.0 if ways[0] is not None else clock.left_s, seed)
    from territory.analysis.routing import orienteering_search as search  # noqa: PLC0415 - numba

    found = search.searched(request, search.Limits(clock, *ways), seed)
    return found.routes, found.proved


def _in_order(routes: tuple[Route, ...], n_routes: int) -> tuple[Route, ...]:
    """Return `routes` in the order of their places, the empty ones last."""
    walked = sorted(tuple(map(int, route)) for route in routes if route)
    return (*walked, *[()] * (n_routes - len(walked)))


def _seconds(given: float) -> float:
    if not given >= 0:
        raise WrongUsage("La durée du calcul doit être un nombre de secondes, 0 ou plus.")
    return float(given)
