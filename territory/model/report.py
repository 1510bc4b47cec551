"""A report as data: the days it is about, the figures found, what they rest on, what guards say."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from territory.model.contracts import COUNT, REAL, TEXT, YES_NO, Column, TableContract

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

FIGURES = TableContract(
    "figures",
    "figure",
    (
        Column("definition", TEXT, "code of the definition, as E7"),
        Column("part", TEXT, "code of the part of it, as 93010; empty for the whole"),
        Column("label", TEXT, "French words of the whole or of the part"),
        Column("unit", TEXT, "French unit: personnes, activités, heures, structures, %, euros"),
        Column("value", REAL, "the figure; NA when it is not known, never 0"),
        Column("over", REAL, "denominator of a share or of a ratio; NA when it has none"),
        Column("low", REAL, "lower limit of the share, 0-1, else of the value (95 %)"),
        Column("high", REAL, "upper limit of the share, 0-1, else of the value (95 %)"),
        Column("used", COUNT, "lines used"),
        Column("uncounted", COUNT, "lines of these that hold no number"),
        Column("people", YES_NO, "counts people: small ones are hidden outside"),
        Column("mention", TEXT, "why there is no figure, or what to know of it; French"),
    ),
)


@dataclass(frozen=True, slots=True)
class Span:
    """Days a report is about, both included, and their French name."""

    first: date
    last: date
    name: str

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True, order=True)
class Guard:
    """
    What a guard saw: its code, the sentence for who writes, the one to put in the report.

    `figures` are the names of the figures it is about.
    """

    code: str
    problem: str
    sentence: str
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """
    One figure that is computed, not counted: the whole ("") or one part of a definition.

    `low` and `high` are the limits (95 %) of the value, NaN without. `lines` are the names of the
    lines it rests on. `people` says that the value counts people: small ones are hidden outside.
    """

    part: str
    label: str
    value: float
    unit: str
    over: float = math.nan
    low: float = math.nan
    high: float = math.nan
    uncounted: int = 0
    people: bool = False
    mention: str = ""
    lines: tuple[str, ...] = ()


NOT_ASKED = None  # in the place of the parts of a figure: no setting asks for it, show nothing


@dataclass(frozen=True, slots=True)
class Source:
    """
    One file that figures rest on: lines read, turned away, its hash.

    `first` and `last` are the days its lines tell, None when they tell none.
    """

    name: str
    read: int
    refused: int
    sha256: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """
    Figures of one span: the table FIGURES, the lines of each figure, and what must add up.

    `lines` maps a figure to the names [lines] of those it counts. `sums` are (whole, its parts),
    names of figures; `bases` the parts that shares are out of, when some are left apart.
    """

    table: pd.DataFrame
    lines: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)
    sums: tuple[tuple[str, tuple[str, ...]], ...] = ()
    bases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
