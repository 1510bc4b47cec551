"""What moved between two plans of a week, or from one week to the next, in French."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from territory.planning import explain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from territory.model.week_results import Session, Stop, WeekPlan

SHOWN = 6  # changes told one by one


class Told(NamedTuple):
    """What somebody was told of a stop: where, when, with whom."""

    name: str
    day: int
    half_day: str
    agents: tuple[str, ...]
    partners: tuple[str, ...] = ()


class Difference(NamedTuple):
    """Stops told before, how many of them changed, those gone and those that are new."""

    before: int
    changed: int
    gone: tuple[Told, ...]
    new: tuple[Told, ...]


def difference(before: WeekPlan, after: WeekPlan) -> Difference:
    """
    Compare the stops of two plans of the same week; appointments are not counted.

    A stop is the same when the same team goes to the same place on the same half-day. `changed` is
    the larger of the stops gone and of the new ones.
    """
    old, new = Counter(_stops(before)), Counter(_stops(after))
    gone, added = sorted((old - new).elements()), sorted((new - old).elements())
    return Difference(old.total(), max(len(gone), len(added)), tuple(gone), tuple(added))


def change_sentences(before: WeekPlan, after: WeekPlan) -> tuple[str, ...]:
    """Return what changed since the plan `before`: the count, then each change, six at most."""
    found = difference(before, after)
    many = "s" if found.changed > 1 else ""
    if not found.changed:
        return (f"Aucun des {found.before} arrêts annoncés ne change.",)
    head = f"{found.changed} arrêt{many} changé{many} sur {found.before}."
    moved = [_moved(t, found.new) for t in found.gone]
    kept = {n for _, n in moved if n is not None}
    lines = [text for text, _ in moved]
    lines += [f"Nouveau : {_said(t)}." for t in found.new if t not in kept]
    rest = len(lines) - SHOWN
    told = [*lines[:SHOWN], f"Et {rest} autre{'s' if rest > 1 else ''}."] if rest > 0 else lines
    return (head, *told)


def since_last_week(last: WeekPlan, plan: WeekPlan) -> tuple[str, ...]:
    """Return which zones are visited that were not the week before, and which no longer are."""
    old, new = _zones(last), _zones(plan)
    lines = []
    for verb, names in (("Nouvelles zones visitées", new - old), ("Zones quittées", old - new)):
        if names:
            lines.append(f"{verb} depuis la semaine {last.week} : {explain.listed(sorted(names))}.")
    return tuple(lines)


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
