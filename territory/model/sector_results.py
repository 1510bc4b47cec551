"""Frozen answers about sectors: who covers what, how evenly, how compactly, and what changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

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


@dataclass(frozen=True, slots=True)
class Move:
    """
    One unit that changes hands.

    `unit` is its position, `from_post` and `to_post` the posts before and after, `handover` its
    weight (people known, relations with partners).
    """

    unit: int
    from_post: Hashable
    to_post: Hashable
    handover: float


@dataclass(frozen=True, slots=True, eq=False)
class ResplitOutcome:
    """
    New sectors after a change of posts, and everything that changes hands.

    `sector` [units] is read-only, the position of the post among those asked (-1: no answer).
    `moves` are the units that had a post and have another, by position; `handover` is their weight,
    `handover_share` its share of the weight of all units that had a post, `unavoidable` the part of
    posts that are no longer there. No sectors as even hand over less than `bound`, which is proved.
    `load_deviation`, `pieces`, `seconds`, `note`: as in SectorOutcome.
    """

    sector: NDArray[np.int64]
    moves: tuple[Move, ...]
    handover: float
    handover_share: float
    unavoidable: float
    bound: float
    load_deviation: float
    ending: Ending
    seconds: float
    pieces: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class SectorIndices:
    """
    How even, compact and whole sectors are.

    `loads` [sectors] in the unit of the loads; `load_deviation` the largest |load / mean - 1|,
    `spread` (largest - smallest) / mean, `gini` the Gini index of the loads (0 = equal).
    `to_centre` [sectors] is the load-weighted mean way to the unit at the centre of each, in
    minutes or metres (`in_minutes`), `mean_to_centre` the same over all units; inf when out of
    reach, NaN for a sector without units. `pieces` [sectors] counts the pieces of each; `pairs_cut`
    the neighbours in two sectors and `border_m` the metres between them (None: not known); `split`
    the bounds that are in several sectors, `splits` the sectors beyond one in each bound.
    """

    loads: NDArray[np.float64]
    load_deviation: float
    spread: float
    gini: float
    to_centre: NDArray[np.float64]
    mean_to_centre: float
    in_minutes: bool
    pieces: NDArray[np.int64]
    pairs_cut: int
    border_m: float | None
    split: tuple[Hashable, ...]
    splits: int
