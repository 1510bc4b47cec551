"""
A town of four streets one can walk in one's head: 1 m/s makes seconds of metres.

    3 ---- rue Haute, 100 m ---- 2          6 -- passage, 30 m -- 7   (an island, 40 m east of 2)
    |                            |
    rue Gauche, 100 m            escalier, 100 m (steps)
    |                            |
    0 ---- rue Basse, 100 m ---- 1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString, Point

from territory.model.tables import NODES, SEGMENTS, conform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

METRE_A_SECOND_KMH = 3.6
SPOTS = [(0, 0), (100, 0), (100, 100), (0, 100), (140, 100), (170, 100)]
ROWS = [
    (0, 1, "rue Basse", False), (1, 2, "escalier", True), (3, 2, "rue Haute", False),
    (0, 3, "rue Gauche", False), (4, 5, None, False),
]  # fmt: skip


def nodes(spots: Sequence[tuple[float, float]] = SPOTS) -> pd.DataFrame:
    frame = pd.DataFrame(spots, columns=["x", "y"], dtype=float)
    return conform(frame.assign(osm_id=frame.index + 100), NODES)


def segments(
    rows: Sequence[tuple[int, int, str | None, bool]] = ROWS,
    spots: Sequence[tuple[float, float]] = SPOTS,
) -> gpd.GeoDataFrame:
    lines = [LineString([spots[a], spots[b]]) for a, b, _, _ in rows]
    frame = pd.DataFrame(rows, columns=["tail", "head", "name", "steps"])
    frame = frame.assign(way_id=range(len(rows)), highway="residential", geometry=lines)
    frame["length_m"] = [line.length for line in lines]
    return conform(frame, SEGMENTS)


def points(where: Mapping[str, tuple[float, float]]) -> gpd.GeoDataFrame:
    index = pd.Index(list(where), name="point_id", dtype="str")
    return gpd.GeoDataFrame(geometry=[Point(*xy) for xy in where.values()], index=index, crs=2154)
