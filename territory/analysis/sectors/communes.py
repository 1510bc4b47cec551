"""Which communes touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

if TYPE_CHECKING:
    import geopandas as gpd

BORDER_MIN_M = 1.0


def commune_neighbours(communes: gpd.GeoDataFrame) -> list[tuple[str, str]]:
    """Return the pairs (sorted codes) of communes sharing more than 1 m of border (metric CRS)."""
    ordered = communes.sort_index()
    shapes, codes = ordered.geometry.to_numpy(), [str(c) for c in ordered.index]
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects").T
    return sorted(
        (codes[a], codes[b])
        for a, b in pairs
        if a < b
        and shapely.length(shapely.intersection(shapes[a].boundary, shapes[b].boundary))
        > BORDER_MIN_M
    )
