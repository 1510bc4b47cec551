"""Judging a week: each leg can be walked, or ridden, in the time and the metres that are told."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from territory.planning.checker_facts import BUS_WALK_M, named
from territory.planning.explain import kilometres

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from territory.model.week_results import Session, Stop
    from territory.planning.checker_facts import Facts


def leg_faults(facts: Facts) -> Iterator[str]:
    """Yield a sentence for each leg of an outing that asks for more than it is given."""
    for session in facts.outings:
        if session.stops:
            faults = [*_order(session), *_legs(session, facts), *_back(session, facts)]
            yield from (f"{named(session)} : {fault}." for fault in faults)


def _order(session: Session) -> Iterator[str]:
    for stop in session.stops:
        if stop.leave_min < stop.arrive_min:
            yield f"l’arrêt n° {stop.order} finit avant de commencer"
    first, last = session.stops[0], session.stops[-1]
    if first.arrive_min < session.start_min or last.leave_min > session.end_min:
        yield "un arrêt hors des heures de la sortie"


def _legs(session: Session, facts: Facts) -> Iterator[str]:
    start = (f"p:{session.place_id}",) if session.place_id else ()
    points = [start, *map(facts.points_of, session.stops)]
    leaves = [session.start_min, *(s.leave_min for s in session.stops)]
    slow = facts.slowness(session.agents)
    before: list[Stop | None] = [None, *session.stops]
    for n, stop in enumerate(session.stops):
        given = stop.arrive_min - leaves[n]
        moment = session.on, leaves[n]
        choices = facts.ways.choices(points[n], points[n + 1], slow, moment)
        if choices is None:
            choices = [_told(before[n], stop, slow, facts)]
        in_time = [metres for minutes, metres in choices if minutes <= given]
        if not in_time:
            yield _impossible(n + 1, given, stop, choices)
        elif min(in_time) > stop.walk_m + 1:
            told = f"{kilometres(stop.walk_m)} au lieu de {kilometres(min(in_time))}"
            yield f"trajet n° {n + 1} plus long que ce qui est dit ({told})"


def _impossible(number: int, given: int, stop: Stop, choices: Sequence[tuple[int, int]]) -> str:
    """Say that a leg takes longer than it is given; by bus, how long at that very minute."""
    needs = min((minutes for minutes, _ in choices), default=None)
    told = f"trajet n° {number} impossible en {given} min"
    return told if not stop.ride or needs is None else f"{told}, il en faut {needs} à cette heure"


def _told(before: Stop | None, stop: Stop, slow: float, facts: Facts) -> tuple[int, int]:
    """Return (minutes, metres) by what the plan says, never less than in a straight line."""
    if before is None:
        return _at_least(stop.walk_m, slow, facts), stop.walk_m
    straight = math.dist((before.x, before.y), (stop.x, stop.y))
    ridden = facts.week.bus_from_m is not None and straight >= 0.5 * facts.week.bus_from_m
    metres = stop.walk_m if ridden else math.floor(max(stop.walk_m, straight))
    return _at_least(metres, slow, facts), metres


def _at_least(metres: float, slow: float, facts: Facts) -> int:
    """Return the fewest minutes for `metres` on foot; exactly those of a bus may be ridden."""
    if facts.week.bus_from_m is not None and round(metres) == BUS_WALK_M:
        return 0
    pace = facts.settings.walk.speed_kmh * 1000 / 60
    return math.floor((metres - 1) / pace * slow)


def _back(session: Session, facts: Facts) -> Iterator[str]:
    """Judge the way back, whose end a session does not tell, by its metres."""
    tours = sum(_toured(stop, session, facts) for stop in session.stops)
    metres = session.walk_m - tours - sum(s.walk_m for s in session.stops)
    given = session.end_min - session.stops[-1].leave_min
    if metres < -1:
        yield "marche de la sortie plus courte que celle de ses trajets"
    elif _at_least(metres, facts.slowness(session.agents), facts) > given:
        yield f"trajet n° {len(session.stops) + 1} impossible en {given} min"


def _toured(stop: Stop, session: Session, facts: Facts) -> float:
    """Return the metres patrolled at a stop: the longest drawn tour that it can be."""
    if facts.tours is None or not stop.streets:
        return 0.0
    tours, lasts_s = facts.tours, 60 * (stop.leave_min - stop.arrive_min)
    same = (tours["zone_id"] == stop.zone_id) & (tours["seconds"] <= lasts_s)
    same &= tours["streets"] == "|".join(stop.streets)
    own = same & (tours["half_day"] == session.half_day)
    same = own if own.any() else same  # one of the morning may be walked at noon
    return float(tours.loc[same, "length_m"].max()) if same.any() else 0.0
