"""The coordinator's own places: partner structures, and recurring places without a partner."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from territory.io.coordinates import read_spot
from territory.io.place_rows import (
    PlaceDraft,
    closures_of,
    commune_of,
    hours_of,
    hours_text_of,
    is_sensitive,
    kind_of,
    known_cities,
    places_table,
    settled_ids,
)
from territory.io.rows import Columns, Row, report_of
from territory.io.text_tables import read_table
from territory.io.values import is_siret
from territory.model.facts import FACTS, days_text
from territory.model.issues import Issue
from territory.model.words import STATUSES, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import geopandas as gpd

    from territory.model.issues import ReadReport

_MOST_CROWD = 100_000
Required = tuple["str | tuple[str, ...]", ...]


def read_partners(
    path: Path,
    *,
    sheet: str | None = None,
    epsg: int = 2154,
    city_codes: Mapping[str, str] | None = None,
    today: date | None = None,
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """
    Read « partenaires » (LOG_FORMAT 3.1) as PLACES, points in EPSG:`epsg`, and its report.

    `city_codes` gives the code of communes written by name only; contacts and checks dated after
    `today`, when given, are left out (W-DATE). Raises UnreadableFile, UnknownKind
    when `sheet` does not exist, RefusedFile (French) for a file about people; bad lines are refused
    one by one in the report.
    """
    required: Required = ("name", ("city", "city_code"))
    read = partial(_partner, today=today)
    return _read(path, sheet, "partners", read, required, epsg=epsg, cities=city_codes)


def read_places(
    path: Path,
    *,
    sheet: str | None = None,
    epsg: int = 2154,
    city_codes: Mapping[str, str] | None = None,
    today: date | None = None,
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """
    Read « lieux » (LOG_FORMAT 3.4) as PLACES, points in EPSG:`epsg`, and its report.

    Informal settlements are sensitive. Arguments and errors as `read_partners`.
    """
    read = partial(_place, today=today)
    return _read(path, sheet, "places", read, ("name", "kind"), epsg=epsg, cities=city_codes)


def _read(  # noqa: PLR0913 - the two tables differ by their columns and by how a line is read
    path: Path,
    sheet: str | None,
    kind: str,
    read: Callable[[Row, Mapping[str, str]], PlaceDraft | None],
    required: Required,
    *,
    epsg: int,
    cities: Mapping[str, str] | None,
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    columns = Columns(kind, read_table(path, sheet))
    opening = columns.opening_issues(required)
    known = known_cities(columns) | {plain(n): c for n, c in (cities or {}).items()}
    rows = list(columns.rows())
    broken = any(issue.code == "E-COL" for issue in opening)
    pairs = [(read(row, known), row) for row in rows if not broken]
    kept = [(d, r) for d, r in pairs if d is not None and not r.refused]
    for row in rows:
        row.refused = row.refused or broken
    drafts, sources = [d for d, _ in kept], [r for _, r in kept]
    ids = settled_ids(drafts, sources)
    opening += _without_code(path.name, kept)
    table = places_table(drafts, ids, file=path.name, epsg=epsg)
    return table, report_of(columns, opening, rows)


def _partner(
    row: Row, cities: Mapping[str, str], *, today: date | None = None
) -> PlaceDraft | None:
    name = row.required("name")
    if name is None:
        return None
    spot = read_spot(row)
    if spot is None and row.text("city") is None and row.text("city_code") is None:
        row.required("city")
    first, last = _dates(row, today)
    hours = hours_of(row)
    kind, sensitive, fixed = kind_of(row), row.yes_no("sensitive"), row.yes_no("fixed")
    return PlaceDraft(
        place_id=row.text("partner_id"),
        name=name,
        kind=kind,
        commune_code=commune_of(row, cities),
        address=row.text("address"),
        status=row.word("status", STATUSES) or "recensee",
        hosts_permanence=row.yes_no("hosts"),
        opening_hours=hours,
        sensitive=is_sensitive(kind, name) or sensitive is True,
        fixed_point=fixed is not False,
        spot=spot,
        source=row.text("source"),
        first_contact_on=first,
        last_met_on=last,
        updated_on=_past(row, "updated_on", today),
        siret=_siret(row),
        audiences=row.text("audiences"),
        sector=row.text("sector"),
        season=row.text("season"),
        prospecting_stage=row.text("prospecting_stage"),
        closures=closures_of(row),
        hours_text=hours_text_of(row, hours),
        postcode=row.code("postcode"),
        verified=_verified(row, today),
    )


def _place(row: Row, cities: Mapping[str, str], *, today: date | None = None) -> PlaceDraft | None:
    name = row.required("name")
    if name is None:
        return None
    kind, sensitive = kind_of(row), row.yes_no("sensitive")
    return PlaceDraft(
        place_id=row.text("place_id"),
        name=name,
        kind=kind,
        commune_code=commune_of(row, cities),
        address=row.text("address"),
        status=None,
        hosts_permanence=None,
        opening_hours=hours_of(row),
        sensitive=is_sensitive(kind, name) or sensitive is True,
        fixed_point=True,
        spot=read_spot(row),
        prefix="l",
        audiences=row.text("audiences"),
        crowd=row.spare_count("crowd", most=_MOST_CROWD),
        crowd_source=row.text("crowd_source"),
        postcode=row.code("postcode"),
        updated_on=_past(row, "updated_on", today),
        verified=_verified(row, today),
    )


def _verified(row: Row, today: date | None) -> str | None:
    """Return the days that a line gives to single facts, as PLACES keeps them."""
    return days_text({code: _past(row, fact.day, today) for code, fact in FACTS.items()})


def _siret(row: Row) -> str | None:
    """Return the SIRET of a line when its key is right; the fault is said otherwise."""
    text = row.text("siret")
    if text is None:
        return None
    if re.search(r"\de\+", text, re.IGNORECASE):
        problem = f"le SIRET a été abîmé par Excel (« {text} »)."
        remedy = "Mettez la colonne au format Texte et saisissez de nouveau les 14 chiffres."
        row.note("E-SIRET", "siret", problem, remedy)
    elif not is_siret(text):
        row.note("W-SIRET", "siret", "ce SIRET n'a pas 14 chiffres ou sa clé est fausse.")
    return re.sub(r"\s", "", text) if is_siret(text) else None


def _past(row: Row, name: str, today: date | None) -> date | None:
    """Return a date of something that happened; one after `today` is said and left out."""
    day = row.date(name)
    if day is None or today is None or day <= today:
        return day
    row.note("W-DATE", name, "date future : ce n'est pas encore arrivé.", "Case laissée vide.")
    return None


def _dates(row: Row, today: date | None) -> tuple[date | None, date | None]:
    first, last = _past(row, "first_contact_on", today), _past(row, "last_met_on", today)
    if first is not None and last is not None and first > last:
        problem = "la dernière rencontre est avant le premier contact."
        row.note("W-DATE", "last_met_on", problem, "Vérifiez les deux dates.")
    return first, last


def _without_code(file: str, kept: Sequence[tuple[PlaceDraft, Row]]) -> list[Issue]:
    names = {row.text("city") for draft, row in kept if draft.commune_code is None}
    listed = sorted(name for name in names if name)
    if not listed:
        return []
    problem = f"communes sans code connu : {', '.join(listed)}."
    return [Issue("I-COMMUNE", file, problem, "Ajoutez une colonne code_insee.")]
