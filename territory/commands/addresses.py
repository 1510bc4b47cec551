"""Places put on the map from their address: which are sure, to be checked, or not found."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console

from territory.analysis.partners import shown_name
from territory.commands.answer import Answer
from territory.endings import DONE
from territory.fetch.geocode_online import SERVICE, located_online
from territory.fetch.patience import Means
from territory.geocoding.match import ACCEPTED
from territory.io.positions import POSITIONS, add_positions, read_corrections
from territory.io.table_writer import write_rows
from territory.pipeline.sources import read_sources
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from pathlib import Path

_HEADERS = ("id", "nom", "adresse_ecrite", "adresse_trouvee", "score", "precision", "autres",
            "latitude", "longitude")  # fmt: skip
_TO_CHECK = "outputs/adresses_a_verifier.csv"


def geocode(
    folder: Path,
    online: bool,  # noqa: FBT001 - the command line passes its options in order
    corrections: Path | None,
    service: str = SERVICE,
) -> Answer:
    """
    List the places found from their address, and write those to check as a table.

    With `corrections`, the points filled in that table are kept first; when `online`, the addresses
    of structures that stay weak are sent to the official geocoder. Raises UnreadableFile for a bad
    table or answer, and as `read_sources`.
    """
    lines = [] if corrections is None else _corrected(folder, corrections)
    lines += _online(folder, service) if online else []
    answer = _listed(folder)
    return Answer(answer.value, [*lines, *answer.lines], answer.code, answer.reports)


def _corrected(folder: Path, corrections: Path) -> list[str]:
    territory = open_territory(folder)
    found = read_corrections(corrections, territory.today.isoformat())
    addresses = read_sources(territory).table("places")["address"].fillna("")
    known = {
        key: replace(point, address=str(addresses[key]))
        for key, point in found.items()
        if key in addresses.index
    }
    add_positions(folder, known)
    lost = len(found) - len(known)
    lines = [f"Points corrigés : {len(known)}, gardés dans {POSITIONS}."]
    return lines + ([f"Identifiants inconnus, laissés de côté : {lost}."] if lost else [])


def _online(folder: Path, service: str) -> list[str]:
    territory = open_territory(folder)
    built = read_sources(territory)
    scores = built.table("placements")["score"]
    weak = built.table("places").loc[scores[~(scores >= ACCEPTED)].index]
    day = territory.today.isoformat()
    found = located_online(weak, Means(), _say, on=day, service=service)
    if found:
        add_positions(folder, found)
    many = f"Adresses trouvées en ligne : {len(found)} sur {len(weak)}"
    return [f"{many}, gardées dans {POSITIONS} (supprimez une ligne pour la défaire)."]


def _say(sentence: str) -> None:
    Console(stderr=True, soft_wrap=True, highlight=False).print(sentence, markup=False)


def _listed(folder: Path) -> Answer:
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
        lines += [
            f"À corriger : {_TO_CHECK}. Remplissez latitude et longitude, puis redonnez-le avec "
            "--corrections."
        ]
    value = {
        "placees": int(sure.sum()),
        "a_verifier": int((found & ~sure).sum()),
        "non_trouvees": int((~found).sum()),
    }
    return Answer(value, lines, DONE, built.reports)


def _row(key: str, row: pd.Series, place: pd.Series) -> tuple[str, ...]:
    """Return one line to check; the address of a sensitive place is never written."""
    secret = not pd.isna(place["sensitive"]) and bool(place["sensitive"])
    others: list[list[Any]] = json.loads(str(row["candidates"]))[1:]
    written = "" if secret else str(place["address"])
    label = "" if secret or pd.isna(row["label"]) else str(row["label"])
    listed = "" if secret else " | ".join(str(o[0]) for o in others)
    score = "" if pd.isna(row["score"]) else f"{row['score']:.2f}".replace(".", ",")
    precision = "" if pd.isna(row["precision"]) else str(row["precision"])
    return (key, shown_name(place), written, label, score, precision, listed, "", "")
