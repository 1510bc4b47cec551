"""The numbers of a report as XLSX and CSV: figures, tables, lines behind, guards, sources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from territory.analysis.report.ground_figures import INDEX
from territory.outputs.french import THIN, number
from territory.outputs.report_lines import HEADER as LINES_HEADER
from territory.outputs.report_lines import MOST
from territory.outputs.still_workbook import still_bytes
from territory.outputs.workbook_cells import fill, head_cell, make_tall, print_across, set_cell

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
LINES_AT = HEADER.index("lignes_utilisees")
SHARE, LIMITS, RATIO = "part de l’étape d’avant", "intervalle à 95 %", "par activité"
RATIOS = {INDEX, "fois"}  # units read with two decimals
PERCENT = "0.0%"
_LABEL, _COLUMN = 40, 18  # widths of the sheet of tables, in letters


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
    _as_shares(book["chiffres"])
    _write_tables(book.create_sheet("tableaux"), tables)
    left = _left_out(numbers, lines[1]) if lines is not None else ""
    for title, header, rows in _said(content, guards, sources, digest, left):
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
    content: Mapping[str, Any], guards: Iterable[Guard], sources: Iterable[Source], digest: str,
    left: str,
) -> list[Sheet]:  # fmt: skip
    """Return the sheets of words: what to know, files, method, definitions."""
    method = [*content["method"], *([left] if left else []), f"Empreinte : {digest}"]
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


def _as_shares(sheet: Worksheet) -> None:
    """Show as percentages the shares of a sheet of figures, and the limits of shares."""
    at = {name: HEADER.index(name) for name in ("valeur", "unite", "denominateur")}
    limits = [HEADER.index(name) for name in ("part_basse", "part_haute")]
    for row in sheet.iter_rows(min_row=2):
        shares = [at["valeur"]] if row[at["unite"]].value == "part" else []
        shares += limits if row[at["denominateur"]].value is not None or shares else []
        for column in shares:
            row[column].number_format = PERCENT
        if row[at["unite"]].value in RATIOS:
            for column in (at["valeur"], *limits):
                row[column].number_format = "0.00"


def _left_out(numbers: Sequence[Sequence[object]], first: Mapping[str, int]) -> str:
    """Return the sentence about the figures whose lines are in no sheet, "" when all are."""
    codes = dict.fromkeys(str(row[0]).split("/")[0] for row in numbers if row[LINES_AT])
    left = [code for code in codes if code not in first]
    if not left:
        return ""
    return (
        f"La feuille « {LINES} » s’arrête à {number(MOST)} lignes. Celles de ces chiffres n’y sont "
        f"pas : {', '.join(left)}. La page Bilan les donne, chiffre par chiffre, à lire ou en CSV."
    )


def _write_tables(sheet: Worksheet, tables: Sequence[Grid]) -> None:
    """Write the tables one under the other: title, header, lines, what each rests on."""
    at, widest = 1, 0
    for grid in tables:
        head_cell(sheet, at, 1, grid.title)
        beside = [_beside(grid, column) for column in range(len(grid.headers))]
        titles = [t for head, more in zip(grid.headers, beside, strict=True) for t in (head, *more)]
        widest = max(widest, len(titles))
        for column, title in enumerate(titles, 2):
            head_cell(sheet, at, column, title)
        for row in grid.rows:
            at += 1
            set_cell(sheet.cell(at, 1), row.label)
            told = [v for c, more in zip(row.cells, beside, strict=True) for v in _values(c, more)]
            for column, value in enumerate(told, 2):
                set_cell(sheet.cell(at, column), value)
                if isinstance(value, float) and titles[column - 2] == SHARE:
                    sheet.cell(at, column).number_format = PERCENT
        for note in filter(None, (grid.meaning, grid.more)):
            at += 1
            set_cell(sheet.cell(at, 1), note)
        at += 2
    for column in range(1, widest + 2):
        width = _LABEL if column == 1 else _COLUMN
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "B1"
    make_tall(sheet)
    print_across(sheet)


def _beside(grid: Grid, column: int) -> tuple[str, ...]:
    """Return the titles of what goes with the numbers of a column: share, limits, ratio."""
    cells = [row.cells[column] for row in grid.rows]
    shared = (SHARE, LIMITS) if any(cell.share for cell in cells) else ()
    return (*shared, *((RATIO,) if any(cell.ratio for cell in cells) else ()))


def _values(cell: Cell, beside: tuple[str, ...]) -> list[object]:
    """Return the number of a cell and what goes with it, each as a number when it is one."""
    held = {SHARE: _number(cell.share), LIMITS: cell.interval, RATIO: _number(cell.ratio)}
    return [_number(cell.value), *(held[title] or None for title in beside)]


def _number(text: str) -> object:
    """Return the number that a French text begins with, a share from 0 to 1, else the text."""
    found = re.fullmatch(rf"([\d{THIN}]+)(?:,(\d+))?( par .*|{THIN}%)?", text)
    if found is None:
        return text
    whole, decimals, unit = found.groups()
    value = whole.replace(THIN, "")
    if unit == f"{THIN}%":
        return round(float(f"{value}.{decimals or 0}") / 100, 4)
    return float(f"{value}.{decimals}") if decimals else int(value)


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
