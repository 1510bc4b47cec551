"""The map of the week as one offline HTML file: zones, partners, routes, suggested site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import folium
import numpy as np
import pandas as pd
import shapely

from territory.analysis.freshness import fact_freshness
from territory.analysis.zone_shapes import zone_shapes
from territory.io.atomic import write_text
from territory.model.results import Calibration
from territory.outputs import map_content as content
from territory.outputs.map_cells import cell_figures, cell_themes, priority_theme
from territory.outputs.map_page import (
    Arrows,
    Controls,
    MapFigure,
    Marks,
    OfflineMap,
    Outing,
    Outline,
    PackedLayer,
    PackedShape,
    Says,
    ZoneArea,
    theme_styles,
)
from territory.outputs.map_tables import page_context, sources
from territory.outputs.packed_layer import pack, pack_classes
from territory.outputs.passage_layers import (
    COLORS,
    NAME,
    passage_block,
    passage_classes,
    passage_styles,
)
from territory.outputs.role_marks import add_roles
from territory.outputs.sector_layer import add_sectors, sector_blocks
from territory.outputs.zone_cards import doubtful, zone_cards
from territory.planning.calendar import week_days

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

    from territory.model.results import Gap, SectorPlan, SitePlan, Variant
    from territory.model.week_results import Session, WeekPlan
    from territory.outputs.map_cells import Theme
    from territory.settings import Settings

_ARROW_EVERY_M = 250.0
# widths in pixels at zoom 11, 12, ... 17 and beyond
_STREET_STYLES = (
    {"color": "#ffffff", "casing": "#b9b2a6", "widths": [0.4, 0.5, 0.8, 2.4, 3, 4.5, 6]},
    {"color": "#a79f92", "casing": "", "widths": [0, 0, 0.4, 0.7, 1, 1.4, 2]},
    {"color": "#fff3c4", "casing": "#a79f92", "widths": [0.8, 1, 1.6, 3, 4.5, 6, 8]},
    {"color": "#ffd98a", "casing": "#96825a", "widths": [1.2, 1.6, 2.4, 3.6, 5.5, 7, 9]},
)


def write_map(  # noqa: PLR0913 - every table the map draws, by name
    path: Path,
    *,
    title: str,
    communes: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    cells: gpd.GeoDataFrame,
    need: pd.DataFrame,
    access: pd.DataFrame,
    effort: pd.DataFrame,
    gaps: Sequence[Gap],
    places: gpd.GeoDataFrame,
    permanences: pd.DataFrame,
    plan: WeekPlan,
    sites: SitePlan,
    segments: gpd.GeoDataFrame,
    settings: Settings,
    passage: pd.DataFrame | None = None,
    calibration: Calibration | None = None,
    facts: pd.DataFrame | None = None,
    priority: pd.Series | None = None,
    variants: Sequence[Variant] = (),
    sectors: SectorPlan | None = None,
    roles: pd.Series | None = None,
) -> Path:
    """
    Write the map of zones and of the week to `path`, one self-contained French HTML file.

    Tables keep their contracts in the metric CRS of `settings` (need, access and effort are indexed
    by cell_id; permanences hold place_id, weekday 0-6, start_min, end_min, agents; passage, of
    `passage_table`, adds a layer of busy streets, hidden at first, relative without `calibration`;
    facts, of facts.FACT_TABLE, tell what is to be verified again; priority, of `cell_scores`, a
    colouring; `variants` unfold in the cards of the zones; `sectors` add a layer, hidden at first,
    and so do `roles`, of `place_roles`. The page asks nothing of any server, says in tables what it
    draws, leaves sensitive places out, and has the same bytes for the same content. Written beside,
    then renamed. Raises MissingSource (French) when Leaflet is not installed.
    """
    cells = cells.sort_index()
    monday = week_days(plan.week)[0]
    judged = None if facts is None else fact_freshness(facts, settings.freshness.limits, monday)
    aged = content.with_freshness(content.public_places(places), monday, judged)
    shown = aged.to_crs(content.WGS84)
    hidden = content.hidden_places(places)
    themes = [*cell_themes(cells, need, access, effort, settings)]
    themes += [] if priority is None else [priority_theme(cells, priority)]
    context = page_context(
        title=title,
        themes=themes,
        cards=zone_cards(gaps, variants, dict(communes["name"])),
        plan=plan,
        sites=sites,
        permanences=permanences,
        places=shown,
        zones=zones,
        hidden=hidden,
        settings=settings,
    )
    if passage is not None:
        context["blocks"].append(passage_block(passage, segments, calibration or Calibration()))
        context["passage_colors"] = COLORS
    context["blocks"] += sector_blocks(sectors)
    figure = MapFigure(context)
    page = OfflineMap(figure, _bounds(communes, cells), attribution=sources(settings))
    shape, layers = _add_cells(page, cells, themes)
    overlays = [
        *_add_streets(page, segments, passage),
        *add_sectors(page, sectors, cells),
        ("Quartiers prioritaires", _add_zones(page, zones, communes), ""),
        ("Zones peu couvertes", _add_gaps(page, gaps, cells, segments), ""),
        ("Partenaires", _add_marks(page, content.place_marks(shown)), ""),
        ("Permanences", _add_marks(page, content.permanence_marks(permanences, shown)), ""),
        *_add_days(page, plan, hidden, settings),
        ("Permanence proposée", _add_marks(page, content.site_marks(sites, shown)), ""),
        *add_roles(page, roles, shown),
    ]
    Controls(layers, overlays, shape, cell_figures(cells, need, access, effort, gaps)).add_to(page)
    return write_text(path, figure.render())


def _bounds(
    communes: gpd.GeoDataFrame, cells: gpd.GeoDataFrame
) -> tuple[tuple[float, float], tuple[float, float]]:
    ground = communes if len(communes) else cells
    west, south, east, north = (float(v) for v in ground.to_crs(content.WGS84).total_bounds)
    if not np.isfinite([west, south, east, north]).all():
        west, south, east, north = -5.0, 42.0, 8.5, 51.2  # metropolitan France: nothing to frame
    return (round(south, 5), round(west, 5)), (round(north, 5), round(east, 5))


def _add_cells(
    page: OfflineMap, cells: gpd.GeoDataFrame, themes: Sequence[Theme]
) -> tuple[PackedShape, list[tuple[str, PackedLayer]]]:
    shape = PackedShape(pack(cells.to_crs(content.WGS84).geometry.to_numpy()))
    shape.add_to(page)
    imputed = pack_classes(cells["imputed"].fillna(value=False).to_numpy(dtype=np.uint8))
    layers = []
    for n, theme in enumerate(themes):
        layer = PackedLayer(
            shape,
            pack_classes(theme.classes),
            name=theme.name,
            show=n == 0,
            styles=theme_styles(theme),
            filled=True,
            marked=imputed,
            pane="carreaux",
            opacity=0.8,
        )
        layer.add_to(page)
        layers.append((theme.name, layer))
    return shape, layers


def _add_streets(
    page: OfflineMap, segments: gpd.GeoDataFrame, passage: pd.DataFrame | None
) -> list[tuple[str, PackedLayer, str]]:
    """Add the streets and, hidden at first, how busy they are: one shape, two colourings."""
    streets = segments.sort_index()
    shape = PackedShape(pack(streets.to_crs(content.WGS84).geometry.to_numpy()))
    shape.add_to(page)
    classes = pack_classes(content.street_classes(streets["highway"]))
    layer = PackedLayer(shape, classes, name="Rues", styles=_STREET_STYLES)
    layer.add_to(page)
    if passage is None:
        return [("Rues", layer, "")]
    walked = pack_classes(passage_classes(passage, streets.index))
    busy = PackedLayer(shape, walked, name=NAME, show=False, styles=passage_styles(), zIndex=2)
    busy.add_to(page)
    return [("Rues", layer, ""), (NAME, busy, COLORS[-1])]


def _add_zones(
    page: OfflineMap, zones: gpd.GeoDataFrame, communes: gpd.GeoDataFrame
) -> folium.FeatureGroup:
    group = _group(page, "Quartiers prioritaires")
    for geometry in communes.sort_index().to_crs(content.WGS84).geometry:
        Outline(content.outlines(geometry), color="#333333", weight=1.5, dash="1 5").add_to(group)
    drawn = zones.sort_index().to_crs(content.WGS84)
    for kind, geometry in zip(drawn["kind"], drawn.geometry, strict=True):
        dash = "8 4" if kind == "qpv" else "2 4"
        Outline(content.outlines(geometry), color="#5b3b8c", weight=2.5, dash=dash).add_to(group)
    Marks(_zone_labels(drawn)).add_to(group)
    return group


def _zone_labels(drawn: gpd.GeoDataFrame) -> list[content.Mark]:
    marks = []
    points = drawn.geometry.representative_point()
    for code, kind, name in zip(drawn.index, drawn["kind"], drawn["name"], strict=True):
        label = f"{str(kind).upper()} {code if pd.isna(name) else name}"
        at = (round(points[code].y, 5), round(points[code].x, 5))
        marks.append(content.Mark(f"quartier-{code}", at, label, "quartier", content.Note(label)))
    return marks


def _add_gaps(
    page: OfflineMap,
    gaps: Sequence[Gap],
    cells: gpd.GeoDataFrame,
    segments: gpd.GeoDataFrame,
) -> folium.FeatureGroup:
    group = _group(page, "Zones peu couvertes")
    shapes = zone_shapes({g.zone_id: g.cells for g in gaps}, cells, segments)
    marks = []
    for gap, geometry in zip(gaps, shapes.to_crs(content.WGS84), strict=True):
        if geometry.is_empty:
            continue
        key = f"zone-{gap.rank}"
        ZoneArea(content.outlines(geometry), key, doubtful=doubtful(gap)).add_to(group)
        middle = max(shapely.get_parts(geometry), key=shapely.area).representative_point()
        at = (round(middle.y, 5), round(middle.x, 5))
        marks.append(content.Mark(key, at, str(gap.rank), "zone", content.gap_note(gap)))
    Marks(marks).add_to(group)
    return group


def _add_marks(page: OfflineMap, marks: list[content.Mark]) -> folium.FeatureGroup:
    group = _group(page, marks[0].style if marks else "vide")
    Marks(marks).add_to(group)
    return group


def _add_days(
    page: OfflineMap, plan: WeekPlan, hidden: frozenset[str], settings: Settings
) -> list[tuple[str, folium.FeatureGroup, str]]:
    overlays = []
    for day in content.days_of(plan, hidden):
        group = _group(page, day.name)
        for session in day.sessions:
            _add_session(group, session, day, settings.ground.epsg)
        overlays.append((f"Maraudes du {day.name}", group, day.color))
    return overlays


def _add_session(
    of_day: folium.FeatureGroup, session: Session, day: content.DayRoutes, epsg: int
) -> None:
    group, key = folium.FeatureGroup(), content.session_key(session)
    group.add_to(of_day)
    Outing(key).add_to(group)
    line = content.degrees(session.path, epsg)
    if len(line) > 1:
        _line(line, color="#ffffff", weight=8).add_to(group)
        route = _line(line, color=day.color, weight=4.5)
        Says(content.session_note(session), key).add_to(route)
        route.add_to(group)
        Arrows(_arrow_rows(session, epsg), day.color).add_to(group)
    stops = content.degrees(((s.x, s.y) for s in session.stops), epsg)
    for position, at in enumerate(stops):
        label = f"{day.short} {session.stops[position].order}"
        html = f'<span class="signe pose arret" style="background:{day.color}">{label}</span>'
        marker = folium.Marker(at, icon=folium.DivIcon(html=html, icon_size=(0, 0)))
        stop_key = content.stop_key(session, session.stops[position])
        Says(content.stop_note(session, position), stop_key).add_to(marker)
        marker.add_to(group)


def _line(line: list[tuple[float, float]], *, color: str, weight: float) -> folium.PolyLine:
    return folium.PolyLine(line, color=color, weight=weight)  # type: ignore[no-untyped-call]


def _arrow_rows(session: Session, epsg: int) -> list[tuple[float, float, int]]:
    found = content.arrows(session.path, _ARROW_EVERY_M)
    at = content.degrees(((x, y) for x, y, _ in found), epsg)
    return [(lat, lng, heading) for (lat, lng), (_, _, heading) in zip(at, found, strict=True)]


def _group(page: OfflineMap, name: str) -> folium.FeatureGroup:
    group = folium.FeatureGroup(name=name)
    group.add_to(page)
    return group
