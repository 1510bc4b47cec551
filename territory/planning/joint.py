"""Joint outings with other teams: when they can be met in the street, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.planning.spans import without

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from territory.planning.records import Planned
    from territory.planning.sources import Sources
    from territory.planning.spans import Span

OUTINGS = ("maraude", "tour_de_rue")


@dataclass(frozen=True, slots=True, order=True)
class JointSlot:
    """
    A span, minutes after midnight of `on`, when another team can go out with ours.

    `communes` are those it covers (empty = all), `agents` those of ours one of whom must be there
    (empty = anybody). `fixed`: an outing already planned with it, kept as an appointment.
    """

    on: date
    span: Span
    partner: str
    communes: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    fixed: bool = False


def joint_slots(days: Sequence[date], sources: Sources) -> tuple[JointSlot, ...]:
    """
    Return when other teams (role `partenaire`) are available on `days`, sorted.

    Their `disponible` lines, those of our workers that name them (« avec »), and the outings of
    state `prevu` with them. Not on a public holiday nor while they are away, but for outings
    already planned.
    """
    free = (day for day in days if not sources.calendar.holiday(day))
    found = [slot for day in free for slot in _available(day, sources)]
    found += [s for act in sources.planned if act.on in days for s in _planned(act, sources)]
    return tuple(sorted(set(found)))


def _available(on: date, sources: Sources) -> Iterator[JointSlot]:
    communes = {p.code: tuple(sorted(p.communes)) for p in sources.partners}
    for slot in sources.slots:
        if slot.kind != "disponible" or not slot.applies(on, sources.calendar):
            continue
        ours = slot.agent not in communes
        for partner in slot.partners if ours else (slot.agent,):
            busy = [*sources.away(partner, on), *_taken(partner, on, sources.planned)]
            busy += sources.away(slot.agent, on) if ours else ()
            agents = (slot.agent,) if ours else ()
            for span in without([(slot.start_min, slot.end_min)], busy):
                yield JointSlot(on, span, partner, communes.get(partner, ()), agents)


def _taken(partner: str, on: date, planned: Iterable[Planned]) -> Iterator[Span]:
    for act in planned:
        if act.on == on and partner in act.agents and act.start_min is not None and act.end_min:
            yield act.start_min, act.end_min


def _planned(act: Planned, sources: Sources) -> Iterator[JointSlot]:
    communes = {p.code: tuple(sorted(p.communes)) for p in sources.partners}
    if act.kind not in OUTINGS or act.start_min is None or act.end_min is None:
        return
    ours = tuple(a for a in act.agents if a not in communes)
    for partner in (a for a in act.agents if a in communes):
        span = act.start_min, act.end_min
        yield JointSlot(act.on, span, partner, communes[partner], ours, fixed=True)
