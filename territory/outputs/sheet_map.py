"""The plan printed on a sheet: streets, zone, walk, numbered stops, legible without colour."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from territory.model.results import Session

WIDTH, HEIGHT = 1800, 1000  # drawing units; the sheet scales them to its width
_MARGIN_M = 120.0
_SCALE_M = 200.0
_BROAD = {"primary": 26, "secondary": 22, "tertiary": 18}
_CASING, _STREET, _ROUTE, _ZONE = "#9a948a", "#ffffff", "#0b4f8a", "#dfe8d8"

Frame = tuple[float, float, float, float]  # x0, y0, x1, y1 in metres


def sheet_map(
    session: Session,
    segments: gpd.GeoDataFrame,
    zone: BaseGeometry | None,
    *,
    attribution: str,
) -> str:
    """Return an SVG of the outing; coordinates in metres of the tables' CRS, no network needed."""
    frame = _frame(session)
    near = segments.iloc[segments.sindex.query(shapely.box(*frame))]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="DejaVu Sans">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#f4f1ec"/>',
        *_zone(zone, frame),
        *_streets(near, frame),
        *_walk(session, frame),
        *_names(near, session.streets, frame),
        *_stops(session, frame),
        *_furniture(frame, attribution),
        "</svg>",
    ]
    return "\n".join(parts)


def _frame(session: Session) -> Frame:
    """Return the extent of walk and stops, widened to the shape of the drawing."""
    xy = [*session.path, *((s.x, s.y) for s in session.stops)]
    xs, ys = [p[0] for p in xy], [p[1] for p in xy]
    cx, cy = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    width = max(xs) - min(xs) + 2 * _MARGIN_M
    height = max(ys) - min(ys) + 2 * _MARGIN_M
    width = max(width, height * WIDTH / HEIGHT)
    height = width * HEIGHT / WIDTH
    return cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2


def _place(x: float, y: float, frame: Frame) -> tuple[float, float]:
    scale = WIDTH / (frame[2] - frame[0])
    return round((x - frame[0]) * scale, 1), round((frame[3] - y) * scale, 1)


def _points(coords: Iterable[tuple[float, ...]], frame: Frame) -> str:
    return " ".join("{},{}".format(*_place(c[0], c[1], frame)) for c in coords)


def _zone(zone: BaseGeometry | None, frame: Frame) -> Iterable[str]:
    for part in shapely.get_parts(zone) if zone is not None else []:
        ring = _points(part.exterior.coords, frame)
        yield f'<polygon points="{ring}" fill="{_ZONE}" stroke="#6b8f5a" stroke-dasharray="14 8"/>'


def _streets(near: gpd.GeoDataFrame, frame: Frame) -> Iterable[str]:
    lines = [
        (_points(line.coords, frame), _width(str(kind)))
        for line, kind in zip(near.geometry, near["highway"], strict=True)
    ]
    for extra, colour in ((4, _CASING), (0, _STREET)):
        for points, width in lines:
            yield _polyline(points, colour, width + extra)


def _width(highway: str) -> int:
    return _BROAD.get(highway, 6 if highway in {"footway", "path", "steps"} else 13)


def _polyline(points: str, colour: str, width: float) -> str:
    style = f'fill="none" stroke="{colour}" stroke-width="{width}"'
    return f'<polyline points="{points}" {style} stroke-linecap="round" stroke-linejoin="round"/>'


def _walk(session: Session, frame: Frame) -> Iterable[str]:
    points = _points(session.path, frame)
    yield _polyline(points, "#ffffff", 15)
    yield _polyline(points, _ROUTE, 9)


def _names(near: gpd.GeoDataFrame, walked: tuple[str, ...], frame: Frame) -> Iterable[str]:
    """Write the name of each walked street once, along its longest piece in the frame."""
    seen = shapely.box(*frame)
    for name in dict.fromkeys(walked):
        pieces = near[near["name"] == name]
        if not len(pieces):
            continue
        line = max(pieces.geometry, key=lambda g: g.intersection(seen).length)
        middle = line.interpolate(0.5, normalized=True)
        x, y = _place(middle.x, middle.y, frame)
        yield (
            f'<text x="{x}" y="{y - 12}" font-size="25" text-anchor="middle" fill="#222" '
            f'stroke="#fff" stroke-width="6" paint-order="stroke">{escape(name)}</text>'
        )


def _stops(session: Session, frame: Frame) -> Iterable[str]:
    for stop in session.stops:
        x, y = _place(stop.x, stop.y, frame)
        yield f'<circle cx="{x}" cy="{y}" r="24" fill="#111" stroke="#fff" stroke-width="4"/>'
        yield (
            f'<text x="{x}" y="{y + 10}" font-size="28" font-weight="bold" fill="#fff" '
            f'text-anchor="middle">{stop.order}</text>'
        )


def _furniture(frame: Frame, attribution: str) -> Iterable[str]:
    length = _SCALE_M * WIDTH / (frame[2] - frame[0])
    bottom = HEIGHT - 30
    ends = f'x1="40" x2="{40 + length:.0f}" y1="{bottom}" y2="{bottom}"'
    yield f'<line {ends} stroke="#111" stroke-width="7"/>'
    yield f'<text x="40" y="{bottom - 14}" font-size="24">{_SCALE_M:.0f} m</text>'
    yield f'<text x="{WIDTH - 60}" y="60" font-size="34" text-anchor="middle">N</text>'
    yield f'<polygon points="{WIDTH - 60},70 {WIDTH - 74},110 {WIDTH - 46},110" fill="#111"/>'
    yield (
        f'<text x="{WIDTH - 20}" y="{HEIGHT - 14}" font-size="20" text-anchor="end" '
        f'fill="#333">{escape(attribution)}</text>'
    )
