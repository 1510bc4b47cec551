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


@dataclass(frozen=True, slots=True)
class EquityPoint:
    """
    One choice of sites between the best mean and the best worst-served.

    Minutes of people to the site that serves them: `mean_min` over people, `worst_min` of the
    worst-served place with people, `q90_min` not exceeded for 90 % of people, `gini` of minutes
    over people (0 = all alike); `price_min` is what the mean loses against the best mean. The
    ending is that of the search under this worst: « optimal » when no better mean is possible.
    """

    chosen: tuple[int, ...]
    mean_min: float
    worst_min: float
    q90_min: float
    gini: float
    price_min: float
    ending: Ending


@dataclass(frozen=True, slots=True)
class EquityFrontier:
    """
    All choices that nothing betters in both mean and worst, from the best mean to the best worst.

    The ending is « optimal » when every point is proved and nothing was left out, « impossible »
    when no choice serves everybody.
    """

    points: tuple[EquityPoint, ...]
    ending: Ending
    seconds: float

    def at(self, slider: float) -> EquityPoint:
        """
        Return the point for `slider`, 0 = the mean alone, 1 = the worst-served alone.

        Between them, the best mean among points whose worst is below that share of the way.
        Raises ValueError without any point, or for a slider outside 0-1.
        """
        if not self.points or not 0 <= slider <= 1:
            raise ValueError("Le curseur va de 0 à 1, sur une frontière qui a au moins un point.")
        first, last = self.points[0].worst_min, self.points[-1].worst_min
        most = first + slider * (last - first)
        inside = [p for p in self.points if p.worst_min <= most + 1e-9 * abs(first)]
        return inside[0] if inside else self.points[-1]


@dataclass(frozen=True, slots=True)
class Guarantee:
    """
    « Nobody named farther than `asked_min` minutes »: what it takes, and what it costs.

    `kept_min` is the limit that `point` keeps: the one asked or, when it is impossible, the
    smallest that is not (None: none serves everybody, or none was found in time). `best` is the
    best mean without the guarantee. The ending is that of what was asked: « impossible » is proved;
    `smallest_proved` says whether nothing below `kept_min` can be kept once the one asked cannot.
    """

    asked_min: float
    kept_min: float | None
    point: EquityPoint | None
    best: EquityPoint | None
    ending: Ending
    smallest_proved: bool
    seconds: float
