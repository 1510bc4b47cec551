"""A network cut in tiles answers as the whole, to the last bit, whatever the cut."""

from __future__ import annotations

import pickle
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csgraph

from territory.errors import UnknownNode, WrongUsage
from territory.model.walks import Walks, walks_of
from territory.network import tiles as tiled
from territory.network import times as asked
from territory.network.graph import FLOOR_S, WalkGraph
from territory.network.near import near_walks
from territory.network.tiles import cut, near_pairs, shares, tile_around
from territory.network.walk import NODE, WalkNetwork, minutes_between
from tests.network.judges import random_graph

N = 8
EVERY = np.arange(N)
LIMITS_S = (0.0, 1.0, 3.5, 62.5, np.inf)  # some are the length of a walk
edge = st.tuples(
    st.integers(0, N - 1), st.integers(0, N - 1), st.sampled_from([0.0, 0.1, 1.0, 2.5, 60.0])
)
EDGES = st.lists(edge, max_size=20)
STANDS = st.lists(st.integers(-1, N - 1), max_size=10)  # node of each point, -1 = no street
TILES = st.integers(1, 12)


def graph_of(edges, *, directed: bool = False) -> WalkGraph:
    columns = zip(*edges, strict=True) if edges else ((), (), ())
    return WalkGraph.from_edges(*columns, EVERY % 3, EVERY // 3, directed=directed)


def with_points(graph: WalkGraph, stands, names=None) -> WalkNetwork:
    """A graph with points at nodes: what tiles see of a network."""
    index = pd.Index([f"p{k}" for k in range(len(stands))] if names is None else names, dtype=str)
    points = pd.DataFrame({"node": np.array(stands, np.int32), "off_m": 0.0}, index=index)
    nothing = gpd.GeoDataFrame(geometry=[], crs=2154)
    return WalkNetwork(graph, nothing, points, pd.DataFrame(), np.zeros(graph.n, np.int32))


def bits(walks: Walks) -> tuple[bytes, ...]:
    return tuple(part.tobytes() for part in (walks.begins, walks.column, walks.minutes))


# How a network is shared


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), max_size=40), st.integers(1, 12))
def test_shares_are_equal_and_leave_nobody_out(places, parts) -> None:
    xy = np.array(places, float).reshape(-1, 2)
    found = shares(xy, parts)
    sizes = [len(own) for own in found]
    assert len(found) == min(parts, len(xy))
    assert sorted(np.concatenate([np.zeros(0, int), *found]).tolist()) == list(range(len(xy)))
    assert max(sizes, default=0) - min(sizes, default=0) <= 1
    assert all((np.diff(own) > 0).all() for own in found)


def test_the_longer_side_is_cut_first_and_neighbours_stay_together() -> None:
    xy = np.array([(x, y) for x in range(6) for y in range(2)], float)
    assert [sorted({int(x) for x in xy[own, 0]}) for own in shares(xy, 3)] == [
        [0, 1],
        [2, 3],
        [4, 5],
    ]
    tall = shares(xy[:, ::-1], 2)
    assert [own.tolist() for own in tall] == [list(range(6)), list(range(6, 12))]


def test_a_whole_town_at_one_spot_is_shared_all_the_same() -> None:
    assert [own.tolist() for own in shares(np.zeros((5, 2)), 2)] == [[0, 1], [2, 3, 4]]


