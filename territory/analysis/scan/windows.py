"""Windows of a scan: around each place, its nearest ones, one more at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.errors import WrongUsage

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Row = NDArray[np.float64]
    Mask = NDArray[np.bool_]

_NOBODY = (np.zeros(0, np.intp), np.zeros(0, bool))
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
    distances: ArrayLike,
    exposure: ArrayLike,
    *,
    eligible: ArrayLike | None = None,
    limit: float = np.inf,
    max_share: float = 0.5,
) -> Windows:
    """
    Return the windows around each eligible place, in any unit of distance.

    `distances` [n, n] from row to column, inf or NaN = out of reach; `exposure` [n] is what a
    window may not hold more of than `max_share` of the whole; `eligible` [n] (default all) are the
    only places that centre or enter a window; `limit` is the largest distance. Raises WrongUsage
    when the shapes do not agree, exposures are not finite and >= 0, or `max_share` is not in
    ]0, 1].
    """
    square = np.ascontiguousarray(distances, float)  # rows are read one by one
    weight = np.asarray(exposure, float).ravel()
    square = np.zeros((0, 0)) if square.size == 0 else np.atleast_2d(square)
    n = len(weight)
    if square.shape != (n, n):
        raise WrongUsage(f"Distances {square.shape} pour {n} lieux : il faut un carré.")
    if not np.isfinite(weight).all() or (weight < 0).any():
        raise WrongUsage("Une exposition est négative ou inconnue.")
    if not 0 < max_share <= 1:
        raise WrongUsage("La part d'une fenêtre doit être entre 0 et 1.")
    kept = np.ones(n, bool) if eligible is None else np.asarray(eligible, bool).ravel()
    if kept.shape != (n,):
        raise WrongUsage(f"{len(kept)} lieux permis ou non pour {n} lieux.")
    ceiling = max_share * weight.sum() * (1 + 1e-12)
    most = min(limit, np.finfo(float).max)  # what is out of reach stays so without any limit
    return _packed(
        [_around(row, kept, weight, most, ceiling) if may else _NOBODY
         for row, may in zip(square, kept, strict=True)]
    )  # fmt: skip


def _around(
    distances: Row, kept: Mask, weight: Row, limit: float, ceiling: float
) -> tuple[NDArray[np.intp], Mask]:
    """Return who is within reach, nearest first, as far as `ceiling`, and where windows may end."""
    near = np.flatnonzero(distances <= limit)
    near = near[kept[near]]
    near = near[np.argsort(distances[near], kind="stable")]  # those as far keep their order
    held = int(np.searchsorted(np.cumsum(weight[near]), ceiling, side="right"))
    ends = np.ones(len(near), bool)
    ends[:-1] = np.diff(distances[near]) > _SAME
    return near[:held], ends[:held]


def _packed(windows: list[tuple[NDArray[np.intp], Mask]]) -> Windows:
    sizes = np.array([len(row) for row, _ in windows], np.int32)
    shape = len(windows), int(sizes.max(initial=0))
    order, closes = np.zeros(shape, np.int32), np.zeros(shape, bool)
    for centre, (row, ends) in enumerate(windows):
        order[centre, : len(row)] = row
        closes[centre, : len(row)] = ends
    return Windows(order, sizes, closes)
