"""What all lists of places share: commune, hours, identifiers, and the table they become."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from territory.io.coordinates import to_points
from territory.io.privacy import holds_identifier
from territory.io.values import district_code, read_code
from territory.model.closures import closures_text
from territory.model.opening import spans_to_osm, to_osm
from territory.model.tables import PLACES, check_table, conform, empty_table
from territory.model.words import PLACE_KINDS, find, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from shapely.geometry.base import BaseGeometry

    from territory.io.coordinates import Spot
    from territory.io.rows import Columns, Row

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST_HOURS = 80
_NO_SPAN = re.compile(r"(\d\d:\d\d) - \1")  # « 00:00 - 00:00 » is how some forms write nothing
SENSITIVE_KINDS = frozenset({"bidonville", "lieu_culte"})
# « Mairie, place de l'Église » is a town hall.
_STREET = re.compile(r"(place|rue|parvis|allee|impasse|quai)_(de_|du_|des_)?(l_|la_|le_)?$")
_SENSITIVE_NAME = re.compile(
    r"(?:^|_)(cada|huda|prahda|cafda|cph|bidonvilles?|campements?|mosquee|eglise|paroisse|synagogue|"
    r"temple_protestant|gurdwara|victimes?_de_violences?|femmes_victimes|violences_conjugales|"
    r"demandeurs?_d_asile)(?=_|$)"
)


@dataclass(frozen=True, slots=True)
class PlaceDraft:
    """A place read from one line, before its table: fields of PLACES, coordinates as read."""

    place_id: str | None
    name: str
    kind: str
    commune_code: str | None
    address: str | None
    status: str | None
    hosts_permanence: bool | None
    opening_hours: str | None
    sensitive: bool
    fixed_point: bool
    spot: Spot | None
    prefix: str = "p"
    source: str | None = None
    first_contact_on: date | None = None
    last_met_on: date | None = None
    updated_on: date | None = None
    siret: str | None = None
    audiences: str | None = None
    sector: str | None = None
    season: str | None = None
    prospecting_stage: str | None = None
    closures: str | None = None
    hours_text: str | None = None
    crowd: int | None = None
    crowd_source: str | None = None
    postcode: str | None = None
    verified: str | None = None

    def key(self) -> str:
        """Return what makes two lines the same place: name and commune."""
        return f"{plain(self.name)}|{self.commune_code or ''}"

    def order(self) -> tuple[str, ...]:
        """Return a sorting key that owes nothing to the order of the lines."""
        spot = (f"{self.spot.x:.7f}", f"{self.spot.y:.7f}") if self.spot else ("", "")
        return (self.key(), self.address or "", *spot, self.kind, self.opening_hours or "")


def is_sensitive(kind: str, name: str) -> bool:
    """Whether a place is sensitive by its kind or its name, whatever its line says of it."""
    text = plain(name)
    named = (text[: found.start(1)] for found in _SENSITIVE_NAME.finditer(text))
    return kind in SENSITIVE_KINDS or any(not _STREET.search(before) for before in named)


def known_cities(columns: Columns) -> dict[str, str]:
    """Return name -> code of the communes for which some line gives both."""
    found: dict[str, str] = {}
    if {"city", "city_code"} <= set(columns.position):
        pairs = zip(
            columns.raw.column(columns.position["city"]),
            columns.raw.column(columns.position["city_code"]),
            strict=True,
        )
        for city, text in sorted(set(pairs)):
            code = read_code(text)[0] if city and text else None
            if code:
                found.setdefault(plain(city), code)
    return found


def commune_of(row: Row, cities: Mapping[str, str]) -> str | None:
    """Return the code of a line's commune, from its code, its district or a known name."""
    code = row.code("city_code")
    city = row.text("city")
    if code is not None or city is None:
        return code
    as_code = read_code(city)[0] if city.isdigit() else None
    return as_code or district_code(city) or cities.get(plain(city))


def hours_of(row: Row) -> str | None:
    """Return OSM hours of « horaires » or of the columns of days; W-HORAIRE and None if unread."""
    text = row.text("hours")
    if text is not None:
        found = to_osm(text)
        if found is None:
            _unread(row, "hours", text)
        return found
    week: dict[int, list[tuple[int, int]]] = {}
    for number, day in enumerate(WEEK):
        cell = _NO_SPAN.sub("", row.text(day) or "").strip(" /")
        spans = _day_spans(cell) if cell else []
        if cell and not spans:
            _unread(row, day, cell)
            return None
        week[number] = spans
    return spans_to_osm(week)


