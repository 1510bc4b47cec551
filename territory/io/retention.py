"""
Detailed lines are kept 24 months after the end of their civil year, then only counts remain.

The received files are rewritten without the old lines; counts by commune and month are added to an
archive first, so that an interruption loses nothing and counts nothing twice.
"""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from territory.io.atomic import write_bytes
from territory.io.debriefs import DEBRIEFS, SHEETS, in_force, read_debriefs
from territory.io.decoding import is_workbook, text_rows
from territory.io.hashing import file_sha256
from territory.io.headers import positions
from territory.io.table_writer import write_rows
from territory.io.text_tables import RawTable, read_table
from territory.io.values import read_date, read_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from territory.io.intake import Raw
    from territory.model.debriefs import Debrief

KEPT_YEARS = 2
ARCHIVE = "data/processed/activites_agregees.csv"
_HEADERS = ("source", "table", "commune", "mois", "type", "lignes", "personnes")
_PEOPLE = {"activities": "n_informed", "contacts": "count"}
_KIND = {"activities": "kind", "contacts": "stage"}
_OF_WORKERS = ("availability", "constraints")  # absences, appointments and rules, up to a day


@dataclass(frozen=True, slots=True)
class Undated:
    """Lines of one received file that will never be forgotten, for want of a readable date."""

    file: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Purged:
    """One received file with old lines: how many, and the first day that is kept."""

    file: str
    lines: int  # or files, where whole files go
    before: date


def first_day_kept(today: date) -> date:
    """Return the first day whose detailed lines may still be kept on `today`."""
    return date(today.year - KEPT_YEARS, 1, 1)


def next_purge(today: date) -> date:
    """Return the next day on which lines will reach the end of their time."""
    return date(today.year + 1, 1, 1)


def purge_raw(raw: Raw, territory: Path, *, today: date, write: bool) -> list[Purged]:
    """
    Return the received files with lines past their time; rewrite them when `write`.

    A line about a worker has the last day it holds; without one it stays, for it still holds. Each
    file is replaced at once, its counts being archived before. Raises UnreadableFile for a
    file that cannot be read any more, OSError when the disk refuses.
    """
    before, done = first_day_kept(today), []
    outings = _days_of_outings(raw)  # read before any line goes: contacts follow their outing
    workers = [(kind, *source) for kind in _OF_WORKERS for source in raw.of(kind)]
    for kind, path, sheet in [*_logs(raw), *workers]:
        table = read_table(path, sheet)
        days = _days(table, kind, outings)
        old = frozenset(line for line, day in days.items() if day is not None and day < before)
        if not old:
            continue
        done.append(Purged(path.name, len(old), before))
        if write and kind in _PEOPLE:
            _archive(territory / ARCHIVE, _counted(table, kind, old, days), file_sha256(path))
        if write:
            write_bytes(path, _without(path, sheet, old))
    if write and done:
        _forget_products(territory)
    return done


def purge_debriefs(territory: Path, *, today: date, write: bool) -> list[Purged]:
    """
    Return how many typed debriefs and printed sheets are past their time; forget them when `write`.

    Debriefs are counted by month in the archive first. Lines that cannot be read have no date and
    go too. Raises OSError when the disk refuses.
    """
    before, done = first_day_kept(today), []
    known, _ = read_debriefs(territory)
    days = {number: one.sheet.on for number, one in known.items()}
    for name, kept in (
        (DEBRIEFS, {n for n, day in days.items() if day >= before}),
        (SHEETS, _lines_since(territory / SHEETS, before)),
    ):
        path = territory / name
        lines = path.read_bytes().splitlines() if path.exists() else []
        old = len([line for n, line in enumerate(lines, 1) if line.strip() and n not in kept])
        if not old:
            continue
        done.append(Purged(name, old, before))
        if write and name == DEBRIEFS:
            gone = [one for n, one in in_force(known).items() if n not in kept]
            _archive(territory / ARCHIVE, _debriefs_counted(gone), file_sha256(path))
        if write:
            rest = [line + b"\n" for n, line in enumerate(lines, 1) if n in kept]
            write_bytes(path, b"".join(rest))
    if write and done:
        _forget_products(territory)
    return done


def _lines_since(path: Path, before: date) -> set[int]:
    """Return the numbers of the lines of a register whose day is on or after `before`."""
    kept = set()
    for number, line in enumerate(path.read_bytes().splitlines() if path.exists() else [], 1):
        try:
            day = date.fromisoformat(json.loads(line)["on"])
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
        kept |= {number} if day >= before else set()
    return kept


