"""The files of outputs/ that pages offer to keep."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from territory.web.rights import Right

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from territory.web.shelf import Holdings

SENT = frozenset({
    ".pdf", ".xlsx", ".csv", ".ics", ".gpx", ".gpkg", ".geojson", ".json", ".html", ".txt",
    ".docx", ".odt",
})  # fmt: skip
PART = re.compile(r"[\w][\w.\-]*")  # each folder or file of an address: a plain name
_TELL_HOURS = ("semaine.pdf", "semaine.xlsx", "semaine.json", "secteurs")  # of each mediator
_OF_TEAM = "_equipe"  # reports as the team has them
_OF_IMPORTS = ("contacts_pro.csv", "adresses_a_verifier.csv")  # mailboxes, lines to mend


def right_for(name: str) -> Right:
    """Return what somebody must be allowed to have the file of outputs/ of this name."""
    if name.startswith(_TELL_HOURS) or name.partition(".")[0].endswith(_OF_TEAM):
        return Right.HOURS
    return Right.IMPORT if name in _OF_IMPORTS else Right.READ


def all_files(folder: Path) -> list[str]:
    """Return every file of outputs/ that may be sent, by its place there, in order of names."""
    outputs = folder / "outputs"
    found = (path.relative_to(outputs) for path in outputs.rglob("*") if path.suffix in SENT)
    kept = (path for path in found if (outputs / path).is_file())
    return sorted(path.as_posix() for path in kept if all(map(PART.fullmatch, path.parts)))


def latest_files(held: Holdings, names: Iterable[str]) -> dict[str, str]:
    """Return by name where in outputs/ the latest week holds each file, those it has only."""
    outputs = held.territory.folder / "outputs"
    found = {}
    for name in names:
        weeks = [week for week in held.weeks if (outputs / week / name).is_file()]
        if weeks:
            found[name] = f"{weeks[0]}/{name}"
    return found


def standing_files(held: Holdings, names: Iterable[str]) -> list[str]:
    """Return which of these files are in outputs/, by their place there."""
    outputs = held.territory.folder / "outputs"
    return [name for name in names if (outputs / name).is_file()]
