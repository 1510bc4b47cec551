"""Judging a week: shifts, lunch, one place at a time, and the limits of each worker."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from territory.planning.checker_facts import marked, named
from territory.planning.explain import day_words, kilometres
from territory.planning.rule_effects import NO_WALK
from territory.planning.sources import spans_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from territory.model.week_results import Session
    from territory.planning.checker_facts import Facts
    from territory.planning.spans import Span

COUNTED = ("maraude", "tour_de_rue")  # appointments that count as outings
PAIR = 2


def people_faults(facts: Facts) -> Iterator[str]:
    """Yield a sentence for each rule that the plan breaks for somebody."""
    for session in facts.outings:
        yield from (f"{named(session)} : {fault}." for fault in _team(session, facts))
    days: dict[tuple[str, date], list[Session]] = defaultdict(list)
    for session in facts.plan.sessions:
        for agent in sorted(set(session.agents)):
            days[agent, session.on].append(session)
    for (agent, on), sessions in sorted(days.items()):
        held = sorted(sessions, key=lambda s: (s.start_min, s.end_min, s.title))
        yield from _together(agent, held, facts)
        yield from _transfers(agent, held, facts)
        yield from _lunch(agent, on, held, facts)
        yield from _walk(agent, on, held, facts)
    yield from _quotas(facts)
    yield from _pairs(facts)


def _team(session: Session, facts: Facts) -> Iterator[str]:
    if not 1 <= len(session.agents) <= PAIR or len(set(session.agents)) < len(session.agents):
        yield "ni une personne seule ni un binôme"
    if session.on not in facts.days:
        yield "hors de la semaine"
    if facts.sources.calendar.holiday(session.on):
        yield "jour férié"
    lasts = session.end_min - session.start_min
    if not 0 < lasts <= facts.week.maraude_max_min:
        yield f"durée de {lasts} min, au-dessus de {facts.week.maraude_max_min} min"
    for agent in session.agents:
        yield from _shift(agent, session, facts)


def _shift(agent: str, session: Session, facts: Facts) -> Iterator[str]:
    if agent not in facts.team:
        yield f"{agent} n’est pas dans l’équipe"
        return
    held, on = slice(session.start_min, session.end_min), session.on
    if not facts.worked(agent, on)[held].all() or session.end_min > len(facts.worked(agent, on)):
        yield f"{agent} ne travaille pas sur tout ce créneau"
    if marked(facts.sources.away(agent, on))[held].any():
        yield f"{agent} est absent"
    calm = spans_of(NO_WALK, agent, on, facts.sources.slots, facts.sources.calendar)
    if marked(calm)[held].any():
        yield f"{agent} ne fait pas de maraude à cette heure"


def _together(agent: str, held: Sequence[Session], facts: Facts) -> Iterator[str]:
    for a, b in combinations(held, 2):
        if b.start_min >= a.end_min or b.end_min <= a.start_min:
            continue
        both = f"{named(a)} et {named(b)}"
        if not (a.fixed and b.fixed):
            yield f"{agent} à deux endroits à la fois : {both}."
        elif not any(_says(w, agent, (a, b)) for w in facts.plan.warnings):
            yield f"{agent} à deux endroits à la fois sans que le plan le dise : {both}."


def _says(warning: str, agent: str, both: tuple[Session, Session]) -> bool:
    words = [f"{agent} a deux rendez-vous", day_words(both[0].on), *(s.title for s in both)]
    return all(word in warning for word in words)


def _transfers(agent: str, held: Sequence[Session], facts: Facts) -> Iterator[str]:
    """Nobody is asked to be somewhere before they can have come from where they were.

    Of two appointments at once (`_together` wants them told), one must be in reach.
    """
    for a, b in combinations(held, 2):
        if (a.fixed and b.fixed) or b.start_min < a.end_min:
            continue
        late = _late(agent, a, b, facts)
        others = _instead(a, b, held)
        if late and all(_late(agent, *pair, facts) for pair in others):
            yield from late


def _instead(a: Session, b: Session, held: Sequence[Session]) -> list[tuple[Session, Session]]:
    """Return the same two with an appointment held at the time of the one that is fixed."""
    fixed = a if a.fixed else b
    at_once = [
        c for c in held
        if c.fixed and c is not fixed
        and c.start_min < fixed.end_min and c.end_min > fixed.start_min
    ]  # fmt: skip
    pairs = [(c, b) if a.fixed else (a, c) for c in at_once] if fixed.fixed else []
    return [(first, then) for first, then in pairs if first.end_min <= then.start_min]


def _late(agent: str, a: Session, b: Session, facts: Facts) -> list[str]:
    """Return a sentence for each way from one session to the next that is too short."""
    slow = facts.slowness([agent])
    found = []
    for here, left in _last(a, facts):
        for there, begun in _first(b, facts):
            needed = facts.ways.least(here, there, slow, (a.on, left))
            if begun - left < needed:
                found.append(
                    f"{agent} n’a pas le temps d’aller de {named(a)} à {named(b)} : "
                    f"{begun - left} min au lieu de {needed:.0f}."
                )
    return found


def _last(session: Session, facts: Facts) -> list[tuple[tuple[str, ...], int]]:
    """Return where one is known to be at last in a session, and when."""
    if session.fixed:
        return [(_place(session), session.end_min)]
    return [(facts.points_of(s), s.leave_min) for s in session.stops[-1:]]


def _first(session: Session, facts: Facts) -> list[tuple[tuple[str, ...], int]]:
    """Return where one must be first in a session, and when: its start, its first stop."""
    stops = [(facts.points_of(s), s.arrive_min) for s in session.stops[:1]]
    return [(_place(session), session.start_min), *stops]


def _place(session: Session) -> tuple[str, ...]:
    return (f"p:{session.place_id}",) if session.place_id else ()


def _lunch(agent: str, on: date, held: Sequence[Session], facts: Facts) -> Iterator[str]:
    fixed = [(s.start_min, s.end_min) for s in held if s.fixed]
    busy = [(s.start_min, s.end_min) for s in held]
    if len(busy) > len(fixed) and _eats(fixed, facts) and not _eats(busy, facts):
        yield f"{agent}, {day_words(on)} : la pause de midi n’est pas libre."


def _eats(busy: Sequence[Span], facts: Facts) -> bool:
    """Whether lunch is left to somebody busy before the break and after it, or not needed."""
    start, end, lasting = facts.lunch
    if not any(s < start for s, _ in busy) or not any(e > end for _, e in busy):
        return True
    free, longest, run = ~marked(busy)[start:end], 0, 0
    for minute in free:
        run = run + 1 if minute else 0
        longest = max(longest, run)
    return longest >= lasting


def _walk(agent: str, on: date, held: Sequence[Session], facts: Facts) -> Iterator[str]:
    own = facts.team[agent].walk_max_m if agent in facts.team else None
    limit = min(float(facts.week.walk_max_m), np.inf if own is None else own)
    walked = sum(s.walk_m for s in held if not s.fixed)
    if walked > limit:
        told = f"marche de {kilometres(walked)} au-dessus de {kilometres(limit)}"
        yield f"{agent}, {day_words(on)} : {told}."


def _quotas(facts: Facts) -> Iterator[str]:
    for agent in sorted(facts.team):
        own = [s for s in facts.plan.sessions if agent in s.agents]
        new = sum(not s.fixed for s in own)
        count = new + sum(s.fixed and s.kind in COUNTED for s in own)
        usual = facts.week.maraudes_per_agent
        limit = min(usual, facts.effects.most.get(agent, usual))
        if new and count > limit:
            yield f"{agent} a {count} maraudes, au-dessus de la limite de {limit}."


def _pairs(facts: Facts) -> Iterator[str]:
    wanted, made = facts.week.pairs_week, sum(len(s.agents) == PAIR for s in facts.outings)
    if wanted is None or made == wanted or any("binôme" in w for w in facts.plan.warnings):
        return
    yield f"{made} sorties en binôme au lieu de {wanted} sans que le plan le dise."
