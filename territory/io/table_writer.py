"""Tables written as French spreadsheets open them; refused lines listed without their values."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.errors import WrongUsage
from territory.io.atomic import write_bytes
from territory.io.coordinates import to_degrees
from territory.model.facts import FACTS, days_of
from territory.model.issues import ReadReport
from territory.model.tables import DAY, TEXT, YES_NO
from territory.model.words import WEEKDAYS, label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from territory.model.issues import Issue
    from territory.model.tables import TableContract

_FORMULA = re.compile(r"^'*[=+\-@\t\r]")
_QUOTED = re.compile(r"« [^»]* »")
# French header of each column, by contract; the order is the one of the file.
_HEADERS: dict[str, dict[str, str]] = {
    "places": {
        "place_id": "id_partenaire",
        "name": "nom_structure",
        "kind": "type_structure",
        "address": "adresse",
        "postcode": "code_postal",
        "commune_code": "code_insee",
        "status": "statut",
        "hosts_permanence": "accueille_permanence",
        "opening_hours": "horaires",
        "sensitive": "lieu_sensible",
        "fixed_point": "point_fixe",
        "source": "source",
        "first_contact_on": "date_premier_contact",
        "last_met_on": "date_derniere_rencontre",
        "updated_on": "date_maj",
        "siret": "siret",
        "audiences": "publics",
        "sector": "secteur_activite",
        "season": "saison",
        "prospecting_stage": "prospection",
        "closures": "fermetures",
        "crowd": "affluence_estimee",
        "crowd_source": "source_estimation",
        "hours_on": "horaires_verifies_le",
        "position_on": "adresse_verifiee_le",
        "status_on": "statut_verifie_le",
        "hosts_on": "permanence_verifiee_le",
        "audiences_on": "publics_verifies_le",
        "crowd_on": "affluence_estimee_le",
    },
    "activities": {
        "on": "date",
        "kind": "type_activite",
        "activity_id": "id_activite",
        "start_min": "heure_debut",
        "end_min": "heure_fin",
        "hours": "duree_h",
        "place_name": "lieu",
        "place_id": "id_partenaire",
        "commune_code": "code_insee",
        "agents": "agents",
        "state": "statut_realisation",
        "n_informed": "nb_informes",
        "n_engaged": "nb_accroches",
        "n_assessed": "nb_diagnostics",
        "n_referred": "nb_orientes",
        "n_women": "nb_femmes",
        "n_men": "nb_hommes",
        "n_gender_unknown": "nb_sexe_inconnu",
        "n_under_26": "nb_moins_26",
        "n_26_59": "nb_26_59",
        "n_60_plus": "nb_60_plus",
        "n_age_unknown": "nb_age_inconnu",
        "n_partners_met": "nb_partenaires_rencontres",
        "flyers": "canal_com",
        "weather": "meteo",
        "cancel_reason": "motif_annulation",
        "place_precision": "precision_lieu",
        "qpv_code": "code_qp",
        "sensitive": "lieu_sensible",
    },
    "contacts": {
        "contact_id": "id_ligne",
        "activity_id": "id_activite",
        "on": "date",
        "place_name": "lieu",
        "count": "nombre",
        "stage": "etape",
        "channel": "canal",
        "home_zone": "zone_residence",
        "gender": "sexe",
        "age_band": "tranche_age",
        "home_city_code": "commune_residence",
        "barriers": "freins",
        "referred_to": "orientation_vers",
        "outcome": "issue",
        "registered": "inscrit_spe",
        "supported": "accompagne_spe",
    },
    "team": {
        "agent_code": "code_agent",
        "role": "role",
        "weekly_hours": "heures_hebdo",
        "communes": "communes",
        "start_place_id": "point_depart",
        "walk_kmh": "vitesse_marche_kmh",
        "walk_max_m": "marche_max_km",
        "unit": "unite_territoriale",
        "active_from": "actif_du",
        "active_to": "actif_au",
        "languages": "langues",
    },
    "availability": {
        "agent_code": "code_agent",
        "weekday": "jour",
        "from_on": "date_du",
        "to_on": "date_au",
        "start_min": "debut",
        "end_min": "fin",
        "weeks": "semaine",
        "kind": "type",
        "place_id": "id_partenaire",
        "recurrence": "recurrence",
        "headcount": "effectif",
        "partners": "avec",
    },
}
_WITHOUT_VALUES = {
    "E-DATE": "ce n'est pas une date valide (attendu : jj/mm/aaaa).",
    "E-JOUR": "le jour de la semaine écrit n'est pas celui de la date.",
    "E-NUM": "ce n'est pas un nombre attendu ici.",
    "E-LISTE": "ce n'est pas une valeur connue pour cette colonne.",
    "E-SIRET": "le SIRET a été abîmé par Excel.",
    "E-COORD": "coordonnées absentes ou hors de France.",
    "E-REF": "ce partenaire n'existe pas dans la feuille « partenaires ».",
}


def write_csv(table: pd.DataFrame, contract: TableContract, path: Path) -> Path:
    """
    Write a table that keeps `contract` so that its reader gives it back; return `path`.

    UTF-8 with BOM, `;`, CRLF, decimal comma, jj/mm/aaaa, French headers, points as latitude and
    longitude (WGS84); texts that a spreadsheet would run as formulas are preceded by `'`. Raises
    WrongUsage for a contract that people do not fill in.
    """
    headers = _HEADERS.get(contract.name)
    if headers is None:
        raise WrongUsage(f"La table « {contract.name} » ne s'écrit pas en CSV.")
    whole = _with_fact_days(_with_hours_as_written(table.reset_index(names=contract.index)))
    columns = [_texts(whole, name, contract) for name in headers]
    names = list(headers.values())
    if contract.geometry:
        points = [p if p is not None and not pd.isna(p) else None for p in table.geometry]
        found = to_degrees(points, table.crs.to_epsg())
        columns += [["" if f is None else _number(f[n]) for f in found] for n in (0, 1)]
        names += ["latitude", "longitude"]
    return write_bytes(path, _csv([names, *map(list, zip(*columns, strict=True))]))


def _with_hours_as_written(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with hours nobody could read put back where they were written."""
    if "hours_text" not in table:
        return table
    return table.assign(opening_hours=table["opening_hours"].fillna(table["hours_text"]))


