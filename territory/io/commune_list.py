"""Names of communes, looked up in the outlines that lie in a folder not yet a territory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.errors import TerritoryError
from territory.io.admin import read_communes
from territory.io.raw_folder import raw_folder
from territory.io.recognise import recognise
from territory.model.words import plain

if TYPE_CHECKING:
    from pathlib import Path

MOST = 30
_SUFFIXES = frozenset({".geojson", ".json", ".gpkg", ".shp", ".zip"})


def outline_files(folder: Path) -> list[tuple[Path, str | None]]:
    """Return the files of data/raw that hold outlines of communes, with their layer."""
    found = []
    for path in sorted(raw_folder(folder).glob("*")):
        if path.suffix.lower() in _SUFFIXES:
            found += [(path, layer) for layer in _communes_of(path)]
    return found


def communes_named(folder: Path, text: str) -> tuple[tuple[str, str], ...]:
    """
    Return (Insee code, name) of at most 30 communes whose name holds `text`, by name.

    Accents and case do not matter. Files that cannot be read are passed over.
    """
    wanted = plain(text)
    found: dict[str, str] = {}
    for path, layer in outline_files(folder):
        try:
            names = read_communes(path, layer=layer)[0]["name"]
        except TerritoryError:
            continue
        found |= {str(c): str(n) for c, n in names.items() if wanted in plain(str(n))}
    return tuple(sorted(found.items(), key=lambda pair: (pair[1], pair[0])))[:MOST]


def _communes_of(path: Path) -> list[str | None]:
    try:
        return [source.layer for source in recognise(path) if source.kind == "communes"]
    except TerritoryError:
        return []
