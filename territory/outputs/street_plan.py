"""A plan of streets as SVG, legible in black and white: where it looks, its streets and names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import shapely
from shapely.geometry import LineString

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

WIDTH, HEIGHT = 1800, 860  # drawing units; the page scales them to its width
INK, GROUND, AREA = "#000", "#f1f1f1", "#dcdcdc"
_CASING, _STREET = "#555", "#fff"
_MARGIN_M = 120.0  # around what is shown
_WIDE_M = {"primary": 16.0, "secondary": 14.0, "tertiary": 12.0}
_NARROW_M, _ORDINARY_M = 4.0, 9.0
_THINNEST, _BROADEST = 3.5, 26.0  # drawing units
_SCALES_M = (1000, 500, 200, 100, 50)
_LONGEST_SCALE = 420.0  # drawing units
_LETTER, _LINE = 0.61, 1.19  # width of a letter, height of a line, for one unit of text

_NO_WALK = LineString()

Spot = tuple[float, float]  # drawing units, y downwards


@dataclass(frozen=True, slots=True)
class View:
    """What a drawing shows: its west and north in metres (CRS), units a metre, size in units."""

    west: float
    north: float
    scale: float
    width: int = WIDTH
    height: int = HEIGHT

    def at(self, x: float, y: float) -> Spot:
        """Return where a point, in metres, is drawn."""
        return round((x - self.west) * self.scale, 1), round((self.north - y) * self.scale, 1)

    def drawn(self, line: BaseGeometry) -> LineString:
        """Return a line of the metric CRS as it is drawn."""
        return LineString([self.at(c[0], c[1]) for c in line.coords])

    def points(self, coords: Iterable[tuple[float, ...]]) -> str:
        """Return the attribute `points` of coordinates in metres."""
        return " ".join("{},{}".format(*self.at(c[0], c[1])) for c in coords)

    @property
    def ground(self) -> BaseGeometry:
        """What is seen, in the metric CRS."""
        east, south = self.west + self.width / self.scale, self.north - self.height / self.scale
        return shapely.box(self.west, south, east, self.north)

    def near(self, segments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Return the streets seen, in the order of their index; both in one metric CRS."""
        return segments.iloc[segments.sindex.query(self.ground)].sort_index()


def view_of(xy: Sequence[Spot], width: int = WIDTH, height: int = HEIGHT) -> View:
    """Return the view of points in metres, with some ground around them."""
    x0, y0, x1, y1 = extent(xy)
    scale = min(width / (x1 - x0), height / (y1 - y0))
    west, north = (x0 + x1 - width / scale) / 2, (y0 + y1 + height / scale) / 2
    return View(west, north, scale, width, height)


def extent(xy: Sequence[Spot]) -> tuple[float, float, float, float]:
    """Return west, south, east and north of points with some ground around them, in metres."""
    xs, ys = [p[0] for p in xy], [p[1] for p in xy]
    west, south, east, north = min(xs), min(ys), max(xs), max(ys)
    return west - _MARGIN_M, south - _MARGIN_M, east + _MARGIN_M, north + _MARGIN_M


def page(view: View, parts: Iterable[str]) -> str:
    """Return the SVG of the parts drawn on the ground."""
    box = f'viewBox="0 0 {view.width} {view.height}" font-family="DejaVu Sans"'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" {box}>'
    ground = f'<rect width="{view.width}" height="{view.height}" fill="{GROUND}"/>'
    return "\n".join([opening, ground, *parts, "</svg>"])


def area(shape: BaseGeometry | None, view: View) -> Iterator[str]:
    """Yield the ground of a zone of the metric CRS, under the streets."""
    for part in shapely.get_parts(shape) if shape is not None else []:
        yield f'<polygon points="{view.points(part.exterior.coords)}" fill="{AREA}"/>'


def outline(shape: BaseGeometry | None, view: View) -> Iterator[str]:
    """Yield the edge of a zone of the metric CRS, in dashes."""
    look = f'fill="none" stroke="{INK}" stroke-width="5" stroke-dasharray="16 9"'
    for part in shapely.get_parts(shape) if shape is not None else []:
        for ring in (part.exterior, *part.interiors):
            yield f'<polygon points="{view.points(ring.coords)}" {look}/>'


def streets(near: gpd.GeoDataFrame, view: View) -> Iterator[str]:
    """Yield streets (metric CRS), white between dark edges, as wide as they are if ink allows."""
    lines = [
        (view.points(line.coords), _width(str(kind), view.scale))
        for line, kind in zip(near.geometry, near["highway"], strict=True)
    ]
    for extra, colour in ((5, _CASING), (0, _STREET)):
        for points, width in lines:
            yield polyline(points, colour, round(width + extra, 1))


