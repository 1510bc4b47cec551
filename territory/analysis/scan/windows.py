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

_NOBODY = (np.zeros(0, np.int32), np.zeros(0, bool))
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
    ceiling = max_share * weight.sum() * (1 + 1e-12)
    return _packed(
        [_around(*walks.around(k), kept, weight, limit, ceiling) if may else _NOBODY
         for k, may in enumerate(kept)]
    )  # fmt: skip


def _around(
    places: NDArray[np.int32], distances: Row, kept: Mask, weight: Row, limit: float, ceiling: float
) -> tuple[NDArray[np.int32], Mask]:
    """Return who is within reach, nearest first, as far as `ceiling`, and where windows may end."""
    may = np.flatnonzero((distances <= limit) & kept[places])
    may = may[np.argsort(distances[may], kind="stable")]  # those as far keep their order
    near = places[may]
    held = int(np.searchsorted(np.cumsum(weight[near]), ceiling, side="right"))
    ends = np.ones(len(near), bool)
    ends[:-1] = np.diff(distances[may]) > _SAME
    return near[:held], ends[:held]


def _packed(windows: list[tuple[NDArray[np.int32], Mask]]) -> Windows:
    sizes = np.array([len(row) for row, _ in windows], np.int32)
    shape = len(windows), int(sizes.max(initial=0))
    order, closes = np.zeros(shape, np.int32), np.zeros(shape, bool)
    for centre, (row, ends) in enumerate(windows):
        order[centre, : len(row)] = row
        closes[centre, : len(row)] = ends
    return Windows(order, sizes, closes)
