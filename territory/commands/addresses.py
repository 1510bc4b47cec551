"""Places put on the map from their address: which are sure, to be checked, or not found."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.analysis.partners import shown_name
from territory.commands.answer import Answer
from territory.geocoding.match import ACCEPTED
from territory.io.table_writer import write_rows
from territory.pipeline.steps import read_sources
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from pathlib import Path

_HEADERS = ("id", "nom", "adresse_ecrite", "adresse_trouvee", "score", "precision", "autres")
_TO_CHECK = "outputs/adresses_a_verifier.csv"


def geocode(folder: Path) -> Answer:
    """List the places found from their address, and write those to check as a table."""
    built = read_sources(open_territory(folder))
    places, placements = built.table("places"), built.table("placements")
    found = placements["score"].notna()
    sure = found & (placements["score"] >= ACCEPTED)
    weak = placements[~sure]
    lines = [
        f"Adresses placées : {int(sure.sum())} ; à vérifier : {int((found & ~sure).sum())} ; "
        f"non trouvées : {int((~found).sum())}."
    ]
    if not len(placements):
        lines.append("Aucun lieu n’attend de point, ou aucun fichier d’adresses (BAN) n’est là.")
    if len(weak):
        rows = [_row(str(key), row, places.loc[key]) for key, row in weak.iterrows()]
        write_rows([_HEADERS, *rows], folder / _TO_CHECK)
        lines += [f"  {row[1]} : {row[3] or 'adresse non trouvée'}" for row in rows]
        lines.append(f"À corriger dans votre fichier de lieux : {_TO_CHECK}")
    value = {
        "placees": int(sure.sum()),
        "a_verifier": int((found & ~sure).sum()),
        "non_trouvees": int((~found).sum()),
    }
    return Answer(value, lines)


def _row(key: str, row: pd.Series, place: pd.Series) -> tuple[str, ...]:
    """Return one line to check; the address of a sensitive place is never written."""
    secret = not pd.isna(place["sensitive"]) and bool(place["sensitive"])
    others: list[list[Any]] = json.loads(str(row["candidates"]))[1:]
    written = "" if secret else str(place["address"])
    label = "" if secret or pd.isna(row["label"]) else str(row["label"])
    listed = "" if secret else " | ".join(str(o[0]) for o in others)
    score = "" if pd.isna(row["score"]) else f"{row['score']:.2f}".replace(".", ",")
    precision = "" if pd.isna(row["precision"]) else str(row["precision"])
    return (key, shown_name(place), written, label, score, precision, listed)
