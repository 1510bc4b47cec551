"""Real extracts: gates, squares, escalators and barriers as counted beside the reader."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import osmium
import pytest
import shapely
from pyproj import Transformer

from territory.io.streets import read_streets
from territory.model.tables import BARRIERS, NODES, SEGMENTS, check_table
from tests.real_data import real_file

if TYPE_CHECKING:
    from territory.model.streets import Streets


@pytest.fixture(scope="module")
def heidelberg() -> Streets:
    return read_streets(real_file("osm/heidelberg.osm.pbf"), epsg=25832)[0]


def test_tables_of_a_city_keep_their_contracts(heidelberg: Streets) -> None:
    check_table(heidelberg.segments, SEGMENTS, epsg=25832)
    check_table(heidelberg.nodes, NODES)
    check_table(heidelberg.barriers, BARRIERS, epsg=25832)
    assert set(heidelberg.barriers["kind"]) == {"rail", "motorway"}  # the extract holds no water
    ends = heidelberg.segments[["tail", "head"]]
    assert ends.min().min() >= 0
    assert ends.max().max() < len(heidelberg.nodes)


def test_escalators_of_a_city(heidelberg: Streets) -> None:
    """Four ways are stairs that run one way in the extract."""
    bound = heidelberg.segments[heidelberg.segments["one_way"] != 0]
    assert bound["way_id"].nunique() == 4
    assert bound["steps"].all()
    assert 0.2 < heidelberg.segments["lit"].isna().mean() < 1


def test_gates_of_a_city_part_their_ways(heidelberg: Streets) -> None:
    """Judge: closed gates on the way, read one by one; their two sides are in one place."""
    sides = heidelberg.nodes[heidelberg.nodes["osm_id"] == -1]
    places = sides.groupby(["x", "y"]).size()
    barriers = osmium.FileProcessor(str(real_file("osm/heidelberg.osm.pbf")), osmium.osm.NODE)
    private = {
        node.id
        for node in barriers.with_filter(osmium.filter.TagFilter(("barrier", "gate")))
        if node.tags.get("access") in {"private", "no"} and "foot" not in node.tags
    }
    assert 30 < (places == 2).sum() < places.size < 200  # most end a drive there
    joined = heidelberg.nodes.loc[heidelberg.nodes["osm_id"].isin(private)].index
    arms = heidelberg.segments[["tail", "head"]].stack().value_counts()
    assert (arms.reindex(joined) > 2).all()  # left only where it stands on a junction


def test_walks_across_the_squares_of_a_town_stay_inside_them() -> None:
    path = real_file("osm/bondy_highways_2023.geojson")
    segments = read_streets(path)[0].segments
    place = Transformer.from_crs(4326, 2154, always_xy=True).transform
    squares = {
        f["properties"]["@id"]: shapely.transform(
            shapely.from_geojson(json.dumps(f["geometry"])), place, interleaved=False
        )
        for f in json.loads(path.read_text(encoding="utf-8"))["features"]
        if f["geometry"]["type"] == "Polygon"
    }
    crossed = 0
    for name, square in squares.items():
        kind, _, number = name.partition("/")
        way = -int(number) if kind == "relation" else int(number)
        lines = segments.geometry[segments["way_id"] == way]
        assert lines.within(square.buffer(0.02)).all()
        crossed += int((~lines.within(square.boundary.buffer(0.02))).sum())
    assert crossed > 300
    assert "Place Édith Piaf" in set(segments.loc[segments["way_id"] < 0, "name"])


def test_the_canal_of_a_quarter_and_the_motorways_of_a_town() -> None:
    quarter, _ = read_streets(real_file("osm/bondy_pasteur_2022.osm"))
    assert (quarter.barriers["kind"] == "water").sum() == 6
    assert "Canal de l'Ourcq" in set(quarter.barriers["name"])
    town, _ = read_streets(real_file("osm/bondy_highways_2023.geojson"))
    assert set(town.barriers["kind"]) == {"motorway"}
