"""Drawn towns: what is said to cut them does cut them."""

from __future__ import annotations

import numpy as np
import pytest

from territory.network.graph import components
from territory.simulate import GEOGRAPHIES, Ground
from territory.simulate.geography import draw_ground
from territory.simulate.streets import bridge, crossed_at, cul_de_sacs, joined, lattice, rings


def ground(name: str, seed: int = 4, side_cells: int = 20) -> Ground:
    return draw_ground(name, np.random.default_rng(seed), side_cells=side_cells)


def edges_of(drawn: Ground) -> np.ndarray:
    table = drawn.graph.matrix.tocoo()
    once = table.row < table.col
    return np.column_stack([table.row[once], table.col[once]])


@pytest.mark.parametrize("name", GEOGRAPHIES)
def test_nearly_all_streets_are_one_piece_and_every_cell_is_near_one(name: str) -> None:
    drawn = ground(name)
    main = components(drawn.graph) == 0
    streets = np.zeros(drawn.graph.n, bool)
    streets[edges_of(drawn)] = True
    assert main[streets].mean() > 0.9
    nodes = np.column_stack([drawn.graph.x, drawn.graph.y])[main]
    off_m = np.linalg.norm(drawn.xy[:, None] - nodes[None], axis=2).min(axis=1)
    assert np.quantile(off_m, 0.95) < 200
    assert drawn.density.mean() == pytest.approx(1.0)
    assert len(drawn.xy) == drawn.land.sum() == len(drawn.poverty)


@pytest.mark.parametrize("name", GEOGRAPHIES)
@pytest.mark.parametrize("side_cells", [8, 27])
def test_any_size_can_be_drawn(name: str, side_cells: int) -> None:
    drawn = ground(name, side_cells=side_cells)
    assert np.isfinite(drawn.minutes).all()
    assert 0.8 * side_cells**2 <= len(drawn.xy) <= 1.6 * side_cells**2


def test_three_streets_cross_the_barrier_of_the_grid() -> None:
    drawn = ground("grid")
    side_m = 20 * 200.0
    below = drawn.graph.y < side_m * (0.5 + 0.12 * np.sin(2 * np.pi * drawn.graph.x / side_m))
    edges = edges_of(drawn)
    assert (below[edges[:, 0]] != below[edges[:, 1]]).sum() == 3


def test_the_barrier_makes_walks_longer() -> None:
    cut, free = ground("grid"), ground("open")
    assert (cut.minutes >= free.minutes - 1e-3).all()  # the same blocks, less some streets
    assert (cut.minutes > free.minutes + 10).any()


def test_two_bridges_cross_the_river() -> None:
    drawn = ground("river")
    lengths = np.linalg.norm(
        np.diff(np.column_stack([drawn.graph.x, drawn.graph.y])[edges_of(drawn)], axis=1), axis=2
    )
    assert (lengths > 190).sum() == 2
    assert (drawn.poverty > 0).mean() < 0.5  # the small bank is the poor one


def test_the_town_by_the_sea_is_long_and_the_sea_is_empty() -> None:
    drawn = ground("coast")
    assert drawn.shape == (10, 40)
    assert 0 < (~drawn.land).sum() < 100


def test_people_live_around_stations_and_in_estates() -> None:
    assert ground("radial").density.max() > 3 * np.median(ground("radial").density)
    estates = ground("estates")
    dense = estates.density > estates.density.mean()
    assert estates.poverty[dense].min() > estates.poverty[~dense].max()


def test_a_crossing_is_left_for_each_place() -> None:
    nodes, edges = lattice(np.random.default_rng(0), 6, 6, lost=0.0)
    side = nodes[:, 0] < 300
    kept = crossed_at(nodes, edges, side, [np.array([300.0, 50.0]), np.array([300.0, 550.0])])
    over = kept[side[kept[:, 0]] != side[kept[:, 1]]]
    assert sorted(nodes[over][:, :, 1].mean(axis=1) // 100) == [0, 5]
    assert len(kept) == len(edges) - 4


def test_cul_de_sacs_have_no_loop() -> None:
    _, edges = lattice(np.random.default_rng(0), 5, 5, lost=0.0)
    tree = cul_de_sacs(np.random.default_rng(1), edges, np.ones(25, bool))
    assert len(tree) == 24
    assert set(map(tuple, np.sort(tree, axis=1))) <= set(map(tuple, np.sort(edges, axis=1)))


def test_rings_and_joins_and_bridges() -> None:
    nodes, edges = rings(np.zeros(2), 250.0)
    assert len(nodes) == 1 + 6 + 12
    assert len(edges) == 2 * (6 + 12)
    other = np.array([[1000.0, 0.0], [1100.0, 0.0]]), np.array([[0, 1]])
    both, ties = joined((nodes, edges), other, np.array([0]))
    assert len(both) == 21
    assert len(ties) == len(edges) + 2
    assert both[ties[-1]].tolist() == [[200.0, 0.0], [1000.0, 0.0]]
    west, east = both[:, 0] < 0, both[:, 0] > 900
    assert bridge(both, ties, (west, east), np.array([900.0, 0.0]))[-1][1] == 19
