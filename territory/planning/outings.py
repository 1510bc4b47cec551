"""From the routes of a plan to the outings a team reads: stops with hours, walks and reasons."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from territory.analysis.routing.week_judge import timetable
from territory.model.week_results import Session, Stop
from territory.planning import explain
from territory.planning.announcements import announcement
from territory.planning.legs import on_streets
from territory.planning.punctual import goings, on_time, taken
from territory.planning.team_windows import ANYWHERE
from territory.planning.yield_values import mode_of, slot_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.analysis.routing.week_problem import Walked
    from territory.model.results import Gap
    from territory.planning.calendar import Appointment
    from territory.planning.visit_options import DoorOpen
    from territory.planning.walks import Walks, Way
    from territory.planning.week_scene import WeekScene

STREET_KIND = "tour_de_rue"
MARAUDE, VISITS = "maraude", "visite_partenaire"


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of an outing, with its hours in minutes after midnight."""

    node: int
    door: DoorOpen
    arrive_min: int
    leave_min: int


@dataclass(frozen=True, slots=True)
class Leg:
    """Going to a stop: minutes, metres walked, the way on foot (None: by bus), what to take."""

    minutes: int
    metres: int
    way: Way | None
    words: str


def outing(
    route: int,
    walked: Walked,
    scene: WeekScene,
    coming: Sequence[Appointment],
    walks: Walks,
    least_min: int,
) -> Session:
    """
    Return the session of one route of a plan; `coming` are the permanences it may announce.

    The round in the streets lasts longer when the outing would be shorter than `least_min` minutes
    and the window allows it. Raises what `walks.path` does when there is no way (NoAnswer).
    """
    visits = timed_visits(route, walked, scene, least_min)
    window = scene.windows[route]
    legs = _legs(route, visits, scene, walks)
    start, end = visits[0].arrive_min - legs[0].minutes, visits[-1].leave_min + legs[-1].minutes
    zone = _main_zone(visits)
    nearby = announcement(visits, window.on, end, coming, walks)
    streets = any(v.door.option.place is None for v in visits)
    return Session(
        session_id="",
        on=window.on,
        half_day=window.half_day,
        kind=MARAUDE if streets else VISITS,
        agents=window.agents,
        start_min=start,
        end_min=end,
        title=_title(visits, zone.name if zone else "", streets=streets),
        place_id=window.start_id.removeprefix("p:") or None,
        zone_id=zone.zone_id if zone else None,
        stops=_stops(route, visits, legs, nearby, scene, walks),
        path=_path(visits, legs),
        streets=_street_names(visits, legs),
        walk_m=sum(leg.metres for leg in legs) + round(sum(map(_patrolled_m, visits))),
        reason=_reason(zone, visits, explain.to_announce(nearby)),
        fixed=False,
        announce=nearby[:1].upper() + nearby[1:],
        bring=_to_bring(visits, nearby),
        partners=window.partners,
        ride_back=legs[-1].words,
    )  # fmt: skip


def timed_visits(route: int, walked: Walked, scene: WeekScene, least_min: int) -> tuple[Visit, ...]:
    """
    Return the visits of a route with their hours: later where the bus is, if doors allow it.

    The streets are walked longer when the outing is short.
    """
    starts = timetable(scene.problem, route, walked).starts
    made = tuple(
        Visit(v, scene.doors[v], s, s + scene.doors[v].option.service_min)
        for v, s in zip(walked.visits, starts, strict=True)
    )
    lasts = (
        made[-1].leave_min
        + _minutes(route, made[-1], None, scene)
        - (made[0].arrive_min - _minutes(route, None, made[0], scene))
    )
    for more in range(max(least_min - lasts, 0), 0, -5):
        longer = _lengthened(route, made, more, scene)
        if longer is not None:
            return on_time(route, longer, scene)
    return on_time(route, made, scene)


def _minutes(route: int, a: Visit | None, b: Visit | None, scene: WeekScene) -> int:
    w = scene.problem.windows
    tail = scene.problem.visits.point[a.node] if a else w.start[route]
    head = scene.problem.visits.point[b.node] if b else w.end[route]
    return int(scene.problem.legs.minutes[w.pace[route], tail, head])


def _lengthened(
    route: int, made: tuple[Visit, ...], more: int, scene: WeekScene
) -> tuple[Visit, ...] | None:
    """Return the visits with `more` minutes in the streets, None when the rest does not hold."""
    where = next((k for k, v in enumerate(made) if v.door.option.place is None), None)
    if where is None:
        return None
    found = list(made[:where])
    for k in range(where, len(made)):
        v = made[k]
        lasting = v.leave_min - v.arrive_min + (more if k == where else 0)
        ready = v.arrive_min
        if k > where:
            ready = max(found[-1].leave_min + _minutes(route, made[k - 1], v, scene), v.arrive_min)
        if ready > int(scene.problem.visits.latest[v.node]):
            return None
        found.append(Visit(v.node, v.door, ready, ready + lasting))
    end = found[-1].leave_min + _minutes(route, found[-1], None, scene)
    return tuple(found) if end <= int(scene.problem.windows.finish[route]) else None


def _legs(route: int, visits: Sequence[Visit], scene: WeekScene, walks: Walks) -> tuple[Leg, ...]:
    """Return the legs of an outing, the way back included."""
    found = []
    for leg, made in zip(goings(route, visits, scene), taken(route, visits, scene), strict=True):
        way = None if ANYWHERE in {leg.a, leg.b} else walks.path(leg.a, leg.b)
        on_foot = way is not None and abs(way.length_m - made.metres) <= 1 + 0.01 * made.metres
        found.append(Leg(made.minutes, made.metres, way if on_foot else None, made.words))
    return tuple(found)


