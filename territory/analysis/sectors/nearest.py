"""The shortest links that make one ground of several parts."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from scipy.spatial import Delaunay

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Parts = NDArray[np.integer[Any]]

_FAR = 4.0  # corners stand so many times the width of the ground away from its middle
_CORNERS = np.array([(-1.0, -1.0), (1.0, -1.0), (0.0, 1.0)])


def nearest_links(
    points: Reals, links: sp.csr_matrix, minutes: Reals | None
) -> list[tuple[int, int]]:
    """
    Return the shortest pairs that join the parts of `links`, one fewer than parts (Prim 1957).

    `points` [units, 2] metres; with `minutes` [units, units], shortest in minutes. Of pairs as
    short, the first by the unit already joined, then by the other.
    """
    part = sp.csgraph.connected_components(links, directed=False)[1]
    if not part.any():
        return []
    return _by_metres(points, part) if minutes is None else _by_minutes(minutes, part)


def _by_minutes(minutes: Reals, part: Parts) -> list[tuple[int, int]]:
    """Grow from the first part: each unit outside remembers the nearest one inside."""
    n = len(part)
    pairs: list[tuple[int, int]] = []
    done = np.zeros(n, bool)
    near, best = np.full(n, n), np.full(n, np.inf)
    new = np.flatnonzero(part == part[0])
    while True:
        done[new] = True
        table = minutes[new]
        first = table.argmin(axis=0)
        least, which = table[first, np.arange(n)], new[first]
        closer = (least < best) | ((least == best) & (which < near))
        near, best = np.where(closer, which, near), np.where(closer, least, best)
        out = np.flatnonzero(~done)
        if not len(out):
            return pairs
        tied = out[best[out] == best[out].min()]
        there = tied[near[tied].argmin()]
        pairs.append((int(near[there]), int(there)))
        new = np.flatnonzero(part == part[there])


def _by_metres(points: Reals, part: Parts) -> list[tuple[int, int]]:
    """Grow from the first part along the sides of a triangulation: it holds every shortest tree."""
    here, there = _sides(points)
    apart = part[here] != part[there]
    here, there = here[apart], there[apart]
    away = ((points[here] - points[there]) ** 2).sum(axis=1)
    order = np.argsort(part[here], kind="stable")
    begins = np.searchsorted(part[here[order]], np.arange(part.max() + 2))
    ways = list(zip(away[order].tolist(), here[order].tolist(), there[order].tolist(), strict=True))
    of = part.tolist()
    waiting, done = ways[begins[of[0]] : begins[of[0] + 1]], {of[0]}
    pairs: list[tuple[int, int]] = []
    heapify(waiting)
    while waiting:
        _, a, b = heappop(waiting)
        new = of[b]
        if new in done:
            continue
        pairs.append((a, b))
        done.add(new)
        for way in ways[begins[new] : begins[new + 1]]:
            heappush(waiting, way)
    return pairs


def _sides(points: Reals) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Return the pairs of units joined by a side of a Delaunay triangulation, both ways.

    A link of a shortest tree has nobody in the circle it crosses, so it is a side of any of them
    (Toussaint 1980). Units at one spot are all joined. Three corners far away, then left out,
    make triangles of points in a row too.
    """
    spots, spot = np.unique(points, axis=0, return_inverse=True)
    n, middle = len(spots), (spots.max(axis=0) + spots.min(axis=0)) / 2
    wide = float(np.ptp(spots, axis=0).max()) or 1.0
    found = Delaunay(np.concatenate([spots - middle, _FAR * wide * _CORNERS]))
    sides = np.concatenate([
        found.simplices[:, [0, 1]], found.simplices[:, [1, 2]], found.simplices[:, [2, 0]],
        found.coplanar[:, [0, 2]],  # so near another that no triangle tells them apart
        np.column_stack([np.arange(n)] * 2),
    ])  # fmt: skip
    a, b = sides[(sides < n).all(axis=1)].T
    met = sp.csr_array((np.ones(len(a), bool), (a, b)), shape=(n, n))
    stands = sp.csr_array((np.ones(len(spot), bool), (np.arange(len(spot)), spot.ravel())))
    joined = (stands @ (met + met.T) @ stands.T).tocoo()
    return joined.row.astype(np.int64), joined.col.astype(np.int64)
