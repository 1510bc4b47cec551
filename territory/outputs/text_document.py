"""A text in Markdown as a Word document, to be completed in Word or LibreOffice."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from markdown_it import MarkdownIt

from territory.outputs.french import HARD
from territory.outputs.still_archive import STILL, still_archive
from territory.outputs.word_look import dress, dress_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docx.document import Document as Word
    from docx.table import Table
    from docx.text.paragraph import Paragraph
    from markdown_it.token import Token

_FRENCH = "fr-FR"
_TIED = re.compile(r" (?=[;:?!%»=])|(?<=[«=]) ")
_TO_FILL = re.compile(r"(\[[^\]]*\])")


def document_bytes(text: str, title: str) -> bytes:
    """
    Return the Markdown `text` as a French document named `title`; the same bytes each time.

    Titles, paragraphs, lists, tables and bold words are kept; links keep their words only. What is
    between square brackets is marked, to be filled in; no line begins with « ; » or « : ».
    """
    word = Document()
    dress(word)
    name_document(word, title)
    _fill(word, MarkdownIt("commonmark").enable("table").parse(text))
    for table in word.tables:
        dress_table(table)
    written = io.BytesIO()
    word.save(written)
    return still_archive(written.getvalue())


def name_document(word: Word, title: str) -> None:
    """Name a document, and say its language: what reads it aloud speaks French."""
    told = word.core_properties
    told.title, told.language, told.author, told.comments = title, _FRENCH, "territory", ""
    told.created = told.modified = datetime(*STILL)  # noqa: DTZ001 - as the format has it


def _fill(word: Word, tokens: Sequence[Token]) -> None:
    """Write the blocks in their order: what encloses a piece of text gives its style."""
    style = "Normal"
    cells: Iterator[Paragraph] = iter(())
    for token in tokens:
        if token.type == "heading_open":
            style = f"Heading {token.tag[1]}"
        elif token.type == "list_item_open":
            style = "List Bullet"
        elif token.type in {"heading_close", "list_item_close"}:
            style = "Normal"
        elif token.type == "table_open":
            cells = _cells(word, tokens[tokens.index(token) :])
        elif token.type == "table_close":
            cells = iter(())
        elif token.type == "inline":
            into = next(cells, None) or word.add_paragraph(style=style)
            _say(into, token.children or [])


def _cells(word: Word, tokens: Sequence[Token]) -> Iterator[Paragraph]:
    """Add the table that `tokens` begin with; return the paragraph of each cell, in order."""
    kinds = [token.type for token in tokens]
    own = kinds[: kinds.index("table_close")]
    table = word.add_table(own.count("tr_open"), own.count("th_open"), style="Table Grid")
    repeat_header(table)
    return (cell.paragraphs[0] for row in table.rows for cell in row.cells)


def repeat_header(table: Table) -> None:
    """Name the first row of a table as its header, repeated on each page."""
    row = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - no public way to name a header
    row.append(OxmlElement("w:tblHeader"))


def _say(into: Paragraph, pieces: Sequence[Token]) -> None:
    bold = False
    for piece in pieces:
        if piece.type in {"strong_open", "strong_close"}:
            bold = piece.type == "strong_open"
        elif piece.type in {"softbreak", "hardbreak"}:
            into.add_run(" ")
        else:
            _write(into, _TIED.sub(HARD, piece.content), bold=bold)


def _write(into: Paragraph, text: str, *, bold: bool) -> None:
    """Add the words, those to be filled in under a mark."""
    for words in filter(None, _TO_FILL.split(text)):
        run = into.add_run(words)
        run.bold = bold or None  # None: as the style says, titles are bold
        if _TO_FILL.fullmatch(words):
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
