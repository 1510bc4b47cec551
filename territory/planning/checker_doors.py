"""Judging a week: places and zones that may be visited, when, how long and how often."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from territory.model.closures import closed_on
from territory.model.open_days import spans_on
from territory.planning.checker_facts import minutes_of, named, tours_of
from territory.planning.explain import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from territory.model.week_results import Session, Stop
    from territory.planning.checker_facts import Facts
    from territory.planning.records import Place

UNKNOWN = "horaires à vérifier"
PAIR = 2
HALF_WORDS = {"matin": "matin", "apres-midi": "après-midi"}


def door_faults(facts: Facts) -> Iterator[str]:
    """Yield a sentence for each stop that a place, a zone or a rule forbids."""
    for session in facts.outings:
        if not session.stops:
            yield f"{named(session)} : aucun arrêt."
        for stop in session.stops:
            faults = [*_zone(session, stop, facts)]
            faults += _street(stop, facts) if stop.place_id is None else _at(session, stop, facts)
            yield from (f"{named(session)} : {fault}." for fault in faults)
    yield from _once_a_week(facts)
    yield from _kinds(facts)
    yield from _apart(facts)


def _at(session: Session, stop: Stop, facts: Facts) -> Iterator[str]:
    place = facts.places.get(stop.place_id or "")
    if place is None or not place.welcomes or place.place_id in facts.effects.avoided:
        yield f"arrêt n° {stop.order} dans un lieu qui n’accueille pas de maraude"
        return
    if stop.leave_min - stop.arrive_min < facts.week.visit_min:
        yield f"visite de « {stop.name} » plus courte que {facts.week.visit_min} min"
    yield from _open(place, session, stop, facts)
    if _for_two(place, facts) and len(set(session.agents)) != PAIR:
        yield f"« {stop.name} » ne se visite qu’à deux"
    yield from _communes(session, stop, place.commune, facts)


def _for_two(place: Place, facts: Facts) -> bool:
    return place.kind in facts.week.pair_kinds or place.place_id in facts.effects.pair_only


def _open(place: Place, session: Session, stop: Stop, facts: Facts) -> Iterator[str]:
    if closed_on(place.closures, session.on):
        yield f"« {stop.name} » est en fermeture temporaire ce jour-là"
        return
    spans = spans_on(place.hours, place.closures, session.on, facts.sources.calendar)
    if spans is None:
        if stop.closes_min is not None or UNKNOWN not in stop.reason:
            yield f"horaires inconnus de « {stop.name} » sans que l’arrêt le dise"
        return
    holds = [end for start, end in spans if start <= stop.arrive_min and stop.leave_min <= end]
    if not holds:
        hours = f"{clock(stop.arrive_min)} à {clock(stop.leave_min)}"
        yield f"« {stop.name} » n’est pas ouvert de {hours}"
    elif stop.closes_min not in holds:
        yield f"heure de fermeture de « {stop.name} » mal dite"


def _street(stop: Stop, facts: Facts) -> Iterator[str]:
    tours = tours_of(stop, facts.tours)
    if stop.streets and facts.tours is not None and not tours:
        yield f"arrêt n° {stop.order} : tour de rue inconnu"
        return
    least = min((minutes for _, minutes in tours), default=facts.week.street_min)
    if stop.leave_min - stop.arrive_min < least:
        yield f"« {stop.name} » plus court que {least} min"


def _zone(session: Session, stop: Stop, facts: Facts) -> Iterator[str]:
    shut = facts.effects.shut.get(stop.zone_id or "")
    if shut is not None and session.on < shut.until:
        yield f"la zone de « {stop.name} » est fermée à cette date"
    zone = facts.zones.get(stop.zone_id or "")
    if facts.zones and stop.zone_id is not None and zone is None:
        yield f"la zone de « {stop.name} » n’existe pas"
    if zone is not None and (stop.place_id is None or _commune(stop, facts) is None):
        yield from _communes(session, stop, zone.commune_code, facts)


def _commune(stop: Stop, facts: Facts) -> str | None:
    place = facts.places.get(stop.place_id or "")
    return None if place is None else place.commune


def _communes(session: Session, stop: Stop, commune: str | None, facts: Facts) -> Iterator[str]:
    for agent in (facts.team[a] for a in session.agents if a in facts.team):
        if commune is not None and agent.communes and commune not in agent.communes:
            yield f"« {stop.name} » hors des communes de {agent.code}"


def _once_a_week(facts: Facts) -> Iterator[str]:
    seen: dict[tuple[str, str], list[str]] = defaultdict(list)
    for session in facts.outings:
        for stop in session.stops:
            kind = "zone" if stop.place_id is None else "lieu"
            seen[kind, stop.place_id or stop.zone_id or ""].append(stop.name)
    for (kind, key), names in sorted(seen.items()):
        if len(names) > 1 and kind == "zone":
            yield f"les rues de la zone {key} sont parcourues plus d’une fois."
        elif len(names) > 1:
            yield f"« {names[0]} » est visité plus d’une fois."


def _kinds(facts: Facts) -> Iterator[str]:
    """Yield a sentence for each kind of place visited more often than the settings allow."""
    visited = [s.place_id or "" for session in facts.outings for s in session.stops]
    made = Counter(facts.places[p].kind for p in visited if p in facts.places)
    for kind, most in sorted(facts.week.kind_most.items()):
        if made[kind] > most:
            yield f"{made[kind]} visites de lieux du type « {kind} », {most} au plus."


def _apart(facts: Facts) -> Iterator[str]:
    """Two outings in one zone are days apart; one team a day goes there."""
    seen: dict[str, list[Session]] = defaultdict(list)
    for session in facts.outings:
        for zone in {s.zone_id for s in session.stops if s.zone_id is not None}:
            seen[zone].append(session)
    for zone, sessions in sorted(seen.items()):
        ordered = sorted(sessions, key=lambda s: (s.on, s.start_min, s.agents))
        for a, b in pairwise(ordered):
            if a.on == b.on:
                yield f"la zone {zone} reçoit deux sorties le même jour : {named(b)}."
            elif (b.on - a.on).days < facts.week.spacing_days:
                days = f"{(b.on - a.on).days} au lieu de {facts.week.spacing_days} jours"
                yield f"la zone {zone} reçoit deux sorties trop proches ({days}) : {named(b)}."


def tour_faults(facts: Facts) -> Iterator[str]:
    """Yield a sentence for each tour walked in another half-day than the one it is drawn for."""
    if facts.tours is None:
        return
    lunch = minutes_of(facts.week.lunch_start), minutes_of(facts.week.lunch_end)
    for session in facts.outings:
        for stop in session.stops:
            rows = facts.tours[facts.tours["zone_id"] == stop.zone_id]
            halves = set(rows["half_day"][rows["streets"] == "|".join(stop.streets)])
            fits = {h for h in halves if _in_half(stop, h, lunch)}
            if stop.place_id is None and halves and not fits:
                words = " ou ".join(HALF_WORDS.get(h, h) for h in sorted(halves))
                yield f"{named(session)} : tour de rue prévu pour un {words}."


def _in_half(stop: Stop, half: str, lunch: tuple[int, int]) -> bool:
    return stop.arrive_min <= lunch[1] if half == "matin" else stop.arrive_min >= lunch[0]
