"""
One tour of streets: which to walk, in which order and direction, for the most value in a time.

A profitable arc tour on an undirected graph (Feillet, Dejax and Gendreau 2005, "The profitable arc
tour problem"; with a limit of time: Archetti et al. 2010, "The undirected capacitated arc routing
problem with profits"): exact on few items, searched on many, always beside a bound.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.clock import Clock
from territory.analysis.routing.street_ground import SLACK_S, ground_of
from territory.analysis.routing.street_problem import (
    ANYWHERE,
    NO_STOPS,
    StreetProblem,
    StreetStops,
    Turns,
    refuse_nonsense,
)
from territory.analysis.routing.street_walk import StreetTour, told
from territory.model.results import Ending

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from territory.analysis.routing.street_ground import Ground
    from territory.analysis.routing.street_kernel import Scene

__all__ = ["ANYWHERE", "StreetStops", "StreetTour", "Turns", "street_tour"]

EXACT_ITEMS = 15
_CHUNK, _STARTS = (
    50,
    3,
)  # iterations between two looks at the clock; searches made, one after the other
_ALIKE = 1e-9  # of the best value: below, two values are the same
_HOT = 0.5  # usual values of an item that annealing gives up at first
_SECOND_PRICE = 1e-4  # of all value for the whole time: among equals, the shorter tour


def street_tour(  # noqa: PLR0913 - the streets, what they bring, and what the walk is allowed
    tail: ArrayLike,
    head: ArrayLike,
    seconds: ArrayLike,
    value: ArrayLike,
    *,
    start: int,
    budget_s: float,
    end: int | None = None,
    patrol_s: ArrayLike | None = None,
    second: float = 0.0,
    stops: StreetStops | None = None,
    turns: Turns | None = None,
    time_limit_s: float = 2.0,
    iterations: int | None = None,
    seed: int = 0,
) -> StreetTour:
    """
    Return the tour of most value from `start` to `end` (None: back, ANYWHERE) in `budget_s`.

    `tail`, `head` [segments] are nodes 0..n-1; parallel segments, loops and dead ends are welcome.
    `seconds` [segments] are those to go through; walked in `patrol_s` (None: the same) a segment
    brings its `value` [segments] once, `second` of it (0-1) for a second time, then nothing.
    `stops` and `turns`: see there. Exact when 15 items or fewer are in reach (segments of value,
    their second sides, stops); beyond, the best found in `time_limit_s` seconds of search or in
    `iterations` (then the same for a seed whatever the clock), OPTIMAL only when the bound is met.
    IMPOSSIBLE: the end is out of reach. Raises WrongUsage, UnknownNode (French).
    """
    tails, heads = np.asarray(tail, np.int64), np.asarray(head, np.int64)
    through = np.asarray(seconds, float)
    walked = through if patrol_s is None else np.asarray(patrol_s, float)
    doors, goal = stops or NO_STOPS, start if end is None else end
    n = 1 + max([start, goal, *(int(part.max(initial=0)) for part in (tails, heads, doors.node))])
    problem = StreetProblem(
        n, tails, heads, through, walked, np.asarray(value, float), start, goal, float(budget_s),
        second, doors, turns,
    )  # fmt: skip
    refuse_nonsense(problem)
    clock = Clock(time_limit_s)
    ground = ground_of(problem)
    if ground is None:
        return StreetTour((), (), (), 0.0, 0.0, 0.0, Ending.IMPOSSIBLE, 0, clock.spent_s)
    if len(ground.items.a) <= EXACT_ITEMS:
        order, made = _exactly(problem, ground), 0
        tour = told(problem, ground, order, proved=True)
    else:
        order, made = _searched(problem, ground, clock, iterations, seed)
        tour = told(problem, ground, order, proved=False)
    return replace(tour, iterations=made, search_s=clock.spent_s)


def _scene(problem: StreetProblem, ground: Ground) -> Scene:
    from territory.analysis.routing.street_kernel import Scene  # noqa: PLC0415 - loads numba

    items = ground.items
    # gone through by the tour anyway, a street costs what patrolling adds to that, less two turns
    through = np.diagonal(ground.leg)[:-2:2]  # from its one end to the other
    turn = 0.0 if problem.turns is None else 4.0 * problem.turns.price_s
    waits = bool((items.opens > 0).any())  # an item may come in while one waits at a door
    least = np.full(len(items.a), -np.inf) if waits else items.service - through - turn
    parts = np.stack([items.value, items.service, items.opens, items.latest, least], axis=1)
    return Scene(ground.leg, parts, problem.budget_s)


def _exactly(problem: StreetProblem, ground: Ground) -> list[int]:
    """Return the codes of the best tour, then the shortest, among all sets of items."""
    from territory.analysis.routing.street_kernel import exact  # noqa: PLC0415 - loads numba

    n = len(ground.items.a)
    if n == 0:
        return []
    earliest, before = np.full((1 << n, 2 * n), np.inf), np.full((1 << n, 2 * n), -1)
    exact(_scene(problem, ground), earliest, before)
    ends = earliest + ground.leg[:-2, -1]
    soonest = ends.min(axis=1)
    soonest[0] = ground.leg[-2, -1]
    worth = (np.arange(1 << n)[:, None] >> np.arange(n) & 1) @ ground.items.value
    worth[soonest > problem.budget_s + SLACK_S] = -1.0
    alike = np.flatnonzero(worth >= worth.max() * (1 - _ALIKE))
    subset = int(alike[np.argmin(soonest[alike])])
    code, order = int(np.argmin(ends[subset])), []
    while subset:
        order.append(code)
        subset, code = subset ^ (1 << (code >> 1)), int(before[subset, code])
    return order[::-1]


def _searched(
    problem: StreetProblem, ground: Ground, clock: Clock, iterations: int | None, seed: int
) -> tuple[list[int], int]:
    """Return the codes of the best tour found, and the iterations made."""
    from territory.analysis.routing.street_kernel import improve, no_trip  # noqa: PLC0415 - numba

    n, value = len(ground.items.a), ground.items.value
    scene = _scene(problem, ground)
    now, trial, best = no_trip(n), no_trip(n), no_trip(n)
    sizes, worths = np.zeros(2, np.int64), np.zeros(2)
    room = np.empty((2, n)), np.empty((2, n), np.int64)
    state = np.random.default_rng(seed).integers(1, 2147483646, 1)
    first = _nearest_first(scene)
    for trip in (now, best):
        trip.order[: len(first)] = first
        trip.inside[np.array(first, np.int64) >> 1] = True
    sizes[:], worths[:] = len(first), value[np.array(first, np.int64) >> 1].sum()
    price = _SECOND_PRICE * float(value.sum()) / max(problem.budget_s, 1.0)
    hot = _HOT * float(np.median(value))
    made, start, most = 0, 0, np.inf if iterations is None else iterations
    while made < most and sizes[1] < n:
        share = clock.spent_s / clock.limit_s if iterations is None else made / iterations
        if iterations is None and made and share >= 1:
            break
        if int(share * _STARTS) > start:  # from nothing, the last time from the best
            start = int(share * _STARTS)
            sizes[0], worths[0] = (sizes[1], worths[1]) if start == _STARTS - 1 else (0, 0.0)
            now.order[:] = best.order
            now.inside[:] = best.inside & (sizes[0] > 0)
        count = int(min(_CHUNK, most - made))
        heat = hot * max(1.0 - share * _STARTS % 1.0, 0.0) ** 2
        plan = np.array([count, heat, price])
        improve(scene, now, trial, best, sizes, worths, state, plan, *room)
        made += count
    return best.order[: sizes[1]].tolist(), made


def _nearest_first(scene: Scene) -> list[int]:
    """Return the codes of a plain tour: always the best value to time from where one stands."""
    order: list[int] = []
    value, service, opens, latest, _ = np.repeat(scene.items, 2, axis=0).T
    left, at, now = np.ones(len(value), bool), len(scene.leg) - 2, 0.0
    while True:
        begun = np.maximum(now + scene.leg[at, :-2], opens)
        free = begun + service
        held = left & (begun <= latest) & (free + scene.leg[:-2, -1] <= scene.budget)
        if not held.any():
            return order
        at = int(np.argmax(np.where(held, value / (free - now + SLACK_S), -1.0)))
        order.append(at)
        left[[at, at ^ 1]] = False
        now = float(free[at])
