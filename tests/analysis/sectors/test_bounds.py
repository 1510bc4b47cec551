"""Bounds, walks and locks: communes kept whole, barriers felt, reserved units in their sector."""

from __future__ import annotations

import numpy as np
import pytest

from territory.analysis.sectors import balanced_sectors
from territory.errors import WrongUsage
from territory.model.results import Ending
from tests.analysis.sectors.judges import deviations, every_way, lattice, pieces, places


def splits(bounds: np.ndarray, sector: np.ndarray) -> int:
    return sum(len(set(sector[bounds == b].tolist())) - 1 for b in np.unique(bounds))


def test_hard_bounds_are_whole_and_as_even_as_whole_bounds_can_be() -> None:
    x, y = places(6, 9)
    load = np.random.default_rng(3).gamma(2, 1, 54)
    bounds = (y // 200).astype(int) * 3 + (x // 300).astype(int)  # nine towns of six cells
    got = balanced_sectors(load, x, y, lattice(6, 9), 3, bounds=bounds)
    assert splits(bounds, got.sector) == got.splits == 0
    assert pieces(got.sector.tolist(), lattice(6, 9)) == 0
    towns = [load[bounds == b].sum() for b in range(9)]
    ways = every_way(9, 3)
    away = deviations(towns, ways, 3)
    best = next(away[i] for i in away.argsort() if pieces(ways[i].tolist(), lattice(3, 3)) == 0)
    assert got.load_deviation == pytest.approx(best)
    assert got.ending is Ending.OPTIMAL
    assert "Limites gardées entières" in got.note


def test_more_sectors_than_bounds_cut_as_little_as_can_be() -> None:
    x, y = places(4, 10)
    bounds = np.where(x < 500, "Bondy", "Bobigny")
    got = balanced_sectors(np.ones(40), x, y, lattice(4, 10), 4, bounds=bounds)
    assert (splits(bounds, got.sector), got.splits, got.load_deviation) == (2, 2, 0)
    assert "coupées" in got.note


@pytest.mark.parametrize(("strength", "expected"), [(0.0, 2), (0.95, 0)])
def test_soft_bounds_have_a_price(strength: float, expected: int) -> None:
    x, y = places(6, 10)
    bounds = (y >= 300).astype(int)  # two long towns; compact sectors would cut both
    got = balanced_sectors(
        np.ones(60), x, y, lattice(6, 10), 2, bounds=bounds, bound_strength=strength
    )
    assert got.splits == splits(bounds, got.sector) == expected
    assert got.load_deviation <= 0.03


def test_a_barrier_is_felt_through_the_walks() -> None:
    x, y = places(8, 8)
    straight = np.hypot(x[:, None] - x, y[:, None] - y) / 75
    canal = (y[:, None] < 400) != (y[None] < 400)
    walks = straight + 30 * canal
    got = balanced_sectors(np.ones(64), x, y, lattice(8, 8), 2, minutes=walks)
    assert set(got.sector[y < 400].tolist()) == {0}
    assert set(got.sector[y >= 400].tolist()) == {1}


def test_locks_are_kept_and_joined() -> None:
    x, y = places(8, 8)
    locked = {0: 3, 5: 3, 63: 1, 56: 0}
    got = balanced_sectors(np.ones(64), x, y, lattice(8, 8), 4, locked=locked)
    assert {u: int(got.sector[u]) for u in locked} == locked
    assert pieces(got.sector.tolist(), lattice(8, 8)) == 0
    assert got.load_deviation <= 0.03


def test_a_graph_in_parts_has_sectors_in_one_piece_or_whole_parts() -> None:
    x, y = places(6, 6)
    apart = [(a, b) for a, b in lattice(6, 6) if (a // 6 < 2) == (b // 6 < 2)]
    got = balanced_sectors(np.ones(36), x, y, apart, 3)
    assert pieces(got.sector.tolist(), apart) == 0
    assert (got.load_deviation, got.ending) == (0, Ending.OPTIMAL)
    rows = [(a, b) for a, b in apart if a // 6 == b // 6]  # six parts for two sectors
    told = balanced_sectors(np.ones(36), x, y, rows, 2)
    assert (told.pieces, told.ending, told.load_deviation) == (4, Ending.IMPOSSIBLE, 0)
    assert splits(y, told.sector) == 0
    assert "d'un seul tenant" in told.note


def test_locks_in_two_parts_are_told() -> None:
    x, y = places(6, 6)
    apart = [(a, b) for a, b in lattice(6, 6) if (a // 6 < 2) == (b // 6 < 2)]
    got = balanced_sectors(np.ones(36), x, y, apart, 2, locked={0: 1, 35: 1}, time_limit_s=2)
    assert (got.sector[0], got.sector[35], got.ending) == (1, 1, Ending.IMPOSSIBLE)
    assert got.pieces == pieces(got.sector.tolist(), apart) > 0


@pytest.mark.parametrize(
    "asked", [{"bounds": [1, 2]}, {"bound_strength": 1.5}, {"bound_strength": np.nan}]
)
def test_bounds_that_make_no_sense_are_refused(asked: dict[str, object]) -> None:
    with pytest.raises(WrongUsage, match="limite"):
        balanced_sectors([1.0] * 3, [0.0] * 3, [0.0] * 3, [(0, 1)], 2, **asked)  # type: ignore[arg-type]
