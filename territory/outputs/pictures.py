"""A still picture of the territory for a page of documentation: SVG text, and PNG through typst."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import shapely
import typst

from territory.io.atomic import write_bytes
from territory.outputs import map_content as content
from territory.outputs.french import distance
from territory.outputs.map_cells import need_theme
from territory.outputs.map_tables import banners, sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from territory.model.results import Gap, SitePlan
    from territory.outputs.map_cells import Theme
    from territory.settings import Settings

_WIDTH, _MARGIN, _LEGEND = 1200.0, 24.0, 156.0  # pixels
_FONT = "DejaVu Sans"
# casing colour and width, then colour and width, of ordinary streets, paths, middle, main streets
_STREETS = (
    ("#b9b2a6", 1.6, "#ffffff", 1.0),
    ("#cfc8bb", 0.5, "", 0.0),
    ("#b9b2a6", 2.4, "#fff3c4", 1.6),
    ("#96825a", 3.2, "#ffd98a", 2.3),
)
_SIGNS = (
    "Numéros : zones peu couvertes, dans l’ordre où y aller. P : permanence. Étoile : permanence "
    "proposée. Tirets : quartier prioritaire. Hachures : chiffres imputés."
)
_BARS_M = (5000.0, 2000.0, 1000.0, 500.0, 200.0, 100.0, 50.0)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Metres to pixels: left, top, pixels per metre, height of the map in pixels."""

    west: float
    north: float
    scale: float
    height: float

    def pixels(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points [n, 2] in pixels."""
        return (xy - (self.west, self.north)) * (self.scale, -self.scale)


def zones_picture(  # noqa: PLR0913 - every table the picture draws, by name
    *,
    communes: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    cells: gpd.GeoDataFrame,
    need: pd.DataFrame,
    gaps: Sequence[Gap],
    places: gpd.GeoDataFrame,
    permanences: pd.DataFrame,
    sites: SitePlan,
    segments: gpd.GeoDataFrame,
    settings: Settings,
) -> str:
    """
    Draw the territory as an SVG 1200 pixels wide: squares by need, streets, quarters, zones, sites.

    Tables keep their contracts, all in the metric CRS of `settings`. Sensitive places are left out;
    same content, same text.
    """
    cells = cells.sort_index()
    frame = _frame(communes if len(communes) else cells)
    theme = need_theme(cells, need)
    shown = content.public_places(places)
    parts = [
        *_squares(cells, theme, frame),
        *_streets(segments.sort_index(), frame),
        *_outlines(communes.sort_index().geometry, frame, "#333333", 1.5, "2 5"),
        *_outlines(zones.sort_index().geometry, frame, "#5b3b8c", 3, "10 5"),
        *_outlines(content.gap_shapes(gaps, cells), frame, "#111111", 4, ""),
        *_marks(content.permanence_marks(permanences, shown), frame),
        *_marks(content.site_marks(sites, shown), frame),
        *_gap_numbers(gaps, cells, frame),
    ]
    return _page(parts, _legend(theme, frame, settings), frame)


def write_png(svg: str, path: Path, width_px: int = 1200) -> Path:
    """Write `svg` to `path` as a PNG `width_px` pixels wide; same bytes everywhere; return it."""
    return write_bytes(path, pngs([svg], width_px)[0])


def pngs(svgs: Sequence[str], width_px: int = 1200) -> list[bytes]:
    """
    Return each SVG as a PNG `width_px` pixels wide; same text, same bytes everywhere.

    The fonts are the DejaVu that matplotlib carries, never the system's.
    """
    if not svgs:
        return []
    source = (
        "#set page(width: 600pt, height: auto, margin: 0pt)\n"
        "#let svgs = json(bytes(sys.inputs.svgs))\n"
        "#for (n, svg) in svgs.enumerate() [#if n > 0 [#pagebreak()]"
        '#image(bytes(svg), format: "svg", width: 600pt)]'
    )
    fonts = Path(mpl.get_data_path()) / "fonts" / "ttf"
    made: bytes | list[bytes] = typst.compile(
        source.encode(),
        format="png",
        ppi=width_px * 72 / 600,
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(fonts)]),
        sys_inputs={"svgs": json.dumps(list(svgs))},
    )
    return [made] if isinstance(made, bytes) else made


def _frame(ground: gpd.GeoDataFrame) -> _Frame:
    bounds = np.asarray(ground.total_bounds, dtype=float)
    west, south, east, north = bounds if np.isfinite(bounds).all() else (0.0, 0.0, 1000.0, 1000.0)
    scale = (_WIDTH - 2 * _MARGIN) / max(east - west, (north - south) / 1.2, 1.0)
    spare = _WIDTH / scale - (east - west)
    height = (north - south) * scale + 2 * _MARGIN
    return _Frame(west - spare / 2, north + _MARGIN / scale, scale, round(height, 1))


def _page(parts: Iterable[str], legend: Iterable[str], frame: _Frame) -> str:
    height = frame.height + _LEGEND
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {height:.1f}" '
            f'width="{_WIDTH:.0f}" height="{height:.1f}" font-family="{_FONT}">',
            '<defs><pattern id="hachures" width="7" height="7" patternUnits="userSpaceOnUse">'
            '<path d="M0 7L7 0" stroke="#282828" stroke-opacity=".5"/></pattern>'
            f'<clipPath id="cadre"><rect width="{_WIDTH:.0f}" height="{frame.height:.1f}"/>'
            "</clipPath></defs>",
            f'<rect width="{_WIDTH:.0f}" height="{height:.1f}" fill="#ffffff"/>',
            f'<rect width="{_WIDTH:.0f}" height="{frame.height:.1f}" fill="#f4f1ec"/>',
            '<g clip-path="url(#cadre)">',
            *parts,
            "</g>",
            *legend,
            "</svg>\n",
        ]
    )


def _squares(cells: gpd.GeoDataFrame, theme: Theme, frame: _Frame) -> Iterator[str]:
    shapes = cells.geometry.to_numpy()
    for k, entry in enumerate(theme.legend):
        path = _path(shapes[theme.classes == k], frame)
        if path:
            yield (
                f'<path d="{path}" fill="{entry.color}" fill-opacity=".85" fill-rule="evenodd" '
                'stroke="#ffffff" stroke-width=".6"/>'
            )
    imputed = cells["imputed"].fillna(value=False).to_numpy(dtype=bool)
    path = _path(shapes[imputed], frame)
    if path:
        yield f'<path d="{path}" fill="url(#hachures)" fill-rule="evenodd"/>'


def _streets(segments: gpd.GeoDataFrame, frame: _Frame) -> Iterator[str]:
    classes = content.street_classes(segments["highway"])
    lines = segments.geometry.to_numpy()
    paths = [_path(lines[classes == k], frame) for k in range(len(_STREETS))]
    looks = [(c, w) for c, w, _, _ in _STREETS], [(c, w) for _, _, c, w in _STREETS]
    for layer in looks:
        for path, (color, width) in zip(paths, layer, strict=True):
            if path and color:
                yield (
                    f'<path d="{path}" fill="none" stroke="{color}" stroke-width="{width}" '
                    'stroke-linecap="round" stroke-linejoin="round"/>'
                )


def _outlines(
    shapes: Iterable[shapely.Geometry], frame: _Frame, color: str, width: float, dash: str
) -> Iterator[str]:
    path = _path(np.array(list(shapes), dtype=object), frame)
    if path:
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        yield f'<path d="{path}" fill="none" stroke="{color}" stroke-width="{width}"{dashes}/>'


def _path(shapes: NDArray[np.object_], frame: _Frame) -> str:
    """Return the `d` of an SVG path for lines and polygons; equal neighbours are written once."""
    lines = shapely.get_parts(np.asarray(shapes, dtype=object))
    kinds = shapely.get_type_id(lines)
    rings = shapely.get_rings(lines[kinds == shapely.GeometryType.POLYGON])
    drawn = [*rings, *lines[kinds == shapely.GeometryType.LINESTRING]]
    return "".join(_moves(frame.pixels(shapely.get_coordinates(line))) for line in drawn)


def _moves(pixels: NDArray[np.float64]) -> str:
    points = [f"{x:.1f} {y:.1f}" for x, y in pixels]
    return "M" + "L".join(p for i, p in enumerate(points) if i == 0 or p != points[i - 1])


def _marks(marks: Iterable[content.Mark], frame: _Frame) -> Iterator[str]:
    for mark in marks:
        y, x = mark.at  # metric tables: `at` holds y then x in metres
        px, py = frame.pixels(np.array([[x, y]]))[0]
        if mark.style == "proposition":
            yield f'<path d="{_star(px, py)}" fill="#ffd84d" stroke="#111111" stroke-width="2"/>'
            continue
        yield (
            f'<rect x="{px - 12:.1f}" y="{py - 12:.1f}" width="24" height="24" rx="4" '
            'fill="#1d2530" stroke="#ffffff" stroke-width="2"/>'
        ) + _text(px, py + 5.5, mark.label, size=16, color="#ffffff")


def _star(x: float, y: float) -> str:
    turns = np.arange(10) * np.pi / 5
    radius = np.where(np.arange(10) % 2, 8.0, 19.0)
    corners = np.column_stack([x + radius * np.sin(turns), y - radius * np.cos(turns)])
    return _moves(corners) + "Z"


def _gap_numbers(gaps: Sequence[Gap], cells: gpd.GeoDataFrame, frame: _Frame) -> Iterator[str]:
    for gap, shape in zip(gaps, content.gap_shapes(gaps, cells), strict=True):
        if shape.is_empty:
            continue
        middle = shape.representative_point()
        x, y = frame.pixels(np.array([[middle.x, middle.y]]))[0]
        yield (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="15" fill="#ffffff" stroke="#111111" '
            'stroke-width="2.5"/>'
        ) + _text(x, y + 6, str(gap.rank), size=17)


def _text(
    x: float, y: float, text: str, *, size: float, color: str = "#111111", anchor: str = "middle"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{color}" '
        f'font-weight="{"bold" if anchor == "middle" else "normal"}">{escape(text)}</text>'
    )


def _legend(theme: Theme, frame: _Frame, settings: Settings) -> Iterator[str]:
    top = frame.height + 26
    yield _text(_MARGIN, top, theme.title, size=17, anchor="start")
    shown = [entry for entry in theme.legend if entry.squares]
    for n, entry in enumerate(shown):
        x, y = _MARGIN + 385 * (n % 3), top + 22 + 25 * (n // 3)
        yield (
            f'<rect x="{x:.1f}" y="{y - 12:.1f}" width="16" height="16" fill="{entry.color}" '
            'stroke="#666666"/>'
        ) + _text(x + 23, y + 2, entry.label, size=14, anchor="start")
    y = top + 24 + 25 * -(-len(shown) // 3)
    yield _text(_MARGIN, y, _SIGNS, size=13, anchor="start")
    said = " ".join([*banners(settings), f"{sources(settings)}."])
    yield _text(_MARGIN, y + 23, said, size=13, color="#4d5663", anchor="start")
    yield from _scale_bar(frame)


def _scale_bar(frame: _Frame) -> Iterator[str]:
    metres = next((m for m in _BARS_M if m * frame.scale <= _WIDTH / 6), _BARS_M[-1])
    length, y = metres * frame.scale, frame.height - 14
    yield (
        f'<path d="M{_MARGIN:.1f} {y - 6:.1f}v6h{length:.1f}v-6" fill="none" stroke="#111111" '
        'stroke-width="2"/>'
    )
    yield _text(_MARGIN + length + 8, y + 1, distance(metres), size=14, anchor="start")
