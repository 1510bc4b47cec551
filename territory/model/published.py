"""A table of people by zone and period as it was, or will be, given outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
