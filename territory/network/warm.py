"""Compile every kernel that the commands use once, so that no user waits for it later."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.network.flow import walk_flows
from territory.network.graph import WalkGraph
from territory.network.hierarchy.build import hierarchy_of, shape_of
from territory.network.hierarchy.sweep import nearest, times_between
from territory.network.hierarchy.unpacking import walks_between

if TYPE_CHECKING:
    from numpy.typing import NDArray


def warm() -> None:
    """Ask everything of a small grid: what is compiled is kept on disk by numba."""
    graph, some = _grid(), np.arange(4, dtype=np.int32)
    warm_engine(graph, some)
    walk_flows(graph, some, some, np.ones((4, 4)))


def warm_engine(graph: WalkGraph, nodes: NDArray[np.int32]) -> None:
    """Ask the hierarchy all it answers about `nodes` [k] of `graph`."""
    hierarchy = hierarchy_of(graph, shape_of(graph))
    times_between(hierarchy, nodes, nodes)
    nearest(hierarchy, nodes)
    walks_between(hierarchy, nodes, nodes)


def _grid() -> WalkGraph:
    side = 12  # large enough for a cut by flows
    cell = np.arange(side * side).reshape(side, side)
    tail = np.r_[cell[:, :-1].ravel(), cell[:-1].ravel()]
    head = np.r_[cell[:, 1:].ravel(), cell[1:].ravel()]
    x, y = cell.ravel() % side, cell.ravel() // side
    return WalkGraph.from_edges(tail, head, np.ones(len(tail)), x, y)
