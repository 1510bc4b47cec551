"""The streets one can walk: segments cut where ways meet, their nodes, and what stops walkers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Streets:
    """
    `segments` keeps tables.SEGMENTS, `nodes` keeps tables.NODES; tail and head are its index.

    `barriers` keeps tables.BARRIERS: railways, water and motorways of the same source, empty when
    it tells of none. All are in the same metric CRS (metres).
    """

    segments: gpd.GeoDataFrame
    nodes: pd.DataFrame
    barriers: gpd.GeoDataFrame
