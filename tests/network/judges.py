"""Graphs of every awkward kind, and slow obvious judges of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csgraph

from territory.network.graph import WalkGraph

if TYPE_CHECKING:
    from numpy.typing import NDArray


def random_graph(seed: int) -> WalkGraph:
    """
    A small graph of one of eight kinds: a grid, a tree, a heap of anything, islands, zero weights,
    parallel edges and loops, all nodes at one spot, one node.
    """
    draw = np.random.default_rng(seed)
    kind, n = seed % 8, int(draw.integers(2, 60))
    if kind == 7:
        return WalkGraph.from_edges([], [], [], [0.0], [0.0])
    tail, head = _ends(kind, n, draw)
    seconds = draw.choice([0.0, 1.0, 2.5, 60.0, *draw.uniform(0, 600, 8)], len(tail))
    seconds = np.zeros(len(tail)) if kind == 4 else seconds
    x, y = draw.uniform(0, 1000, (2, n))
    return WalkGraph.from_edges(tail, head, seconds, x * (kind != 6), y * (kind != 6))


def _ends(kind: int, n: int, draw: np.random.Generator) -> tuple[NDArray, NDArray]:
    if kind == 0:
        side = int(np.sqrt(n))
        cell = np.arange(side * side).reshape(side, side)
        across = np.stack([cell[:, :-1].ravel(), cell[:, 1:].ravel()])
        down = np.stack([cell[:-1].ravel(), cell[1:].ravel()])
        return tuple(np.concatenate([across, down], axis=1))
    if kind == 1:
        head = np.arange(1, n)
        return np.array([draw.integers(0, h) for h in head], int), head
    many = int(draw.integers(0, 4 * n)) if kind != 3 else n // 2
    tail, head = draw.integers(0, n, (2, many))
    if kind == 5:
        loops = np.arange(n)
        return np.concatenate([tail, tail, head, loops]), np.concatenate([head, head, tail, loops])
    return tail, head


def judged(graph: WalkGraph) -> NDArray[np.float64]:
    """Return all times of a graph by scipy."""
    times: NDArray[np.float64] = csgraph.dijkstra(graph.matrix, directed=graph.directed)
    return times
