"""Judging a week: another team is free, nowhere else, and met no more often than is wanted."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from territory.planning.checker_facts import marked, named
from territory.planning.records import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from territory.model.week_results import Session, Stop
    from territory.planning.checker_facts import Facts
    from territory.planning.records import Agent

SHARED = ("maraude", "tour_de_rue", "visite_partenaire")  # kinds that count as joint outings


def joint_faults(facts: Facts) -> Iterator[str]:
    """Yield a sentence for each rule of joint outings that the plan breaks."""
    partners = {p.code: p for p in facts.sources.partners}
    met: dict[str, list[Session]] = defaultdict(list)
    for session in facts.outings:
        if len(session.partners) > 1:
            yield f"{named(session)} : plus d’une équipe partenaire."
        for code in session.partners:
            if code not in partners:
                yield f"{named(session)} : {code} n’est pas une équipe partenaire."
                continue
            met[code].append(session)
            yield from (f"{named(session)} : {f}." for f in _with(partners[code], session, facts))
    for code, sessions in sorted(met.items()):
        yield from _elsewhere(code, facts)
        yield from _often(code, sessions, facts)


def _with(partner: Agent, session: Session, facts: Facts) -> Iterator[str]:
    held = slice(session.start_min, session.end_min)
    if not _offered(partner, session, facts)[held].all():
        yield f"{partner.code} n’est pas disponible sur tout ce créneau"
    if marked(facts.sources.away(partner.code, session.on))[held].any():
        yield f"{partner.code} est absent"
    for stop in session.stops:
        communes = _communes(stop, facts)
        if partner.communes and communes and not communes & partner.communes:
            yield f"« {stop.name} » hors des communes de {partner.code}"


def _offered(partner: Agent, session: Session, facts: Facts) -> NDArray[np.bool_]:
    """Return the minutes [1440] when a partner said, or one of the team did, that it can come."""
    offered = np.zeros(DAY_MIN, bool)
    for slot in facts.sources.slots:
        if slot.kind != "disponible" or not slot.applies(session.on, facts.sources.calendar):
            continue
        ours = slot.agent in session.agents and partner.code in slot.partners
        if ours or slot.agent == partner.code:
            offered |= marked([(slot.start_min, slot.end_min)])
    return offered


def _communes(stop: Stop, facts: Facts) -> frozenset[str]:
    """Return the commune of a stop: of its place, else of its zone; none when nobody knows."""
    place, zone = facts.places.get(stop.place_id or ""), facts.zones.get(stop.zone_id or "")
    known = place.commune if place is not None else None
    if known is None and zone is not None:
        known = zone.commune_code
    return frozenset({known} if known else ())


def _elsewhere(code: str, facts: Facts) -> Iterator[str]:
    there = [s for s in facts.plan.sessions if code in {*s.agents, *s.partners}]
    for a, b in combinations(there, 2):
        if a.fixed and b.fixed:
            continue
        if a.on == b.on and a.start_min < b.end_min and b.start_min < a.end_min:
            yield f"{code} à deux endroits à la fois : {named(a)} et {named(b)}."


def _often(code: str, made: Sequence[Session], facts: Facts) -> Iterator[str]:
    wanted, apart = facts.week.joint_week, facts.week.joint_apart_weeks
    fixed = [s for s in facts.plan.sessions if s.fixed and s.kind in SHARED]
    held = sum(code in {*s.agents, *s.partners} for s in fixed)
    if len(made) + held > wanted:
        yield f"{code} : {len(made) + held} sorties communes, {wanted} au plus."
    monday = facts.days[0]
    first, last = monday - timedelta(weeks=apart - 1), monday + timedelta(weeks=apart)
    near = [on for on, who in facts.met if code in who and first <= on < last]
    if any(on < monday or on > facts.days[-1] for on in near):
        yield f"{code} : une autre sortie commune à moins de {apart} semaines."
