"""Two choices of permanences on one offline map: what opens or closes, which cells gain or lose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import folium
import numpy as np

from territory.io.atomic import write_text
from territory.outputs import map_content as content
from territory.outputs.french import number
from territory.outputs.map_page import (
    Controls,
    MapFigure,
    Marks,
    OfflineMap,
    Outline,
    PackedLayer,
    PackedShape,
)
from territory.outputs.map_tables import banners, sources
from territory.outputs.packed_layer import pack, pack_classes

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from territory.settings import Settings

SAME = 0.01  # people a week of a cell, below which nothing changes
_STRONG = 0.5  # share of the largest change from which a colour is dark
CLASSES = (
    ("perd beaucoup", "#b2541a"), ("perd un peu", "#f3b98a"), ("ne change pas", "#f2f0ec"),
    ("gagne un peu", "#9cc4e4"), ("gagne beaucoup", "#1f5f99"),
)  # fmt: skip
LOOKS = {
    "ouverte": ("+", "proposition"), "fermée": ("−", "fermeture"), "quittée": ("−", "fermeture"),
    "gardée": ("P", "permanence"),
}  # fmt: skip
MOVED = ("→", "demande")


def write_compare_map(  # noqa: PLR0913 - what the page shows, by name
    path: Path,
    *,
    titles: tuple[str, str],
    sentence: str,
    rows: pd.DataFrame,
    gains: pd.Series,
    cells: gpd.GeoDataFrame,
    communes: gpd.GeoDataFrame,
    segments: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    settings: Settings,
) -> Path:
    """
    Write the difference as one self-contained French HTML file; return `path`.

    `rows` hold place_id, label, change (French) and named, `gains` [cell_id] people a week; the
    layers keep their contracts in one metric CRS. The page asks nothing of any server and says in
    tables what it draws; same content, same bytes. Raises MissingSource (French) without Leaflet.
    """
    shown = cells.sort_index()
    classes = gain_classes(gains.reindex(shown.index).fillna(0.0).to_numpy(float))
    context = {
        "title": f"{settings.ground.name} – de « {titles[0]} » à « {titles[1]} »",
        "banners": banners(settings),
        "attribution": f"Sources : {sources(settings)}.",
        "sentence": sentence,
        "rows": [(row.label, row.change) for row in rows.itertuples()],
        "legend": [
            (name, color, int((classes == n).sum())) for n, (name, color) in enumerate(CLASSES)
        ],
        "won": number(float(gains[gains > 0].sum()), 1),
        "lost": number(float(-gains[gains < 0].sum()), 1),
    }
    figure = MapFigure(context, page="compare_page.html")
    page = OfflineMap(figure, _bounds(communes, cells), attribution=sources(settings))
    shape = PackedShape(pack(shown.to_crs(content.WGS84).geometry.to_numpy()))
    shape.add_to(page)
    layer = PackedLayer(
        shape, pack_classes(classes), name="Personnes reçues",
        styles=[{"color": color} for _, color in CLASSES], filled=True, pane="carreaux",
        opacity=0.8,
    )  # fmt: skip
    layer.add_to(page)
    overlays = [
        ("Personnes reçues", layer, ""),
        ("Communes", _outlines(page, communes), ""),
        ("Permanences", _marks(page, rows, places), ""),
    ]
    Controls([], [("Rues", _streets(page, segments), ""), *overlays], shape, []).add_to(page)
    return write_text(path, figure.render())


def gain_classes(gains: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return the position in CLASSES of each gain [cells], people a week."""
    top = float(np.abs(gains).max(initial=0.0))
    strong = np.abs(gains) >= max(_STRONG * top, SAME)
    found = np.full(len(gains), 2, np.uint8)
    found[gains <= -SAME], found[gains >= SAME] = 1, 3
    found[strong & (gains < 0)], found[strong & (gains > 0)] = 0, 4
    return found


def _marks(page: OfflineMap, rows: pd.DataFrame, places: gpd.GeoDataFrame) -> folium.FeatureGroup:
    group = folium.FeatureGroup(name="Permanences")
    group.add_to(page)
    located = places.to_crs(content.WGS84).geometry
    marks = []
    for n, row in enumerate(rows.itertuples()):
        point = located.get(row.place_id)
        if not row.named or point is None or point.is_empty:
            continue
        sign, look = LOOKS.get(str(row.change), MOVED)
        note = content.Note(str(row.label), (f"Permanence {row.change}",))
        at = (round(point.y, 5), round(point.x, 5))
        marks.append(content.Mark(f"permanence-{n}", at, sign, look, note))
    Marks(marks).add_to(group)
    return group


def _outlines(page: OfflineMap, communes: gpd.GeoDataFrame) -> folium.FeatureGroup:
    group = folium.FeatureGroup(name="Communes")
    group.add_to(page)
    for geometry in communes.sort_index().to_crs(content.WGS84).geometry:
        Outline(content.outlines(geometry), color="#333333", weight=1.5, dash="1 5").add_to(group)
    return group


def _streets(page: OfflineMap, segments: gpd.GeoDataFrame) -> PackedLayer:
    streets = segments.sort_index()
    shape = PackedShape(pack(streets.to_crs(content.WGS84).geometry.to_numpy()))
    shape.add_to(page)
    thin = {"color": "#8d949c", "casing": "", "widths": [0.4, 0.5, 0.6, 0.8, 1, 1.4, 2]}
    classes = pack_classes(np.zeros(len(streets), np.uint8))
    layer = PackedLayer(shape, classes, name="Rues", styles=[thin])
    layer.add_to(page)
    return layer


def _bounds(
    communes: gpd.GeoDataFrame, cells: gpd.GeoDataFrame
) -> tuple[tuple[float, float], tuple[float, float]]:
    ground = communes if len(communes) else cells
    west, south, east, north = (float(v) for v in ground.to_crs(content.WGS84).total_bounds)
    return (round(south, 5), round(west, 5)), (round(north, 5), round(east, 5))
