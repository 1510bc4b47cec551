"""The files of outputs/ that pages offer to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from territory.web.shelf import Holdings


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
