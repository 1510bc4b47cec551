"""The session of an appointment: kept as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.model.week_results import Session

if TYPE_CHECKING:
    from territory.planning.calendar import Appointment


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
        partners=one.partners,
    )
