"""Walking times against hand-made cases and networkx, on graphs of every awkward kind."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.errors import UnknownNode, WrongUsage
from territory.network.graph import FLOOR_S, WalkGraph, components
from territory.network.reach import reach
from territory.network.times import nearest_times, shortest_path, walk_times


def square() -> WalkGraph:
    """Four corners: 0-1-2-3 in a row at 60 s each, and 0-3 at 100 s; node 4 is an island."""
    x, y = [0, 80, 80, 0, 500], [0, 0, 80, 80, 500]
    return WalkGraph.from_edges([0, 1, 2, 0], [1, 2, 3, 3], [60, 60, 60, 100], x, y)


def test_times_counted_by_hand() -> None:
    times = walk_times(square(), [0, 1], [0, 2, 3, 4])
    assert times.dtype == np.float32
    np.testing.assert_allclose(times, [[0, 120, 100, np.inf], [60, 60, 120, np.inf]])


def test_beyond_the_limit_is_out_of_reach_not_zero() -> None:
    np.testing.assert_allclose(walk_times(square(), [0], [1, 2], limit_s=100), [[60, np.inf]])


def test_nearest_says_which_and_how_far() -> None:
    seconds, which = nearest_times(square(), [2, 0])
    np.testing.assert_allclose(seconds, [0, 60, 0, 60, np.inf])
    assert which.tolist() == [1, 0, 0, 0, -1]


def test_path_follows_the_fastest_way() -> None:
    assert shortest_path(square(), 0, 2).tolist() == [0, 1, 2]
    assert shortest_path(square(), 3, 3).tolist() == [3]
    assert shortest_path(square(), 0, 4).tolist() == []


@pytest.mark.parametrize("node", [-1, 5])
def test_an_unknown_node_is_refused_in_french(node: int) -> None:
    with pytest.raises(UnknownNode, match="va de 0 à 4"):
        walk_times(square(), [0], [node])


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        (([0], [7], [1.0]), "cite un nœud qui n'existe pas"),
        (([0], [1], [-1.0]), "négative"),
        (([0], [1], [float("nan")]), "n'est pas un nombre"),
        (([0, 1], [1], [1.0]), "même longueur"),
        (([2**40], [0], [1.0]), "cite un nœud qui n'existe pas"),
    ],
)
def test_impossible_edges_are_refused(edges, message: str) -> None:
    with pytest.raises(WrongUsage, match=message):
        WalkGraph.from_edges(*edges, [0, 1], [0, 1])


edge = st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from([0.0, 1.0, 2.5, 60.0]))
EDGES = st.lists(edge, max_size=20)
EVERY = range(8)


def graph_of(edges, *, directed: bool = False) -> WalkGraph:
    columns = zip(*edges, strict=True) if edges else ((), (), ())
    return WalkGraph.from_edges(*columns, EVERY, EVERY, directed=directed)


def judged(edges, *, directed: bool = False) -> tuple[nx.MultiGraph, np.ndarray]:
    """Return the same graph for networkx, and its times [8, 8]."""
    judge = nx.MultiDiGraph() if directed else nx.MultiGraph()
    judge.add_nodes_from(EVERY)
    judge.add_weighted_edges_from((t, h, max(s, FLOOR_S)) for t, h, s in edges)
    times = np.full((8, 8), np.inf)
    for source, found in nx.all_pairs_dijkstra_path_length(judge):
        times[source, list(found)] = list(found.values())
    return judge, times


@settings(max_examples=60, deadline=None)
@given(EDGES, st.booleans())
def test_agrees_with_networkx_from_either_side(edges, directed: bool) -> None:
    graph, (_, expected) = graph_of(edges, directed=directed), judged(edges, directed=directed)
    np.testing.assert_allclose(walk_times(graph, EVERY, EVERY), expected, rtol=1e-6)
    np.testing.assert_allclose(walk_times(graph, EVERY, [5, 2, 2]), expected[:, [5, 2, 2]], 1e-6)
    np.testing.assert_allclose(walk_times(graph, [6, 6], EVERY), expected[[6, 6]], rtol=1e-6)


@settings(max_examples=40, deadline=None)
@given(EDGES)
def test_a_limit_only_hides_what_is_beyond_it(edges) -> None:
    free = walk_times(graph_of(edges), EVERY, EVERY)
    bounded = walk_times(graph_of(edges), EVERY, EVERY, limit_s=3.1)
    np.testing.assert_array_equal(bounded, np.where(free <= 3.1, free, np.inf))


@settings(max_examples=60, deadline=None)
@given(EDGES, st.lists(st.integers(0, 7), max_size=4), st.booleans())
def test_nearest_is_the_smallest_of_all(edges, destinations, directed: bool) -> None:
    graph, (_, expected) = graph_of(edges, directed=directed), judged(edges, directed=directed)
    seconds, which = nearest_times(graph, destinations)
    columns = expected[:, np.array(destinations, int)]
    best = columns.min(axis=1, initial=np.inf)
    np.testing.assert_allclose(seconds, best, rtol=1e-6)
    np.testing.assert_array_equal(which < 0, np.isinf(best))
    near = np.flatnonzero(which >= 0)
    np.testing.assert_allclose(columns[near, which[near]], best[near], rtol=1e-6)


@settings(max_examples=60, deadline=None)
@given(EDGES, st.integers(0, 7), st.integers(0, 7), st.booleans())
def test_a_path_is_made_of_streets_and_is_the_shortest(edges, a, b, directed: bool) -> None:
    judge, expected = judged(edges, directed=directed)
    path = shortest_path(graph_of(edges, directed=directed), a, b).tolist()
    if np.isinf(expected[a, b]):
        assert path == []
        return
    assert (path[0], path[-1]) == (a, b)
    steps = [min(e["weight"] for e in judge[u][v].values()) for u, v in pairwise(path)]
    assert sum(steps) == pytest.approx(expected[a, b])


@settings(max_examples=40, deadline=None)
@given(EDGES, st.randoms(use_true_random=False))
def test_the_order_and_direction_of_edges_change_nothing(edges, random) -> None:
    mixed = [(h, t, s) if random.random() < 0.5 else (t, h, s) for t, h, s in edges]
    random.shuffle(mixed)
    one, two = graph_of(edges).matrix, graph_of(mixed).matrix
    for part in ("data", "indices", "indptr"):
        assert getattr(one, part).tobytes() == getattr(two, part).tobytes()


@settings(max_examples=40, deadline=None)
@given(EDGES)
def test_components_are_those_of_networkx(edges) -> None:
    labels = components(graph_of(edges))
    pieces = {frozenset(np.flatnonzero(labels == k).tolist()) for k in set(labels.tolist())}
    assert pieces == {frozenset(p) for p in nx.connected_components(judged(edges)[0])}
    assert (np.diff(np.bincount(labels)) <= 0).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(edge, min_size=1, max_size=15), edge)
def test_one_more_street_never_lengthens_a_walk(edges, more) -> None:
    def times(some: list[tuple[int, int, float]]) -> np.ndarray:
        return walk_times(graph_of(some), EVERY, EVERY)

    assert (times([*edges, more]) <= times(edges)).all()


def test_components_are_numbered_from_the_largest() -> None:
    graph = WalkGraph.from_edges([0, 2, 3], [1, 3, 4], [1, 1, 1], range(6), range(6))
    assert components(graph).tolist() == [1, 1, 0, 0, 0, 2]


def test_a_graph_of_one_node() -> None:
    graph = WalkGraph.from_edges([], [], [], [0.0], [0.0])
    assert walk_times(graph, [0], [0]).tolist() == [[0.0]]
    assert components(graph).tolist() == [0]


def test_reached_areas_are_nested_and_stop_on_the_street() -> None:
    near, far = reach(square(), [0], [30, 90])
    assert near.polygon.within(far.polygon.buffer(1e-6))
    assert near.polygon.bounds[2] == pytest.approx(40 + 25, abs=1)  # 30 s of a 60 s street of 80 m
    assert far.nodes.tolist() == [True, True, False, False, False]


def test_reach_keeps_the_order_asked_and_fills_blocks() -> None:
    far, near, again = reach(square(), [0], [400, 0, 400])
    assert near.polygon.area == pytest.approx(np.pi * 25**2, rel=0.03)  # nothing walked: a disc
    assert far.polygon.equals(again.polygon)
    assert len(far.polygon.geoms) == 1
    assert not far.polygon.geoms[0].interiors  # the square holds a block of 80 m: filled
    assert not reach(square(), [], [60])[0].nodes.any()


@settings(max_examples=30, deadline=None)
@given(EDGES, st.lists(st.integers(0, 7), min_size=1, max_size=3))
def test_every_node_reached_lies_in_the_area(edges, origins) -> None:
    inner, outer = reach(graph_of(edges), origins, [2.0, 61.0])
    for area in (inner, outer):
        assert shapely.covers(area.polygon, shapely.points(EVERY, EVERY))[area.nodes].all()
    assert outer.polygon.buffer(1e-6).covers(inner.polygon)
