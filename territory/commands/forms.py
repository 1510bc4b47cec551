"""Forms a coordinator fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.commands.answer import Answer
from territory.errors import WrongUsage
from territory.io.atomic import write_bytes
from territory.outputs.template import template_bytes

if TYPE_CHECKING:
    from pathlib import Path


def template(path: Path) -> Answer:
    """
    Write the empty workbook to `path`; a file already there is never replaced.

    Raises WrongUsage (French) when the name is taken or does not end by .xlsx.
    """
    if path.suffix.lower() != ".xlsx":
        raise WrongUsage(f"« {path.name} » doit finir par .xlsx.")
    if path.exists():
        raise WrongUsage(f"« {path.name} » existe déjà : choisissez un autre nom.")
    write_bytes(path, template_bytes())
    lines = [f"Classeur écrit : {path.name}. Commencez par la feuille LISEZ-MOI."]
    return Answer({"fichier": path.name}, lines)
