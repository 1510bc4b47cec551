"""
The drawn week given to PyVRP, in pieces between appointments, with lunch in two ways.

PyVRP knows no break (its issues 352 and 415): a lunch that must be visited, and appointments bound
to a mediator, kept it from any feasible plan in most weeks. In pieces, nothing has to be visited.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from routing_weeks_town import BASE, LUNCH, WALK_MAX_M, answer_of, free_of

from territory.analysis.routing.week_problem import Walked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from routing_weeks_town import Answer, Copy, Town, Window

DAY_MIN = 1440
PRIZE = 10  # of a prize, in minutes: 3 and 30 find less in ten seconds
NOON = 750  # lunch at the base in a day without appointment
EATEN = 60  # prize of a lunch: more than the visit that would take its time
Part = tuple[int, int, int, int]  # from where, to where, from when, until when


@dataclass(slots=True)
class _Week:
    """What is given to PyVRP: visits, of what they are, and vehicles with the piece of each."""

    clients: list[Any] = field(default_factory=list)
    stops: list[tuple[int, int]] = field(default_factory=list)  # copies, and lunch (`_ways`)
    vehicles: list[Any] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)  # the window of each vehicle


def lunch_at_base(drawn: Town, limit_s: float) -> Answer | None:
    """Cut each window in two at noon, lunch being at the base or at the appointment beside."""
    return _planned(drawn, limit_s, folded=False)


def lunch_with_a_visit(drawn: Town, limit_s: float) -> Answer | None:
    """Give visits with lunch before or after them too, worth more, one a day: lunch anywhere."""
    return _planned(drawn, limit_s, folded=True)


def _planned(drawn: Town, limit_s: float, *, folded: bool) -> Answer | None:
    """Return the best feasible plan, None for none."""
    from pyvrp import ClientGroup, Depot, Location, ProblemData, solve
    from pyvrp.stop import MaxRuntime

    used = free_of(drawn)
    ends = sorted({p for w, _ in used for p in (w.start, w.end, BASE)})
    week = _Week()
    places = sorted({c.place for c in drawn.copies})
    free = {w.day for w, eats in used if eats and _beside(w) is None} if folded else set()
    for k, copy in enumerate(drawn.copies):
        _visits(week, drawn, k, places.index(copy.place), copy.day in free)
    for k, (w, eats) in enumerate(used):
        _vehicles(week, k, w, ends, eats=eats, folded=folded)
    groups = [ClientGroup([], required=False) for _ in places]
    for c, client in enumerate(week.clients):
        groups[client.group].add_client(c)
    data = ProblemData(
        [Location(float(x), float(y)) for x, y in drawn.xy], week.clients,
        [Depot(point) for point in ends], week.vehicles, [drawn.metres.astype(np.int64)],
        [drawn.minutes.astype(np.int64)], groups,
    )  # fmt: skip
    best = solve(data, MaxRuntime(limit_s), seed=0, display=False, collect_stats=False).best
    if not best.is_feasible():
        return None
    made: list[list[tuple[int, int]]] = [[] for _ in used]
    halves: list[int | None] = [None] * len(used)
    for route in sorted(best.routes(), key=lambda r: r.start_time()):
        k = week.parts[route.vehicle_type()]
        made[k] += [week.stops[x.idx] for x in route.schedule() if x.is_client()]
        if _until_lunch(week.vehicles[route.vehicle_type()], used[k][0]):
            halves[k] = len(made[k])
    walked = [_walk(stops, half, eats)
              for stops, half, (_, eats) in zip(made, halves, used, strict=True)]  # fmt: skip
    return answer_of(drawn, [w for w, _ in used], walked)


def _walk(stops: list[tuple[int, int]], half: int | None, eats: bool) -> Walked:  # noqa: FBT001
    """Return the visits of a window, lunch where it was: with a visit, or between the halves."""
    with_lunch = [k + how - 1 for k, (_, how) in enumerate(stops) if how]
    lunch = with_lunch[0] if with_lunch else half or 0
    return Walked(tuple(copy for copy, _ in stops), lunch if eats else -1)


def _until_lunch(vehicle: Any, window: Window) -> bool:  # noqa: ANN401
    return bool(vehicle.tw_late < window.day * DAY_MIN + window.finish)


def _visits(week: _Week, drawn: Town, k: int, group: int, eaten: bool) -> None:  # noqa: FBT001
    """Add the visit of copy `k`, alone and, when lunch may be `eaten` there, with it."""
    from pyvrp import Client

    copy = drawn.copies[k]
    stay, prize = int(drawn.service[copy.place]), int(drawn.prize[copy.place])
    for how, opens, latest in _ways(copy, stay) if eaten else [(0, copy.opens, copy.latest)]:
        week.clients.append(Client(
            copy.place, delivery=[min(how, 1)], service_duration=stay + LUNCH[2] * bool(how),
            tw_early=copy.day * DAY_MIN + opens, tw_late=copy.day * DAY_MIN + latest,
            prize=(prize + EATEN * bool(how)) * PRIZE, required=False, group=group,
        ))  # fmt: skip
        week.stops.append((k, how))


def _ways(copy: Copy, stay: int) -> Iterator[tuple[int, int, int]]:
    """Yield how a visit goes (0 without lunch, 1 lunch before it, 2 after it), and its hours."""
    yield 0, copy.opens, copy.latest
    first, last, lasts = LUNCH
    for how, opens, latest in (
        (1, max(first, copy.opens - lasts), min(last, copy.latest - lasts)),
        (2, max(copy.opens, first - stay), min(copy.latest, last - stay)),
    ):
        if opens <= latest:
            yield how, opens, latest


def _vehicles(week: _Week, k: int, w: Window, ends: list[int], *, eats: bool, folded: bool) -> None:
    """Add the vehicles of window `k`: one, or two around a lunch at the base."""
    from pyvrp import VehicleType

    parts, may_eat = [(w.start, w.end, w.begin, w.finish)], 0
    if eats:
        beside = _beside(w)
        may_eat = int(folded and beside is None)
        halves = [(w.start, BASE, w.begin, NOON), (BASE, w.end, NOON + LUNCH[2], w.finish)]
        parts = parts if may_eat else [beside] if beside else halves
    for start, end, begin, finish in parts:
        at = w.day * DAY_MIN
        week.parts.append(k)
        week.vehicles.append(VehicleType(
            1, capacity=[may_eat], start_depot=ends.index(start), end_depot=ends.index(end),
            tw_early=at + begin, tw_late=at + finish, max_distance=WALK_MAX_M,
            unit_distance_cost=0, unit_duration_cost=1,
        ))  # fmt: skip


def _beside(w: Window) -> Part | None:
    """Return what is left when lunch is at the appointment where a window begins or ends."""
    first, last, lasts = LUNCH
    if w.start != BASE and w.begin <= last:
        return w.start, w.end, max(w.begin, first) + lasts, w.finish
    if w.end != BASE and w.finish - lasts >= first:
        return w.start, w.end, w.begin, min(w.finish - lasts, last)
    return None
