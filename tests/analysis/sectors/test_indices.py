"""Indices counted again by hand, and neighbours that a river parts but at its bridge."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import scipy.sparse as sp

from territory.analysis.sectors import (
    balanced_sectors,
    joined_parts,
    sector_indices,
    walked_neighbours,
)
from territory.errors import WrongUsage
from tests.analysis.sectors.judges import deviation, lattice, pieces, places


@pytest.mark.parametrize("seed", range(3))
def test_every_index_counted_again(seed: int) -> None:
    draw = np.random.default_rng(seed)
    x, y = places(5, 6)
    load, sector = draw.gamma(2, 1, 30), draw.integers(0, 3, 30)
    minutes = draw.uniform(1, 30, (30, 30))
    minutes = minutes + minutes.T
    bounds = [str(c) for c in (x // 200).astype(int)]
    borders = sp.coo_array((np.full(49, 100.0), tuple(np.array(lattice(5, 6)).T)), shape=(30, 30))
    got = sector_indices(
        load, x, y, lattice(5, 6), sector, minutes=minutes, bounds=bounds,
        borders_m=borders + borders.T,
    )  # fmt: skip
    sums = [sum(load[sector == s]) for s in range(3)]
    assert got.loads == pytest.approx(sums)
    assert got.load_deviation == pytest.approx(deviation(load, sector, 3))
    assert got.spread == pytest.approx((max(sums) - min(sums)) / np.mean(sums))
    assert got.gini == pytest.approx(
        sum(abs(a - b) for a in sums for b in sums) / (2 * 9 * np.mean(sums))
    )
    ways = [
        min(sum(load[i] * minutes[c, i] for i in mine) for c in mine) / sums[s]
        for s in range(3)
        for mine in [np.flatnonzero(sector == s)]
    ]
    assert got.to_centre == pytest.approx(ways)
    assert got.mean_to_centre == pytest.approx(np.average(ways, weights=sums))
    assert got.pieces.sum() - 3 == pieces(sector.tolist(), lattice(5, 6))
    cut = sum(sector[a] != sector[b] for a, b in lattice(5, 6))
    assert (got.pairs_cut, got.border_m) == (cut, cut * 100)
    per = {b: len({s for s, c in zip(sector, bounds, strict=True) if c == b}) for b in set(bounds)}
    assert got.splits == sum(v - 1 for v in per.values())
    assert got.split == tuple(sorted(b for b, v in per.items() if v > 1))


def test_units_in_no_sector_and_out_of_reach() -> None:
    far = np.array([[0, np.inf, 1.0], [np.inf, 0, 1], [1, 1, 0]])
    got = sector_indices(
        [2.0, 1, 5], [0.0, 1, 2], [0.0] * 3, [(0, 1)], [0, 0, -1], minutes=far, k=2
    )
    assert got.loads.tolist() == [3, 0]
    assert got.to_centre[0] == np.inf
    assert np.isnan(got.to_centre[1])
    assert got.pairs_cut == 0
    with pytest.raises(WrongUsage, match="n'existe pas"):
        sector_indices([1.0], [0.0], [0.0], [], [3], k=2)


def river() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return cells and walks: a river between rows 2 and 3, one bridge in the first column."""
    x, y = places(6, 6)
    streets = nx.Graph()
    for a, b in lattice(6, 6):
        if (a // 6 < 3) == (b // 6 < 3) or a % 6 == 0:
            streets.add_edge(a, b, weight=100 / 75)
    walks = dict(nx.all_pairs_dijkstra_path_length(streets))
    return x, y, np.array([[walks[a][b] for b in range(36)] for a in range(36)])


def test_a_river_is_crossed_at_its_bridge_only() -> None:
    x, y, walks = river()
    for table in (walks, sp.csr_array(np.where(walks < 5, walks, 0))):
        kept = {
            tuple(p) for p in walked_neighbours(x, y, lattice(6, 6), table, near_min=3).tolist()
        }
        barred = {(a, b) for a, b in lattice(6, 6) if a // 6 == 2 and b // 6 == 3 and a % 6 > 0}
        assert kept == set(lattice(6, 6)) - barred
    got = balanced_sectors(np.ones(36), x, y, sorted(kept), 2, minutes=walks)
    assert len(set(got.sector[:18].tolist())) == 1
    with pytest.raises(WrongUsage, match="tableau carré"):
        walked_neighbours(x, y, [], np.zeros((2, 2)))


def test_islets_are_joined_by_the_shortest_ways() -> None:
    x, y = np.array([0.0, 100, 500, 550, 2000]), np.zeros(5)
    assert joined_parts(x, y, [(0, 1), (2, 3)]).tolist() == [[1, 2], [3, 4]]
    assert joined_parts(x, y, [(0, 1), (1, 2), (2, 3), (3, 4)]).tolist() == []
    walks = np.abs(x[:, None] - x) / 75
    walks[1, 2] = walks[2, 1] = 60
    assert joined_parts(x, y, [(0, 1), (2, 3)], minutes=walks).tolist() == [[1, 3], [3, 4]]
