"""Reports for outside are recorded, and none gives a small number beside those already out."""

from __future__ import annotations

import csv
import json
import shutil
from typing import TYPE_CHECKING

import pytest

import territory.commands.report as command
from territory.cli import run
from territory.io.publications import FILE_NAME, read_published, read_published_reports

if TYPE_CHECKING:
    from pathlib import Path

    Captured = pytest.CaptureFixture[str]
HALF, YEAR = "est_ensemble_20260101_20260630", "est_ensemble_20260101_20261031"


@pytest.fixture(autouse=True)
def _only_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents are drawn, and read again, in test_report: here their numbers alone matter."""
    monkeypatch.setattr(command, "pictures_of", lambda _content: {})
    for name in ("report_pdf", "report_docx", "report_odt"):
        monkeypatch.setattr(command, name, lambda *_: b"")


@pytest.fixture
def town(untouched_demo: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "ville"
    shutil.copytree(untouched_demo, folder)
    return folder


def values(folder: Path, stem: str) -> dict[str, str]:
    path = folder / "outputs" / "bilan" / f"{stem}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return {r["chiffre"]: r["valeur"] for r in rows if r["unite"] == "personnes"}


def documents(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "outputs" / "bilan").glob("*"))


def published(folder: Path) -> list[dict[str, object]]:
    path = folder / FILE_NAME
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def small_differences(one: dict[str, str], other: dict[str, str]) -> list[str]:
    both = [n for n in one if n in other and one[n].isdigit() and other[n].isdigit()]
    return [name for name in both if 0 < abs(int(one[name]) - int(other[name])) < 11]


def test_a_year_after_its_half_is_recorded_and_hides_what_their_difference_would_give(
    town: Path, capsys: Captured
) -> None:
    """And each again is the same bytes, and no line more."""
    assert run(["report", str(town), "2026"]) == 0
    alone = values(town, YEAR)
    (town / FILE_NAME).unlink()  # as if the year had never gone out
    assert run(["report", str(town), "2026-S1"]) == 0
    half = values(town, HALF)
    assert small_differences(half, alone)
    capsys.readouterr()
    assert run(["report", str(town), "2026"]) == 0
    said = capsys.readouterr().out
    assert "Masqués en plus" in said
    assert "est_ensemble du 01/01/2026 au 30/06/2026" in said
    assert "gardez le programme et la période déjà publiés" in said
    assert small_differences(half, values(town, YEAR)) == []
    rows = published(town)
    assert [row["periode"] for row in rows] == [
        ["2026-01-01", "2026-06-30"], ["2026-01-01", "2026-10-31"]
    ]  # fmt: skip
    assert {frozenset(row) for row in rows} == {
        frozenset({"nom", "profil", "periode", "empreinte", "seuil", "masques",
                   "masques_un_an_avant", "tableau", "le"})
    }  # fmt: skip
    assert read_published(town) == ()  # no table by zone and month
    again_is_the_same(town)


def again_is_the_same(town: Path) -> None:
    first, year = workbook(town, HALF), workbook(town, YEAR)
    for span in ("2026-S1", "2026"):
        assert run(["report", str(town), span]) == 0
    assert workbook(town, HALF) == first
    assert workbook(town, YEAR) == year
    assert len(published(town)) == 2


def workbook(town: Path, stem: str) -> bytes:
    return (town / "outputs" / "bilan" / f"{stem}.xlsx").read_bytes()


def test_another_programme_of_the_same_people_gives_no_small_number(town: Path) -> None:
    text = """
    code = "mien"
    nom = "Mon bilan"
    completer = false
    [[chiffre]]
    code = "E1"
    libelle = "Personnes en maraude et au pied des immeubles"
    compter = "personnes"
    parmi = { etape = ["informe"], type = ["maraude", "pied_immeuble"] }
    [[chiffre]]
    code = "E2"
    libelle = "Personnes en maraude"
    compter = "personnes"
    parmi = { etape = ["informe"], type = ["maraude"] }
    """
    (town / "mien.toml").write_text(text, encoding="utf-8")
    assert run(["report", str(town), "2026"]) == 0
    assert run(["report", str(town), "2026", "--profil", "mien.toml"]) == 0
    assert [one.profile for one in read_published_reports(town)] == ["est_ensemble", "mien.toml"]
    (town / "mien.toml").unlink()
    before = documents(town)
    assert run(["report", str(town), "2026-S1"]) == 1  # nobody knows what went out
    assert documents(town) == before


def test_what_the_team_keeps_is_not_recorded(town: Path) -> None:
    assert run(["report", str(town), "2026", "--equipe"]) == 0
    assert published(town) == []


def test_a_small_correction_is_not_read_by_difference(town: Path, capsys: Captured) -> None:
    assert run(["report", str(town), "2026"]) == 0
    first = values(town, YEAR)
    late = town / "data" / "raw" / "activites_tardives.csv"
    late.write_text(
        "date;type_activite;commune;nb_informes\n05/09/2026;maraude;Valfictif;2\n", "utf-8"
    )
    assert run(["add", str(town), str(late)]) == 0
    capsys.readouterr()
    assert run(["report", str(town), "2026"]) == 0
    assert "Masqués en plus" in capsys.readouterr().out
    again = values(town, YEAR)
    assert first["E1"].isdigit()
    assert again["E1"] == ""
    assert small_differences(first, again) == []
    (town / "outputs" / "bilan" / f"{YEAR}.csv").unlink()
    late.write_text(
        "date;type_activite;commune;nb_informes\n05/09/2026;maraude;Valfictif;40\n", "utf-8"
    )
    assert run(["add", str(town), str(late)]) == 0
    capsys.readouterr()
    assert run(["report", str(town), "2026"]) == 0
    assert "Non vérifié : le suivi a changé" in capsys.readouterr().out


def test_a_crash_leaves_a_line_too_many_at_most(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Path:
        raise OSError(28, "disque plein")

    with monkeypatch.context() as broken:
        broken.setattr(command, "report_odt", full)  # before anything is recorded
        assert run(["report", str(town), "2026-S1"]) != 0
    assert (published(town), documents(town)) == ([], [])
    with monkeypatch.context() as broken:
        broken.setattr(command, "write_bytes", full)  # between the line and the documents
        assert run(["report", str(town), "2026-S1"]) != 0
    assert len(published(town)) == 1
    assert documents(town) == []
    assert run(["report", str(town), "2026-S1"]) == 0
    assert len(published(town)) == 1
    assert len(documents(town)) == 5


def test_without_a_readable_record_nothing_goes_out(town: Path, capsys: Captured) -> None:
    (town / FILE_NAME).write_text("{\n", encoding="utf-8")
    assert run(["report", str(town), "2026"]) != 0
    assert "déjà été publié" in capsys.readouterr().err
    assert documents(town) == []
