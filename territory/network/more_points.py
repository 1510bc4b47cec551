"""More points to walk from and to, tied to a network that is already built."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.network.graph import WalkGraph
from territory.network.snap import CONNECTOR, attach
from territory.network.walk import repaced

if TYPE_CHECKING:
    import geopandas as gpd

    from territory.network.pace import Pace
    from territory.network.walk import WalkNetwork

_FLAT = {"one_way": 0, "slope_forth": 1.0, "slope_back": 1.0, "avoided": 0.0}


def with_points(
    network: WalkNetwork, points: gpd.GeoDataFrame, *, pace: Pace, snap_max_m: float
) -> WalkNetwork:
    """
    Return the network with `points` (index point_id, metric CRS of the network) tied to it as well.

    As `build_walk` ties its own: on the main piece, within `snap_max_m` metres, node -1 beyond. The
    points already there keep their node and their walks. `pace` is the one of the network. Raises
    ValueError when a point_id is there already.
    """
    if not len(points):
        return network
    edges, graph = network.edges, network.graph
    pieces = np.zeros(graph.n, np.int32)  # feet lie on the main piece
    pieces[: len(network.component)] = network.component
    pieces[edges.loc[edges["kind"] == CONNECTOR, "tail"].to_numpy(np.int64)] = -1  # doors
    xy = np.column_stack([graph.x, graph.y])
    placed = points.sort_index().set_crs(edges.crs)
    edges, xy, tied = attach(edges, xy, pieces, placed, snap_max_m)
    edges = edges.fillna(_FLAT)
    known = pd.concat([network.points, tied], verify_integrity=True)
    bare = WalkGraph.from_edges([], [], [], xy[:, 0], xy[:, 1])
    wider = replace(network, graph=bare, edges=edges, points=known.rename_axis("point_id"))
    return repaced(wider, pace)
