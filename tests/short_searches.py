"""A built territory whose weeks are searched shortly: what is checked holds whatever the search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.pipeline.last_build import note_build
from territory.settings import FILE_NAME
from territory.web.shelf import Shelf

if TYPE_CHECKING:
    from pathlib import Path

SHORT = "\n[semaine]\nessais = 200\nessais_preuve = 1\n"


def hurried(folder: Path) -> Path:
    """Let the weeks of a built town be searched and bounded shortly, as if it had been built so."""
    with (folder / FILE_NAME).open("a", encoding="utf-8") as settings:
        settings.write(SHORT)
    built = Shelf(folder).now().built
    assert built is not None
    note_build(built)
    return folder
