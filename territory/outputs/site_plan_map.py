"""The plan of the permanences printed on the note: what is held, proposed, possible, asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import shapely

from territory.outputs.place_roles import (
    CANDIDATE,
    CLOSING,
    FORBIDDEN,
    HELD,
    ORDER,
    PROPOSED,
    REQUIRED,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd
    import pandas as pd

WIDTH, HEIGHT = 1000, 1120  # drawing units; the note scales them to 84 mm
_MARGIN, _LEGEND = 30, 56  # the second for each line of the legend
_TEXT, _LETTER = 39, 0.62  # units: 9 points on the note; width of a letter, for one unit of text
_MAIN = ("motorway", "trunk", "primary", "secondary", "tertiary")
_SIGNS = {PROPOSED: "★", HELD: "P", CLOSING: "P", REQUIRED: "D", FORBIDDEN: "✕", CANDIDATE: ""}
_SIZE = {PROPOSED: 30.0, HELD: 26.0, CLOSING: 26.0, REQUIRED: 26.0, FORBIDDEN: 24.0,
         CANDIDATE: 11.0}  # fmt: skip

Frame = tuple[float, float, float]  # west, north (metres), drawing units a metre


def site_drawing(
    roles: pd.Series,
    places: gpd.GeoDataFrame,
    communes: gpd.GeoDataFrame,
    segments: gpd.GeoDataFrame,
    *,
    labels: Mapping[str, str],
) -> str:
    """
    Return an SVG legible without colour: same roles, same text.

    `roles` [place_id] come from `place_roles`; places, communes and segments (SEGMENTS) share one
    metric CRS; `labels` are written beside places by id.
    """
    located = places.geometry.reindex(roles.index)
    spots = {str(k): p for k, p in located.items() if p is not None and not p.is_empty}
    words = [w for w in ORDER if any(roles[k] == w for k in spots)]
    frame = _frame(communes, segments, _LEGEND * len(words))
    streets = segments[segments["highway"].isin(_MAIN)].sort_index()
    drawn = [(word, k) for word in reversed(ORDER) for k in spots if roles[k] == word]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="DejaVu Sans">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        *(_path(g, frame, "#8a8a8a", 2.5) for g in streets.geometry),
        *(_path(g.boundary, frame, "#222222", 3.0, "10 7") for g in communes.sort_index().geometry),
        *(_sign(word, *_at(spots[k], frame)) for word, k in drawn),
        *_labels(
            {k: _at(spots[k], frame) for _, k in drawn if k in labels},
            labels,
            [_at(spots[k], frame) for _, k in drawn],
        ),
        *_legend(words),
        "</svg>",
    ]
    return "\n".join(parts)


def _frame(communes: gpd.GeoDataFrame, segments: gpd.GeoDataFrame, legend: int) -> Frame:
    ground = communes if len(communes) else segments
    west, south, east, north = ground.total_bounds
    high = HEIGHT - 2 * _MARGIN - legend
    scale = min((WIDTH - 2 * _MARGIN) / (east - west), high / (north - south))
    across, down = WIDTH / scale - (east - west), (high + 2 * _MARGIN) / scale - (north - south)
    return float(west - across / 2), float(north + down / 2), float(scale)


def _at(point: shapely.Point, frame: Frame) -> tuple[float, float]:
    return (point.x - frame[0]) * frame[2], (frame[1] - point.y) * frame[2]


def _path(
    line: shapely.Geometry, frame: Frame, color: str, width: float, dash: str = "none"
) -> str:
    lines = [p for p in shapely.get_parts(line) if len(p.coords) > 1]
    path = " ".join(
        "M " + " L ".join(
            f"{(x - frame[0]) * frame[2]:.1f},{(frame[1] - y) * frame[2]:.1f}"
            for x, y in p.coords
        )
        for p in lines
    )  # fmt: skip
    return (
        f'<path d="{path}" fill="none" stroke="{color}" stroke-width="{width}" '
        f'stroke-dasharray="{dash}" stroke-linejoin="round"/>'
    )


def _sign(word: str, x: float, y: float) -> str:
    """Return the sign of a role: black disc, squares, a cross, small rings."""
    size, sign = _SIZE[word], _SIGNS[word]
    dark = word in {PROPOSED, HELD}
    fill, ink = ("#000000", "#ffffff") if dark else ("#ffffff", "#000000")
    dash = "6 4" if word == CLOSING else "none"
    shape = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}" '
        if word in {PROPOSED, CANDIDATE, FORBIDDEN}
        else f'<rect x="{x - size:.1f}" y="{y - size:.1f}" width="{2 * size}" height="{2 * size}" '
    )
    body = f'{shape}fill="{fill}" stroke="#000000" stroke-width="3" stroke-dasharray="{dash}"/>'
    letter = (
        f'<text x="{x:.1f}" y="{y + 0.37 * _TEXT:.1f}" font-size="{_TEXT}" '
        f'font-weight="bold" text-anchor="middle" fill="{ink}">{sign}</text>'
    )
    return body + (letter if sign else "")


def _labels(
    spots: Mapping[str, tuple[float, float]],
    labels: Mapping[str, str],
    signs: Sequence[tuple[float, float]],
) -> Iterator[str]:
    """Write each label where it hides no sign and no other label, when there is such a place."""
    taken = [shapely.Point(at).buffer(20) for at in signs]
    for place, (x, y) in sorted(spots.items(), key=lambda pair: (pair[1][1], pair[0])):
        text = labels[place]
        half = _LETTER * _TEXT / 2 * len(text) + 8
        middle = min(max(x, half + 4), WIDTH - half - 4)
        tops = (y + 36, y - 86, y + 90, y - 140, y + 144, y - 194)
        boxes = [shapely.box(middle - half, top, middle + half, top + 50) for top in tops]
        free = [b for b in boxes if not any(b.intersects(other) for other in taken)]
        box = (free or boxes)[0]
        taken.append(box)
        west, north = box.bounds[:2]
        yield (
            f'<rect x="{west:.1f}" y="{north:.1f}" width="{2 * half:.1f}" height="50" rx="6" '
            'fill="#ffffff" fill-opacity="0.9" stroke="#777777"/>'
        )
        yield (
            f'<text x="{middle:.1f}" y="{north + 38:.1f}" font-size="{_TEXT}" '
            f'text-anchor="middle">{escape(text)}</text>'
        )


def _legend(words: list[str]) -> Iterator[str]:
    for n, word in enumerate(words):
        x, y = 50, HEIGHT - _LEGEND * (len(words) - n) + _LEGEND // 2
        yield _sign(word, x, y)
        yield f'<text x="{x + 46}" y="{y + 13}" font-size="{_TEXT}">{escape(word)}</text>'
