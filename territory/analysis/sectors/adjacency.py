"""Neighbours along streets: units that touch, and between which one walks without a detour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from territory.analysis.sectors.nearest import nearest_links
from territory.analysis.sectors.problem import between, linked, numbers
from territory.errors import WrongUsage

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Pairs = NDArray[np.int64]

DETOUR = 2.0  # streets make a walk 1.3 times the straight line, rarely 1.6; barriers far more
NEAR_MIN = 6.0
METRES_A_MIN = 75.0


def walked_neighbours(  # noqa: PLR0913 - places, walks, then what a detour is
    x: ArrayLike,
    y: ArrayLike,
    touching: Any,  # noqa: ANN401 - sparse, dense or pairs
    minutes: Any,  # noqa: ANN401 - sparse or dense
    *,
    detour: float = DETOUR,
    near_min: float = NEAR_MIN,
    metres_a_min: float = METRES_A_MIN,
) -> Pairs:
    """
    Return the pairs [pairs, 2] of units that touch and between which no barrier stands.

    `x`, `y` [units] metres of where people are in each unit; `touching` sparse, dense or pairs;
    `minutes` [units, units] walks between them, dense (inf = out of reach) or sparse (absent = out
    of reach; the longer way where both are given). A river, a railway or a motorway stands between
    two units when the walk is longer than `detour` times the straight one at `metres_a_min`, and
    than `near_min` minutes. Pairs are sorted, each once. Raises WrongUsage for shapes that differ.
    """
    east = numbers(x, "x")
    north = numbers(y, "y", len(east))
    edges = sp.triu(linked(touching, len(east))).tocoo()
    a, b = edges.row.astype(np.int64), edges.col.astype(np.int64)
    walk = np.maximum(_walk(minutes, a, b, len(east)), _walk(minutes, b, a, len(east)))
    straight = np.hypot(east[a] - east[b], north[a] - north[b]) / metres_a_min
    kept = walk <= np.maximum(detour * straight, near_min)
    pairs = np.column_stack([a, b])[kept]
    return np.asarray(pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))])


def _walk(minutes: Any, a: Pairs, b: Pairs, n: int) -> NDArray[np.float64]:  # noqa: ANN401
    """Return the walks [pairs] from `a` to `b`; what is not said is out of reach."""
    table = minutes.tocsr() if sp.issparse(minutes) else np.asarray(minutes, float)
    if table.shape != (n, n):
        raise WrongUsage("« minutes » : un tableau carré, une ligne par unité, est attendu.")
    if not sp.issparse(minutes):
        return np.asarray(np.where(np.isnan(table[a, b]), np.inf, table[a, b]))
    found = np.asarray(table[a, b], float).ravel()
    return np.where(found > 0, found, np.inf)


def joined_parts(
    x: ArrayLike,
    y: ArrayLike,
    adjacency: Any,  # noqa: ANN401 - sparse, dense or pairs
    *,
    minutes: ArrayLike | None = None,
) -> Pairs:
    """
    Return the pairs [pairs, 2] to add so that every unit can be reached from every other.

    The fewest links, each the shortest between two parts: in `minutes` [units, units] when given,
    else in metres between `x`, `y` [units]. With them an islet of a few homes need not be a sector
    of its own. Raises WrongUsage for shapes that differ.
    """
    east = numbers(x, "x")
    n = len(east)
    points = np.column_stack([east, numbers(y, "y", n)])
    pairs = nearest_links(points, linked(adjacency, n), between(minutes, n))
    return np.array(sorted((min(p), max(p)) for p in pairs), np.int64).reshape(-1, 2)
