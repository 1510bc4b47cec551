"""Judging a week: every appointment of the tables is kept as it is, or told as lost and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.model.recurrence import Listed
from territory.planning.checker_facts import marked, named
from territory.planning.explain import activity_title, clock, day_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from territory.model.week_results import Session
    from territory.planning.checker_facts import Facts
    from territory.planning.records import Planned, Slot
    from territory.planning.spans import Span

ON_A_DATE = ("evenement", "accompagnement")  # somebody chose the day, a public holiday or not
COMING_BACK = ("permanence", "reunion", "formation", "suivi", *ON_A_DATE)
UNTIMED_MIN = 60


@dataclass(frozen=True, slots=True)
class _Due:
    """One worker (or nobody, "") at one appointment of the tables; `holiday` shuts it that day."""

    on: date
    kind: str
    span: Span
    agent: str
    place_id: str | None
    name: str
    holiday: str | None

    def __str__(self) -> str:
        who = f" de {self.agent}" if self.agent else ""
        return f"{self.kind}{who}, {day_words(self.on)} à {clock(self.span[0])}"

    def is_at(self, session: Session) -> bool:
        """Whether a session is this appointment, whoever comes."""
        told = (session.on, session.kind, session.start_min, session.end_min, session.place_id)
        return session.fixed and told == (self.on, self.kind, *self.span, self.place_id)


def appointment_faults(facts: Facts) -> Iterator[str]:
    """Yield a sentence for each appointment lost, moved, invented, or gone without a word."""
    due = [*_coming_back(facts), *_dated(facts)]
    for one in due:
        yield from _kept(one, facts)
    for session in facts.plan.sessions:
        same = {d.agent for d in due if d.is_at(session) and d.holiday is None}
        if session.fixed and (not same or not set(session.agents) <= same):
            yield f"{named(session)} : rendez-vous que personne n’a demandé."
    yield from _untimed(facts)


def _coming_back(facts: Facts) -> Iterator[_Due]:
    calendar = facts.sources.calendar
    for on in facts.days:
        for slot in facts.sources.slots:
            if slot.kind not in COMING_BACK or not slot.applies(on, calendar):
                continue
            shut = None if _chosen_day(slot) else calendar.holiday(on)
            place_id, name = _where(slot.place_id, "", facts, hidden=False)
            span = slot.start_min, slot.end_min
            yield _Due(on, slot.kind, span, slot.agent, place_id, name, shut)


def _chosen_day(slot: Slot) -> bool:
    if slot.kind not in ON_A_DATE or slot.weekday is not None:
        return False
    if slot.recurrence is not None:
        return isinstance(slot.recurrence.rhythm, Listed)
    return slot.from_on == slot.to_on


def _dated(facts: Facts) -> Iterator[_Due]:
    for act in _of_week(facts):
        if act.start_min is None:
            continue
        span = act.start_min, act.end_min or act.start_min + UNTIMED_MIN
        place_id, name = _where(act.place_id, act.place_name, facts, hidden=act.sensitive)
        for agent in act.agents or ("",):
            yield _Due(act.on, act.kind, span, agent, place_id, name, None)


def _of_week(facts: Facts) -> list[Planned]:
    return [act for act in facts.sources.planned if act.on in facts.days]


def _where(
    place_id: str | None, name: str, facts: Facts, *, hidden: bool
) -> tuple[str | None, str]:
    """Return the place a plan may tell: never a protected one."""
    place = facts.places.get(place_id or "")
    if hidden or (place is not None and place.sensitive):
        return None, "lieu protégé"
    return place_id, place.name if place is not None and place.name else name


def _kept(one: _Due, facts: Facts) -> Iterator[str]:
    at = [s for s in facts.plan.sessions if one.is_at(s)]
    there = any(not one.agent or one.agent in s.agents for s in at)
    if one.holiday is not None:
        if not _told(one, facts, "férié"):
            yield f"rendez-vous perdu sans que le plan le dise : {one} (jour férié)."
    elif one.agent and _away(one, facts):
        if there:
            yield f"{one.agent} est absent et attendu à : {one}."
        elif not _told(one, facts, one.agent):
            yield f"rendez-vous perdu sans que le plan le dise : {one} (absence)."
    elif not there:
        yield f"rendez-vous non gardé : {one}."


def _away(one: _Due, facts: Facts) -> bool:
    gone = marked(facts.sources.away(one.agent, one.on))
    return bool(gone[one.span[0] : one.span[1]].any())


def _told(one: _Due, facts: Facts, word: str) -> bool:
    title = activity_title(one.kind, one.name)
    name = f"{title}, {day_words(one.on)} à {clock(one.span[0])}"
    return any(left.name == name and word in left.reason for left in facts.plan.left_out)


def _untimed(facts: Facts) -> Iterator[str]:
    for act in _of_week(facts):
        if act.start_min is not None:
            continue
        _, name = _where(act.place_id, act.place_name, facts, hidden=act.sensitive)
        title = f"{activity_title(act.kind, name)}, {day_words(act.on)}"
        if not any(t.name == title and "Heure" in t.reason for t in facts.plan.left_out):
            yield f"rendez-vous sans heure que le plan ne dit pas : {title}."
