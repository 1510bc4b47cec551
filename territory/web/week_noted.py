"""What was just noted in a week, with what takes it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.io.week_edits import lines_in_force
from territory.outputs.edit_words import held_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from territory.model.week_edits import WeekEdit

_MOST = 40  # lines that one form may add or take back


@dataclass(frozen=True, slots=True)
class Noted:
    """
    The changes just noted, as sentences, and their lines as a form gives them back (« 3 4 »).

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
    by_step: dict[str, dict[int, WeekEdit]] = {}
    for line in lines:
        step, root = _root(known, line)
        by_step.setdefault(step, {})[root] = known[root]
    said = [
        f"{step}{words}"
        for step, edits in by_step.items()
        for words in held_words(edits, names).values()
    ]
    undoing = all(known[n].kind is None for n in lines)
    return Noted(tuple(said), " ".join(map(str, lines)), undoing)


def lines_of(told: str) -> tuple[int, ...]:
    """Return the numbers of « 3,4 », what is no number left out; 40 at most."""
    parts = told.split(",")[:_MOST]
    return tuple(int(p) for p in parts if p.isdecimal() and len(p) <= 6)  # noqa: PLR2004 - a line


def _root(known: Mapping[int, WeekEdit], line: int) -> tuple[str, int]:
    """Return what a line does to a change (« Annulé : », « Rétabli : », "" notes it), and which."""
    steps, undoes = 0, known[line].undoes
    while undoes is not None:
        steps, line, undoes = steps + 1, undoes, known[undoes].undoes
    return ("" if not steps else "Annulé : " if steps % 2 else "Rétabli : "), line
