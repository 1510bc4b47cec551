"""What walking needs of an extract is still there once it was cut: gates, squares, water."""

from __future__ import annotations

from typing import TYPE_CHECKING

import osmium
from pandas.testing import assert_frame_equal
from shapely.geometry import box

from territory.fetch.cut_streets import cut_streets
from territory.io.streets import read_streets
from tests.fetch.grounds import area
from tests.io.small_streets import CORNER, Town, saved

if TYPE_CHECKING:
    from pathlib import Path

STREET = {"highway": "residential"}
SQUARE = {"type": "multipolygon", "highway": "pedestrian", "name": "Place"}
TOWN = Town(
    {
        1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (0, 100), 5: (-50, -50), 6: (150, 150),
        7: (200, 200), 8: (0, 300), 9: (300, 300), 20: (90_000, 0), 21: (90_100, 0),
    },
    {
        1: ([1, 2, 3], {}),
        2: ([3, 4, 1], {"building": "no"}),
        10: ([1, 5], STREET),
        11: ([3, 6, 7], STREET),
        12: ([8, 9], {"waterway": "canal"}),
        13: ([8, 4, 9, 8], {"natural": "water"}),
        14: ([8, 2, 9, 8], {"natural": "wood"}),
        15: ([20, 21], STREET),
    },
    {6: {"barrier": "gate", "access": "private", "note": "quelqu'un"}, 20: {"barrier": "wall"}},
    {5: ([1, 2], SQUARE), 6: ([15], SQUARE)},
)  # fmt: skip


def test_gates_squares_and_water_outlive_the_cut(tmp_path: Path) -> None:
    ground = area()
    east, north = ground.around.centroid.coords[0]
    moved = {n: (x + east - CORNER[0], y + north - CORNER[1]) for n, (x, y) in TOWN.nodes.items()}
    town = Town(moved, TOWN.ways, TOWN.node_tags, TOWN.relations)
    source, target = saved(town, tmp_path / "a.osm.pbf", "osm.pbf"), tmp_path / "cut.osm.pbf"
    assert cut_streets(source, ground, target) == 6
    near = box(*ground.around.bounds)
    whole, cut = (read_streets(p, epsg=ground.epsg, inside=near)[0] for p in (source, target))
    assert_frame_equal(cut.segments, whole.segments)
    assert_frame_equal(cut.barriers, whole.barriers)
    assert (cut.nodes["osm_id"] == -1).sum() == 2
    assert cut.segments["way_id"].min() == -5
    assert cut.barriers["kind"].tolist() == ["water", "water"]
    held = {o.id: dict(o.tags) for o in osmium.FileProcessor(str(target), osmium.osm.NODE)}
    assert held[6] == {"barrier": "gate", "access": "private"}
    relations = osmium.FileProcessor(str(target), osmium.osm.RELATION)
    assert [relation.id for relation in relations] == [5]
