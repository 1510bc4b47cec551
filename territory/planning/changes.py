"""What moved between two plans of a week, or from one week to the next, in French."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from territory.planning import explain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from territory.model.week_results import Session, Stop, WeekPlan

SHOWN = 6  # changes told one by one


class Told(NamedTuple):
    """What somebody was told of a stop: where, when, with whom."""

    name: str
    day: int
    half_day: str
    agents: tuple[str, ...]
    partners: tuple[str, ...] = ()


class Shift(NamedTuple):
    """A stop that is kept at another hour: minutes after midnight of its start."""

    told: Told
    before_min: int
    now_min: int

    @property
    def moved_min(self) -> int:
        """By how many minutes it moved."""
        return abs(self.now_min - self.before_min)


class Difference(NamedTuple):
    """
    Stops told before, how many of them changed, those gone and those that are new.

    `shifted` are those kept, at another hour of their half-day.
    """

    before: int
    changed: int
    gone: tuple[Told, ...]
    new: tuple[Told, ...]
    shifted: tuple[Shift, ...] = ()


def difference(before: WeekPlan, after: WeekPlan) -> Difference:
    """
    Compare the stops of two plans of the same week; appointments are not counted.

    A stop is the same when the same team goes to the same place on the same half-day. `changed` is
    the larger of the stops gone and of the new ones.
    """
    old, new = Counter(_stops(before)), Counter(_stops(after))
    gone, added = sorted((old - new).elements()), sorted((new - old).elements())
    many = max(len(gone), len(added))
    return Difference(old.total(), many, tuple(gone), tuple(added), _shifted(before, after))


def change_sentences(before: WeekPlan, after: WeekPlan) -> tuple[str, ...]:
    """
    Return what changed since the plan `before`: the counts, then each change, six at most.

    Stops kept at another hour are counted apart, with by how much they move, and told last.
    """
    found = difference(before, after)
    moved = [_moved(t, found.new) for t in found.gone]
    kept = {n for _, n in moved if n is not None}
    lines = [text for text, _ in moved]
    lines += [f"Nouveau : {_said(t)}." for t in found.new if t not in kept]
    lines += [_later(shift) for shift in found.shifted]
    rest = len(lines) - SHOWN
    told = [*lines[:SHOWN], f"Et {rest} autre{'s' if rest > 1 else ''}."] if rest > 0 else lines
    return (f"{change_count(found)}.", *told)


def change_count(found: Difference) -> str:
    """Return « 3 arrêts changés sur 41 ; 1 horaire décalé (de 10 min) »."""
    many = "s" if found.changed > 1 else ""
    head = f"{found.changed} arrêt{many} changé{many} sur {found.before}"
    if not found.changed:
        head = f"Aucun des {found.before} arrêts annoncés ne change"
    return head + _hours_moved(found.shifted)


def since_last_week(last: WeekPlan, plan: WeekPlan) -> tuple[str, ...]:
    """Return which zones are visited that were not the week before, and which no longer are."""
    old, new = _zones(last), _zones(plan)
    lines = []
    for verb, names in (("Nouvelles zones visitées", new - old), ("Zones quittées", old - new)):
        if names:
            lines.append(f"{verb} depuis la semaine {last.week} : {explain.listed(sorted(names))}.")
    return tuple(lines)


def _shifted(before: WeekPlan, after: WeekPlan) -> tuple[Shift, ...]:
    """Return the stops of both plans of which the hour moved, in order of time."""
    old, new = _starts(before), _starts(after)
    both = (
        (told, a, b) for told in old for a, b in zip(old[told], new.get(told, ()), strict=False)
    )
    moved = (Shift(*each) for each in both if each[1] != each[2])
    return tuple(sorted(moved, key=lambda s: (s.told.day, s.before_min, s)))


def _starts(plan: WeekPlan) -> dict[Told, list[int]]:
    """Return the hours of each stop, in order: one place may be visited twice in a half-day."""
    stops = [stop for session in _outings(plan) for stop in session.stops]
    found: dict[Told, list[int]] = {}
    for told, stop in zip(_stops(plan), stops, strict=True):
        found.setdefault(told, []).append(stop.arrive_min)
    return {told: sorted(hours) for told, hours in found.items()}


def _hours_moved(shifted: Sequence[Shift]) -> str:
    """Return « ; 2 horaires décalés (de 20 min au plus) », "" when all hours are kept."""
    if not shifted:
        return ""
    most = explain.lasting(max(s.moved_min for s in shifted))
    if len(shifted) == 1:
        return f" ; 1 horaire décalé (de {most})"
    return f" ; {len(shifted)} horaires décalés (de {most} au plus)"


def _later(shift: Shift) -> str:
    hours = explain.clock(shift.now_min), explain.clock(shift.before_min)
    return f"Décalé : {_said(shift.told)} ; arrivée à {hours[0]} au lieu de {hours[1]}."


def _stops(plan: WeekPlan) -> Iterable[Told]:
    for session in _outings(plan):
        for stop in session.stops:
            who = session.agents, session.partners
            yield Told(stop.name, session.on.toordinal(), session.half_day, *who)


def _outings(plan: WeekPlan) -> list[Session]:
    return [s for s in plan.sessions if not s.fixed]


def _zones(plan: WeekPlan) -> set[str]:
    """Return the names of zones whose streets are walked."""
    streets: list[Stop] = [t for s in _outings(plan) for t in s.stops if t.place_id is None]
    return {t.name.removeprefix("Tour de rue : ") for t in streets}


def _moved(gone: Told, new: Iterable[Told]) -> tuple[str, Told | None]:
    same = next((t for t in new if t.name == gone.name), None)
    if same is None:
        return f"Retiré : {_said(gone)}.", None
    return f"Déplacé : {_said(gone)} ; maintenant {_when(same)}.", same


def _said(told: Told) -> str:
    return f"{told.name}, {_when(told)}"


def _when(told: Told) -> str:
    day = explain.DAYS[(told.day - 1) % 7]
    half = "matin" if told.half_day == "matin" else "après-midi"
    mates = f" avec {explain.listed(told.partners)}" if told.partners else ""
    return f"{day} {half} ({' + '.join(told.agents)}{mates})"
