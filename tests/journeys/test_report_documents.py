"""The documents of a report as their readers open them: one content, nothing hidden given back."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from odfdo import Document as OpenDocument
from openpyxl import load_workbook
from pypdf import PdfReader

from scripts.pdf_ua import JARS, checked
from territory.outputs.report_shown import HIDDEN
from tests.journeys.conftest import OUTSIDE, TEAM, kept, told_by_report
from tests.outputs.printed import contrast, parts, words

THIN = "\u202f"
PERSONAL = {"agents", "nom", "prenom", "telephone", "adresse", "lieu"}


Edition = tuple[dict[str, Path], dict[str, str]]


def edition(town: Path, answer: dict[str, Any]) -> Edition:
    """Return the files of a report by ending and its figures as they are shown."""
    return {n.rpartition(".")[2]: town / n for n in answer["fichiers"]}, answer["chiffres"]


def report(town: Path, *more: str) -> Edition:
    return edition(town, told_by_report(town, *more))


@pytest.fixture(scope="module")
def outside(reported: Path) -> Edition:
    return edition(reported, kept(reported, OUTSIDE))


@pytest.fixture(scope="module")
def team(reported: Path) -> Edition:
    return edition(reported, kept(reported, TEAM))


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def texts(paths: dict[str, Path]) -> dict[str, str]:
    """What each document says, all spaces alike."""
    pdf = "\n".join(page.extract_text() for page in PdfReader(paths["pdf"]).pages)
    word = Document(str(paths["docx"]))
    cells = [c.text for t in word.tables for r in t.rows for c in r.cells]
    odt = OpenDocument(str(paths["odt"]))
    open_text = " ".join(e.text_recursive for e in odt.body.get_elements("//text:p | //text:h"))
    return {
        "pdf": flat(pdf), "docx": flat("\n".join([p.text for p in word.paragraphs] + cells)),
        "odt": flat(open_text),
    }  # fmt: skip


def test_pdf_word_and_open_document_say_the_same_figures_of_one_hash(outside: Edition) -> None:
    paths, shown = outside
    said = texts(paths)
    assert set(paths) == {"pdf", "docx", "odt", "xlsx", "csv"}
    for code in ("E1", "E3", "E5/femme", "S3/qpv", "S9c", "FVd/00101"):
        assert all(flat(shown[code]) in text for text in said.values()), code
    hashes = {re.search(r"Empreinte des nombres[ :]*([0-9a-f]{12})", t) for t in said.values()}
    assert len({found.group(1) for found in hashes if found}) == 1
    assert None not in hashes


def test_pages_are_few_tagged_and_every_drawing_is_said_in_words(outside: Edition) -> None:
    paths, _ = outside
    found = list(parts(paths["pdf"]))
    told = [words for kind, words in found if kind == "Figure"]
    assert len(told) > 10
    assert all(len(alt) > 20 for alt in told)
    assert any("Carte par quartier" in alt and HIDDEN in flat(alt) for alt in told)
    assert len(PdfReader(paths["pdf"]).pages) <= 14
    shown = words(paths["pdf"])
    assert min(one.points for one in shown) >= 9 - 0.01
    assert min(contrast(one.grey, 1.0) for one in shown) >= 7
    with zipfile.ZipFile(paths["docx"]) as archive:
        document = archive.read("word/document.xml").decode()
    assert document.count("<pic:pic") == len(
        re.findall(r'<wp:docPr [^>]*descr="[^"]{20,}"', document)
    )
    with zipfile.ZipFile(paths["odt"]) as archive:
        assert archive.namelist()[0] == "mimetype"
        assert not {"Thumbnails/thumbnail.png"} & set(archive.namelist())
        content = archive.read("content.xml").decode()
    assert content.count("<draw:image") == content.count("<svg:desc>") > 10


def test_what_is_hidden_is_in_no_document_nor_drawing(outside: Edition, team: Edition) -> None:
    _, own = team
    paths, shown = outside
    hidden = [code for code, value in shown.items() if value == HIDDEN]
    assert {"S1/QN00101N", "S1/QN00104N"} <= set(hidden)
    maps = [flat(alt) for kind, alt in parts(paths["pdf"]) if kind == "Figure" and "Carte" in alt]
    rate = re.search(r"Les Lampions[^;]*", next(alt for alt in maps if "pour 1 000" in alt))
    assert rate
    assert flat(HIDDEN) in rate.group(0)
    said = texts(paths)
    for text in (*said.values(), paths["csv"].read_text("utf-8-sig")):
        assert f"Les Lampions {own['S1/QN00101N']} " not in text
    sheet = load_workbook(paths["xlsx"])["chiffres"]
    values = {row[0]: row[3] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert {values[code] for code in hidden} == {None}


def test_what_is_of_the_team_stays_there(outside: Edition, team: Edition) -> None:
    paths, shown = outside
    assert not [code for code in shown if code.startswith(("S12c", "S12z", "S12m"))]
    book = load_workbook(paths["xlsx"])
    assert "lignes" not in book.sheetnames
    assert not any("S12m" in text for text in texts(paths).values())
    _, own = team
    assert "S12m/M1" in own


def test_each_figure_of_the_team_leads_to_the_lines_that_made_it(team: Edition) -> None:
    paths, own = team
    book = load_workbook(paths["xlsx"])
    figures, lines = book["chiffres"], book["lignes"]
    header = [cell.value for cell in lines[1]]
    assert header == ["chiffre", "ligne", "date", "type", "commune", "nombre"]
    assert not PERSONAL & set(header)
    rows = [tuple(row) for row in lines.iter_rows(min_row=2, values_only=True)]
    counted = {
        name: sum(row[5] or 0 for row in rows if row[0] == name) for name in ("E2a/00101", "E1")
    }
    assert {name: str(count) for name, count in counted.items()} == {
        name: own[name].replace(THIN, "") for name in counted
    }
    leads = {
        str(row[0].value): row[0].hyperlink.location
        for row in figures.iter_rows(min_row=2, max_col=1)
        if row[0].hyperlink
    }
    for name in ("E1", "E2a", "E2a/00101", "S9r"):
        first = lines[int(leads[name].rpartition("A")[2])]
        assert str(first[0].value).split("/")[0] == name.split("/")[0]


def test_same_report_same_bytes_in_every_format(reported: Path, team: Edition) -> None:
    before = {end: path.read_bytes() for end, path in team[0].items()}
    paths, _ = report(reported, "--equipe")
    assert {end: path.read_bytes() for end, path in paths.items()} == before
    assert {path.stat().st_mode & 0o077 for path in paths.values()} == {0}


OPENING = """
[bilan]
structure = "Association Valfictif"
[[bilan.ouvertures]]
lieu = "Centre social des Tilleuls"
le = 2026-03-01
mois = 6
"""


def test_an_opening_is_boxed_as_no_proof_and_its_words_agree(
    demo_town: Path, tmp_path: Path
) -> None:
    """The caution comes before the figures in every text, and one opening has no « Ensemble »."""
    town = shutil.copytree(demo_town, tmp_path / "ville")
    settings = town / "territory.toml"
    settings.write_text(settings.read_text("utf-8") + OPENING, "utf-8")
    paths, _ = report(town, "--equipe")
    said = texts(paths)
    for text in said.values():
        assert text.count("À lire avant ces chiffres. Ce n’est pas une preuve.") == 1
        assert "Association Valfictif" in text
        assert re.search(r"\b[01] (personnes|activités|habitants|permanences)\b", text) is None
    word = Document(str(paths["docx"]))
    boxed = [p for p in word.paragraphs if p.style and p.style.name == "Encadré"]
    assert ["preuve" in p.text for p in boxed] == [True]
    openings = next(t for t in word.tables if t.cell(0, 1).text == "Avant, dans la commune")
    assert [row.cells[0].text.split(",")[0] for row in openings.rows] == [
        "",
        "Centre social des Tilleuls",
    ]


def test_numbers_of_the_workbook_are_numbers_and_what_is_left_out_is_said(team: Edition) -> None:
    paths, _ = team
    book = load_workbook(paths["xlsx"])
    tables = book["tableaux"]
    rows = [list(row) for row in tables.iter_rows(values_only=True)]
    head = next(n for n, row in enumerate(rows) if row[0] == "Du premier contact à la sortie, par "
                "commune")  # fmt: skip
    assert rows[head].count("part de l’étape d’avant") == 2
    assert [type(value) for value in rows[head + 1][1:5]] == [int, int, float, str]
    formats = {str(r[0].value): r[6].number_format for r in book["chiffres"].iter_rows(min_row=2)}
    assert formats["E5/femme"] == "0.0%"
    assert all(sheet.page_setup.fitToWidth == 1 for sheet in book.worksheets)
    names = {str(row[1].value) for row in book["lignes"].iter_rows(min_row=2)}
    assert not [name for name in names if ":" in name]
    leads = {str(r[0].value).split("/")[0] for r in book["chiffres"].iter_rows(min_row=2)
             if r[0].hyperlink}  # fmt: skip
    used = {str(r[0].value) for r in book["chiffres"].iter_rows(min_row=2) if r[8].value}
    left = {name for name in used if name.split("/")[0] not in leads}
    told = " ".join(str(row[0].value) for row in book["méthode"].iter_rows())
    assert all(name in told for name in left)


@pytest.mark.skipif(JARS not in os.environ, reason=f"{JARS} ne nomme pas veraPDF")
def test_verapdf_finds_nothing_against_pdf_ua(
    outside: Edition,
) -> None:
    paths, _ = outside
    assert {told.split()[0] for told in checked([paths["pdf"]], os.environ[JARS]).values()} == {
        "PASS"
    }
