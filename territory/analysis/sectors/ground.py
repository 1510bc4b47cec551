"""A ground made of what a caller gives: checked, in an order of its own, and what bounds it."""

from __future__ import annotations

from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from territory.analysis.sectors.bounds import groups
from territory.analysis.sectors.problem import (
    FREE,
    Ground,
    between,
    linked,
    locks_of,
    numbers,
    positive,
)
from territory.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

LIGHT = 1e-3  # of the mean load: an empty unit still belongs near its sector
WHOLE_MAX = 2.0**40


def ground_of(  # noqa: PLR0913 - what a caller may give
    load: ArrayLike,
    xy: tuple[ArrayLike, ArrayLike],
    adjacency: Any,  # noqa: ANN401 - three forms
    k: int,
    *,
    tolerance: float = 0.03,
    locked: Mapping[int, int] | ArrayLike | None = None,
    minutes: ArrayLike | None = None,
    bounds: Sequence[object] | ArrayLike | None = None,
) -> tuple[Ground, NDArray[np.int64]]:
    """
    Check what `balanced_sectors` is given; return the ground, and the order [units] of its units.

    Units are ordered by place, then load, so that the order they were given in changes nothing.
    `load` [units], `xy` two of [units] in metres. Raises WrongUsage for shapes that differ, numbers
    that are not, locks that do not exist.
    """
    loads = positive(load, "load")
    n = len(loads)
    points = np.column_stack([numbers(xy[0], "x", n), numbers(xy[1], "y", n)])
    _check(k, tolerance)
    near, locks, walks = linked(adjacency, n), locks_of(locked, n, k), between(minutes, n)
    order = np.lexsort((loads, points[:, 1], points[:, 0]))
    links = sp.csr_matrix(near[order][:, order])
    links.sort_indices()  # kernels see neighbours in this order
    loads, walks = loads[order], None if walks is None else walks[np.ix_(order, order)]
    weight = loads + LIGHT * (loads.mean() if n and loads.any() else 1.0)
    return Ground(
        loads, weight, points[order], walks, links, int(k), float(tolerance), locks[order],
        groups(bounds, n)[order],
    ), order  # fmt: skip


def _check(k: Any, tolerance: Any) -> None:  # noqa: ANN401 - anything may be given
    whole = isinstance(k, Integral) or (isinstance(k, Real) and float(k).is_integer())
    if not whole or k < 0:
        raise WrongUsage("Le nombre de secteurs doit être un entier positif.")
    if not isinstance(tolerance, Real) or not float(tolerance) >= 0:
        raise WrongUsage("La tolérance doit être un nombre positif, 0,03 pour 3 %.")


def possible(ground: Ground) -> bool:
    """Say whether every sector can have a unit and every unit a sector, given the locks."""
    used = len(np.unique(ground.locks[ground.locks >= 0]))
    free = int((ground.locks == FREE).sum())
    return len(ground.load) > 0 and 0 < ground.k <= used + free


def least_deviation(ground: Ground) -> float:
    """Return a deviation no sectors can be below: one heavy unit, or loads that are whole."""
    if not ground.load.any():
        return 0.0
    share, found = ground.share, float(ground.load.max()) / ground.share - 1.0
    whole = np.round(ground.load)
    if (whole == ground.load).all() and whole.max() < WHOLE_MAX:
        step = int(np.gcd.reduce(whole.astype(np.int64)))
        under = share % step
        found = max(found, max(under, step - under) / share if under else 0.0)
    return max(found, 0.0)
