"""The streets of a zone and just around it, as the arrays that a tour is searched in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from territory.network.graph import WalkGraph, components

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from territory.analysis.routing.street_tour import StreetTour

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

AROUND_M = 150.0  # streets beyond the zone that a tour may go through
CROSSING = 3  # streets that meet make a crossroads
CURVE_M = 10.0  # at its ends, a street heads where it is after so many metres
_MOSTLY = 0.5  # of its length inside the zone makes a street one of the zone
_SHORT_M = 25.0  # patrolled shorter bits do not name a tour, unless it has no other
# Where nobody stands to talk, whatever the law; OSM values of highway.
LEFT_OUT = frozenset({"motorway", "motorway_link", "trunk", "trunk_link", "raceway", "escape",
                      "construction", "proposed", "corridor", "elevator", "platform"})  # fmt: skip


class LocalStreets(NamedTuple):
    """
    Segments of a zone and around, in one piece, ends numbered 0..n-1.

    Arrays [segments]: `rows` in the sorted table, `segment_ids`, ends, `length_m` metres, `seconds`
    to go through, `in_need` 0-1 share in need of the residents along the part inside the zone (0
    around it and on stairs), `headings` [segments, 2] radians (see `Turns`), lines and names (None:
    unnamed). `nodes` [n] of NODES; `crossroads` are those of the zone, positions in `nodes`.
    """

    rows: Ints
    segment_ids: Ints
    tail: Ints
    head: Ints
    length_m: Reals
    seconds: Reals
    in_need: Reals
    headings: Reals
    lines: NDArray[np.object_]
    names: NDArray[np.object_]
    nodes: Ints
    crossroads: Ints


def streets_near(
    segments: gpd.GeoDataFrame, cells: gpd.GeoDataFrame, share: pd.Series, *, walk_kmh: float
) -> LocalStreets | None:
    """
    Return the streets of the zone made of `cells` and those within 150 m; None without any.

    `segments` (SEGMENTS, sorted) and `cells` (CELLS) share one metric CRS; `share` is the part of
    the residents in need on cell_id. Motorways, trunks, roads in works and ways inside buildings
    are left out, and streets open one way on foot; of the pieces the one with most metres inside
    the zone is kept. A tunnel is not told apart: SEGMENTS does not say it.
    """
    lines = segments.geometry.to_numpy()
    shapes = cells.geometry.to_numpy()
    if not len(shapes) or not len(lines):
        return None
    walkable = ~segments["highway"].isin(LEFT_OUT) & (segments["one_way"] == 0)
    zone = shapely.union_all(shapes)
    near = shapely.STRtree(lines).query(zone.buffer(AROUND_M), predicate="intersects")
    rows = np.sort(near[walkable.to_numpy(bool)[near]])
    rows = _main_piece(segments, rows, zone)
    if not len(rows):
        return None
    in_need = _in_need(lines[rows], shapes, share.reindex(cells.index).to_numpy(float))
    in_need[segments["steps"].to_numpy(bool)[rows]] = 0.0
    return _local(segments, rows, in_need, zone, walk_kmh) if (in_need > 0).any() else None


def _main_piece(segments: gpd.GeoDataFrame, rows: Ints, zone: shapely.Geometry) -> Ints:
    """Return those of `rows` in the piece with most metres inside the zone."""
    if not len(rows):
        return rows
    nodes, ends = np.unique(segments[["tail", "head"]].to_numpy()[rows], return_inverse=True)
    tail, head = ends.reshape(-1, 2).T
    zeros = np.zeros(len(nodes))
    piece = components(WalkGraph.from_edges(tail, head, np.ones(len(rows)), zeros, zeros))[tail]
    lines = segments.geometry.to_numpy()[rows]
    metres = np.bincount(piece, shapely.length(shapely.intersection(lines, zone)))
    kept: Ints = rows[piece == int(np.argmax(metres))]
    return kept


def _in_need(lines: NDArray[np.object_], shapes: NDArray[np.object_], share: Reals) -> Reals:
    """
    Return the share in need along each line: cells by the part of the line they hold.

    Lines mostly outside all cells have none, unless all are so: a tour stays in its zone.
    """
    line, cell = shapely.STRtree(shapes).query(lines, predicate="intersects")
    held = shapely.length(shapely.intersection(lines[line], shapes[cell]))
    part = held / np.maximum(shapely.length(lines)[line], 1e-9)
    inside = np.bincount(line, part, len(lines)) >= _MOSTLY
    found: Reals = np.bincount(line, part * np.nan_to_num(share[cell]), len(lines)).astype(float)
    return np.where(inside, found, 0.0) if (found[inside] > 0).any() else found


def _local(
    segments: gpd.GeoDataFrame, rows: Ints, in_need: Reals, zone: shapely.Geometry, walk_kmh: float
) -> LocalStreets:
    table = segments.iloc[rows]
    nodes, ends = np.unique(table[["tail", "head"]].to_numpy(np.int64), return_inverse=True)
    tail, head = ends.reshape(-1, 2).T.astype(np.int64)
    lines, length_m = table.geometry.to_numpy(), table["length_m"].to_numpy(float)
    names = table["name"].astype(object).where(table["name"].notna(), None).to_numpy()
    places = shapely.points(_places(tail, head, lines, len(nodes)))
    crossed = np.bincount(np.r_[tail, head], minlength=len(nodes)) >= CROSSING
    inside = shapely.intersects(zone, places)
    crossroads = np.flatnonzero(crossed & inside)
    return LocalStreets(
        rows,
        table.index.to_numpy(np.int64),
        tail,
        head,
        length_m,
        length_m / (walk_kmh / 3.6),
        in_need,
        _headings(lines),
        lines,
        names,
        nodes,
        crossroads if len(crossroads) else np.flatnonzero(inside),
    )


def _places(tail: Ints, head: Ints, lines: NDArray[np.object_], n: int) -> Reals:
    """Return where the nodes are, from the ends of the lines [n, 2]."""
    xy = np.zeros((n, 2))
    xy[tail] = shapely.get_coordinates(shapely.get_point(lines, 0))
    xy[head] = shapely.get_coordinates(shapely.get_point(lines, -1))
    return xy


def _headings(lines: NDArray[np.object_]) -> Reals:
    """Return the directions of lines as they leave their start and reach their end [k, 2]."""
    points = [
        shapely.get_coordinates(shapely.line_interpolate_point(lines, at))
        for at in (0.0, CURVE_M, -CURVE_M)
    ]
    last = shapely.get_coordinates(shapely.get_point(lines, -1))
    ways = (points[1] - points[0], last - points[2])
    return np.stack([np.arctan2(way[:, 1], way[:, 0]) for way in ways], axis=1)


def names_in_order(near: LocalStreets, tour: StreetTour) -> tuple[str, ...]:
    """Return the names of the streets patrolled, in order, short bits left out where others are."""
    runs: list[tuple[str, float]] = []
    for segment in tour.collected:
        name, metres = near.names[segment], float(near.length_m[segment])
        if name is not None and runs and runs[-1][0] == name:
            runs[-1] = name, runs[-1][1] + metres
        elif name is not None:
            runs.append((str(name), metres))
    long_runs = [name for name, metres in runs if metres >= _SHORT_M]
    names = long_runs or [name for name, _ in runs]
    return tuple(name for k, name in enumerate(names) if k == 0 or name != names[k - 1])


def coordinates(near: LocalStreets, tour: StreetTour) -> Reals:
    """Return the walk as coordinates [k, 2], metres, no point twice in a row."""
    parts = []
    for p in tour.passes:
        xy = shapely.get_coordinates(near.lines[p.segment])
        parts.append(xy if p.forward else xy[::-1])
    whole = np.concatenate(parts) if parts else np.empty((0, 2))
    moved = np.ones(len(whole), bool)
    moved[1:] = (np.diff(whole, axis=0) != 0).any(axis=1)
    return np.asarray(whole[moved], float)
