"""Counts of people met, by common traits and never by person, from the sheet « contacts »."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from territory.io.place_rows import made_id
from territory.io.privacy import showable
from territory.io.rows import Columns, Row, record_frame, refuse_identifiers, report_of
from territory.io.text_tables import read_table
from territory.io.values import read_list
from territory.model.issues import Issue
from territory.model.tables import CONTACTS, check_table, conform, empty_table
from territory.model.words import (
    AGE_BANDS,
    ANSWERS,
    BARRIERS,
    CHANNELS,
    GENDERS,
    HOME_ZONES,
    OUTCOMES,
    PLACE_KINDS,
    STAGES,
    find,
    plain,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from territory.model.issues import ReadReport
    from territory.model.words import Vocabulary

_WORDS: dict[str, Vocabulary] = {
    "channel": CHANNELS,
    "home_zone": HOME_ZONES,
    "gender": GENDERS,
    "age_band": AGE_BANDS,
    "referred_to": PLACE_KINDS,
    "outcome": OUTCOMES,
    "registered": ANSWERS,
    "supported": ANSWERS,
}
_TRAITS_SHOWN = 3


def read_contacts(path: Path, *, sheet: str | None = None) -> tuple[pd.DataFrame, ReadReport]:
    """
    Read « contacts » (LOG_FORMAT 3.3) as CONTACTS: counts of people with common traits.

    A count of 1 with more than three traits keeps its count and loses its traits (W-K). Raises
    RefusedFile for a file about people, UnreadableFile, UnknownKind when `sheet` does not exist;
    bad lines are refused in the report.
    """
    columns = Columns("contacts", read_table(path, sheet))
    opening = columns.opening_issues(("count", "stage", ("activity_id", "on")))
    rows, broken = list(columns.rows()), any(i.code == "E-COL" for i in opening)
    records = [None if broken else _contact(row) for row in rows]
    for row, record in zip(rows, records, strict=True):
        row.refused = row.refused or record is None
    kept = [r for r, row in zip(records, rows, strict=True) if r is not None and not row.refused]
    if not kept:
        return empty_table(CONTACTS), report_of(columns, opening, rows)
    keys = [r["contact_id"] or made_id("c", _contact_key(r)) for r in kept]
    table = conform(record_frame(CONTACTS, kept, numbered(keys)), CONTACTS)
    check_table(table, CONTACTS)
    return table, report_of(columns, opening, rows)


def _contact(row: Row) -> dict[str, Any] | None:
    refuse_identifiers(row)
    activity_id, on = row.text("activity_id"), row.date("on")
    if activity_id is None and on is None and not row.refused:
        row.date("on", required=True)
    count, stage = _people(row), row.word("stage", STAGES, required=True)
    traits = _traits(row)
    if row.refused:
        return None
    if count == 1 and sum(value is not None for value in traits.values()) > _TRAITS_SHOWN:
        problem = "ligne trop précise pour être publiée : elle compte dans les totaux seulement."
        row.note("W-K", "", problem)
        traits = dict.fromkeys(traits)
    return {
        "contact_id": row.text("contact_id"),
        "activity_id": activity_id,
        "on": on,
        "count": count,
        "stage": stage,
        "place_name": row.text("place") or row.text("city") or row.text("qpv_code"),
        **traits,
    }


def _traits(row: Row) -> dict[str, str | None]:
    """Return every trait of a line; what is no listed value is said and left empty."""
    words = {name: row.word(name, vocabulary) for name, vocabulary in _WORDS.items()}
    cohort = plain(row.text("cohort") or "") or None
    return {
        **words,
        "home_city_code": row.code("home_city_code"),
        "barriers": _barriers(row),
        "cohort": cohort,
    }


def of_cohorts(
    contacts: pd.DataFrame, codes: Collection[str], name: str
) -> tuple[pd.DataFrame, list[Issue]]:
    """
    Return CONTACTS without the cohorts that are none of `codes`, and the sentence about them.

    What was written instead may be a name: it is neither kept nor shown.
    """
    strange = contacts["cohort"].notna() & ~contacts["cohort"].isin(codes)
    if not strange.any():
        return contacts, []
    problem = f"{int(strange.sum())} lignes nomment une cohorte qui n'est pas dans les réglages."
    remedy = (
        "Valeurs laissées de côté. Écrivez les cohortes dans territory.toml, [[bilan.cohortes]]."
    )
    issue = Issue("W-LISTE", name, problem, remedy, column="cohorte")
    return contacts.assign(cohort=contacts["cohort"].mask(strange)), [issue]


def _barriers(row: Row) -> str | None:
    """Return the barriers of a line as codes joined by |; unknown ones are said and left out."""
    parts = row.meaning(read_list, row.text("barriers") or "")
    found = {part: find(BARRIERS, part) for part in parts}
    unknown = [part for part, code in found.items() if code is None]
    if unknown:
        choices = ", ".join(word.code for word in BARRIERS)
        problem = f"« {showable(unknown[0])} » n'est pas un frein connu. Valeurs possibles : "
        row.note("W-LISTE", "barriers", f"{problem}{choices}.", "Valeur laissée de côté.")
    return "|".join(sorted({code for code in found.values() if code})) or None


def _people(row: Row) -> int | None:
    if row.required("count") is None:
        return None
    count = row.count("count")
    if count == 0:
        row.refuse("E-NUM", "count", "le nombre doit être d'au moins 1.", "Ligne ignorée.")
    return count


def _contact_key(record: Mapping[str, Any]) -> str:
    return "|".join(str(record[name]) for name in sorted(record))


def numbered(keys: Sequence[str]) -> list[str]:
    """Return the keys made unique (-2, -3... in their order): the same line twice is two counts."""
    seen: Counter[str] = Counter()
    found = []
    for key in keys:
        seen[key] += 1
        found.append(key if seen[key] == 1 else f"{key}-{seen[key]}")
    return found
