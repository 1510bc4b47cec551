"""Zones for another map: where their squares are, what the table says."""

from __future__ import annotations

import json
from dataclasses import replace

import shapely

from territory.outputs.map_content import degrees
from territory.outputs.zone_geojson import zones_geojson
from tests.outputs.map_town import X0, Y0, cells, gap


def test_a_zone_is_the_union_of_its_squares_in_degrees() -> None:
    """Two squares side by side are one polygon that holds the middle of both, west to east."""
    squares = cells()
    first, second = squares.index[:2]
    found = json.loads(zones_geojson(
        (gap(1, (first, second)), replace(gap(2, ("absent",)), zone_id="Z9")), squares,
        {gap(1, (first,)).zone_id: {"Zone": "Un", "Contacts": "< 5"}, "Z9": {}},
    ))  # fmt: skip
    near, nowhere = found["features"]
    assert near["properties"] == {"Zone": "Un", "Contacts": "< 5"}
    area = shapely.from_geojson(json.dumps(near["geometry"]))
    assert area.geom_type == "Polygon"
    for square in squares.geometry.loc[[first, second]]:
        latitude, longitude = degrees([(square.centroid.x, square.centroid.y)], 2154)[0]
        assert area.contains(shapely.Point(longitude, latitude))
    away = degrees([(X0 + 5000, Y0)], 2154)[0]
    assert not area.contains(shapely.Point(away[1], away[0]))
    assert nowhere["geometry"] is None
