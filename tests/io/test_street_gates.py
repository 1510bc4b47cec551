"""Gates, escalators, light and barriers: the same in every form of the same town."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import TYPE_CHECKING

import networkx as nx
import osmnx
import pytest
from pandas.testing import assert_frame_equal

from territory.io.streets import read_streets
from territory.model.tables import BARRIERS, SEGMENTS, check_table
from tests.io.small_streets import FORMS, Town, read, saved

if TYPE_CHECKING:
    from pathlib import Path

    from territory.model.streets import Streets

STREET = {"highway": "residential"}
PATH = {"highway": "footway"}
GATE = {"barrier": "gate", "access": "private"}
# Street 1-2-3; a path 2-4-5 with a gate at 4; 5-6 goes on.
LANE = Town(
    {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (100, 50), 5: (100, 100), 6: (100, 150)},
    {10: ([1, 2, 3], STREET), 11: ([2, 4, 5], PATH), 12: ([5, 6], PATH)},
)


def pieces(streets: Streets) -> list[list[int]]:
    """Return the OSM nodes of each piece, smallest first."""
    graph = nx.Graph(streets.segments[["tail", "head"]].to_numpy().tolist())
    osm = streets.nodes["osm_id"]
    return sorted(sorted(osm[list(piece)]) for piece in nx.connected_components(graph))


@pytest.mark.parametrize("form", FORMS)
def test_a_closed_gate_parts_the_way_in_every_form(form: str) -> None:
    shut = read(replace(LANE, node_tags={4: GATE}), form)
    open_ = read(replace(LANE, node_tags={4: {"barrier": "gate"}}), form)
    graph = nx.Graph(shut.segments[["tail", "head"]].to_numpy().tolist())
    assert nx.number_connected_components(graph) == 2
    assert (len(shut.segments), len(open_.segments)) == (5, 4)
    assert shut.segments["length_m"].sum() == pytest.approx(open_.segments["length_m"].sum())


def test_the_two_sides_of_a_gate_are_two_nodes_in_one_place() -> None:
    streets = read(replace(LANE, node_tags={4: GATE}))
    sides = streets.nodes[streets.nodes["osm_id"] == -1]
    assert len(sides) == 2
    assert len(sides[["x", "y"]].drop_duplicates()) == 1
    assert pieces(streets) == [[-1, 1, 2, 3], [-1, 5, 6]]


def test_two_ways_that_meet_at_a_wall_are_parted() -> None:
    streets = read(replace(LANE, node_tags={5: {"barrier": "wall"}}))
    assert pieces(streets) == [[-1, 1, 2, 3], [-1, 6]]


def test_a_gate_drawn_on_a_junction_closes_nothing() -> None:
    streets = read(replace(LANE, node_tags={2: GATE}))
    assert pieces(streets) == [[1, 2, 3, 5, 6]]


def test_a_ring_closed_by_a_gate_stays_a_line() -> None:
    ring = Town({1: (0, 0), 2: (50, 0), 3: (0, 50)}, {7: ([1, 2, 3, 1], PATH)}, {1: GATE})
    streets = read(ring)
    assert len(streets.segments) == 1
    assert streets.segments["tail"].ne(streets.segments["head"]).all()


def moving(tags: dict[str, str]) -> Town:
    return Town({1: (0, 0), 2: (0, 30)}, {5: ([1, 2], tags)})


@pytest.mark.parametrize("form", FORMS)
def test_escalators_and_light_in_every_form(form: str) -> None:
    streets = read(moving({"highway": "steps", "conveying": "backward", "lit": "yes"}), form)
    assert streets.segments[["one_way", "lit", "steps"]].to_numpy().tolist() == [[-1, True, True]]
    streets = read(moving({"highway": "path", "oneway": "yes", "lit": "no"}), form)
    assert streets.segments[["one_way", "lit"]].to_numpy().tolist() == [[0, False]]
    assert read(moving(PATH), form).segments["lit"].isna().all()
    check_table(streets.segments, SEGMENTS)


@pytest.mark.parametrize("turned", [False, True])
def test_a_graph_keeps_the_direction_of_an_escalator(tmp_path: Path, turned: bool) -> None:
    """The way climbs from node 1 to node 2; the graph holds it from both ends or from one."""
    graph = nx.MultiDiGraph(crs="epsg:4326")
    graph.add_node(1, x=2.5, y=48.9)
    graph.add_node(2, x=2.4, y=48.9)
    for tail, head, against in ((1, 2, False), (2, 1, True)):
        if against is turned or not turned:
            graph.add_edge(
                tail, head, osmid=5, highway="steps", length=9.0, reversed=against,
                conveying="forward",
            )  # fmt: skip
    osmnx.save_graphml(graph, tmp_path / "a.graphml")
    streets, _ = read_streets(tmp_path / "a.graphml")
    way = streets.segments.iloc[0]
    ends = streets.nodes["osm_id"].loc[[way["tail"], way["head"]]].tolist()
    assert len(streets.segments) == 1
    assert ends[:: way["one_way"]] == [1, 2]


NAMED = {"waterway": "canal", "name": "Canal de l'Ourcq"}
BANKS = Town(
    {1: (0, 0), 2: (200, 0), 3: (0, 40), 4: (200, 40), 5: (0, 80), 6: (200, 80), 7: (0, 120)},
    {
        10: ([1, 2], STREET),
        20: ([3, 4], NAMED),
        21: ([5, 6], {"railway": "rail"}),
        22: ([5, 7], {"railway": "tram"}),
        23: ([6, 7], {"highway": "motorway", "name": "A 3"}),
        24: ([3, 7], {"railway": "rail", "tunnel": "yes"}),
    },
)


@pytest.mark.parametrize("form", FORMS)
def test_what_stops_walkers_comes_beside_the_streets(form: str) -> None:
    streets = read(BANKS, form)
    check_table(streets.barriers, BARRIERS)
    found = streets.barriers.fillna({"name": "-"})
    assert found[["kind", "name"]].to_numpy().tolist() == [
        ["water", "Canal de l'Ourcq"], ["rail", "-"], ["motorway", "A 3"],
    ]  # fmt: skip
    assert found.length.round().tolist() == [200, 200, 204]
    assert streets.segments["way_id"].tolist() == [10]


@pytest.mark.parametrize("form", ["osm", "osm.pbf", "json"])
def test_the_outline_of_a_lake_drawn_by_several_ways(form: str) -> None:
    lake = replace(
        BANKS,
        ways={10: BANKS.ways[10], 30: ([3, 4, 6], {}), 31: ([6, 5, 3], {"leisure": "track"})},
        relations={9: ([30, 31], {"type": "multipolygon", "natural": "water", "name": "Lac"})},
    )
    barriers = read(lake, form).barriers
    assert barriers["kind"].tolist() == ["water", "water"]
    assert barriers["name"].tolist() == ["Lac", "Lac"]


def test_barriers_far_from_the_territory_are_left_out() -> None:
    near = read(BANKS)
    area = near.segments.geometry.union_all()
    few = read(BANKS, inside=area, margin_m=50)
    assert few.barriers["kind"].tolist() == ["water"]
    assert read(LANE).barriers.empty
    check_table(read(LANE).barriers, BARRIERS)


def test_a_file_gives_the_same_whatever_its_order(tmp_path: Path) -> None:
    town = replace(LANE, ways=LANE.ways | BANKS.ways, nodes=LANE.nodes | {7: (0, 120)})
    town = replace(town, node_tags={4: GATE})
    mixed = replace(
        town,
        nodes=dict(reversed(town.nodes.items())),
        ways=dict(reversed(town.ways.items())),
    )
    one, two = read(town), read(mixed)
    assert_frame_equal(one.segments, two.segments)
    assert_frame_equal(one.nodes, two.nodes)
    assert_frame_equal(one.barriers, two.barriers)
    packed = saved(mixed, tmp_path / "a.osm.gz", "osm.gz")
    assert gzip.decompress(packed.read_bytes()).startswith(b"<?xml")
    assert_frame_equal(one.segments, read_streets(packed)[0].segments)