@settings(max_examples=60)
@given(
    EDGES,
    st.booleans(),
    st.lists(st.integers(0, N - 1), max_size=10),
    TILES,
    st.sampled_from(LIMITS_S),
)
def test_each_origin_is_in_one_tile_with_all_it_may_walk_to(
    edges, directed, origins, tiles, limit_s
) -> None:
    graph = graph_of(edges, directed=directed)
    free = csgraph.dijkstra(graph.matrix)
    found = list(cut(graph, np.array(origins, int), tiles, limit_s))
    assert len(found) == min(tiles, len(set(origins)))
    assert sorted(np.concatenate([[], *(t.origins for t in found)]).tolist()) == sorted(
        set(origins)
    )
    for tile in found:
        seen = (free[tile.origins] <= limit_s) & np.isfinite(free[tile.origins])
        assert tile.nodes.tolist() == np.flatnonzero(seen.any(axis=0)).tolist()
        assert (tile.graph.matrix != graph.matrix[tile.nodes][:, tile.nodes]).nnz == 0
        assert tile.graph.directed is directed
        assert tile.positions(EVERY)[tile.nodes].tolist() == list(range(len(tile.nodes)))
        assert (tile.positions(EVERY) >= 0).sum() == len(tile.nodes)


def test_tiles_are_made_one_by_one_and_travel_to_another_process() -> None:
    tiles = cut(graph_of([(0, 1, 1.0), (1, 2, 2.5)]), EVERY, 3, 60.0)
    first = next(tiles)
    again = pickle.loads(pickle.dumps(first))  # noqa: S301 - made on the line itself
    for one, two in zip(near_pairs(first, EVERY), near_pairs(again, EVERY), strict=True):
        assert one.tobytes() == two.tobytes()
    assert len(list(tiles)) == 2


def test_a_tile_of_nobody_and_one_of_repeats() -> None:
    graph = graph_of([(0, 1, 1.0)])
    nobody = tile_around(graph, np.array([], int), 60.0)
    assert [len(part) for part in near_pairs(nobody, EVERY)] == [0, 0, 0]
    assert nobody.positions(EVERY).tolist() == [-1] * N
    origin, end, _ = near_pairs(tile_around(graph, np.array([1, 0, 1]), 60.0), np.array([1, 0, 1]))
    assert list(zip(origin, end, strict=True)) == [(0, 0), (0, 1), (1, 0), (1, 1)]


@pytest.mark.parametrize("tiles", [0, -3])
def test_no_tile_is_refused(tiles: int) -> None:
    with pytest.raises(WrongUsage, match="une tuile au moins"):
        near_walks(with_points(graph_of([]), [0]), ["p0"], ["p0"], limit_min=5, tiles=tiles)


@pytest.mark.parametrize("limit_min", [-1.0, float("nan")])
def test_an_impossible_limit_is_refused(limit_min: float) -> None:
    with pytest.raises(WrongUsage, match="0 ou plus"):
        near_walks(with_points(graph_of([]), [0]), ["p0"], ["p0"], limit_min=limit_min)


def test_an_unknown_crossroads_is_refused() -> None:
    network = with_points(graph_of([(0, 1, 1.0)]), [0])
    for origins, ends in ((["n:99"], ["p0"]), (["p0"], ["n:99"])):
        with pytest.raises(UnknownNode, match="va de 0 à 7"):
            near_walks(network, origins, ends, limit_min=5)
    with pytest.raises(UnknownNode):
        next(cut(network.graph, np.array([-1]), 1, 60.0))


# Walks between points


def expected_by_networkx(edges, directed, starts, ends, limit_s) -> np.ndarray:
    judge = nx.MultiDiGraph() if directed else nx.MultiGraph()
    judge.add_nodes_from(EVERY.tolist())
    judge.add_weighted_edges_from((t, h, max(s, FLOOR_S)) for t, h, s in edges)
    found = dict(nx.all_pairs_dijkstra_path_length(judge))
    rows = [[found[a].get(b, np.inf) if min(a, b) >= 0 else np.inf for b in ends] for a in starts]
    seconds = np.array(rows, float).reshape(len(starts), len(ends))
    return np.where(seconds <= limit_s, seconds, np.inf) / 60


