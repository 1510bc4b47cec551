"""What a street takes: speed, stairs, hills, darkness and detours, counted by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csgraph
from shapely.geometry import LineString, Point, box

from territory.errors import WrongUsage
from territory.model.heights import HeightGrid
from territory.model.tables import NODES, SEGMENTS, conform
from territory.network.pace import Pace, avoided_share
from territory.network.reach import reach_along
from territory.network.slope import slope_factors
from territory.network.times import prepare, walk_times
from territory.network.walk import WalkNetwork, build_walk, minutes_between, path_between, repaced

MINUTE_M = 4500 / 60
UP_10, DOWN_10 = np.exp(3.5 * 0.10), 1.0  # Tobler on 10 %: the descent takes as long as the flat


def block(**options: object) -> WalkNetwork:
    """A square of 400 m: its west side unlit, its north side stairs; doors in two corners."""
    corners = [(0, 0), (0, 400), (400, 400), (400, 0)]
    ends = [(0, 1), (1, 2), (2, 3), (3, 0)]
    segments = gpd.GeoDataFrame(
        {
            "way_id": range(4),
            "tail": [a for a, _ in ends],
            "head": [b for _, b in ends],
            "length_m": 400.0,
            "highway": ["footway", "steps", "footway", "footway"],
            "name": ["ouest", "nord", "est", "sud"],
            "steps": [False, True, False, False],
            "lit": [False, None, True, None],
        },
        geometry=[LineString([corners[a], corners[b]]) for a, b in ends],
        crs=2154,
    )
    nodes = pd.DataFrame(corners, columns=["x", "y"]).assign(osm_id=range(4))
    doors = {"sw": (0, 0), "nw": (0, 400), "ne": (400, 400), "se": (400, 0)}
    places = gpd.GeoDataFrame(geometry=[Point(p) for p in doors.values()], index=[*doors], crs=2154)
    return build_walk(conform(segments, SEGMENTS), conform(nodes, NODES), places, **options)


def ramp(rise: float, *, cell_m: float = 25.0) -> HeightGrid:
    """Return a plane that rises by `rise` a metre towards the north."""
    side = int(1000 / cell_m)
    north = 700 - (np.arange(side) + 0.5) * cell_m
    return HeightGrid(np.repeat(north * rise, side).reshape(side, side).astype(np.float32),
                      -300.0, 700.0, cell_m)  # fmt: skip


def minutes(walk: WalkNetwork, a: str, b: str) -> float:
    return float(minutes_between(walk, [a], [b]).loc[a, b])


def test_a_hill_is_slower_up_than_down() -> None:
    walk = block(heights=ramp(0.10))
    assert minutes(walk, "sw", "nw") == pytest.approx(400 / MINUTE_M * UP_10, rel=1e-4)
    assert minutes(walk, "nw", "sw") == pytest.approx(400 / MINUTE_M * DOWN_10, rel=1e-4)
    assert minutes(walk, "sw", "se") == pytest.approx(400 / MINUTE_M, rel=1e-4)
    assert walk.graph.directed
    assert path_between(walk, "sw", "nw").seconds == pytest.approx(60 * minutes(walk, "sw", "nw"))


@pytest.mark.parametrize("rise", [-0.3, -0.05, 0.0, 0.02, 0.4])
def test_factors_on_a_plane_are_those_of_tobler(rise: float) -> None:
    lines = np.array([LineString([(0, 0), (0, 130)]), LineString([(0, 50), (90, 50)])], object)
    forth, back = slope_factors(lines, ramp(rise))
    assert forth == pytest.approx([np.exp(3.5 * (abs(rise + 0.05) - 0.05)), 1.0], rel=1e-5)
    assert back == pytest.approx([np.exp(3.5 * (abs(-rise + 0.05) - 0.05)), 1.0], rel=1e-5)


def test_a_bump_between_two_ends_at_one_height_is_seen() -> None:
    hill = ramp(0.0)
    hill.metres[14:26] = 20.0  # a plateau across the street
    forth, back = slope_factors(np.array([LineString([(0, 0), (0, 400)])], object), hill)
    assert forth[0] > 1.05
    assert forth[0] == pytest.approx(back[0], rel=0.1)


def test_unknown_heights_are_flat_and_lines_of_no_length_too() -> None:
    lines = [LineString([(0, 0), (0, 90)]), LineString([(5000, 0), (5000, 90)]),
             LineString([(3, 3), (3, 3)])]  # fmt: skip
    holed = ramp(0.1)
    holed.metres[:] = np.nan
    assert slope_factors(np.array(lines, object), holed)[0].tolist() == [1, 1, 1]
    forth, _ = slope_factors(np.array(lines, object), ramp(0.1))
    assert forth[1:].tolist() == [1, 1]


def test_stairs_dark_streets_and_speed() -> None:
    walk = block(pace=Pace(3.0, steps_factor=3.0, unlit_factor=2.0))
    slow_m = 3000 / 60
    assert minutes(walk, "se", "ne") == pytest.approx(400 / slow_m, rel=1e-4)
    assert minutes(walk, "nw", "ne") == pytest.approx(1200 / slow_m, rel=1e-4)
    assert minutes(walk, "sw", "nw") == pytest.approx(800 / slow_m, rel=1e-4)
    assert not walk.graph.directed


def test_areas_to_avoid_are_gone_round_or_never_entered() -> None:
    corner = box(-50, 100, 50, 300)  # half of the west side
    walk = block(avoid=corner, pace=Pace(avoid_factor=3.0))
    assert minutes(walk, "sw", "nw") == pytest.approx((200 + 3 * 200) / MINUTE_M, rel=1e-4)
    closed = repaced(walk, Pace(avoid_factor=np.inf))
    assert path_between(closed, "sw", "nw").streets == ("sud", "est", "nord")
    assert minutes(closed, "sw", "nw") == pytest.approx(1600 / MINUTE_M, rel=1e-4)


def test_another_pace_keeps_the_shape_and_changes_the_times() -> None:
    walk = block(heights=ramp(0.10))
    prepare(walk.graph)
    slow = repaced(walk, Pace(2.25, slopes=False))
    assert slow.graph.prepared.shape is walk.graph.prepared.shape
    assert slow.graph.prepared.hierarchy is None
    assert not slow.graph.directed
    assert walk.graph.directed
    assert minutes(slow, "sw", "nw") == pytest.approx(2 * 400 / MINUTE_M, rel=1e-4)
    every = np.arange(slow.graph.n)
    prepare(slow.graph)
    found = walk_times(slow.graph, every, every)
    np.testing.assert_allclose(found, csgraph.dijkstra(slow.graph.matrix), atol=0.002)


def test_shares_avoided() -> None:
    lines = np.array(
        [
            LineString([(0, 0), (10, 0)]),
            LineString([(0, 5), (10, 5)]),
            LineString([(5, 0), (5, 0)]),
        ],
        object,
    )
    area = box(-1, -1, 2.5, 1).union(box(4, -1, 6, 1))
    assert avoided_share(lines, area).tolist() == pytest.approx([0.45, 0.0, 1.0])
    assert avoided_share(lines, None).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"speed_kmh": 0}, "vitesse"),
        ({"speed_kmh": np.nan}, "vitesse"),
        ({"steps_factor": 0.5}, "escaliers"),
        ({"unlit_factor": np.nan}, "noir"),
        ({"avoid_factor": 0.9}, "éviter"),
    ],
)
def test_nonsense_is_refused(options: dict[str, float], said: str) -> None:
    with pytest.raises(WrongUsage, match=said):
        Pace(**options)


def test_reach_goes_farther_downhill_and_follows_the_bends() -> None:
    walk = block(heights=ramp(0.10))
    top, bottom = reach_along(walk, ["nw"], [3]), reach_along(walk, ["sw"], [3])
    down, up = 3 * MINUTE_M / DOWN_10, 3 * MINUTE_M / UP_10
    assert top[0].polygon.contains(Point(0, 400 - down + 1))
    assert not top[0].polygon.contains(Point(0, 400 - down - 30))
    assert bottom[0].polygon.contains(Point(0, up - 1))
    assert not bottom[0].polygon.contains(Point(0, up + 30))
    small, large = reach_along(walk, ["sw", "nowhere"], [2, 9])
    assert small.polygon.difference(large.polygon).area < 1e-6
    assert reach_along(walk, ["nowhere"], [5])[0].polygon.is_empty
