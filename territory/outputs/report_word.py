"""A report as a Word document, its titles, tables and drawings known to who reads it aloud."""

from __future__ import annotations

import io
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from territory.outputs.report_pieces import Heading, Picture, Tabular, pieces
from territory.outputs.still_archive import still_archive
from territory.outputs.text_document import name_document, repeat_header
from territory.outputs.word_look import dress, dress_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docx.document import Document as Word
    from docx.table import Table

    from territory.outputs.report_pieces import Text

_STYLES = {
    "": "Normal",
    "small": "Normal",
    "after": "Normal",
    "list": "List Bullet",
    "quote": "Intense Quote",
}
_SMALL = Pt(9.5)
_TOGETHER = 21  # rows of a table that the end of a page does not cut


def report_docx(content: Mapping[str, Any], pictures: Mapping[str, bytes]) -> bytes:
    """
    Return the report of `report_document.report_content` as DOCX; the same bytes each time.

    `pictures` are the PNG of its drawings by name.
    """
    word = Document()
    dress(word)
    name_document(word, content["title"])
    for piece in pieces(content):
        if isinstance(piece, Heading):
            word.add_heading(piece.text, piece.level)
        elif isinstance(piece, Tabular):
            _table(word, piece)
        elif isinstance(piece, Picture):
            _picture(word, piece, pictures[piece.name])
        else:
            _text(word, piece)
    written = io.BytesIO()
    word.save(written)
    return still_archive(written.getvalue())


def _text(word: Word, piece: Text) -> None:
    paragraph = word.add_paragraph(style=_STYLES[piece.style])
    if piece.strong:
        paragraph.add_run(piece.strong).bold = True
    run = paragraph.add_run(piece.text)
    if piece.style in {"small", "after"}:
        run.font.size = _SMALL
        paragraph.paragraph_format.keep_with_next = piece.style == "small"


def _picture(word: Word, piece: Picture, png: bytes) -> None:
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    drawn = paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(piece.width_mm))
    named = drawn._inline.docPr  # noqa: SLF001 - no public way to say what a picture shows
    named.set("descr", piece.alt)
    named.set("title", piece.alt.partition(" : ")[0])


def _table(word: Word, piece: Tabular) -> None:
    """Add a table; numbers to the right, its header repeated on each page."""
    table = word.add_table(0, len(piece.header), style="Table Grid")
    first, alike, last = piece.rows[:1], piece.rows[1:-1], piece.rows[1:][-1:]
    for row in (piece.header, *first, *last):
        cells = table.add_row().cells
        for at, (cell, text) in enumerate(zip(cells, row, strict=True)):
            cell.text = text
            if at in piece.numbers:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    repeat_header(table)
    dress_table(table, piece.widths())
    _tighten(table, piece)
    if alike:
        _copy_row(table, alike)
    gap = word.add_paragraph()
    gap.paragraph_format.space_before = gap.paragraph_format.space_after = Pt(0)


def _tighten(table: Table, piece: Tabular) -> None:
    """Set letters and spaces of a table, its last row in bold when it sums, and hold it in one."""
    together = 1 + len(piece.rows) <= _TOGETHER
    for at, row in enumerate(table.rows):
        last = at == len(table.rows) - 1
        for paragraph in (p for cell in row.cells for p in cell.paragraphs):
            spaces = paragraph.paragraph_format
            spaces.space_before = spaces.space_after = Pt(1)
            spaces.line_spacing = 1.0
            spaces.keep_with_next = not last and together
            for run in paragraph.runs:
                run.font.size = _SMALL
                run.bold = (at == 0 or (piece.sums and last)) or None


def _copy_row(table: Table, rows: Sequence[Sequence[str]]) -> None:
    """Add rows like the first one below it: dressing each cell by itself takes far longer."""
    before = table.rows[1]._tr  # noqa: SLF001 - no public way to copy a row
    for row in rows:
        copied = deepcopy(before)
        for run, text in zip(copied.iter(qn("w:r")), row, strict=True):
            run.text = text
        before.addnext(copied)
        before = copied
