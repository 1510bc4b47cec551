"""Sheet « comptages »: what is read, the period of each count, and every mistake told."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

import pytest

from territory.errors import RefusedFile
from territory.io.recognise import recognise
from territory.io.walker_counts import read_walker_counts
from territory.model.tables import WALKER_COUNTS, check_table
from tests.io.tables import TODAY, cells, save, workbook

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "date;heure_debut;heure_fin;latitude;longitude;passants"
GOOD = f"""\
{HEAD}
05/03/2024;8h;9h;48,9;2,48;120
06/03/2024;14h15;16h15;48,901;2,481;0
09/03/2024;6h45;9h;48,902;2,482;33
"""


def test_a_good_file(tmp_path: Path) -> None:
    path = save(tmp_path, GOOD)
    assert [(s.kind, s.label) for s in recognise(path)] == [
        ("walker_counts", "comptages de passants")
    ]
    table, report = read_walker_counts(path, today=TODAY)
    check_table(table, WALKER_COUNTS)
    assert (report.read, report.kept, report.issues) == (3, 3, ())
    rows = table.sort_values("on")
    assert rows["period"].tolist() == ["07h00", "14h00", "07h00"]
    assert rows["hours"].tolist() == [1.0, 2.0, 2.25]
    assert rows["walkers"].tolist() == [120, 0, 33]
    there = table.to_crs(4326).geometry.iloc[[0]]
    assert there.x.between(2.48, 2.4821).all()


def test_a_sheet_of_a_workbook_in_lambert_93(tmp_path: Path) -> None:
    head: list[object] = ["Date", "Début", "Fin", "X", "Y", "Nb passants", "Remarques"]
    day = datetime(2024, 3, 5)  # noqa: DTZ001 - a civil date, as a spreadsheet holds it
    row: list[object] = [day, time(7, 30), time(9), 661922.5, 6866781.25, 12, "beau temps"]
    other = cells("code_agent;role;heures_hebdo\nM1;mediateur;35")
    path = workbook(tmp_path / "t.xlsx", comptages=[head, row], equipe=other)
    found = {s.kind: s.layer for s in recognise(path)}
    assert found == {"walker_counts": "comptages", "team": "equipe"}
    table, report = read_walker_counts(path, sheet="comptages")
    assert (table.geometry.iloc[0].x, table.geometry.iloc[0].y) == (661922.5, 6866781.25)
    assert table["hours"].tolist() == [1.5]
    assert {i.code for i in report.issues} == {"W-L93", "I-LIBRE"}


@pytest.mark.parametrize(
    ("line", "code", "column", "message"),
    [
        ("31/02/2024;8h;9h;48,9;2,48;12", "E-DATE", "date", "n'est pas une date valide"),
        ("05/03/2025;8h;9h;48,9;2,48;12", "E-DATE", "date", "dans le futur"),
        (";8h;9h;48,9;2,48;12", "E-VIDE", "date", "est vide"),
        ("05/03/2024;26h;9h;48,9;2,48;12", "E-HEURE", "heure_debut", "n'est pas une heure"),
        ("05/03/2024;8h;tard;48,9;2,48;12", "E-HEURE", "heure_fin", "n'est pas une heure"),
        ("05/03/2024;8h;;48,9;2,48;12", "E-VIDE", "heure_fin", "est vide"),
        ("05/03/2024;9h;8h;48,9;2,48;12", "E-HEURE", "heure_fin", "pas après le début"),
        ("05/03/2024;8h;8h;48,9;2,48;12", "E-HEURE", "heure_fin", "pas après le début"),
        ("05/03/2024;20h;21h;48,9;2,48;12", "E-HEURE", "heure_debut", "de 7 h à 19 h 30"),
        ("05/03/2024;6h;7h30;48,9;2,48;12", "E-HEURE", "heure_debut", "de 7 h à 19 h 30"),
        ("05/03/2024;8h;10h;48,9;2,48;12", "E-HEURE", "heure_debut", "7 h à 9 h, 9 h à 12 h"),
        ("05/03/2024;8h;9h;;;12", "E-VIDE", "latitude", "est vide"),
        ("05/03/2024;8h;9h;48,9;;12", "E-COORD", "latitude", "incomplètes ou illisibles"),
        ("05/03/2024;8h;9h;12,5;100,2;12", "E-COORD", "latitude", "hors de France"),
        ("05/03/2024;8h;9h;48,9;2,48;-3", "E-NUM", "passants", "entier de 0"),
        ("05/03/2024;8h;9h;48,9;2,48;12,5", "E-NUM", "passants", "entier de 0"),
        ("05/03/2024;8h;9h;48,9;2,48;douze", "E-NUM", "passants", "n'est pas un nombre"),
        ("05/03/2024;8h;9h;48,9;2,48;", "E-VIDE", "passants", "est vide"),
        ("05/03/2024;8h;9h;48,9;2,48;06 12 34 56 78", "E-TEXTE", "passants", "téléphone"),
    ],
)
def test_each_mistake_is_told_with_its_line(
    tmp_path: Path, line: str, code: str, column: str, message: str
) -> None:
    table, report = read_walker_counts(save(tmp_path, f"{GOOD}{line}\n"), today=TODAY)
    assert len(table) == report.kept == 3
    told = [i for i in report.issues if i.refused and i.code == code]
    assert [(i.line, i.column) for i in told] == [(5, column)]
    assert message in told[0].problem
    assert "gardée" not in told[0].remedy


def test_a_missing_column_refuses_the_table(tmp_path: Path) -> None:
    path = save(tmp_path, "date;heure_debut;passants\n05/03/2024;8h;12\n")
    assert [s.kind for s in recognise(path)] == ["walker_counts"]
    table, report = read_walker_counts(path)
    assert table.empty
    missing = [i.problem for i in report.issues if i.code == "E-COL"]
    assert [p.split("»")[0] for p in missing] == [
        f"la colonne obligatoire « {name} " for name in ("heure_fin", "latitude", "longitude")
    ]


def test_three_quarters_in_one_period_are_enough(tmp_path: Path) -> None:
    lines = ["8h15;9h15", "8h16;9h16", "16h20;17h40"]
    text = "".join(f"05/03/2024;{times};48,9;2,48;12\n" for times in lines)
    table, report = read_walker_counts(save(tmp_path, f"{HEAD}\n{text}"))
    assert sorted(table["period"]) == ["07h00", "16h30"]
    assert [i.line for i in report.issues if i.refused] == [3]


def test_the_same_count_twice_is_kept_and_told(tmp_path: Path) -> None:
    line = "05/03/2024;8h;9h;48,9;2,48;{}\n"
    text = f"{HEAD}\n{''.join(line.format(n) for n in (12, 12, 15))}"
    table, report = read_walker_counts(save(tmp_path, text))
    assert sorted(table["walkers"]) == [12, 12, 15]
    assert [(i.code, i.line) for i in report.issues] == [("W-DOUBLON", 3), ("W-DOUBLON", 4)]
    assert "ligne 2" in report.issues[0].problem


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    head, *lines = GOOD.splitlines()
    lines += ["05/03/2024;8h;9h;48,9;2,48;120", "05/03/2024;8h;9h;48,9;2,48;7"]
    one, _ = read_walker_counts(save(tmp_path, "\n".join([head, *lines])))
    other, _ = read_walker_counts(save(tmp_path, "\n".join([head, *lines[::-1]])))
    assert one.index.equals(other.index)
    assert one.to_wkt().equals(other.to_wkt())


def test_a_file_about_people_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, f"{HEAD};prenom\n05/03/2024;8h;9h;48,9;2,48;12;x\n")
    with pytest.raises(RefusedFile, match="prenom"):
        recognise(path)


def test_without_a_reference_day_no_count_is_in_the_future(tmp_path: Path) -> None:
    text = f"{HEAD}\n05/03/2034;8h;9h;48,9;2,48;12\n"
    table, _ = read_walker_counts(save(tmp_path, text))
    assert table["on"].dt.date.tolist() == [date(2034, 3, 5)]
