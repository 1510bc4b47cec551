"""What was just noted in a week, with what takes it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.io.week_edits import lines_in_force
from territory.outputs.edit_words import edit_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from territory.model.week_edits import WeekEdit

MOST = 40  # lines that one form may add or take back


@dataclass(frozen=True, slots=True)
class Noted:
    """
    The changes just noted, as sentences, and their lines as a form gives them back (« 3,4 »).

    `undoing`: they took earlier ones back, and what takes them back restores those.
    """

    sentences: tuple[str, ...]
    lines: str
    undoing: bool


def just_noted(known: Mapping[int, WeekEdit], told: str, names: Mapping[str, str]) -> Noted | None:
    """
    Return what the lines of the log named by `told` (« 3,4 ») changed; None when none holds.

    `known` is the whole log by line, `names` those of places, zones and outings.
    """
    holding = set(lines_in_force(known))
    lines = [n for n in lines_of(told) if n in holding]
    if not lines:
        return None
    said = [_said(known, n, names) for n in lines]
    undoing = all(known[n].kind is None for n in lines)
    return Noted(tuple(dict.fromkeys(said)), ",".join(map(str, lines)), undoing)


def lines_of(told: str) -> tuple[int, ...]:
    """Return the numbers of « 3,4 » or « 3 4 », what is no number left out; 40 at most."""
    parts = told.replace(",", " ").split()[:MOST]
    return tuple(int(p) for p in parts if p.isdecimal() and len(p) <= 6)  # noqa: PLR2004 - a line


def _said(known: Mapping[int, WeekEdit], line: int, names: Mapping[str, str]) -> str:
    """Return one line as a sentence: a change, « Annulé : » or « Rétabli : » and the change."""
    steps, undoes = 0, known[line].undoes
    while undoes is not None:
        steps, line, undoes = steps + 1, undoes, known[undoes].undoes
    start = "" if not steps else "Annulé : " if steps % 2 else "Rétabli : "
    return start + edit_words(known[line], names)
