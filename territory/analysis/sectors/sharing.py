"""How the sectors of a ground are found: bounds, parts, then the way that suits the size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.sectors.bounds import priced, unsplit
from territory.analysis.sectors.exact import MAX_UNITS, best_partition
from territory.analysis.sectors.held import held_best
from territory.analysis.sectors.pieces import by_components
from territory.analysis.sectors.problem import FREE, deviation_of, excess_pieces
from territory.analysis.sectors.search import polished, searched
from territory.analysis.sectors.starts import first_sectors
from territory.model.results import Ending

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.clock import Clock
    from territory.analysis.sectors.problem import Ground

    Sectors = NDArray[np.int32]

HELD_UNITS = 40  # beyond, a proof is out of reach in some seconds
PROOF = 0.3  # of the time given may go to a proof
EPS = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """Sectors [units], and whether no other of as few pieces deviates less beyond tolerance."""

    sector: Sectors
    proved: bool


@dataclass(slots=True)
class Sharing:
    """One search of sectors: its seed, its clock, and what it has proved of the whole ground."""

    seed: int
    clock: Clock
    proved: bool = False

    def share(self, ground: Ground, strength: float) -> Shared:
        """Return the sectors of `ground`, whose bounds hold with `strength` from 0 to 1."""
        bounded = strength > 0 and len(np.unique(ground.group)) < len(ground.group)
        if not bounded:
            return self._whole(ground)
        if strength >= 1:
            found = unsplit(ground, lambda part: self._whole(part).sector)
            if found is not None:
                return Shared(found, self.proved)
        return self._at_a_price(priced(ground, strength))

    def _at_a_price(self, ground: Ground) -> Shared:
        """Share units whose bounds have a price: from compact sectors and from whole bounds."""
        found = self._whole(ground)
        whole = None if found.proved else unsplit(ground, lambda part: self._whole(part).sector)
        if whole is None:
            return found
        return Shared(_more_compact(ground, whole, found.sector), proved=False)

    def _whole(self, ground: Ground) -> Shared:
        """Share all units; those of few are weighed even when they do not hold together."""
        self.proved = False
        if len(ground.load) <= MAX_UNITS:
            found = best_partition(ground, slack=ground.tolerance if ground.split_cost else 0.0)
            if found is not None:
                self.proved = True
                return Shared(found, self.proved)
        sector = by_components(ground, lambda part: self._part(part, len(ground.load)))
        return Shared(sector, self.proved)

    def _part(self, ground: Ground, whole: int) -> Sectors:
        """Share units that hold together, all of them or one part."""
        if ground.k in (1, len(ground.load)):
            self.proved = whole == len(ground.load)
            return forced(ground)
        if len(ground.load) <= MAX_UNITS:
            found = best_partition(ground, slack=ground.tolerance)
            if found is not None:
                return found
        sector = searched(
            ground,
            lambda rng: first_sectors(ground, rng, time_limit_s=self.clock.left_s),
            seed=self.seed,
            clock=self.clock,
        )
        away = deviation_of(ground.load, sector, ground.k)
        if len(ground.load) > HELD_UNITS or away <= ground.tolerance or self.clock.left_s <= 0:
            return sector
        return self._proved(ground, sector, whole)

    def _proved(self, ground: Ground, sector: Sectors, whole: int) -> Sectors:
        known = None if excess_pieces(ground.links, sector) else sector
        held = held_best(ground, known, self.clock.part(PROOF), seed=self.seed)
        if held.ending is not Ending.OPTIMAL or held.sector is None:
            return sector
        self.proved = whole == len(ground.load)
        away = deviation_of(ground.load, held.sector, ground.k)
        even = replace(ground, tolerance=max(away, ground.tolerance) + EPS)
        return _more_compact(even, held.sector, sector)


def _more_compact(ground: Ground, one: Sectors, other: Sectors) -> Sectors:
    return min((polished(ground, s) for s in (one, other)), key=lambda b: b[0])[1]


def forced(ground: Ground) -> Sectors:
    """Return the only sectors [units] there can be: one, or one a unit."""
    if ground.k == 1:
        return np.zeros(len(ground.load), np.int32)
    sector = ground.locks.copy()
    sector[sector == FREE] = np.setdiff1d(np.arange(ground.k), sector)
    return sector