def _day_spans(cell: str) -> list[tuple[int, int]]:
    """Return the spans of one day's cell, [] when it is not understood."""
    osm = to_osm(f"lundi {cell}")
    if osm is None or not osm.startswith("Mo "):
        return []
    ends = [part.split("-") for part in osm.removeprefix("Mo ").split(",")]
    return [(_minutes(start), _minutes(end)) for start, end in ends]


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _unread(row: Row, name: str, text: str) -> None:
    shown = " ".join(text.split())
    shown = shown if len(shown) <= _LONGEST_HOURS else f"{shown[:_LONGEST_HOURS]}…"
    shown = "valeur non affichée" if holds_identifier(text) else shown
    problem = f"horaires non compris : « {shown} »."
    row.note("W-HORAIRE", name, problem, "Le lieu est traité comme « horaires inconnus ».")


def hours_text_of(row: Row, osm: str | None) -> str | None:
    """Return « horaires » as written when they were not read; NA when they name a person."""
    text = row.text("hours")
    return None if text is None or osm is not None or holds_identifier(text) else text


def closures_of(row: Row) -> str | None:
    """Return the temporary closures of a line as PLACES keeps them; W-FERMETURE if unread."""
    text = row.text("closures")
    found = closures_text(text) if text else None
    if text and found is None:
        remedy = "Écrivez par exemple « 03/08/2026-23/08/2026 ». Aucune fermeture n'est retenue."
        row.note("W-FERMETURE", "closures", "période de fermeture non comprise.", remedy)
    return found


def kind_of(row: Row) -> str:
    """Return the kind of place; unknown or empty is `autre`, with a warning when unknown."""
    text = row.text("kind")
    code = find(PLACE_KINDS, text) if text else "autre"
    if code is None:
        row.word("kind", PLACE_KINDS)
        row.note("W-LISTE", "kind", "le type retenu est « autre ».")
    return code or "autre"


def settled_ids(drafts: Sequence[PlaceDraft], rows: Sequence[Row]) -> list[str]:
    """
    Return one unique identifier a draft: the one given, else made from name and commune.

    A repeated identifier gets -2, -3... in the order of the contents, and W-CLE names the line.
    """
    wanted = [d.place_id or made_id(d.prefix, d.key()) for d in drafts]
    ids, used = list(wanted), set(wanted)
    taken: dict[str, int] = {}
    for n in sorted(range(len(drafts)), key=lambda n: (wanted[n], drafts[n].order(), n)):
        first = taken.setdefault(wanted[n], n)
        if first == n:
            continue
        ids[n] = _free(wanted[n], used)
        used.add(ids[n])
        problem = f"même identifiant ou même nom et commune que la ligne {rows[first].line}."
        rows[n].note(
            "W-CLE", "", problem, f"Les deux sont gardées ; celle-ci devient « {ids[n]} »."
        )
    return ids


def made_id(prefix: str, key: str) -> str:
    """Return a short identifier that depends only on `key` (start of its SHA-256)."""
    return f"{prefix}-{hashlib.sha256(key.encode()).hexdigest()[:10]}"


def _free(wanted: str, taken: set[str]) -> str:
    number = 2
    while f"{wanted}-{number}" in taken:
        number += 1
    return f"{wanted}-{number}"


def places_table(
    drafts: Sequence[PlaceDraft], ids: Sequence[str], *, file: str, epsg: int
) -> gpd.GeoDataFrame:
    """
    Return the PLACES table of `drafts` under `ids`, points in EPSG:`epsg` (NA without coordinates).

    A draft without a source of its own gets `file`. Raises BrokenTable when `ids` are not unique.
    """
    if not drafts:
        return empty_table(PLACES, epsg=epsg)
    names = [c.name for c in PLACES.columns if c.name != "source"]
    data = {name: [getattr(d, name) for d in drafts] for name in names}
    data["source"] = [d.source or file for d in drafts]
    frame = pd.DataFrame(data, index=pd.Index(ids, dtype="object"), dtype="object")
    points = to_points([d.spot for d in drafts], epsg)
    frame["geometry"] = gpd.GeoSeries(points, index=frame.index)
    table = conform(frame, PLACES, epsg=epsg)
    check_table(table, PLACES, epsg=epsg)
    return table


def outside(
    drafts: Sequence[PlaceDraft],
    *,
    communes: frozenset[str] | None,
    inside: BaseGeometry | None,
    epsg: int,
) -> list[bool]:
    """
    Tell, place by place, which are surely not in the territory; False when nothing tells.

    By its point against `inside`, in EPSG:`epsg`; without one, by its code against `communes`.
    """
    points = to_points([d.spot for d in drafts], epsg)
    return [
        not inside.covers(point)
        if inside is not None and point is not None
        else communes is not None and d.commune_code is not None and d.commune_code not in communes
        for d, point in zip(drafts, points, strict=True)
    ]
