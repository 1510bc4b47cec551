"""What the week already holds: days, public holidays, appointments kept, and free half-days."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from territory.errors import WrongUsage
from territory.model.french_calendar import FrenchCalendar
from territory.model.week_results import LeftOut
from territory.planning import explain
from territory.planning.rule_effects import NO_WALK
from territory.planning.spans import Span, common, overlap, without

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from territory.planning.records import Agent, Place, Planned, Slot
    from territory.settings import Week

MORNING, AFTERNOON = "matin", "apres-midi"
APPOINTMENTS = ("permanence", "reunion", "formation")
OUTINGS = ("maraude", "tour_de_rue")
WORKDAYS = 5
UNTIMED_MIN = 60


@dataclass(frozen=True, slots=True)
class Appointment:
    """
    A fixed appointment of one or several workers: kept as it is, never moved.

    Times are minutes after midnight of the civil date `on`.
    """

    on: date
    start_min: int
    end_min: int
    kind: str
    place_id: str | None
    place_name: str
    agents: tuple[str, ...]

    @property
    def title(self) -> str:
        """French title, as « Permanence : Maison de l’emploi »."""
        return explain.activity_title(self.kind, self.place_name)

    @property
    def span(self) -> Span:
        """Hours, (start, end) in minutes after midnight."""
        return self.start_min, self.end_min


@dataclass(frozen=True, slots=True)
class Sources:
    """The records one week is made from."""

    team: tuple[Agent, ...]
    slots: tuple[Slot, ...]
    places: Mapping[str, Place]
    planned: tuple[Planned, ...]
    calendar: FrenchCalendar = field(default_factory=FrenchCalendar)


@dataclass(frozen=True, slots=True)
class Agenda:
    """Appointments kept, those lost (with the rule), and what to tell the coordinator."""

    appointments: tuple[Appointment, ...]
    lost: tuple[LeftOut, ...]
    warnings: tuple[str, ...]


def week_days(week: str) -> tuple[date, ...]:
    """Return the seven dates, Monday first, of an ISO week « 2026-W48 »; else raise WrongUsage."""
    found = re.fullmatch(r"(\d{4})-W(\d{2})", week)
    try:
        if found:
            year, number = int(found[1]), int(found[2])
            return tuple(date.fromisocalendar(year, number, day) for day in range(1, 8))
    except ValueError:
        pass
    message = f"« {week} » n'est pas une semaine. Écrivez l'année et le numéro, comme « 2026-W48 »."
    raise WrongUsage(message)


def public_holidays(days: Sequence[date], calendar: FrenchCalendar) -> dict[date, str]:
    """Return the public holidays of `calendar` among `days`, with their French names."""
    named = {day: calendar.holiday(day) for day in days}
    return {day: name for day, name in named.items() if name is not None}


def half_day(start_min: int, rules: Week) -> str:
    """Return « matin » for what starts before the lunch break, else « apres-midi »."""
    return MORNING if start_min < minutes_of(rules.lunch_start) else AFTERNOON


def minutes_of(clock: str) -> int:
    """Return « HH:MM » as minutes after midnight; raises ValueError for anything else."""
    hour, minute = clock.split(":")
    return 60 * int(hour) + int(minute)


def absences(agent: str, on: date, slots: Iterable[Slot]) -> tuple[Span, ...]:
    """Return the spans of `on` when the worker is absent, minutes after midnight, as listed."""
    return _spans("absent", agent, on, slots)


def _spans(kind: str, agent: str, on: date, slots: Iterable[Slot]) -> tuple[Span, ...]:
    own = (s for s in slots if s.kind == kind and s.agent == agent and s.applies(on))
    return tuple((s.start_min, s.end_min) for s in own)


def agenda(days: Sequence[date], sources: Sources) -> Agenda:
    """
    Gather the appointments of `days`: weekly ones and activities already planned.

    An absent worker is taken out of an appointment, and said; without anybody left it is lost.
    Weekly ones are lost on public holidays, activities without hours too, each with the rule.
    Overlaps are kept and said in the warnings.
    """
    closed = public_holidays(days, sources.calendar)
    raw, lost = _weekly(days, closed, sources)
    dated, untimed = _dated(days, sources)
    kept, unstaffed = _staffed(_merged([*raw, *dated]), sources)
    warnings = [explain.on_holiday(day, name) for day, name in closed.items()]
    warnings += _clashes(kept)
    return Agenda(kept, tuple(sorted({*lost, *untimed, *unstaffed}, key=_by_name)), tuple(warnings))


def free_windows(
    agent: str, on: date, kept: Iterable[Appointment], sources: Sources, rules: Week
) -> dict[str, tuple[Span, ...]]:
    """
    Return the free spans of a worker by half-day (matin, apres-midi), lunch left out.

    Spans are minutes after midnight. Working hours are the `disponible` lines (none at all = Monday
    to Friday, day_start to day_end), minus absences, appointments and hours without a
    walk (rules of the team); nothing on a public holiday.
    """
    if sources.calendar.holiday(on):
        return {MORNING: (), AFTERNOON: ()}
    busy = [
        *absences(agent, on, sources.slots),
        *_spans(NO_WALK, agent, on, sources.slots),
        *(a.span for a in kept if a.on == on and agent in a.agents),
    ]
    free = without(working_hours(agent, on, sources.slots, rules), busy)
    lunch = minutes_of(rules.lunch_start), minutes_of(rules.lunch_end)
    return {
        MORNING: common(free, [(0, lunch[0])]),
        AFTERNOON: common(free, [(lunch[1], 24 * 60)]),
    }


def working_hours(agent: str, on: date, slots: Sequence[Slot], rules: Week) -> tuple[Span, ...]:
    """
    Return the spans a worker works on `on`, before absences and appointments.

    Minutes after midnight, sorted; the hours of `rules` from Monday to Friday without any
    `disponible` line.
    """
    own = [s for s in slots if s.agent == agent and s.kind == "disponible"]
    if own:
        return without(((s.start_min, s.end_min) for s in own if s.applies(on)), ())
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


def _weekly(
    days: Sequence[date], closed: Mapping[date, str], sources: Sources
) -> tuple[list[Appointment], list[LeftOut]]:
    kept: list[Appointment] = []
    lost: list[LeftOut] = []
    for day in days:
        for slot in sources.slots:
            if slot.kind not in APPOINTMENTS or not slot.applies(day):
                continue
            place_id, name = _public_place(slot.place_id, "", sources, sensitive=False)
            one = Appointment(
                day, slot.start_min, slot.end_min, slot.kind, place_id, name, (slot.agent,)
            )
            if day in closed:
                lost.append(LeftOut(_when(one), f"Jour férié ({closed[day]})."))
            else:
                kept.append(one)
    return kept, lost


def _dated(days: Sequence[date], sources: Sources) -> tuple[list[Appointment], list[LeftOut]]:
    kept: list[Appointment] = []
    lost: list[LeftOut] = []
    for act in sources.planned:
        if act.on not in days:
            continue
        place_id, name = _public_place(
            act.place_id, act.place_name, sources, sensitive=act.sensitive
        )
        start = act.start_min
        end = act.end_min or (start or 0) + UNTIMED_MIN
        one = Appointment(act.on, start or 0, end, act.kind, place_id, name, act.agents)
        if start is None:
            title = f"{one.title}, {explain.day_words(act.on)}"
            lost.append(LeftOut(title, "Heure inconnue : complétez le tableau des activités."))
        else:
            kept.append(one)
    return kept, lost


def _public_place(
    place_id: str | None, name: str, sources: Sources, *, sensitive: bool
) -> tuple[str | None, str]:
    place = sources.places.get(place_id) if place_id else None
    if sensitive or (place is not None and place.sensitive):
        return None, "lieu protégé"
    return place_id, (place.name if place is not None else name) or name


def _merged(raw: Iterable[Appointment]) -> list[Appointment]:
    groups: dict[tuple[date, int, int, str, str, str], set[str]] = {}
    for a in raw:
        key = (a.on, a.start_min, a.end_min, a.kind, a.place_id or "", a.place_name)
        groups.setdefault(key, set()).update(a.agents)
    return [
        Appointment(on, start, end, kind, place or None, name, tuple(sorted(agents)))
        for (on, start, end, kind, place, name), agents in sorted(groups.items())
    ]


def _staffed(
    appointments: Iterable[Appointment], sources: Sources
) -> tuple[tuple[Appointment, ...], list[LeftOut]]:
    kept: list[Appointment] = []
    lost: list[LeftOut] = []
    for a in appointments:
        away = [g for g in a.agents if _absent(g, a, sources)]
        here = tuple(g for g in a.agents if g not in away)
        if away:
            lost += [LeftOut(_when(a), _replacement(away, here))]
        if here or not a.agents:
            kept.append(
                Appointment(a.on, a.start_min, a.end_min, a.kind, a.place_id, a.place_name, here)
            )
    return tuple(kept), lost


def _absent(agent: str, one: Appointment, sources: Sources) -> bool:
    return any(overlap(one.span, gone) for gone in absences(agent, one.on, sources.slots))


def _replacement(away: Sequence[str], here: Sequence[str]) -> str:
    gone = f"{explain.listed(away)} {'sont absents' if len(away) > 1 else 'est absent'}"
    if here:
        return f"{gone} : assurée par {explain.listed(here)}."
    return f"{gone} et personne d'autre n'est prévu : à remplacer ou à annuler."


def _clashes(kept: Sequence[Appointment]) -> list[str]:
    return [
        explain.overlapping(agent, a.on, (a.title, b.title))
        for a, b in combinations(kept, 2)
        if a.on == b.on and overlap(a.span, b.span)
        for agent in sorted({*a.agents} & {*b.agents})
    ]


def _when(one: Appointment) -> str:
    return f"{one.title}, {explain.day_words(one.on)} à {explain.clock(one.start_min)}"


def _by_name(item: LeftOut) -> tuple[str, str]:
    return item.name, item.reason
