"""Frozen answers about a change of sectors: what passes from whom to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from territory.model.results import SectorPlan


@dataclass(frozen=True, slots=True)
class Takeover:
    """
    What passes from some workers to others: areas, units, people, places of partners met.

    `former` is empty for what nobody covered. `partners` are names of places where the team met a
    partner, sensitive places left out and counted in `hidden`. `people` is None when unknown.
    """

    former: tuple[str, ...]
    new: tuple[str, ...]
    areas: tuple[str, ...]
    units: int
    people: float | None
    partners: tuple[str, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class SectorChange:
    """
    A plan of sectors beside what it replaces, and all that it hands over.

    `question` and `start` are French: what was asked, and from which sectors one starts.
    `former_deviation` is the load deviation before (None: no load, or nobody told), `people_moved`
    the share, 0-1, of the public that gets somebody new.
    """

    question: str
    start: str
    plan: SectorPlan
    takeovers: tuple[Takeover, ...]
    former_deviation: float | None
    people_moved: float
