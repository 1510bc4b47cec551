"""The outline of a zone drawn along its streets, for the eye; figures stay those of its cells."""

from __future__ import annotations

from itertools import starmap
from typing import TYPE_CHECKING

import geopandas as gpd
import shapely
from shapely.geometry import Polygon

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

BESIDE_M = 40.0  # a street, its pavements and the buildings that give on it
HOLE_M2 = 15_000.0  # a block between streets is no hole in a zone
NOTCH_M = 50.0  # narrower gaps between two streets are closed as well
_PIECE_M2 = 1.0  # less is dust of the cutting
_ROUND = 4  # segments in a quarter of circle


def zone_shapes(
    zones: Mapping[str, Sequence[str]],
    cells: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame | None,
    *,
    beside_m: float = BESIDE_M,
) -> gpd.GeoSeries:
    """
    Return the outline of each zone, in the order of `zones`: its streets, `beside_m` metres wide.

    `zones` gives the cell_id of each zone; `cells` and `streets` are in one metric CRS, kept. An
    outline never leaves its cells; holes of less than HOLE_M2 and gaps narrower than NOTCH_M are
    closed, as far as the cells go; a cell without any street is there whole, one that `cells` does
    not know is passed over. Outlines never overlap: a cell asked twice goes to the zone whose name
    comes first. The order of rows is indifferent.
    """
    lines = [] if streets is None else streets.geometry.dropna().to_numpy()
    tree = shapely.STRtree(lines)
    owner = {cell: zone for zone in sorted(zones, reverse=True) for cell in zones[zone]}

    def along(zone: str, members: Sequence[str]) -> BaseGeometry:
        own = sorted({c for c in members if owner[c] == zone and c in cells.index})
        return _outline(list(cells.geometry.loc[own]), tree, beside_m)

    return gpd.GeoSeries(list(starmap(along, zones.items())), index=list(zones), crs=cells.crs)


def _outline(shapes: list[BaseGeometry], tree: shapely.STRtree, beside_m: float) -> BaseGeometry:
    whole = shapely.union_all(shapes)
    drawn = shapely.union_all([_strip(shape, tree, beside_m) for shape in shapes])
    wider = shapely.buffer(drawn, NOTCH_M / 2, join_style="mitre")
    smooth = shapely.buffer(wider, -NOTCH_M / 2, join_style="mitre")
    closed = shapely.union_all([drawn, *(_closed(part) for part in _areas(smooth))])
    inside = _areas(shapely.intersection(closed, whole))
    return shapely.normalize(shapely.union_all([p for p in inside if p.area >= _PIECE_M2]))


def _strip(cell: BaseGeometry, tree: shapely.STRtree, beside_m: float) -> BaseGeometry:
    """Return the streets of a cell, widened and cut to the cell."""
    near = tree.geometries[sorted(tree.query(cell, predicate="intersects"))]
    streets = shapely.intersection(near, cell)
    streets = streets[shapely.length(streets) > 0]
    if not len(streets):
        return cell
    return shapely.intersection(
        shapely.union_all(shapely.buffer(streets, beside_m, quad_segs=_ROUND)), cell
    )


def _areas(shape: BaseGeometry) -> list[Polygon]:
    return [p for p in shapely.get_parts(shape) if isinstance(p, Polygon) and not p.is_empty]


def _closed(part: Polygon) -> Polygon:
    kept = [ring for ring in part.interiors if shapely.polygons(ring).area >= HOLE_M2]
    return Polygon(part.exterior, kept)
