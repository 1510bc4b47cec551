"""From appointments and chosen rounds to the sessions of the plan, with their reasons."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from territory.model.week_results import Session, Stop
from territory.planning import explain
from territory.planning.rounds import legs_min, node_ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.planning.calendar import Appointment
    from territory.planning.rounds import Round, Timed
    from territory.planning.spans import Span
    from territory.planning.walks import Walks, Way

ANNOUNCE_DAYS, ANNOUNCE_MIN = 7, 10.0
STREET_KIND = "tour_de_rue"


def fixed_session(one: Appointment, half: str) -> Session:
    """Return the session of a fixed appointment in the half-day `half`, without stops nor walk."""
    return Session(
        session_id="",
        on=one.on,
        half_day=half,
        kind=one.kind,
        agents=one.agents,
        start_min=one.start_min,
        end_min=one.end_min,
        title=one.title,
        place_id=one.place_id,
        zone_id=None,
        stops=(),
        path=(),
        streets=(),
        walk_m=0,
        reason="Rendez-vous déjà fixé, gardé à sa place.",
        fixed=True,
    )


def round_session(made: Round, coming: Sequence[Appointment], walks: Walks) -> Session:
    """
    Return the session of a round; `coming` are the permanences it may announce.

    Its path is metres in the metric CRS of `walks`, way back included. Raises what `walks.path`
    does when there is no way (NoAnswer).
    """
    ids = node_ids(made.zone, made.start_place_id)
    visited = [0, *(t.node for t in made.stops), 0]
    ways = [walks.path(ids[a], ids[b]) for a, b in pairwise(visited)]
    nearby = _announcement(made, coming, walks)
    gap = made.zone.gap
    return Session(
        session_id="",
        on=made.on,
        half_day=made.half_day,
        kind="maraude",
        agents=made.agents,
        start_min=made.start_min,
        end_min=made.end_min,
        title=f"Maraude : {gap.name}",
        place_id=made.start_place_id,
        zone_id=gap.zone_id,
        stops=_stops(made, ids, ways, nearby, walks),
        path=tuple((float(x), float(y)) for way in ways for x, y in way.coords),
        streets=_street_names(ways),
        walk_m=sum(round(way.length_m) for way in ways),
        reason=explain.zone_reason(gap, nearby),
        fixed=False,
    )


def _stops(
    made: Round, ids: Sequence[str], ways: Sequence[Way], nearby: str, walks: Walks
) -> tuple[Stop, ...]:
    legs = legs_min(ids, made.slowness, walks)
    visited = [0, *(t.node for t in made.stops)]
    return tuple(
        _stop(n, timed, made, (way, 60 * int(legs[before, timed.node])), nearby)
        for n, (before, timed, way) in enumerate(zip(visited, made.stops, ways, strict=False), 1)
    )


def _stop(order: int, timed: Timed, made: Round, walked: tuple[Way, int], nearby: str) -> Stop:
    way, walk_s = walked
    zone = made.zone
    place = None if timed.node == 1 else zone.places[timed.node - 2]
    span = _holding(made.spans[timed.node], timed) if place else None
    x, y = way.coords[-1]
    if place is None:
        name, reason = zone.gap.name, explain.street_reason(zone.street_target, nearby)
    else:
        near = round(zone.near_min[place.place_id])
        doubt = (
            explain.old_card(place.age_months) if place.hours_doubt is None else place.hours_doubt
        )
        name, reason = place.name, explain.place_reason(place.kind, near, span, doubt)
    return Stop(
        order=order,
        place_id=place.place_id if place else None,
        name=name if place else f"Tour de rue : {name}",
        kind=place.kind if place else STREET_KIND,
        arrive_min=timed.arrive_min,
        leave_min=timed.leave_min,
        walk_m=round(way.length_m),
        walk_s=walk_s,
        x=float(place.x if place and place.x is not None else x),
        y=float(place.y if place and place.y is not None else y),
        closes_min=span[1] if span else None,
        reason=reason,
    )


def _holding(spans: Sequence[Span] | None, timed: Timed) -> Span | None:
    visit = timed.arrive_min, timed.leave_min
    return next((s for s in spans or () if s[0] <= visit[0] and visit[1] <= s[1]), None)


def _street_names(ways: Sequence[Way]) -> tuple[str, ...]:
    names = [str(name) for way in ways for name in way.streets if name]
    return tuple(b for a, b in pairwise(["", *names]) if a != b)


def _announcement(made: Round, coming: Sequence[Appointment], walks: Walks) -> str:
    """Return the sentence of the first permanence near the street stop in the next seven days."""
    soon = [
        a
        for a in coming
        if 0 <= (a.on - made.on).days <= ANNOUNCE_DAYS
        and (a.on > made.on or a.start_min >= made.end_min)
    ]
    if not soon:
        return ""
    ids = sorted({f"p:{a.place_id}" for a in soon})
    row = np.asarray(walks.minutes([made.zone.street_id], ids), dtype=float)[0]
    minutes = dict(zip(ids, row.tolist(), strict=True))
    near = [a for a in soon if minutes[f"p:{a.place_id}"] <= ANNOUNCE_MIN]
    if not near:
        return ""
    first = min(near, key=lambda a: (a.on, a.start_min, a.place_id or ""))
    walk = round(minutes[f"p:{first.place_id}"])
    return explain.announce(first.on, first.start_min, first.place_name, walk)
