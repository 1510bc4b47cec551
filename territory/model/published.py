"""A table of people by zone and period as it was, or will be, given outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """
    One table given outside: people by zone and period, and which cells were hidden.

    `counts` int64 [rows, columns], hidden ones included; `hidden` bool [rows + 1, columns + 1],
    margins last. `zoning` and `period` name the columns of the groups it was made from.
    """

    name: str
    zoning: str
    period: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: NDArray[np.int64]
    hidden: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PublishedReport:
    """
    One report given outside: which days, by which profile, and which figures it did not show.

    `profile` as it is asked (a code, or a file of the folder), `digest` that of its numbers,
    `table` the SHA-256 of its CSV, `hidden` and `hidden_before` names of figures. Never a value.
    """

    profile: str
    first: date
    last: date
    digest: str
    k: int
    hidden: tuple[str, ...]
    hidden_before: tuple[str, ...]
    table: str = ""

    def same(self, other: PublishedReport) -> bool:
        """Whether both give the same numbers of the same days; what is hidden may differ."""
        return self._key == other._key

    @property
    def _key(self) -> tuple[object, ...]:
        return self.profile, self.first, self.last, self.digest, self.k
