"""Places of inclusion: structures of data·inclusion (v0 and v1), places of médiation numérique."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from territory.io.coordinates import read_spot
from territory.io.official_places import listed_places
from territory.io.place_rows import PlaceDraft, commune_of, hours_of, is_sensitive
from territory.io.privacy import holds_identifier
from territory.io.records import received_table
from territory.io.rows import Columns
from territory.io.values import is_siret
from territory.model.words import PLACE_KINDS, find, plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from territory.io.rows import Row
    from territory.model.issues import ReadReport

# Networks that say what a place is; the others (foundations, funders) say only who stands behind.
NETWORK_KINDS: Mapping[str, str] = {
    "france-travail": "france_travail", "mission-locale": "mission_locale", "plie": "plie",
    "maisons-de-l-emploi": "maison_emploi", "cap-emploi-reseau-cheops": "cap_emploi",
    "ccas-cias": "ccas", "fcsf": "centre_social", "france-service": "france_services",
    "msap": "france_services", "aci": "siae", "ai": "siae", "ei": "siae", "eiti": "siae",
    "etti": "siae", "geiq": "siae", "ea": "siae", "eatt": "siae", "esat": "siae", "siao": "foyer",
    "afpa": "organisme_formation", "ecoles-de-la-deuxieme-chance": "organisme_formation",
    "cnam": "organisme_formation", "epide": "organisme_formation", "chrs": "foyer", "chu": "foyer",
    "cada": "foyer", "cph": "foyer", "huda": "foyer", "residences-fjt": "foyer", "cms": "pmi_sante",
    "cmp": "pmi_sante", "communes": "mairie", "departements": "departement",
    "espaces-publics-numeriques": "espace_numerique", "conseillers-numeriques": "espace_numerique",
    "mjc": "centre_social", "reseau-information-jeunesse": "association",
    "restos-du-coeur": "association", "secours-populaire": "association",
    "croix-rouge": "association", "emmaus": "association",
}  # fmt: skip
# Shelters: never drawn precisely, whatever their name says.
SHELTERS = frozenset({"cada", "huda", "cph", "chrs", "chu"})
_QUOTED = re.compile(r"""'([^']*)'|"([^"]*)\"""")
_NO_PUBLIC = "n_accueille_pas_de_public"


def read_inclusion_structures(
    path: Path,
    *,
    epsg: int = 2154,
    communes: frozenset[str] | None = None,
    inside: BaseGeometry | None = None,
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """
    Read structures of data·inclusion as PLACES (ids « di-... »), points in EPSG:`epsg`.

    Both schemas: v0 tells the kind by its typology, v1 by its networks; identifiers of v0 are
    unique only with their source. Shelters are sensitive; hours that say « PH off » alone are
    unknown. Arguments as `read_france_services`. Raises UnreadableFile, or RefusedFile when a
    column is about people. Format: DATA_SOURCES section 9.
    """
    columns = Columns("inclusion_structures", received_table(path))
    required = ("id", "source", "name")
    return listed_places(columns, _structure, required, epsg=epsg, communes=communes, inside=inside)


def read_mednum(
    path: Path,
    *,
    epsg: int = 2154,
    communes: frozenset[str] | None = None,
    inside: BaseGeometry | None = None,
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """
    Read places of médiation numérique as PLACES (ids « mn-... »), points in EPSG:`epsg`.

    One that receives nobody hosts no permanence; an itinerant one has no fixed point. Arguments as
    `read_france_services`. Raises UnreadableFile, or RefusedFile when a column is about people.
    Format: DATA_SOURCES section 12.
    """
    columns = Columns("mednum", received_table(path))
    required = ("id", "name")
    return listed_places(columns, _digital, required, epsg=epsg, communes=communes, inside=inside)


def parse_list(text: str | None) -> tuple[str, ...]:
    """
    Return the values of a list in a cell: Python or JSON text, `{a,b}`, `a|b` or `a,b`.

    Nothing is ever evaluated; a text that is no list is one value.
    """
    text = (text or "").strip()
    if text.startswith("["):
        return _distinct(_bracketed(text))
    inner = text[1:-1] if text.startswith("{") and text.endswith("}") else text
    return _distinct(inner.split("|") if "|" in inner else inner.split(","))


def _bracketed(text: str) -> list[str]:
    try:
        return [str(value) for value in json.loads(text)]
    except (ValueError, RecursionError):
        return [single or double for single, double in _QUOTED.findall(text)]


def _distinct(values: list[str]) -> tuple[str, ...]:
    cleaned = (value.strip().strip('"') for value in values)
    return tuple(dict.fromkeys(value for value in cleaned if value))


def _structure(row: Row) -> PlaceDraft | None:
    name, key, spot = row.required("name"), row.required("id"), read_spot(row)
    if name is None or key is None:
        return None
    networks = {value.lower() for value in parse_list(row.text("networks"))}
    kind = _kind(networks, row.text("old_kind"))
    old = row.text("old_kind") is not None or "networks" not in row.columns.position
    return PlaceDraft(
        place_id=f"di-{row.text('source')}--{key}" if old else f"di-{key}",
        name=name,
        kind=kind,
        commune_code=commune_of(row, {}),
        address=_address(row),
        status=None,
        hosts_permanence=None,
        opening_hours=hours_of(row),
        sensitive=bool(networks & SHELTERS)
        or plain(row.text("old_kind") or "") in SHELTERS
        or is_sensitive(kind, name),
        fixed_point=True,
        spot=spot,
        prefix="di",
        updated_on=row.date("updated_on"),
        siret=_siret(row.text("siret")),
    )


def _kind(networks: set[str], typology: str | None) -> str:
    told = [NETWORK_KINDS[n] for n in sorted(networks) if n in NETWORK_KINDS]
    old = find(PLACE_KINDS, typology) if typology else None
    return told[0] if told else old or "autre"


def _digital(row: Row) -> PlaceDraft | None:
    name, spot = row.required("name"), read_spot(row)
    if name is None:
        return None
    kind = find(PLACE_KINDS, (parse_list(row.text("old_kind")) or ("",))[0]) or "espace_numerique"
    modes = {plain(mode) for mode in parse_list(row.text("access"))}
    closed = any(mode.endswith(_NO_PUBLIC) for mode in modes)
    moving = any(plain(m) == "itinerant" for m in parse_list(row.text("moving")))
    return PlaceDraft(
        place_id=f"mn-{row.text('id')}" if row.text("id") else None,
        name=name,
        kind=kind,
        commune_code=commune_of(row, {}),
        address=_address(row),
        status=None,
        hosts_permanence=False if closed else None,
        opening_hours=hours_of(row),
        sensitive=is_sensitive(kind, name),
        fixed_point=not moving,
        spot=spot,
        prefix="mn",
        updated_on=row.date("updated_on"),
        siret=_siret(row.text("pivot")),
        audiences="|".join(parse_list(row.text("audiences"))) or None,
    )


def _address(row: Row) -> str | None:
    """Return the address of a structure, without what may name or reach somebody."""
    parts = [row.text("address"), row.text("extra_address")]
    return ", ".join(p for p in parts if p and not holds_identifier(p)) or None


def _siret(text: str | None) -> str | None:
    digits = re.sub(r"\s", "", text or "")
    return digits if is_siret(digits) and digits.strip("0") else None
