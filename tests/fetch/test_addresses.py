"""Addresses written for a territory, and the hosts told beforehand."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from territory.errors import WrongUsage
from territory.fetch.addresses import (
    Ask,
    addresses_of,
    departement,
    grid_of,
    hosts,
    region_of,
    vintage_of,
)
from territory.fetch.run import chosen
from territory.fetch.sources import ALL, CELLS, IRIS, LIBRARIES, QPV, STREETS, TRANSIT
from tests.fetch.grounds import area

BONDY = Ask(("93010",))


@pytest.mark.parametrize(
    ("commune", "code"), [("93010", "93"), ("2A004", "2A"), ("97411", "974"), ("01053", "01")]
)
def test_departements(commune: str, code: str) -> None:
    assert departement(commune) == code


def test_regions_of_geofabrik() -> None:
    assert region_of(("93010", "75118")) == "ile-de-france"
    assert region_of(("17300",)) == "poitou-charentes"
    assert region_of(("2A004",)) == "corse"
    assert region_of(("93010", "17300")) is None  # no single extract holds both
    assert region_of(()) is None


def test_every_departement_has_one_region() -> None:
    metropole = [f"{n:02d}001" for n in range(1, 96) if n != 20] + ["2A001", "2B001"]
    overseas = [f"97{n}01" for n in (1, 2, 3, 4, 6)]
    assert all(region_of((code,)) for code in [*metropole, *overseas])


def test_grids() -> None:
    assert [grid_of([c]) for c in ("93010", "97209", "97411")] == ["met", "mart", "reun"]


def test_iris_asks_for_the_communes() -> None:
    first, second = addresses_of(IRIS, Ask(("93006", "93010")))
    query = parse_qs(urlsplit(first).query)
    assert query["CQL_FILTER"] == ["code_insee IN ('93006','93010')"]
    assert query["TYPENAMES"] == ["STATISTICALUNITS.IRIS:contours_iris"]
    assert "contour_iris" in second


def test_a_regional_source_has_no_address_elsewhere() -> None:
    assert addresses_of(LIBRARIES, BONDY)
    assert addresses_of(LIBRARIES, Ask(("17300",))) == ()
    assert addresses_of(TRANSIT, Ask(("17300",))) == ()


def test_a_small_territory_asks_overpass_first_a_large_one_never() -> None:
    small, extract = addresses_of(STREETS, area().ask())
    query = parse_qs(urlsplit(small).query)["data"][0]
    assert query.startswith("[out:xml][timeout:180][bbox:48.")
    assert '];(way["highway"];' in query
    assert query.endswith('["natural"="water"];);(._;>;);out body;')  # with their ways and nodes
    assert extract.endswith("ile-de-france-latest.osm.pbf")
    large = Ask(("93010",), (2.0, 48.0, 3.0, 49.0), 8000.0)
    assert addresses_of(STREETS, large) == (extract,)


def test_hosts_are_all_told_even_before_the_outlines() -> None:
    told = hosts(ALL, BONDY)
    assert {"overpass-api.de", "download.geofabrik.de", "www.insee.fr"} <= set(told)
    assert list(told) == sorted(set(told))


def test_vintages() -> None:
    assert vintage_of(CELLS, CELLS.addresses[1], published=True) == "2019"
    assert vintage_of(QPV, QPV.addresses[0], published=True) == "2024"
    assert vintage_of(QPV, "qpv_2015_ile_de_france.geojson", published=False) == "2015"
    assert vintage_of(QPV, "quartiers.geojson", published=False) == ""


def test_sources_are_named_or_refused() -> None:
    assert [s.key for s in chosen(["filosofi", "communes"])] == ["communes", "filosofi"]
    assert chosen([]) == ALL
    with pytest.raises(WrongUsage, match=r"Source inconnue : velo\. Sources possibles : communes"):
        chosen(["velo"])
