"""Countings of a report side by side, as they may be shown: a line a part, a cell a counting."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.proportions import wilson
from territory.analysis.report.chosen import UNTOLD
from territory.analysis.report.counting import LEAST
from territory.outputs.french import number, percent
from territory.outputs.report_shown import HIDDEN, UNKNOWN, heading_of, shown_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.outputs.report_shown import FigureRow, Shown
    from territory.settings.report import Counting, Profile, Table

LONGEST = 15  # lines of a table on paper
WHOLE = "Ensemble"
NOBODY_SAYS = "Aucune ligne du suivi ne dit cette répartition."
_THINGS = {
    "lieu": "lieux", "commune": "communes", "quartier": "quartiers", "type": "types",
    "type_structure": "types",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """
    One figure of a grid as it is shown, "" where there is nothing to say.

    `size` is 0-1 of the greatest number of its line, NaN when hidden or unknown.
    `name` leads to its lines; `share` is that of the step before, `ratio` « 2,3 par activité ».
    """

    name: str
    value: str
    share: str = ""
    interval: str = ""
    ratio: str = ""
    size: float = math.nan


@dataclass(frozen=True, slots=True)
class Row:
    """One part in every column; `whole` says that it is the whole of each."""

    label: str
    cells: tuple[Cell, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of the report; `more` says what is not printed of it, "" when all is."""

    code: str
    title: str
    meaning: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    more: str = ""
    steps: bool = False


@dataclass(frozen=True, slots=True)
class _Column:
    """A counting, its rows of FIGURES by part, those hidden."""

    counting: Counting
    rows: Mapping[str, FigureRow]
    hidden: frozenset[str]

    def name(self, part: str) -> str:
        """Return the name of the figure of a part, "" the whole."""
        return f"{self.counting.code}/{part}" if part else self.counting.code

    def known(self, part: str) -> float | None:
        """Return the value of a part when it may be printed: 0 for a part nobody is in."""
        if self.name(part) in self.hidden or pd.isna(self.rows[""]["value"]):
            return None
        if part not in self.rows:
            return None if self.counting.counted == "calcule" else 0.0
        value = self.rows[part]["value"]
        return None if pd.isna(value) else float(value)

    def text(self, part: str) -> str:
        """Return what is printed for a part."""
        if self.name(part) in self.hidden:
            return HIDDEN
        if part in self.rows:
            return shown_value(self.rows[part], hidden=False)
        return UNKNOWN if self.known(part) is None else "0"

    @property
    def noted(self) -> bool:
        """Whether the log says anything of it, were it that there is none."""
        whole = self.rows[""]
        known = bool(whole["used"]) or pd.notna(whole["value"])
        return self.counting.counted == "calcule" or known

    def uncounted(self, part: str) -> int:
        """Return how many lines of a part hold no number."""
        return int(self.rows[part]["uncounted"]) if part in self.rows else 0


def grids(profile: Profile, title: str, now: Shown) -> tuple[Grid, ...]:
    """Return the tables of the chapter `title` in the order of the profile, as paper holds them."""
    ours = [table for table in profile.tables if heading_of(table) == title]
    return tuple(_grid(profile, table, now, LONGEST) for table in ours)


def whole_grids(profile: Profile, now: Shown) -> tuple[Grid, ...]:
    """Return the tables of a profile with all their lines."""
    return tuple(_grid(profile, table, now) for table in profile.tables)


def _grid(profile: Profile, table: Table, now: Shown, longest: int | None = None) -> Grid:
    by_code = {counting.code: counting for counting in profile.countings}
    every = [_column(by_code[code], now) for code in table.columns]
    columns = [column for column in every if column.noted] or every
    parts = list(dict.fromkeys(part for c in columns for part in c.rows if part))
    told = [part for part in parts if part != UNTOLD]
    printed = [*told[:longest], *([UNTOLD] if UNTOLD in parts and told else [])]
    rows = [Row(_label(columns, part), _cells(table, columns, part)) for part in printed]
    if table.summed or not rows:
        rows.append(Row(WHOLE, _cells(table, columns, ""), whole=True))
    headers = tuple(_header(c.counting) for c in columns)
    left = _more(columns[0].counting, len(told) - len(told[:longest])) if told else NOBODY_SAYS
    more = " ".join(filter(None, [left, _never([c for c in every if c not in columns])]))
    return Grid(table.code, table.title, table.meaning, headers, tuple(rows), more, table.steps)


def _never(columns: Sequence[_Column]) -> str:
    """Return the sentence about what the log notes nowhere: nobody knows that it is zero."""
    names = ", ".join(_header(column.counting).lower() for column in columns)
    return f"Aucune ligne du suivi : {names}." if names else ""


def _column(counting: Counting, now: Shown) -> _Column:
    own = (now.rows[name] for name in now.names.get(counting.code, ()))
    return _Column(counting, {str(row["part"]): row for row in own}, now.hidden)


def _header(counting: Counting) -> str:
    """Return the label of a counting without what the title of the table says of its split."""
    return counting.label.split(", par ")[0]


def _label(columns: Sequence[_Column], part: str) -> str:
    return next(str(c.rows[part]["label"]) for c in columns if part in c.rows)


def _more(counting: Counting, left: int) -> str:
    if left <= 0:
        return ""
    things = _THINGS.get(counting.by, "lignes")
    other = "autre" if left == 1 else "autres"
    what = things.rstrip("sx") if left == 1 else things
    return f"… et {left} {other} {what}, dans le tableur."


def _cells(table: Table, columns: Sequence[_Column], part: str) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    values = [column.known(part) for column in columns]
    top = max([value for value in values if value is not None], default=0.0)
    for at, column in enumerate(columns):
        share, interval = ("", "")
        if table.steps and at:
            share, interval = _step(values[at], values[at - 1])
        ratio = _per_first(columns[0], column, part) if table.per_first and at else ""
        size = math.nan if values[at] is None or not top else float(values[at] or 0) / top
        cells.append(Cell(column.name(part), column.text(part), share, interval, ratio, size))
    return tuple(cells)


def _step(value: float | None, before: float | None) -> tuple[str, str]:
    """Return a share of the step before and its interval; none of fewer than LEAST, none above."""
    if value is None or before is None or before < LEAST or value > before:
        return "", ""
    low, high = wilson(value, before)
    return percent(value / before, 1), f"entre {number(100 * low)} et {percent(high)}"


def _per_first(first: _Column, column: _Column, part: str) -> str:
    """Return « 2,3 par activité »; nothing when a line is uncounted, or was met elsewhere."""
    over, value = first.known(part), column.known(part)
    strays = part == UNTOLD or (not part and UNTOLD in column.rows)
    if not over or value is None or strays or first.uncounted(part) or column.uncounted(part):
        return ""
    return f"{number(value / over, 1)} par {str(first.rows['']['unit']).rstrip('s')}"
