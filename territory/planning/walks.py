"""The little the planner needs of walking: minutes between named points and the way there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from territory.network.walk import minutes_between, path_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from territory.network.transit_rides import Rides
    from territory.network.walk import WalkNetwork


class Way(Protocol):
    """One walk: coordinates (metres, metric CRS), street names in order, metres and seconds."""

    @property
    def coords(self) -> NDArray[np.float64]:
        """Points of the walk [n, 2], metres, first to last."""

    @property
    def streets(self) -> Sequence[str]:
        """Names of the streets walked, in order."""

    @property
    def length_m(self) -> float:
        """Metres along the streets."""

    @property
    def seconds(self) -> float:
        """Duration at the speed of the network."""


class Walks(Protocol):
    """Walking between points "p:" + place_id, "c:" + cell_id or "n:" + street node, usual speed."""

    def minutes(self, a_ids: Sequence[str], b_ids: Sequence[str]) -> pd.DataFrame:
        """Return minutes [a_ids x b_ids]; inf when out of reach or unknown."""

    def path(self, a: str, b: str) -> Way:
        """Return the shortest walk from `a` to `b`, both in reach; else raise NoAnswer."""


@runtime_checkable
class Travels(Walks, Protocol):
    """Walks with the timetable of the week beside them."""

    @property
    def rides(self) -> Rides | None:
        """What runs on the days of the week, None without a timetable."""


def rides_of(walks: Walks) -> Rides | None:
    """Return the timetable that goes with `walks`, None when there is none."""
    return walks.rides if isinstance(walks, Travels) else None


@dataclass(frozen=True, slots=True)
class _NetworkWalks:
    network: WalkNetwork
    rides: Rides | None

    def minutes(self, a_ids: Sequence[str], b_ids: Sequence[str]) -> pd.DataFrame:
        return minutes_between(self.network, list(a_ids), list(b_ids))

    def path(self, a: str, b: str) -> Way:
        return path_between(self.network, a, b)


def network_walks(network: WalkNetwork, rides: Rides | None = None) -> Walks:
    """
    Return the planner's view of a walking network, and of the timetable of the week if any.

    Points tied to no street are out of reach.
    """
    return _NetworkWalks(network, rides)


@dataclass(frozen=True, slots=True)
class _Remembered:
    walks: Walks
    tables: dict[tuple[tuple[str, ...], tuple[str, ...]], pd.DataFrame] = field(
        default_factory=dict
    )

    @property
    def rides(self) -> Rides | None:
        return rides_of(self.walks)

    def minutes(self, a_ids: Sequence[str], b_ids: Sequence[str]) -> pd.DataFrame:
        key = tuple(a_ids), tuple(b_ids)
        if key not in self.tables:
            self.tables[key] = self.walks.minutes(*key)
        return self.tables[key]

    def path(self, a: str, b: str) -> Way:
        return self.walks.path(a, b)


def remembered(walks: Walks) -> Walks:
    """Return the same walks, each table of minutes computed once: slots ask the same ones again."""
    return _Remembered(walks)
