"""A town of 5 x 4 square cells, one quarter, two IRIS, two places: small enough for a pencil."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from shapely.geometry import box

from territory.model.tables import (
    ACTIVITIES,
    AVAILABILITY,
    CELLS,
    COMMUNES,
    IRIS,
    PLACES,
    ZONES,
    conform,
)  # fmt: skip

if TYPE_CHECKING:
    import geopandas as gpd

IDS = [f"c{x}{y}" for x in range(5) for y in range(4)]
SQUARES = [box(200 * x, 200 * y, 200 * x + 200, 200 * y + 200) for x in range(5) for y in range(4)]


def cells() -> gpd.GeoDataFrame:
    n = len(IDS)
    data = {"residents": 100.0, "residents_18_64": 60.0, "households": 40.0,
            "poor_households": np.arange(n) % 5 * 4.0, "commune_code": "93001",
            "inside_share": 1.0, "geometry": SQUARES}  # fmt: skip
    return conform(pd.DataFrame(data, index=IDS), CELLS)


def iris() -> gpd.GeoDataFrame:
    data = {"name": ["A", "B"], "commune_code": "93001", "residents_15_64": [1000.0, 500.0],
            "unemployed": [100.0, 150.0],
            "geometry": [box(0, 0, 600, 800), box(600, 0, 1000, 800)]}  # fmt: skip
    return conform(pd.DataFrame(data, index=["I1", "I2"]), IRIS)


def zones() -> gpd.GeoDataFrame:
    data = {"name": ["Les Tilleuls"], "kind": "qpv", "geometry": [box(600, 0, 900, 800)]}
    return conform(pd.DataFrame(data, index=["QN1"]), ZONES)


def communes() -> gpd.GeoDataFrame:
    data = {"name": ["Ville"], "geometry": [box(0, 0, 1000, 800)]}
    return conform(pd.DataFrame(data, index=["93001"]), COMMUNES)


def places() -> gpd.GeoDataFrame:
    data = {"name": ["Centre", "Médiathèque"], "kind": ["centre_social", "mediatheque"],
            "fixed_point": True, "sensitive": False, "geometry": [SQUARES[0].centroid, SQUARES[19].centroid]}  # fmt: skip  # noqa: E501
    return conform(pd.DataFrame(data, index=["p1", "p2"]), PLACES)


def availability() -> pd.DataFrame:
    data = {"agent_code": ["M1", "M2"], "weekday": 0, "start_min": 540, "end_min": 660,
            "weeks": "toutes", "kind": "permanence", "place_id": "p1"}  # fmt: skip
    return conform(pd.DataFrame(data, index=["s1", "s2"]), AVAILABILITY)


def activities() -> gpd.GeoDataFrame:
    data = {"on": pd.Timestamp("2026-10-01"), "state": "realise", "n_informed": [30, 10, None],
            "geometry": [SQUARES[0].centroid, None, SQUARES[1].centroid]}  # fmt: skip
    return conform(pd.DataFrame(data, index=["a1", "a2", "a3"]), ACTIVITIES)


def minutes(to: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return straight-line minutes at 75 m a minute from every cell to each located point."""
    middle, known = cells().geometry.centroid, to.geometry.dropna()
    return pd.DataFrame({i: middle.distance(p) / 75 for i, p in known.items()}, index=middle.index)
