"""The cells of a workbook: true dates, French figures, text that is never taken for a formula."""

from __future__ import annotations

from copy import copy
from datetime import date
from textwrap import wrap
from typing import TYPE_CHECKING

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from territory.model.words import ACTIVITY_KINDS, PLACE_KINDS, label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

Sheet = tuple[str, tuple[str, ...], list[tuple[object, ...]]]  # title, header, rows
_WIDTH_MAX, _LINE_HEIGHT, _MARGIN = 50, 15.0, 2  # letters, points, letters left free in a line
_WIDTH_DEFAULT, _WIDTH_PRINTED = 8.43, 300.0  # letters; those of one landscape page
_A4 = 9
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FORMATS = ((date, "dd/mm/yyyy"), (int, "#,##0"), (float, "#,##0.0"))  # shown as 1 234,5 in French
_TOP = Alignment(wrap_text=True, vertical="top")
_BOLD = Font(bold=True)
_HEADER = PatternFill("solid", fgColor="DCE6F1")


def nature(kind: str) -> str:
    """Return the French words of a code of activity or place."""
    activity = label(ACTIVITY_KINDS, kind)
    return label(PLACE_KINDS, kind) if activity == kind else activity


def joined(parts: Iterable[str]) -> str:
    """Return the codes of those who go together."""
    return " + ".join(parts)


def text_lines(text: str, letters: int) -> int:
    """Return the lines that a text takes, by whole words, so many letters in each."""
    wrapped = (wrap(line, letters, break_long_words=False) or [""] for line in text.split("\n"))
    return sum(max(1, -(-len(part) // letters)) for parts in wrapped for part in parts)


def fill(sheet: Worksheet, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    """Write a header, frozen, and rows; columns as wide as their longest text, to a limit."""
    for column, title in enumerate(header, 1):
        head_cell(sheet, 1, column, title)
    known: dict[str, StyleArray] = {}
    for line, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            set_cell(sheet.cell(line, column), value, known)
    for column, title in enumerate(header, 1):
        longest = max([len(title), *(len(str(row[column - 1])) for row in rows)])
        sheet.column_dimensions[get_column_letter(column)].width = min(longest + 2, _WIDTH_MAX)
    sheet.freeze_panes = "A2"
    make_tall(sheet)
    print_across(sheet)


def make_tall(sheet: Worksheet) -> None:
    """Make rows as tall as their longest text: LibreOffice keeps those without height to a line."""
    widths = {at: dimension.width for at, dimension in sheet.column_dimensions.items()}
    letters = [
        max(int(widths.get(get_column_letter(n), _WIDTH_DEFAULT)) - _MARGIN, 1)
        for n in range(1, sheet.max_column + 1)
    ]
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        texts = ((v, n) for v, n in zip(row, letters, strict=True) if isinstance(v, str))
        long = (text_lines(text, n) for text, n in texts if len(text) > n or "\n" in text)
        lines = max(long, default=1)
        if lines > 1:
            sheet.row_dimensions[number].height = lines * _LINE_HEIGHT


def print_across(sheet: Worksheet) -> None:
    """Print on landscape pages, all columns on one as long as that is readable, titles on each."""
    widths = (dimension.width for dimension in sheet.column_dimensions.values())
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToWidth = max(1, round(sum(widths) / _WIDTH_PRINTED))
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1" if sheet.freeze_panes else None


def head_cell(sheet: Worksheet, row: int, column: int, title: str) -> None:
    """Write a title in a cell (rows and columns from 1)."""
    cell = sheet.cell(row, column)
    set_cell(cell, title)
    cell.font, cell.fill = _BOLD, _HEADER


def set_cell(
    cell: Cell | MergedCell, value: object, known: dict[str, StyleArray] | None = None
) -> None:
    """
    Write a value; text stays text even when it looks like a formula.

    `known` keeps the looks of one workbook met so far by what they are for: looked up, a look
    costs a tenth of what it costs to make.
    """
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub(" ", value)
    cell.value = value  # type: ignore[assignment]
    text = isinstance(value, str)
    if text:
        cell.data_type = "s"
    formula = isinstance(value, str) and value.startswith(_FORMULA)
    shown = next((f for kind, f in _FORMATS if isinstance(value, kind)), "General")
    look = f"texte {formula}" if text else shown
    if known is not None and look in known:
        cell._style = copy(known[look])  # type: ignore[union-attr] # noqa: SLF001 - no other way
        return
    cell.alignment = _TOP
    if text:
        cell.quotePrefix = formula  # stays text when someone edits the cell
    else:
        cell.number_format = shown
    if known is not None:
        known[look] = copy(cell._style)  # type: ignore[union-attr] # noqa: SLF001
