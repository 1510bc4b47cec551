"""The changes of a week in French, one sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.model.week_edits import EditKind
from territory.outputs.french import clock, long_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.model.week_edits import WeekEdit

_NOON, _DAY = 12 * 60 + 45, 24 * 60
_HALVES = {"matin": "matin", "apres-midi": "après-midi"}
_EVERY = {"": "toute la semaine", "matin": "tous les matins", "apres-midi": "tous les après-midi"}
_SPANS = {(0, _NOON): "matin", (_NOON, _DAY): "après-midi", (0, _DAY): ""}


def edit_words(edit: WeekEdit, names: Mapping[str, str]) -> str:
    """
    Return one change as a French sentence; raises KeyError when it only takes another back.

    `names` are those of places, zones and outings by identifier; what is not in it stays as it is.
    """
    if edit.kind is None:
        raise KeyError("kind")
    target = names.get(edit.target, edit.target)
    who = f" par {edit.agent}" if edit.agent else ""
    return {
        EditKind.LOCK: f"Sortie gardée telle quelle : {target}.",
        EditKind.EXCLUDE: f"À ne pas visiter : {target}, {_when(edit)}.",
        EditKind.PLACE: f"À visiter : {target}, {_when(edit)}{who}.",
        EditKind.APPOINTMENT: f"Rendez-vous de {edit.agent}, {_when(edit)}{_at(target)}.",
        EditKind.ABSENCE: f"Absence de {edit.agent}, {_when(edit)}.",
    }[edit.kind]


def held_words(edits: Mapping[int, WeekEdit], names: Mapping[str, str]) -> dict[str, str]:
    """
    Return changes in force as sentences, by the numbers of their lines (« 4 » or « 4 5 6 7 »).

    What shuts places at a moment and wants the same at another, line after line, is one move.
    """
    lines, told, at = sorted(edits.items()), {}, 0
    while at < len(lines):
        size = 2 * _moved(lines[at:]) or 1
        group = lines[at : at + size]
        words = _move_words([e for _, e in group], names) if size > 1 else ""
        told[" ".join(str(n) for n, _ in group)] = words or edit_words(group[0][1], names)
        at += size
    return told


def _moved(lines: Sequence[tuple[int, WeekEdit]]) -> int:
    """Return how many targets the first lines move, 0 when they are no move."""
    for size in range(len(lines) // 2, 0, -1):
        shut, wanted = [[e for _, e in lines[n * size : (n + 1) * size]] for n in (0, 1)]
        if (
            [e.target for e in shut] == [e.target for e in wanted]
            and {(e.kind, e.on is None) for e in shut} == {(EditKind.EXCLUDE, False)}
            and {(e.kind, e.on is None) for e in wanted} == {(EditKind.PLACE, False)}
            and len({_when(e) for e in shut}) == len({(_when(e), e.agent) for e in wanted}) == 1
        ):
            return size
    return 0


def _move_words(group: Sequence[WeekEdit], names: Mapping[str, str]) -> str:
    shut, wanted = group[0], group[-1]
    who = f", par {wanted.agent}" if wanted.agent else ""
    targets = dict.fromkeys(names.get(e.target, e.target) for e in group)
    return f"Déplacé de {_when(shut)} à {_when(wanted)}{who} : {', '.join(targets)}."


def _at(target: str) -> str:
    return f", {target}" if target else ""


def _when(edit: WeekEdit) -> str:
    if edit.on is None:
        return _EVERY[edit.half_day]
    half = _HALVES.get(edit.half_day, "")
    return " ".join(filter(None, [long_date(edit.on), half, _hours(edit)]))


def _hours(edit: WeekEdit) -> str:
    start, end = edit.start_min, edit.end_min
    if start is None and end is None:
        return ""
    span = (start or 0, _DAY if end is None else end)
    if span in _SPANS:
        return _SPANS[span]
    if end is None:
        return f"à partir de {clock(span[0])}"
    return f"jusqu’à {clock(span[1])}" if not span[0] else f"de {clock(span[0])} à {clock(span[1])}"
