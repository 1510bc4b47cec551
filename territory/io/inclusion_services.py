"""Services of data·inclusion (v0 and v1): whom a structure receives, and its hours when unsaid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from territory.io.inclusion import parse_list
from territory.io.place_rows import hours_of
from territory.io.records import received_table
from territory.io.rows import Columns, report_of
from territory.model.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from territory.io.rows import Row
    from territory.model.issues import ReadReport

# Publics of schema v1; those of v0 have other codes and are told by their code.
PUBLICS: Mapping[str, str] = {
    "actifs": "Actifs",
    "beneficiaires-des-minimas-sociaux": "Bénéficiaires des minimas sociaux",
    "demandeurs-emploi": "Demandeurs d’emploi",
    "etudiants": "Étudiants",
    "familles": "Familles",
    "femmes": "Femmes",
    "jeunes": "Jeunes",
    "personnes-en-situation-de-handicap": "Personnes en situation de handicap",
    "personnes-en-situation-durgence": "Personnes en situation d’urgence",
    "personnes-en-situation-juridique-specifique": "Personnes en situation juridique spécifique",
    "personnes-exilees": "Personnes exilées",
    "residents-qpv-frr": "Résidents en QPV ou FRR",
    "seniors": "Séniors",
    "tous-publics": "Tous publics",
}
_REMOTE = frozenset({"a_distance"})
COLUMNS = ("place_id", "audiences", "opening_hours", "updated_on")


@dataclass(frozen=True, slots=True)
class _Service:
    place_id: str
    audiences: tuple[str, ...]
    opening_hours: str | None
    updated_on: date | None


def read_inclusion_services(path: Path) -> tuple[pd.DataFrame, ReadReport]:
    """
    Read services of data·inclusion: place_id, audiences (French, |), hours (OSM), updated_on.

    The place is the structure, the day that of the last check. One line a service, in the order of
    the file; services given only at a distance have no hours of their own. Descriptions and names
    of contacts are never read. Raises UnreadableFile, or RefusedFile when a column is about people.
    Format: DATA_SOURCES section 9.
    """
    columns = Columns("inclusion_services", received_table(path))
    issues = columns.opening_issues(("structure_id",))
    broken = any(issue.code == "E-COL" for issue in issues)
    rows = list(columns.rows())
    found = [None if broken else _service(row) for row in rows]
    for row, service in zip(rows, found, strict=True):
        row.refused = row.refused or service is None
    kept = [
        (s.place_id, "|".join(s.audiences), s.opening_hours, s.updated_on)
        for s in found
        if s is not None
    ]
    table = pd.DataFrame(kept, columns=list(COLUMNS), dtype="object")
    return table, report_of(columns, issues, rows)


def with_services(places: pd.DataFrame, services: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """
    Return `places` with the audiences and hours that their services tell, where they tell none.

    `places` keeps PLACES; a service makes no place. Hours are taken only when the services of the
    place that have any agree: one door has one set of hours, and a guess would send people for
    nothing.
    """
    told = [table for table in services if len(table)]
    if not told:
        return places
    table = pd.concat(told)
    table = table[table["place_id"].isin(places.index)]
    audiences = table.groupby("place_id")["audiences"].agg(_together)
    hours = table.dropna(subset=["opening_hours"]).groupby("place_id")["opening_hours"]
    agreed = hours.first()[hours.agg(lambda told: len(set(told)) == 1).astype(bool)]
    return places.assign(
        audiences=_filled(places["audiences"], audiences),
        opening_hours=_filled(
            places["opening_hours"], agreed[places["hours_text"].reindex(agreed.index).isna()]
        ),
    )


def _service(row: Row) -> _Service | None:
    key = row.required("structure_id")
    if key is None:
        return None
    old = "old_audiences" in row.columns.position
    modes = {plain(mode) for mode in parse_list(row.text("access"))}
    listed = parse_list(row.text("old_audiences" if old else "audiences"))
    return _Service(
        f"di-{row.text('source')}--{key}" if old else f"di-{key}",
        tuple(PUBLICS.get(code, code.replace("-", " ")) for code in listed),
        None if modes and modes <= _REMOTE else hours_of(row),
        row.date("updated_on"),
    )


def _together(texts: pd.Series) -> str | None:
    """Return the distinct audiences of several services, in the order they come."""
    return "|".join(dict.fromkeys(a for text in texts for a in text.split("|") if a)) or None


def _filled(own: pd.Series, told: pd.Series) -> pd.Series:
    return own.fillna(told.reindex(own.index).astype(own.dtype))
