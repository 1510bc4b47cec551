"""Sectors on the map of the week: areas in colour, a label each, and a table that says the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import folium

from territory.outputs.french import number, percent
from territory.outputs.map_content import WGS84, Mark, Note, outlines
from territory.outputs.map_page import Marks, OfflineMap, Outline
from territory.outputs.sector_account import hours_text, where
from territory.outputs.sector_shapes import color_of, label_point, sector_frame

if TYPE_CHECKING:
    import geopandas as gpd

    from territory.model.results import Sector, SectorPlan

NAME = "Secteurs"
_FILL = 0.18
_DECIMALS = 5


def add_sectors(
    page: OfflineMap, plan: SectorPlan | None, cells: gpd.GeoDataFrame
) -> list[tuple[str, folium.FeatureGroup, str]]:
    """
    Add the sectors to `page`, hidden at first; return the overlay (name, layer, no colour), if any.

    `cells` keep tables.CELLS, in a metric CRS. Colours are told apart with every colour vision, and
    each label says who covers the area.
    """
    if plan is None:
        return []
    group = folium.FeatureGroup(name=NAME, show=False)
    group.add_to(page)
    frame = sector_frame(plan, cells)
    drawn = frame.to_crs(WGS84)
    for position, geometry in enumerate(drawn.geometry):
        color = color_of(position)
        Outline(outlines(geometry), color=color, weight=4, fill=_FILL).add_to(group)
    Marks(sector_marks(plan, frame)).add_to(group)
    return [(NAME, group, "")]


def sector_marks(plan: SectorPlan, frame: gpd.GeoDataFrame) -> list[Mark]:
    """Return the labels of the sectors of `sector_frame` (metric CRS), placed in WGS84 degrees."""
    named = {s.sector_id: s for s in plan.sectors}
    if not len(frame):
        return []
    points = frame.geometry.map(label_point).set_crs(frame.crs).to_crs(WGS84)
    return [
        Mark(
            f"secteur-{name}",
            (round(point.y, _DECIMALS), round(point.x, _DECIMALS)),
            f"{name} · {' + '.join(named[name].agents)}",
            "secteur",
            sector_note(named[name]),
        )
        for name, point in zip(frame["secteur"], points, strict=True)
    ]


def sector_note(sector: Sector) -> Note:
    """Say what a sector is: where, how many hours and of what, for how many people."""
    people = [] if sector.people is None else [f"{number(sector.people)} personnes du public"]
    held = [f"Permanences : {', '.join(sector.permanences)}"] if sector.permanences else []
    hours = f"{number(sector.load, 1)} h par semaine ({_share(sector)})"
    parts = [hours_text(sector)] if sector.hours else []
    return Note(
        f"{sector.sector_id} · {' + '.join(sector.agents)}",
        (where(sector), hours, *parts, *people, *held),
    )


def sector_blocks(plan: SectorPlan | None) -> list[dict[str, Any]]:
    """Return the table of the page that says what the layer draws, none without sectors."""
    if plan is None:
        return []
    rows = [
        (s.sector_id, " + ".join(s.agents), where(s), f"{number(s.load, 1)} h", _share(s))
        for s in plan.sectors
    ]
    return [{"name": NAME, "head": ("Secteur", "Qui", "Où", "Par semaine", "Écart"), "rows": rows}]


def _share(sector: Sector) -> str:
    sign = "+" if sector.deviation > 0 else ""
    return f"{sign}{percent(sector.deviation)} d’une part égale"
