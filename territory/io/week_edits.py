"""
What was changed in a week, line by line: semaines/2026-W48.jsonl in the territory folder.

Lines are only ever added; a change is taken back by a line that names the number of its own.
Workers are codes; nothing else about anybody is written.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import ValidationError

from territory.errors import Overtaken, WrongUsage
from territory.io.audit_log import append_json
from territory.io.one_writer import one_writer
from territory.model.issues import Issue
from territory.model.jsonable import from_json, to_json
from territory.model.week_edits import EditKind, WeekEdit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FOLDER = "semaines"


def append_edit(folder: Path, week: str, edit: WeekEdit) -> int:
    """
    Add one change to the log of an ISO week; return the number of its line.

    The line is flushed to the disk, and closes first one that a crash left torn. Raises WrongUsage
    (French) when it says nothing or undoes no earlier line; OSError when the disk refuses.
    """
    known, _ = read_edits(folder, week)
    fault = _fault(edit, known)
    if fault:
        raise WrongUsage(f"Le changement n'est pas noté : {fault}")
    path = _path(folder, week)
    path.parent.mkdir(exist_ok=True)
    return append_json(path, to_json(edit)).read_bytes().count(b"\n")


def append_edits(
    folder: Path, week: str, edits: Sequence[WeekEdit], *, revision: int
) -> tuple[int, ...]:
    """
    Add changes together if the log still is at `revision`; return the numbers of their lines.

    One writer at a time, whatever the process. Raises Overtaken (French) when somebody added a line
    since `revision` was read, WrongUsage as `append_edit`; nothing is then written. Raises OSError
    when the disk refuses, maybe midway.
    """
    with one_writer(folder / FOLDER):
        known, _ = read_edits(folder, week)
        faults = [fault for edit in edits if (fault := _fault(edit, known))]
        if faults:
            raise WrongUsage(f"Le changement n'est pas noté : {faults[0]}")
        if edits_revision(folder, week) != revision:
            raise Overtaken(
                "Quelqu'un a changé cette semaine entre-temps : votre changement n'est pas noté. "
                "Voici la semaine comme elle est maintenant."
            )
        return tuple(append_edit(folder, week, edit) for edit in edits)


def edits_revision(folder: Path, week: str) -> int:
    """Return a number that grows with each line of the log of an ISO week, 0 without any."""
    path = _path(folder, week)
    return path.read_bytes().count(b"\n") if path.exists() else 0


def read_edits(folder: Path, week: str) -> tuple[dict[int, WeekEdit], tuple[Issue, ...]]:
    """Return the changes of an ISO week by line number, in order, and the lines left out."""
    path = _path(folder, week)
    known: dict[int, WeekEdit] = {}
    issues: list[Issue] = []
    content = path.read_bytes() if path.exists() else b""
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line.strip():
            continue
        edit = _edit(line)
        fault = "elle est coupée ou illisible." if edit is None else _fault(edit, known)
        if edit is None or fault:
            what = f"ce changement n'est pas repris : {fault}"
            issues.append(Issue("E-CHANGEMENT", path.name, what, line=number))
        else:
            known[number] = edit
    return known, tuple(issues)


def edits_in_force(edits: Mapping[int, WeekEdit]) -> dict[int, WeekEdit]:
    """Return the changes that hold, by line number: those that nothing in force undoes."""
    return {n: edits[n] for n in lines_in_force(edits) if edits[n].kind is not None}


def lines_in_force(edits: Mapping[int, WeekEdit]) -> tuple[int, ...]:
    """Return the numbers of the lines that hold, in order: changes, and what takes some back."""
    undone: set[int] = set()
    for number in sorted(edits, reverse=True):  # a line is undone by later ones only
        undoes = edits[number].undoes
        if number not in undone and undoes is not None:
            undone.add(undoes)
    return tuple(sorted(set(edits) - undone))


def _path(folder: Path, week: str) -> Path:
    return folder / FOLDER / f"{week}.jsonl"


def _edit(line: bytes) -> WeekEdit | None:
    try:
        return from_json(WeekEdit, json.loads(line))
    except (ValueError, ValidationError, RecursionError):
        return None


def _fault(edit: WeekEdit, known: Mapping[int, WeekEdit]) -> str:
    """Return in French what is wrong with a change, "" when nothing is."""
    if edit.undoes is not None:
        return "" if edit.undoes in known else "il annule une ligne qui n'existe pas."
    if edit.kind is None:
        return "il ne dit rien."
    if edit.kind in {EditKind.LOCK, EditKind.EXCLUDE, EditKind.PLACE} and not edit.target.strip():
        return "il manque la sortie, le lieu ou la zone."
    if edit.kind is EditKind.ABSENCE and not (edit.agent and edit.on):
        return "il manque qui est absent, ou quel jour."
    if edit.kind is EditKind.APPOINTMENT:
        times = edit.start_min, edit.end_min
        if None in times or not (edit.agent and edit.on) or times[0] >= times[1]:  # type: ignore[operator]
            return "il manque qui, quel jour, ou des heures dans l'ordre."
    return ""
