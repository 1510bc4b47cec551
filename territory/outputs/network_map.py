"""The map « Contrôle du réseau »: streets and their pieces, what cuts them, and every fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from territory.io.atomic import write_text
from territory.outputs import map_content as content
from territory.outputs.map_page import (
    Controls,
    MapFigure,
    Marks,
    OfflineMap,
    PackedLayer,
    PackedShape,
)
from territory.outputs.map_tables import banners, sources
from territory.outputs.network_faults import KINDS, Fault, network_faults, people
from territory.outputs.network_report import FIRST, network_summary
from territory.outputs.packed_layer import pack, pack_classes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from folium.map import Layer

    from territory.network.audit import NetworkAudit
    from territory.settings import Settings

SHOWN = 100  # faults of one kind with a sign and a row in the tables; all are drawn as lines
_BARRIERS = ("rail", "water", "motorway")
# widths in pixels at zoom 11, 12, ... 17 and beyond
_THIN = [0.4, 0.6, 0.8, 1.2, 1.8, 2.4, 3]
_BOLD = [1.2, 1.6, 2.2, 3, 4, 5, 6]
_LINKED = "TCIR"  # kinds drawn as the link that is missing, in the order of _LINKS
_LOOKS = {
    "H": "carreau", "M": "morceau", "T": "lien", "I": "lien", "C": "cote", "L": "carreau",
    "R": "trou",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """Lines or squares of one layer, with the class (a position in `styles`) of each, 0 if none."""

    name: str
    shapes: gpd.GeoSeries
    styles: Sequence[Mapping[str, object]]
    classes: Sequence[int] = ()
    filled: bool = False


def _line(color: str, widths: Sequence[float]) -> dict[str, object]:
    return {"color": color, "casing": "", "widths": widths}


_CELLS = [{"color": "#f2b8a0"}]
_STREETS = [_line("#8d949c", _THIN)]
_APART = [_line("#0072b2", _BOLD)]
_CUTS = [_line(color, _BOLD) for color in ("#111111", "#4aa3df", "#c99700")]
_LINKS = [_line(color, _BOLD) for color in ("#c1121f", "#a83c7c", "#c1121f", "#00785a")]


def write_network_map(
    path: Path,
    *,
    found: NetworkAudit,
    segments: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame | None,
    settings: Settings,
) -> Path:
    """
    Write the audit as one self-contained French HTML file; return `path`.

    `segments` (tables.SEGMENTS), `barriers` and the audit are in the metric CRS of `settings`. The
    page asks nothing of any server and says in tables what it draws. Same content, same bytes;
    written beside, then renamed. Raises MissingSource (French) when Leaflet is not installed.
    """
    faults = network_faults(found)
    figure = MapFigure(_context(found, faults, settings), page="network_page.html")
    page = OfflineMap(figure, _bounds(segments), attribution=sources(settings))
    squares = PackedShape(pack(np.zeros(0, object)))  # a click on the ground says nothing
    squares.add_to(page)
    overlays: list[tuple[str, Layer, str]] = [
        (drawn.name, _packed(page, drawn), "")
        for drawn in _drawn(found, faults, segments, barriers)
        if len(drawn.shapes)
    ]
    overlays.append(("Contrôle du réseau", _signs(page, found, faults), ""))
    Controls([], overlays, squares, []).add_to(page)
    return write_text(path, figure.render())


def _drawn(
    found: NetworkAudit,
    faults: Sequence[Fault],
    segments: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame | None,
) -> list[_Drawn]:
    cut = found.pieces.iloc[:0] if barriers is None else barriers.sort_index()
    links = [f for f in faults if f.kind in _LINKED]
    lines = gpd.GeoSeries([f.geometry for f in links], crs=found.pieces.crs)
    kinds = [_BARRIERS.index(k) if k in _BARRIERS else 0 for k in cut.get("kind", ())]
    return [
        _Drawn("Carreaux mal ou pas atteints", found.unreached.geometry, _CELLS, filled=True),
        _Drawn("Rues", segments.sort_index().geometry, _STREETS),
        _Drawn("Morceaux séparés", found.pieces.geometry, _APART),
        _Drawn("Voies ferrées, eau, autoroutes", cut.geometry, _CUTS, kinds),
        _Drawn("Liens qui manquent", lines, _LINKS, [_LINKED.index(f.kind) for f in links]),
    ]


def _context(found: NetworkAudit, faults: Sequence[Fault], settings: Settings) -> dict[str, object]:
    kinds = {kind: _ranked(faults, kind) for kind in KINDS}
    first = [f for f in faults if f.rank <= FIRST and f.residents != 0]
    return {
        "title": f"{settings.ground.name} – contrôle du réseau piéton",
        "banners": banners(settings),
        "attribution": f"Sources : {sources(settings)}.",
        "summary": network_summary(found),
        "first": [_row(f) for f in first],
        "known": not pd.isna(found.residents),
        "looks": _LOOKS,
        "signs": [(kind, name) for kind, (name, _) in KINDS.items() if kinds[kind]],
        "blocks": [
            {
                "name": KINDS[kind][1],
                "count": len(rows),
                "rows": [_row(f) for f in rows[:SHOWN]],
            }
            for kind, rows in kinds.items()
            if rows
        ],
    }


def _row(fault: Fault) -> dict[str, str]:
    return {
        "key": fault.key,
        "title": fault.title,
        "fact": fault.fact,
        "todo": fault.todo,
        "people": people(fault.residents),
    }


def _ranked(faults: Sequence[Fault], kind: str) -> list[Fault]:
    return sorted((f for f in faults if f.kind == kind), key=lambda f: f.rank)


def _bounds(segments: gpd.GeoDataFrame) -> tuple[tuple[float, float], tuple[float, float]]:
    """Frame the middle 98 % of the streets: one way that leaves far away must not shrink a town."""
    xy = shapely.get_coordinates(segments.to_crs(content.WGS84).geometry.to_numpy())
    if not len(xy):
        return (42.0, -5.0), (51.2, 8.5)
    (west, south), (east, north) = np.quantile(xy, [0.01, 0.99], axis=0).round(5).tolist()
    return (south, west), (north, east)


def _packed(page: OfflineMap, drawn: _Drawn) -> PackedLayer:
    shape = PackedShape(pack(drawn.shapes.to_crs(content.WGS84).to_numpy()))
    shape.add_to(page)
    classes = np.array(drawn.classes or [0] * len(drawn.shapes), np.uint8)
    options: dict[str, Any] = {"pane": "carreaux", "opacity": 0.8} if drawn.filled else {}
    layer = PackedLayer(
        shape,
        pack_classes(classes),
        name=drawn.name,
        styles=drawn.styles,
        filled=drawn.filled,
        **options,
    )
    layer.add_to(page)
    return layer


def _signs(page: OfflineMap, found: NetworkAudit, faults: Sequence[Fault]) -> folium.FeatureGroup:
    group = folium.FeatureGroup(name="Contrôle du réseau")
    group.add_to(page)
    shown = [f for kind in KINDS for f in _ranked(faults, kind)[:SHOWN]]
    spots = [f.geometry.representative_point() for f in shown]
    at = content.degrees(((p.x, p.y) for p in spots), found.pieces.crs.to_epsg())
    marks = [
        content.Mark(f.key, where, f.key, f"reseau {_LOOKS[f.kind]}{_small(f)}", _card(f))
        for f, where in zip(shown, at, strict=True)
    ]
    Marks(marks).add_to(group)
    return group


def _small(fault: Fault) -> str:
    """Return the look of the faults that are mere dots until one comes nearer."""
    return " second" if fault.rank > FIRST else ""


def _card(fault: Fault) -> content.Note:
    return content.Note(fault.title, (fault.fact, f"Que faire : {fault.todo}"))