def _debriefs_counted(
    gone: Iterable[Debrief],
) -> dict[tuple[str, str, str, str], tuple[int, int]]:
    """Return lines and people by (table, commune unknown, month, type)."""
    totals: dict[tuple[str, str, str, str], tuple[int, int]] = {}
    for one in gone:
        key = ("activities", "", f"{one.sheet.on:%Y-%m}", one.kind)
        lines, people = totals.get(key, (0, 0))
        totals[key] = (lines + 1, people + one.counts.get("n_informed", 0))
    return totals


def _forget_products(territory: Path) -> None:
    """Delete the products, which hold the same lines: they are built again when needed."""
    for product in sorted((territory / "data" / "processed").glob("[0-9]*")):
        shutil.rmtree(product, ignore_errors=True)


def undated_lines(raw: Raw) -> list[Undated]:
    """
    Return the lines whose date cannot be read, file by file: no deadline can be set for them.

    A contact line without a date of its own has that of its activity. Raises UnreadableFile for a
    file that cannot be read any more.
    """
    outings, found = _days_of_outings(raw), []
    for kind, path, sheet in _logs(raw):
        days = _days(read_table(path, sheet), kind, outings)
        lost = tuple(line for line, day in days.items() if day is None)
        found += [Undated(path.name, lost)] if lost else []
    return found


def _logs(raw: Raw) -> list[tuple[str, Path, str | None]]:
    kinds = ("contacts", "activities")  # an outing goes after those who have its date
    return [(kind, path, sheet) for kind in kinds for path, sheet in raw.of(kind)]


def _days_of_outings(raw: Raw) -> dict[str, date | None]:
    """Return the day of each activity that has an identifier written."""
    days: dict[str, date | None] = {}
    for path, sheet in raw.of("activities"):
        table = read_table(path, sheet)
        at = positions("activities", table.headers).get("activity_id")
        if at is not None:
            own = _days(table, "activities", {}).values()
            days |= dict(zip(table.column(at), own, strict=True))
    return days


def _days(table: RawTable, kind: str, outings: Mapping[str, date | None]) -> dict[int, date | None]:
    """Return the (last) day of each line, its own or its activity's; None when not readable."""
    at, on = positions(kind, table.headers), "to_on" if kind in _OF_WORKERS else "on"
    nothing = ("",) * len(table.lines)
    dates = table.column(at[on]) if on in at else nothing
    keys = table.column(at["activity_id"]) if "activity_id" in at else nothing
    own = (read_date(text, since_1904=table.since_1904) for text in dates)
    days = (day or outings.get(key) for day, key in zip(own, keys, strict=True))
    return dict(zip(table.lines, days, strict=True))


def _counted(
    table: RawTable, kind: str, old: Iterable[int], days: Mapping[int, date | None]
) -> dict[tuple[str, str, str, str], tuple[int, int]]:
    """Return lines and people by (table, commune, month, type)."""
    at, gone = positions(kind, table.headers), frozenset(old)
    totals: dict[tuple[str, str, str, str], tuple[int, int]] = {}
    for line, cells in zip(table.lines, table.cells, strict=True):
        if line not in gone:
            continue
        found = {n: cells[at[n]] for n in ("city", "city_code", _KIND[kind]) if n in at}
        day = days[line]
        people = read_number(cells[at[_PEOPLE[kind]]]) if _PEOPLE[kind] in at else None
        where = found.get("city_code") or found.get("city") or ""
        key = (kind, where, f"{day:%Y-%m}", found.get(_KIND[kind], ""))
        lines, total = totals.get(key, (0, 0))
        totals[key] = (lines + 1, total + int(people or 0))
    return totals


def _archive(
    path: Path, counted: Mapping[tuple[str, str, str, str], tuple[int, int]], source: str
) -> None:
    """Add counts to the archive, once for each state of a file: a second try adds nothing."""
    known = [row for row in text_rows(path)[1:] if row] if path.exists() else []
    if any(row[0] == source[:16] for row in known):
        return
    new = [[source[:16], *key, str(n), str(people)] for key, (n, people) in sorted(counted.items())]
    write_rows([_HEADERS, *known, *new], path)


def _without(path: Path, sheet: str | None, old: frozenset[int]) -> bytes:
    if is_workbook(path):
        return _workbook_without(path, sheet, old)
    rows = [row for line, row in enumerate(text_rows(path), 1) if line not in old]
    text = StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _workbook_without(path: Path, sheet: str | None, old: frozenset[int]) -> bytes:
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to load, asked for once a month

    book = load_workbook(path)
    page = book[sheet] if sheet else book.worksheets[0]
    for line in sorted(old, reverse=True):
        page.delete_rows(line)
    content = BytesIO()
    book.save(content)
    return content.getvalue()
