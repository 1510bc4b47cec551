"""`territory extension`: which groups of priority quarters to serve next, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.commands.answer import Answer
from territory.commands.building import built_with_progress
from territory.endings import DONE, NO_ANSWER
from territory.io.atomic import write_text
from territory.io.quarter_groups import read_quarter_groups
from territory.model.jsonable import to_json
from territory.model.results import Ending
from territory.pipeline.site_extension import derived_groups, extension_of, quarter_names

if TYPE_CHECKING:
    from pathlib import Path


def extension(
    folder: Path, number: int, groups: Path | None, walk: float, seed: int | None
) -> Answer:
    """
    Choose `number` groups of quarters, and write the note outputs/extension.txt that justifies it.

    `groups` is a table (groupe, quartier); without it, one group a quarter, with those at most
    `walk` minutes away. The code is NO_ANSWER when the decisions contradict one another. Raises
    WrongUsage as `read_quarter_groups` and `extension_of`.
    """
    built = built_with_progress(folder, seed)
    if groups is not None:
        table = read_quarter_groups(groups, quarter_names(built))
    else:
        table = derived_groups(built, walk)
    plan = extension_of(built, table, number)
    settings = built.territory.settings
    title = f"Quartiers d'extension – {settings.ground.name}"
    basis = (
        "Compté : le public estimé de chaque quartier prioritaire qui vit à plus de "
        f"{settings.sites.limit_min:g} minutes à pied d'une permanence. Un quartier de plusieurs "
        "groupes compte une fois."
    )
    lines = [title, *plan.note, basis]
    path = write_text(folder / "outputs" / "extension.txt", "\n".join([*lines, ""]))
    lines = [*lines, f"Note : {path.relative_to(folder)}"]
    code = NO_ANSWER if plan.ending is Ending.IMPOSSIBLE else DONE
    value = {**to_json(plan), "candidats": {k: list(v) for k, v in table.items()}}
    return Answer(value, lines, code, built.reports)
