"""Balanced sectors: equal, in one piece, compact, the same whoever gives the units."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from territory.analysis.sectors import balanced_sectors
from territory.errors import WrongUsage
from territory.model.results import Ending
from tests.analysis.sectors.judges import (
    best_by_hand,
    clustered,
    deviation,
    lattice,
    pieces,
    places,
)


@pytest.mark.parametrize("seed", range(12))
def test_few_units_as_every_partition_says(seed: int) -> None:
    draw = np.random.default_rng(seed)
    k, n = int(draw.integers(2, 4)), 7
    load = draw.integers(0, 9, n).astype(float) + (draw.random() < 0.5)
    pairs = [(int(a), int(b)) for a, b in draw.integers(0, n, (int(draw.integers(4, 12)), 2))]
    locked = {int(u): int(draw.integers(k)) for u in draw.integers(0, n, seed % 3)}
    got = balanced_sectors(load, draw.random(n), draw.random(n), pairs, k, locked=locked)
    best = best_by_hand(load, pairs, k, locked)
    assert (got.pieces, round(got.load_deviation, 12)) == best
    assert (pieces(got.sector.tolist(), pairs), round(deviation(load, got.sector, k), 12)) == best
    assert all(got.sector[u] == s for u, s in locked.items())
    assert got.ending is (Ending.IMPOSSIBLE if got.pieces else Ending.OPTIMAL)


@pytest.mark.parametrize("seed", [7])
def test_a_town_in_five_sectors(seed: int) -> None:
    load, pairs = clustered(16, seed), lattice(16, 16)
    x, y = places(16, 16)
    got = balanced_sectors(load, x, y, pairs, 5, seed=1)
    assert got.ending is Ending.WITHIN_GAP
    assert deviation(load, got.sector, 5) == pytest.approx(got.load_deviation)
    assert got.load_deviation <= 0.03
    assert pieces(got.sector.tolist(), pairs) == 0
    mixed = np.random.default_rng(seed).permutation(256)
    back = np.argsort(mixed)
    again = balanced_sectors(
        load[mixed], x[mixed], y[mixed], [(back[a], back[b]) for a, b in pairs[::-1]], 5, seed=1
    )
    same = got.sector[mixed][:, None] == got.sector[mixed][None]
    assert (same == (again.sector[:, None] == again.sector[None])).all()


def test_three_forms_of_neighbours_say_the_same() -> None:
    x, y = places(5, 5)
    pairs = lattice(5, 5)
    dense = np.zeros((25, 25), bool)
    dense[tuple(np.array(pairs).T)] = True
    found = [
        balanced_sectors(0 * x + 1, x, y, a, 5).sector for a in (pairs, dense, sp.coo_array(dense))
    ]
    assert (found[0] == found[1]).all()
    assert (found[0] == found[2]).all()


@pytest.mark.parametrize(
    ("load", "k", "locked"),
    [([], 1, None), ([1.0, 2], 3, None), ([1.0], 0, None), ([1.0, 2], 2, {0: 0, 1: 0})],
)
def test_impossible_is_told(load: list[float], k: int, locked: dict[int, int] | None) -> None:
    got = balanced_sectors(load, load, load, [], k, locked=locked)
    assert (got.ending, set(got.sector.tolist())) == (Ending.IMPOSSIBLE, {-1} if load else set())
    assert got.note.startswith("Aucun découpage")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"load": [1.0, np.nan, 1]}, "manque"),
        ({"load": [1.0, -1, 1]}, "négatif"),
        ({"x": [1.0, 2]}, "un nombre par unité"),
        ({"adjacency": [(0, 3)]}, "n'existe pas"),
        ({"adjacency": np.zeros((2, 3))}, "paires"),
        ({"adjacency": None}, "paires"),
        ({"k": -1}, "entier"),
        ({"k": np.nan}, "entier"),
        ({"k": None}, "entier"),
        ({"tolerance": np.nan}, "tolérance"),
        ({"locked": {0: 2}}, "n'existe pas"),
        ({"locked": {5: 0}}, "n'existe pas"),
        ({"minutes": np.zeros((2, 2))}, "tableau carré"),
    ],
)
def test_nonsense_is_refused(changed: dict[str, object], said: str) -> None:
    asked = {"load": [1.0, 1, 1], "x": [0.0, 1, 2], "y": [0.0] * 3, "adjacency": [(0, 1)], "k": 2}
    with pytest.raises(WrongUsage, match=said):
        balanced_sectors(**(asked | changed))  # type: ignore[arg-type]
