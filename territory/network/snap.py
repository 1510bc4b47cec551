"""Points tied to streets: projected on the nearest segment, which is cut at that spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from territory.network.joins import JOIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

CONNECTOR = "raccord"


def attach(
    edges: gpd.GeoDataFrame,
    xy: NDArray[np.float64],
    labels: NDArray[np.int32],
    points: gpd.GeoDataFrame,
    snap_max_m: float,
) -> tuple[gpd.GeoDataFrame, NDArray[np.float64], pd.DataFrame]:
    """
    Tie each of `points` to the nearest street of piece 0 (not a join) within `snap_max_m` metres.

    `edges` and `points` share one metric CRS, `xy` [n, 2] are the nodes in metres, `labels` [n]
    their pieces. Returns the edges (cut ones replaced by their parts, connectors added), all
    coordinates [m, 2] (the n nodes, then feet on the street, then points), and the table of points:
    node (-1 when too far) and off_m, metres (NA without any street).
    """
    streets = (edges["kind"] != JOIN).to_numpy()
    main = np.flatnonzero((labels[edges["tail"].to_numpy()] == 0) & streets)
    edge_of, along, off = _projections(edges, main, points)
    tied = off <= snap_max_m
    n = len(xy)
    foot_node = np.where(tied, n + np.cumsum(tied) - 1, -1)
    door_node = np.where(tied, foot_node + int(tied.sum()), -1)
    feet = _feet(edges, edge_of[tied], along[tied])
    doors = shapely.get_coordinates(points.geometry.to_numpy()[tied])
    parts = _cut(edges, edge_of[tied], along[tied], foot_node[tied])
    connectors = _connectors(door_node[tied], foot_node[tied], doors, feet).set_crs(edges.crs)
    whole = edges.drop(index=np.unique(edge_of[tied])) if tied.any() else edges
    frames = [f for f in (whole, parts, connectors) if len(f)] or [edges]
    joined = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=edges.crs)
    off_m = np.where(np.isfinite(off), off, np.nan)
    table = pd.DataFrame({"node": door_node.astype(np.int32), "off_m": off_m}, index=points.index)
    return joined, np.concatenate([xy, feet, doors]), table.rename_axis("point_id")


def _projections(
    edges: gpd.GeoDataFrame, main: NDArray[np.int64], points: gpd.GeoDataFrame
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return per point: the nearest edge (ties by smallest), metres along it, metres from it."""
    lines, spots = edges.geometry.to_numpy()[main], points.geometry.to_numpy()
    edge_of = np.zeros(len(spots), np.int64)
    off = np.full(len(spots), np.inf)
    if not len(lines) or not len(spots):
        return edge_of, np.zeros(len(spots)), off
    pairs = shapely.STRtree(lines).query_nearest(spots, all_matches=True)
    order = np.lexsort((pairs[1], pairs[0]))
    rows, first = np.unique(pairs[0][order], return_index=True)
    nearest = pairs[1][order][first]
    edge_of[rows] = main[nearest]
    off[rows] = shapely.distance(lines[nearest], spots[rows])
    along = shapely.line_locate_point(edges.geometry.to_numpy()[edge_of], spots)
    return edge_of, along, off


def _feet(
    edges: gpd.GeoDataFrame, edge_of: NDArray[np.int64], along: NDArray[np.float64]
) -> NDArray[np.float64]:
    spots = shapely.line_interpolate_point(edges.geometry.to_numpy()[edge_of], along)
    return shapely.get_coordinates(spots).reshape(-1, 2)


def _cut(
    edges: gpd.GeoDataFrame,
    edge_of: NDArray[np.int64],
    along: NDArray[np.float64],
    node: NDArray[np.int64],
) -> gpd.GeoDataFrame:
    """Replace each edge by its parts between the feet of its points."""
    order = np.lexsort((node, along, edge_of))
    rows = []
    groups = np.split(order, np.flatnonzero(np.diff(edge_of[order])) + 1) if len(order) else []
    for members in groups:
        rows += _parts(edges.iloc[edge_of[members[0]]], along[members], node[members])
    if not rows:
        return edges.iloc[:0]
    cut = gpd.GeoDataFrame(rows, columns=[*edges.columns], crs=edges.crs)
    return cut.astype({"lit": edges["lit"].dtype}) if "lit" in edges else cut


def _parts(
    edge: pd.Series, along: NDArray[np.float64], node: NDArray[np.int64]
) -> list[dict[str, object]]:
    line, drawn = edge.geometry, edge.geometry.length
    stops = np.r_[0.0, along, drawn]
    ends = [int(edge["tail"]), *map(int, node), int(edge["head"])]
    scale = edge["length_m"] / drawn if drawn > 0 else 0.0
    return [
        {
            **edge.to_dict(),
            "tail": np.int32(ends[k]),
            "head": np.int32(ends[k + 1]),
            "length_m": float((stops[k + 1] - stops[k]) * scale),
            "geometry": _piece(line, stops[k], stops[k + 1]),
        }
        for k in range(len(ends) - 1)
    ]


def _piece(line: shapely.LineString, start: float, end: float) -> shapely.LineString:
    piece = substring(line, start, end)
    if piece.geom_type == "Point":  # two points tied at the same spot
        return shapely.linestrings([[piece.x, piece.y], [piece.x, piece.y]])
    return piece


def _connectors(
    door: NDArray[np.int64],
    foot: NDArray[np.int64],
    door_xy: NDArray[np.float64],
    foot_xy: NDArray[np.float64],
) -> gpd.GeoDataFrame:
    ends = np.stack([door_xy, foot_xy], axis=1)
    lines = [shapely.LineString(pair) for pair in ends]
    data = {
        "tail": door.astype(np.int32),
        "head": foot.astype(np.int32),
        "length_m": np.hypot(*(door_xy - foot_xy).T),
        "name": pd.array([pd.NA] * len(door), dtype="string"),
        "kind": CONNECTOR,
    }
    return gpd.GeoDataFrame(data, geometry=lines)
