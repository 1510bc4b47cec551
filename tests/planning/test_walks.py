"""The planner's view of a real walking network, on two streets."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point

from territory.model.tables import NODES, SEGMENTS, conform
from territory.network.walk import build_walk
from territory.planning.walks import network_walks, remembered


def streets() -> tuple[gpd.GeoDataFrame, pd.DataFrame, gpd.GeoDataFrame]:
    nodes = pd.DataFrame({"osm_id": [1, 2, 3], "x": [0.0, 750.0, 750.0], "y": [0.0, 0.0, 500.0]})
    segments = pd.DataFrame(
        {
            "way_id": [1, 2],
            "tail": [0, 1],
            "head": [1, 2],
            "length_m": [750.0, 500.0],
            "highway": "residential",
            "name": ["rue Longue", "rue Courte"],
            "steps": False,
            "geometry": [LineString([(0, 0), (750, 0)]), LineString([(750, 0), (750, 500)])],
        }
    )
    ids = pd.Index(["c:z", "p:A", "p:far"], name="point_id")
    points = gpd.GeoDataFrame(
        geometry=[Point(675, 0), Point(75, 0), Point(0, 9000)], index=ids, crs=2154
    )
    return conform(segments, SEGMENTS), conform(nodes, NODES), points


def test_minutes_and_path_along_one_street() -> None:
    walks = remembered(network_walks(build_walk(*streets())))
    table = walks.minutes(["p:A"], ["c:z", "p:far", "p:nowhere"])
    assert np.allclose(table.to_numpy(float), [[8.0, np.inf, np.inf]], atol=1e-4)
    way = walks.path("p:A", "c:z")
    assert round(way.length_m) == 600
    assert tuple(way.coords[-1]) == (675.0, 0.0)
    assert list(way.streets) == ["rue Longue"]
    assert walks.minutes(["p:A"], ["c:z", "p:far", "p:nowhere"]) is table