@settings(max_examples=100)
@given(EDGES, st.booleans(), STANDS, STANDS, TILES, st.sampled_from(LIMITS_S))
def test_tiles_agree_with_the_whole_and_with_networkx(
    edges, directed, starts, ends, tiles, limit_s
) -> None:
    network = with_points(graph_of(edges, directed=directed), [*starts, *ends])
    names = list(network.points.index)
    froms, tos = names[: len(starts)], names[len(starts) :]
    walks = near_walks(network, froms, tos, limit_min=limit_s / 60, tiles=tiles)
    whole = minutes_between(network, froms, tos, limit_min=limit_s / 60)
    assert bits(walks) == bits(walks_of(whole))
    assert (walks.origins.tolist(), walks.destinations.tolist()) == (froms, tos)
    assert walks.minutes.dtype == np.float32
    judge = expected_by_networkx(edges, directed, starts, ends, limit_s + 1e-9)
    sure = ~np.isclose(judge * 60, limit_s, rtol=0, atol=1e-9)  # else sums in another order decide
    np.testing.assert_allclose(walks.table().to_numpy()[sure], judge[sure], rtol=1e-6)


@settings(max_examples=40)
@given(EDGES, st.booleans(), STANDS, STANDS, TILES)
def test_the_order_in_which_tiles_run_changes_nothing(edges, directed, starts, ends, tiles) -> None:
    def backwards(ask, parts) -> list:
        return [ask(tile) for tile in list(parts)[::-1]]

    network = with_points(graph_of(edges, directed=directed), [*starts, *ends])
    names = list(network.points.index)
    ask = names[: len(starts)], names[len(starts) :]
    one = near_walks(network, *ask, limit_min=1.1, tiles=1)
    assert bits(near_walks(network, *ask, limit_min=1.1, tiles=tiles, each=backwards)) == bits(one)
    with ThreadPoolExecutor(2) as pool:
        many = near_walks(network, *ask, limit_min=1.1, tiles=tiles, each=pool.map)
    assert bits(many) == bits(one)


@pytest.mark.parametrize("seed", range(32))
@pytest.mark.parametrize("directed", [False, True])
def test_awkward_networks_cut_anyhow(seed: int, directed: bool) -> None:
    """Grids, trees, islands, zero-length edges, parallel edges, all nodes at one spot, one node."""
    arcs = random_graph(seed)
    ends = arcs.matrix.tocoo()
    uneven = ends.data * np.where(ends.row < ends.col, 1.0, 1.0 + directed)  # slopes
    graph = WalkGraph.from_edges(ends.row, ends.col, uneven, arcs.x, arcs.y, directed=directed)
    draw = np.random.default_rng(seed)
    stands = draw.integers(-1, graph.n, 3 * graph.n)
    network = with_points(graph, stands)
    origins, places = np.split(network.points.index, [2 * graph.n])
    for froms, tos in ((origins, places), (places, origins)):
        whole = minutes_between(network, froms, tos, limit_min=4)
        for tiles in (1, 4, 9, 2 * graph.n):
            found = near_walks(network, froms, tos, limit_min=4, tiles=tiles)
            assert bits(found) == bits(walks_of(whole))


def test_an_uphill_street_is_longer_one_way_only() -> None:
    up = with_points(graph_of([(0, 1, 120.0), (1, 0, 60.0)], directed=True), [0, 1])
    both = ["p0", "p1"]
    walks = near_walks(up, both, both, limit_min=1.5, tiles=2)
    assert walks.table().to_numpy().tolist() == [[0, np.inf], [1, 0]]
    assert near_walks(up, both, ["p0"], limit_min=5).table()["p0"].tolist() == [0, 1]
    assert near_walks(up, ["p0"], both, limit_min=5).table().loc["p0"].tolist() == [0, 2]


def test_points_asked_for_twice_unknown_or_at_a_crossroads_by_its_number() -> None:
    network = with_points(graph_of([(0, 1, 60.0), (1, 2, 60.0)]), [0, 0, 2, -1], [*"abcd"])
    origins, ends = ["b", "nulle part", "a", "d", "n:1", "b"], ["c", "n:0", "c", "d"]
    whole = minutes_between(network, origins, ends, limit_min=10)
    for tiles in (1, 2, 7):
        walks = near_walks(network, origins, ends, limit_min=10, tiles=tiles)
        assert bits(walks) == bits(walks_of(whole))
        assert walks.around(0)[1].tolist() == [2, 0, 2]
    assert origins == ["b", "nulle part", "a", "d", f"{NODE}1", "b"]


