"""The plan printed on a sheet: streets, zone, walk, numbered stops, legible without colour."""

from __future__ import annotations

from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import shapely
from shapely.geometry import LineString, Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from territory.model.week_results import Session

WIDTH, HEIGHT = 1800, 860  # drawing units; the sheet scales them to its width
_MARGIN_M = 120.0
_SCALE_M = 200.0
_WALKED_M = 15.0  # a street piece this near the walk over half its length is walked
_ARROW_EVERY, _ARROW_CLEAR = 190.0, 60.0  # drawing units between arrows, and from any stop
_SHEET_TEXT, _ZONE_TEXT = 38, 27  # drawing units: 11 points on the sheet, 8 under a zone
_LETTER, _LINE = 0.61, 1.19  # width of a letter, height of a line, for one unit of text
_RADIUS = 29.0  # of a stop
_BROAD = {"primary": 26, "secondary": 22, "tertiary": 18}
_CASING, _STREET, _ROUTE, _ZONE = "#9a948a", "#ffffff", "#0b4f8a", "#dfe8d8"

_NO_WALK = LineString()

Frame = tuple[float, float, float, float]  # x0, y0, x1, y1 in metres
Spot = tuple[float, float]  # drawing units, y downwards


def sheet_map(
    session: Session,
    segments: gpd.GeoDataFrame,
    zone: BaseGeometry | None,
    *,
    attribution: str,
) -> str:
    """
    Return an SVG of the outing: same outing, same text, whatever the order of `segments`.

    Session, `segments` (SEGMENTS) and `zone` share one metric CRS. Street names are written where
    they hide neither stop nor other name; those that find no room are left to the table.
    """
    frame = _frame([*session.path, *((s.x, s.y) for s in session.stops)])
    near = segments.iloc[segments.sindex.query(shapely.box(*frame))].sort_index()
    walk = [_place(x, y, frame) for x, y in session.path]
    stops = _spread([_place(s.x, s.y, frame) for s in session.stops])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="DejaVu Sans">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#f4f1ec"/>',
        *_zone(zone, frame),
        *_streets(near, frame),
        *_walk(walk, stops),
        *_names(near, session, frame, _spared([*stops, *walk[:1]], attribution)),
        *_stops(session, stops, frame),
        *_furniture(frame, attribution, _SHEET_TEXT, start=True),
        "</svg>",
    ]
    return "\n".join(parts)


def zone_map(
    zone: BaseGeometry, segments: gpd.GeoDataFrame, names: Sequence[str], *, attribution: str
) -> str:
    """
    Return an SVG of a zone and its streets: same zone, same text, whatever the order of `segments`.

    `zone` (not empty) and `segments` (SEGMENTS) share one metric CRS; `names` are the streets to
    write where there is room, first ones first.
    """
    west, south, east, north = zone.bounds
    frame = _frame([(west, south), (east, north)])
    near = segments.iloc[segments.sindex.query(shapely.box(*frame))].sort_index()
    spared = _reserved(attribution, _ZONE_TEXT)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="DejaVu Sans">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#f4f1ec"/>',
        *_zone(zone, frame),
        *_streets(near, frame),
        *_outline(zone, frame),
        *_labels(_inside_pieces(near, zone, names, frame), spared, _ZONE_TEXT),
        *_furniture(frame, attribution, _ZONE_TEXT),
        "</svg>",
    ]
    return "\n".join(parts)


def _inside_pieces(
    near: gpd.GeoDataFrame, zone: BaseGeometry, names: Sequence[str], frame: Frame
) -> list[tuple[str, list[LineString]]]:
    """Return the streets named, in order, with their pieces that cross the zone, longest first."""
    inside = near[near.geometry.intersects(zone)]
    rows = {name: list(inside.geometry[inside["name"] == name]) for name in names}
    return [(n, [_drawn(g, frame) for g in sorted(p, key=_long_first)]) for n, p in rows.items()]


def _frame(xy: Sequence[Spot]) -> Frame:
    """Return the extent of points in metres, widened to the shape of the drawing."""
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


def _outline(zone: BaseGeometry, frame: Frame) -> Iterable[str]:
    look = 'fill="none" stroke="#111" stroke-width="5" stroke-dasharray="16 7"'
    for part in shapely.get_parts(zone):
        for ring in (part.exterior, *part.interiors):
            yield f'<polygon points="{_points(ring.coords, frame)}" {look}/>'


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


