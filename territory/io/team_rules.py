"""The rules of a team and who covers which commune: sheets « contraintes » and « secteurs »."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from territory.io.contact_counts import numbered
from territory.io.place_rows import commune_of, made_id
from territory.io.rows import Columns, Row, record_frame, refuse_identifiers, report_of
from territory.io.text_tables import read_table
from territory.io.values import is_worker_code, read_number, read_range, read_time, read_yes_no
from territory.model.tables import CONSTRAINTS, SECTORS, check_table, conform, empty_table
from territory.model.words import CONSTRAINT_KINDS, STRENGTHS, WEEKDAYS, find, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd

    from territory.model.issues import ReadReport

_YES_NO = frozenset({"binome", "equite_communes"})
_MOST = {
    "max_maraudes_semaine": 20.0,
    "min_maraudes_semaine": 20.0,
    "duree_max_maraude_h": 10.0,
    "espacement_min_jours": 365.0,
    "part_qpv_min": 100.0,
}
_WHOLE = frozenset({"max_maraudes_semaine", "min_maraudes_semaine", "espacement_min_jours"})
_NAMED = frozenset({"eviter", "privilegier", "lieu_fixe"})
_NO = "Ligne ignorée."


def read_constraints(
    path: Path, *, sheet: str | None = None, city_codes: Mapping[str, str] | None = None
) -> tuple[pd.DataFrame, ReadReport]:
    """
    Read « contraintes » (LOG_FORMAT 3.7) as CONSTRAINTS, one rule a row, and its report.

    A value that its type of rule cannot have refuses the line (E-VALEUR). `city_codes` gives the
    code of communes written by name. Raises RefusedFile, UnreadableFile, UnknownKind when `sheet`
    does not exist.
    """
    columns = Columns("constraints", read_table(path, sheet))
    opening = columns.opening_issues(("kind",))
    rows, broken = list(columns.rows()), any(i.code == "E-COL" for i in opening)
    cities = {plain(name): code for name, code in (city_codes or {}).items()}
    records = [None if broken else _constraint(row, cities) for row in rows]
    for row, record in zip(rows, records, strict=True):
        row.refused = row.refused or record is None
    kept = [r for r in records if r is not None]
    report = report_of(columns, opening, rows)
    if not kept:
        return empty_table(CONSTRAINTS), report
    keys = [made_id("r", "|".join(str(r[name]) for name in sorted(r))) for r in kept]
    table = conform(record_frame(CONSTRAINTS, kept, numbered(keys)), CONSTRAINTS)
    check_table(table, CONSTRAINTS)
    return table, report


def _constraint(row: Row, cities: Mapping[str, str]) -> dict[str, Any] | None:
    refuse_identifiers(row)
    kind, agent = row.word("kind", CONSTRAINT_KINDS, required=True), row.text("agent_code")
    if agent is not None and not is_worker_code(agent):
        problem = "cette colonne attend un code (par exemple M1), pas un nom de personne."
        row.refuse("E-NOM", "agent_code", problem, "Ligne refusée.")
    values = {
        "kind": kind,
        "value": _value(row, kind) if kind else None,
        "weekday": _weekday(row, kind),
        "start_min": row.minutes("start"),
        "end_min": row.minutes("end"),
        "agent_code": agent,
        "commune_code": commune_of(row, cities),
        "place_id": row.text("partner_id"),
        "strength": row.word("strength", STRENGTHS) or "souhait",
        "from_on": row.date("from_on"),
        "to_on": row.date("to_on"),
    }
    return None if row.refused else values


def _value(row: Row, kind: str) -> str | None:
    """Return the value of a rule in one form: 1/0, a number, minutes, « start-end », or a name."""
    text = row.text("value")
    if text is None:
        if kind not in {"lieu_fixe", "jour_exclu", *_NAMED}:
            row.required("value")
        return None
    found = _reading(kind)(text)
    if found is None:
        problem = f"la valeur n'est pas celle qu'attend la règle « {kind} »."
        row.refuse("E-VALEUR", "value", problem, _NO)
    return found


def _reading(kind: str) -> Callable[[str], str | None]:
    if kind in _YES_NO:
        return _yes_no
    if kind in _MOST:
        return lambda text: _number(text, kind)
    special: dict[str, Callable[[str], str | None]] = {
        "pause_midi": _range,
        "pas_avant": _clock,
        "pas_apres": _clock,
        "jour_exclu": lambda text: find(WEEKDAYS, text),
    }
    return special.get(kind, lambda text: text)


def _yes_no(text: str) -> str | None:
    found = read_yes_no(text)
    return None if found is None else str(int(found))


def _number(text: str, kind: str) -> str | None:
    value = read_number(text)
    if value is None or not 0 <= value <= _MOST[kind] or (kind in _WHOLE and value % 1):
        return None
    return f"{value:g}"


def _clock(text: str) -> str | None:
    found = read_time(text)
    return None if found is None else str(found)


def _range(text: str) -> str | None:
    both = read_range(text)
    return f"{both[0]}-{both[1]}" if both and both[0] < both[1] else None


def _weekday(row: Row, kind: str | None) -> int | None:
    text = row.text("weekday") or (row.text("value") if kind == "jour_exclu" else None)
    found = find(WEEKDAYS, text) if text else None
    if row.text("weekday") and found is None:
        row.word("weekday", WEEKDAYS)
    if kind == "jour_exclu" and found is None and not row.refused:
        row.refuse("E-VALEUR", "value", "aucun jour de la semaine.", _NO)
    return None if found is None else int(found)


def read_sectors(
    path: Path, *, sheet: str | None = None, city_codes: Mapping[str, str] | None = None
) -> tuple[pd.DataFrame, ReadReport]:
    """
    Read « secteurs » (LOG_FORMAT 3.8) as SECTORS: commune, territorial unit, worker.

    A commune without a known code refuses its line. Arguments and errors as `read_constraints`.
    """
    columns = Columns("sectors", read_table(path, sheet))
    opening = columns.opening_issues((("city_code", "city"),))
    rows, broken = list(columns.rows()), any(i.code == "E-COL" for i in opening)
    cities = {plain(name): code for name, code in (city_codes or {}).items()}
    records = [None if broken else _sector(row, cities) for row in rows]
    for row, record in zip(rows, records, strict=True):
        row.refused = row.refused or record is None
    kept = [r for r in records if r is not None]
    report = report_of(columns, opening, rows)
    if not kept:
        return empty_table(SECTORS), report
    keys = [f"{r['commune_code']}-{r['agent_code'] or r['unit'] or ''}" for r in kept]
    table = conform(record_frame(SECTORS, kept, numbered(keys)), SECTORS)
    check_table(table, SECTORS)
    return table, report


def _sector(row: Row, cities: Mapping[str, str]) -> dict[str, Any] | None:
    refuse_identifiers(row)
    code, agent = commune_of(row, cities), row.text("agent_code")
    if code is None and not row.refused:
        row.refuse("E-VIDE", "city_code", "commune absente ou sans code connu.", _NO)
    if agent is not None and not is_worker_code(agent):
        problem = "cette colonne attend un code (par exemple M1), pas un nom de personne."
        row.refuse("E-NOM", "agent_code", problem, "Ligne refusée.")
    if row.refused:
        return None
    return {"commune_code": code, "unit": row.text("unit"), "agent_code": agent}
