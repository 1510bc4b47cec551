"""XLSX sheets to rows of text: true dates become ISO dates, times HH:MM, whole numbers integers."""

from __future__ import annotations

import re
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from python_calamine import CalamineError, CalamineWorkbook

from territory.errors import UnknownKind
from territory.io.decoding import unreadable

if TYPE_CHECKING:
    from pathlib import Path

_BROKEN = (
    OSError, KeyError, ValueError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError,
    CalamineError,
)  # fmt: skip
_SINCE_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*date1904\s*=\s*[\"'](?:1|true)[\"']")
# A workbook that unfolds to more than this is no year of work: refused before it fills the memory.
LARGEST_UNFOLDED, LARGEST_RATIO = 1_000_000_000, 500
_SMALL = 50_000_000


def sheet_names(path: Path) -> tuple[str, ...]:
    """
    Return the names of the sheets, in order.

    Raises UnreadableFile when the file is damaged or unfolds to more than a workbook may.
    """
    return tuple(_opened(path).sheet_names)


def sheet_rows(path: Path, sheet: str, *, limit: int | None = None) -> tuple[list[list[str]], bool]:
    """
    Return (rows of text, whether the workbook counts days since 1904) of one sheet.

    Rows start at the first line of the sheet. Raises UnknownKind when the sheet does not exist,
    UnreadableFile when the file is damaged.
    """
    book = _opened(path)
    if sheet not in book.sheet_names:
        raise UnknownKind(
            f"La feuille « {sheet} » n'existe pas dans « {path.name} ». "
            f"Feuilles présentes : {', '.join(book.sheet_names)}."
        )
    try:
        values = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False, nrows=limit)
        since_1904 = _since_1904(path)
    except _BROKEN as error:
        raise unreadable(path.name) from error
    return [
        [value if isinstance(value, str) else _text(value) for value in row] for row in values
    ], since_1904


def _opened(path: Path) -> CalamineWorkbook:
    try:
        with zipfile.ZipFile(path) as folder:
            sizes = [(m.file_size, m.compress_size) for m in folder.infolist()]
        if _too_large(sizes):
            raise unreadable(path.name)
        book = CalamineWorkbook.from_path(str(path))
    except _BROKEN as error:
        raise unreadable(path.name) from error
    if not book.sheet_names:
        raise unreadable(path.name)
    return book


def _too_large(sizes: list[tuple[int, int]]) -> bool:
    """Tell a zip bomb from its own list of sizes (unfolded, folded), in bytes."""
    unfolded, folded = (sum(column) for column in zip(*sizes, strict=True)) if sizes else (0, 0)
    return unfolded > LARGEST_UNFOLDED or (
        unfolded > _SMALL and unfolded > LARGEST_RATIO * max(folded, 1)
    )


def _since_1904(path: Path) -> bool:
    with zipfile.ZipFile(path) as folder:
        names = [name for name in folder.namelist() if name.endswith("workbook.xml")]
        return any(_SINCE_1904.search(folder.read(name)) for name in names)


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
