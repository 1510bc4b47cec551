"""Squares crossed in straight lines: by hand, in every form, against a slow visibility graph."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, Polygon

from territory.io import street_squares
from tests.io.small_streets import FORMS, Town, read

if TYPE_CHECKING:
    from collections.abc import Callable

SQUARE = {"highway": "pedestrian", "area": "yes", "name": "Place du Marché", "lit": "yes"}
STREET = {"highway": "residential"}
SIDE = 100.0


def town(corners: list[tuple[float, float]], entries: list[int], tags: dict[str, str]) -> Town:
    """A square with these corners (nodes 1, 2...), a street arriving at each of `entries`."""
    nodes = dict(enumerate(corners, 1))
    ways = {1: ([*nodes, 1], tags)}
    for entry in entries:
        x, y = nodes[entry]
        nodes[100 + entry] = (x * 1.5 - 25, y * 1.5 - 25)
        ways[10 + entry] = ([entry, 100 + entry], STREET)
    return Town(nodes, ways)


BLOCK = [(0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE)]
BEND = [(0, 0), (SIDE, 0), (SIDE, 50), (50, 50), (50, SIDE), (0, SIDE)]  # an L


def metres(place: Town, a: int, b: int, form: str = "osm") -> float:
    """Return the shortest walk from node a to node b, metres."""
    return meter(place, form)(a, b)


def meter(place: Town, form: str = "osm") -> Callable[[int, int], float]:
    """Return the function that measures walks from node to node."""
    streets = read(place, form)
    graph = nx.Graph()
    for s in streets.segments.sort_values("length_m", ascending=False).itertuples():
        graph.add_edge(s.tail, s.head, weight=s.length_m)
    xy = streets.nodes[["x", "y"]].to_numpy()

    def walked(a: int, b: int) -> float:
        spots = (np.array(street_corner(place, node)) for node in (a, b))
        start, end = (int(np.hypot(*(xy - spot).T).argmin()) for spot in spots)
        return float(nx.dijkstra_path_length(graph, start, end))

    return walked


def street_corner(place: Town, node: int) -> tuple[float, float]:
    x, y = place.nodes[node]
    return 660_000 + x, 6_867_000 + y


@pytest.mark.parametrize("form", FORMS)
def test_a_square_is_crossed_between_its_streets_in_every_form(form: str) -> None:
    segments = read(town(BLOCK, [1, 2, 3], SQUARE), form).segments
    across = segments[(segments["way_id"] == 1) & (segments.length.sub(SIDE * 2**0.5).abs() < 0.1)]
    assert len(across) == 1  # 1 to 3; the sides are walked already
    assert len(segments) == 3 + 3 + 1
    assert across[["highway", "name"]].to_numpy().tolist() == [["pedestrian", "Place du Marché"]]
    assert across[["one_way", "lit", "steps"]].to_numpy().tolist() == [[0, True, False]]


@pytest.mark.parametrize(
    "tags",
    [
        {k: v for k, v in SQUARE.items() if k != "area"},  # a ring of streets
        SQUARE | {"access": "private"},
        SQUARE | {"highway": "proposed"},
    ],
)
def test_what_is_no_public_square_is_not_crossed(tags: dict[str, str]) -> None:
    segments = read(town(BLOCK, [1, 3], tags)).segments
    assert segments["length_m"].max() != pytest.approx(SIDE * 2**0.5, abs=0.1)


def test_nobody_walks_through_the_corner_of_an_angle() -> None:
    """From (100, 0) to (0, 100) of an L the wall is met at (50, 50): 2 x 70.71 m, not less."""
    place = town(BEND, [2, 6], SQUARE)
    assert metres(place, 2, 6) == pytest.approx(2 * 50 * 2**0.5, abs=0.1)
    aside = town(BEND, [3, 5], SQUARE)  # (100, 50) to (50, 100): along the wall
    assert metres(aside, 3, 5) == pytest.approx(100, abs=0.1)


def with_hole(form: str) -> float:
    """A square of 100 m whose middle is built, 60 m wide: west to east around it."""
    west, east = (0.0, 50.0), (SIDE, 50.0)
    outer = [(0, 0), (SIDE, 0), east, (SIDE, SIDE), (0, SIDE), west]
    hole = [(20, 20), (80, 20), (80, 80), (20, 80)]
    nodes = dict(enumerate([*outer, *hole], 1)) | {20: (-50, 50), 21: (150, 50)}
    place = Town(
        nodes,
        {
            1: ([1, 2, 3, 4], {}),
            2: ([4, 5, 6, 1], {}),
            3: ([7, 8, 9, 10, 7], {}),
            10: ([6, 20], STREET),
            11: ([3, 21], STREET),
        },
        relations={5: ([1, 2, 3], SQUARE | {"type": "multipolygon"})},
    )
    if form == "geojson":
        ring = replace(place, ways=place.ways | {1: ([1, 2, 3, 4, 5, 6, 1], {})})
        place = replace(ring, relations={5: ([1, 3], SQUARE)})
    return metres(place, 6, 3, form)


@pytest.mark.parametrize("form", FORMS)
def test_holes_of_a_square_are_walked_around(form: str) -> None:
    assert with_hole(form) == pytest.approx(2 * np.hypot(20, 30) + 60, abs=0.1)


def test_walks_across_a_multipolygon_bear_its_number() -> None:
    place = town(BLOCK, [1, 3], {})
    place = replace(place, relations={5: ([1], SQUARE | {"type": "multipolygon"})})
    segments = read(place).segments
    assert segments["way_id"].tolist() == [-5, 1, 1, 11, 13]
    assert segments.loc[segments["way_id"] == 1, "highway"].tolist() == ["pedestrian"] * 2


def test_an_outline_that_lacks_a_node_is_walked_but_not_crossed() -> None:
    place = town(BLOCK, [1, 3], SQUARE)
    place.nodes.pop(2)
    segments = read(place).segments
    assert (segments["way_id"] == 1).sum() == 1  # 3, 4, 1


def test_a_square_with_many_streets_stays_bounded() -> None:
    angles = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    circle = [(50 + 40 * np.cos(a), 50 + 40 * np.sin(a)) for a in angles.tolist()]
    segments = read(town(circle, list(range(1, 91)), SQUARE)).segments
    most = street_squares.MOST
    across = (segments["way_id"] == 1).sum() - 90  # but the sides of the outline
    assert most * (most - 3) / 2 <= across <= most * (most - 1) / 2


def random_square(seed: int) -> tuple[list[tuple[float, float]], list[int]]:
    """A star-shaped outline of 12 corners, streets at five of them."""
    draw = np.random.default_rng(seed)
    reach = draw.uniform(15, 60, 12)
    angle = np.sort(draw.uniform(0, 2 * np.pi, 12))
    xy = np.column_stack([50 + reach * np.cos(angle), 50 + reach * np.sin(angle)]).round(2)
    return [(float(x), float(y)) for x, y in xy], sorted(draw.choice(12, 5, replace=False) + 1)


@pytest.mark.parametrize("seed", range(8))
def test_walks_are_the_shortest_of_a_slow_visibility_graph(seed: int) -> None:
    """Judge: every two corners whose line stays inside (a hair tolerated), by networkx."""
    corners, entries = random_square(seed)
    place = town(corners, [int(e) for e in entries], SQUARE)
    inside = Polygon(corners).buffer(0.05)
    graph = nx.Graph()
    for a, b in combinations(range(len(corners)), 2):
        if inside.contains(LineString([corners[a], corners[b]])):
            far = shapely.distance(*shapely.points([corners[a], corners[b]]))
            graph.add_edge(a + 1, b + 1, weight=float(far))
    walked = meter(place)
    for a, b in combinations([int(e) for e in entries], 2):
        truth = nx.dijkstra_path_length(graph, a, b)
        assert walked(a, b) == pytest.approx(truth, abs=0.5)
