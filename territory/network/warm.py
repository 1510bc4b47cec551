"""Compile every kernel that the commands use once, so that no user waits for it later."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.network.flow import walk_flows
from territory.network.flow_gravity import gravity_flows
from territory.network.graph import WalkGraph
from territory.network.hierarchy.build import hierarchy_of, shape_of
from territory.network.hierarchy.sweep import nearest, times_between
from territory.network.hierarchy.unpacking import walks_between
from territory.network.transit_rides import Rides, links_of, ride_times
from territory.network.transit_runs import DayHops

if TYPE_CHECKING:
    from numpy.typing import NDArray


def warm() -> None:
    """Ask everything of a small grid: what is compiled is kept on disk by numba."""
    graph, some = _grid(), np.arange(4, dtype=np.int32)
    warm_engine(graph, some)
    walk_flows(graph, some, some, np.ones((4, 4)))
    gravity_flows(graph, (some, np.ones(4)), (some, np.ones(4)), decay_s=9.0, limit_s=9.0)
    warm_rides(graph)


def warm_engine(graph: WalkGraph, nodes: NDArray[np.int32]) -> None:
    """Ask the hierarchy all it answers about `nodes` [k] of `graph`."""
    hierarchy = hierarchy_of(graph, shape_of(graph))
    times_between(hierarchy, nodes, nodes)
    nearest(hierarchy, nodes)
    walks_between(hierarchy, nodes, nodes)


def warm_rides(graph: WalkGraph) -> None:
    """Ride between two stops of `graph` on one day."""
    on, hour, stop = date(2026, 6, 1), np.zeros(1), np.zeros(1, np.int32)
    runs = pd.DataFrame({"line": ["1"], "mode": ["bus"], "direction": ["B"]})
    yes, nothing = np.ones(1, np.bool_), np.empty(0, np.int64)
    hops = DayHops(hour, hour + 60, stop, stop + 1, stop, yes, yes, runs)
    stops = pd.DataFrame({"name": ["A", "B"], "node": [0, 1]})
    changes = links_of(nothing, nothing, nothing.astype(float), 2)
    rides = Rides({on: hops}, (), stops, graph, pd.Series(dtype="int64"), 2, changes)
    list(ride_times(rides, ["n:0", "n:1"], on, hour, 1.0))


def _grid() -> WalkGraph:
    side = 12  # large enough for a cut by flows
    cell = np.arange(side * side).reshape(side, side)
    tail = np.r_[cell[:, :-1].ravel(), cell[:-1].ravel()]
    head = np.r_[cell[:, 1:].ravel(), cell[1:].ravel()]
    x, y = cell.ravel() % side, cell.ravel() // side
    return WalkGraph.from_edges(tail, head, np.ones(len(tail)), x, y)