def _main_zone(visits: Sequence[Visit]) -> Gap | None:
    """Return the zone of the streets walked, else that of the most valuable visit."""
    ordered = sorted(visits, key=lambda v: (v.door.option.place is not None,
                                            -v.door.option.people, v.node))  # fmt: skip
    return next((v.door.option.zone for v in ordered if v.door.option.zone is not None), None)


def _to_bring(visits: Sequence[Visit], nearby: str) -> tuple[str, ...]:
    """Return what to carry: leaflets, what says when and where to come, a stand on a market."""
    things = ["dépliants de l’équipe"]
    things += ["cartes ou affichettes de la permanence annoncée"] if nearby else []
    kinds = {v.door.option.place.kind for v in visits if v.door.option.place is not None}
    things += ["kakémono, si l’équipe en a un"] if "marche" in kinds else []
    return tuple(things)


def _title(visits: Sequence[Visit], zone: str, *, streets: bool) -> str:
    if streets:
        return f"Maraude : {zone}"
    names = [v.door.option.place.name for v in visits if v.door.option.place is not None]
    rest = f" et {len(names) - 1} autres" if len(names) > 2 else ""  # noqa: PLR2004 - two are named
    return f"Visites : {names[0] + rest if rest else explain.listed(names)}"


def _reason(zone: Gap | None, visits: Sequence[Visit], nearby: str) -> str:
    if zone is None:
        return " ".join(filter(None, [explain.places_only(len(visits)), nearby]))
    return explain.zone_reason(zone, nearby)


def _stops(
    route: int,
    visits: Sequence[Visit],
    legs: Sequence[Leg],
    nearby: str,
    scene: WeekScene,
    walks: Walks,
) -> tuple[Stop, ...]:
    return tuple(
        _stop(
            n, visit, leg, _where(visit, (leg, legs[n]), walks), _told(visit, route, nearby, scene)
        )
        for n, (visit, leg) in enumerate(zip(visits, legs, strict=False), 1)
    )


def _stop(
    order: int, visit: Visit, leg: Leg, at: tuple[float, float], told: tuple[float, str]
) -> Stop:
    option, span = visit.door.option, visit.door.span
    place, zone, tour = option.place, option.zone, option.tour
    return Stop(
        order=order,
        place_id=place.place_id if place else None,
        name=place.name if place else f"Tour de rue : {zone.name if zone else ''}",
        kind=place.kind if place else STREET_KIND,
        arrive_min=visit.arrive_min,
        leave_min=visit.leave_min,
        walk_m=leg.metres,
        walk_s=60 * leg.minutes,
        x=at[0],
        y=at[1],
        closes_min=span[1] if place and span else None,
        reason=told[1],
        value=told[0],
        zone_id=zone.zone_id if zone else None,
        streets=tour.streets if tour else (),
        ride=leg.words,
    )


def _told(visit: Visit, route: int, nearby: str, scene: WeekScene) -> tuple[float, str]:
    """Return people expected at a visit, and why it is there, with what was learned of it."""
    people, window = float(scene.people[visit.node, route]), scene.windows[route]
    reason, place = _stop_reason(visit, nearby), visit.door.option.place
    if place is None or scene.yields is None:
        return people, reason
    slot = slot_of(window.on, window.half_day)
    return people, f"{reason} {scene.yields.words[place.place_id, slot, mode_of(window.agents)]}"


def _stop_reason(visit: Visit, nearby: str) -> str:
    option, place = visit.door.option, visit.door.option.place
    if place is None:
        drawn = option.tour is not None
        return explain.street_reason(option.target, explain.to_announce(nearby), drawn=drawn)
    doubt = place.hours_doubt
    told = explain.old_card(place.age_months) if doubt is None else doubt
    near = None if option.zone is None else round(option.near_min)
    return explain.place_reason(place.kind, near, visit.door.span, told)


def _where(visit: Visit, legs: tuple[Leg, Leg], walks: Walks) -> tuple[float, float]:
    """Return where a stop is: its place, else an end of the walk to it or from it; metres."""
    place = visit.door.option.place
    if place is not None and place.x is not None and place.y is not None:
        return float(place.x), float(place.y)
    tour = visit.door.option.tour
    if tour is not None:
        x, y = tour.line.coords[0]
        return float(x), float(y)
    before, after = (leg.way for leg in legs)
    if before is not None:
        point = before.coords[-1]
    else:  # reached by bus, or from nobody knows where
        name = on_streets(visit.door.option.point_id)
        point = (after or walks.path(name, name)).coords[0]
    return float(point[0]), float(point[1])


def _path(visits: Sequence[Visit], legs: Sequence[Leg]) -> tuple[tuple[float, float], ...]:
    """Return the whole walk, the tours of streets included; metres, metric CRS."""
    points: list[tuple[float, float]] = []
    for n, leg in enumerate(legs):
        points += [] if leg.way is None else [(float(x), float(y)) for x, y in leg.way.coords]
        tour = visits[n].door.option.tour if n < len(visits) else None
        points += [] if tour is None else [(float(x), float(y)) for x, y in tour.line.coords]
    return tuple(points[:1]) + tuple(b for a, b in pairwise(points) if a != b)


def _street_names(visits: Sequence[Visit], legs: Sequence[Leg]) -> tuple[str, ...]:
    names: list[str] = []
    for n, leg in enumerate(legs):
        names += [] if leg.way is None else map(str, filter(None, leg.way.streets))
        tour = visits[n].door.option.tour if n < len(visits) else None
        names += [] if tour is None else tour.streets
    return tuple(b for a, b in pairwise(["", *filter(None, names)]) if a != b)


def _patrolled_m(visit: Visit) -> float:
    tour = visit.door.option.tour
    return 0.0 if tour is None else float(tour.length_m)
