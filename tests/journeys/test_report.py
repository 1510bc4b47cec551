"""`territory report` as a coordinator runs it: documents, figures of one hash, nothing small."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from territory.cli import run
from territory.outputs.report_shown import HIDDEN
from tests.journeys.conftest import OUTSIDE, TEAM, kept

if TYPE_CHECKING:
    from pathlib import Path

    Captured = pytest.CaptureFixture[str]
THIN = "\u202f"


@pytest.fixture(scope="module")
def town(reported: Path) -> Path:
    return reported


@pytest.fixture(scope="module")
def told(town: Path) -> dict[str, object]:
    return kept(town, OUTSIDE)


def files(folder: Path, told: dict[str, object]) -> dict[str, Path]:
    names = told["fichiers"]
    assert isinstance(names, list)
    return {name.rpartition(".")[2]: folder / name for name in names}


def test_every_document_holds_the_same_figures_and_hash(
    town: Path, told: dict[str, object]
) -> None:
    paths = files(town, told)
    digest = str(told["empreinte"])[:12]
    pdf = "\n".join(page.extract_text() for page in PdfReader(paths["pdf"]).pages)
    word = Document(str(paths["docx"]))
    text = "\n".join([p.text for p in word.paragraphs]
                     + [c.text for t in word.tables for r in t.rows for c in r.cells])  # fmt: skip
    with paths["csv"].open(encoding="utf-8-sig", newline="") as file:
        rows = {row["chiffre"]: row["valeur"] for row in csv.DictReader(file, delimiter=";")}
    sheet = load_workbook(paths["xlsx"])["chiffres"]
    cells = {row[0]: row[3] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert digest in pdf
    assert digest in text
    shown = told["chiffres"]
    assert isinstance(shown, dict)
    for code in ("E1", "E2", "E3", "E4"):
        value = shown[code]
        assert value in re.sub(r"\s", THIN, pdf) or value in pdf
        assert value in text
        assert rows[code] == str(cells[code]) == value.replace(THIN, "")


def test_small_counts_leave_the_team_in_no_file(town: Path, told: dict[str, object]) -> None:
    shown = told["chiffres"]
    assert isinstance(shown, dict)
    own = kept(town, TEAM)["chiffres"]
    small = [k for k, v in own.items() if k.startswith("E6/") and v.isdigit() and 0 < int(v) < 11]
    assert small
    assert {shown[name] for name in small} == {HIDDEN}
    with files(town, told)["csv"].open(encoding="utf-8-sig", newline="") as file:
        rows = {row["chiffre"]: row for row in csv.DictReader(file, delimiter=";")}
    assert {rows[name]["valeur"] for name in small} == {""}
    assert rows["E6/26_59"]["denominateur"] == ""  # it would give them back by subtraction


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["2027"], "n’a pas commencé"),
        (["l'an dernier"], "n’est pas une période"),
        (["lancement"], "Le jour de lancement n’est pas connu"),
        (["2026", "--profil", "inconnu"], "Le profil « inconnu » n’existe pas"),
    ],
)
def test_what_cannot_be_reported_is_said(
    town: Path, arguments: list[str], sentence: str, capsys: Captured
) -> None:
    assert run(["report", str(town), *arguments]) != 0
    captured = capsys.readouterr()
    assert sentence in captured.out + captured.err


def test_the_same_report_twice_is_the_same_bytes(town: Path, told: dict[str, object]) -> None:
    paths = files(town, told)
    before = {end: path.read_bytes() for end, path in paths.items()}
    assert run(["report", str(town), "2026"]) == 0
    assert {end: path.read_bytes() for end, path in paths.items()} == before
