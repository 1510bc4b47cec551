"""Checking a file, forgetting in time and publishing, as a coordinator types it."""

from __future__ import annotations

import csv
import json
import os
import shutil
from pathlib import Path  # noqa: TC003 - a fixture type

import pytest
from openpyxl import Workbook, load_workbook

from territory.cli import run
from territory.io.atomic import write_bytes
from territory.io.raw_folder import add_raw
from territory.io.recognise import recognise
from territory.io.retention import ARCHIVE

TELEPHONE = "06 12 34 56 78"
OLD = (
    "date;type_activite;lieu;commune;nb_informes",
    "05/03/2023;maraude;Place du marché;Valfictif;12",
    "31/12/2023;maraude;Place du marché;Valfictif;7",
    "01/01/2024;maraude;Place du marché;Valfictif;5",
    "05/03/2026;maraude;Place du marché;Valfictif;9",
)


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_file_about_people_is_said_to_be_refused_and_no_value_is_shown(tmp_path, capsys) -> None:
    path = write(tmp_path / "suivi.csv", "date;type_activite;commune;prenom;nationalite",
                 "05/03/2026;maraude;Bondy;Camille;inconnue")  # fmt: skip
    assert run(["privacy-check", str(path)]) == 1
    said = capsys.readouterr()
    assert "la colonne « prenom » contient des données personnelles" in said.out
    assert "la colonne « nationalite » concerne des données sensibles" in said.out
    assert "Camille" not in said.out + said.err


def test_cells_with_a_telephone_are_counted_and_not_shown(tmp_path: Path, capsys) -> None:
    rows = (f"05/03/2026;maraude;Bondy;chez {TELEPHONE}", "06/03/2026;maraude;Bondy;gare")
    path = write(tmp_path / "suivi.csv", "date;type_activite;commune;lieu", *rows)
    assert run(["privacy-check", str(path), "--json"]) == 0
    text = capsys.readouterr().out
    assert json.loads(text)["fichiers"][0]["lignes_avec_identifiant"] == {"lieu": 1}
    assert TELEPHONE not in text


def test_a_file_that_is_no_known_table_is_never_said_to_be_accepted(tmp_path, capsys) -> None:
    feature = {"type": "Feature", "properties": {"prenom": "Camille"}, "geometry": None}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    path = write(tmp_path / "gens.geojson", text)
    assert run(["privacy-check", str(path)]) == 1
    said = capsys.readouterr().out
    assert "n’a pas pu être vérifié" in said
    assert "accepté" not in said
    assert "Camille" not in said