def _walk(walk: list[Spot], stops: list[Spot]) -> Iterable[str]:
    if len(walk) < 2:  # noqa: PLR2004 - a line has two ends
        return
    points = " ".join(f"{x},{y}" for x, y in walk)
    yield _polyline(points, "#ffffff", 15)
    yield _polyline(points, _ROUTE, 9)
    for arrow in _arrows(walk, [walk[0], *stops]):
        yield f'<polygon points="{arrow}" fill="{_ROUTE}" stroke="#fff" stroke-width="3"/>'
    yield from _start(*walk[0])


def _start(x: float, y: float) -> Iterable[str]:
    """Draw where the outing starts: a square in a square, which no letter of a stop looks like."""
    for half, fill in ((22, "#fff"), (11, "#111")):
        box = f'x="{x - half:.1f}" y="{y - half:.1f}" width="{2 * half}" height="{2 * half}"'
        yield f'<rect {box} fill="{fill}" stroke="#111" stroke-width="4"/>'


def _arrows(walk: list[Spot], kept_clear: list[Spot]) -> Iterator[str]:
    """Yield triangles that point the way walked, at even distances, away from the stops."""
    since = _ARROW_EVERY / 2
    for (x0, y0), (x1, y1) in pairwise(walk):
        length = hypot(x1 - x0, y1 - y0)
        at = _ARROW_EVERY - since
        while at < length:
            dx, dy = (x1 - x0) / length, (y1 - y0) / length
            x, y = x0 + at * dx, y0 + at * dy
            if all(hypot(x - a, y - b) > _ARROW_CLEAR for a, b in kept_clear):
                yield _triangle(x, y, dx, dy)
            at += _ARROW_EVERY
        since = length - (at - _ARROW_EVERY)


def _triangle(x: float, y: float, dx: float, dy: float) -> str:
    corners = ((20, 0), (-12, 15), (-12, -15))
    spots = ((x + a * dx - b * dy, y + a * dy + b * dx) for a, b in corners)
    return " ".join(f"{u:.1f},{v:.1f}" for u, v in spots)


def _spared(signs: list[Spot], attribution: str) -> list[BaseGeometry]:
    """Return where no name may be written on a sheet."""
    around = [Point(spot).buffer(_RADIUS + 4) for spot in signs]
    return [*around, *_reserved(attribution, _SHEET_TEXT)]


def _reserved(attribution: str, size: int) -> list[BaseGeometry]:
    """Return the places of the scale, the attribution and the north, for texts of `size` units."""
    source = WIDTH - 40 - _LETTER * size * len(attribution)
    return [
        shapely.box(0, HEIGHT - 60 - size, 500, HEIGHT),
        shapely.box(source, HEIGHT - 20 - size, WIDTH, HEIGHT),
        shapely.box(WIDTH - 110, 0, WIDTH, 130),
    ]


def _names(
    near: gpd.GeoDataFrame, session: Session, frame: Frame, taken: list[BaseGeometry]
) -> Iterable[str]:
    """Write the walked streets' names, longest walked first, where there is room."""
    walk = LineString(
        [_place(x, y, frame) for x, y in session.path] if len(session.path) > 1 else []
    )
    yield from _labels(_walked_pieces(near, session, frame), taken, _SHEET_TEXT, walk)


def _labels(
    streets: Sequence[tuple[str, list[LineString]]],
    taken: list[BaseGeometry],
    size: int,
    walk: LineString = _NO_WALK,
) -> Iterable[str]:
    """Write names, `size` units high, where they hide nothing `taken`, clear of the walk if so."""
    taken = list(taken)
    for name, pieces in streets:
        width = _LETTER * size * len(name)
        found = _room(pieces, width, size, [*taken, walk]) or _room(pieces, width, size, taken)
        if found is not None:
            x, y = found
            taken.append(_label_box(x, y, width, size))
            halo = 'text-anchor="middle" stroke="#fff" stroke-width="6" paint-order="stroke"'
            yield _text(name, x, y, size=size, style=halo)


def _walked_pieces(
    near: gpd.GeoDataFrame, session: Session, frame: Frame
) -> list[tuple[str, list[LineString]]]:
    """Return walked street names, longest walked first, with their pieces in drawing units."""
    named = near[near["name"].isin(list(dict.fromkeys(session.streets)))]
    if len(session.path) < 2 or not len(named):  # noqa: PLR2004 - a line has two ends
        return []
    beside = LineString(session.path).buffer(_WALKED_M)
    pieces: dict[str, list[BaseGeometry]] = {}
    for name, line in zip(named["name"], named.geometry, strict=True):
        if line.intersection(beside).length >= line.length / 2:
            pieces.setdefault(str(name), []).append(line)
    ranked = sorted(pieces.items(), key=lambda p: (-sum(g.length for g in p[1]), p[0]))
    return [(n, [_drawn(g, frame) for g in sorted(p, key=_long_first)]) for n, p in ranked]


