"""
What the coordinator decided about places written twice: fusions.csv, beside the settings.

The received files are never edited: a decision is applied each time they are read, and deleting its
line undoes it.
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

import pandas as pd

from territory.errors import UnreadableFile
from territory.io.atomic import write_bytes
from territory.model.issues import Issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import geopandas as gpd

MERGES = "fusions.csv"
_KEPT, _LEFT = "conserve", "retire"


def read_merges(territory: Path) -> dict[str, str]:
    """
    Return identifier left out -> identifier kept, chains followed to their end; {} without file.

    Raises UnreadableFile (French) when the file is not the table that `add_merges` writes.
    """
    path = territory / MERGES
    if not path.exists():
        return {}
    try:
        rows = list(csv.DictReader(StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";"))
        pairs = {row[_LEFT].strip(): row[_KEPT].strip() for row in rows}
    except (KeyError, AttributeError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(
            f"« {MERGES} » n'est pas lisible : deux colonnes sont attendues, « {_KEPT} » et "
            f"« {_LEFT} », séparées par « ; ». Corrigez-le ou supprimez-le."
        ) from error
    return {left: _end(left, pairs) for left in sorted(pairs) if _end(left, pairs) != left}


def add_merges(territory: Path, pairs: Iterable[tuple[str, str]]) -> Path:
    """Add (kept, left out) decisions to those already written; the file is replaced at once."""
    known = read_merges(territory) | {left: kept for kept, left in pairs}
    lines = [f"{_KEPT};{_LEFT}", *(f"{known[left]};{left}" for left in sorted(known))]
    return write_bytes(territory / MERGES, ("\ufeff" + "\r\n".join(lines) + "\r\n").encode())


def merged_places(
    places: gpd.GeoDataFrame, merges: Mapping[str, str]
) -> tuple[gpd.GeoDataFrame, list[Issue]]:
    """
    Return PLACES (any CRS, kept) without those left out, and what was done.

    A kept place takes from the one left out only what it lacks. A decision about a place that is
    no longer there does nothing.
    """
    here = {a: b for a, b in merges.items() if a in places.index and b in places.index}
    if not here:
        return places, []
    kept = places.drop(index=list(here))
    for left in sorted(here):
        row = places.loc[[left]].set_axis([here[left]]).rename_axis(places.index.name)
        kept = kept.combine_first(row)[list(places.columns)].astype(dict(places.dtypes))
    note = f"lieux réunis sur décision : {len(here)} ({len(places)} lus, {len(kept)} gardés)."
    return kept.set_geometry("geometry", crs=places.crs), [Issue("I-FUSION", MERGES, note)]


def followed(ids: pd.Series, merges: Mapping[str, str]) -> pd.Series:
    """Return identifiers of places with those left out replaced by those kept."""
    return ids.map(lambda key: key if pd.isna(key) else merges.get(key, key)).astype(ids.dtype)


def _end(key: str, pairs: Mapping[str, str]) -> str:
    """Follow the decisions from `key`; a circle ends at its smallest name."""
    seen = [key]
    while seen[-1] in pairs:
        after = pairs[seen[-1]]
        if after in seen:
            return min(seen[seen.index(after) :])
        seen.append(after)
    return seen[-1]
