"""The ground of the fictional town: outline, communes, canal, railway and park, at sea."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely import Point, Polygon
from shapely.affinity import scale
from shapely.geometry import LineString

if TYPE_CHECKING:
    from numpy.random import Generator
    from shapely.geometry.base import BaseGeometry

ORIGIN = (250_000.0, 6_550_000.0)  # Lambert-93, Bay of Biscay: nobody can take it for a real town
DENSITY_PER_KM2 = 6_500.0
BIG_TOWN = 200_000  # from here on, nine communes
COMMUNE_NAMES = (
    "Valfictif", "Brume-sur-Canal", "Les Hauts-Inventés", "Fictival", "Songeville", "Mirage-le-Bas",
    "Chimère", "Utopie-sous-Bois", "Illusion-la-Plaine",
)  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """Extent (metres from ORIGIN), outline, communes by code, barriers and park, in EPSG:2154."""

    width_m: float
    height_m: float
    outline: Polygon
    communes: dict[str, tuple[str, Polygon]]
    canal: LineString
    railway: LineString
    park: Polygon

    def at(self, u: float, v: float) -> Point:
        """Return the point at these shares of width and height."""
        return Point(ORIGIN[0] + u * self.width_m, ORIGIN[1] + v * self.height_m)

    def commune_at(self, point: Point) -> str:
        """Return the code of the commune of `point`, the nearest one when outside all."""
        return min(self.communes, key=lambda c: (self.communes[c][1].distance(point), c))


def make_ground(residents: int, draw: Generator) -> Ground:
    """Lay out the ground of a town for `residents` people."""
    area = residents / DENSITY_PER_KM2 * 1e6
    outline = _outline(area, draw)
    x0, y0, x1, y1 = outline.bounds
    width, height = x1 - x0, y1 - y0
    canal = _wave(width, height, 0.64, upright=True)
    railway = _wave(width, height, 0.41, upright=False)
    size = 0.075 * min(width, 4000.0)
    park = Point(ORIGIN[0] + 0.29 * width, ORIGIN[1] + 0.66 * height).buffer(size, quad_segs=5)
    nine = residents >= BIG_TOWN
    communes = _nine(outline, width, height) if nine else _three(outline, canal, width, height)
    return Ground(width, height, outline, communes, canal, railway, park)


def _outline(area_m2: float, draw: Generator) -> Polygon:
    """Return a rounded, uneven shape of this area with its south-west corner at ORIGIN."""
    angles = np.linspace(0, 2 * np.pi, 73)[:-1]
    cos, sin = np.cos(angles), np.sin(angles)
    reach = (np.abs(cos) ** 3.4 + np.abs(sin) ** 3.4) ** (-1 / 3.4)
    for k in (3, 5, 8):
        reach = reach * (1 + 0.025 * np.sin(k * angles + draw.uniform(0, 2 * math.pi)))
    shape = Polygon(np.column_stack([1.22 * reach * cos, reach * sin]))
    factor = math.sqrt(area_m2 / shape.area)
    grown = scale(shape, factor, factor, origin=(0, 0))
    x0, y0 = grown.bounds[:2]
    moved = np.array(grown.exterior.coords) + np.array(ORIGIN) - np.array([x0, y0])
    return Polygon(np.round(moved, 2))


def _wave(width: float, height: float, where: float, *, upright: bool) -> LineString:
    """Return a winding line across the town, at this share of its width (or height)."""
    along = np.linspace(-0.06, 1.06, 29)
    across = where + 0.028 * np.sin(5.2 * along + 9 * where) + 0.008 * np.sin(17 * along)
    u, v = (across, along) if upright else (along, across)
    return LineString(np.round(np.column_stack([ORIGIN[0] + u * width, ORIGIN[1] + v * height]), 2))


def _beyond(line: LineString, *, upright: bool) -> Polygon:
    """Return everything east of an upright line, or north of a lying one."""
    far = 1e5
    (xa, ya), (xb, yb) = line.coords[0], line.coords[-1]
    if upright:
        return Polygon([*line.coords, (xb + far, yb), (xa + far, ya)])
    return Polygon([*line.coords, (xb, yb + far), (xa, ya + far)])


def _three(
    outline: Polygon, canal: LineString, width: float, height: float
) -> dict[str, tuple[str, Polygon]]:
    north = _beyond(_wave(width, height, 0.70, upright=False), upright=False)
    east = _beyond(canal, upright=True)
    south = outline.difference(north)
    parts = (south.difference(east), south.intersection(east), outline.intersection(north))
    return _coded(parts)


def _nine(outline: Polygon, width: float, height: float) -> dict[str, tuple[str, Polygon]]:
    def bands(cuts: tuple[float, float], *, upright: bool) -> list[BaseGeometry]:
        low, high = (
            _beyond(_wave(width, height, c, upright=upright), upright=upright) for c in cuts
        )
        return [outline.difference(low), outline.intersection(low).difference(high), high]

    columns = bands((0.36, 0.64), upright=True)
    rows = bands((0.35, 0.68), upright=False)
    parts = (outline.intersection(c).intersection(r) for r in rows for c in columns)
    return _coded(tuple(parts))


def _coded(parts: tuple[BaseGeometry, ...]) -> dict[str, tuple[str, Polygon]]:
    return {f"{101 + k:05d}": (COMMUNE_NAMES[k], _largest(part)) for k, part in enumerate(parts)}


def _largest(shape: BaseGeometry) -> Polygon:
    pieces = [piece for piece in shapely.get_parts(shape) if isinstance(piece, Polygon)]
    return max(pieces, key=lambda piece: piece.area)
