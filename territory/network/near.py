"""Walks between many points of a network within a limit, tile by tile: memory for pairs alone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.model.walks import Walks, from_pairs
from territory.network.tiles import TILE_NODES, cut, near_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from territory.network.tiles import Tile
    from territory.network.walk import WalkNetwork

    Pairs = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]
    Each = Callable[[Callable[[Tile], Pairs], Iterable[Tile]], Iterable[Pairs]]  # as `map`


def near_walks(
    network: WalkNetwork,
    origins: Sequence[str],
    destinations: Sequence[str],
    *,
    limit_min: float,
    tiles: int | None = None,
    each: Each = map,
) -> Walks:
    """
    Return the walks of `limit_min` minutes at most between points of the network, float32.

    The same minutes as `minutes_between`, whatever the number of `tiles` (None: by the size of the
    network). `each` runs the tiles, in any order: `map`, or that of a pool. Points unknown or tied
    to no street are out of reach.
    """
    starts, ends = pd.Index(list(origins)), pd.Index(list(destinations))
    start_node, end_node = (_nodes_of(network, names) for names in (starts, ends))
    known = start_node[start_node >= 0]
    wanted = -(-network.graph.n // TILE_NODES) if tiles is None else tiles
    parts = each(
        partial(near_pairs, ends=np.unique(end_node[end_node >= 0])),
        cut(network.graph, known, wanted, limit_min * 60),
    )
    found = [part for part in parts if len(part[0])]
    if not found:
        return from_pairs(starts, ends, *(np.zeros(0, np.int32),) * 2, np.zeros(0, np.float32))
    origin, end, seconds = (np.concatenate(part) for part in zip(*found, strict=True))
    pair, row = _copies(origin, start_node)
    again, column = _copies(end[pair], end_node)
    return from_pairs(starts, ends, row[again], column, seconds[pair][again] / 60)


def _nodes_of(network: WalkNetwork, names: pd.Index) -> NDArray[np.int32]:
    nodes: NDArray[np.int32] = network.points["node"].reindex(names).fillna(-1).to_numpy(np.int32)
    return nodes


def _copies(
    nodes: NDArray[np.int32], node_of: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (position in `nodes`, point) for each of the points that stand at each node."""
    order = np.argsort(node_of, kind="stable")
    first = np.searchsorted(node_of[order], nodes, side="left")
    many = np.searchsorted(node_of[order], nodes, side="right") - first
    begins = np.cumsum(many) - many
    pair = np.repeat(np.arange(len(nodes)), many)
    within = np.arange(len(pair)) - begins[pair]
    return pair, order[first[pair] + within]
