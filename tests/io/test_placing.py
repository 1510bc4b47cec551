"""Places written with an address only, in the town whose address file is there."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003 - a fixture type

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import Point, box

from territory.cli import run
from territory.geocoding.index import AddressIndex  # noqa: TC001 - read by the tests
from territory.geocoding.match import Query, locate
from territory.io.addresses import read_addresses
from territory.io.admin import read_communes
from territory.io.coarse_points import square_middles
from territory.io.intake import Intake, open_raw, read_people_places
from territory.io.logs import read_activities
from territory.io.new_territory import create_territory
from territory.io.placing import address_index
from territory.io.raw_folder import add_raw
from territory.io.recognise import recognise
from territory.settings import read_settings
from tests.real_data import real_file

LINES = (
    "id;nom_structure;type_structure;adresse;commune;lieu_sensible",
    "P1;Mission locale;mission locale;12 av. de Verdun;Bondy;",
    "P2;CCAS;ccas;3 rue de la Lune Verte;Bondy;",
    "P3;Abri;foyer;rue Roger Salengroo;Bondy;oui",
    "P4;Ailleurs;ccas;1 rue Carnot;Paris;",
)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return town_of(tmp_path, real_file("partners/ban_adresses_bondy.geojson"))


def town_of(folder: Path, addresses: Path) -> Path:
    """Return Bondy made in `folder`, with these addresses and the partners of LINES."""
    (folder / "partenaires.csv").write_text("\n".join(LINES), encoding="utf-8")
    create_territory(folder / "bondy", name="Bondy", communes=["93010"])
    names = ("admin/bondy_limites.gpkg", "grid/filosofi2019_carreaux_200m_bondy.gpkg")
    for path in (*map(real_file, names), addresses, folder / "partenaires.csv"):
        add_raw(folder / "bondy", path, recognise(path))
    return folder / "bondy"


def read(folder: Path) -> Intake:
    communes, _ = read_communes(real_file("admin/bondy_limites.gpkg"), codes=frozenset({"93010"}))
    return read_people_places(open_raw(folder), communes, read_settings(folder))


def test_an_address_becomes_a_point_and_doubt_is_said(town: Path) -> None:
    intake = read(town)
    places, placements = intake.tables["places"], intake.tables["placements"]
    assert places.geometry.notna().to_dict() == {"P1": True, "P2": False, "P3": True, "P4": False}
    assert sorted(placements.index) == ["P1", "P2", "P3"]  # another town is not looked up
    assert placements.loc["P1", "precision"] in {"numéro", "interpolé", "rue"}
    told = [i.problem for r in intake.reports for i in r.issues if i.code == "W-GEO"]
    assert "lieu P2 : adresse non trouvée, pas de point." in told
    assert not any("Salengro" in text for text in told)  # a sensitive place


def test_the_command_writes_what_is_to_be_checked(town: Path, capsys) -> None:
    assert run(["geocode", str(town), "--json"]) == 0
    counts = json.loads(capsys.readouterr().out)
    assert sum(counts.values()) == 3
    assert counts["non_trouvees"] == 1
    text = (town / "outputs" / "adresses_a_verifier.csv").read_text(encoding="utf-8-sig")
    assert "rue de la Lune Verte" in text
    assert "Salengro" not in text


def test_a_street_never_answers_for_its_namesake_next_door() -> None:
    communes = gpd.GeoDataFrame(index=["00101", "00102"],
                                geometry=[box(0, 0, 100, 100), box(100, 0, 200, 100)],
                                crs=2154)  # fmt: skip
    points = [Point(50, 50), Point(150, 130), Point(50, 400)]  # inside, 30 m out, 300 m out
    doors = gpd.GeoDataFrame(
        {"number": ["1", "2", "3"], "street": ["Rue A", "Rue Bleue", "Rue Carnot"],
         "commune_code": [None] * 3},
        geometry=points, crs=2154).astype({"commune_code": "string"})  # fmt: skip
    index = address_index([doors], communes)
    asked = [("1 rue A", "00101"), ("1 rue A", "00102"), ("2 rue Bleue", "00102"),
             ("3 rue Carnot", "00101")]  # fmt: skip
    found = locate(index, [Query(text, code) for text, code in asked])
    assert [bool(options) for options in found] == [True, False, True, False]


def test_bondys_addresses_place_nothing_in_bobigny(town: Path, tmp_path: Path) -> None:
    lines = (LINES[0], "P1;CCAS;ccas;12 avenue de Verdun;Bobigny;", LINES[1])
    path = tmp_path / "partenaires.csv"
    path.write_text("\n".join([lines[0], lines[1], lines[2].replace("P1", "P2")]), "utf-8")
    add_raw(town, path, recognise(path))
    both = frozenset({"93010", "93008"})
    communes, _ = read_communes(real_file("admin/bondy_limites.gpkg"), codes=both)
    places = read_people_places(open_raw(town), communes, read_settings(town)).tables["places"]
    assert places.geometry.notna().to_dict() == {"P1": False, "P2": True}


def test_outings_with_an_address_only(tmp_path: Path) -> None:
    rows = ("date;type_activite;adresse;commune;id_partenaire;latitude;longitude;id_activite",
            "05/03/2024;maraude;12 av. de Verdun;Bondy;;;;L2",
            "05/03/2024;maraude;rue Roger Salengroo;Bondy;;;;L3",  # doubtful
            "05/03/2024;maraude;3 rue de la Lune Verte;Bondy;;;;L4",  # not there
            "05/03/2024;porte_a_porte;12 av. de Verdun;Bondy;;;;L5",  # somebody's door
            "05/03/2024;maraude;12 av. de Verdun;;;;;L6",  # of which town?
            "05/03/2024;maraude;12 av. de Verdun;Bondy;;48,91;2,48;L7",  # said already
            "05/03/2024;visite_partenaire;rue Roger Salengroo;Bondy;P1;;;L8")  # fmt: skip
    path = tmp_path / "activites.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    index = addresses()
    table, report = read_activities(path, city_codes={"Bondy": "93010"}, addresses=lambda: index)
    by_line = table.geometry.set_axis([int(key[1:]) for key in table.index])
    assert by_line.notna().tolist() == [True, True, False, False, False, True, False]
    door = np.array([index_point(index, "12 av. de Verdun")])
    assert by_line[2].equals(Point(*square_middles(door, 2154)[0]))  # never the door itself
    assert not by_line[7].equals(by_line[2])
    told = [(i.line, i.problem) for i in report.issues if i.code == "W-GEO"]
    assert [line for line, _ in told] == [3, 4]
    assert "score de 0,7" in told[0][1]
    assert not any("Salengro" in text or "Lune" in text for _, text in told)
    assert "address" not in table.columns  # it is not kept


def test_no_index_is_made_when_nobody_needs_it(tmp_path: Path) -> None:
    path = tmp_path / "activites.csv"
    path.write_text("date;type_activite;commune\n05/03/2024;maraude;Bondy\n", encoding="utf-8")

    def never() -> AddressIndex:
        raise AssertionError("no line has an address")

    table, _ = read_activities(path, city_codes={"Bondy": "93010"}, addresses=never)
    assert len(table) == 1


def test_the_town_places_its_outings(town: Path, tmp_path: Path, capsys) -> None:
    path = tmp_path / "activites.csv"
    path.write_text(
        "date;type_activite;adresse;commune\n05/03/2024;maraude;12 av. de Verdun;Bondy\n",
        encoding="utf-8",
    )
    add_raw(town, path, recognise(path))
    assert run(["check", str(town)]) == 0
    capsys.readouterr()
    table = gpd.read_parquet(
        next((town / "data/processed").glob("30_activity*/activities.parquet"))
    )
    assert table.geometry.notna().all()


def addresses() -> AddressIndex:
    table, _ = read_addresses(real_file("partners/ban_adresses_bondy.geojson"))
    communes, _ = read_communes(real_file("admin/bondy_limites.gpkg"), codes=frozenset({"93010"}))
    return address_index([table], communes)


def index_point(index: AddressIndex, text: str) -> tuple[float, float]:
    ((best, *_),) = locate(index, [Query(text, "93010", "Bondy")])
    return best.x, best.y
