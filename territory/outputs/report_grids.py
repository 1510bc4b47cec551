"""Countings of a report side by side, as they may be shown: a line a part, a cell a counting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.proportions import wilson
from territory.analysis.report.chosen import UNTOLD
from territory.analysis.report.counting import LEAST
from territory.outputs.french import number, percent
from territory.outputs.public import HIDDEN
from territory.outputs.report_shown import UNKNOWN, heading_of, shown_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.outputs.report_shown import Shown
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

    `name` leads to its lines; `share` is that of the step before, `ratio` « 2,3 par activité ».
    """

    name: str
    value: str
    share: str = ""
    interval: str = ""
    ratio: str = ""


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


@dataclass(frozen=True, slots=True)
class _Column:
    """A counting, its rows of FIGURES by part, those hidden."""

    counting: Counting
    rows: Mapping[str, pd.Series]
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

    def uncounted(self, part: str) -> int:
        """Return how many lines of a part hold no number."""
        return int(self.rows[part]["uncounted"]) if part in self.rows else 0


def grids(profile: Profile, title: str, now: Shown) -> tuple[Grid, ...]:
    """Return the tables of the chapter `title`, in the order of the profile."""
    found = (_grid(profile, table, now) for table in profile.tables if heading_of(table) == title)
    return tuple(grid for grid in found if grid.rows)


def _grid(profile: Profile, table: Table, now: Shown) -> Grid:
    by_code = {counting.code: counting for counting in profile.countings}
    columns = [_column(by_code[code], now) for code in table.columns]
    parts = list(dict.fromkeys(part for c in columns for part in c.rows if part))
    told = [part for part in parts if part != UNTOLD]
    printed = [*told[:LONGEST], *([UNTOLD] if UNTOLD in parts and told else [])]
    rows = [Row(_label(columns, part), _cells(table, columns, part)) for part in printed]
    whole = Row(WHOLE, _cells(table, columns, ""), whole=True)
    headers = tuple(_header(c.counting) for c in columns)
    more = _more(columns[0].counting, len(told) - LONGEST) if told else NOBODY_SAYS
    return Grid(table.code, table.title, table.meaning, headers, (*rows, whole), more)


def _column(counting: Counting, now: Shown) -> _Column:
    table = now.figures.table
    own = table[table["definition"] == counting.code]
    return _Column(counting, {str(row["part"]): row for _, row in own.iterrows()}, now.hidden)


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
    return f"et {left} {other} {things.rstrip('x') if left == 1 else things}, dans le tableur"


def _cells(table: Table, columns: Sequence[_Column], part: str) -> tuple[Cell, ...]:
    cells = []
    for at, column in enumerate(columns):
        share, interval = ("", "")
        if table.steps and at and column.rows[""]["used"]:
            share, interval = _step(column.known(part), columns[at - 1].known(part))
        ratio = _per_first(columns[0], column, part) if table.per_first and at else ""
        cells.append(Cell(column.name(part), column.text(part), share, interval, ratio))
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
