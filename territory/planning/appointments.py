"""Appointments: what comes back, what is planned on a date, who is missing there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from territory.model.recurrence import Listed
from territory.model.week_results import LeftOut
from territory.planning import explain
from territory.planning.days import is_evening, public_holidays
from territory.planning.spans import Span, overlap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from territory.planning.records import Slot
    from territory.planning.sources import Sources

ON_A_DATE = ("evenement", "accompagnement")  # kept on a public holiday when written on its date
APPOINTMENTS = ("permanence", "reunion", "formation", "suivi", *ON_A_DATE)
UNTIMED_MIN = 60


@dataclass(frozen=True, slots=True)
class Appointment:
    """
    A fixed appointment of one or several workers: kept as it is, never moved.

    Times are minutes after midnight of the civil date `on`. `headcount` is how many people it needs
    (None: those named), `partners` the codes of the other teams that come.
    """

    on: date
    start_min: int
    end_min: int
    kind: str
    place_id: str | None
    place_name: str
    agents: tuple[str, ...]
    headcount: int | None = None
    partners: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """French title, as « Permanence : Maison de l’emploi »."""
        return explain.activity_title(self.kind, self.place_name)

    @property
    def span(self) -> Span:
        """Hours, (start, end) in minutes after midnight."""
        return self.start_min, self.end_min

    @property
    def is_evening(self) -> bool:
        """Whether it goes on after 17:30."""
        return is_evening(self.span)

    @property
    def missing(self) -> int:
        """How many people it needs beside those named."""
        return max((self.headcount or 0) - len(self.agents), 0)


@dataclass(frozen=True, slots=True)
class Agenda:
    """Appointments kept, those lost (with the rule), and what to tell the coordinator."""

    appointments: tuple[Appointment, ...]
    lost: tuple[LeftOut, ...]
    warnings: tuple[str, ...]


def agenda(days: Sequence[date], sources: Sources) -> Agenda:
    """
    Gather the appointments of `days`: weekly ones and activities already planned.

    An absent worker is taken out of an appointment, and said, as when fewer people are named than
    it needs; without anybody left it is lost. Those that come back are lost on public holidays,
    activities without hours too, each with the rule. Overlaps are kept and said in the warnings,
    and so are school holidays that nobody knows when a line depends on them.
    """
    closed = public_holidays(days, sources.calendar)
    raw, lost = _weekly(days, closed, sources)
    dated, untimed = _dated(days, sources)
    kept, unstaffed = _staffed(_merged([*raw, *dated], sources), sources)
    warnings = [explain.on_holiday(day, name) for day, name in closed.items()]
    warnings += [*_clashes(kept), *_unknown_school(days, sources)]
    return Agenda(kept, tuple(sorted({*lost, *untimed, *unstaffed}, key=_by_name)), tuple(warnings))


def _weekly(
    days: Sequence[date], closed: Mapping[date, str], sources: Sources
) -> tuple[list[Appointment], list[LeftOut]]:
    kept: list[Appointment] = []
    lost: list[LeftOut] = []
    for day in days:
        for slot in sources.slots:
            if slot.kind not in APPOINTMENTS or not slot.applies(day, sources.calendar):
                continue
            one = _of_slot(slot, day, sources)
            if day in closed and not _set_on_a_date(slot):
                lost.append(LeftOut(_when(one), f"Jour férié ({closed[day]})."))
            else:
                kept.append(one)
    return kept, lost


def _of_slot(slot: Slot, day: date, sources: Sources) -> Appointment:
    place_id, name = _public_place(slot.place_id, "", sources, sensitive=False)
    return Appointment(
        day,
        slot.start_min,
        slot.end_min,
        slot.kind,
        place_id,
        name,
        (slot.agent,),
        slot.headcount,
        slot.partners,
    )


def _set_on_a_date(slot: Slot) -> bool:
    """Whether somebody chose that very day, a public holiday or not."""
    if slot.kind not in ON_A_DATE or slot.weekday is not None:
        return False
    if slot.recurrence is not None:
        return isinstance(slot.recurrence.rhythm, Listed)
    return slot.from_on == slot.to_on


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


def _merged(raw: Iterable[Appointment], sources: Sources) -> list[Appointment]:
    """Put together the lines of one appointment, those who come and how many it needs."""
    groups: dict[tuple[date, int, int, str, str, str], list[Appointment]] = {}
    for a in raw:
        key = (a.on, a.start_min, a.end_min, a.kind, a.place_id or "", a.place_name)
        groups.setdefault(key, []).append(a)
    others = {partner.code for partner in sources.partners}
    return [_joined(group, others) for _, group in sorted(groups.items())]


def _joined(group: Sequence[Appointment], others: set[str]) -> Appointment:
    agents = {agent for one in group for agent in one.agents}
    partners = {code for one in group for code in one.partners} | (agents & others)
    needed = [one.headcount for one in group if one.headcount is not None]
    return replace(
        group[0],
        agents=tuple(sorted(agents)),
        headcount=max(needed, default=None),
        partners=tuple(sorted(partners)),
    )


def _staffed(
    appointments: Iterable[Appointment], sources: Sources
) -> tuple[tuple[Appointment, ...], list[LeftOut]]:
    kept: list[Appointment] = []
    lost: list[LeftOut] = []
    for a in appointments:
        away = [g for g in a.agents if _absent(g, a, sources)]
        left = replace(a, agents=tuple(g for g in a.agents if g not in away))
        if away or left.missing:
            lost += [LeftOut(_when(a), _replacement(away, left))]
        if left.agents or not a.agents:
            kept.append(left)
    return tuple(kept), lost


def _absent(agent: str, one: Appointment, sources: Sources) -> bool:
    return any(overlap(one.span, gone) for gone in sources.away(agent, one.on))


def _replacement(away: Sequence[str], left: Appointment) -> str:
    here, needed = explain.listed(left.agents), explain.people(left.headcount or 0)
    if not away:
        return f"{needed} : {here} seulement. À compléter."
    gone = f"{explain.listed(away)} {'sont absents' if len(away) > 1 else 'est absent'}"
    if here and left.missing:
        return f"{gone} ; {needed} : {here} seulement. À remplacer."
    if here:
        return f"{gone} : assurée par {here}."
    return f"{gone} et personne d'autre n'est prévu : à remplacer ou à annuler."


def _clashes(kept: Sequence[Appointment]) -> list[str]:
    return [
        explain.overlapping(agent, a.on, (a.title, b.title))
        for a, b in combinations(kept, 2)
        if a.on == b.on and overlap(a.span, b.span)
        for agent in sorted({*a.agents} & {*b.agents})
    ]


def _unknown_school(days: Sequence[date], sources: Sources) -> list[str]:
    """Say that lines depend on school holidays of a zone or a year that nobody knows."""
    ends = min(days), max(days)
    backs = [slot.recurrence for slot in sources.slots if slot.recurrence is not None]
    if not any(back.doubtful(*ends, sources.calendar) for back in backs):
        return []
    return [explain.school_unknown()]


def _when(one: Appointment) -> str:
    return f"{one.title}, {explain.day_words(one.on)} à {explain.clock(one.start_min)}"


def _by_name(item: LeftOut) -> tuple[str, str]:
    return item.name, item.reason
