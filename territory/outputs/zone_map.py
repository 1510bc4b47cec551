"""The plan of a zone printed on its page: its edge, its streets and their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.outputs.street_plan import (
    area,
    furniture,
    labels,
    named_pieces,
    outline,
    page,
    reserved,
    streets,
    view_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

_TEXT = 41  # drawing units: 9 points and a half on the page


def zone_map(
    zone: BaseGeometry, segments: gpd.GeoDataFrame, names: Sequence[str], *, attribution: str
) -> str:
    """
    Return an SVG of a zone and its streets: same zone, same text, whatever the order of `segments`.

    `zone` (not empty) and `segments` (SEGMENTS) share one metric CRS; `names` are the streets to
    write where there is room, first ones first.
    """
    west, south, east, north = zone.bounds
    view = view_of([(west, south), (east, north)])
    near = view.near(segments)
    inside = named_pieces(near[near.geometry.intersects(zone)], names, view)
    written, _ = labels(inside, reserved(view, _TEXT, attribution), _TEXT, view)
    parts = [
        *area(zone, view),
        *streets(near, view),
        *outline(zone, view),
        *written,
        *furniture(view, _TEXT, attribution),
    ]
    return page(view, parts)
