"""The engine against scipy: awkward graphs, real towns, other speeds, and what it must not cost."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from scipy.sparse import csgraph

from territory.io.streets import read_streets
from territory.network import times as asked
from territory.network.curve import along_a_curve
from territory.network.graph import WalkGraph
from territory.network.hierarchy.build import hierarchy_of, shape_of
from territory.network.hierarchy.contraction import eliminated
from territory.network.hierarchy.model import from_arrays, stored_arrays
from territory.network.hierarchy.sweep import nearest, times_between
from territory.network.times import nearest_times, prepare, shortest_paths, walk_times
from tests.network.judges import judged, random_graph
from tests.real_data import real_file

EXACT_S = 0.02  # the bar; what is measured is a hundredth of it on small graphs
TOWNS = (
    "osm/bondy_pasteur_2022.osm",
    "osm/paris_9e_10e_gare_du_nord_2021.osm",
    "osm/paris_16e_trocadero_2022.graphml",
    "osm/bondy_highways_2023.geojson",
)


def every(graph: WalkGraph) -> np.ndarray:
    return np.arange(graph.n, dtype=np.int32)


@pytest.mark.parametrize("seed", range(200))
def test_exact_on_awkward_graphs(seed: int) -> None:
    graph = random_graph(seed)
    hierarchy = hierarchy_of(graph)
    expected = judged(graph)
    found = times_between(hierarchy, every(graph), every(graph))
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=0.002)
    some = np.random.default_rng(seed).integers(0, graph.n, 3).astype(np.int32)
    np.testing.assert_array_equal(times_between(hierarchy, some, every(graph)), found[some])
    np.testing.assert_array_equal(times_between(hierarchy, every(graph), some), found[:, some])


@pytest.mark.parametrize("seed", range(48))
def test_nearest_is_the_smallest_of_the_rows(seed: int) -> None:
    graph = random_graph(seed)
    targets = np.random.default_rng(seed).integers(0, graph.n, 4).astype(np.int32)
    seconds, which = nearest(hierarchy_of(graph), targets)
    rows = judged(graph)[targets]
    np.testing.assert_allclose(seconds, rows.min(axis=0), rtol=1e-6, atol=0.002)
    reached = which >= 0
    assert (reached == np.isfinite(seconds)).all()
    chosen = rows[which[reached], every(graph)[reached]]
    np.testing.assert_allclose(chosen, rows.min(axis=0)[reached], rtol=1e-6, atol=0.002)
    assert (which[targets] <= np.arange(4)).all()  # a repeated target answers by its first


def test_no_shortcut_is_lost_in_the_elimination() -> None:
    """Against the textbook: eliminate one node after the other and join its later neighbours."""
    for seed in range(40):
        graph = random_graph(seed)
        shape = shape_of(graph)
        later = [set() for _ in range(graph.n)]
        arcs = graph.matrix.tocoo()
        for a, b in zip(shape.rank[arcs.row], shape.rank[arcs.col], strict=True):
            later[min(a, b)].add(int(max(a, b)))
        for r in range(graph.n):
            for x in later[r]:
                later[x] |= {y for y in later[r] if y > x}
        rows, heads = shape.rows, shape.heads
        assert [sorted(s) for s in later] == [
            heads[rows[r] : rows[r + 1]].tolist() for r in range(graph.n)
        ]
        assert shape.parent.tolist() == [min(s, default=-1) for s in later]
        assert sorted(shape.rank.tolist()) == list(range(graph.n))


def test_elimination_of_nothing() -> None:
    rows, heads = eliminated(np.zeros(4, np.int64), np.empty(0, np.int32))
    assert rows.tolist() == [0, 0, 0, 0]
    assert len(heads) == 0


def test_other_speeds_keep_the_shape() -> None:
    graph = random_graph(16)
    slow = graph.matrix.copy()
    slow.data = slow.data * np.where(slow.data > 10, 3.0, 1.0)
    other = WalkGraph(slow, graph.x, graph.y, directed=False)
    found = times_between(hierarchy_of(other, shape_of(graph)), every(graph), every(graph))
    np.testing.assert_allclose(found, judged(other), rtol=1e-6, atol=0.002)


def test_numbering_changes_nothing() -> None:
    graph = random_graph(24)
    new = np.random.default_rng(0).permutation(graph.n)
    arcs = graph.matrix.tocoo()
    x, y = np.empty(graph.n), np.empty(graph.n)
    x[new], y[new] = graph.x, graph.y
    other = WalkGraph.from_edges(new[arcs.row], new[arcs.col], arcs.data, x, y)
    before = times_between(hierarchy_of(graph), every(graph), every(graph))
    after = times_between(hierarchy_of(other), every(graph), every(graph))
    np.testing.assert_allclose(after[np.ix_(new, new)], before, rtol=1e-6, atol=0.002)


@pytest.mark.parametrize("name", TOWNS)
def test_exact_on_every_real_extract(name: str) -> None:
    graph = town(name)
    sources = np.random.default_rng(1).integers(0, graph.n, 60).astype(np.int32)
    found = times_between(hierarchy_of(graph), sources, every(graph))
    expected = csgraph.dijkstra(graph.matrix, directed=False, indices=sources)
    assert (np.isfinite(found) == np.isfinite(expected)).all()
    reached = np.isfinite(expected)
    assert np.abs(found[reached] - expected[reached]).max() < EXACT_S


@pytest.mark.slow
@pytest.mark.parametrize("name", ["osm/heidelberg.osm.pbf", "osm/porto_portugal.osm.pbf"])
def test_every_pair_and_path_of_a_whole_city(name: str) -> None:
    """The bar: 0.02 s, for all nodes from 300 of them, and for the walks of 200 x 200."""
    graph = town(name, epsg=25832 if "heidelberg" in name else 3763)
    draw = np.random.default_rng(2)
    sources, targets = draw.integers(0, graph.n, (2, 300)).astype(np.int32)
    expected = csgraph.dijkstra(graph.matrix, directed=graph.directed, indices=sources)
    found = times_between(prepare(graph), sources, every(graph))
    assert (np.isfinite(found) == np.isfinite(expected)).all()
    reached = np.isfinite(expected)
    assert np.abs(found[reached] - expected[reached]).max() < EXACT_S
    seconds, walks = shortest_paths(graph, sources[:200], targets[:200])
    np.testing.assert_allclose(seconds, expected[:200, targets[:200]], rtol=1e-9)
    for row, column in draw.integers(0, 200, (500, 2)):
        nodes = walks[row][column]
        if not len(nodes):
            assert np.isinf(seconds[row, column])
            continue
        assert (nodes[0], nodes[-1]) == (sources[row], targets[column])
        steps = np.asarray(graph.matrix[nodes[:-1], nodes[1:]]).ravel()
        assert (steps > 0).all()
        assert steps.sum() == pytest.approx(seconds[row, column], abs=1e-6)


def town(name: str, epsg: int = 2154) -> WalkGraph:
    streets, _ = read_streets(real_file(name), epsg=epsg)
    known, nodes = streets.segments, streets.nodes
    at = nodes.index.get_indexer
    seconds = known["length_m"].to_numpy(float) / 1.25
    return WalkGraph.from_edges(
        at(known["tail"]), at(known["head"]), seconds, nodes["x"], nodes["y"]
    )


def test_many_questions_are_answered_by_the_hierarchy_and_few_are_not(monkeypatch) -> None:
    graph = town(TOWNS[1])
    nodes = every(graph)
    assert graph.prepared.hierarchy is None
    walk_times(graph, nodes[:3], nodes)
    assert graph.prepared.hierarchy is None  # a small question does not pay for it
    monkeypatch.setattr(asked, "_NODES_A_SECOND", 0)
    found = walk_times(graph, nodes[::-7], nodes[::5])
    assert graph.prepared.hierarchy is not None
    expected = csgraph.dijkstra(graph.matrix, directed=False, indices=nodes[::-7])[:, nodes[::5]]
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=0.002)
    seconds, which = nearest_times(graph, nodes[:40])
    assert (seconds == walk_times(graph, nodes[:40], nodes).min(axis=0)).all()
    assert (which[:40] == nodes[:40]).all()


def test_a_limit_and_repeats_through_the_hierarchy(monkeypatch) -> None:
    graph = town(TOWNS[0])
    origins, destinations = np.array([5, 9, 5, 0]), np.array([8, 8, 3, 100, 2])
    free = walk_times(graph, origins, destinations)
    monkeypatch.setattr(asked, "_NODES_A_SECOND", 0)
    found = walk_times(graph, origins, destinations, limit_s=300)
    assert graph.prepared.hierarchy is not None
    assert (np.isfinite(found) == (free <= 300)).all()
    np.testing.assert_allclose(np.where(np.isfinite(found), found, 0),
                               np.where(free <= 300, free, 0), atol=0.002)  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("directed", [False, True])
def test_every_walk_is_a_shortest_one(seed: int, directed: bool) -> None:
    graph = random_graph(seed)
    arcs = graph.matrix.tocoo()
    graph = WalkGraph.from_edges(arcs.row, arcs.col, arcs.data, graph.x, graph.y, directed=directed)
    some = np.random.default_rng(seed).integers(0, graph.n, 5)
    seconds, walks = shortest_paths(graph, some, every(graph))
    np.testing.assert_allclose(seconds, judged(graph)[some], rtol=1e-12)
    for row, origin in enumerate(some):
        for target, walk in enumerate(walks[row]):
            assert (len(walk) > 0) == np.isfinite(seconds[row, target])
            if len(walk):
                assert (walk[0], walk[-1]) == (origin, target)
                steps = [graph.matrix[a, b] for a, b in pairwise(walk.tolist())]
                assert all(s > 0 for s in steps)
                assert sum(steps) == pytest.approx(seconds[row, target])


def test_no_walks_to_nowhere() -> None:
    seconds, walks = shortest_paths(random_graph(3), [], [0])
    assert seconds.shape == (0, 1)
    assert walks == []
    assert shortest_paths(random_graph(3), [0], [])[1] == [[]]


@pytest.mark.parametrize("seed", range(200))
def test_exact_where_streets_are_one_way(seed: int) -> None:
    graph = one_way_graph(seed)
    hierarchy, expected = hierarchy_of(graph), csgraph.dijkstra(graph.matrix)
    found = times_between(hierarchy, every(graph), every(graph))
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=0.002)
    backwards = times_between(hierarchy.turned, every(graph), every(graph))
    np.testing.assert_array_equal(backwards.T, found)
    targets = np.random.default_rng(seed).integers(0, graph.n, 3).astype(np.int32)
    seconds, _ = nearest(hierarchy, targets)
    np.testing.assert_allclose(seconds, expected[:, targets].min(axis=1), rtol=1e-6, atol=0.002)


@pytest.mark.parametrize("one_way", [False, True])
def test_a_hierarchy_comes_back_from_its_arrays(one_way: bool) -> None:
    graph = one_way_graph(5) if one_way else random_graph(5)
    shape = shape_of(graph)
    hierarchy = hierarchy_of(graph, shape)
    arrays = stored_arrays(shape, hierarchy)
    assert ("down_s" in arrays) is one_way
    same_shape, same = from_arrays(arrays)
    assert (same.down_s is same.up_s) is not one_way
    found = times_between(same, every(graph), every(graph))
    np.testing.assert_array_equal(found, times_between(hierarchy, every(graph), every(graph)))
    again = times_between(hierarchy_of(graph, same_shape), every(graph), every(graph))
    np.testing.assert_array_equal(again, found)


def test_speeds_closures_and_directions_keep_the_shape() -> None:
    """A graph whose streets are slower, closed or one-way fits in the elimination of the whole."""
    whole = random_graph(16)
    part = one_way_graph(16)
    assert (part.matrix != 0).sum() < (whole.matrix != 0).sum()
    found = times_between(hierarchy_of(part, shape_of(whole)), every(part), every(part))
    expected = csgraph.dijkstra(part.matrix)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=0.002)


def test_a_shape_of_other_streets_is_refused() -> None:
    ring = WalkGraph.from_edges([0, 1, 2], [1, 2, 0], [1.0, 1.0, 1.0], [0, 1, 2], [0, 0, 0])
    street = WalkGraph.from_edges([0], [1], [1.0], [0, 1, 2], [0, 0, 0])
    with pytest.raises(ValueError, match="unknown to this elimination"):
        hierarchy_of(ring, shape_of(street))


def one_way_graph(seed: int) -> WalkGraph:
    """Return `random_graph(seed)` with a third of its arcs gone and others slower one way."""
    arcs, draw = random_graph(seed).matrix.tocoo(), np.random.default_rng(seed)
    kept = draw.random(arcs.nnz) < 2 / 3
    seconds = arcs.data * draw.choice([1.0, 1.0, 2.5], arcs.nnz)
    graph = random_graph(seed)
    return WalkGraph.from_edges(
        arcs.row[kept], arcs.col[kept], seconds[kept], graph.x, graph.y, directed=True
    )


def test_cuts_cross_the_fewest_streets() -> None:
    """Two blocks of streets tied by one street are parted there: its end comes last."""
    side = 12
    cell = np.arange(side * side).reshape(side, side)
    tail = np.concatenate([cell[:, :-1].ravel(), cell[:-1].ravel()])
    head = np.concatenate([cell[:, 1:].ravel(), cell[1:].ravel()])
    n = side * side
    ends = np.r_[tail, tail + n, side * side - 1], np.r_[head, head + n, n]
    x = np.r_[cell % side, cell % side + side].ravel().astype(float)
    y = np.r_[cell // side, cell // side + side].ravel().astype(float)
    # the blocks touch in the plane by a corner only, but the straight cuts cross many streets
    graph = WalkGraph.from_edges(*ends, np.ones(len(ends[0])), x, y)
    shape = shape_of(graph)
    last = int(np.flatnonzero(shape.rank == graph.n - 1)[0])
    assert last in {n - 1, n}


def test_a_walk_as_long_as_a_country_does_not_overflow() -> None:
    n = 400
    ends = np.arange(n - 1)
    graph = WalkGraph.from_edges(ends, ends + 1, np.full(n - 1, 1e5), np.arange(n), [0] * n)
    found = times_between(hierarchy_of(graph), np.array([0], np.int32), every(graph))
    np.testing.assert_allclose(found[0], np.arange(n) * 1e5, rtol=1e-6)


def test_nothing_is_compiled_or_loaded_before_it_is_needed() -> None:
    code = (
        "import sys, territory, territory.cli; from territory.network.times import walk_times; "
        "from territory.network.graph import WalkGraph; "
        "g = WalkGraph.from_edges([0], [1], [1.0], [0, 1], [0, 0]); walk_times(g, [0], [1]); "
        "sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_neighbours_of_the_plane_stay_near_on_the_curve() -> None:
    x, y = np.meshgrid(np.arange(16.0), np.arange(16.0))
    order = along_a_curve(x.ravel(), y.ravel())
    assert sorted(order.tolist()) == list(range(256))
    steps = np.hypot(np.diff(x.ravel()[order]), np.diff(y.ravel()[order]))
    assert np.median(steps) == 1
    assert along_a_curve(np.array([]), np.array([])).tolist() == []
    assert along_a_curve(np.zeros(3), np.zeros(3)).tolist() == [0, 1, 2]
