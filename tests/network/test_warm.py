"""The set-up compiles all that commands will ask: no other form of a kernel is needed later."""

from __future__ import annotations

import importlib
import pkgutil

import numpy as np

from territory import network
from territory.network.flow import walk_flows
from territory.network.graph import WalkGraph
from territory.network.hierarchy.build import hierarchy_of
from territory.network.hierarchy.model import from_arrays, stored_arrays
from territory.network.hierarchy.sweep import nearest, times_between
from territory.network.times import prepare, shortest_paths
from territory.network.warm import warm
from tests.network.judges import random_graph


def forms() -> dict[str, int]:
    """Return in how many forms each kernel was compiled in this process."""
    names = [m.name for m in pkgutil.walk_packages(network.__path__, f"{network.__name__}.")]
    modules = [importlib.import_module(name) for name in names]
    found = ((name, k) for module in modules for name, k in vars(module).items())
    return {name: len(k.signatures) for name, k in found if hasattr(k, "signatures")}


def test_nothing_is_compiled_after_the_set_up() -> None:
    warm()
    ready = forms()
    assert sum(count > 0 for count in ready.values()) >= 10
    whole = random_graph(16)
    arcs = whole.matrix.tocoo()
    bound = WalkGraph.from_edges(arcs.row, arcs.col, arcs.data, whole.x, whole.y, directed=True)
    for graph in (whole, bound):
        every = np.arange(graph.n, dtype=np.int32)
        prepare(graph)
        shape, hierarchy = from_arrays(
            stored_arrays(graph.prepared.shape, graph.prepared.hierarchy)
        )
        times_between(hierarchy, every, every)
        times_between(hierarchy_of(graph, shape).turned, every, every)
        nearest(hierarchy, every[:3])
        shortest_paths(graph, every, every)
        walk_flows(graph, every[:5], every, np.ones((5, graph.n)), limit_s=60.0)
    assert forms() == ready
