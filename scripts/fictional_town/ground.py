"""The ground of the fictional town: communes, barriers, streets, all in Lambert-93 metres at sea."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from shapely.geometry import LineString, Point, Polygon, box

if TYPE_CHECKING:
    from numpy.random import Generator

ORIGIN = (250_000.0, 6_550_000.0)  # Bay of Biscay: nobody can take it for a real town
BLOCK_M = 105.0
DENSITY_PER_KM2 = 9_000.0
NAMES = (
    "Lampions", "Marelles", "Cerfs-Volants", "Moulins", "Trois-Puits", "Tilleuls", "Nacelles",
    "Vieux-Four", "Lavandières", "Sabliers", "Guinguettes", "Hirondelles", "Pommiers", "Passerelles",
    "Boussoles", "Alouettes", "Grand-Pré", "Fontaines", "Verriers", "Cabanes", "Ormes", "Étangs",
    "Horloges", "Tuileries", "Merisiers", "Remparts", "Écluses", "Potagers", "Lucioles", "Bateliers",
)  # fmt: skip
KINDS = ("rue", "allée", "avenue", "passage", "impasse", "chemin")
COMMUNE_NAMES = (
    "Valfictif", "Brume-sur-Canal", "Les Hauts-Inventés", "Fictival", "Songeville", "Mirage-le-Bas",
    "Chimère", "Utopie-sous-Bois", "Illusion-la-Plaine",
)  # fmt: skip


@dataclass(frozen=True)
class Street:
    """One OSM way: node positions in the list of nodes, tags."""

    nodes: tuple[int, ...]
    tags: dict[str, str]


@dataclass(frozen=True)
class Ground:
    """Extent, communes, barriers and streets of the town (coordinates in EPSG:2154)."""

    width_m: float
    height_m: float
    communes: dict[str, tuple[str, Polygon]]
    canal: LineString
    railway: LineString
    park: Polygon
    nodes: np.ndarray
    streets: tuple[Street, ...]


def make_ground(residents: int, draw: Generator) -> Ground:
    """Lay out a town for `residents` people."""
    area = residents / DENSITY_PER_KM2 * 1e6
    width = math.sqrt(area * 1.15)
    height = area / width
    canal, railway = _canal(width, height), _railway(width, height)
    park = _at(Point(0.27 * width, 0.72 * height).buffer(0.09 * width, quad_segs=4))
    nodes, streets = _streets(width, height, (canal, railway), park, draw)
    communes = _communes(width, height, 3 if residents < 200_000 else 9)
    return Ground(width, height, communes, canal, railway, park, nodes, streets)


def _at(shape: Polygon) -> Polygon:
    return Polygon([(x + ORIGIN[0], y + ORIGIN[1]) for x, y in shape.exterior.coords])


def _line(points: list[tuple[float, float]]) -> LineString:
    return LineString([(x + ORIGIN[0], y + ORIGIN[1]) for x, y in points])


def _canal(width: float, height: float) -> LineString:
    ys = np.linspace(-0.05, 1.05, 23)
    return _line([((0.63 + 0.03 * math.sin(5 * y)) * width, y * height) for y in ys])


def _railway(width: float, height: float) -> LineString:
    xs = np.linspace(-0.05, 1.05, 23)
    return _line([(x * width, (0.40 + 0.04 * math.sin(3 * x)) * height) for x in xs])


def _communes(width: float, height: float, count: int) -> dict[str, tuple[str, Polygon]]:
    x0, y0 = ORIGIN
    if count == 3:
        cut_x, cut_y = x0 + 0.61 * width, y0 + 0.68 * height
        boxes = [
            box(x0, y0, cut_x, cut_y),
            box(cut_x, y0, x0 + width, cut_y),
            box(x0, cut_y, x0 + width, y0 + height),
        ]
    else:
        boxes = [
            box(
                x0 + width * i / 3,
                y0 + height * j / 3,
                x0 + width * (i + 1) / 3,
                y0 + height * (j + 1) / 3,
            )
            for j in range(3)
            for i in range(3)
        ]
    return {f"{101 + k:05d}": (COMMUNE_NAMES[k], area) for k, area in enumerate(boxes)}


def _streets(
    width: float,
    height: float,
    barriers: tuple[LineString, LineString],
    park: Polygon,
    draw: Generator,
) -> tuple[np.ndarray, tuple[Street, ...]]:
    columns, rows = int(width / BLOCK_M) + 1, int(height / BLOCK_M) + 1
    grid = np.stack(np.meshgrid(np.linspace(0, width, columns), np.linspace(0, height, rows)), -1)
    xy = grid.reshape(-1, 2) + draw.uniform(-17, 17, (columns * rows, 2)) + np.array(ORIGIN)
    crossings = [_crossings(barriers[0], 4), _crossings(barriers[1], 3)]
    streets, points = [], list(xy)
    for tail, head, axis, rank in _grid_edges(columns, rows):
        line = LineString([xy[tail], xy[head]])
        bridge = _bridge(line, barriers, crossings)
        boulevard = rank % 6 == 3
        if bridge is False or (not boulevard and not bridge and draw.random() < 0.10):
            continue
        if park.contains(line.centroid):
            streets.append(Street((tail, head), {"highway": "footway"}))
            continue
        streets.append(Street((tail, head), _tags(axis, rank, bridge=bool(bridge), draw=draw)))
    _add_extras(points, streets, draw)
    return np.array(points), tuple(streets)


def _grid_edges(columns: int, rows: int) -> list[tuple[int, int, str, int]]:
    edges = []
    for j in range(rows):
        for i in range(columns):
            k = j * columns + i
            edges += [(k, k + 1, "x", j)] if i + 1 < columns else []
            edges += [(k, k + columns, "y", i)] if j + 1 < rows else []
    return edges


def _crossings(barrier: LineString, count: int) -> list[Point]:
    return [barrier.interpolate((k + 0.5) / count, normalized=True) for k in range(count)]


def _bridge(
    line: LineString, barriers: tuple[LineString, LineString], crossings: list[list[Point]]
) -> bool | None:
    """Return None off the barriers, True at one of the few crossings, False where cut off."""
    for barrier, spots in zip(barriers, crossings, strict=True):
        if line.intersects(barrier):
            return any(spot.distance(line) < BLOCK_M / 2 for spot in spots)
    return None


def _tags(axis: str, rank: int, *, bridge: bool, draw: Generator) -> dict[str, str]:
    boulevard = rank % 6 == 3
    kind = "boulevard" if boulevard else KINDS[(rank * 7 + (axis == "x")) % 4]
    article = "des" if not NAMES[rank % len(NAMES)].startswith(("Grand", "Vieux")) else "du"
    name = f"{kind} {article} {NAMES[(rank * 2 + (axis == 'x')) % len(NAMES)]}"
    highway = "secondary" if boulevard else "residential"
    if not boulevard and draw.random() < 0.12:
        highway = "living_street" if draw.random() < 0.5 else "pedestrian"
    tags = {"highway": highway, "name": name}
    return {**tags, "bridge": "yes"} if bridge else tags


def _add_extras(points: list[np.ndarray], streets: list[Street], draw: Generator) -> None:
    """Add dead ends, footways through blocks, a few stairs, private and forbidden ways."""
    corners = len(points)
    for _ in range(corners // 8):
        start = int(draw.integers(corners))
        angle = draw.uniform(0, 2 * math.pi)
        points.append(
            points[start] + draw.uniform(35, 60) * np.array([math.cos(angle), math.sin(angle)])
        )
        highway = "steps" if draw.random() < 0.08 else "service"
        tags = {"highway": highway, "name": f"impasse des {NAMES[start % len(NAMES)]}"}
        if draw.random() < 0.1:
            tags = {"highway": "service", "access": "private"}
        streets.append(Street((start, len(points) - 1), tags))
    streets.append(Street((0, corners // 2), {"highway": "motorway", "ref": "A 00"}))
