"""Each fact of a place with the day it was last verified and the file that says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path  # noqa: TC003 - a fixture type

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from territory.io.inclusion import read_inclusion_structures
from territory.io.inclusion_services import read_inclusion_services, with_services
from territory.io.intake import Raw, read_people_places
from territory.io.merges import merged_places
from territory.io.partners import read_partners, read_places
from territory.io.place_facts import Told, edition_day, editions, place_facts
from territory.io.positions import CORRECTED, ONLINE, Position, positioned
from territory.io.raw_folder import RawFile
from territory.io.table_writer import write_csv
from territory.model.facts import FACT_TABLE, days_of
from territory.model.tables import PLACES, check_table, empty_table
from territory.settings import Settings
from tests.io.tables import save
from tests.real_data import real_file

TODAY = date(2026, 11, 24)
PARTNERS = """\
id_partenaire;nom_structure;code_insee;adresse;statut;date_derniere_rencontre;horaires;publics;latitude;longitude;date_maj;horaires_verifies_le;adresse_verifiee_le
A;Un;93010;1 rue Haute;rencontree;12/05/2026;lun-ven 9h-12h;jeunes;48,9;2,48;05/03/2026;01/02/2024;
B;Deux;93010;;recensee;;lun 9h-12h;;;;;;
C;Trois;93010;3 rue Basse;;;;femmes;;;01/01/2025;;01/09/2026
"""
INCLUSION = """\
id,source,nom,date_maj,code_insee,reseaux_porteurs,horaires_accueil
dora--1,dora,Foyer,2024-07-01,93010,,
"""
SERVICES = """\
source,structure_id,id,nom,publics,modes_accueil,horaires_accueil,date_maj
dora,dora--1,s1,Atelier,jeunes,['en-presentiel'],We 14:00-17:00,2026-06-01
dora,dora--1,s2,Conseil,femmes,['en-presentiel'],We 14:00-17:00,2026-02-01
"""


def file(name: str, vintage: str = "", fetched_on: str = "") -> RawFile:
    return RawFile(name, "", (), vintage=vintage, fetched_on=fetched_on)


def days(facts: pd.DataFrame) -> dict[str, str | None]:
    check_table(facts, FACT_TABLE)
    return {
        key: None if pd.isna(on) else f"{on:%Y-%m-%d}" for key, on in facts["verified_on"].items()
    }


def partners(folder: Path, text: str = PARTNERS) -> gpd.GeoDataFrame:
    return read_partners(save(folder, text), today=TODAY)[0]


def told(folder: Path, name: str = "partenaires.csv", text: str = PARTNERS) -> Told:
    return Told(file(name), "partners", partners(folder, text))


def facts_of(
    *received: Told, places: gpd.GeoDataFrame | None = None, **changes: object
) -> pd.DataFrame:
    whole = received[0].table if places is None else places
    options = {"before": whole.index, "merges": {}, "positions": {}}
    return place_facts(received, whole, **options | changes)  # type: ignore[arg-type]


def test_a_fact_has_its_own_day_else_that_of_its_line_else_none(tmp_path: Path) -> None:
    facts = facts_of(told(tmp_path))
    assert days(facts) == {
        "A:horaires": "2024-02-01",  # its own day, older than the line's
        "A:position": "2026-03-05",
        "A:publics": "2026-03-05",
        "A:statut": "2026-05-12",  # met since
        "B:horaires": None,
        "B:statut": None,
        "C:position": "2026-09-01",
        "C:publics": "2025-01-01",
        "C:statut": "2025-01-01",
    }
    assert set(facts["source"]) == {"partenaires.csv"}
    assert facts["basis"].isna().to_dict() == facts["verified_on"].isna().to_dict()


def test_a_day_to_come_or_unreadable_is_said_and_left_out(tmp_path: Path) -> None:
    text = (
        "nom_lieu;type_lieu;moment;horaires_verifies_le;affluence_estimee;affluence_estimee_le\n"
        "Marché;marche;mercredi 8h-13h;01/12/2026;200;31/02/2026\n"
    )
    table, report = read_places(save(tmp_path, text), today=TODAY)
    assert days_of(table["verified"].iloc[0]) == {}
    assert [(i.code, i.column) for i in report.issues] == [
        ("W-DATE", "horaires_verifies_le"), ("W-DATE", "affluence_estimee_le"),
    ]  # fmt: skip
    assert "date future : ce n'est pas encore arrivé." in report.issues[0].problem


@pytest.mark.parametrize(
    ("name", "vintage", "fetched_on", "expected"),
    [
        ("fs_2024-08-01.csv", "", "", "2024-08-01"),
        ("fs_20240801.csv", "2024", "2026-09-02", "2024-08-01"),
        ("pmi_2025-07.csv", "2025", "", "2025-07-01"),
        ("fs.csv", "2023", "2026-09-02", "2023-01-01"),
        ("fs_2024.csv", "", "2026-09-02", "2024-01-01"),
        ("fs.csv", "édition en cours (chaque lundi)", "2026-09-02", "2026-09-02"),
        ("fs.csv", "édition en cours", "", None),
        ("fs.csv", "édition en cours", "hier", None),
        ("fs.csv", "", "2026-09-02", None),  # the day it was put in tells nothing of its age
        ("fs_2024-02-31_12345678.csv", "", "", "2024-02-01"),
    ],
)
def test_the_day_of_an_edition(
    name: str, vintage: str, fetched_on: str, expected: str | None
) -> None:
    received = file(name, vintage, fetched_on)
    found = edition_day(received)
    assert (None if found is None else found.isoformat()) == expected
    assert editions([received]) == ({} if expected is None else {name: expected})


def test_no_place_no_fact(tmp_path: Path) -> None:
    nothing = place_facts([], empty_table(PLACES), before=pd.Index([]), merges={}, positions={})
    check_table(nothing, FACT_TABLE)
    assert nothing.empty
    empty = told(tmp_path, text=PARTNERS.splitlines()[0] + "\n")
    assert facts_of(empty).equals(nothing)


def test_hours_nobody_reads_yield_to_those_of_the_place_merged_in(tmp_path: Path) -> None:
    text = PARTNERS.replace("lun 9h-12h", "sur rendez-vous")
    listed = told(tmp_path, text=text)
    places, _ = merged_places(listed.table, {"A": "B"})
    facts = facts_of(listed, places=places, before=listed.table.index, merges={"A": "B"})
    assert places.loc["B", "opening_hours"] == "Mo-Fr 09:00-12:00"
    assert days(facts)["B:horaires"] == "2024-02-01"


def test_the_name_of_a_file_of_the_team_dates_nothing(tmp_path: Path) -> None:
    text = "nom_structure;commune;horaires\nUn;Bondy;lun 9h-12h\n"
    facts = facts_of(told(tmp_path, "partenaires_2026-11-01.csv", text))
    assert facts["verified_on"].isna().all()


def test_a_published_list_is_as_old_as_its_edition() -> None:
    communes = gpd.GeoDataFrame(
        {"name": ["Sevran"]}, index=pd.Index(["93071"], name="commune_code"),
        geometry=[box(650000, 6860000, 680000, 6880000)], crs=2154,
    )  # fmt: skip
    path = real_file("partners/france_services_2024-08-01.csv")
    received = RawFile(path.name, "", (("france_services", None),))
    intake = read_people_places(Raw(path.parent, (received,)), communes, Settings(), today=TODAY)
    facts = intake.tables["facts"]
    assert set(facts["fact"]) == {"horaires", "position"}
    assert set(facts["verified_on"]) == {pd.Timestamp("2024-08-01")}
    assert set(facts["basis"]) == {"édition"}
    assert (facts["fact"] == "position").sum() == len(intake.tables["places"]) > 0


def test_merged_places_keep_the_day_of_each_fact(tmp_path: Path) -> None:
    listed = told(tmp_path)
    places, _ = merged_places(listed.table, {"A": "B", "C": "B"})
    changes = {"places": places, "before": listed.table.index, "merges": {"A": "B", "C": "B"}}
    facts = facts_of(listed, **changes)  # type: ignore[arg-type]
    assert days(facts) == {
        "B:horaires": None,  # of B: nobody said when
        "B:position": "2026-03-05",  # B had none: the point of A
        "B:publics": "2026-03-05",  # B had none; A comes before C
        "B:statut": None,
    }
    turned = Told(listed.file, listed.kind, listed.table.iloc[::-1])
    assert facts_of(turned, **changes).equals(facts)  # type: ignore[arg-type]


def test_an_identifier_met_twice_keeps_the_days_of_the_first_file(tmp_path: Path) -> None:
    first, again = told(tmp_path), told(tmp_path, "b.csv", PARTNERS.replace("2026", "2025"))
    assert facts_of(first, again).equals(facts_of(first))


def test_what_services_tell_is_as_old_as_the_oldest_of_them(tmp_path: Path) -> None:
    structures = read_inclusion_structures(save(tmp_path, INCLUSION))[0]
    services = read_inclusion_services(save(tmp_path, SERVICES))[0]
    places = with_services(structures, [services])
    received = (
        Told(file("s.csv"), "inclusion_structures", structures),
        Told(file("v.csv"), "inclusion_services", services),
    )
    facts = facts_of(*received, places=places)
    assert days(facts) == {"di-dora--1:horaires": "2026-02-01", "di-dora--1:publics": "2026-02-01"}
    assert set(facts["source"]) == {"v.csv"}


def test_a_point_set_by_hand_has_the_day_it_was_set(tmp_path: Path) -> None:
    listed = told(tmp_path)
    positions = {
        "A": Position(48.91, 2.49, CORRECTED, on="2026-10-02"),
        "C": Position(48.92, 2.49, ONLINE, "3 rue Basse", on="2026-10-03"),
    }
    places, _ = positioned(listed.table, positions)
    facts = facts_of(listed, places=places, positions=positions)
    assert days(facts)["A:position"] == "2026-10-02"
    assert facts.loc["A:position", "source"] == "positions.csv"
    assert days(facts)["C:position"] == "2026-09-01"  # the address was verified, not the point


def test_days_of_facts_are_exported_and_read_back(tmp_path: Path) -> None:
    table = partners(tmp_path)
    path = write_csv(table, PLACES, tmp_path / "export.csv")
    assert "horaires_verifies_le" in path.read_text(encoding="utf-8-sig").splitlines()[0]
    again = read_partners(path, today=TODAY)[0]
    assert again["verified"].tolist() == table["verified"].tolist()
    assert days_of(again.loc["A", "verified"]) == {"horaires": "2024-02-01"}
