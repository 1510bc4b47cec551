"""Where people were met is kept to a square of 100 m: the exact point is never stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE_M = 100.0
# Met in the street or at a door; elsewhere the place is a public one, known by its address.
STREET_KINDS = ("maraude", "tour_de_rue", "pied_immeuble", "porte_a_porte")
_INSEE_GRID, _LAMBERT_93 = 3035, 2154
_CENTIMETRES = 2


def coarsened(activities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Return ACTIVITIES with street outings moved to the middle of their 100 m square.

    Squares are those of the Insee grid (EPSG:3035), or of the metric CRS of the table overseas.
    Outings at a partner stay at its address. Source: PRIVACY.md section 3.
    """
    street = activities["kind"].isin(STREET_KINDS) & activities["place_id"].isna()
    moved = (street & activities.geometry.notna()).to_numpy(dtype=bool)
    if not moved.any():
        return activities
    epsg = int(activities.crs.to_epsg())
    points = activities.geometry.to_numpy().copy()
    xy = square_middles(shapely.get_coordinates(points[moved]), epsg)
    points[moved] = shapely.points(xy)
    return activities.set_geometry(
        gpd.GeoSeries(points, index=activities.index, crs=activities.crs)
    )


def square_middles(xy: NDArray[np.float64], epsg: int) -> NDArray[np.float64]:
    """Return the middles [n, 2] of the 100 m squares that hold `xy` [n, 2], metres, EPSG:`epsg`."""
    if epsg != _LAMBERT_93:
        return np.round(np.floor(xy / SIDE_M) * SIDE_M + SIDE_M / 2, _CENTIMETRES)
    there = Transformer.from_crs(epsg, _INSEE_GRID, always_xy=True)
    grid = np.column_stack(there.transform(xy[:, 0], xy[:, 1]))
    middles = np.floor(grid / SIDE_M) * SIDE_M + SIDE_M / 2
    back = there.transform(middles[:, 0], middles[:, 1], direction="INVERSE")
    return np.round(np.column_stack(back), _CENTIMETRES)
