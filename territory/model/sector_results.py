"""Frozen answers about sectors: who covers what, how evenly, how compactly, and what changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from territory.model.results import Ending


@dataclass(frozen=True, slots=True, eq=False)
class SectorOutcome:
    """
    A sector, 0 to k - 1, for each unit, and how even that is.

    `sector` [units] is read-only, -1 everywhere when there is no answer. `load_deviation` is the
    largest |load of a sector / equal share - 1| (0 when nothing is to be shared, inf without
    answer); `seconds` is how long the search took. `pieces` counts the pieces beyond one a sector
    (0: every sector holds together), `splits` the sectors beyond one in each bound; `note` says in
    French what was proved and what could not be.
    """

    sector: NDArray[np.int64]
    load_deviation: float
    ending: Ending
    seconds: float
    pieces: int = 0
    splits: int = 0
    note: str = ""
