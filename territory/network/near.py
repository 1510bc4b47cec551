"""Walks between many points of a network within a limit, tile by tile: memory for pairs alone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.model.walks import Walks, copies, from_pairs
from territory.network.tiles import NO_PAIR, TILE_NODES, cut, near_pairs
from territory.network.times import known_nodes
from territory.network.walk import nodes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from territory.network.graph import WalkGraph
    from territory.network.tiles import Pairs, Tile
    from territory.network.walk import WalkNetwork

    Each = Callable[[Callable[[Tile], Pairs], Iterable[Tile]], Iterable[Pairs]]  # as `map`
    Ints = NDArray[np.int32]


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

    The same to the last bit whatever the number of `tiles` (None: by the size of the network) and
    the order in which `each` runs them: `map`, or that of a pool. `minutes_between` says the same
    within a thousandth of a second, the precision of its hierarchy. Points unknown or tied to no
    street are out of reach; names may repeat. Raises UnknownNode; WrongUsage for no tile at all or
    a limit below 0.
    """
    starts, ends = pd.Index(list(origins)), pd.Index(list(destinations))
    start_at, end_at = (nodes_of(network, list(names)) for names in (origins, destinations))
    ask = partial(_pairs, tiles=tiles, limit_s=limit_min * 60, each=each)
    if len(_distinct(end_at)) < len(_distinct(start_at)):  # one search for each of the fewer
        column, row, seconds = ask(network.graph.turned, end_at, start_at)
    else:
        row, column, seconds = ask(network.graph, start_at, end_at)
    return from_pairs(starts, ends, row, column, seconds / 60)


def _pairs(
    graph: WalkGraph, froms: Ints, tos: Ints, *, tiles: int | None, limit_s: float, each: Each
) -> Pairs:
    """Return positions [pairs] among `froms` and `tos`, nodes where points stand, and seconds."""
    wanted = max(1, -(-graph.n // TILE_NODES)) if tiles is None else tiles
    near = partial(near_pairs, ends=known_nodes(graph, _distinct(tos)))
    parts = each(near, cut(graph, _distinct(froms), wanted, limit_s))
    named = [_named(part, froms, tos, graph.n) for part in parts]
    row, column, seconds = (np.concatenate(part) for part in zip(NO_PAIR, *named, strict=True))
    return row, column, seconds


def _named(pairs: Pairs, froms: Ints, tos: Ints, nodes: int) -> Pairs:
    """Return pairs of nodes as pairs of the points that stand there."""
    origin, end, seconds = pairs
    pair, row = copies(origin, froms, nodes)
    again, column = copies(end[pair], tos, nodes)
    return row[again], column, seconds[pair[again]]


def _distinct(nodes: Ints) -> Ints:
    return np.unique(nodes[nodes >= 0])
