"""When each worker can be planned: hours of work, what is left of them, hours of the contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.planning import explain
from territory.planning.days import AFTERNOON, MORNING, WORKDAYS, is_evening, minutes_of
from territory.planning.records import DAY_MIN
from territory.planning.rule_effects import NO_WALK
from territory.planning.sources import spans_of
from territory.planning.spans import common, joined, without

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from territory.model.french_calendar import FrenchCalendar
    from territory.planning.appointments import Appointment
    from territory.planning.records import Agent, Slot
    from territory.planning.sources import Sources
    from territory.planning.spans import Span
    from territory.settings import Week


def free_windows(
    agent: str, on: date, kept: Iterable[Appointment], sources: Sources, rules: Week
) -> dict[str, tuple[Span, ...]]:
    """
    Return the free spans of a worker by half-day (matin, apres-midi), lunch left out.

    As `free_spans`, cut at the lunch break of `rules`.
    """
    free = free_spans(agent, on, kept, sources, rules)
    lunch = minutes_of(rules.lunch_start), minutes_of(rules.lunch_end)
    return {
        MORNING: common(free, [(0, lunch[0])]),
        AFTERNOON: common(free, [(lunch[1], DAY_MIN)]),
    }


def free_spans(
    agent: str, on: date, kept: Iterable[Appointment], sources: Sources, rules: Week
) -> tuple[Span, ...]:
    """
    Return the free spans of a worker on `on`, lunch included: it is taken wherever the team is.

    Minutes after midnight. Working hours are the `disponible` lines (none at all = Monday to
    Friday, day_start to day_end), minus absences, days out of the team, appointments and hours
    without a walk (rules of the team); nothing on a public holiday.
    """
    if sources.calendar.holiday(on):
        return ()
    busy = [
        *sources.away(agent, on),
        *spans_of(NO_WALK, agent, on, sources.slots, sources.calendar),
        *(a.span for a in kept if a.on == on and agent in a.agents),
    ]
    return without(working_hours(agent, on, sources.slots, rules, sources.calendar), busy)


def working_hours(
    agent: str,
    on: date,
    slots: Sequence[Slot],
    rules: Week,
    calendar: FrenchCalendar | None = None,
) -> tuple[Span, ...]:
    """
    Return the spans a worker works on `on`, before absences and appointments.

    Minutes after midnight, sorted; the hours of `rules` from Monday to Friday without any
    `disponible` line.
    """
    if any(s.agent == agent and s.kind == "disponible" for s in slots):
        return joined(spans_of("disponible", agent, on, slots, calendar))
    day = minutes_of(rules.day_start), minutes_of(rules.day_end)
    return (day,) if on.weekday() < WORKDAYS else ()


def assumed_hours(team: Iterable[Agent], slots: Sequence[Slot], rules: Week) -> list[str]:
    """Return one W-DISPO sentence for each worker without any `disponible` line."""
    known = {s.agent for s in slots if s.kind == "disponible"}
    return [
        explain.no_availability(
            a.code,
            explain.clock(minutes_of(rules.day_start)),
            explain.clock(minutes_of(rules.day_end)),
        )
        for a in team
        if a.code not in known
    ]


@dataclass(frozen=True, slots=True)
class WorkTime:
    """
    Minutes of one worker in a week.

    `listed` are the hours of work without absences, holidays nor lunch, `contract` those of the
    contract (None: unknown), `held` those of the appointments, `evenings` how many of these end
    after 17:30.
    """

    listed: int
    contract: int | None
    held: int
    evenings: int

    @property
    def left(self) -> int:
        """Minutes that may still be planned: the contract when it is shorter than the hours."""
        most = self.listed if self.contract is None else min(self.listed, self.contract)
        return max(most - self.held, 0)


def work_time(
    agent: Agent,
    days: Sequence[date],
    kept: Sequence[Appointment],
    sources: Sources,
    rules: Week,
) -> WorkTime:
    """Return the minutes of one worker over `days`, lunch never counted as work."""
    lunch = [(minutes_of(rules.lunch_start), minutes_of(rules.lunch_end))]
    listed = 0
    for day in days:
        worked = working_hours(agent.code, day, sources.slots, rules, sources.calendar)
        off = [(0, DAY_MIN)] if sources.calendar.holiday(day) else sources.away(agent.code, day)
        listed += _minutes(without(without(worked, off), lunch))
    own = [a for a in kept if a.on in days and agent.code in a.agents]
    held = sum(_minutes(joined(a.span for a in own if a.on == day)) for day in days)
    return WorkTime(listed, agent.weekly_min, held, sum(is_evening(a.span) for a in own))


def _minutes(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)
