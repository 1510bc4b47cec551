"""The plan of a week as the team holds it, once signed: semaines/2026-W48-plan.json."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pydantic import ValidationError

from territory.errors import UnreadableFile
from territory.io.atomic import write_json
from territory.io.week_edits import FOLDER
from territory.model.jsonable import from_json, to_json
from territory.model.week_results import WeekPlan

if TYPE_CHECKING:
    from pathlib import Path


def sign_plan(folder: Path, plan: WeekPlan) -> Path:
    """Keep `plan` as what the team holds for its week, in place of the one before; atomic."""
    path = _path(folder, plan.week)
    path.parent.mkdir(exist_ok=True)
    write_json(path, to_json(plan))
    return path


def signed_plan(folder: Path, week: str) -> WeekPlan | None:
    """
    Return the plan that the team holds for an ISO week, None when none was signed.

    Raises UnreadableFile (French) when the file was damaged: what a team was told is not guessed.
    """
    path = _path(folder, week)
    if not path.exists():
        return None
    try:
        return from_json(WeekPlan, json.loads(path.read_bytes()))
    except (ValueError, ValidationError, RecursionError) as error:
        raise UnreadableFile(
            f"Le plan signé « {path.name} » est abîmé. Remettez une copie, ou effacez-le pour "
            "planifier la semaine à nouveau."
        ) from error


def _path(folder: Path, week: str) -> Path:
    return folder / FOLDER / f"{week}-plan.json"