def _long_first(line: BaseGeometry) -> tuple[float, str]:
    return -line.length, line.wkt


def _drawn(line: BaseGeometry, frame: Frame) -> LineString:
    return LineString([_place(c[0], c[1], frame) for c in line.coords])


def _room(
    pieces: list[LineString], width: float, size: int, taken: list[BaseGeometry]
) -> Spot | None:
    """Return where a name hides nothing: beside a street that climbs, above or below others."""
    sheet = shapely.box(8, 8, WIDTH - 8, HEIGHT - 8)
    for piece in pieces:
        middle = piece.interpolate(0.5, normalized=True)
        x0, y0, x1, y1 = piece.bounds
        aside = width / 2 + 22
        beside = ((aside, size / 3), (-aside, size / 3))
        above = ((0, -20), (0, 13 + size))
        for dx, dy in (*beside, *above) if y1 - y0 > x1 - x0 else (*above, *beside):
            x, y = round(middle.x + dx, 1), round(middle.y + dy, 1)
            label = _label_box(x, y, width, size)
            if sheet.contains(label) and not any(label.intersects(t) for t in taken):
                return x, y
    return None


def _label_box(x: float, y: float, width: float, size: int) -> BaseGeometry:
    line = _LINE * size
    return shapely.box(x - width / 2, y - 0.8 * line, x + width / 2, y + 0.25 * line)


def _spread(spots: list[Spot]) -> list[Spot]:
    """Return the places of the numbers: those that would hide another are moved to the right."""
    placed: list[Spot] = []
    for spot in spots:
        x, y = spot
        while any(hypot(x - a, y - b) < 2 * _RADIUS for a, b in placed):
            x += 2 * _RADIUS + 2
        placed.append((round(x, 1), y))
    return placed


def _stops(session: Session, spots: list[Spot], frame: Frame) -> Iterable[str]:
    for stop, (x, y) in zip(session.stops, spots, strict=True):
        true_x, true_y = _place(stop.x, stop.y, frame)
        if true_x != x:
            ends = f'x1="{true_x}" y1="{true_y}" x2="{x}" y2="{y}"'
            yield f'<line {ends} stroke="#111" stroke-width="4"/>'
        ring = 'fill="#111" stroke="#fff" stroke-width="4"'
        yield f'<circle cx="{x}" cy="{y}" r="{_RADIUS:.0f}" {ring}/>'
        number = 'text-anchor="middle" font-weight="bold" class="stop"'
        name = stop.code or str(stop.order)
        yield _text(name, x, y + 14, size=_SHEET_TEXT, style=number, colour="#fff")


def _text(words: str, x: float, y: float, *, size: int, style: str, colour: str = "#111") -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}"'
    return f"<text {where} {style}>{escape(words)}</text>"


def _furniture(frame: Frame, attribution: str, size: int, *, start: bool = False) -> Iterable[str]:
    length = _SCALE_M * WIDTH / (frame[2] - frame[0])
    bottom = HEIGHT - 30
    ends = f'x1="40" x2="{40 + length:.0f}" y1="{bottom}" y2="{bottom}"'
    yield f'<line {ends} stroke="#111" stroke-width="7"/>'
    yield f'<text x="40" y="{bottom - 14}" font-size="{size}">{_SCALE_M:.0f} m</text>'
    if start:
        right = 40 + max(length, 7 * _LETTER * size)  # of the bar, and of the words over it
        yield from _start(right + 36, bottom - 18)
        yield f'<text x="{right + 70:.0f}" y="{bottom - 4}" font-size="{size}">départ</text>'
    yield f'<text x="{WIDTH - 60}" y="60" font-size="{size}" text-anchor="middle">N</text>'
    yield f'<polygon points="{WIDTH - 60},70 {WIDTH - 74},110 {WIDTH - 46},110" fill="#111"/>'
    yield (
        f'<text x="{WIDTH - 20}" y="{HEIGHT - 14}" font-size="{size}" text-anchor="end" '
        f'fill="#333">{escape(attribution)}</text>'
    )
