"""Sectors as areas to draw: one shape each, a colour that every eye tells apart, and a label."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from territory.model.sector_tables import HOUR_PARTS
from territory.outputs.sector_account import where

if TYPE_CHECKING:
    from territory.model.results import SectorPlan

# Okabe and Ito (2008): told apart with every colour vision; the label says it again
SECTOR_COLORS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442",
                 "#999999")  # fmt: skip


def sector_frame(plan: SectorPlan, cells: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return one row a sector, in the CRS of `cells`: French columns, hours by part, unknown blank.

    Sectors without any known cell are left out.
    """
    rows = [
        {
            "secteur": s.sector_id,
            "qui": " + ".join(s.agents),
            "ou": where(s),
            "communes": " + ".join(s.communes),
            "heures": round(s.load, 2),
            "ecart": round(s.deviation, 4),
            "public": None if s.people is None else round(s.people),
            "minutes": None if s.compact_min is None else round(s.compact_min, 1),
            **{part: s.hours.get(part) for part in HOUR_PARTS},
            "geometry": shapely.union_all(
                cells.geometry.reindex(list(s.cells)).dropna().to_numpy()
            ),
        }
        for s in plan.sectors
        if len(cells.index.intersection(list(s.cells)))
    ]
    if not rows:
        return gpd.GeoDataFrame({"geometry": []}, geometry="geometry", crs=cells.crs)
    return gpd.GeoDataFrame(pd.DataFrame(rows), geometry="geometry", crs=cells.crs)


def color_of(position: int) -> str:
    """Return the colour of the sector at that position of the plan; they come round after eight."""
    return SECTOR_COLORS[position % len(SECTOR_COLORS)]


def label_point(geometry: shapely.Geometry) -> shapely.Point:
    """Return a point well inside the largest part of a shape, in its CRS."""
    largest = max(shapely.get_parts(geometry), key=shapely.area)
    return shapely.Point(*shapely.maximum_inscribed_circle(largest).coords[0])
