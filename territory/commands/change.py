"""`territory change`: change a week, take a change back, and see what it does to the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.commands.answer import Answer
from territory.commands.building import built_with_progress
from territory.commands.telling import telling
from territory.commands.week_words import edit_of
from territory.endings import DONE
from territory.errors import Overtaken
from territory.io.week_edits import append_edit, edits_in_force, edits_revision, read_edits
from territory.model.issues import shown
from territory.model.jsonable import to_json
from territory.model.progress import Part, go_on
from territory.model.week_edits import WeekEdit
from territory.outputs.week_account import week_account
from territory.pipeline.week import sign_week, week_step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from territory.model.progress import ProgressReporter
    from territory.model.week_results import WeekPlan
    from territory.pipeline.workspace import Built


def change(  # noqa: PLR0913, PLR0917 - as the command line gives them
    folder: Path,
    week: str,
    asked: Mapping[str, tuple[str, ...]],
    undo: int,
    sign: bool,  # noqa: FBT001 - a flag
    seed: int | None,
    tell: Callable[[str], None] | None = None,
    progress: ProgressReporter | None = None,
) -> Answer:
    """
    Note the changes `asked` (kind to texts), or take back line `undo`, then plan the week again.

    The answer tells which stops changed; with `sign` the plan becomes the one that the team holds.
    `progress` (None: this terminal) is told where it is, and how much changes long before the
    reasons are known; `tell` the new plan before its files are written: the answer then tells the
    rest. Raises WrongUsage for a text that is not understood or names nothing known, and as
    `append_edit`, `week_step` and `deliver`.
    """
    with telling(progress) as told:
        built, plan, numbers = _planned(folder, week, asked, undo, seed, told)
        go_on(told)
    lines = [f"Changement n° {n} noté." for n in numbers]
    lines += shown(read_edits(folder, week)[1])
    if sign:
        sign_week(built, plan)
        lines.append("Ce plan est celui que l'équipe tient : signé.")
    lines += [*plan.changes, "", *week_account(plan)]
    if tell is not None:
        tell("\n".join(lines))
        lines = []
    paths = _written(built, plan, progress) if numbers or sign else []
    lines += [f"Fichiers de la semaine écrits : {len(paths)}."] if paths else []
    value = {"changements": _rows(folder, week), "semaine": to_json(plan),
             "fichiers": [str(p.relative_to(folder)) for p in paths]}  # fmt: skip
    return Answer(value, lines, DONE, built.reports)


def sign(
    folder: Path,
    week: str,
    seed: int | None,
    revision: int,
    progress: ProgressReporter | None = None,
) -> Answer:
    """
    Make the plan of an ISO week the one that the team holds.

    Raises Overtaken (French) when a change was noted since `revision` (see `edits_revision`), and
    as `change`.
    """
    if edits_revision(folder, week) != revision:
        raise Overtaken("La semaine a été changée entre-temps : relisez-la avant de la signer.")
    return change(folder, week, {}, 0, True, seed, progress=progress)


def _planned(
    folder: Path,
    week: str,
    asked: Mapping[str, tuple[str, ...]],
    undo: int,
    seed: int | None,
    told: ProgressReporter,
) -> tuple[Built, WeekPlan, list[int]]:
    """Return the week planned with the changes asked, and the lines that note them."""
    built = built_with_progress(folder, seed, progress=Part(told, 0.0, 0.3))
    held = week_step(built, week, progress=Part(told, 0.3, 0.5))
    edits = [edit_of(built, held, kind, text) for kind, texts in asked.items() for text in texts]
    edits += [WeekEdit(None, undoes=undo)] if undo else []
    numbers = [append_edit(folder, week, edit) for edit in edits]
    return built, week_step(built, week, progress=Part(told, 0.5, 0.8)), numbers


def _written(built: Built, plan: WeekPlan, progress: ProgressReporter | None) -> list[Path]:
    """Write what a team holds; maps and workbooks are loaded now, once the plan is told."""
    from territory.pipeline.deliver import deliver  # noqa: PLC0415

    with telling(progress) as told:
        told.tell("carte, fiches et agendas", 0.8)
        return deliver(built, plan)


def _rows(folder: Path, week: str) -> list[dict[str, object]]:
    known = read_edits(folder, week)[0]
    held = edits_in_force(known)
    return [{"ligne": n, "tient": n in held, **to_json(e)} for n, e in known.items()]
