"""Compile every kernel that the commands use once, so that no user waits for it later."""

from __future__ import annotations

import numpy as np

from territory.network.flow import walk_flows
from territory.network.graph import WalkGraph
from territory.network.hierarchy.build import hierarchy_of, shape_of
from territory.network.hierarchy.sweep import nearest, times_between
from territory.network.hierarchy.unpacking import walks_between


def warm() -> None:
    """Ask everything of a small grid: what is compiled is kept on disk by numba."""
    side = 12  # large enough for a cut by flows
    cell = np.arange(side * side).reshape(side, side)
    tail = np.r_[cell[:, :-1].ravel(), cell[:-1].ravel()]
    head = np.r_[cell[:, 1:].ravel(), cell[1:].ravel()]
    graph = WalkGraph.from_edges(
        tail, head, np.ones(len(tail)), cell.ravel() % side, cell.ravel() // side
    )
    hierarchy = hierarchy_of(graph, shape_of(graph))
    some = np.arange(4, dtype=np.int32)
    times_between(hierarchy, some, some)
    nearest(hierarchy, some)
    walks_between(hierarchy, some, some)
    walk_flows(graph, some, some, np.ones((4, 4)))


if __name__ == "__main__":
    warm()
