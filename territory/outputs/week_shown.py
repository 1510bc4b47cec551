"""The plan as it may leave the planner: no sensitive place named, none drawn, none walked to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from territory.model.words import ACTIVITY_KINDS, label

if TYPE_CHECKING:
    from territory.model.week_results import LeftOut, Session, WeekPlan

UNNAMED = "Lieu protégé"


def shown_plan(plan: WeekPlan, hidden: frozenset[str]) -> WeekPlan:
    """
    Return the plan with nothing of the sensitive places `hidden` (ids) in it.

    The planner does not go there; this is the second lock. A session that does loses those stops,
    and its title, reasons, streets and walk, which would tell where; plans B go likewise.
    """
    return replace(
        plan,
        sessions=tuple(_session(s, hidden) for s in plan.sessions),
        left_out=tuple(_left_out(one, hidden) for one in plan.left_out),
    )


def _session(session: Session, hidden: frozenset[str]) -> Session:
    shelters = tuple(s for s in session.shelters if s.place_id not in hidden)
    if not {session.place_id, *(s.place_id for s in session.stops)} & hidden:
        return replace(session, shelters=shelters)
    return replace(
        session,
        title=f"{label(ACTIVITY_KINDS, session.kind).capitalize()} : {UNNAMED.lower()}",
        place_id=None,
        zone_id=None,
        stops=tuple(replace(s, ride="") for s in session.stops if s.place_id not in hidden),
        path=(),
        streets=(),
        ride_back="",
        reason="",
        announce="",
        shelters=shelters,
    )


def _left_out(one: LeftOut, hidden: frozenset[str]) -> LeftOut:
    if one.place_id not in hidden:
        return one
    return replace(one, name=UNNAMED, reason="Lieu sensible.", remedy="", place_id=None)
