"""Walks drawn without a list of pairs, beside the list itself walked pair by pair."""

from __future__ import annotations

import numpy as np
import pytest

from territory.analysis.passage import gravity_trips
from territory.network.flow import walk_flows
from territory.network.flow_gravity import gravity_flows
from territory.network.graph import WalkGraph
from tests.network.judges import random_graph


def hilly(seed: int) -> WalkGraph:
    """A graph where up is longer than down."""
    draw = np.random.default_rng(seed)
    x, y = draw.uniform(0, 900, (2, 60))
    tail, head = draw.integers(0, 60, (2, 150))
    apart = np.hypot(x[tail] - x[head], y[tail] - y[head])
    arcs = np.r_[tail, head], np.r_[head, tail], np.r_[apart, 1.4 * apart]
    return WalkGraph.from_edges(*arcs, x, y, directed=True)


@pytest.mark.parametrize("seed", range(12))
def test_same_loads_as_the_list_of_trips(seed: int) -> None:
    draw = np.random.default_rng(seed)
    graph = hilly(seed) if seed % 2 else random_graph(seed)
    homes = draw.integers(0, graph.n, 25), draw.uniform(0, 50, 25)
    places = np.unique(draw.integers(0, graph.n, 9))
    pull = draw.uniform(0.5, 3, len(places))
    limit_min = 4.0 if seed < 6 else 25.0
    trips = gravity_trips(graph, *homes, places, pull, decay_min=3.0, limit_min=limit_min)
    listed = walk_flows(graph, homes[0], places, trips)
    found = gravity_flows(graph, homes, (places, pull), decay_s=180.0, limit_s=60 * limit_min)
    assert found.made == pytest.approx(trips.sum(), rel=1e-6)
    assert found.arcs == pytest.approx(listed.arcs, rel=1e-5, abs=1e-6)


def test_nothing_draws_nobody() -> None:
    graph, nobody = hilly(0), (np.empty(0, np.int32), np.empty(0))
    found = gravity_flows(graph, (np.arange(5), np.ones(5)), nobody, decay_s=60, limit_s=600)
    assert found.made == 0
    assert not found.arcs.any()


def test_same_bytes_whatever_the_order_of_homes_and_places() -> None:
    graph, draw = hilly(3), np.random.default_rng(3)
    homes, places = (np.arange(40), draw.uniform(1, 9, 40)), (np.arange(45, 60), np.arange(1.0, 16))
    turned = [(nodes[::-1], weights[::-1]) for nodes, weights in (homes, places)]
    both = [gravity_flows(graph, *p, decay_s=200, limit_s=900) for p in ((homes, places), turned)]
    assert both[0].arcs.tobytes() == both[1].arcs.tobytes()
