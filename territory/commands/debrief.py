"""`territory debrief`: type in one line what was done of a printed sheet; see what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from territory.commands.answer import Answer
from territory.endings import DONE
from territory.errors import WrongUsage
from territory.io.debrief_line import read_line
from territory.io.debriefs import (
    append_debrief,
    in_force,
    read_debriefs,
    read_sheets,
    sheet_of,
)
from territory.model.issues import shown
from territory.outputs.debrief_account import debrief_line, debrief_rows, debriefs_account
from territory.pipeline.week_codes import awaited_sheets
from territory.pipeline.workspace import open_territory
from territory.planning.codes import decode

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from territory.model.debriefs import Debrief, PrintedSheet
    from territory.model.issues import Issue


def debrief(folder: Path, line: str, listing: bool) -> Answer:  # noqa: FBT001 - a flag
    """
    Note what one line tells of a sheet; with `listing`, or no line, show what was typed.

    The day is that of the settings, else today. A second line of the same sheet replaces the first,
    which stays in the log. Raises WrongUsage (French, nothing typed is repeated) for a code that no
    sheet has and for a line that cannot be read; nothing is then written.
    """
    today = open_territory(folder).today
    if listing or not line.strip():
        return _listed(folder, today)
    sheet, rest = sheet_and_words(folder, line)
    return noted(folder, sheet, rest)


def sheet_and_words(folder: Path, line: str) -> tuple[PrintedSheet, str]:
    """
    Return the sheet whose code begins a line, and what follows the code.

    Raises WrongUsage (French, nothing typed is repeated) for a code that no sheet has.
    """
    code, _, rest = line.strip().partition(" ")
    sheet = sheet_of(read_sheets(folder), decode(code))
    if sheet is None:
        raise WrongUsage(
            "[E-FICHE] aucune fiche de ce territoire n'a ce code. Est-elle d'un autre dossier ? "
            "Les codes sont donnés par « territory week »."
        )
    return sheet, rest


def noted(folder: Path, sheet: PrintedSheet, words: str, revision: int | None = None) -> Answer:
    """
    Note what `words` (a line without its code) tell of a sheet.

    Raises WrongUsage as `debrief`, and Overtaken as `append_debrief` when `revision` is given.
    """
    done, issues = read_line(words, sheet, today=open_territory(folder).today)
    if done is None:
        raise WrongUsage("\n".join(issue_words(i) for i in issues if i.refused))
    before, _ = read_debriefs(folder)
    number = append_debrief(folder, done, revision=revision)
    lines = [f"Retour n° {number} noté. {debrief_line(done)}", *map(issue_words, issues)]
    lines += _replaced(before, done)
    value = {
        "numero": number,
        **debrief_rows({number: done})[0],
        "doutes": [i.code for i in issues],
    }
    return Answer(value, lines, DONE)


def _replaced(before: dict[int, Debrief], done: Debrief) -> list[str]:
    same = [n for n, one in in_force(before).items() if one.sheet.key == done.sheet.key]
    return [
        f"Il remplace le retour n° {n} de la même fiche, gardé dans l'historique." for n in same
    ]


def _listed(folder: Path, today: date) -> Answer:
    debriefs, issues = read_debriefs(folder)
    held = in_force(debriefs)
    rows: list[dict[str, Any]] = debrief_rows(debriefs, held)
    waiting = awaited_sheets(folder, today)
    lines = [*shown(issues), *debriefs_account(debriefs, held, waiting)]
    return Answer({"retours": rows, "attendus": [s.code for s in waiting]}, lines, DONE)


def issue_words(issue: Issue) -> str:
    """Return what is wrong or doubtful in a line, its code first."""
    return f"[{issue.code}] {issue.problem} {issue.remedy}".rstrip()
