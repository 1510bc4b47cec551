"""Figures as a report shows them: those hidden, and the text of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

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


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures, those hidden, and shares rounded together (0-1), for a span or the one before."""

    figures: Figures
    hidden: frozenset[str]
    rounded: Mapping[str, float] = field(default_factory=dict)


def heading_of(said: Counting | Table) -> str:
    """Return the chapter that a counting, or a table, is in."""
    return said.heading or "Chiffres"


def shown_value(row: pd.Series, *, hidden: bool) -> str:
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
