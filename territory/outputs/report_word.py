"""A report as a Word document, its titles, tables and drawings known to who reads it aloud."""

from __future__ import annotations

import io
from html import escape
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt, RGBColor

from territory.outputs.report_pieces import Heading, Picture, Tabular, pieces
from territory.outputs.still_archive import still_archive
from territory.outputs.text_document import name_document
from territory.outputs.word_look import dress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docx.document import Document as Word

    from territory.outputs.report_pieces import Text

_STYLES = {
    "": "Normal",
    "small": "Avant un tableau",
    "after": "Après un tableau",
    "list": "List Bullet",
    "quote": "Quote",
    "fact": "Fait",
    "box": "Encadré",
    "foot": "Pied du bilan",
}
_WORD, _NUMBER = "Cellule", "Cellule de nombre"
_CELLS = {_WORD: WD_ALIGN_PARAGRAPH.LEFT, _NUMBER: WD_ALIGN_PARAGRAPH.RIGHT}
_FOOT = Pt(8.5)
_SMALL, _ASIDE, _GREY = Pt(9.5), "Précision", RGBColor(0x44, 0x44, 0x44)
_ROOM_DXA = 9638  # twentieths of a point: 170 mm
_BOX = (
    "<w:pBdr {}>"
    + "".join(f'<w:{side} w:val="single" w:sz="12" w:space="4" w:color="173F5F"/>'
              for side in ("top", "left", "bottom", "right"))
    + "</w:pBdr>"
)  # fmt: skip
_RULES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="8A8A8A"/>'
    for side in ("top", "bottom", "insideH")
)
_TABLE = (
    '<w:tbl {}><w:tblPr><w:tblW w:w="{}" w:type="dxa"/><w:tblBorders>{}</w:tblBorders>'
    '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/>'
    '<w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
    '<w:tblLook w:val="0420" w:firstRow="1" w:noVBand="1"/>'
    "</w:tblPr><w:tblGrid>{}</w:tblGrid>{}</w:tbl>"
)


def report_docx(content: Mapping[str, Any], pictures: Mapping[str, bytes]) -> bytes:
    """
    Return the report of `report_document.report_content` as DOCX; the same bytes each time.

    `pictures` are the PNG of its drawings by name.
    """
    word = Document()
    dress(word)
    _styled(word)
    name_document(word, content["title"])
    _running(word, content["running"])
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


def _running(word: Word, told: Mapping[str, str]) -> None:
    """Say on every page what the document is, and beside its number who may read it."""
    section = word.sections[0]
    section.top_margin, section.bottom_margin = Mm(18), Mm(17)
    section.footer_distance = Mm(9)
    counted = section.footer.paragraphs[0]
    counted.style = word.styles[_STYLES["foot"]]
    counted.runs[0].text = f"{told['notice']} Page ".lstrip()
    section.header_distance = Mm(8)
    section.header.paragraphs[0].text = told["head"]
    section.header.paragraphs[0].style = word.styles[_STYLES["foot"]]
    counted.style.font.size = _FOOT


def _styled(word: Word) -> None:
    """Add the styles that a reader may change: beside tables, in their cells, the box."""
    own = [_STYLES[use] for use in ("small", "after", "box", "fact", "foot")]
    for name in (*own, *_CELLS):
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = word.styles["Normal"]
        style.font.size = _SMALL
        style.paragraph_format.line_spacing = 1.0
        style.paragraph_format.keep_with_next = name in {_STYLES["small"], _STYLES["box"]}
        if name in _CELLS:
            style.paragraph_format.alignment = _CELLS[name]
        if name in {*_CELLS, _STYLES["fact"]}:
            style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(1)
    for level, above in ((2, Pt(12)), (3, Pt(9))):
        word.styles[f"Heading {level}"].paragraph_format.space_before = above
        word.styles[f"Heading {level}"].paragraph_format.space_after = Pt(3)
    box = word.styles[_STYLES["box"]]
    box.paragraph_format.space_before = box.paragraph_format.space_after = Pt(8)
    box.element.get_or_add_pPr().insert_element_before(
        parse_xml(_BOX.format(nsdecls("w"))), "w:shd", "w:spacing", "w:ind", "w:jc"
    )
    aside = word.styles.add_style(_ASIDE, WD_STYLE_TYPE.CHARACTER)
    aside.font.size, aside.font.color.rgb = Pt(8.5), _GREY


def _text(word: Word, piece: Text) -> None:
    paragraph = word.add_paragraph(style=_STYLES[piece.style])
    if piece.strong:
        paragraph.add_run(piece.strong).bold = True
    paragraph.add_run(piece.text)


def _picture(word: Word, piece: Picture, png: bytes) -> None:
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    drawn = paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(piece.width_mm))
    named = drawn._inline.docPr  # noqa: SLF001 - no public way to say what a picture shows
    named.set("descr", piece.alt)
    named.set("title", piece.alt.partition(" : ")[0])


def _table(word: Word, piece: Tabular) -> None:
    """Add a table, written at once; numbers to the right, its header repeated on each page."""
    widths = [round(share * _ROOM_DXA) for share in piece.widths()]
    styles = [
        word.styles[_NUMBER if at in piece.numbers else _WORD].style_id for at in range(len(widths))
    ]
    aside = word.styles[_ASIDE].style_id
    rows = "".join(
        _row(piece, at, list(zip(row, widths, styles, strict=True)), aside)
        for at, row in enumerate((piece.header, *piece.rows))
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    gap = word.add_paragraph(style=_STYLES["after"])
    gap.paragraph_format.space_before = gap.paragraph_format.space_after = Pt(0)
    gap._p.addprevious(  # noqa: SLF001 - cell by cell, a table takes seconds
        parse_xml(_TABLE.format(nsdecls("w"), sum(widths), _RULES, grid, rows))
    )


def _row(piece: Tabular, at: int, cells: list[tuple[str, int, str]], aside: str) -> str:
    whole = at == 0 or (piece.sums and at == len(piece.rows))
    keep = "<w:keepNext/>" if piece.held(at) else ""
    told = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{_SHADE if at == 0 else ""}</w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}</w:pPr>'
        f"{_runs(text, aside, bold=whole or n in piece.strong)}</w:p></w:tc>"
        for n, (text, width, style) in enumerate(cells)
    )
    return (
        f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if at == 0 else ''}</w:trPr>{told}</w:tr>"
    )


_SHADE = '<w:shd w:val="clear" w:color="auto" w:fill="E8EEF3"/>'


def _runs(text: str, aside: str, *, bold: bool) -> str:
    """Return the runs of a cell: its first line, and smaller what is said under it."""
    first, *rest = text.split("\n")
    look = "<w:rPr><w:b/></w:rPr>" if bold else ""
    said = f'<w:r>{look}<w:t xml:space="preserve">{escape(first)}</w:t></w:r>'
    return said + "".join(
        f'<w:r><w:rPr><w:rStyle w:val="{aside}"/></w:rPr><w:br/>'
        f'<w:t xml:space="preserve">{escape(line)}</w:t></w:r>'
        for line in rest
    )
