"""The records one week is made from, and who is away when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from territory.model.french_calendar import FrenchCalendar
from territory.planning.records import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from territory.planning.records import Agent, Place, Planned, Slot
    from territory.planning.spans import Span


@dataclass(frozen=True, slots=True)
class Sources:
    """The records one week is made from; `partners` are the other teams."""

    team: tuple[Agent, ...]
    slots: tuple[Slot, ...]
    places: Mapping[str, Place]
    planned: tuple[Planned, ...]
    calendar: FrenchCalendar = field(default_factory=FrenchCalendar)
    partners: tuple[Agent, ...] = ()

    def away(self, agent: str, on: date) -> tuple[Span, ...]:
        """
        Return the spans of `on` when a worker or a partner is absent, minutes after midnight.

        Out of the team (actif_du, actif_au) is away all day.
        """
        known = [a for a in (*self.team, *self.partners) if a.code == agent]
        if any(not a.active(on) for a in known):
            return ((0, DAY_MIN),)
        return absences(agent, on, self.slots, self.calendar)


def absences(
    agent: str, on: date, slots: Iterable[Slot], calendar: FrenchCalendar | None = None
) -> tuple[Span, ...]:
    """Return the spans of `on` when the worker is absent, minutes after midnight, as listed."""
    return spans_of("absent", agent, on, slots, calendar)


def spans_of(
    kind: str, agent: str, on: date, slots: Iterable[Slot], calendar: FrenchCalendar | None = None
) -> tuple[Span, ...]:
    """Return the spans of `on` of the lines of one kind of a worker, as listed."""
    own = (s for s in slots if s.kind == kind and s.agent == agent and s.applies(on, calendar))
    return tuple((s.start_min, s.end_min) for s in own)
