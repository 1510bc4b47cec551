"""What a file would be refused for, or lose, at import: told by column, without importing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.io.headers import positions
from territory.io.privacy import (
    agenda_note,
    dropped_columns,
    holds_identifier,
    refusal,
    refusal_code,
)
from territory.io.recognise import is_agenda
from territory.io.text_tables import RawTable, read_table, sheets, table_kind

if TYPE_CHECKING:
    from pathlib import Path

    from territory.model.issues import Issue

_NO_FIELDS = frozenset({"census", "cells"})


@dataclass(frozen=True, slots=True)
class PrivacyCheck:
    """
    One table of a file: its kind (None = unknown), what refuses it, what is left out.

    `lines_with_identifiers` gives, by column that would be imported, how many lines hold a
    telephone, an e-mail or the like. No value of any cell is kept here.
    """

    sheet: str | None
    kind: str | None
    refusals: tuple[Issue, ...]
    left_out: tuple[Issue, ...]
    lines_with_identifiers: tuple[tuple[str, int], ...]


def check_privacy(path: Path) -> tuple[PrivacyCheck, ...]:
    """
    Return the check of every sheet of a workbook, of a text table or of a calendar (ICS).

    Nothing is imported; of a calendar, people are left out whatever it holds.

    Raises UnreadableFile (French) when the file is no table.
    """
    if path.is_file() and is_agenda(path):
        return (PrivacyCheck(None, "agenda", (), (agenda_note(path.name),), ()),)
    return tuple(_checked(read_table(path, sheet)) for sheet in sheets(path) or (None,))


def _checked(table: RawTable) -> PrivacyCheck:
    kind = table_kind(table)
    codes = [(refusal_code(h, kind), h) for h in table.headers]
    refusals = tuple(refusal(code, table.file, header) for code, header in codes if code)
    at = positions(kind, table.headers) if kind and kind not in _NO_FIELDS else {}
    known = {table.headers[p] for p in at.values()}
    unguarded = [h for code, h in codes if not code]
    left_out = tuple(dropped_columns(table.file, unguarded, known)) if at else ()
    columns = sorted(at.values()) or range(len(table.headers))
    hits = [(table.headers[p], sum(map(holds_identifier, table.column(p)))) for p in columns]
    return PrivacyCheck(table.sheet, kind, refusals, left_out, tuple(h for h in hits if h[1]))