@pytest.mark.parametrize(("origins", "ends"), [([], ["a"]), (["a"], []), ([], []), (["d"], ["a"])])
def test_nobody_or_nowhere(origins: list[str], ends: list[str]) -> None:
    network = with_points(graph_of([(0, 1, 60.0)]), [0, -1], ["a", "d"])
    walks = near_walks(network, origins, ends, limit_min=10, tiles=3)
    assert walks.shape == (len(origins), len(ends))
    assert (len(walks.minutes), walks.minutes.dtype) == (0, np.float32)


def test_a_network_of_one_node_and_a_network_of_none() -> None:
    alone = with_points(WalkGraph.from_edges([], [], [], [0.0], [0.0]), [0, 0])
    assert near_walks(alone, ["p0"], ["p1"], limit_min=0).minutes.tolist() == [0]
    empty = with_points(WalkGraph.from_edges([], [], [], [], []), [])
    assert near_walks(empty, ["p0"], ["p0"], limit_min=5).shape == (1, 1)


def test_a_limit_of_nothing_reaches_who_stands_at_the_same_place() -> None:
    network = with_points(graph_of([(0, 1, 0.0), (1, 2, 60.0)]), [0, 0, 1, 2])
    names = list(network.points.index)
    walks = near_walks(network, names, names, limit_min=0, tiles=2)
    assert list(zip(walks.row, walks.column, strict=True)) == [
        (0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (3, 3),
    ]  # fmt: skip


def test_the_hierarchy_of_a_network_changes_no_walk_kept(monkeypatch) -> None:
    """A network read back from disk carries one; what it was asked before must not matter."""
    network = with_points(random_graph(0), range(random_graph(0).n))
    names = list(network.points.index)
    before = bits(near_walks(network, names, names, limit_min=8, tiles=4))
    monkeypatch.setattr(asked, "_NODES_A_SECOND", 0)
    dense = minutes_between(network, names, names, limit_min=8)
    assert network.graph.prepared.hierarchy is not None
    found = near_walks(network, names, names, limit_min=8, tiles=4)
    assert bits(found) == before
    np.testing.assert_allclose(found.table(), dense, rtol=1e-6, atol=0.002 / 60)


@pytest.mark.parametrize("at_once", [1, 30, 90])
def test_searches_made_a_few_at_a_time_are_the_same(monkeypatch, at_once: int) -> None:
    graph = random_graph(16)
    tile = tile_around(graph, np.arange(0, graph.n, 2), 300.0)
    together = near_pairs(tile, np.arange(graph.n))
    monkeypatch.setattr(tiled, "_FIELD", at_once)
    for one, two in zip(near_pairs(tile, np.arange(graph.n)), together, strict=True):
        assert one.tobytes() == two.tobytes()
    assert len(np.unique(together[0])) == len(tile.origins)


def test_memory_grows_with_pairs_and_never_with_their_square() -> None:
    """Along one street of 20,000 doors, each sees ten: the table of all would take 1.6 GB."""
    n = 20_000
    ends = np.arange(n - 1)
    graph = WalkGraph.from_edges(ends, ends + 1, np.full(n - 1, 60.0), np.arange(n), np.zeros(n))
    network = with_points(graph, range(n))
    names = list(network.points.index)
    tracemalloc.start()
    try:
        walks = near_walks(network, names, names, limit_min=5, tiles=20)
        peak_mb = tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()
    assert np.diff(walks.begins).tolist() == [min(k, 5) + min(n - 1 - k, 5) + 1 for k in range(n)]
    assert peak_mb < 100
