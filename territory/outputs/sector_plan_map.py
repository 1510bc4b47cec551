"""The plan of the sectors printed on the note: areas, communes, streets, labels on top."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import shapely

from territory.outputs.sector_shapes import color_of, label_point

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

WIDTH, HEIGHT = 1800, 1150  # drawing units; the note scales them to its width
_MARGIN, _SHORT = 30, 8  # letters of who covers a sector, beside its name
_MAIN = ("motorway", "trunk", "primary", "secondary", "tertiary")

Frame = tuple[float, float, float]  # west, north (metres), drawing units a metre


def sector_drawing(
    sectors: gpd.GeoDataFrame,
    communes: gpd.GeoDataFrame,
    segments: gpd.GeoDataFrame,
) -> str:
    """
    Return an SVG of the sectors of `sector_frame`: same sectors, same text.

    All in one metric CRS; only the main streets of `segments` (SEGMENTS) are drawn.
    """
    frame = _frame(communes if len(communes) else sectors)
    streets = segments[segments["highway"].isin(_MAIN)].sort_index()
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="DejaVu Sans">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        *(_area(g, n, frame) for n, g in enumerate(sectors.geometry)),
        *(_path(g, frame, "#8a8378", 2.0) for g in streets.geometry),
        *(_path(g.boundary, frame, "#222222", 3.0, "10 7") for g in communes.geometry),
        *(_path(g.boundary, frame, "#000000", 4.0) for g in sectors.geometry),
        *_labels(sectors, frame),
        "</svg>",
    ]
    return "\n".join(parts)


def _frame(ground: gpd.GeoDataFrame) -> Frame:
    west, south, east, north = ground.total_bounds
    scale = min((WIDTH - 2 * _MARGIN) / (east - west), (HEIGHT - 2 * _MARGIN) / (north - south))
    spare = ((WIDTH / scale) - (east - west)) / 2, ((HEIGHT / scale) - (north - south)) / 2
    return float(west - spare[0]), float(north + spare[1]), float(scale)


def _at(x: float, y: float, frame: Frame) -> str:
    return f"{(x - frame[0]) * frame[2]:.1f},{(frame[1] - y) * frame[2]:.1f}"


def _area(geometry: shapely.Geometry, position: int, frame: Frame) -> str:
    """Return a filled area, its holes left empty."""
    rings = [
        ring
        for part in shapely.get_parts(geometry)
        for ring in (part.exterior, *part.interiors)
    ]  # fmt: skip
    path = " ".join(f"M {' L '.join(_at(x, y, frame) for x, y in r.coords)} Z" for r in rings)
    return f'<path d="{path}" fill="{color_of(position)}" fill-opacity="0.45" fill-rule="evenodd"/>'


def _path(
    line: shapely.Geometry, frame: Frame, color: str, width: float, dash: str = "none"
) -> str:
    lines = [p for p in shapely.get_parts(line) if len(p.coords) > 1]
    path = " ".join(f"M {' L '.join(_at(x, y, frame) for x, y in p.coords)}" for p in lines)
    return (
        f'<path d="{path}" fill="none" stroke="{color}" stroke-width="{width}" '
        f'stroke-dasharray="{dash}" stroke-linejoin="round"/>'
    )


def _labels(sectors: gpd.GeoDataFrame, frame: Frame) -> Iterator[str]:
    for name, who, shape in zip(sectors["secteur"], sectors["qui"], sectors.geometry, strict=True):
        point = label_point(shape)
        x, y = _at(point.x, point.y, frame).split(",")
        told = f"{name} · {who}" if len(who) <= _SHORT else name
        text, half = escape(told), 15 * len(told) + 14
        yield (
            f'<rect x="{float(x) - half:.1f}" y="{float(y) - 34:.1f}" width="{2 * half}" '
            'height="66" rx="12" fill="#ffffff" stroke="#000000" stroke-width="2"/>'
        )
        yield (
            f'<text x="{x}" y="{float(y) + 16:.1f}" font-size="46" font-weight="bold" '
            f'text-anchor="middle">{text}</text>'
        )
