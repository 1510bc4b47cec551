"""Figures as a report shows them: those hidden, and the text of each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.analysis.report.ground_figures import INDEX, NEVER
from territory.model.marked import marked
from territory.outputs.french import number, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from territory.model.report import Figures
    from territory.settings.report import Counting, Table

UNKNOWN = "inconnu"
HIDDEN = marked("masqué")  # too small, or it would give back one that is

FigureRow = dict[str, Any]  # of FIGURES, by column


@dataclass(frozen=True)
class Shown:
    """Figures, those hidden, and shares rounded together (0-1), for a span or the one before."""

    figures: Figures
    hidden: frozenset[str]
    rounded: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def rows(self) -> dict[str, FigureRow]:
        """Return the rows of the figures by name: read one by one, many times."""
        table = self.figures.table
        return dict(zip(map(str, table.index), table.to_dict("records"), strict=True))

    @cached_property
    def names(self) -> dict[str, list[str]]:
        """Return the names of the figures of each definition, in the order of the table."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for name, row in self.rows.items():
            found[row["definition"]].append(name)
        return dict(found)


def heading_of(said: Counting | Table) -> str:
    """Return the chapter that a counting, or a table, is in."""
    return said.heading or "Chiffres"


def shown_value(row: FigureRow, *, hidden: bool) -> str:
    """Return the text of one row of FIGURES: unknown, and never, are words; not 0."""
    if hidden:
        return HIDDEN
    if pd.isna(row["value"]):
        return NEVER if row["part"] and row["mention"] == NEVER else UNKNOWN
    if row["unit"] == "part":
        return percent(float(row["value"]), 1)
    return number_in(float(row["value"]), str(row["unit"]))


def plain_number(value: float) -> str:
    """Return a number in French, with one decimal when it is not whole."""
    return number(value, 0 if value == int(value) else 1)


def number_in(value: float, unit: str) -> str:
    """Return a number in French as its unit is read: an index has two decimals."""
    return number(value, 2) if unit == INDEX else plain_number(value)
