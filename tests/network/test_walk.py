"""Points tied to streets: hand-counted walks, islands, joins, and the order of rows."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from shapely.geometry import LineString, Point

from territory.errors import BrokenTable, NoAnswer
from territory.model.tables import NODES, SEGMENTS, conform
from territory.network import walk as walked
from territory.network.audit import audit, describe
from territory.network.walk import (
    WalkNetwork,
    build_walk,
    minutes_between,
    network_arrays,
    network_from_tables,
    network_tables,
    path_between,
    with_arrays,
)

MINUTE_M = 4500 / 60  # metres walked in a minute at 4.5 km/h


def streets() -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """A 300 m street « A », stairs of 150 m going up at its end, and an island 40 m away."""
    lines = [[(0, 0), (300, 0)], [(300, 0), (300, 150)], [(340, 150), (340, 300)]]
    segments = gpd.GeoDataFrame(
        {
            "way_id": [1, 2, 3],
            "tail": [0, 1, 3],
            "head": [1, 2, 4],
            "length_m": [300.0, 150.0, 150.0],
            "highway": ["residential", "steps", "footway"],
            "name": ["rue A", None, "allée B"],
            "steps": [False, True, False],
        },
        geometry=[LineString(c) for c in lines],
        crs=2154,
    )
    xy = [(0, 0), (300, 0), (300, 150), (340, 150), (340, 300)]
    nodes = pd.DataFrame({"osm_id": range(5), "x": [p[0] for p in xy], "y": [p[1] for p in xy]})
    return conform(segments, SEGMENTS), conform(nodes, NODES)


def network(points: dict[str, tuple[float, float]], **options: float) -> WalkNetwork:
    places = gpd.GeoDataFrame(
        geometry=[Point(p) for p in points.values()], index=list(points), crs=2154
    )
    return build_walk(*streets(), places, **options)


def test_a_walk_counts_the_way_from_door_to_street() -> None:
    walk = network({"a": (75, 30), "b": (225, 0)})
    minutes = minutes_between(walk, ["a"], ["b"]).loc["a", "b"]
    assert minutes == pytest.approx((30 + 150) / MINUTE_M, abs=1e-3)


def test_stairs_are_slower() -> None:
    walk = network({"a": (300, 0), "b": (300, 150)})
    assert minutes_between(walk, ["a"], ["b"]).loc["a", "b"] == pytest.approx(300 / MINUTE_M, 1e-3)


def test_two_points_at_one_spot_and_one_at_a_crossing() -> None:
    walk = network({"a": (100, 0), "b": (100, 0), "c": (300, 0)})
    minutes = minutes_between(walk, ["a"], ["b", "c"])
    assert minutes.loc["a"].tolist() == pytest.approx([0, 200 / MINUTE_M], abs=1e-3)


def test_far_points_and_unknown_ids_are_out_of_reach() -> None:
    walk = network({"a": (75, 0), "far": (75, 900)}, snap_max_m=250)
    minutes = minutes_between(walk, ["a", "nowhere"], ["far", "a"])
    assert np.isinf(minutes.loc["a", "far"])
    assert np.isinf(minutes.loc["nowhere"]).all()
    assert walk.points.loc["far", "node"] == -1
    with pytest.raises(NoAnswer, match="Aucun chemin à pied"):
        path_between(walk, "a", "far")


def test_points_are_tied_to_the_main_piece_only() -> None:
    walk = network({"a": (0, 0), "b": (340, 160)})
    assert walk.points.loc["b", "off_m"] == pytest.approx(np.hypot(40, 10))


def test_gaps_are_joined_only_when_asked_and_listed() -> None:
    points = {"a": (0, 0), "b": (340, 290)}
    assert len(network(points).joins) == 0
    joined = network(points, join_gaps_m=50)
    assert joined.joins["gap_m"].tolist() == [40.0]
    assert joined.joins["joined_nodes"].tolist() == [2]
    assert minutes_between(joined, ["a"], ["b"]).notna().all(axis=None)


def test_the_path_names_streets_and_follows_them() -> None:
    path = path_between(network({"a": (75, 0), "b": (300, 150)}), "a", "b")
    assert path.streets == ("rue A",)
    assert path.length_m == pytest.approx(225 + 150)
    assert path.coords[0].tolist() == [75, 0]
    assert path.coords[-1].tolist() == [300, 150]
    assert np.hypot(*np.diff(path.coords, axis=0).T).sum() == pytest.approx(path.length_m)


def test_tables_round_trip() -> None:
    walk = network({"a": (75, 30), "b": (225, 0)})
    back = network_from_tables(network_tables(walk))
    ids = ["a", "b"]
    assert_frame_equal(minutes_between(walk, ids, ids), minutes_between(back, ids, ids))


def test_the_order_of_rows_changes_nothing() -> None:
    points = {"a": (75, 30), "b": (225, 0), "c": (10, 5)}
    segments, nodes = streets()
    shuffled = gpd.GeoDataFrame(
        geometry=[Point(points[k]) for k in "cab"], index=list("cab"), crs=2154
    )
    one = network(points)
    two = build_walk(segments.iloc[::-1], nodes.iloc[::-1], shuffled)
    ids = list(points)
    assert_frame_equal(minutes_between(one, ids, ids), minutes_between(two, ids, ids))


def test_the_audit_says_what_is_cut_off() -> None:
    found = audit(network({"a": (75, 0), "far": (75, 900)}))
    assert found.components["nodes"].tolist() == [3, 2]
    assert found.components["share"].iloc[0] == pytest.approx(450 / 600)
    text = "\n".join(describe(found))
    assert "2 morceaux séparés" in text
    assert "75,0 %" in text
    assert "plus grand morceau : 1 sur 2." in text


def test_pieces_are_joined_by_the_shortest_links_even_through_one_another() -> None:
    xy = [(0, 0), (100, 0), (130, 0), (140, 0), (165, 0), (175, 0), (300, 0), (305, 0)]
    pairs = [(0, 1), (2, 3), (4, 5), (6, 7)]
    segments = gpd.GeoDataFrame(
        {
            "way_id": range(4),
            "tail": [a for a, _ in pairs],
            "head": [b for _, b in pairs],
            "length_m": 10.0,
            "highway": "footway",
            "steps": False,
        },
        geometry=[LineString([xy[a], xy[b]]) for a, b in pairs],
        crs=2154,
    )
    nodes = pd.DataFrame(xy, columns=["x", "y"], dtype=float).assign(osm_id=-1)
    points = gpd.GeoDataFrame(geometry=[Point(0, 0), Point(175, 0)], index=["a", "b"], crs=2154)
    tables = conform(segments, SEGMENTS), conform(nodes, NODES), points
    walk = build_walk(*tables, join_gaps_m=80)
    assert walk.joins[["tail", "head", "gap_m"]].to_numpy().tolist() == [[2, 1, 30], [4, 3, 25]]
    assert walk.component.tolist() == [0, 0, 0, 0, 0, 0, 1, 1]
    assert np.isfinite(minutes_between(walk, ["a"], ["b"])).all(axis=None)
    assert set(walk.edges["kind"]) == {"rue", "raccord", "jonction"}


def test_the_whole_network_is_the_same_whatever_the_order_of_rows() -> None:
    points = {"a": (75, 30), "b": (225, 0), "c": (10, 5), "d": (75, 30), "e": (340, 200)}
    segments, nodes = streets()
    backwards = dict(reversed(points.items()))
    places = gpd.GeoDataFrame(
        geometry=[Point(p) for p in backwards.values()], index=list(backwards), crs=2154
    )
    one = network_tables(network(points, join_gaps_m=50))
    two = network_tables(build_walk(segments[::-1], nodes[::-1], places, join_gaps_m=50))
    back = network_tables(network_from_tables(one))
    for name, table in one.items():
        assert_frame_equal(table, two[name])
        assert_frame_equal(table, back[name])


def test_edges_are_drawn_from_tail_to_head_and_keep_the_length_of_streets() -> None:
    walk = network({"a": (75, 30), "b": (225, 0), "c": (310, 75)})
    xy = np.column_stack([walk.graph.x, walk.graph.y])
    for edge in walk.edges.itertuples():
        np.testing.assert_allclose(edge.geometry.coords, xy[[edge.tail, edge.head]])
    streets_m = walk.edges.loc[walk.edges["kind"] != "raccord", "length_m"].sum()
    assert streets_m == pytest.approx(600)


def test_a_point_without_coordinates_is_out_of_reach() -> None:
    places = gpd.GeoDataFrame(
        geometry=[Point(75, 0), None, Point()], index=["a", "b", "c"], crs=2154
    )
    walk = build_walk(*streets(), places)
    assert walk.points["node"].tolist()[1:] == [-1, -1]
    assert walk.points["off_m"].isna().tolist() == [False, True, True]


def test_tables_that_do_not_fit_are_refused_in_french() -> None:
    segments, nodes = streets()
    places = gpd.GeoDataFrame(geometry=[Point(75, 0)] * 2, index=["a", "a"], crs=2154)
    with pytest.raises(BrokenTable, match="présent deux fois"):
        build_walk(segments, nodes, places)
    with pytest.raises(BrokenTable, match="même système de coordonnées"):
        build_walk(segments, nodes, places[:1].set_crs(3857, allow_override=True))
    with pytest.raises(BrokenTable, match="absent de la table des nœuds"):
        build_walk(segments, nodes[:2], places[:1])


def test_no_street_at_all() -> None:
    segments, nodes = streets()
    places = gpd.GeoDataFrame(geometry=[Point(75, 0)], index=["a"], crs=2154)
    walk = build_walk(segments[:0], nodes[:0], places, join_gaps_m=10)
    assert walk.points["node"].tolist() == [-1]
    assert "Aucune rue : rien n'est à portée à pied." in describe(audit(walk))


def escalator(one_way: int) -> WalkNetwork:
    """A square block of 100 m sides: its west side is an escalator, tail in the south."""
    corners = [(0, 0), (0, 100), (100, 100), (100, 0)]
    ends = [(0, 1), (1, 2), (2, 3), (3, 0)]
    segments = gpd.GeoDataFrame(
        {
            "way_id": range(4),
            "tail": [a for a, _ in ends],
            "head": [b for _, b in ends],
            "length_m": 100.0,
            "highway": "footway",
            "name": list("wnes"),
            "steps": False,
            "one_way": [one_way, 0, 0, 0],
            "lit": [True, None, False, None],
        },
        geometry=[LineString([corners[a], corners[b]]) for a, b in ends],
        crs=2154,
    )
    nodes = pd.DataFrame({"osm_id": range(4), "x": [0, 0, 100, 100], "y": [0, 100, 100, 0]})
    spots = {"low": (0, 10), "high": (0, 90), "east": (100, 50)}
    places = gpd.GeoDataFrame(
        geometry=[Point(p) for p in spots.values()], index=list(spots), crs=2154
    )
    return build_walk(conform(segments, SEGMENTS), conform(nodes, NODES), places)


@pytest.mark.parametrize(("one_way", "up_m", "down_m"), [(1, 80, 320), (-1, 320, 80), (0, 80, 80)])
def test_an_escalator_is_taken_one_way_only(one_way: int, up_m: float, down_m: float) -> None:
    walk = escalator(one_way)
    minutes = minutes_between(walk, ["low", "high"], ["low", "high"])
    assert minutes.loc["low", "high"] == pytest.approx(up_m / MINUTE_M, abs=1e-3)
    assert minutes.loc["high", "low"] == pytest.approx(down_m / MINUTE_M, abs=1e-3)
    assert path_between(walk, "low", "high").length_m == pytest.approx(up_m)
    assert path_between(walk, "high", "low").length_m == pytest.approx(down_m)
    assert walk.graph.directed is (one_way != 0)
    again = network_from_tables(network_tables(walk))
    assert (again.graph.matrix != walk.graph.matrix).nnz == 0


def test_a_large_network_keeps_its_hierarchy(monkeypatch: pytest.MonkeyPatch) -> None:
    walk = network({"a": (75, 30), "b": (300, 60)})
    assert network_arrays(walk) == {}
    monkeypatch.setattr(walked, "_STORED_FROM", 1)
    arrays = network_arrays(walk)
    again = with_arrays(network_from_tables(network_tables(walk)), arrays)
    assert again.graph.prepared.hierarchy is not None
    assert again.graph.prepared.shape is not None
    minutes = minutes_between(walk, ["a"], ["b"])
    assert_frame_equal(minutes_between(again, ["a"], ["b"]), minutes, atol=1e-4)
    assert with_arrays(walk, {}) is walk


def test_light_is_carried_to_the_parts_of_a_cut_street() -> None:
    edges = escalator(1).edges
    assert edges.loc[edges["name"] == "w", "lit"].tolist() == [True] * 3
    assert edges.loc[edges["name"] == "e", "lit"].tolist() == [False] * 2
    assert edges.loc[edges["name"].isin(["n", "s"]), "lit"].isna().all()
    assert edges.loc[edges["name"] == "w", "one_way"].tolist() == [1] * 3
    assert edges["one_way"].dtype == np.int8
