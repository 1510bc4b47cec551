"""Stops tied to the streets of a network, like any other point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from territory.model.tables import NODES, conform
from territory.network.pace import USUAL, Pace
from territory.network.times import walk_times
from territory.network.transit_rides import CHANGE_S
from territory.network.walk import build_walk

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from territory.model.heights import HeightGrid
    from territory.network.graph import WalkGraph
    from territory.network.walk import WalkNetwork

STOP = "s:"
_CHANGE = ("tail", "head", "walk_s")


def with_stops(  # noqa: PLR0913 - the streets, what is tied to them, and how one walks
    network: WalkNetwork,
    segments: gpd.GeoDataFrame,
    stops: gpd.GeoDataFrame,
    *,
    pace: Pace = USUAL,
    heights: HeightGrid | None = None,
    avoid: BaseGeometry | None = None,
    snap_max_m: float = 250.0,
    join_gaps_m: float = 0.0,
) -> WalkNetwork:
    """
    Return the network of `segments` with the points of `network`, and `stops` named « s: » + id.

    `segments` (tables.SEGMENTS) are those `network` was built of; all in one metric CRS (metres);
    the other arguments are those of `build_walk`. Raises BrokenTable as it does.
    """
    graph, streets = network.graph, len(network.component)
    spots = pd.DataFrame({"osm_id": -1, "x": graph.x[:streets], "y": graph.y[:streets]})
    tied = network.points[network.points["node"] >= 0]
    at = tied["node"].to_numpy()
    doors = gpd.GeoSeries(
        shapely.points(np.column_stack([graph.x[at], graph.y[at]])), tied.index, crs=segments.crs
    )
    named = stops.geometry.set_axis([f"{STOP}{i}" for i in stops.index])
    points = pd.concat([part for part in (doors, named) if len(part)])
    return build_walk(
        segments,
        conform(spots, NODES),
        gpd.GeoDataFrame(geometry=points.rename_axis("point_id"), crs=segments.crs),
        pace=pace,
        heights=heights,
        avoid=avoid,
        snap_max_m=snap_max_m,
        join_gaps_m=join_gaps_m,
    )


def stop_nodes(network: WalkNetwork, stops: pd.DataFrame) -> pd.DataFrame:
    """Return name and node (-1: tied to no street) of each of `stops`, tied by `with_stops`."""
    nodes = network.points["node"].reindex([f"{STOP}{i}" for i in stops.index]).fillna(-1)
    data = {"name": stops["name"].array, "node": nodes.to_numpy(np.int32)}
    return pd.DataFrame(data, index=stops.index)


def stop_changes(
    graph: WalkGraph, stops: pd.DataFrame, transfers: pd.DataFrame | None = None
) -> pd.DataFrame:
    """
    Return the changes on foot within CHANGE_S: tail, head (positions in `stops`), walk_s.

    `stops` keep the nodes they have in `graph`; what `transfers` (TRANSFERS) tell is there too, the
    shorter of both. Sorted.
    """
    tied = np.flatnonzero(stops["node"].to_numpy() >= 0)
    nodes = stops["node"].to_numpy(np.int64)[tied]
    walk_s = walk_times(graph, nodes, nodes, limit_s=CHANGE_S)
    tail, head = np.nonzero(np.isfinite(walk_s))
    parts = [(tied[tail], tied[head], walk_s[tail, head].astype(float))]
    if transfers is not None and len(transfers):
        ends = (stops.index.get_indexer(transfers[c]) for c in ("from_stop", "to_stop"))
        parts.append((*ends, transfers["walk_s"].to_numpy(float)))
    columns = {c: np.concatenate([p[k] for p in parts]) for k, c in enumerate(_CHANGE)}
    table = pd.DataFrame(columns)
    known = (table["tail"] >= 0) & (table["head"] >= 0) & (table["tail"] != table["head"])
    return table[known].groupby(["tail", "head"])["walk_s"].min().reset_index()
