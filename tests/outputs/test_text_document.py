"""Markdown as a Word document: nothing lost, in French, the same each time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from territory.outputs.text_document import document_bytes
from territory.outputs.word_look import shares

if TYPE_CHECKING:
    from docx.document import Document

TEXT = """\
# Un titre

Une phrase **forte** sur
deux lignes, avec un [lien](page.md) & `un code`.

| Rubrique | Contenu |
|---|---|
| Finalités | Savoir où **aller** < 5 |

- premier point,
  qui continue - encore
- second point

Fin.
"""


@pytest.fixture(scope="module")
def word() -> Document:
    return docx.Document(io.BytesIO(document_bytes(TEXT, "Un & deux")))


def test_titles_paragraphs_and_lists_are_those_of_the_text(word: Document) -> None:
    assert [(p.style and p.style.name, p.text) for p in word.paragraphs] == [
        ("Heading 1", "Un titre"),
        ("Normal", "Une phrase forte sur deux lignes, avec un lien & un code."),
        ("List Bullet", "premier point, qui continue - encore"),
        ("List Bullet", "second point"),
        ("Normal", "Fin."),
    ]
    assert [run.text for run in word.paragraphs[1].runs if run.bold] == ["forte"]


def test_a_table_keeps_its_cells_and_names_its_header(word: Document) -> None:
    (table,) = word.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Rubrique", "Contenu"],
        ["Finalités", "Savoir où aller < 5"],
    ]
    assert ["tblHeader" in row._tr.xml for row in table.rows] == [True, False]


def test_the_document_tells_its_title_and_language_and_no_moment(word: Document) -> None:
    told = word.core_properties
    assert (told.title, told.language, told.created.year) == ("Un & deux", "fr-FR", 2000)
    assert 'w:val="fr-FR"' in word.styles["Normal"].element.xml
    assert document_bytes(TEXT, "Un & deux") == document_bytes(TEXT, "Un & deux")


@given(st.text(st.characters(categories=("L", "Nd"), max_codepoint=0x24F), min_size=1))
def test_a_line_keeps_its_letters_whatever_they_are(line: str) -> None:
    word = docx.Document(io.BytesIO(document_bytes(f"Mot {line} « fin »", line)))
    assert [p.text for p in word.paragraphs] == [f"Mot {line} «\u00a0fin\u00a0»"]


def test_what_is_to_be_filled_in_is_marked() -> None:
    word = docx.Document(io.BytesIO(document_bytes("Pour l’équipe : [contact].", "Un")))
    marked = [(r.text, r.font.highlight_color is not None) for r in word.paragraphs[0].runs]
    assert marked == [("Pour l’équipe\u00a0: ", False), ("[contact]", True), (".", False)]


def test_a_page_is_a4_and_numbered(word: Document) -> None:
    (section,) = word.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    foot = section.footer.paragraphs[0]
    assert foot.text == "Page  sur "
    assert [field.get(qn("w:instr")) for field in foot._p.iter(qn("w:fldSimple"))] == [
        "PAGE", "NUMPAGES",
    ]  # fmt: skip


def test_titles_are_as_their_style_says(word: Document) -> None:
    assert word.styles["Heading 1"].font.bold
    assert word.paragraphs[0].runs[0].bold is None


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=6))
def test_columns_share_the_whole_width_by_what_they_hold(letters: list[int]) -> None:
    widths = shares(letters)
    assert sum(widths) == pytest.approx(1)
    assert all(width > 0 for width in widths)
    wider = sorted(range(len(letters)), key=letters.__getitem__)
    assert [widths[k] for k in wider] == sorted(widths)


def test_a_table_fills_the_page_and_its_rows_are_not_cut(word: Document) -> None:
    (table,) = word.tables
    assert sum(column.width.mm for column in table.columns) == pytest.approx(170, abs=0.1)
    assert all("cantSplit" in row._tr.xml for row in table.rows)