def _with_fact_days(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with a column for the day of each fact that has one of its own."""
    if "verified" not in table:
        return table
    days = table["verified"].map(days_of, na_action=None)
    return table.assign(
        **{
            fact.day: days.map(lambda told, code=code: _french_day(told.get(code)))
            for code, fact in FACTS.items()
        }
    )


def _french_day(iso: str | None) -> str | None:
    return None if iso is None else "/".join(reversed(iso.split("-")))


def _texts(table: pd.DataFrame, name: str, contract: TableContract) -> list[str]:
    write = _writer(name, next((c.dtype for c in contract.columns if c.name == name), TEXT))
    return ["" if pd.isna(value) else write(value) for value in table[name]]


def _writer(name: str, dtype: str) -> Callable[[Any], str]:
    """Return how the values of a column are written."""
    special: dict[str, Callable[[Any], str]] = {
        "start_min": _clock,
        "end_min": _clock,
        "walk_max_m": lambda metres: _number(metres / 1000),
        "weekday": lambda day: label(WEEKDAYS, str(int(day))),
    }
    usual: dict[str, Callable[[Any], str]] = {
        TEXT: lambda text: protected(str(text)),
        DAY: lambda day: f"{day:%d/%m/%Y}",
        YES_NO: lambda yes: "oui" if yes else "non",
    }
    return special.get(name) or usual.get(dtype, _number)


def protected(text: str) -> str:
    """
    Return `text` preceded by `'` when a spreadsheet would take it for a formula.

    Source: OWASP, CSV Injection.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def _number(value: float) -> str:
    whole = float(value).is_integer()
    return str(int(value)) if whole else repr(float(value)).replace(".", ",")


def _clock(minutes: int) -> str:
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def write_rows(rows: Iterable[Sequence[str]], path: Path) -> Path:
    """Write rows of text (headers first) as French Excel reads them, formulas neutralised."""
    return write_bytes(path, csv_bytes(rows))


def csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows of text (headers first) as `write_rows` writes them."""
    return _csv([list(map(protected, row)) for row in rows])


def write_refused(report: ReadReport | Iterable[ReadReport], path: Path) -> Path:
    """
    Write every refusal of one or several reports: file, line, column, code, problem, remedy.

    No value of a cell is written, not even those a message on screen may show. Returns `path`.
    """
    reports = [report] if isinstance(report, ReadReport) else list(report)
    issues = sorted(
        (i for r in reports for i in r.issues if i.refused), key=lambda i: (i.file, i.line, i.code)
    )
    rows = [(i.file, str(i.line or ""), i.column, i.code, _problem(i), i.remedy) for i in issues]
    header = ("fichier", "ligne", "colonne", "code", "probleme", "correction")
    return write_bytes(path, _csv([header, *(tuple(map(protected, row)) for row in rows)]))


def _problem(issue: Issue) -> str:
    """Return the problem without what a cell held; headers may be named, they are no value."""
    if issue.code in _WITHOUT_VALUES:
        return _WITHOUT_VALUES[issue.code]
    about_headers = issue.code in {"E-COL", "E-VIDE", "E-ENTETE", "E-PERSO", "E-SENSIBLE"}
    return issue.problem if about_headers else _QUOTED.sub("« … »", issue.problem)
