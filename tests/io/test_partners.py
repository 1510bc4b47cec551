"""Partner structures and recurring places, line by line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from territory.io.partners import read_partners, read_places
from territory.model.tables import PLACES, check_table
from tests.io.tables import PARTNERS, save

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from territory.model.issues import ReadReport

HEAD = "id;nom;type;commune;code_insee;latitude;longitude;statut;horaires"


def read(folder: Path, *rows: str, head: str = HEAD) -> tuple[gpd.GeoDataFrame, ReadReport]:
    table, report = read_partners(save(folder, "\n".join([head, *rows])))
    check_table(table, PLACES)
    return table, report


def codes(report: ReadReport) -> list[str]:
    return [i.code for i in report.issues]


def test_the_example_of_the_format(tmp_path: Path) -> None:
    table, report = read_partners(save(tmp_path, PARTNERS), city_codes={"BONDY": "93010"})
    found = table.set_index("name")
    assert (report.read, report.kept) == (2, 2)
    assert found.loc["Centre social exemple", "commune_code"] == "93010"
    assert found.loc["Centre social exemple", "hosts_permanence"]
    assert found.loc["Centre social exemple", "opening_hours"] == "Mo-Fr 09:00-12:00"
    assert found.loc["Médiathèque exemple", "kind"] == "mediatheque"
    assert found.loc["Médiathèque exemple", "status"] == "contactee"
    assert "I-COMMUNE" in codes(report)  # Bobigny was written by name only


def test_coordinates(tmp_path: Path) -> None:
    table, report = read(
        tmp_path,
        "P1;Droit;;Bondy;93010;48,902;2,482;;",
        "P2;Inversé;;Bondy;93010;2,482;48,902;;",
        "P3;Lambert;;Bondy;93010;6867000;662000;;",
        "P4;Loin;;Bondy;93010;12,5;99;;",
        "P5;Moitié;;Bondy;93010;48,9;;;",
        "P6;Sans;;Bondy;93010;;;;",
    )
    assert table.geometry.isna().tolist() == [False, False, False, True, True, True]
    assert table.geometry["P1"].equals(table.geometry["P2"])
    assert 660_000 < table.geometry["P1"].x < 664_000
    found = {i.line: i.code for i in report.issues if i.line}
    assert found == {3: "W-SWAP", 4: "W-L93", 5: "E-COORD", 6: "E-COORD"}
    assert report.kept == 6


def test_lost_zeros_are_restored_and_said(tmp_path: Path) -> None:
    table, report = read(tmp_path, "P1;Mairie;mairie;;1053;;;;", head=HEAD)
    assert table.commune_code["P1"] == "01053"
    assert "[W-ZERO]" in str(report.issues[-1])
    assert "code « 1053 » complété en « 01053 » (zéro perdu par le tableur)." in str(
        report.issues[-1]
    )


def test_unknown_words_are_said_with_a_proposal(tmp_path: Path) -> None:
    table, report = read(tmp_path, "P1;A1;centre socail;;93010;;;rencontré?;nimporte")
    assert table.kind["P1"] == "autre"
    assert table.status["P1"] == "rencontree"
    assert pd.isna(table.opening_hours["P1"])
    text = "\n".join(map(str, report.issues))
    assert "Vouliez-vous dire « centre_social » ?" in text
    assert "[W-HORAIRE]" in text
    assert "horaires inconnus" in text


def test_lines_without_name_or_place_are_refused(tmp_path: Path) -> None:
    table, report = read(tmp_path, "P1;;;Bondy;93010;;;;", "P2;Ici;;;;;;;", "P3;Bien;;Bondy;;;;;")
    assert list(table.index) == ["P3"]
    assert [(i.code, i.line) for i in report.issues if i.refused] == [("E-VIDE", 2), ("E-VIDE", 3)]
    assert (report.read, report.kept, report.refused) == (3, 1, 2)


def test_repeated_keys_are_repaired_and_said(tmp_path: Path) -> None:
    table, report = read(
        tmp_path, "P1;A1;;;93010;;;;", "P1;B1;;;93010;;;;", ";C1;;;93010;;;;", ";C1;;;93010;;;;"
    )
    assert table.index.is_unique
    assert len(table) == 4
    assert codes(report).count("W-CLE") == 2
    assert {"P1", "P1-2"} <= set(table.index)


def test_ruined_siret(tmp_path: Path) -> None:
    head = "nom_structure;commune;siret"
    _, report = read(tmp_path, "A1;Bondy;7,53E+13", "B1;Bondy;73282932000075", head=head)
    assert {"E-SIRET", "W-SIRET"} <= set(codes(report))
    assert report.kept == 2


def test_day_columns_and_sensitive_kinds(tmp_path: Path) -> None:
    head = "nom_structure;type;commune;lundi;mardi;samedi;dimanche"
    table, _ = read(tmp_path, "A1;lieu de culte;Bondy;9h-12h / 14h-17h;9h-12h;;10h-11h", head=head)
    row = table.iloc[0]
    assert row.opening_hours == "Mo 09:00-12:00,14:00-17:00; Tu 09:00-12:00; Su 10:00-11:00"
    assert row.sensitive


def test_shuffled_lines_give_the_same_table(tmp_path: Path) -> None:
    rows = [f";Lieu {n % 7};;;93010;48,9;2,48{n};;" for n in range(20)]
    first, _ = read(tmp_path, *rows)
    second, _ = read(tmp_path, *rows[7:], *reversed(rows[:7]))
    pd.testing.assert_frame_equal(pd.DataFrame(first), pd.DataFrame(second))


def test_what_is_dated_later_has_not_happened(tmp_path: Path) -> None:
    head = "nom_structure;commune;code_postal;date_premier_contact;date_derniere_rencontre;date_maj"
    rows = "A;Bondy;93140;05/03/2024;05/03/2025;01/06/2024\nB;Bourg;1000;02/06/2024;;02/06/2024\n"
    path = save(tmp_path, f"{head}\n{rows}")
    table, report = read_partners(path, today=date(2024, 6, 1))
    days = table.set_index("name")[["first_contact_on", "last_met_on", "updated_on"]]
    assert days.notna().to_numpy().tolist() == [[True, False, True], [False, False, False]]
    notes = [(i.code, i.line) for i in report.issues if i.line]
    assert notes == [("W-DATE", 2), ("W-DATE", 3), ("W-DATE", 3), ("W-ZERO", 3)]
    assert sorted(table["postcode"]) == ["01000", "93140"]
    assert read_partners(path)[0]["last_met_on"].notna().sum() == 1


def test_recurring_places(tmp_path: Path) -> None:
    text = (
        "nom_lieu;type_lieu;commune;code_insee;moment;lieu_sensible;affluence_estimee;"
        "source_estimation\n"
        "Marché exemple;marché;Bondy;93010;mercredi 8h-13h;;1 200;équipe, mars 2026\n"
        "Terrain exemple;bidonville;Bondy;93010;;;;\n"
        "Gare exemple;gare;Bondy;93010;;non;beaucoup;\n"
    )
    table, report = read_places(save(tmp_path, text))
    check_table(table, PLACES)
    found = table.set_index("name")
    assert found.loc["Marché exemple", "opening_hours"] == "We 08:00-13:00"
    assert found["sensitive"].to_dict() == {
        "Marché exemple": False, "Terrain exemple": True, "Gare exemple": False,
    }  # fmt: skip
    assert all(str(i).startswith("l-") for i in table.index)
    assert report.kept == 3
    assert found.loc["Marché exemple", ["crowd", "crowd_source"]].tolist() == [
        1200, "équipe, mars 2026",
    ]  # fmt: skip
    assert found.loc[["Terrain exemple", "Gare exemple"], "crowd"].isna().all()  # never 0
    assert [(i.code, i.line) for i in report.issues] == [("W-NUM", 4)]


def test_messages_have_the_form_of_the_format(tmp_path: Path) -> None:
    _, report = read(tmp_path, "P1;;;Bondy;93010;;;;")
    assert str(report.issues[-1]) == (
        "[E-VIDE] fichier « donnees.csv », ligne 2, colonne « nom » : "
        "la colonne « nom » est vide. Ligne ignorée."
    )
    assert report.summary().startswith("« donnees.csv », structures partenaires : lignes lues 1,")


@pytest.mark.parametrize("text", ["", "nom_structure;commune\n"])
def test_nothing_to_read_is_an_empty_table(tmp_path: Path, text: str) -> None:
    table, report = read_partners(save(tmp_path, text))
    check_table(table, PLACES)
    assert len(table) == report.read == 0
    assert report.issues


def test_dates_siret_closures_and_unread_hours_are_kept(tmp_path: Path) -> None:
    head = "id;nom;commune;date_premier_contact;date_maj;siret;fermetures;horaires;lieu_sensible"
    table, report = read(
        tmp_path,
        "P1;Régie;Bondy;05/01/2026;2026-02-01;732 829 320 00074;03/08/2026-23/08/2026;sur appel;",
        "P2;CADA Les Lilas;Bondy;;;123;cet été;;non",
        head=head,
    )
    first = table.loc["P1"]
    assert (str(first.first_contact_on.date()), str(first.updated_on.date())) == (
        "2026-01-05", "2026-02-01",
    )  # fmt: skip
    assert (first.siret, first.closures) == ("73282932000074", "2026-08-03/2026-08-23")
    assert first.hours_text == "sur appel"
    assert table.sensitive.tolist() == [False, True]  # the name says more than « non »
    assert pd.isna(table.siret["P2"])
    assert {"W-SIRET", "W-FERMETURE", "W-HORAIRE"} <= set(codes(report))
