"""Who covers what: the proposed sectors, what changes, an absence, more posts, a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.commands.answer import Answer
from territory.commands.building import built_with_progress
from territory.commands.telling import telling
from territory.endings import DONE
from territory.errors import WrongUsage
from territory.model.jsonable import to_json
from territory.model.progress import Part, Stages
from territory.outputs.sector_account import (
    change_account,
    change_rows,
    compare_account,
    organisation_rows,
    plan_account,
)
from territory.pipeline.sector_compare import organisations_of
from territory.pipeline.sector_note import write_note
from territory.pipeline.sector_views import change_of_posts, change_to_plan, sector_ground

if TYPE_CHECKING:
    from pathlib import Path

    from territory.model.progress import ProgressReporter
    from territory.model.sector_changes import SectorChange
    from territory.pipeline.sector_views import SectorGround


_USUAL = {"qui couvre quoi": 1, "autres organisations": 1}  # parts of the time


def sectors(
    folder: Path,
    absent: str,
    posts: int,
    compare: bool,  # noqa: FBT001 - a flag
    seed: int | None,
    progress: ProgressReporter | None = None,
) -> Answer:
    """
    Propose who covers what, built first when need be, and write the note outputs/secteurs.pdf.

    `absent` (codes separated by commas) and `posts` (0: as many as the team) ask who takes over;
    `compare` adds other organisations. The value is the plan, with « changement » and
    « organisations ». `progress` is told where it is (None: this terminal). Raises WrongUsage as
    `change_of_posts`, and as `build`.
    """
    if posts < 0:
        raise WrongUsage("Le nombre de postes doit être un entier positif.")
    with telling(progress) as told:
        built = built_with_progress(folder, seed, progress=Part(told, 0.0, 0.5))
        begin = Stages(Part(told, 0.5, 0.9), _USUAL).begin
        begin("qui couvre quoi")
        view = sector_ground(built)
        change = _asked(view, absent, posts)
        begin("autres organisations")
        table = organisations_of(view) if compare else None
    asked = bool(absent.strip()) or posts > 0
    plan = change.plan if change is not None and asked else built.sectors
    lines = plan_account(plan, built.products["70_sectors"].facts)
    lines += [] if change is None else change_account(change)
    value = {**to_json(plan), "changement": None if change is None else change_rows(change)}
    if table is not None:
        lines += compare_account(table)
        value["organisations"] = organisation_rows(table)
    path = write_note(view, plan, change, table)
    value["fichier"] = str(path.relative_to(folder))
    lines.append(f"Note d'une page : {path.relative_to(folder)}")
    return Answer(value, lines, DONE, built.reports)


def _asked(view: SectorGround, absent: str, posts: int) -> SectorChange | None:
    """Return the change asked for, else that from today's sectors to the proposed ones."""
    gone = [code.strip() for code in absent.split(",") if code.strip()]
    if gone or posts:
        return change_of_posts(view, absent=gone, posts=posts or None)
    return change_to_plan(view)
