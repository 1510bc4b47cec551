"""Small gaps between pieces of the street network: joined only when asked, and listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from territory.network.graph import WalkGraph, components

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COLUMNS = ("tail", "head", "x", "y", "to_x", "to_y", "gap_m", "joined_nodes")


def join_gaps(
    edges: pd.DataFrame, xy: NDArray[np.float64], gap_max_m: float
) -> tuple[pd.DataFrame, NDArray[np.int32]]:
    """
    Return the straight links that tie other pieces to the largest, and each node's piece after.

    `xy` [n, 2] metres. One link per piece, the shortest, when it is at most `gap_max_m`; pieces are
    taken from the largest down, so that a joined piece may carry the next.
    """
    labels = _labels(edges, len(xy))
    if gap_max_m <= 0 or not len(xy):
        return pd.DataFrame(columns=list(_COLUMNS)).astype(float), labels
    joined, links = labels == 0, []
    for piece in range(1, int(labels.max()) + 1):
        members = np.flatnonzero(labels == piece)
        main = np.flatnonzero(joined)
        gaps, nearest = KDTree(xy[main]).query(xy[members])
        best = int(np.argmin(gaps))
        if gaps[best] <= gap_max_m:
            a, b = int(members[best]), int(main[nearest[best]])
            links.append((a, b, *xy[a], *xy[b], float(gaps[best]), len(members)))
            joined[members] = True
    after = labels.copy()
    after[joined] = 0
    return pd.DataFrame(links, columns=list(_COLUMNS)), after


def _labels(edges: pd.DataFrame, n: int) -> NDArray[np.int32]:
    ones, zeros = np.ones(len(edges)), np.zeros(n)
    return components(WalkGraph.from_edges(edges["tail"], edges["head"], ones, zeros, zeros))
