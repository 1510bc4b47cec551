"""The cells of a workbook: true dates, French figures, text that is never taken for a formula."""

from __future__ import annotations

from copy import copy
from datetime import date
from typing import TYPE_CHECKING

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from territory.model.words import ACTIVITY_KINDS, PLACE_KINDS, label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

Sheet = tuple[str, tuple[str, ...], list[tuple[object, ...]]]  # title, header, rows
_WIDTH_MAX = 70
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
