"""Windows of a scan: around each place, its nearest ones, one more at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.errors import WrongUsage
from territory.model.walks import Walks, square_walks

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Row = NDArray[np.float64]
    Mask = NDArray[np.bool_]

_TOGETHER = 2048  # rows added up at once: memory stays that of so many
_SAME = 1e-9  # two distances that differ by less are one: places as far enter together


@dataclass(frozen=True, slots=True)
class Windows:
    """
    Nested windows around each of n places.

    `order` [n, K] are positions, nearest first; the first `sizes` [n] of a row are used. A window
    may end where `closes` [n, K] is True: places as far as one another enter together.
    """

    order: NDArray[np.int32]
    sizes: NDArray[np.int32]
    closes: NDArray[np.bool_]

    def members(self, centre: int, rank: int) -> NDArray[np.int32]:
        """Return the positions [k] of the window around `centre` whose last rank is `rank`."""
        return self.order[centre, : rank + 1]

    def within(self) -> NDArray[np.bool_]:
        """Return [n, K], True where `order` is used."""
        used: NDArray[np.bool_] = np.arange(self.order.shape[1]) < self.sizes[:, None]
        return used


def nearest_windows(
    distances: ArrayLike | Walks,
    exposure: ArrayLike,
    *,
    eligible: ArrayLike | None = None,
    limit: float = np.inf,
    max_share: float = 0.5,
) -> Windows:
    """
    Return the windows around each eligible place, in any unit of distance.

    `distances` [n, n] from row to column, inf or NaN = out of reach, or walks; `exposure` [n] is
    what a window may not hold more of than `max_share` of the whole; `eligible` [n] (default all)
    are the only places that centre or enter a window; `limit` is the largest distance. Raises
    WrongUsage when the shapes do not agree, exposures are not finite and >= 0, or `max_share` is
    not in ]0, 1].
    """
    weight = np.asarray(exposure, float).ravel()
    n = len(weight)
    walks = square_walks(distances, n)
    if not np.isfinite(weight).all() or (weight < 0).any():
        raise WrongUsage("Une exposition est négative ou inconnue.")
    if not 0 < max_share <= 1:
        raise WrongUsage("La part d'une fenêtre doit être entre 0 et 1.")
    kept = np.ones(n, bool) if eligible is None else np.asarray(eligible, bool).ravel()
    if kept.shape != (n,):
        raise WrongUsage(f"{len(kept)} lieux permis ou non pour {n} lieux.")
    return _packed(walks, kept, weight, limit, max_share * weight.sum() * (1 + 1e-12))


def _packed(walks: Walks, kept: Mask, weight: Row, limit: float, ceiling: float) -> Windows:
    """Return who is within reach, nearest first, as far as `ceiling`, and where windows may end."""
    row, place, distance = walks.row, walks.column, walks.minutes.astype(float)
    may = (distance <= limit) & kept[row] & kept[place]
    row, place, distance = row[may], place[may], distance[may]
    nearest = np.lexsort((distance, row))  # those as far keep their order
    row, place, distance = row[nearest], place[nearest], distance[nearest]
    ends = np.ones(len(row), bool)
    ends[:-1] = (np.diff(distance) > _SAME) | (np.diff(row) > 0)
    begins = np.searchsorted(row, np.arange(len(kept) + 1))
    sizes = _held(weight[place], begins, ceiling)
    rank = np.arange(len(row)) - begins[row]
    used = rank < sizes[row]
    shape = len(kept), int(sizes.max(initial=0))
    order, closes = np.zeros(shape, np.int32), np.zeros(shape, bool)
    order[row[used], rank[used]] = place[used]
    closes[row[used], rank[used]] = ends[used]
    return Windows(order, sizes, closes)


def _held(weight: Row, begins: NDArray[np.int64], ceiling: float) -> NDArray[np.int32]:
    """Return how many places [n] a window holds, its nearest first, before `ceiling` is passed."""
    counts = np.diff(begins)
    sizes = np.zeros(len(counts), np.int32)
    for first in range(0, len(counts), _TOGETHER):
        own = slice(first, first + _TOGETHER)
        used = np.arange(counts[own].max(initial=0)) < counts[own, None]
        load = np.zeros(used.shape)
        load[used] = weight[begins[first] : begins[min(first + _TOGETHER, len(counts))]]
        sizes[own] = ((np.cumsum(load, axis=1) <= ceiling) & used).sum(axis=1)
    return sizes