def _width(highway: str, scale: float) -> float:
    narrow = highway in {"footway", "path", "steps"}
    metres = _NARROW_M if narrow else _WIDE_M.get(highway, _ORDINARY_M)
    return min(max(metres * scale, _THINNEST), _BROADEST)


def polyline(points: str, colour: str, width: float) -> str:
    """Return a line with round ends."""
    style = f'fill="none" stroke="{colour}" stroke-width="{width}"'
    return f'<polyline points="{points}" {style} stroke-linecap="round" stroke-linejoin="round"/>'


def named_pieces(
    near: gpd.GeoDataFrame, names: Sequence[str], view: View
) -> list[tuple[str, list[LineString]]]:
    """Return streets (metric CRS) by name, in order, their pieces as drawn, longest first."""
    rows = {name: list(near.geometry[near["name"] == name]) for name in names}
    return [(n, [view.drawn(g) for g in sorted(p, key=long_first)]) for n, p in rows.items()]


def long_first(line: BaseGeometry) -> tuple[float, str]:
    """Return the key that puts long lines (any CRS) first, equal ones always in one order."""
    return -line.length, line.wkt


def labels(
    named: Sequence[tuple[str, list[LineString]]],
    taken: list[BaseGeometry],
    size: int,
    view: View,
    walk: BaseGeometry = _NO_WALK,
    weight: str = "normal",
) -> tuple[list[str], list[BaseGeometry]]:
    """
    Return names written where they hide nothing `taken`, and what is taken then.

    Pieces, `taken` and `walk` as drawn (no CRS), `size` in drawing units. A name keeps clear of the
    `walk` where it can; those that find no room are left out.
    """
    taken, written = list(taken), []
    for name, pieces in named:
        width = _LETTER * size * len(name) * (1.12 if weight == "bold" else 1.0)
        found = _room(pieces, width, size, [*taken, walk], view) or _room(
            pieces, width, size, taken, view
        )
        if found is not None:
            x, y = found
            taken.append(_label_box(x, y, width, size))
            halo = 'text-anchor="middle" stroke="#fff" stroke-width="8" paint-order="stroke"'
            style = f'{halo} font-weight="{weight}"'
            written.append(text(name, x, y, size=size, style=style))
    return written, taken


def _room(
    pieces: list[LineString], width: float, size: int, taken: list[BaseGeometry], view: View
) -> Spot | None:
    """Return where a name hides nothing: beside a street that climbs, above or below others."""
    sheet = shapely.box(8, 8, view.width - 8, view.height - 8)
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


def text(words: str, x: float, y: float, *, size: int, style: str, colour: str = INK) -> str:
    """Return words at a place, `size` units high."""
    where = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}"'
    return f"<text {where} {style}>{escape(words)}</text>"


def furniture(view: View, size: int, attribution: str = "") -> Iterator[str]:
    """Yield the scale, the north and who is to be thanked ("" said elsewhere)."""
    metres, length = _scale(view)
    bottom = view.height - 30
    ends = f'x1="40" x2="{40 + length:.0f}" y1="{bottom}" y2="{bottom}"'
    yield f'<line {ends} stroke="{INK}" stroke-width="8"/>'
    yield text(f"{metres} m", 40, bottom - 14, size=size, style='font-weight="bold"')
    across = view.width - 60
    yield text("N", across, 60, size=size, style='text-anchor="middle" font-weight="bold"')
    yield f'<polygon points="{across},70 {across - 16},114 {across + 16},114" fill="{INK}"/>'
    if attribution:
        end = 'text-anchor="end"'
        yield text(attribution, view.width - 20, view.height - 14, size=size, style=end)


def reserved(view: View, size: int, attribution: str = "") -> list[BaseGeometry]:
    """Return the places, as drawn (no CRS), that `furniture` takes for texts of `size` units."""
    corner: list[BaseGeometry] = [
        shapely.box(0, view.height - 60 - size, 60 + max(_scale(view)[1], 4 * size), view.height),
        shapely.box(view.width - 110, 0, view.width, 130),
    ]
    start = view.width - 40 - _LETTER * size * len(attribution)
    thanks = shapely.box(start, view.height - 20 - size, view.width, view.height)
    return [*corner, thanks] if attribution else corner


def _scale(view: View) -> tuple[int, float]:
    """Return a round length in metres and as drawn."""
    most = min(_LONGEST_SCALE, view.width / 2)
    metres = next((m for m in _SCALES_M if m * view.scale <= most), _SCALES_M[-1])
    return metres, metres * view.scale
