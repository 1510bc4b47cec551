"""Loads of given walks: by hand, against every shortest walk listed, and against networkx."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from scipy import sparse

from territory.errors import UnknownNode, WrongUsage
from territory.network.flow import PER_S, walk_flows
from territory.network.graph import WalkGraph
from tests.network.judges import random_graph


def lozenge() -> WalkGraph:
    """Two ways of the same length from 0 to 3 (by 1, by 2), then a street to 4; 5 is alone."""
    tail, head = [0, 0, 1, 2, 3], [1, 2, 3, 3, 4]
    return WalkGraph.from_edges(tail, head, [0.1, 0.2, 0.2, 0.1, 60], np.arange(6.0), np.zeros(6))


def one_way(seed: int) -> WalkGraph:
    """A directed graph with ties (few lengths), loops, parallel arcs and nodes left alone."""
    draw = np.random.default_rng(seed)
    n = int(draw.integers(2, 25))
    tail, head = draw.integers(0, n, (2, int(draw.integers(0, 4 * n))))
    seconds = draw.choice([0.0, 1.0, 2.0, 3.0], len(tail))
    return WalkGraph.from_edges(tail, head, seconds, *draw.uniform(0, 99, (2, n)), directed=True)


def loads(graph: WalkGraph, arcs: np.ndarray) -> dict[tuple[int, int], float]:
    table = graph.matrix.tocoo()
    return dict(zip(zip(table.row.tolist(), table.col.tolist(), strict=True), arcs, strict=True))


def as_networkx(graph: WalkGraph) -> nx.DiGraph:
    judge = nx.DiGraph()
    judge.add_nodes_from(range(graph.n))
    for (u, v), seconds in loads(graph, graph.matrix.data).items():
        judge.add_edge(u, v, weight=round(seconds * PER_S))
    return judge


def listed(
    graph: WalkGraph, origins: np.ndarray, ends: np.ndarray, trips: np.ndarray, limit_s: float
) -> tuple[dict[tuple[int, int], float], np.ndarray]:
    """Share each trip among all its shortest walks, listed one by one: arcs and nodes."""
    judge, arcs, nodes = as_networkx(graph), {}, np.zeros(graph.n)
    for (i, j), amount in np.ndenumerate(trips):
        start, end = int(origins[i]), int(ends[j])
        if not nx.has_path(judge, start, end) or amount == 0:
            continue
        if nx.dijkstra_path_length(judge, start, end) > limit_s * PER_S:
            continue
        walks = list(nx.all_shortest_paths(judge, start, end, weight="weight"))
        for walk in walks:
            nodes[walk] += amount / len(walks)
            for step in pairwise(walk):
                arcs[step] = arcs.get(step, 0.0) + amount / len(walks)
    return arcs, nodes


def test_by_hand() -> None:
    flows = walk_flows(lozenge(), [0, 0], [4, 5], [[6.0, 3.0], [2.0, 0.0]])
    assert {k: v for k, v in loads(lozenge(), flows.arcs).items() if v} == {
        (0, 1): 4.0, (0, 2): 4.0, (1, 3): 4.0, (2, 3): 4.0, (3, 4): 8.0,
    }  # fmt: skip
    assert flows.nodes.tolist() == [8.0, 4.0, 4.0, 8.0, 8.0, 0.0]
    assert (flows.walked, flows.asked) == (8.0, 11.0)  # nobody gets to 5


def test_a_limit_is_included_and_a_trip_on_the_spot_loads_no_street() -> None:
    flows = walk_flows(lozenge(), [0, 3, 2], [3, 4, 2], np.eye(3), limit_s=0.3)
    assert flows.walked == 2.0
    assert loads(lozenge(), flows.arcs)[0, 1] == 0.5
    assert loads(lozenge(), flows.arcs)[3, 4] == 0.0
    assert flows.nodes.tolist() == [1.0, 0.5, 1.5, 1.0, 0.0, 0.0]


@pytest.mark.parametrize("seed", range(60))
def test_every_shortest_walk_listed(seed: int) -> None:
    draw = np.random.default_rng(seed)
    graph = random_graph(seed) if seed % 2 else one_way(seed)
    origins = draw.integers(0, graph.n, int(draw.integers(1, 6)))
    ends = draw.integers(0, graph.n, int(draw.integers(1, 6)))
    trips = draw.choice([0.0, 1.0, 2.5], (len(origins), len(ends)))
    limit_s = float(draw.choice([3.0, 300.0, 1e6]))
    flows = walk_flows(graph, origins, ends, trips, limit_s=limit_s)
    arcs, nodes = listed(graph, origins, ends, trips, limit_s)
    found = loads(graph, flows.arcs)
    assert {k for k, v in found.items() if v} == set(arcs)
    assert [found[k] for k in arcs] == pytest.approx(list(arcs.values()))
    np.testing.assert_allclose(flows.nodes, nodes, atol=1e-9)


@pytest.mark.parametrize("seed", range(30))
def test_all_pairs_are_the_betweenness_of_networkx(seed: int) -> None:
    graph = random_graph(seed) if seed % 2 else one_way(seed)
    every = np.arange(graph.n)
    flows = walk_flows(graph, every, every, np.ones((graph.n, graph.n)))
    judge = as_networkx(graph)
    arcs = nx.edge_betweenness_centrality(judge, normalized=False, weight="weight")
    assert list(loads(graph, flows.arcs).values()) == pytest.approx(
        [arcs[k] for k in loads(graph, flows.arcs)]
    )
    nodes = nx.betweenness_centrality(judge, normalized=False, weight="weight")
    reached = sum(len(nx.descendants(judge, v)) for v in every)
    assert flows.nodes.sum() == pytest.approx(sum(nodes.values()) + 2 * reached + graph.n)


@pytest.mark.parametrize("seed", range(30))
def test_chosen_pairs_are_the_subset_betweenness_of_networkx(seed: int) -> None:
    """
    Nodes with ties; arcs of walks that are alone: networkx 3.6 shares the edges of tied walks by
    the number of predecessors, which is not the share of walks (the list above is the judge).
    """
    graph = random_graph(seed) if seed % 2 else one_way(seed)
    draw = np.random.default_rng(seed)
    graph.matrix.data = graph.matrix.data + (seed % 3 == 0) * draw.uniform(1, 9, graph.matrix.nnz)
    some, others = (np.unique(draw.integers(0, graph.n, 6)) for _ in range(2))
    flows = walk_flows(graph, some, others, np.ones((len(some), len(others))))
    judge, ends = as_networkx(graph), np.zeros(graph.n)
    for s in some:
        for t in others:
            if nx.has_path(judge, s, t):
                ends[[s, t]] += 1
    nodes = nx.betweenness_centrality_subset(judge, list(some), list(others), weight="weight")
    np.testing.assert_allclose(flows.nodes - ends, [nodes[v] for v in range(graph.n)], atol=1e-9)
    if seed % 3 == 0:
        arcs = nx.edge_betweenness_centrality_subset(judge, some, others, weight="weight")
        found = loads(graph, flows.arcs)
        assert list(found.values()) == pytest.approx([arcs[k] for k in found])


@pytest.mark.parametrize("seed", range(12))
def test_each_side_may_be_searched_from(seed: int) -> None:
    """Many origins or many destinations: the same walks backwards have the same loads."""
    graph = one_way(seed)
    draw = np.random.default_rng(seed)
    few, many = draw.integers(0, graph.n, 2), np.arange(graph.n)
    trips = draw.uniform(0, 5, (2, graph.n))
    there = walk_flows(graph, few, many, trips)
    turned = WalkGraph(graph.matrix.T.tocsr(), graph.x, graph.y, directed=True)
    back = walk_flows(turned, many, few, trips.T)
    turned_loads = loads(turned, back.arcs)
    assert {(v, u): x for (u, v), x in loads(graph, there.arcs).items()} == pytest.approx(
        turned_loads
    )


def test_same_bytes_whatever_the_order_and_the_threads(monkeypatch) -> None:
    graph = random_graph(16)
    draw = np.random.default_rng(3)
    origins, ends = draw.integers(0, graph.n, 40), draw.integers(0, graph.n, 30)
    trips = sparse.random_array((40, 30), density=0.4, rng=draw)
    one = walk_flows(graph, origins, ends, trips)
    rows, columns = draw.permutation(40), draw.permutation(30)
    mixed = walk_flows(graph, origins[rows], ends[columns], trips.toarray()[np.ix_(rows, columns)])
    monkeypatch.setattr("territory.network.hierarchy.sweep.cores", lambda: 1)
    alone = walk_flows(graph, origins, ends, trips)
    for other in (mixed, alone):
        assert one.arcs.tobytes() == other.arcs.tobytes()
        assert one.nodes.tobytes() == other.nodes.tobytes()


def test_nothing_to_walk() -> None:
    flows = walk_flows(lozenge(), [], [1, 2], np.empty((0, 2)))
    assert flows.arcs.sum() == flows.nodes.sum() == flows.walked == flows.asked == 0.0


@pytest.mark.parametrize(
    ("trips", "message"),
    [
        ([[1.0, 2.0]], "une ligne de trajets par origine"),
        ([[-1.0]], "négatif"),
        ([[np.nan]], "n'est pas un nombre"),
    ],
)
def test_refused_in_french(trips: list[list[float]], message: str) -> None:
    with pytest.raises(WrongUsage, match=message):
        walk_flows(lozenge(), [0], [1], trips)


def test_an_unknown_node_is_refused() -> None:
    with pytest.raises(UnknownNode, match="de 0 à 5"):
        walk_flows(lozenge(), [6], [1], [[1.0]])


def test_no_kernel_is_loaded_before_it_is_needed() -> None:
    code = "import sys, territory.network.flow; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
