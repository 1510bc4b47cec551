"""Small gaps between pieces of the street network: joined only when asked, and listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy
from scipy import sparse
from scipy.sparse import csgraph

from territory.network.graph import FLOOR_S, WalkGraph, components

if TYPE_CHECKING:
    from numpy.typing import NDArray

JOIN = "jonction"
_DTYPES = {
    "tail": "int32", "head": "int32", "x": "float64", "y": "float64", "to_x": "float64",
    "to_y": "float64", "gap_m": "float64", "joined_nodes": "int64",
}  # fmt: skip


def join_gaps(
    edges: pd.DataFrame, xy: NDArray[np.float64], gap_max_m: float
) -> tuple[pd.DataFrame, NDArray[np.int32]]:
    """
    Return the straight links that tie other pieces to the largest, and each node's piece after.

    `edges` has tail and head; `xy` [n, 2] are metres (metric CRS), `gap_max_m` metres, 0 = no link.
    Links run between nodes; a piece may be reached through another, and of all ways to join the
    pieces the shortest in all is taken (a minimum spanning tree, by scipy). Links: tail (in the
    joined piece), head, x, y, to_x, to_y, gap_m, joined_nodes. Pieces: int32 [n], 0 the largest.
    Raises WrongUsage when an edge names a node beyond `xy`.
    """
    labels = _labels(edges, len(xy))
    if gap_max_m <= 0 or not (labels > 0).any():
        return _links([]), labels
    gaps = _smallest_gaps(labels, xy, gap_max_m)
    links, joined = _tree(gaps, labels, xy)
    after = np.where(np.isin(labels, joined), 0, labels)
    return links, np.unique(after, return_inverse=True)[1].astype(np.int32)


def _smallest_gaps(
    labels: NDArray[np.int32], xy: NDArray[np.float64], gap_max_m: float
) -> pd.DataFrame:
    """Return the closest two nodes (a, b) of every two pieces (low < high) near enough."""
    small = np.flatnonzero(labels > 0)
    tree = scipy.spatial.KDTree  # read only where there are gaps
    near = tree(xy[small]).query_ball_tree(tree(xy), gap_max_m)
    a = np.repeat(small, [len(n) for n in near])
    b = np.concatenate([np.asarray(n, np.int64) for n in near])
    a, b = a[labels[b] < labels[a]], b[labels[b] < labels[a]]
    pairs = pd.DataFrame({"high": labels[a], "low": labels[b], "a": a, "b": b})
    pairs["gap_m"] = np.hypot(*(xy[a] - xy[b]).T)
    return pairs.sort_values(["gap_m", "a", "b"]).drop_duplicates(["high", "low"])


def _tree(
    gaps: pd.DataFrame, labels: NDArray[np.int32], xy: NDArray[np.float64]
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return one link per piece that the largest can reach, and those pieces."""
    count = int(labels.max()) + 1
    high, low = gaps["high"].to_numpy(), gaps["low"].to_numpy()
    cost = np.maximum(gaps["gap_m"].to_numpy(), FLOOR_S)
    tree = csgraph.minimum_spanning_tree(
        sparse.csr_array((cost, (high, low)), shape=(count, count))
    )
    order, before = csgraph.breadth_first_order(tree, 0, directed=False)
    nodes = gaps.set_index(["high", "low"])
    rows = [
        _link(nodes.loc[max(p, q), min(p, q)], labels, p, xy)
        for p, q in ((int(p), int(before[p])) for p in np.sort(order[1:]))
    ]
    return _links(rows), order[1:].astype(np.int64)


def _link(
    gap: pd.Series, labels: NDArray[np.int32], piece: int, xy: NDArray[np.float64]
) -> tuple[float, ...]:
    a, b = int(gap["a"]), int(gap["b"])
    tail, head = (a, b) if labels[a] == piece else (b, a)
    return (tail, head, *xy[tail], *xy[head], float(gap["gap_m"]), int((labels == piece).sum()))


def _links(rows: list[tuple[float, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(_DTYPES)).astype(_DTYPES)


def _labels(edges: pd.DataFrame, n: int) -> NDArray[np.int32]:
    ones, zeros = np.ones(len(edges)), np.zeros(n)
    return components(WalkGraph.from_edges(edges["tail"], edges["head"], ones, zeros, zeros))
