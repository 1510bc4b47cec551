"""
Detailed lines are kept 24 months after the end of their civil year, then only counts remain.

The received files are rewritten without the old lines; counts by commune and month are added to an
archive first, so that an interruption loses nothing and counts nothing twice.
"""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from openpyxl import load_workbook

from territory.io.atomic import write_bytes
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

KEPT_YEARS = 2
ARCHIVE = "data/processed/activites_agregees.csv"
_HEADERS = ("source", "table", "commune", "mois", "type", "lignes", "personnes")
_PEOPLE = {"activities": "n_informed", "contacts": "count"}
_KIND = {"activities": "kind", "contacts": "stage"}


@dataclass(frozen=True, slots=True)
class Purged:
    """One received file with old lines: how many, and the first day that is kept."""

    file: str
    lines: int
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

    Each file is replaced at once, its counts being archived before. Raises UnreadableFile for a
    file that cannot be read any more, OSError when the disk refuses.
    """
    before, done = first_day_kept(today), []
    for kind in ("activities", "contacts"):
        for path, sheet in raw.of(kind):
            table = read_table(path, sheet)
            old = _old_lines(table, kind, before)
            if not old:
                continue
            done.append(Purged(path.name, len(old), before))
            if write:
                _archive(territory / ARCHIVE, _counted(table, kind, old), file_sha256(path))
                write_bytes(path, _without(path, sheet, old))
    if write and done:  # products hold the same lines: they are built again when needed
        for product in sorted((territory / "data" / "processed").glob("[0-9]*")):
            shutil.rmtree(product, ignore_errors=True)
    return done


def _old_lines(table: RawTable, kind: str, before: date) -> frozenset[int]:
    at = positions(kind, table.headers).get("on")
    if at is None:
        return frozenset()
    days = [read_date(text, since_1904=table.since_1904) for text in table.column(at)]
    lines = zip(table.lines, days, strict=True)
    return frozenset(line for line, day in lines if day is not None and day < before)


def _counted(
    table: RawTable, kind: str, old: Iterable[int]
) -> dict[tuple[str, str, str, str], tuple[int, int]]:
    """Return lines and people by (table, commune, month, type)."""
    at, gone = positions(kind, table.headers), frozenset(old)
    totals: dict[tuple[str, str, str, str], tuple[int, int]] = {}
    for line, cells in zip(table.lines, table.cells, strict=True):
        if line not in gone:
            continue
        found = {n: cells[at[n]] for n in ("on", "city", "city_code", _KIND[kind]) if n in at}
        day = read_date(found["on"], since_1904=table.since_1904)
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
    book = load_workbook(path)
    page = book[sheet] if sheet else book.worksheets[0]
    for line in sorted(old, reverse=True):
        page.delete_rows(line)
    content = BytesIO()
    book.save(content)
    return content.getvalue()
