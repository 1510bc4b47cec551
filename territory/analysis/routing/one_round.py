"""One walking round: which places, in which order, so that every door is open."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

EXACT_NODES = 12


@dataclass(frozen=True, slots=True)
class RoundProblem:
    """
    A round of n nodes, from node 0 and back: `travel_s` and `travel_m` [n, n], int64.

    `prize` and `service_min` [n] are what a visit brings and how many minutes it lasts; ``spans``
    [n] hold each node's opening spans (open, close), None = hours unknown (always allowed). Times
    of day are minutes after midnight. A visit starts after opening and ends before closing; none
    overlaps ``lunch``. The whole walk, way back included, is `walk_max_m` metres at most.
    """

    travel_s: NDArray[np.int64]
    travel_m: NDArray[np.int64]
    prize: NDArray[np.float64]
    service_min: NDArray[np.int64]
    spans: tuple[tuple[tuple[int, int], ...] | None, ...]
    earliest_min: int
    latest_min: int
    walk_max_m: int
    lunch: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class RoundOutcome:
    """
    Nodes visited in order (the start left out), with start and end of each visit.

    Times are minutes after midnight, `walk_m` metres with the way back, `prize` the sum over the
    nodes visited; `seconds` is how long the search took and `ending` how it ended.
    """

    order: tuple[int, ...]
    arrive_min: tuple[int, ...]
    leave_min: tuple[int, ...]
    walk_m: int
    prize: float
    ending: Ending
    seconds: float


class _State(NamedTuple):
    """A partial round: free again at `free_min` in the last node of `order`."""

    free_min: int
    walk_m: int
    order: tuple[int, ...]
    arrive: tuple[int, ...]
    leave: tuple[int, ...]


def best_round(problem: RoundProblem) -> RoundOutcome:
    """
    Return the round with most prize, then the earliest end, then the fewest metres.

    Exact up to 12 nodes by dynamic programming over subsets (Held and Karp 1962), keeping for each
    (visited, last) the states that no other beats in both time and metres; beyond, only the best
    states of each length are kept and the ending says « time up ». Walking minutes are rounded up.
    When no visit holds, the round is empty; the triangle inequality is not assumed.
    """
    began = time.perf_counter()
    exact = len(problem.prize) <= EXACT_NODES
    home = _State(problem.earliest_min, 0, (), (), ())
    layer, best = [home], home
    while layer:
        home_in_time = [s for s in layer if _holds(problem, s)]
        best = min([best, *home_in_time], key=lambda s: _rank(problem, s))
        grown = _undominated(_grown(problem, layer))
        layer = grown if exact else sorted(grown, key=lambda s: _rank(problem, s))[:200]
    ending = Ending.OPTIMAL if exact else Ending.TIME_UP
    return _outcome(problem, best, ending, time.perf_counter() - began)


def _outcome(problem: RoundProblem, best: _State, ending: Ending, seconds: float) -> RoundOutcome:
    walk_m = _home(problem, best)[1] if best.order else 0
    prize = float(sum(problem.prize[n] for n in sorted(best.order)))
    return RoundOutcome(best.order, best.arrive, best.leave, walk_m, prize, ending, seconds)


def _rank(problem: RoundProblem, state: _State) -> tuple[float, int, int, tuple[int, ...]]:
    prize = float(sum(problem.prize[n] for n in sorted(state.order)))
    return (-prize, *_home(problem, state), state.order)


def _home(problem: RoundProblem, state: _State) -> tuple[int, int]:
    """Return (minute, metres) once back at the start."""
    last = state.order[-1] if state.order else 0
    back = _walk_min(problem, last, 0) if last else 0
    return state.free_min + back, state.walk_m + (int(problem.travel_m[last, 0]) if last else 0)


def _holds(problem: RoundProblem, state: _State) -> bool:
    minute, metres = _home(problem, state)
    return minute <= problem.latest_min and metres <= problem.walk_max_m


def _walk_min(problem: RoundProblem, tail: int, head: int) -> int:
    return -(-int(problem.travel_s[tail, head]) // 60)


def _grown(problem: RoundProblem, layer: list[_State]) -> Iterable[_State]:
    for state in layer:
        for node in range(1, len(problem.prize)):
            longer = None if node in state.order else _visit(problem, state, node)
            if longer is not None:
                yield longer


def _visit(problem: RoundProblem, state: _State, node: int) -> _State | None:
    """
    Return `state` after a visit of `node`, or None when its door or the walk forbid it.

    Whether one can still be home in time is asked here too only of the metres and the visit: with
    no triangle inequality a later node may lie nearer home, so the return is checked at the end.
    """
    last = state.order[-1] if state.order else 0
    start = _opening(problem, node, state.free_min + _walk_min(problem, last, node))
    if start is None:
        return None
    leave = start + int(problem.service_min[node])
    metres = state.walk_m + int(problem.travel_m[last, node])
    if leave > problem.latest_min or metres > problem.walk_max_m:
        return None
    return _State(
        leave, metres, (*state.order, node), (*state.arrive, start), (*state.leave, leave)
    )


def _opening(problem: RoundProblem, node: int, ready: int) -> int | None:
    """Return the first minute from `ready` on at which a whole visit holds, or None."""
    service = int(problem.service_min[node])
    spans = problem.spans[node]
    for opens, closes in sorted(spans) if spans is not None else [(0, problem.latest_min)]:
        start = max(ready, opens)
        if problem.lunch and start < problem.lunch[1] and start + service > problem.lunch[0]:
            start = max(start, problem.lunch[1])
        if start + service <= closes:
            return start
    return None


def _undominated(states: Iterable[_State]) -> list[_State]:
    groups: dict[tuple[frozenset[int], int], list[_State]] = {}
    for state in sorted(states):
        kept = groups.setdefault((frozenset(state.order), state.order[-1]), [])
        if not kept or state.walk_m < kept[-1].walk_m:
            kept.append(state)
    return [state for kept in groups.values() for state in kept]
