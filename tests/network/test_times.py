"""Walking times against hand-made cases and networkx, on graphs of every awkward kind."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
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
    ],
)
def test_impossible_edges_are_refused(edges, message: str) -> None:
    with pytest.raises(WrongUsage, match=message):
        WalkGraph.from_edges(*edges, [0, 1], [0, 1])


edge = st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from([0.0, 1.0, 2.5, 60.0]))


@settings(max_examples=60, deadline=None)
@given(st.lists(edge, max_size=20), st.booleans())
def test_agrees_with_networkx(edges, directed: bool) -> None:
    tail, head, seconds = (list(c) for c in zip(*edges, strict=True)) if edges else ([], [], [])
    graph = WalkGraph.from_edges(tail, head, seconds, range(8), range(8), directed=directed)
    judge = nx.MultiDiGraph() if directed else nx.MultiGraph()
    judge.add_nodes_from(range(8))
    judge.add_weighted_edges_from((t, h, max(s, FLOOR_S)) for t, h, s in edges)
    expected = dict(nx.all_pairs_dijkstra_path_length(judge))
    found = walk_times(graph, range(8), range(8))
    for a in range(8):
        for b in range(8):
            assert found[a, b] == pytest.approx(expected[a].get(b, np.inf), abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(st.lists(edge, min_size=1, max_size=15), edge)
def test_one_more_street_never_lengthens_a_walk(edges, more) -> None:
    def times(some: list[tuple[int, int, float]]) -> np.ndarray:
        tail, head, seconds = zip(*some, strict=True)
        graph = WalkGraph.from_edges(tail, head, seconds, range(8), range(8))
        return walk_times(graph, range(8), range(8))

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
