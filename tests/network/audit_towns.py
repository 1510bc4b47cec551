"""Towns small enough to be checked by hand, and the slow obvious judges of their audit."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point, box

from territory.model.tables import NODES, SEGMENTS, conform
from territory.network.walk import WalkNetwork, build_walk

if TYPE_CHECKING:
    from collections.abc import Mapping

Spot = tuple[float, float]
Street = tuple[str | None, Sequence[Spot]]
CRS = 2154


def town(
    streets: Sequence[Street],
    points: Mapping[str, Spot] | None = None,
    *,
    turn: int = 1,
    **options: float,
) -> WalkNetwork:
    """
    Build the network of streets, each cut at every corner given, ends joined where equal.

    With `turn` -1 the rows of every table are given in the other order.
    """
    corners = sorted({c for _, line in streets for c in line})
    number = {c: k for k, c in enumerate(corners)}
    rows = [
        (name, number[a], number[b], LineString([a, b]))
        for name, line in streets
        for a, b in pairwise(line)
    ]
    segments = gpd.GeoDataFrame(
        {
            "way_id": range(len(rows)),
            "tail": [r[1] for r in rows],
            "head": [r[2] for r in rows],
            "length_m": [r[3].length for r in rows],
            "highway": "residential",
            "name": [r[0] for r in rows],
            "steps": False,
        },
        geometry=[r[3] for r in rows],
        crs=CRS,
    )
    xy = {"x": [c[0] for c in corners], "y": [c[1] for c in corners]}
    nodes = pd.DataFrame({"osm_id": -1, **xy})
    spots = points or {}
    doors = gpd.GeoDataFrame(
        geometry=gpd.GeoSeries([Point(p) for p in spots.values()], index=list(spots), crs=CRS)
    )
    tables = conform(segments, SEGMENTS), conform(nodes, NODES), doors
    return build_walk(*(table.iloc[::turn] for table in tables), **options)


def squares(residents: Mapping[Spot, float], side: float = 100.0) -> gpd.GeoDataFrame:
    """Cells named by their south-west corner, with residents; a square `side` metres wide."""
    return gpd.GeoDataFrame(
        {"residents": [float(v) for v in residents.values()]},
        geometry=[box(x, y, x + side, y + side) for x, y in residents],
        index=[f"c:{x:g}_{y:g}" for x, y in residents],
        crs=CRS,
    )


def doors(cells: gpd.GeoDataFrame) -> dict[str, Spot]:
    """The points by which cells are tied."""
    middles = cells.representative_point()
    return {str(i): (p.x, p.y) for i, p in middles.items()}


def barrier(*lines: tuple[str, str | None, Sequence[Spot]]) -> gpd.GeoDataFrame:
    """Barriers given as (kind, name, corners)."""
    return gpd.GeoDataFrame(
        {"kind": [k for k, _, _ in lines], "name": [n for _, n, _ in lines]},
        geometry=[LineString(c) for _, _, c in lines],
        crs=CRS,
    )


def grid(seed: int, side: int = 6, step: float = 30.0) -> list[Street]:
    """A grid of streets, a third of them missing: every street is one segment."""
    draw = np.random.default_rng(seed)
    streets: list[Street] = []
    for x in range(side):
        for y in range(side):
            for dx, dy in ((1, 0), (0, 1)):
                if x + dx < side and y + dy < side and draw.random() < 0.65:
                    ends = ((x * step, y * step), ((x + dx) * step, (y + dy) * step))
                    streets.append((f"rue {x} {y} {dx}", ends))
    return streets


def judged_walk(walk: WalkNetwork, a: Spot, b: Spot) -> float:
    """Metres walked between two points of streets, by networkx on streets cut at both."""
    graph = nx.MultiGraph()
    cuts = [Point(a), Point(b)]
    for row in walk.edges.itertuples():
        line, on = row.geometry, []
        for k, cut in enumerate(cuts):
            if line.distance(cut) < 1e-6:
                on.append((line.project(cut), ("cut", k)))
        stops = [(0.0, row.tail), *sorted(on), (line.length, row.head)]
        for (at, u), (to, v) in pairwise(stops):
            graph.add_edge(u, v, weight=to - at)
    if not nx.has_path(graph, ("cut", 0), ("cut", 1)):
        return float("inf")
    return float(nx.dijkstra_path_length(graph, ("cut", 0), ("cut", 1)))


def judged_far_sides(walk: WalkNetwork, every_m: float = 25.0) -> set[tuple[Spot, Spot]]:
    """Every sample against every street of the main piece, one by one; corners are whole metres."""
    main = [e.geometry for e in walk.edges.itertuples() if walk.component[e.tail] == 0]
    found = set()
    for k, line in enumerate(main):
        count = int(np.ceil(line.length / every_m))
        for i in range(count):
            spot = line.interpolate((i + 0.5) * line.length / count)
            seen = [_seen(line, spot, other) for j, other in enumerate(main) if j != k]
            for side in (-1, 1):
                ends = sorted(s[1:] for s in seen if s is not None and s[0] == side)
                if ends and judged_walk(walk, (spot.x, spot.y), ends[0][1]) > max(
                    5 * ends[0][0], ends[0][0] + 100
                ):
                    found.add(((spot.x, spot.y), ends[0][1]))
    return found


def _seen(line: LineString, spot: Point, other: LineString) -> tuple[int, float, Spot] | None:
    """The side, the metres and the foot on `other`, when it runs as `line` and is seen square."""
    foot = other.interpolate(other.project(spot))
    way, their_way = (np.subtract(*g.coords[::-1]) / g.length for g in (line, other))
    across = np.array([foot.x - spot.x, foot.y - spot.y])
    straight = float(np.hypot(*across))
    square = abs(across @ way) <= 0.5 * straight
    if not 1 < straight <= 40 or not square or abs(way @ their_way) < np.cos(np.radians(30)):
        return None
    return int(np.sign(way[0] * across[1] - way[1] * across[0])), straight, (foot.x, foot.y)
