"""What a method answers about a territory: a score for each cell, and zones it claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from territory.simulate.truth import PlantedTruth


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """
    A zone held to be underserved: its cells (int [k], positions), the best score first.

    `p_value` under the method's own null and `posterior` probability; None when it has none.
    """

    cells: NDArray[np.int64]
    score: float
    p_value: float | None = None
    posterior: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """Scores [n], high = underserved, and zones in the order of their rank, not overlapping."""

    cell_score: NDArray[np.float64]
    zones: tuple[Claim, ...] = ()


class Method(Protocol):
    """Any function of what the analyst sees; it must not look at what is true."""

    def __call__(self, truth: PlantedTruth, /) -> Answer:
        """Return cell scores [n] and zones."""
        ...
