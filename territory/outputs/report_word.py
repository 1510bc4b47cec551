"""A report as a Word document, its titles, tables and language known to who reads it aloud."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from territory.outputs.french import HARD
from territory.outputs.still_archive import still_archive
from territory.outputs.text_document import name_document, repeat_header
from territory.outputs.word_look import dress, dress_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docx.document import Document as Word

PARTS = ("Partie", "Nombre", "Part", "Un an plus tôt")


def report_docx(content: Mapping[str, Any]) -> bytes:
    """Return the report of `report_document.report_content` as DOCX; the same bytes each time."""
    word = Document()
    dress(word)
    name_document(word, content["title"])
    word.add_heading(content["title"], 1)
    for name, fact in content["facts"]:
        word.add_paragraph(f"{name}{HARD}: {fact}")
    for note in content["notes"]:
        word.add_paragraph(note, style="List Bullet")
    word.add_heading("Chiffres clés", 2)
    keys = [(key["label"], key["value"], key["before"]) for key in content["keys"]]
    _table(word, ("Chiffre", content["now"], content["before"]), keys)
    for chapter in content["chapters"]:
        word.add_heading(chapter["title"], 2)
        for block in chapter["blocks"]:
            _block(word, block)
    _end(word, content)
    for table in word.tables:
        dress_table(table)
    written = io.BytesIO()
    word.save(written)
    return still_archive(written.getvalue())


def _block(word: Word, block: Mapping[str, Any]) -> None:
    word.add_heading(block["label"], 3)
    told = word.add_paragraph()
    told.add_run(" ".join(filter(None, [block["value"], block["unit"]]))).bold = True
    rest = [block["share"], block["interval"], block["mention"]]
    rest += [f"un an plus tôt : {block['before']}"] if block["before"] else []
    told.add_run("".join(f" ; {text}" for text in rest if text))
    word.add_paragraph(block["meaning"])
    if block["parts"]:
        _table(word, PARTS, [_part(part) for part in block["parts"]])


def _part(part: Mapping[str, Any]) -> tuple[str, ...]:
    share = ", ".join(filter(None, [part["share"], part["interval"]]))
    return part["label"], part["value"], share, part["before"]


def _end(word: Word, content: Mapping[str, Any]) -> None:
    if content["quotes"]:
        word.add_heading("Témoignages", 2)
    for said in content["quotes"]:
        word.add_paragraph(said, style="Intense Quote")
    word.add_heading("Ce qu’il faut savoir en lisant", 2)
    for sentence in content["guards"]:
        word.add_paragraph(sentence, style="List Bullet")
    if not content["guards"]:
        word.add_paragraph("Aucune incohérence n’a été trouvée dans les chiffres de ce bilan.")
    word.add_heading("Méthode et sources", 2)
    for sentence in content["method"]:
        word.add_paragraph(sentence)
    _table(word, ("Fichier", "Lignes lues", "Refusées", "Empreinte"), content["sources"])


def _table(word: Word, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Add a table; numbers to the right, its header repeated on each page."""
    table = word.add_table(0, len(header), style="Table Grid")
    for row in (header, *rows):
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    repeat_header(table)
    for row in table.rows[1:]:
        for at in (1, -1):
            row.cells[at].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    word.add_paragraph()
