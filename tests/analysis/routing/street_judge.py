"""Slow, obvious judges of a tour of streets: all walks one by one, and a walk told back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.analysis.routing.street_tour import ANYWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from territory.analysis.routing.street_problem import StreetProblem
    from territory.analysis.routing.street_tour import StreetTour

State = tuple[int, int, tuple[int, ...], frozenset[int]]


def best_value(problem: StreetProblem) -> float | None:
    """Return the most that any walk collects, second by second; None: the end is out of reach."""
    first: State = (problem.start, 0, (0,) * len(problem.tail), frozenset())
    seen, todo, best = {first}, [first], None
    while todo:
        state = todo.pop()
        if problem.end in {ANYWHERE, state[0]}:
            best = max(best or 0.0, _worth(problem, state))
        for following in _followers(problem, state):
            if following not in seen and following[1] <= problem.budget_s:
                seen.add(following)
                todo.append(following)
    return best


def _worth(problem: StreetProblem, state: State) -> float:
    streets = sum(
        value * (0.0, 1.0, 1.0 + problem.second)[times]
        for value, times in zip(problem.value.tolist(), state[2], strict=True)
    )
    return streets + sum(float(problem.stops.value[stop]) for stop in state[3])


def _followers(problem: StreetProblem, state: State) -> Iterator[State]:
    """Yield what may come next: a segment gone through or patrolled, a second's wait, a stop."""
    at, now, walked, made = state
    for s, ends in enumerate(zip(problem.tail.tolist(), problem.head.tolist(), strict=True)):
        for a, b in {ends, ends[::-1]}:
            if a == at:
                yield b, now + int(problem.seconds[s]), walked, made
                more = (*walked[:s], min(walked[s] + 1, 2), *walked[s + 1 :])
                yield b, now + int(problem.patrol_s[s]), more, made
    stops = problem.stops
    for stop in range(len(stops.node)):
        if stop not in made and stops.node[stop] == at:
            begun = max(now, int(stops.opens_s[stop]))
            if begun <= stops.latest_s[stop]:
                yield at, begun + int(stops.service_s[stop]), walked, made | {stop}


def faults(problem: StreetProblem, tour: StreetTour) -> list[str]:
    """Return what is wrong in a tour, walked again pass by pass (the price of turns left out)."""
    found, at, now = [], problem.start, 0.0
    times = [0] * len(problem.tail)
    for k, (segment, forward, patrolled) in enumerate(tour.passes):
        now = _after_stops(problem, tour, (k, at, now), found)
        ends = [int(problem.tail[segment]), int(problem.head[segment])]
        a, b = ends if forward else ends[::-1]
        if a != at or tour.nodes[k : k + 2] != (a, b):
            found.append(f"pass {k} starts elsewhere")
        at, times[segment] = b, times[segment] + patrolled
        now += float((problem.patrol_s if patrolled else problem.seconds)[segment])
    now = _after_stops(problem, tour, (len(tour.passes), at, now), found)
    made = frozenset(halt.stop for halt in tour.halts)
    value = _worth(problem, (at, 0, tuple(min(t, 2) for t in times), made))
    if problem.end not in {ANYWHERE, at}:
        found.append(f"the tour ends in {at}")
    if now > tour.seconds + 1e-6 or tour.seconds > problem.budget_s + 1e-5:
        found.append(f"{now} seconds are walked, {tour.seconds} told")
    if abs(value - tour.value) > 1e-9 * (1 + value) or value > tour.bound * (1 + 1e-9) + 1e-9:
        found.append(f"worth {value}, told {tour.value}, bound {tour.bound}")
    return found


def _after_stops(
    problem: StreetProblem, tour: StreetTour, here: tuple[int, int, float], found: list[str]
) -> float:
    """Return the second after the stops made here, told (passes before, node, second)."""
    k, at, now = here
    for halt in (h for h in tour.halts if h.after == k):
        stops, stop = problem.stops, halt.stop
        if stops.node[stop] != at or halt.begun_s < now - 1e-6:
            found.append(f"stop {stop} is not there, or not then")
        if not stops.opens_s[stop] - 1e-6 <= halt.begun_s <= stops.latest_s[stop] + 1e-6:
            found.append(f"stop {stop} is closed")
        now = halt.begun_s + float(stops.service_s[stop])
    return now
