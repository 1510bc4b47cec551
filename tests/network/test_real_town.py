"""A real town: what tying 600 points to its streets must not change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from territory.io.streets import read_streets
from territory.network.audit import audit
from territory.network.times import walk_times
from territory.network.walk import build_walk, minutes_between, network_tables, path_between
from tests.real_data import real_file

if TYPE_CHECKING:
    from territory.model.streets import Streets
    from territory.network.walk import WalkNetwork


@pytest.fixture(scope="module")
def streets() -> Streets:
    return read_streets(real_file("osm/bondy_highways_2023.geojson"))[0]


@pytest.fixture(scope="module")
def points(streets: Streets) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(7)
    near = streets.nodes[["x", "y"]].to_numpy()[rng.integers(0, len(streets.nodes), 600)]
    xy = near + rng.normal(0, 60, near.shape)
    index = pd.Index([f"p{k:03d}" for k in range(600)], name="point_id")
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), index=index, crs=2154)


@pytest.fixture(scope="module")
def walk(streets: Streets, points: gpd.GeoDataFrame) -> WalkNetwork:
    return build_walk(streets.segments, streets.nodes, points)


def test_cutting_streets_changes_no_walk_between_crossings(streets, points, walk) -> None:
    bare = build_walk(streets.segments, streets.nodes, points[:0])
    crossings = np.arange(0, len(streets.nodes), 25)
    before, after = (walk_times(n.graph, crossings, crossings) for n in (bare, walk))
    np.testing.assert_allclose(after, before, atol=0.05)  # one millisecond per zero-length part


def test_shuffled_rows_give_the_same_network(streets, points, walk) -> None:
    again = build_walk(
        streets.segments.sample(frac=1, random_state=1),
        streets.nodes.sample(frac=1, random_state=2),
        points.sample(frac=1, random_state=3),
    )
    for name, table in network_tables(walk).items():
        assert_frame_equal(table, network_tables(again)[name])


def test_points_lie_at_the_distance_said_from_the_largest_piece(streets, points, walk) -> None:
    bare = build_walk(streets.segments, streets.nodes, points[:0])
    main = bare.edges[bare.component[bare.edges["tail"]] == 0].union_all()
    np.testing.assert_allclose(walk.points["off_m"], points.distance(main), atol=1e-6)
    assert ((walk.points["node"] >= 0) == (walk.points["off_m"] <= 250)).all()


def test_paths_last_what_the_table_says_and_are_no_shorter_than_a_bird_flies(points, walk) -> None:
    ids = list(walk.points.index[walk.points["node"] >= 0][:12])
    minutes = minutes_between(walk, ids, ids)
    for a in ids[:4]:
        for b in ids:
            path = path_between(walk, a, b)
            assert path.seconds / 60 == pytest.approx(minutes.loc[a, b], abs=1e-3)
            bird = points.geometry[a].distance(points.geometry[b])
            assert path.length_m >= bird - 1e-6
            drawn = np.hypot(*np.diff(path.coords, axis=0).T).sum()
            assert drawn == pytest.approx(path.length_m, abs=1e-3)


def test_the_audit_counts_streets_whatever_the_points(streets, points, walk) -> None:
    bare = audit(build_walk(streets.segments, streets.nodes, points[:0]))
    tied = audit(walk)
    assert tied.length_km == pytest.approx(bare.length_km)
    assert tied.dead_ends == bare.dead_ends
    np.testing.assert_allclose(tied.components, bare.components)
    assert tied.components["share"].sum() == pytest.approx(1)
    assert (tied.components["nodes"].diff().dropna() <= 0).all()
