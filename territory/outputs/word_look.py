"""How a Word document looks: A4, letters found everywhere, tables that read, numbered pages."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, cast

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.styles.style import ParagraphStyle
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_FRENCH = "fr-FR"
_LETTERS, _SIZE = "Arial", Pt(10.5)
_BLUE, _TINT = RGBColor(0x17, 0x3F, 0x5F), "E8EEF3"
_WIDTH, _HEIGHT, _MARGIN = Mm(210), Mm(297), Mm(20)
_TITLES = {1: Pt(18), 2: Pt(14), 3: Pt(12)}
_SHORTEST, _LONGEST = 40, 300  # letters: narrower or wider, a column gains nothing


def dress(word: Word) -> None:
    """Give the empty document its paper, letters, language, spaces and numbers of pages."""
    section = word.sections[0]
    section.page_width, section.page_height = _WIDTH, _HEIGHT
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = (
        _MARGIN
    )
    normal = _style(word, "Normal")
    _letters(normal)
    _speak_french(normal)
    normal.font.size = _SIZE
    spaces = normal.paragraph_format
    spaces.space_before, spaces.space_after, spaces.line_spacing = Pt(4), Pt(4), 1.15
    for level, size in _TITLES.items():
        title = _style(word, f"Heading {level}")
        _letters(title)
        title.font.size, title.font.color.rgb, title.font.bold = size, _BLUE, True
        title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(14), Pt(6)
    _number(section.footer.paragraphs[0])


def dress_table(table: Table, widths: list[float] | None = None) -> None:
    """
    Share the width by what columns hold, mark the first row, keep every row in one piece.

    `widths` are the shares of the columns when they are known.
    """
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    table.autofit = False
    widths = widths or shares(
        [max(len(text) for text in column) for column in zip(*rows, strict=True)]
    )
    room = _WIDTH - 2 * _MARGIN
    for column, share in zip(table.columns, widths, strict=True):
        column.width = Length(int(share * room))
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - not public
        for cell, share in zip(row.cells, widths, strict=True):
            cell.width = Length(int(share * room))
    for cell in table.rows[0].cells:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:fill"), _TINT)
        cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - not public
        for run in cell.paragraphs[0].runs:
            run.bold = True


def shares(letters: list[int], shortest: int = _SHORTEST) -> list[float]:
    """Return the share of the width of each column, from the letters of its longest cell."""
    weights = [sqrt(min(max(count, shortest), _LONGEST)) for count in letters]
    return [weight / sum(weights) for weight in weights]


def _style(word: Word, name: str) -> ParagraphStyle:
    return cast("ParagraphStyle", word.styles[name])


def _letters(style: ParagraphStyle) -> None:
    """Name one family for every script: the theme of the empty document names another."""
    style.font.name = _LETTERS
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in [name for name in fonts.attrib if name.lower().endswith("theme")]:
        del fonts.attrib[script]
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), _LETTERS)


def _speak_french(style: ParagraphStyle) -> None:
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), _FRENCH)
    style.element.get_or_add_rPr().append(language)


def _number(foot: Paragraph) -> None:
    """Write « Page 2 sur 3 »: both numbers are counted by the word processor."""
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for words, field in (("Page ", "PAGE"), (" sur ", "NUMPAGES")):
        foot.add_run(words)
        counted = OxmlElement("w:fldSimple")
        counted.set(qn("w:instr"), field)
        counted.append(OxmlElement("w:r"))
        foot._p.append(counted)  # noqa: SLF001 - no public way to count pages
