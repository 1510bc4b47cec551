"""Answers across territories as rows of French text: what a column is called, how it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.outputs.french import number, percent
from territory.outputs.report_shown import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Sequence

TEXT, WHOLE, ONE, SHARE = "text", "whole", "one", "share"
NA = "inconnu"
_WIDEST = 32  # characters of a column of a terminal


@dataclass(frozen=True, slots=True)
class Shown:
    """
    One column of an answer: in the table, in French, and how it is written.

    With `low` and `high` its limits are told behind it; `guarded` says « masqué » where the
    row is hidden; `empty` what is written where there is nothing. `wide` ones are
    in files alone: a terminal is narrow, and told a `short` title.
    """

    name: str
    title: str
    form: str = TEXT
    low: str = ""
    high: str = ""
    guarded: bool = False
    empty: str = NA
    wide: bool = False
    short: str | None = None


def rows_of(table: pd.DataFrame, columns: Sequence[Shown]) -> list[list[str]]:
    """Return the titles, then a row of French text for each row of `table`."""
    lines = [[column.title for column in columns]]
    hidden = table["hidden"] if "hidden" in table else pd.Series(data=False, index=table.index)
    lines.extend(
        [_cell(row, c, hid=bool(hid)) for c in columns]
        for (_, row), hid in zip(table.iterrows(), hidden, strict=True)
    )
    return lines


def aligned(table: pd.DataFrame, columns: Sequence[Shown]) -> list[str]:
    """Return a table as lines for a terminal, columns under one another, long names cut."""
    shown = [column for column in columns if not column.wide]
    titles = [c.title if c.short is None else c.short for c in shown]
    rows = [titles, *rows_of(table, shown)[1:]]
    cut = [[c if len(c) <= _WIDEST else f"{c[: _WIDEST - 1]}…" for c in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cut, strict=True)]
    return ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in cut]


def plain(table: pd.DataFrame, columns: Sequence[Shown]) -> pd.DataFrame:
    """Return the columns told, limits included, for a file: nothing else leaves."""
    names = [n for c in columns for n in (c.name, c.low, c.high) if n]
    more = [n for n in ("hidden",) if n in table]
    return table[[*dict.fromkeys([*names, *more])]]


def _cell(row: pd.Series, column: Shown, *, hid: bool) -> str:
    value = row[column.name]
    if column.guarded and hid:
        return HIDDEN
    if pd.isna(value):
        return column.empty if column.form != TEXT else ""
    told = _written(value, column.form)
    if not column.low or pd.isna(row[column.low]) or pd.isna(row[column.high]):
        return told
    low, high = (_written(row[name], column.form) for name in (column.low, column.high))
    return f"{told} [{low} ; {high}]"


def _written(value: Any, form: str) -> str:  # noqa: ANN401 - a cell of a table
    if form == TEXT:
        return str(value)
    known = float(value)
    return {WHOLE: number(known), ONE: number(known, 1), SHARE: percent(known, 1)}[form]
