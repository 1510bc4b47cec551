"""Balanced sectors: contiguous, of equal load, compact; locks kept, bounds kept or priced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from territory.analysis.sectors.ground import ground_of, least_deviation, possible
from territory.analysis.sectors.pieces import can_hold
from territory.analysis.sectors.problem import deviation_of, excess_pieces
from territory.analysis.sectors.search import Clock, ready, splits_of
from territory.analysis.sectors.sharing import Shared, Sharing
from territory.errors import WrongUsage
from territory.model.results import Ending
from territory.model.sector_results import SectorOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from territory.analysis.sectors.problem import Ground

    Longs = NDArray[np.int64]

EPS = 1e-9
NOTHING = "Aucun découpage : il y a moins d'unités libres que de secteurs."
PROVED = "Aucun découpage d'autant de morceaux n'est plus équilibré."
CLOSE = "Les charges ne s'écartent pas plus que demandé."
OPEN = "Un découpage plus équilibré peut exister : la recherche n'est pas complète."
BROKEN = "Certains secteurs ne sont pas d'un seul tenant, et ne peuvent pas l'être."
BARRED = "Certains secteurs ne sont pas d'un seul tenant : les réserves les séparent."
UNCUT = "Limites gardées entières : sans elles, un découpage plus équilibré peut exister."
LOOSE = "Certains secteurs ne sont pas d'un seul tenant ; un autre découpage pourrait l'être."
CUT = "Certaines limites sont coupées."
CUT_NEEDED = "Certaines limites sont coupées : il y a plus de secteurs que de limites à garder."


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
    bounds: Sequence[object] | ArrayLike | None = None,
    bound_strength: float = 1.0,
) -> SectorOutcome:
    """
    Share units among `k` sectors, each in one piece, of loads as equal as asked, compact.

    `load` [units] in any unit, `x` and `y` [units] metres, `adjacency` sparse or dense [units,
    units] or pairs of positions. `locked` keeps units in sectors: {unit: sector}, or [units] with
    -1. `minutes` [units, units] are walks that measure compactness instead of metres. `bounds`
    [units] are labels (communes; None = none) that sectors should not cut: at `bound_strength` 1
    only when there are more sectors than bounds or locks ask it, between 0 and 1 each split has a
    price (at one half, what a sector of an even cut spreads), at 0 they are ignored.

    First the fewest pieces, then the deviation beyond `tolerance`, then compactness (sum of load x
    distance squared to the centre) and splits. Every sector is in one piece whenever the graph
    allows it; a graph of more than `k` parts is shared by whole parts. Endings: « optimal » when no
    sectors of as few pieces (and, at strength 1, cutting no bound) have a smaller deviation beyond
    the tolerance, of which up to 14 units a smaller deviation at all (without price of splits):
    proved by enumeration up to 14 units, by a whole-number programme up to 40, by one heavy unit or
    whole loads beyond; « within gap » when the deviation is within `tolerance`; « time up » when it
    is not and a better one may exist; « impossible » when there is no answer (no unit, more sectors
    than units or than locks leave), or when sectors cannot be each in one piece: the best found is
    then given. Labels are in the order of the first unit of each sector, locked labels kept. Raises
    WrongUsage for shapes that differ, numbers that are not, locks that do not exist.
    """
    ready()
    clock = Clock(time_limit_s)
    ground, order = ground_of(
        load, (x, y), adjacency, k, tolerance=tolerance, locked=locked, minutes=minutes,
        bounds=bounds,
    )  # fmt: skip
    if not 0 <= bound_strength <= 1:
        raise WrongUsage("La force des limites va de 0 (ignorées) à 1 (jamais coupées).")
    if not possible(ground):
        none = np.full(len(order), -1, np.int64)
        return _outcome(none, (np.inf, Ending.IMPOSSIBLE), clock, (0, 0, NOTHING))
    shared = Sharing(seed, clock).share(ground, bound_strength)
    return _told(ground, shared, order, clock, uncut=bound_strength >= 1)


def _told(
    ground: Ground, shared: Shared, order: Longs, clock: Clock, *, uncut: bool
) -> SectorOutcome:
    away = deviation_of(ground.load, shared.sector, ground.k)
    pieces = excess_pieces(ground.links, shared.sector)
    given, locks = np.empty((2, len(order)), np.int64)
    given[order], locks[order] = shared.sector, ground.locks
    splits = splits_of(ground.group, shared.sector, ground.k)
    ending, note = _ending(ground, shared, away, pieces)
    bounds = len(np.unique(ground.group))
    cut = CUT_NEEDED if bounds < ground.k else CUT
    said = [note, cut if splits else UNCUT if bounds < len(ground.group) and uncut else ""]
    labels = canonical(given, locks, ground.k)
    return _outcome(labels, (away, ending), clock, (pieces, splits, " ".join(filter(None, said))))


def _ending(ground: Ground, shared: Shared, away: float, pieces: int) -> tuple[Ending, str]:
    """Say what is proved: nothing is called optimal or impossible that is not."""
    if pieces:
        barred = shared.proved or not can_hold(ground)
        apart = BARRED if (ground.locks >= 0).any() else LOOSE
        return (Ending.IMPOSSIBLE, BROKEN) if barred else (Ending.TIME_UP, apart)
    if shared.proved or away <= least_deviation(ground) + EPS:
        return Ending.OPTIMAL, PROVED
    if away <= ground.tolerance:
        return Ending.WITHIN_GAP, CLOSE
    return Ending.TIME_UP, OPEN


def canonical(sector: Longs, locks: Longs, k: int) -> Longs:
    """Return `sector` [units] renumbered by first unit, the labels of `locks` [units] kept."""
    kept = {int(s) for s in locks if s >= 0}
    free = iter(s for s in range(k) if s not in kept)
    new = {s: s for s in kept}
    for s in sector.tolist():
        if s not in new:
            new[s] = next(free)
    return np.array([new[s] for s in sector.tolist()], np.int64)


def _outcome(
    sector: Longs, end: tuple[float, Ending], clock: Clock, said: tuple[int, int, str]
) -> SectorOutcome:
    sector.flags.writeable = False
    return SectorOutcome(sector, *end, clock.spent_s, said[0], said[1], said[2])
