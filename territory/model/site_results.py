"""Frozen answers on permanences: which places and half-days, what they bring, what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from territory.model.results import Ending


@dataclass(frozen=True, slots=True)
class SlotOutcome:
    """
    Chosen options (sorted positions), what they bring, a proven bound, how the search ended.

    `objective` and `bound` are people received a week, all options chosen together; `coming` and
    `served` [chosen] are people a week; `missed` is how many guarantees or least attendances the
    choice could not keep (0 unless the ending is « impossible »); `seconds` is how long it took.
    """

    chosen: tuple[int, ...]
    objective: float
    bound: float
    ending: Ending
    coming: tuple[float, ...]
    served: tuple[float, ...]
    missed: int
    seconds: float

    @property
    def gap(self) -> float:
        """Share of the bound that the choice may be short of, 0-1."""
        return 0.0 if self.bound <= 0 else max(self.bound - self.objective, 0.0) / self.bound
