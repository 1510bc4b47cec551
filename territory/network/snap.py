"""Points tied to streets: projected on the nearest segment, which is cut at that spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from territory.model.walks import copies
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
    edge_of, along, node = edge_of[order], along[order], node[order]
    whole, first = np.unique(edge_of, return_index=True)
    last = np.r_[first[1:], len(edge_of)]  # after the last foot of each edge
    lines = edges.geometry.to_numpy()[whole]
    drawn = shapely.length(lines)
    starts, ends = np.insert(along, first, 0.0), np.insert(along, last, drawn)
    line = np.repeat(np.arange(len(whole)), last - first + 1)
    cut = edges.iloc[whole[line]]
    known = cut["length_m"].to_numpy(float)
    scale = np.divide(known, drawn[line], out=np.zeros(len(line)), where=drawn[line] > 0)
    return cut.assign(
        tail=np.insert(node, first, edges["tail"].to_numpy()[whole]).astype(np.int32),
        head=np.insert(node, last, edges["head"].to_numpy()[whole]).astype(np.int32),
        length_m=(ends - starts) * scale,
    ).set_geometry(gpd.GeoSeries(_pieces(lines, line, starts, ends), cut.index, edges.crs))


def _pieces(
    lines: NDArray[np.object_],
    line: NDArray[np.int64],
    starts: NDArray[np.float64],
    ends: NDArray[np.float64],
) -> NDArray[np.object_]:
    """
    Return the pieces [pieces] of `lines`: of `line`, from `starts` to `ends` metres along it.

    A piece without length is its spot, twice.
    """
    corners, of_line = shapely.get_coordinates(lines, return_index=True)
    metres = _metres(corners, of_line)
    piece, corner = copies(line, of_line, len(lines))
    between = (starts[piece] < metres[corner]) & (metres[corner] < ends[piece])
    piece, corner = piece[between], corner[between]
    tips = [shapely.line_interpolate_point(lines[line], at) for at in (starts, ends)]
    first, last = (shapely.get_coordinates(tip) for tip in tips)
    every = np.arange(len(line))
    rank = np.r_[np.full(len(line), -1), corner, np.full(len(line), len(corners))]
    owner = np.r_[every, piece, every]
    order = np.lexsort((rank, owner))
    drawn = np.concatenate([first, corners[corner], last])[order]
    return np.asarray(shapely.linestrings(drawn, indices=owner[order]), object)


def _metres(corners: NDArray[np.float64], of_line: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return how far along its line each corner is, metres: lines one by one, sums are exact."""
    steps = np.sqrt((np.diff(corners, axis=0, prepend=corners[:1]) ** 2).sum(axis=1))
    first = np.flatnonzero(np.diff(of_line, prepend=-1))
    steps[first] = 0.0
    return np.concatenate([np.zeros(0), *map(np.cumsum, np.split(steps, first[1:]))])


def _connectors(
    door: NDArray[np.int64],
    foot: NDArray[np.int64],
    door_xy: NDArray[np.float64],
    foot_xy: NDArray[np.float64],
) -> gpd.GeoDataFrame:
    ends = np.stack([door_xy, foot_xy], axis=1)
    lines = shapely.linestrings(ends)
    data = {
        "tail": door.astype(np.int32),
        "head": foot.astype(np.int32),
        "length_m": np.hypot(*(door_xy - foot_xy).T),
        "name": pd.array([pd.NA] * len(door), dtype="string"),
        "kind": CONNECTOR,
    }
    return gpd.GeoDataFrame(data, geometry=lines)
