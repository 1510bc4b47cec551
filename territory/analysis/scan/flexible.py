"""The flexible scan of Tango and Takahashi (2005): windows of any connected shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.scan.poisson import Cluster, checked_counts, clusters_among
from territory.analysis.scan.windows import Windows
from territory.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

MOST_NEAREST = 15  # 2^14 sets a centre at most


def flexible_scan(  # noqa: PLR0913 - the arguments of poisson_scan, and who touches whom
    cases: ArrayLike,
    exposure: ArrayLike,
    distances: ArrayLike,
    adjacency: ArrayLike,
    *,
    nearest: int = 10,
    rates: str = "high",
    simulations: int = 999,
    seed: int = 0,
) -> tuple[Cluster, ...]:
    """
    Return the clusters of any connected shape, most likely first, sharing no place.

    As `poisson_scan`, but a window is any set of the `nearest` places of a centre (itself
    included, places as far in the order of their rows) that holds it and hangs together by
    `adjacency` [n, n], True where two places touch. Source: Tango and Takahashi 2005. Raises
    WrongUsage as `poisson_scan`, when the squares do not fit, and beyond 15 nearest places.
    """
    counts, people = checked_counts(cases, exposure, rates, simulations)
    n = len(counts)
    square = np.asarray(distances, float).reshape(-1, n) if n else np.zeros((0, 0))
    touching = np.asarray(adjacency, bool).reshape(-1, n) if n else np.zeros((0, 0), bool)
    if square.shape != (n, n) or touching.shape != (n, n):
        raise WrongUsage(f"Distances et voisinage doivent être des carrés de {n} lieux.")
    if not 1 <= nearest <= MOST_NEAREST:
        raise WrongUsage(f"Une fenêtre souple tient 1 à {MOST_NEAREST} lieux.")
    windows = _connected_windows(square, touching | touching.T, min(nearest, n))
    return clusters_among(windows, counts, people, rates, simulations=simulations, seed=seed)


def _connected_windows(
    square: NDArray[np.float64], touching: NDArray[np.bool_], nearest: int
) -> Windows:
    """Return each connected set once, as a row that may end at its last place only."""
    sets: dict[tuple[int, ...], None] = {}
    for centre, row in enumerate(square):
        reached = np.flatnonzero(np.isfinite(row))
        around = reached[np.argsort(row[reached], kind="stable")][:nearest]
        if centre in around:
            sets.update(dict.fromkeys(_connected(centre, set(map(int, around)), touching)))
    sizes = np.array([len(s) for s in sets], np.int32)
    order = np.zeros((len(sets), nearest), np.int32)
    closes = np.zeros(order.shape, bool)
    for i, members in enumerate(sets):
        order[i, : len(members)] = members
        closes[i, len(members) - 1] = True
    return Windows(order, sizes, closes)


def _connected(
    centre: int, around: set[int], touching: NDArray[np.bool_]
) -> Iterator[tuple[int, ...]]:
    """Yield, sorted, every connected set of `around` that holds `centre`, once."""
    beside = {a: {b for b in around if touching[a, b] and a != b} for a in around}
    waiting: list[tuple[set[int], set[int]]] = [({centre}, set())]
    while waiting:
        members, barred = waiting.pop()
        yield tuple(sorted(members))
        border = set().union(*(beside[m] for m in members)) - members - barred
        for place in sorted(border):
            waiting.append((members | {place}, set(barred)))
            barred.add(place)
