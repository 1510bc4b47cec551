"""A grid of heights above the sea, as the relief of a territory is published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class HeightGrid:
    """
    Heights in metres, float32 [rows, columns], NaN where unknown; rows go south, columns east.

    `left`, `top` are the metres of the outer corner in the north-west (metric CRS of the
    territory), `cell_m` the side of a cell.
    """

    metres: NDArray[np.float32]
    left: float
    top: float
    cell_m: float
