"""The quarters of a report as a map in grey: classes of a figure, hatches for what is not shown."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import shapely

from territory.outputs.report_drawings import ACROSS_MM, INK, LETTER, MM, Drawing
from territory.outputs.report_shown import HIDDEN, UNKNOWN, plain_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd

    from territory.outputs.report_content import Block, Line

GREYS = ("#f0f0f0", "#c4c4c4", "#8c8c8c", "#4d4d4d")  # from the smallest to the greatest
_MAP_MM, _HIGHEST_MM, _LEGEND_MM = 108.0, 72.0, 55.0
_ROW_MM, _COLUMNS, _MOST = 4.8, 3, 60
_SMOOTH_M = 4.0
_PATTERNS = (
    '<defs><pattern id="faible" width="16" height="16" patternUnits="userSpaceOnUse">'
    '<path d="M0 16L16 0M-4 4L4 -4M12 20L20 12" stroke="#000000" stroke-width="2.5"/></pattern>'
    '<pattern id="inconnu" width="18" height="18" patternUnits="userSpaceOnUse">'
    '<circle cx="9" cy="9" r="3" fill="#000000"/></pattern></defs>'
)
FEW = ("1", "2", "3", "4")
_WHITE = ("faible", "inconnu")


def quarter_map(
    block: Block, communes: gpd.GeoDataFrame, quarters: gpd.GeoDataFrame
) -> Drawing | None:
    """
    Return the map of a counting by quarter, None when nothing of it can be shown.

    `communes` and `quarters` (those in force, with `name`) share one metric CRS. What is hidden or
    unknown has hatches or dots, never a grey; no place where someone was met is drawn.
    """
    lines = {line.name.partition("/")[2]: line for line in block.parts}
    ours = quarters[quarters.geometry.intersects(communes.union_all())].sort_index()
    found = {str(code): _told(block, lines, str(code)) for code in ours.index}
    values = sorted({value for value, _ in found.values() if not math.isnan(value)})
    if not values or len(ours) > _MOST:
        return None
    bounds = _classes(values)
    fills = {code: _fill(value, text, bounds) for code, (value, text) in found.items()}
    frame = _Frame(communes)
    titles = ours["name"].fillna("sans nom").items()
    names = [f"{n} {name}" for n, (_, name) in enumerate(titles, 1)]
    said = [f"{name} {found[str(code)][1]}" for name, code in zip(names, ours.index, strict=True)]
    key = _ROW_MM * (len(bounds) + 4)
    beside = key + _ROW_MM * (len(names) + 1) <= frame.height_mm
    rows = len(names) if beside else -(-len(names) // _COLUMNS)
    high = max(frame.height_mm, key) + (0.0 if beside else _ROW_MM * (rows + 1))
    corner = (ACROSS_MM - _LEGEND_MM if beside else 0.0, key if beside else high - _ROW_MM * rows)
    parts = [
        _PATTERNS, *_ground(communes, frame), *_quarters(ours, fills, frame),
        *_legend(block, bounds, set(fills.values())), *_list(names, rows, corner),
    ]  # fmt: skip
    alt = f"Carte par quartier, {block.whole.label} : {' ; '.join(said)}."
    svg = "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {ACROSS_MM * MM:.0f} '
        f'{high * MM:.0f}" width="{ACROSS_MM}mm" height="{high:.1f}mm" font-family="DejaVu Sans">',
        *parts, "</svg>\n",
    ])  # fmt: skip
    return Drawing(f"{block.code}-carte.svg", svg, alt, ACROSS_MM, round(high, 1))


class _Frame:
    """Metres to drawing units: the communes in their room."""

    def __init__(self, communes: gpd.GeoDataFrame) -> None:
        self.west, south, east, self.north = (float(side) for side in communes.total_bounds)
        wide, high = max(east - self.west, 1.0), max(self.north - south, 1.0)
        self.scale = MM * min(_MAP_MM / wide, _HIGHEST_MM / high)
        self.height_mm = high * self.scale / MM

    def path(self, shape: shapely.Geometry) -> str:
        """Return the rings of polygons as the `d` of a path."""
        rings = shapely.get_rings(shapely.get_parts(shapely.simplify(shape, _SMOOTH_M)))
        return "".join(f"M{'L'.join(self._spots(ring))}Z" for ring in rings)

    def _spots(self, ring: shapely.Geometry) -> list[str]:
        xy = (shapely.get_coordinates(ring) - (self.west, self.north)) * (self.scale, -self.scale)
        return [f"{x:.1f} {y:.1f}" for x, y in np.round(xy, 1)]

    def spot(self, shape: shapely.Geometry) -> tuple[float, float]:
        """Return where the number of a shape stands."""
        x, y = shapely.get_coordinates(shapely.point_on_surface(shape))[0]
        return (x - self.west) * self.scale, (self.north - y) * self.scale


def _told(block: Block, lines: Mapping[str, Line], code: str) -> tuple[float, str]:
    """Return what is drawn of a quarter, and its words: nobody met there is 0 when people count."""
    line = lines.get(code)
    if line is None:
        return (0.0, "0") if block.unit == "personnes" else (math.nan, UNKNOWN)
    if line.value in FEW and block.unit == "personnes":
        return math.nan, HIDDEN  # on a map, from 5 people on, whoever reads it
    if math.isnan(line.drawn):
        return math.nan, HIDDEN if line.value == HIDDEN else (line.mention or line.value)
    return line.drawn, plain_number(round(line.drawn, 1))


def _classes(values: Sequence[float]) -> list[tuple[float, float]]:
    """Return the limits of at most four classes that hold as many distinct values each."""
    groups = np.array_split(np.asarray(values), min(len(GREYS), len(values)))
    return [(float(group[0]), float(group[-1])) for group in groups]


def _fill(value: float, text: str, bounds: Sequence[tuple[float, float]]) -> str:
    if math.isnan(value):
        return "faible" if text == HIDDEN else "inconnu"
    at = next(n for n, (_, last) in enumerate(bounds) if value <= last)
    return _grey(at, len(bounds))


def _grey(at: int, count: int) -> str:
    """Return the grey of a class: the darkest is the greatest, whatever their number."""
    return GREYS[at + len(GREYS) - count] if count > 1 else GREYS[1]


def _ground(communes: gpd.GeoDataFrame, frame: _Frame) -> Iterator[str]:
    for shape in communes.sort_index().geometry:
        look = 'fill="#ffffff" stroke="#555555" stroke-width="3" stroke-dasharray="14 8"'
        yield f'<path d="{frame.path(shape)}" fill-rule="evenodd" {look}/>'


def _quarters(quarters: gpd.GeoDataFrame, fills: Mapping[str, str], frame: _Frame) -> Iterator[str]:
    numbers = []
    for n, (code, shape) in enumerate(quarters.geometry.items(), 1):
        fill = fills[str(code)]
        ink = f"url(#{fill})" if fill in _WHITE else fill
        yield (
            f'<path d="{frame.path(shape)}" fill="{ink}" fill-rule="evenodd" stroke="{INK}" '
            'stroke-width="4"/>'
        )
        numbers.append((n, *frame.spot(shape)))
    for n, x, y in numbers:
        yield (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="26" fill="#ffffff" stroke="{INK}" '
            'stroke-width="3"/>'
        ) + _text(x, y + 12, str(n), anchor="middle")


def _legend(block: Block, bounds: Sequence[tuple[float, float]], used: set[str]) -> Iterator[str]:
    """Yield the classes, and what hatches and dots mean, beside the map."""
    x, y = (ACROSS_MM - _LEGEND_MM) * MM, 30.0
    yield _text(x, y, _unit(block))
    told = [(_grey(n, len(bounds)), _range(first, last)) for n, (first, last) in enumerate(bounds)]
    told += [(sign, HIDDEN if sign == "faible" else UNKNOWN) for sign in _WHITE if sign in used]
    for n, (fill, words) in enumerate(told, 1):
        top = y + n * _ROW_MM * MM
        ink = f"url(#{fill})" if fill in _WHITE else fill
        yield (
            f'<rect x="{x:.1f}" y="{top - 30:.1f}" width="50" height="34" fill="{ink}" '
            f'stroke="{INK}" stroke-width="2.5"/>'
        ) + _text(x + 64, top, words)


def _unit(block: Block) -> str:
    """Return what the numbers of a map are, in a few words."""
    if any("1 000 habitants" in line.share for line in block.parts):
        return "Pour 1 000 habitants"
    return block.unit.capitalize() or "Valeur"


def _range(first: float, last: float) -> str:
    low, high = (plain_number(round(value, 1)) for value in (first, last))
    return low if low == high else f"{low} à {high}"


def _list(names: Sequence[str], rows: int, corner_mm: tuple[float, float]) -> Iterator[str]:
    """Yield the names of the quarters from a corner, down then across: under the map, or beside."""
    for n, name in enumerate(names):
        column, row = divmod(n, rows)
        x = (corner_mm[0] + column * ACROSS_MM / _COLUMNS) * MM
        y = (corner_mm[1] + (row + 0.7) * _ROW_MM) * MM
        short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
        yield _text(x, y, short)


_LONGEST = 28  # letters in a third of the page


def _text(x: float, y: float, text: str, *, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{LETTER:.0f}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )
