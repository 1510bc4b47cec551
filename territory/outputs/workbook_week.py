"""The week in the workbook: the grid as it is printed, sessions, stops, left out, load, changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from territory.model.words import CONSTRAINT_KINDS, label
from territory.outputs.french import clock
from territory.outputs.load_words import turns_words
from territory.outputs.week_grid import column_names, week_grid, worth
from territory.outputs.workbook_cells import (
    head_cell,
    joined,
    nature,
    print_across,
    set_cell,
    text_lines,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl import Workbook

    from territory.model.week_results import Carried, LeftOut, Stop, WeekPlan
    from territory.outputs.week_grid import Entry
    from territory.outputs.workbook_cells import Sheet

GRID = "Grille"
_WEEK = (
    "Date", "Demi-journée", "Début", "Fin", "Qui", "Quoi", "Nature", "À pied (m)", "Pourquoi",
    "Fiche", "Emporter", "Annoncer", "Avec",
)  # fmt: skip
_STOPS = (
    "Date", "Sortie", "N°", "Arrivée", "Départ", "Lieu", "Nature", "Marche (m)", "Ferme à",
    "Pourquoi", "Fiche", "Arrêt", "Personnes attendues", "De moins sans lui", "Rues",
)  # fmt: skip
_LEFT = ("Quoi", "Pourquoi", "Règle", "Ce qui l'admettrait")
_LOAD = (
    "Qui", "Heures de sortie", "À pied (m)", "Soirées", "Lieux difficiles", "Part due (h)",
    "Reste à rattraper (h)", "À tour de rôle",
)  # fmt: skip
_NAME_WIDTH, _COLUMN_WIDTH, _LINE_HEIGHT, _LETTERS = 8, 19, 12.5, 20
_TITLE_HEIGHT = 15.0  # points, of a line of the titles
_LINE = Side(style="thin", color="808080")
_THIN = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_FIXED = PatternFill("solid", fgColor="EDEDED")


def week_sheets(plan: WeekPlan) -> list[Sheet]:
    """Return title, header and rows of each sheet of the week; walks in metres, times civil."""
    return [
        ("Semaine", _WEEK, list(_week_rows(plan))),
        ("Arrêts", _STOPS, list(_stop_rows(plan))),
        ("Non retenus", _LEFT, [_left_row(one) for one in plan.left_out]),
        ("Charge", _LOAD, [_load_row(c) for c in plan.carried]),
        ("Changements", ("Depuis le plan d'avant",), [(line,) for line in plan.changes]),
    ]  # fmt: skip


def grid_page(book: Workbook, plan: WeekPlan) -> None:
    """Add the grid of mediators and half-days first in `book`, printed on one A4 landscape."""
    grid = week_grid(plan)
    sheet = book.create_sheet(GRID, 0)
    for column, title in enumerate(("Qui", *column_names(grid)), 1):
        head_cell(sheet, 1, column, title)
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = (
            _NAME_WIDTH if column == 1 else _COLUMN_WIDTH
        )
    titles = (text_lines(name, _COLUMN_WIDTH - 2) for name in column_names(grid))
    sheet.row_dimensions[1].height = _TITLE_HEIGHT * max(titles, default=1)
    for row, (agent, cells) in enumerate(zip(grid.agents, grid.cells, strict=True), 2):
        head_cell(sheet, row, 1, agent)
        for column, entries in enumerate(cells, 2):
            cell = sheet.cell(row, column)
            set_cell(cell, "\n\n".join(_told(e) for e in entries) or None)
            cell.font, cell.border = Font(size=9), _THIN
            if entries and all(e.fixed for e in entries):
                cell.fill = _FIXED
        sheet.row_dimensions[row].height = _LINE_HEIGHT * max(map(_lines, cells), default=1)
    foot = sheet.cell(len(grid.agents) + 3, 1)
    set_cell(foot, f"{worth(plan)} En gris : les rendez-vous déjà fixés.")
    foot.alignment = Alignment(wrap_text=False)
    sheet.freeze_panes = "B2"
    print_across(sheet)
    sheet.page_setup.fitToWidth = sheet.page_setup.fitToHeight = 1


def _told(entry: Entry) -> str:
    mates = f" (avec {', '.join(entry.mates)})" if entry.mates else ""
    code = f" [{entry.code}]" if entry.code else ""
    return f"{entry.hours}{mates}\n{entry.title}{code}"


def _lines(entries: tuple[Entry, ...]) -> int:
    """Return about how many lines a cell takes, one blank between two sessions."""
    lines = sum(text_lines(_told(entry), _LETTERS) for entry in entries)
    return lines + max(len(entries) - 1, 0) + 1


def _week_rows(plan: WeekPlan) -> Iterable[tuple[object, ...]]:
    for s in plan.sessions:
        half = "matin" if s.half_day == "matin" else "après-midi"
        when = (s.on, half, clock(s.start_min), clock(s.end_min))
        what = (joined(s.agents), s.title, nature(s.kind), s.walk_m, s.reason)
        yield *when, *what, s.code, ", ".join(s.bring), s.announce, joined(s.partners)


def _stop_rows(plan: WeekPlan) -> Iterable[tuple[object, ...]]:
    for session in plan.sessions:
        for stop in session.stops:
            times = (clock(stop.arrive_min), clock(stop.leave_min))
            head = (session.on, session.title, stop.order, *times)
            place = (stop.name, nature(stop.kind), stop.walk_m, _closing(stop), stop.reason)
            people = (round(stop.value, 1) or None, stop.loss and round(stop.loss, 1))
            yield (*head, *place, session.code, stop.code, *people, ", ".join(stop.streets))


def _left_row(one: LeftOut) -> tuple[object, ...]:
    return one.name, one.reason, label(CONSTRAINT_KINDS, one.rule), one.remedy


def _load_row(one: Carried) -> tuple[object, ...]:
    due = None if one.due_h is None else round(one.due_h, 1)
    left = None if one.left_h is None else round(one.left_h, 1)
    load = (one.agent, round(one.hours, 1), one.walk_m, one.evenings, one.difficult, due, left)
    return *load, " ; ".join(turns_words(one)) or None


def _closing(stop: Stop) -> str:
    """Return when a place closes; a stretch of street has no hours."""
    if stop.place_id is None:
        return "–"
    return "horaires inconnus" if stop.closes_min is None else clock(stop.closes_min)
