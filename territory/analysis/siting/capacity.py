"""The p-median when a site takes only so many people: each demand goes whole to one site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.capacity_bound import Rooms
from territory.analysis.siting.capacity_model import best_assignment
from territory.analysis.siting.capacity_search import RoomSearch
from territory.analysis.siting.median_bound import FREE, OPEN, SHUT, climb
from territory.analysis.siting.median_branch import Branching
from territory.analysis.siting.median_problem import Answer, order_key, snapped, step_of
from territory.model.results import Ending

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.siting.median_problem import Asked

WORK = 1e9  # pairs of clients compared by the first kicks
KICKS = 200  # at most, at first
A_SITE = 5  # kicks a candidate, at most, at first
AGAIN = 5  # kicks at each start that the proof gives
CLIMB = 600  # rounds of the first climb


@dataclass(frozen=True, slots=True)
class Loaded:
    """
    The reduced problem: `rooms`, of which the first `fixed` are kept.

    `candidates` [a] and `demands` [demand] are the positions as asked.
    """

    rooms: Rooms
    fixed: int
    candidates: NDArray[np.int64]
    demands: NDArray[np.int64]


def loaded(request: Asked, room: NDArray[np.float64]) -> Loaded:
    """Return the smallest problem with the same answer; `room` [candidates] as asked."""
    kept = np.setdiff1d(np.arange(request.cost.shape[1]), request.forbidden)
    live = np.flatnonzero(request.weights > 0)
    loads, unit = request.weights[live], step_of(request.weights[None, live]) or 1.0
    room = np.minimum(room[kept], loads.sum())
    table = (request.cost[np.ix_(live, kept)] * loads[:, None]).T
    table[loads > room[:, None]] = np.inf
    held = np.isin(kept, request.fixed)
    order = np.lexsort((room, order_key(table), ~held))
    turn = np.lexsort((order_key(table.T), loads))
    table = snapped(np.ascontiguousarray(table[np.ix_(order, turn)]))
    names = np.arange(len(order))
    rooms = Rooms(names, table, loads[turn] / unit, room[order] / unit, request.p)
    return Loaded(rooms, int(held.sum()), kept[order], live[turn])


def within_rooms(request: Asked, room: NDArray[np.float64], until: float, seed: int) -> Answer:
    """Answer a request with `room` [candidates] until the time `until`, or Ctrl-C."""
    problem = loaded(request, room)
    step = step_of(problem.rooms.table)
    search = RoomSearch(problem.rooms, fixed=problem.fixed, step=step, until=until, seed=seed)
    ending = search_rooms(search)
    if search.sites is None or search.at is None:
        return Answer((), search.bound, ending)
    at = np.full(len(request.weights), -1)
    at[problem.demands] = problem.candidates[search.at]
    sites = tuple(sorted(problem.candidates[search.sites].tolist()))
    return Answer(sites, search.bound, ending, at)


def search_rooms(search: RoomSearch) -> Ending:
    """Search, bound and prove until the clock ends or Ctrl-C; say how it ended."""
    if _too_small(search.rooms, search.fixed):
        return Ending.IMPOSSIBLE
    try:
        ending = _prove(search)
    except KeyboardInterrupt:
        return Ending.TIME_UP
    return Ending.OPTIMAL if search.proved else ending


def _too_small(rooms: Rooms, fixed: int) -> bool:
    """Whether the largest rooms cannot hold everybody, or a client has no site at all."""
    others = np.sort(rooms.room[fixed:])[::-1][: rooms.p - fixed]
    most = float(rooms.room[:fixed].sum() + others.sum())
    if most < float(rooms.loads.sum()) * (1 - 1e-12):
        return True
    return not np.isfinite(rooms.table).any(axis=0).all()


def _prove(search: RoomSearch) -> Ending:
    rooms = search.rooms
    size = rooms.table.shape[1]
    most = min(KICKS, A_SITE * len(rooms.names))
    search.wander(int(np.clip(WORK / (50 * size * size), 8, most)))
    state = np.where(np.arange(len(rooms.names)) < search.fixed, OPEN, FREE).astype(np.int8)
    at = climb(search, rooms, state, rooms.first_prices(), CLIMB)
    search.raise_bound(at.best.bound)
    ending = Ending.TIME_UP
    if np.isinf(search.value) and not search.late:
        ending = best_assignment(search, rooms, state, np.full(size, np.inf))
    if ending is Ending.OPTIMAL:
        search.raise_bound(search.value)
    if np.isfinite(search.value) and not search.proved and not search.late:
        _branch(search, at.best.fixed(state, search.goal), at.best.prices)
    return ending


def _branch(search: RoomSearch, state: NDArray[np.int8], prices: NDArray[np.float64]) -> None:
    keep = np.flatnonzero(state != SHUT)
    search.open_to = keep
    part = search.rooms.part(keep)

    def settle(chosen: NDArray[np.int64]) -> bool:
        search.settle(np.sort(part.names[chosen]))
        search.wander(AGAIN)
        return True

    def decide(chosen: NDArray[np.int64]) -> bool:
        chosen = np.sort(chosen)
        search.settle(part.names[chosen])
        sites, every = part.part(chosen), np.full(len(prices), np.inf)
        ending = best_assignment(search, sites, np.full(len(chosen), OPEN, np.int8), every)
        return ending in {Ending.OPTIMAL, Ending.IMPOSSIBLE}

    Branching(search, part, settle, decide).run(state[keep], prices)
