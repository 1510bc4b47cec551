"""Judging a week: what the coordinator locked is unchanged, what was excluded is absent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.model.week_edits import EditKind
from territory.planning.checker_facts import named
from territory.planning.explain import clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from territory.model.week_edits import WeekEdit
    from territory.model.week_results import Session
    from territory.planning.checker_facts import Facts


def edit_faults(facts: Facts) -> Iterator[str]:
    """Yield a sentence for each lock or exclusion that the plan forgets."""
    for edit in facts.edits:
        if edit.kind is EditKind.EXCLUDE:
            yield from _excluded(edit, facts)
        elif edit.kind is EditKind.LOCK:
            yield from _locked(edit, facts)


def _excluded(edit: WeekEdit, facts: Facts) -> Iterator[str]:
    for session in facts.outings:
        if edit.on not in {None, session.on} or edit.half_day not in {"", session.half_day}:
            continue
        if edit.agent and edit.half_day and edit.agent not in session.agents:
            continue
        for stop in session.stops:
            if edit.target in {stop.place_id, stop.zone_id}:
                yield f"{named(session)} : « {stop.name} » était exclu."


def _locked(edit: WeekEdit, facts: Facts) -> Iterator[str]:
    held = () if facts.before is None else facts.before.sessions
    for old in (s for s in held if s.session_id == edit.target and not s.fixed):
        said = any(old.title in w and "ne tient plus" in w for w in facts.plan.warnings)
        if not said and not any(_same(old, new, facts) for new in facts.outings):
            yield f"{named(old)} : verrouillée et pourtant changée."


def _same(old: Session, new: Session, facts: Facts) -> bool:
    """Whether an outing is the locked one; the plan says when only its hours moved."""
    if _content(old) != _content(new) or not new.locked:
        return False
    words = (old.title, "change d’heure", clock(new.start_min))
    return _hours(old) == _hours(new) or any(
        all(word in warning for word in words) for warning in facts.plan.warnings
    )


def _content(session: Session) -> tuple[object, ...]:
    stops = tuple((s.place_id, s.zone_id) for s in session.stops)
    return session.on, session.half_day, session.agents, session.partners, stops


def _hours(session: Session) -> list[tuple[int, int]]:
    return [(s.arrive_min, s.leave_min) for s in session.stops]
