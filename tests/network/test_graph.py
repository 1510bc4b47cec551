from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.errors import UnknownNode, WrongUsage
from territory.network.graph import WalkGraph, components
from territory.network.times import nearest_times, shortest_path, walk_times

EDGE = st.tuples(st.integers(0, 7), st.integers(0, 7), st.sampled_from([0.0, 0.5, 1, 2, 3, 10.25]))
EDGES = st.lists(EDGE, max_size=20)


def graph_of(edges, n=8, *, directed=False):
    tail, head, seconds = zip(*edges, strict=True) if edges else ((), (), ())
    return WalkGraph.from_edges(tail, head, seconds, np.zeros(n), np.zeros(n), directed=directed)


def judged(edges, n=8, *, directed=False):
    judge = nx.MultiDiGraph() if directed else nx.MultiGraph()
    judge.add_nodes_from(range(n))
    judge.add_weighted_edges_from((a, b, max(s, 0.001)) for a, b, s in edges if a != b)
    table = np.full((n, n), np.inf)
    for source, found in nx.all_pairs_dijkstra_path_length(judge):
        table[source, list(found)] = list(found.values())
    return judge, table


@given(EDGES, st.booleans())
def test_times_agree_with_networkx_on_any_graph(edges, directed):
    graph, (_, expected) = graph_of(edges, directed=directed), judged(edges, directed=directed)
    every = np.arange(8)
    np.testing.assert_allclose(walk_times(graph, every, every), expected, rtol=1e-6)
    np.testing.assert_allclose(walk_times(graph, every, [2, 2, 5]), expected[:, [2, 2, 5]], 1e-6)
    np.testing.assert_allclose(walk_times(graph, [6, 6], every), expected[[6, 6]], rtol=1e-6)


@given(EDGES)
def test_a_limit_only_hides_what_is_beyond_it(edges):
    graph, every = graph_of(edges), np.arange(8)
    free = walk_times(graph, every, every)
    bounded = walk_times(graph, every, every, limit_s=3.1)
    np.testing.assert_array_equal(bounded, np.where(free <= 3.1, free, np.inf))


@given(EDGES, st.lists(st.integers(0, 7), max_size=4), st.booleans())
def test_nearest_is_the_smallest_column(edges, destinations, directed):
    graph, (_, expected) = graph_of(edges, directed=directed), judged(edges, directed=directed)
    seconds, which = nearest_times(graph, destinations)
    assert (seconds.dtype, which.dtype) == (np.float32, np.int32)
    columns = expected[:, np.array(destinations, int)]
    best = columns.min(axis=1, initial=np.inf)
    np.testing.assert_allclose(seconds, best, rtol=1e-6)
    np.testing.assert_array_equal(which < 0, np.isinf(best))
    near = np.flatnonzero(which >= 0)
    np.testing.assert_allclose(columns[near, which[near]], best[near], rtol=1e-6)


@given(EDGES, st.integers(0, 7), st.integers(0, 7), st.booleans())
def test_a_path_is_made_of_edges_and_lasts_the_shortest_time(edges, start, end, directed):
    graph, (judge, expected) = graph_of(edges, directed=directed), judged(edges, directed=directed)
    path = shortest_path(graph, start, end)
    assert path.dtype == np.int32
    if np.isinf(expected[start, end]):
        assert not len(path)
        return
    assert (path[0], path[-1]) == (start, end)
    steps = [min(e["weight"] for e in judge[u][v].values()) for u, v in zip(path, path[1:])]  # noqa: B905
    assert sum(steps) == pytest.approx(expected[start, end])


@given(EDGES)
def test_components_agree_with_networkx_largest_first(edges):
    labels = components(graph_of(edges))
    judge, _ = judged(edges)
    pieces = {frozenset(map(int, np.flatnonzero(labels == k))) for k in range(labels.max() + 1)}
    assert pieces == {frozenset(p) for p in nx.connected_components(judge)}
    assert (np.diff(np.bincount(labels)) <= 0).all()


@given(EDGES, EDGE)
def test_adding_an_edge_never_lengthens_a_walk(edges, more):
    every = np.arange(8)
    before = walk_times(graph_of(edges), every, every)
    assert (walk_times(graph_of([*edges, more]), every, every) <= before).all()


@given(EDGES, st.randoms(use_true_random=False))
def test_the_order_and_direction_of_edges_change_nothing(edges, random):
    mixed = [(b, a, s) if random.random() < 0.5 else (a, b, s) for a, b, s in edges]
    random.shuffle(mixed)
    one, other = graph_of(edges), graph_of(mixed)
    for part in ("data", "indices", "indptr"):
        assert getattr(one.matrix, part).tobytes() == getattr(other.matrix, part).tobytes()


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_hundreds_of_nodes_agree_with_networkx(seed):
    rng = np.random.default_rng(seed)
    edges = [(int(a), int(b), float(s)) for a, b, s in
             zip(rng.integers(0, 300, 500), rng.integers(0, 300, 500), rng.uniform(0, 90, 500),
                 strict=True)]  # fmt: skip
    _, expected = judged(edges, 300)
    every = np.arange(300)
    np.testing.assert_allclose(walk_times(graph_of(edges, 300), every, every), expected, rtol=1e-5)


def test_one_node_and_no_edge():
    graph = graph_of([], 1)
    assert walk_times(graph, [0], [0]).tolist() == [[0.0]]
    assert shortest_path(graph, 0, 0).tolist() == [0]
    assert walk_times(graph, [], [0]).shape == (0, 1)


def test_times_take_the_smallest_of_parallel_edges_and_drop_loops():
    graph = graph_of([(0, 1, 5), (1, 0, 2), (0, 1, 3), (1, 1, 0)], 2)
    assert graph.matrix.toarray().tolist() == [[0, 2], [2, 0]]


@pytest.mark.parametrize("bad", [-1, 3])
def test_unknown_nodes_are_refused_in_french(bad):
    graph = graph_of([(0, 1, 1)], 3)
    with pytest.raises(UnknownNode, match="le réseau va de 0 à 2"):
        walk_times(graph, [bad], [0])
    with pytest.raises(UnknownNode):
        nearest_times(graph, [0, bad])
    with pytest.raises(UnknownNode):
        shortest_path(graph, 0, bad)


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        ([(0, 1, np.nan)], "négative ou n'est pas un nombre"),
        ([(0, 1, -0.1)], "négative ou n'est pas un nombre"),
        ([(0, 1, np.inf)], "négative ou n'est pas un nombre"),
        ([(0, 9, 1)], "un nœud qui n'existe pas"),
        ([(-1, 0, 1)], "un nœud qui n'existe pas"),
        ([(2**40, 0, 1)], "un nœud qui n'existe pas"),
    ],
)
def test_bad_edges_are_refused_in_french(edges, message):
    with pytest.raises(WrongUsage, match=message):
        graph_of(edges, 3)


def test_lengths_that_differ_are_refused():
    with pytest.raises(WrongUsage, match="même longueur"):
        WalkGraph.from_edges([0], [1], [1, 2], [0, 0], [0, 0])
    with pytest.raises(WrongUsage, match="x et y"):
        WalkGraph.from_edges([0], [1], [1], [0, 0], [0])
