"""The same table however it was saved, and what every damaged file answers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from territory.errors import RefusedFile, UnknownKind, UnreadableFile
from territory.io.logs import read_activities
from territory.io.partners import read_partners
from territory.io.text_tables import read_table, recognise_table, sheets
from tests.io.tables import (
    ACTIVITIES,
    AVAILABILITY,
    CONTACTS,
    PARTNERS,
    TEAM,
    TODAY,
    cells,
    save,
    workbook,
)
from tests.real_data import real_file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def expected(tmp_path: Path) -> pd.DataFrame:
    table, report = read_activities(save(tmp_path, ACTIVITIES, name="ref.csv"), today=TODAY)
    assert (report.read, report.kept) == (3, 3)
    return table


def same(path: Path, expected: pd.DataFrame) -> None:
    """The file reads as the reference table."""
    table, report = read_activities(path, today=TODAY)
    assert [i for i in report.issues if i.code.startswith("E-")] == []
    pd.testing.assert_frame_equal(pd.DataFrame(table), pd.DataFrame(expected))


def dated(since_1904: bool = False) -> list[list[object]]:  # noqa: FBT002 - a test variant
    rows = cells(ACTIVITIES)
    for row in rows[1:]:
        day = datetime.strptime(str(row[0]), "%d/%m/%Y")  # noqa: DTZ007 - a civil date
        origin = datetime(1904, 1, 1)  # noqa: DTZ001 - a civil date
        row[0] = (day - origin).days if since_1904 else day
    return rows


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ACTIVITIES, "utf-8-sig"),
        (ACTIVITIES, "utf-8"),
        (ACTIVITIES, "cp1252"),
        (ACTIVITIES, "utf-16"),
        ("sep=;\n" + ACTIVITIES, "utf-8"),
        (ACTIVITIES.replace(";", "\t"), "utf-8"),
        (ACTIVITIES.replace("\n", "\r\n"), "utf-8"),
        (ACTIVITIES.replace("\n", "\r"), "utf-8"),
        ("Suivi 2024;;;\n;;;\n" + ACTIVITIES, "utf-8"),
        (ACTIVITIES.replace("nb_informes", "NB Informés", 1), "utf-8"),
        (ACTIVITIES.replace("heure_debut", '"Heure\nDébut"', 1), "utf-8"),
        (ACTIVITIES + ";;;;;;;;;;\nTotal;;;;;;;48;16;20;14\n", "utf-8"),
    ],
    ids=[
        "bom", "utf8", "cp1252", "utf16", "sep", "tab", "windows", "mac", "titles", "capitals",
        "line break", "total",
    ],
)  # fmt: skip
def test_the_same_table_however_saved(
    tmp_path: Path, expected: pd.DataFrame, text: str, encoding: str
) -> None:
    same(save(tmp_path, text, encoding=encoding), expected)


def test_commas_and_quotes(tmp_path: Path, expected: pd.DataFrame) -> None:
    lines = [",".join(f'"{cell}"' for cell in row) for row in cells(ACTIVITIES)]
    same(save(tmp_path, "\n".join(lines)), expected)


def test_workbook_with_true_dates(tmp_path: Path, expected: pd.DataFrame) -> None:
    same(workbook(tmp_path / "a.xlsx", activites=dated()), expected)


def test_workbook_with_dates_as_text(tmp_path: Path, expected: pd.DataFrame) -> None:
    same(workbook(tmp_path / "a.xlsx", activites=cells(ACTIVITIES)), expected)


def test_workbook_with_title_merged_cells_and_total(tmp_path: Path, expected: pd.DataFrame) -> None:
    book = Workbook()
    sheet = book.active
    for row in [["Activités de l'équipe"], [], *dated(), ["Total", *[None] * 6, 48, 16]]:
        sheet.append([None if c == "" else c for c in row])
    sheet.merge_cells("A1:D1")
    book.save(tmp_path / "a.xlsx")
    same(tmp_path / "a.xlsx", expected)
    issues = read_table(tmp_path / "a.xlsx").issues
    assert [(i.code, i.line) for i in issues] == [("W-TOTAL", 7)]


def test_workbook_counting_days_since_1904(tmp_path: Path, expected: pd.DataFrame) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in dated(since_1904=True):
        book.active.append([None if c == "" else c for c in row])
    book.save(tmp_path / "a.xlsx")
    same(tmp_path / "a.xlsx", expected)


def test_line_numbers_are_those_of_the_spreadsheet(tmp_path: Path) -> None:
    text = "Titre\n\n" + ACTIVITIES.replace("06/03/2024", "32/03/2024")
    for path in (
        save(tmp_path, text),
        save(tmp_path, "sep=;\n" + text, name="sep.csv"),
        workbook(tmp_path / "a.xlsx", a=[["Titre"], [], *cells(text)[2:]]),
    ):
        _, report = read_activities(path, today=TODAY)
        assert [(i.code, i.line) for i in report.issues if i.refused] == [("E-DATE", 5)]


def test_an_empty_file_and_headers_only_say_so(tmp_path: Path) -> None:
    for text, code in [
        ("", "E-ENTETE"),
        (" \n\n", "E-ENTETE"),
        (ACTIVITIES.split("\n")[0], "I-VIDE"),
    ]:
        table, report = read_activities(save(tmp_path, text))
        assert len(table) == 0
        assert code in [i.code for i in report.issues]
        assert report.read == 0


def test_a_missing_required_column_is_named_with_its_synonyms(tmp_path: Path) -> None:
    text = ACTIVITIES.replace("type_activite", "autre_chose")
    table, report = read_activities(save(tmp_path, text))
    assert len(table) == 0
    assert report.kept == 0
    message = next(str(i) for i in report.issues if i.code == "E-COL")
    assert "colonne obligatoire « type_activite » est absente" in message
    assert "action" in message


def test_broken_accents_are_refused_with_the_remedy(tmp_path: Path) -> None:
    path = save(tmp_path, ACTIVITIES.encode().decode("cp1252"))
    with pytest.raises(UnreadableFile, match=r"\[E-ENC\].*CSV UTF-8"):
        read_table(path)


@pytest.mark.parametrize(
    "content", [b"\xd0\xcf\x11\xe0 old excel", b"PK\x03\x04 not a zip", b"a;b\n\x00\x00\x81\x8d"]
)
def test_what_cannot_be_read_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"\[E-FICHIER\].*ne peut pas être lu"):
        recognise_table(path)


def test_an_absent_sheet_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", activites=cells(ACTIVITIES))
    assert sheets(path) == ("activites",)
    with pytest.raises(UnknownKind, match="« autre » n'existe pas"):
        read_table(path, "autre")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (ACTIVITIES, "activities"),
        (PARTNERS, "partners"),
        (CONTACTS, "contacts"),
        (TEAM, "team"),
        (AVAILABILITY, "availability"),
        ("nom_lieu;type_lieu;commune;moment\nMarché;marché;Bondy;mercredi 8h-13h", "places"),
        ("IRIS;COM;P21_CHOM1564;P21_ACT1564\n930100101;93010;12,5;80", "census"),
        ("idcar_200m,i_est_200,ind,men\nCRS3035RES200mN2882600E3778000,0,109.5,38", "cells"),
    ],
)
def test_kinds_are_told_from_headers(tmp_path: Path, text: str, kind: str) -> None:
    assert recognise_table(save(tmp_path, text, name="x.txt")) == [(kind, None)]


def test_every_sheet_of_a_workbook_is_told(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        lisez_moi=[["Ce classeur sert à..."]],
        equipe=cells(TEAM),
        suivi=[["Suivi 2024"], *cells(ACTIVITIES)],
    )
    assert recognise_table(path) == [("team", "equipe"), ("activities", "suivi")]


def test_an_unknown_table_is_not_recognised(tmp_path: Path) -> None:
    assert recognise_table(save(tmp_path, "couleur;taille\nbleu;12\n")) == []


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("nom;prénom;date de naissance;commune", "E-PERSO"),
        ("date;type_activite;lieu;Bénéficiaire", "E-PERSO"),
        ("date;lieu;nombre;etape;Nationalité", "E-SENSIBLE"),
        ("date;type_activite;lieu;nom", "E-PERSO"),
        ("date;type_activite;lieu;N° DE", "E-PERSO"),
        ("nom_structure;commune;type_structure;titre de séjour", "E-SENSIBLE"),
    ],
)
def test_a_file_about_people_is_refused_without_any_value(
    tmp_path: Path, header: str, code: str
) -> None:
    secret = ";".join(["SECRET"] * (header.count(";") + 1))
    with pytest.raises(RefusedFile, match=rf"\[{code}\].*refusé") as error:
        recognise_table(save(tmp_path, f"{header}\n{secret}\n"))
    assert "SECRET" not in str(error.value)
    assert "colonne «" in str(error.value)


def test_partner_contacts_are_dropped_not_refused(tmp_path: Path) -> None:
    header, *rows = PARTNERS.splitlines()
    text = "\n".join(
        [f"{header};Prénom;téléphone;commentaire;couleur"] + [f"{r};A;B;C;D" for r in rows]
    )
    path = save(tmp_path, text)
    assert recognise_table(path) == [("partners", None)]
    _, report = read_partners(path)
    codes = [i.code for i in report.issues]
    assert codes.count("I-PERSO") == 2
    assert "I-LIBRE" in codes
    assert any("colonnes ignorées : code_postal" in i.problem or "couleur" in i.problem
               for i in report.issues if i.code == "I-COLONNES")  # fmt: skip


def test_real_headers_are_recognised() -> None:
    names = {
        "partners/france_services_2024-08-01.csv": "france_services",
        "partners/pmi_ile_de_france_2025-07.csv": "pmi",
        "iris/base-ic-activite-residents-2016-idf.csv": "census",
    }
    for name, kind in names.items():
        assert recognise_table(real_file(name)) == [(kind, None)]
