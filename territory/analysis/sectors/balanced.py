"""Balanced sectors: contiguous, of equal load, compact; locks kept, bounds kept or priced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from territory.analysis.sectors.exact import MAX_UNITS, best_partition
from territory.analysis.sectors.pieces import by_components, can_hold
from territory.analysis.sectors.problem import (
    FREE,
    Ground,
    between,
    deviation_of,
    excess_pieces,
    linked,
    locks_of,
    numbers,
    positive,
)
from territory.analysis.sectors.search import Clock, searched, splits_of
from territory.errors import WrongUsage
from territory.model.results import Ending
from territory.model.sector_results import SectorOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    Sectors = NDArray[np.int32]

EPS = 1e-9
LIGHT = 1e-3  # of the mean load: an empty unit still belongs near its sector


def balanced_sectors(  # noqa: PLR0913 - the contract, then what may be added
    load: ArrayLike,
    x: ArrayLike,
    y: ArrayLike,
    adjacency: Any,  # noqa: ANN401 - sparse, dense or pairs
    k: int,
    *,
    tolerance: float = 0.03,
    locked: Mapping[int, int] | ArrayLike | None = None,
    time_limit_s: float = 10.0,
    seed: int = 0,
    minutes: ArrayLike | None = None,
) -> SectorOutcome:
    """
    Share units among `k` sectors, each in one piece, of loads as equal as asked, compact.

    `load` [units] in any unit, `x` and `y` [units] metres, `adjacency` sparse or dense [units,
    units] or pairs of positions. `locked` keeps units in sectors: {unit: sector}, or [units] with
    -1. `minutes` [units, units] are walks that measure compactness instead of metres.

    First the fewest pieces, then the deviation beyond `tolerance`, then compactness (sum of load x
    distance squared to the centre). Every sector is in one piece whenever the graph allows it; a
    graph of more than `k` parts is shared by whole parts. Endings: « optimal » when no sectors of
    as few pieces have a smaller deviation, which is proved by enumeration up to 14 units and by
    simple bounds beyond; « within gap » when the deviation is within `tolerance`; « time up » when
    it is not and a better one may exist; « impossible » when there is no answer (no unit, more
    sectors than units or than locks leave), or when sectors cannot be each in one piece: the best
    found is then given. Labels are in the order of the first unit of each sector, locked labels
    kept. Raises WrongUsage for shapes that differ, numbers that are not, locks that do not exist.
    """
    clock = Clock(time_limit_s)
    ground, order = _ground(load, (x, y), adjacency, k, (locked, minutes, tolerance))
    if not _possible(ground):
        none = np.full(len(order), -1, np.int64)
        return _outcome(none, (np.inf, Ending.IMPOSSIBLE), clock, (0, 0, NOTHING))
    return _told(ground, _shared(ground, seed, clock), order, clock)


def _ground(
    load: ArrayLike,
    xy: tuple[ArrayLike, ArrayLike],
    adjacency: Any,  # noqa: ANN401
    k: int,
    asked: tuple[Mapping[int, int] | ArrayLike | None, ArrayLike | None, float],
) -> tuple[Ground, NDArray[np.int64]]:
    """Check everything; return the ground in an order of its own, and that order."""
    locked, minutes, tolerance = asked
    loads = positive(load, "load")
    n = len(loads)
    points = np.column_stack([numbers(xy[0], "x", n), numbers(xy[1], "y", n)])
    if k != int(k) or k < 0:
        raise WrongUsage("Le nombre de secteurs doit être un entier positif.")
    if not tolerance >= 0:
        raise WrongUsage("La tolérance doit être un nombre positif, 0,03 pour 3 %.")
    near, locks, walks = linked(adjacency, n), locks_of(locked, n, k), between(minutes, n)
    order = np.lexsort((loads, points[:, 1], points[:, 0]))
    links = sp.csr_matrix(near[order][:, order])
    links.sort_indices()  # kernels see neighbours in this order
    loads, walks = loads[order], None if walks is None else walks[np.ix_(order, order)]
    weight = loads + LIGHT * (loads.mean() if n and loads.any() else 1.0)
    return Ground(
        loads, weight, points[order], walks, links, int(k),
        float(tolerance), locks[order], np.arange(n, dtype=np.int32),
    ), order  # fmt: skip


NOTHING = "Aucun découpage : il y a moins d'unités libres que de secteurs."
PROVED = "Aucun découpage d'autant de morceaux n'est plus équilibré."
CLOSE = "Les charges ne s'écartent pas plus que demandé."
OPEN = "Un découpage plus équilibré peut exister : la recherche n'est pas complète."
BROKEN = "Certains secteurs ne sont pas d'un seul tenant, et ne peuvent pas l'être."
BARRED = "Certains secteurs ne sont pas d'un seul tenant : les réserves les séparent."


def _possible(ground: Ground) -> bool:
    used = len(np.unique(ground.locks[ground.locks >= 0]))
    free = int((ground.locks == FREE).sum())
    return len(ground.load) > 0 and 0 < ground.k <= used + free


def _shared(ground: Ground, seed: int, clock: Clock) -> Sectors:
    if len(ground.load) <= MAX_UNITS:
        found = best_partition(ground)
        if found is not None:
            return found

    def solve(part: Ground) -> Sectors:
        """Share units that hold together."""
        if part.k in (1, len(part.load)):
            return _forced(part)
        small = len(part.load) <= MAX_UNITS
        found = best_partition(part, slack=part.tolerance) if small else None
        return searched(part, split_price=0.0, seed=seed, clock=clock) if found is None else found

    return by_components(ground, solve)


def _forced(ground: Ground) -> Sectors:
    """Return the only sectors there can be: one, or one a unit."""
    if ground.k == 1:
        return np.zeros(len(ground.load), np.int32)
    sector = ground.locks.copy()
    sector[sector == FREE] = np.setdiff1d(np.arange(ground.k), sector)
    return sector


def _told(ground: Ground, sector: Sectors, order: NDArray[np.int64], clock: Clock) -> SectorOutcome:
    away = deviation_of(ground.load, sector, ground.k)
    pieces = excess_pieces(ground.links, sector)
    given, locks = np.empty((2, len(order)), np.int64)
    given[order], locks[order] = sector, ground.locks
    splits = splits_of(ground.group, sector, ground.k)
    ending, note = _ending(ground, away, pieces)
    labels = canonical(given, locks, ground.k)
    return _outcome(labels, (away, ending), clock, (pieces, splits, note))


def _ending(ground: Ground, away: float, pieces: int) -> tuple[Ending, str]:
    """Say what is proved: nothing is called optimal or impossible that is not."""
    n = len(ground.load)
    weighed = n <= MAX_UNITS or ground.k in (1, n)
    if pieces:
        barred = weighed or not can_hold(ground)
        return (Ending.IMPOSSIBLE, BROKEN) if barred else (Ending.TIME_UP, BARRED)
    if weighed or away <= least_deviation(ground) + EPS:
        return Ending.OPTIMAL, PROVED
    if away <= ground.tolerance:
        return Ending.WITHIN_GAP, CLOSE
    return Ending.TIME_UP, OPEN


def least_deviation(ground: Ground) -> float:
    """Return a deviation no sectors can be below: one heavy unit, or loads that are whole."""
    if not ground.load.any():
        return 0.0
    share, found = ground.share, float(ground.load.max()) / ground.share - 1.0
    whole = np.round(ground.load)
    if (whole == ground.load).all() and whole.max() < 2**40:
        step = int(np.gcd.reduce(whole.astype(np.int64)))
        over = -(-share // step) * step - share
        under = share - share // step * step
        found = max(found, over / share, under / share) if over > 0 else found
    return max(found, 0.0)


def canonical(sector: NDArray[np.int64], locks: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """Return `sector` [units] renumbered by first unit, the labels of `locks` [units] kept."""
    kept = {int(s) for s in locks if s >= 0}
    free = iter(s for s in range(k) if s not in kept)
    new = {s: s for s in kept}
    for s in sector.tolist():
        if s not in new:
            new[s] = next(free)
    return np.array([new[s] for s in sector.tolist()], np.int64)


def _outcome(
    sector: NDArray[np.int64],
    end: tuple[float, Ending],
    clock: Clock,
    said: tuple[int, int, str],
) -> SectorOutcome:
    sector.flags.writeable = False
    return SectorOutcome(sector, *end, clock.spent_s, said[0], said[1], said[2])
