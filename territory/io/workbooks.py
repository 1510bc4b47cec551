"""XLSX sheets to rows of text: true dates become ISO dates, times HH:MM, whole numbers integers."""

from __future__ import annotations

import warnings
import zipfile
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import InvalidFileException

from territory.errors import UnknownKind
from territory.io.decoding import unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

_BROKEN = (OSError, KeyError, ValueError, ParseError, zipfile.BadZipFile, InvalidFileException)


def sheet_names(path: Path) -> tuple[str, ...]:
    """Return the names of the sheets that hold cells, in order; raises UnreadableFile."""
    book = _opened(path)
    try:
        return tuple(sheet.title for sheet in book.worksheets)
    finally:
        book.close()


def sheet_rows(path: Path, sheet: str, *, limit: int | None = None) -> tuple[list[list[str]], bool]:
    """
    Return (rows of text, whether the workbook counts days since 1904) of one sheet.

    Raises UnknownKind when the sheet does not exist, UnreadableFile when the file is damaged.
    """
    book = _opened(path)
    try:
        names = [s.title for s in book.worksheets]
        if sheet not in names:
            raise UnknownKind(
                f"La feuille « {sheet} » n'existe pas dans « {path.name} ». "
                f"Feuilles présentes : {', '.join(names)}."
            )
        values = book[sheet].iter_rows(max_row=limit, values_only=True)
        rows = [[_text(value) for value in row] for row in values]
    except _BROKEN as error:
        raise unreadable(path.name) from error
    else:
        return rows, book.epoch == CALENDAR_MAC_1904
    finally:
        book.close()


def _opened(path: Path) -> Workbook:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # drop-downs and styles openpyxl does not keep
            book = load_workbook(path, read_only=True, data_only=True)
    except _BROKEN as error:
        raise unreadable(path.name) from error
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # some exporters announce a wrong size
    return book


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date | time | timedelta):
        return _moment(value)
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if isinstance(value, float) and whole else str(value)


def _moment(value: date | time | timedelta) -> str:
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat(sep=" ", timespec="minutes")
    return value.strftime("%Y-%m-%d")
