"""
A network too large for one search, cut in tiles that answer for their own origins alone.

Each origin belongs to one tile. A tile takes with it every crossroads within the limit of one of
its origins: a walk of at most that long never leaves it, so its answer is exact up to the border,
and tiles need nothing of one another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csgraph

from territory.errors import WrongUsage
from territory.network.graph import WalkGraph
from territory.network.times import known_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Ints = NDArray[np.int32]
    Pairs = tuple[Ints, Ints, NDArray[np.float32]]

TILE_NODES = 60_000  # of its own, beside its margin
_FIELD = 4_000_000  # origins times nodes searched together: 32 MB
NO_PAIR = (np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.float32))


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """
    The part of a graph that answers for `origins` [k], all within `limit_s` seconds.

    `graph` holds `nodes` [n] (ids in the whole, sorted) and every edge between them; `origins` are
    ids in the whole.
    """

    graph: WalkGraph
    nodes: Ints
    origins: Ints
    limit_s: float

    def positions(self, ids: NDArray[np.integer]) -> NDArray[np.int64]:
        """Return the position in this tile of nodes of the whole [k], -1 for those elsewhere."""
        at = np.minimum(np.searchsorted(self.nodes, ids), max(len(self.nodes) - 1, 0))
        found = self.nodes[at] == ids if len(self.nodes) else np.zeros(len(ids), bool)
        return np.where(found, at, -1)


def cut(
    graph: WalkGraph, origins: NDArray[np.integer], tiles: int, limit_s: float
) -> Iterator[Tile]:
    """
    Yield `tiles` tiles, or as many as there are distinct origins: equal shares, cut across.

    `origins` [k] are node ids of `graph` (repeats allowed); a tile answers within `limit_s` seconds
    (inf allowed). Each is made when it is asked for. Raises UnknownNode; WrongUsage for no tile at
    all or a limit below 0.
    """
    if tiles < 1:
        raise WrongUsage(f"Un réseau se coupe en une tuile au moins, pas en {tiles}.")
    if not limit_s >= 0:
        raise WrongUsage(f"Une durée de marche se donne en minutes, 0 ou plus : {limit_s / 60:g}.")
    own = np.unique(known_nodes(graph, origins))
    xy = np.column_stack([graph.x, graph.y])[own]
    for part in shares(xy, tiles):
        yield tile_around(graph, own[part], limit_s)


def shares(xy: NDArray[np.float64], parts: int) -> list[NDArray[np.int64]]:
    """
    Share points [k, 2] in `parts` of equal size (one more or less), by straight cuts.

    Return the positions of each part, in order; fewer parts when there are fewer points. The longer
    side is cut first, in proportion to the parts wanted on either hand (Bentley 1975).
    """
    waiting: list[tuple[NDArray[np.int64], int]] = [(np.arange(len(xy)), parts)]
    found = []
    while waiting:
        own, wanted = waiting.pop()
        if wanted <= 1 or len(own) <= 1:
            found += [np.sort(own)] if len(own) else []
            continue
        side = int(np.argmax(np.ptp(xy[own], axis=0)))
        order = own[np.lexsort((own, xy[own, 1 - side], xy[own, side]))]
        left = wanted // 2
        half = round(len(own) * left / wanted)
        waiting += [(order[half:], wanted - left), (order[:half], left)]
    return found


def tile_around(graph: WalkGraph, origins: NDArray[np.integer], limit_s: float) -> Tile:
    """
    Return the tile of `origins` [k], ids of `graph`: all that a walk of `limit_s` seconds sees.

    A walk that short from an origin is exact in it: whatever it passes is as near.
    """
    own = np.unique(known_nodes(graph, origins))
    seconds = csgraph.dijkstra(graph.matrix, indices=own, min_only=True, limit=limit_s)
    nodes = np.flatnonzero(np.isfinite(seconds)).astype(np.int32)
    inner = graph.matrix[nodes][:, nodes]
    part = WalkGraph(inner, graph.x[nodes], graph.y[nodes], graph.directed)
    return Tile(part, nodes, own, limit_s)


def near_pairs(tile: Tile, ends: NDArray[np.integer]) -> Pairs:
    """
    Return who is in reach of whom in one tile: origin, end (ids of the whole), seconds [pairs].

    `ends` are ids of the whole (those elsewhere are out of reach); pairs by origin, then end. A
    search from each origin: seconds are the same to the last bit in any tile that answers for it.
    """
    here = np.unique(np.asarray(ends, np.int32))
    here = here[tile.positions(here) >= 0]
    rows = max(1, _FIELD // max(tile.graph.n, 1))
    blocks = np.split(tile.origins, range(rows, len(tile.origins), rows)) if len(here) else []
    found = [NO_PAIR, *(_block(tile, block, here) for block in blocks if len(block))]
    origin, end, seconds = (np.concatenate(part) for part in zip(*found, strict=True))
    return origin, end, seconds


def _block(tile: Tile, origins: Ints, ends: Ints) -> Pairs:
    sources = tile.positions(origins)
    seconds = csgraph.dijkstra(tile.graph.matrix, indices=sources, limit=tile.limit_s)
    near = seconds[:, tile.positions(ends)]
    row, column = np.nonzero(np.isfinite(near))
    return origins[row], ends[column], near[row, column].astype(np.float32)
