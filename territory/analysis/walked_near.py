"""Metres and minutes on foot from points to the nearest quarter: to where a street enters it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from territory.network.graph import WalkGraph
from territory.network.times import nearest_times, walk_times

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from territory.network.walk import WalkNetwork


def metres_to_surface(
    network: WalkNetwork, points: Sequence[str], surface: BaseGeometry
) -> NDArray[np.float64]:
    """
    Return metres on foot [points] to `surface` (metric CRS of the network), 0 inside it.

    The walk ends where a street first enters the surface. NaN: the point is tied to no street, so
    its walk is unknown; inf: no way leads there.
    """
    nodes = network.points["node"].reindex(list(points)).fillna(-1).to_numpy(np.int64)
    metres = np.full(len(nodes), np.nan)
    tied = np.flatnonzero(nodes >= 0)
    graph, start = _from_surface(network, surface)
    metres[tied] = walk_times(graph, [start], nodes[tied])[0]
    return metres


def minutes_to_surface(
    network: WalkNetwork, points: Sequence[str], surface: BaseGeometry
) -> NDArray[np.float64]:
    """
    Return minutes on foot [points] to `surface` (metric CRS of the network), 0 inside it.

    As `metres_to_surface`, at the pace of the network: stairs, slopes and one-way streets weigh.
    """
    nodes = network.points["node"].reindex(list(points)).fillna(-1).to_numpy(np.int64)
    minutes = np.full(len(nodes), np.nan)
    tied = nodes >= 0
    graph, end = _into_surface(network, surface)
    minutes[tied] = nearest_times(graph, [end])[0][nodes[tied]] / 60
    return minutes


def _into_surface(network: WalkNetwork, surface: BaseGeometry) -> tuple[WalkGraph, int]:
    """Return the graph in seconds with one more node, that every way into the surface leads to."""
    edges, graph = network.edges, network.graph
    entered = _entered(edges, surface)
    lines, end = edges.geometry.to_numpy()[entered], graph.n
    sides = edges[["tail", "head"]].to_numpy()
    seconds = edges[["seconds", "seconds_back"]].to_numpy(float)
    ends, gaps = _entries(sides[entered], lines, surface)
    share = gaps / np.maximum(np.repeat(shapely.length(lines), 2), 1e-9)
    ways = np.where(share > 0, seconds[entered].ravel() * np.minimum(share, 1.0), 0.0)
    tail = np.concatenate([sides[:, 0], sides[:, 1], ends])
    head = np.concatenate([sides[:, 1], sides[:, 0], np.full(len(ends), end)])
    took = np.concatenate([seconds[:, 0], seconds[:, 1], ways])
    open_ = np.isfinite(took)
    x, y = np.append(graph.x, 0.0), np.append(graph.y, 0.0)
    return WalkGraph.from_edges(tail[open_], head[open_], took[open_], x, y, directed=True), end


def _from_surface(network: WalkNetwork, surface: BaseGeometry) -> tuple[WalkGraph, int]:
    """Return the graph in metres with one more node, joined to every way into the surface."""
    edges, graph = network.edges, network.graph
    entered = _entered(edges, surface)
    lines, start = edges.geometry.to_numpy()[entered], graph.n
    ends, gaps = _entries(edges.iloc[entered][["tail", "head"]].to_numpy(), lines, surface)
    tail = np.concatenate([edges["tail"].to_numpy(), np.full(len(ends), start)])
    head = np.concatenate([edges["head"].to_numpy(), ends])
    metres = np.concatenate([edges["length_m"].to_numpy(float), gaps])
    x, y = np.append(graph.x, 0.0), np.append(graph.y, 0.0)
    return WalkGraph.from_edges(tail, head, metres, x, y), start


def _entered(edges: gpd.GeoDataFrame, surface: BaseGeometry) -> NDArray[np.int64]:
    """Return the positions of the edges that the surface meets."""
    tree = shapely.STRtree(edges.geometry.to_numpy())
    return np.sort(tree.query(surface, predicate="intersects"))


def _entries(
    ends: NDArray[np.int64], lines: NDArray[np.object_], surface: BaseGeometry
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """
    Return nodes and metres from each to the first point of its edge inside the surface.

    Edges wholly inside are not cut, the others by the parts of the surface that they meet: one made
    of many quarters would be gone through for each.
    """
    parts = shapely.get_parts(surface)
    line, part = shapely.STRtree(parts).query(lines, predicate="intersects")
    within = shapely.STRtree(lines).query(surface, predicate="covers")
    crossing = ~np.isin(line, within)
    line, part = line[crossing], part[crossing]
    points, which = shapely.get_coordinates(
        shapely.intersection(lines[line], parts[part]), return_index=True
    )
    along = shapely.line_locate_point(lines[line[which]], shapely.points(points))
    length = shapely.length(lines)
    first, last = np.full(len(lines), np.inf), np.full(len(lines), -np.inf)
    np.minimum.at(first, line[which], along)
    np.maximum.at(last, line[which], along)
    cut = np.isfinite(first)[:, None]  # a line of no length is not
    return ends.ravel(), np.where(cut, np.column_stack([first, length - last]), 0.0).ravel()
