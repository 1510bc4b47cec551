"""Addresses of a source for one territory: blanks filled in, hosts told before any contact."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.fetch.sources import Source

Box = tuple[float, float, float, float]

# Larger than this, Overpass is asked for nothing: the regional extract serves better.
OVERPASS_MAX_KM2 = 150.0
_SECONDS = 180
# Streets, what stops people on foot, and the squares and water drawn by several ways.
_WALKED = (
    'way["highway"];way["railway"];way["waterway"];way["natural"="water"];'
    'rel["type"="multipolygon"]["highway"];rel["type"="multipolygon"]["natural"="water"];'
)
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
# Geofabrik still cuts France into its former regions.
_REGIONS: Mapping[str, str] = {
    "alsace": "67 68",
    "aquitaine": "24 33 40 47 64",
    "auvergne": "03 15 43 63",
    "basse-normandie": "14 50 61",
    "bourgogne": "21 58 71 89",
    "bretagne": "22 29 35 56",
    "centre": "18 28 36 37 41 45",
    "champagne-ardenne": "08 10 51 52",
    "corse": "2A 2B",
    "franche-comte": "25 39 70 90",
    "guadeloupe": "971",
    "guyane": "973",
    "haute-normandie": "27 76",
    "ile-de-france": "75 77 78 91 92 93 94 95",
    "languedoc-roussillon": "11 30 34 48 66",
    "limousin": "19 23 87",
    "lorraine": "54 55 57 88",
    "martinique": "972",
    "mayotte": "976",
    "midi-pyrenees": "09 12 31 32 46 65 81 82",
    "nord-pas-de-calais": "59 62",
    "pays-de-la-loire": "44 49 53 72 85",
    "picardie": "02 60 80",
    "poitou-charentes": "16 17 79 86",
    "provence-alpes-cote-d-azur": "04 05 06 13 83 84",
    "reunion": "974",
    "rhone-alpes": "01 07 26 38 42 69 73 74",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """
    What is known of a territory when addresses are written.

    `communes` are Insee codes; `box` is (west, south, east, north) in degrees (EPSG:4326), margin
    included, and `area_km2` its area; None while the outlines of the communes are not there.
    """

    communes: tuple[str, ...]
    box: Box | None = None
    area_km2: float | None = None


def departement(commune: str) -> str:
    """Return the département of an Insee code: « 93 », « 2A », « 974 »."""
    return commune[:3] if commune.startswith("97") else commune[:2]


def region_of(communes: Sequence[str]) -> str | None:
    """Return Geofabrik's name of the region that holds all `communes`, None when there is none."""
    here = {departement(code) for code in communes}
    found = [name for name, listed in _REGIONS.items() if here <= set(listed.split())]
    return found[0] if found and here else None


def grid_of(communes: Sequence[str]) -> str:
    """Return the ending of Insee's grid files that cover `communes`: met, mart or reun."""
    return {"972": "mart", "974": "reun"}.get(departement(communes[0]) if communes else "", "met")


def addresses_of(source: Source, ask: Ask) -> tuple[str, ...]:
    """Return the addresses of `source` for a territory, best first; () when there is none."""
    here = {departement(code) for code in ask.communes}
    if source.only_in and not here <= set(source.only_in):
        return ()
    blanks = {
        "region": region_of(ask.communes),
        "quoted_communes": quote(",".join(f"'{code}'" for code in ask.communes)) or None,
        "overpass": _overpass(ask),
    }
    filled = (_filled(address, blanks) for address in source.addresses)
    return tuple(address for address in filled if address)


def vintage_of(source: Source, name: str, *, published: bool) -> str:
    """Return the year that an address or a file name tells, else the source's when `published`."""
    told = _YEAR.findall(name.rpartition("/")[2])
    return told[0] if told else source.vintage if published else ""


def host_of(address: str) -> str:
    """Return the host an address speaks to (with its port when it has one)."""
    return urlsplit(address).netloc


def _filled(address: str, blanks: Mapping[str, str | None]) -> str:
    for name, value in blanks.items():
        if "{" + name + "}" in address:
            if value is None:
                return ""
            address = address.replace("{" + name + "}", value)
    return address


def _overpass(ask: Ask) -> str | None:
    """Return the query of a small territory, as XML: libosmium reads and cuts it as an extract."""
    if ask.box is None or ask.area_km2 is None:
        return "…"  # written once the outlines are there; the host is already known
    if ask.area_km2 > OVERPASS_MAX_KM2:
        return None
    west, south, east, north = (f"{value:.5f}" for value in ask.box)
    head = f"[out:xml][timeout:{_SECONDS}][bbox:{south},{west},{north},{east}];"
    return quote(f"{head}({_WALKED});(._;>;);out body;", safe="")


def hosts(sources: Sequence[Source], ask: Ask) -> tuple[str, ...]:
    """Return every host that bringing in `sources` may contact, sorted."""
    return tuple(sorted({host_of(a) for s in sources for a in addresses_of(s, ask)}))