def test_every_sheet_of_a_workbook_is_checked(tmp_path: Path, capsys) -> None:
    book = Workbook()
    book.active.append(["nom_structure", "commune", "type_structure"])
    page = book.create_sheet("gens")
    page.append(["date", "type_activite", "commune", "date de naissance"])
    book.save(tmp_path / "a.xlsx")
    assert run(["privacy-check", str(tmp_path / "a.xlsx"), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["fichiers"]
    assert [(f["feuille"], f["refuse"]) for f in found] == [("Sheet", False), ("gens", True)]


@pytest.fixture
def town(fresh_town: Path, tmp_path: Path) -> Path:
    """The fictional town (today is in October 2026) with a log of four years."""
    folder = tmp_path / "ville"
    shutil.copytree(fresh_town, folder)
    for path in sorted((folder / "data" / "raw").glob("*.geojson")):
        add_raw(folder, path, recognise(path))
    log = write(tmp_path / "vieux.csv", *OLD)
    add_raw(folder, log, recognise(log))
    return folder


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8-sig").splitlines()


def test_a_dry_run_writes_nothing_then_old_lines_become_counts(town: Path, capsys) -> None:
    path = town / "data" / "raw" / "vieux.csv"
    before = path.read_bytes()
    assert run(["purge", str(town), "--dry-run"]) == 0
    assert "vieux.csv : 2 lignes à effacer (avant 01/01/2024)" in capsys.readouterr().out
    assert path.read_bytes() == before
    assert not (town / ARCHIVE).exists()
    assert run(["purge", str(town), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["fichiers"] == [{"fichier": "vieux.csv", "lignes": 2}]
    assert answer["prochaine"] == "2027-01-01"
    assert lines_of(path) == [OLD[0], *OLD[3:]]
    kept = [row.split(";")[1:] for row in lines_of(town / ARCHIVE)[1:]]
    assert kept == [["activities", "Valfictif", "2023-03", "maraude", "1", "12"],
                    ["activities", "Valfictif", "2023-12", "maraude", "1", "7"]]  # fmt: skip
    assert run(["purge", str(town)]) == 0
    assert "Aucune ligne" in capsys.readouterr().out


def test_contacts_are_forgotten_with_their_outing(town: Path, tmp_path: Path, capsys) -> None:
    outings = write(tmp_path / "sorties.csv", "id_activite;date;type_activite;commune",
                    "S1;05/03/2023;maraude;Valfictif",
                    "S2;05/03/2026;maraude;Valfictif")  # fmt: skip
    counts = write(tmp_path / "personnes.csv", "id_activite;nombre;etape",
                   "S1;3;accroche", "S2;2;accroche")  # fmt: skip
    for path in (outings, counts):
        add_raw(town, path, recognise(path))
    assert run(["purge", str(town)]) == 0
    assert "personnes.csv : 1 lignes effacées" in capsys.readouterr().out
    assert lines_of(town / "data/raw/personnes.csv") == [
        "id_activite;nombre;etape",
        "S2;2;accroche",
    ]
    kept = [row.split(";")[1:] for row in lines_of(town / ARCHIVE)[1:]]
    assert ["contacts", "", "2023-03", "accroche", "1", "3"] in kept


def test_weeks_and_absences_of_workers_are_forgotten_in_time(town: Path, tmp_path, capsys) -> None:
    away = write(tmp_path / "absences.csv", "code_agent;type;date_du;date_au;jour",
                 "M1;absent;02/01/2023;06/01/2023;",
                 "M1;absent;28/12/2023;02/01/2024;",
                 "M2;absent;;;lundi")  # fmt: skip
    add_raw(town, away, recognise(away))
    for name in (
        "semaines/2023-W10-plan.json",
        "semaines/2023-W10.jsonl",
        "outputs/2023-W10/a.pdf",
    ):
        (town / name).parent.mkdir(parents=True, exist_ok=True)
        write(town / name, "{}")
    assert run(["purge", str(town), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "absences.csv : 1 lignes à effacer (avant 01/01/2024)" in said
    assert "semaines/ : 2 fichiers à effacer (avant 01/01/2024)" in said
    assert (town / "outputs/2023-W10/a.pdf").exists()
    assert run(["purge", str(town), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["semaines"] == [{"dossier": "semaines/", "fichiers": 2},
                                  {"dossier": "outputs/", "fichiers": 1}]  # fmt: skip
    assert answer["sans_date"] == []
    assert lines_of(town / "data/raw/absences.csv")[1:] == [
        "M1;absent;28/12/2023;02/01/2024;",
        "M2;absent;;;lundi",
    ]
    assert {row.split(";")[1] for row in lines_of(town / ARCHIVE)[1:]} == {"activities"}
    assert not [p for folder in ("semaines", "outputs") for p in (town / folder).glob("2023*")]
    assert run(["purge", str(town)]) == 0
    assert "Aucune ligne" in capsys.readouterr().out


def test_lines_that_could_never_be_forgotten_are_named(town: Path, tmp_path: Path, capsys) -> None:
    outings = write(tmp_path / "sorties.csv", "date;type_activite;commune",
                    "05/03/2026;maraude;Valfictif", "mars 2019;maraude;Valfictif",
                    ";maraude;Valfictif")  # fmt: skip
    add_raw(town, outings, recognise(outings))
    before = outings.read_bytes()
    assert run(["purge", str(town), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["sans_date"] == [{"fichier": "sorties.csv", "lignes": [3, 4]}]
    assert (town / "data/raw/sorties.csv").read_bytes() == before
    assert run(["purge", str(town), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert (
        "sorties.csv : date illisible, ligne 3, 4. Ces lignes ne seraient jamais effacées" in said
    )
    assert "2019" not in said


def test_a_full_disk_loses_nothing_and_counts_nothing_twice(town, capsys, monkeypatch) -> None:
    path = town / "data" / "raw" / "vieux.csv"
    before = path.read_bytes()

    def full(target: Path, content: bytes) -> Path:
        if target == path:
            raise OSError(28, "No space left on device")
        return write_bytes(target, content)

    with monkeypatch.context() as patch:
        patch.setattr("territory.io.retention.write_bytes", full)
        patch.chdir(town)
        assert run(["purge", str(town)]) == 1
    assert path.read_bytes() == before
    assert run(["purge", str(town)]) == 0
    assert len(lines_of(town / ARCHIVE)) == 3
    capsys.readouterr()


def test_old_rows_of_a_workbook_go_and_the_others_stay(town: Path, tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "activites"
    for line in OLD:
        book.active.append(line.split(";"))
    book.save(tmp_path / "vieux.xlsx")
    add_raw(town, tmp_path / "vieux.xlsx", recognise(tmp_path / "vieux.xlsx"))
    assert run(["purge", str(town)]) == 0
    page = load_workbook(town / "data" / "raw" / "vieux.xlsx")["activites"]
    assert [row[0] for row in page.iter_rows(values_only=True)] == [
        "date", "01/01/2024", "05/03/2026",
    ]  # fmt: skip


def test_what_is_published_hides_small_counts_and_sensitive_places(demo_town, tmp_path) -> None:
    folder = tmp_path / "ville"
    shutil.copytree(demo_town, folder)
    assert run(["export", str(folder)]) == 0
    (path,) = (folder / "outputs" / "public").iterdir()
    with path.open(encoding="utf-8-sig") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows[0][0] == "commune (lieu de la rencontre)"
    assert (rows[0][-1], rows[-1][0]) == ("Total", "Total")
    shown = [int(c) for row in rows[1:] for c in row[1:] if c.isdigit()]
    assert not [n for n in shown if 0 < n < 11]
    assert any("effectif trop faible" in row for row in rows)
    assert run(["export", str(folder), "--seuil", "4"]) == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such rights")
def test_what_is_computed_and_delivered_is_for_its_owner_alone(demo_town: Path) -> None:
    made = [demo_town / "data" / "processed", demo_town / "outputs"]
    files = [p for folder in made for p in folder.rglob("*") if p.name != "README.md"]
    assert {p.suffix for p in files} >= {".parquet", ".pdf", ".xlsx", ".gpkg", ".html"}
    assert [p.name for p in files if p.stat().st_mode & 0o077] == []


def test_received_files_are_for_their_owner_alone(town: Path) -> None:
    files = [
        p for p in (town / "data" / "raw").iterdir() if p.name in {"vieux.csv", "manifeste.json"}
    ]
    assert len(files) == 2
    assert {p.stat().st_mode & 0o077 for p in files} == {0}


def test_a_damaged_list_of_files_is_said_and_nothing_is_copied(town: Path, capsys) -> None:
    (town / "data" / "raw" / "manifeste.json").write_text("{", encoding="utf-8")
    other = write(town / "autre.csv", *OLD)
    assert run(["add", str(town), str(other)]) == 1
    assert "est abîmée" in " ".join(capsys.readouterr())
    assert not (town / "data" / "raw" / "autre.csv").exists()
