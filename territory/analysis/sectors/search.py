"""Search of sectors: several starts, then borders moved until nothing is worth it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import scipy.sparse as sp

from territory.analysis.sectors.compact import costs, inertia
from territory.analysis.sectors.problem import Ground, deviation_of, excess_pieces

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Sectors = NDArray[np.int32]

STARTS, SHAKES, HARD_SHAKES, ROUNDS, SWEEPS = 8, 15, 45, 8, 60
INSIDE = 0.95  # of the tolerance is aimed at: a price alone ends just beyond
FORCE = 100.0  # a deviation 10 % beyond costs as much as the sector's own inertia
SHAKEN = 20  # draws a unit, in one shake
STEPS_MIN = 5_000
HARDER = 100.0
WARMER = 4.0
CALM = 4.0
STEEPER = 8.0
Rank = tuple[int, float, float]
Found: TypeAlias = "tuple[Rank, Sectors]"


@dataclass(slots=True)
class Clock:
    """Seconds a search may still take."""

    limit_s: float
    began: float = field(default_factory=time.perf_counter)

    @property
    def spent_s(self) -> float:
        """Seconds since the search began."""
        return time.perf_counter() - self.began

    @property
    def left_s(self) -> float:
        """Seconds left, 0 when none."""
        return max(self.limit_s - self.spent_s, 0.0)

    def part(self, share: float) -> Clock:
        """Return a clock of a share of the whole limit, started now, that ends with this one."""
        return Clock(min(share * self.limit_s, self.left_s))


def searched(
    ground: Ground,
    first: Callable[[np.random.Generator], Sectors],
    *,
    seed: int,
    clock: Clock,
    tries: tuple[int, int] = (STARTS, SHAKES),
) -> Sectors:
    """
    Return sectors [units] of linked units; `first` draws those to start from.

    `tries` are how many are drawn, and how many times the best is shaken. Best by pieces, then
    deviation beyond the tolerance, then inertia and splits. Ctrl-C ends the search with the best.
    """
    rng = np.random.default_rng(seed)
    best = polished(ground, first(rng))
    try:
        for turn in range(1, tries[0] + max(tries[1], HARD_SHAKES)):
            if clock.left_s <= 0 or (turn >= sum(tries) and not best[0][1]):
                break
            start = first(rng) if turn < tries[0] else _shaken(ground, best, rng)
            best = min(best, polished(ground, start), key=lambda b: b[0])
    except KeyboardInterrupt:
        pass
    return best[1]


def ready() -> None:
    """Have the loops compiled, or read back, before a clock starts: no search pays for that."""
    row = sp.csr_matrix(np.eye(3, k=1, dtype=bool) | np.eye(3, k=-1, dtype=bool))
    ones, free, each = np.ones(3), np.full(3, -1, np.int32), np.arange(3, dtype=np.int32)
    ground = Ground(ones, ones, np.eye(3, 2), None, row, 2, 0.0, free, each)
    halves = np.array([0, 0, 1], np.int32)
    _shaken(ground, polished(ground, halves), np.random.default_rng(0), steps=1)


def rank(ground: Ground, sector: Sectors) -> Rank:
    """Return what makes `sector` [units] good, least first: pieces, deviation beyond, inertia."""
    beyond = max(deviation_of(ground.load, sector, ground.k) - ground.tolerance, 0.0)
    spread = inertia(ground, sector)
    extra = ground.split_cost * splits_of(ground.group, sector, ground.k)
    return excess_pieces(ground.links, sector), round(beyond, 9), spread + extra


def splits_of(group: Sectors, sector: Sectors, k: int) -> int:
    """Count the sectors beyond one in each bound, of `group` and `sector` [units]."""
    return int(np.count_nonzero(_present(group, sector, k)) - len(np.unique(group)))


def polished(ground: Ground, sector: Sectors) -> Found:
    """
    Return `sector` [units] with its borders moved while it is worth it, and its rank.

    The price of what is beyond the tolerance is raised until nothing is; centres follow.
    """
    best = rank(ground, sector), sector
    force, same = FORCE, 0
    now = sector
    for _ in range(ROUNDS):
        now, moved = _swept(ground, now, force)
        found = rank(ground, now), now
        same = same + 1 if found[0] >= best[0] else 0
        best = min(best, found, key=lambda b: b[0])
        if found[0][1] > 0:
            force *= STEEPER
        elif not moved or same > 1:
            break
    return best


def _swept(ground: Ground, sector: Sectors, force: float) -> tuple[Sectors, int]:
    from territory.analysis.sectors.kernel import sweep  # noqa: PLC0415 - loads numba

    state, changed = _state(ground, sector, force), 0
    for _ in range(SWEEPS):
        moves = sweep(*state)
        changed += moves
        if not moves:
            break
    return state[6], changed


def _shaken(
    ground: Ground, best: Found, rng: np.random.Generator, steps: int = STEPS_MIN
) -> Sectors:
    """Anneal from the best: from its deviation when that is beyond, else from its inertia."""
    from territory.analysis.sectors.kernel import shake  # noqa: PLC0415 - loads numba

    (_, beyond, _), sector = best
    force = FORCE * (HARDER if beyond else 1.0)
    state = _state(ground, sector, force)
    price, scale = float(state[10][2]), float(state[10][4])
    heat = (
        WARMER * price * (ground.k / len(sector)) ** 2
        if beyond
        else CALM * scale * ground.k / len(sector)
    )
    draws = rng.random((max(SHAKEN * len(sector), steps), 3))
    shake(*(*state, draws, heat))
    return np.asarray(state[6])


def _state(ground: Ground, sector: Sectors, force: float) -> tuple[Any, ...]:
    """Return the arrays of the kernels, in their order; those of the state are new."""
    k, now = ground.k, sector.astype(np.int32)
    cost = costs(ground, now)
    scale = float(cost[np.arange(len(now)), now].sum()) / k or 1.0
    slack = INSIDE * ground.tolerance
    terms = np.array([ground.share, slack, force * scale, ground.split_cost, scale])
    return (
        ground.links.indptr.astype(np.int32), ground.links.indices.astype(np.int32), ground.load,
        np.ascontiguousarray(cost), ground.locks, ground.group, now,
        np.bincount(now, ground.load, minlength=k).astype(float),
        np.bincount(now, minlength=k).astype(np.int32), _present(ground.group, now, k), terms,
    )  # fmt: skip


def _present(group: Sectors, sector: Sectors, k: int) -> NDArray[np.int32]:
    present = np.zeros((k, int(group.max(initial=0)) + 1), np.int32)
    np.add.at(present, (sector, group), 1)
    return present
