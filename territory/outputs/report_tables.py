"""The numbers of a report as XLSX and CSV: figures, tables, lines behind, guards, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink

from territory.outputs.french import THIN
from territory.outputs.report_lines import HEADER as LINES_HEADER
from territory.outputs.still_workbook import still_bytes
from territory.outputs.workbook_cells import fill, head_cell, set_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from territory.model.report import Guard, Source
    from territory.outputs.report_grids import Cell, Grid
    from territory.outputs.workbook_cells import Sheet

HEADER = (
    "chiffre", "titre", "libelle", "valeur", "unite", "denominateur", "part_basse", "part_haute",
    "lignes_utilisees", "lignes_sans_comptage", "mention",
)  # fmt: skip
LINES = "lignes"
_LABEL, _COLUMN = 34, 26  # widths of the sheet of tables, in letters


def report_rows(numbers: Sequence[Sequence[object]]) -> list[list[str]]:
    """Return the table of numbers as text for a CSV, header first, decimals with a comma."""
    return [list(HEADER), *([_text(value) for value in row] for row in numbers)]


def report_xlsx(  # noqa: PLR0913 - every sheet, by name
    numbers: Sequence[Sequence[object]],
    content: Mapping[str, Any],
    *,
    tables: Sequence[Grid],
    guards: Iterable[Guard],
    sources: Iterable[Source],
    digest: str,
    lines: tuple[list[tuple[object, ...]], Mapping[str, int]] | None = None,
) -> bytes:
    """
    Return the workbook of a report; same report, same bytes.

    `lines` (report_lines.lines_behind) are for the team alone: each figure leads to its first one.
    """
    book = Workbook()
    _filled(book, "chiffres", HEADER, [tuple(row) for row in numbers])
    _write_tables(book.create_sheet("tableaux"), tables)
    for title, header, rows in _said(content, guards, sources, digest):
        _filled(book, title, header, rows)
    if lines is not None:
        _filled(book, LINES, LINES_HEADER, lines[0])
        _lead(book["chiffres"], lines[1])
    book.remove(book.worksheets[0])
    return still_bytes(book)


def _filled(
    book: Workbook, title: str, header: tuple[str, ...], rows: list[tuple[object, ...]]
) -> None:
    fill(book.create_sheet(title), header, rows)


def _said(
    content: Mapping[str, Any], guards: Iterable[Guard], sources: Iterable[Source], digest: str
) -> list[Sheet]:
    """Return the sheets of words: what to know, files, method, definitions."""
    method = [*content["method"], f"Empreinte : {digest}"]
    defined = [
        (", ".join(r["codes"]), r["label"], r["meaning"], r["over"], r["lines"])
        for r in content["definitions"]
    ]
    return [
        ("à savoir", ("garde", "phrase"), [(g.code, g.sentence) for g in guards]),
        ("sources", ("fichier", "lignes lues", "refusées", "du", "au", "empreinte"),
         [(s.name, s.read, s.refused, s.first, s.last, s.sha256) for s in sources]),
        ("méthode", ("texte",), [(line,) for line in method]),
        ("définitions", ("codes", "chiffre", "définition", "rapporté à", "lignes utilisées"),
         [tuple(row) for row in defined]),
    ]  # fmt: skip


def _write_tables(sheet: Worksheet, tables: Sequence[Grid]) -> None:
    """Write the tables one under the other: title, header, lines, what each rests on."""
    at = 1
    for grid in tables:
        head_cell(sheet, at, 1, grid.title)
        for column, title in enumerate(grid.headers, 2):
            head_cell(sheet, at, column, title)
        for row in grid.rows:
            at += 1
            set_cell(sheet.cell(at, 1), row.label)
            for column, cell in enumerate(row.cells, 2):
                set_cell(sheet.cell(at, column), _value(cell))
        for note in filter(None, (grid.meaning, grid.more)):
            at += 1
            set_cell(sheet.cell(at, 1), note)
        at += 2
    for column in range(1, max((len(grid.headers) for grid in tables), default=0) + 2):
        sheet.column_dimensions["ABCDEFGHIJKLMNOPQRSTUVWXYZ"[column - 1]].width = (
            _LABEL if column == 1 else _COLUMN
        )


def _value(cell: Cell) -> object:
    """Return the number of a cell, or its text with what goes with it."""
    aside = ", ".join(filter(None, [cell.share, cell.interval, cell.ratio]))
    if aside:
        return f"{cell.value} ({aside})"
    digits = cell.value.replace(THIN, "")
    return int(digits) if digits.isdigit() else cell.value


def _lead(sheet: Worksheet, first: Mapping[str, int]) -> None:
    """Make each figure lead to its first line."""
    for row in sheet.iter_rows(min_row=2, max_col=1):
        cell = row[0]
        if str(cell.value) in first:
            where = f"'{LINES}'!A{first[str(cell.value)] + 2}"
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=where)
            cell.style = "Hyperlink"


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)
