"""Posts that change: as even as asked, as little handed over as can be, and all of it listed."""

from __future__ import annotations

import numpy as np
import pytest

from territory.analysis.sectors import balanced_sectors, resplit_sectors
from territory.analysis.sectors import resplit as module
from territory.errors import WrongUsage
from territory.model.results import Ending
from tests.analysis.sectors.judges import deviations, every_way, lattice, pieces, places
from tests.analysis.sectors.programme import least_handover


def least_by_hand(
    load: np.ndarray, present: list[str], posts: list[str], people: np.ndarray, tolerance: float
) -> float:
    """Return the least handed over, by every way to share nine cells, as even as can be."""
    ways = every_way(9, len(posts))
    beyond = np.maximum(deviations(load, ways, len(posts)) - tolerance, 0).round(9)
    place = np.array([posts.index(p) if p in posts else -1 for p in present])
    moved = (ways != place) @ people
    order = np.lexsort((moved, beyond))
    return next(moved[i] for i in order if pieces(ways[i].tolist(), lattice(3, 3)) == 0)


@pytest.mark.parametrize(
    "posts", [["Awa", "Ben"], ["Awa", "Ben", "Cleo", "Dan"], ["Cleo", "Awa", "Ben"]]
)
@pytest.mark.parametrize("seed", range(2))
def test_nine_cells_as_every_way_says(posts: list[str], seed: int) -> None:
    draw = np.random.default_rng(seed)
    load, people = draw.gamma(3, 1, 9), draw.integers(1, 30, 9).astype(float)
    x, y = places(3, 3)
    present = ["Awa", "Awa", "Ben", "Awa", "Ben", "Ben", "Cleo", "Cleo", "Cleo"]
    got = resplit_sectors(load, x, y, lattice(3, 3), present, posts, handover=people, tolerance=0.2)
    assert got.handover == pytest.approx(least_by_hand(load, present, posts, people, 0.2))
    assert got.ending is Ending.OPTIMAL
    assert got.bound == pytest.approx(got.handover)
    after = [posts[s] for s in got.sector]
    listed = {(m.unit, m.from_post, m.to_post) for m in got.moves}
    pairs = zip(present, after, strict=True)
    assert listed == {(u, a, b) for u, (a, b) in enumerate(pairs) if a != b}
    assert sum(m.handover for m in got.moves) == pytest.approx(got.handover)
    assert got.handover_share == pytest.approx(got.handover / people.sum())


@pytest.mark.parametrize(("side", "posts"), [((4, 5), [0, 1]), ((2, 8), [0, 2, 9])])
def test_more_cells_as_another_model_says(side: tuple[int, int], posts: list[int]) -> None:
    (x, y), pairs, n = places(*side), lattice(*side), side[0] * side[1]
    draw = np.random.default_rng(5)
    load, people = draw.integers(2, 9, n).astype(float), draw.integers(1, 20, n).astype(float)
    present = balanced_sectors(load, x, y, pairs, 3, tolerance=0.1).sector
    got = resplit_sectors(
        load, x, y, pairs, present, posts, handover=people, tolerance=0.2, time_limit_s=60
    )
    assert got.ending is Ending.OPTIMAL
    assert got.handover == pytest.approx(
        least_handover(load, pairs, present, posts, people, max(0.2, got.load_deviation))
    )
    assert pieces(got.sector.tolist(), pairs) == 0


def test_nothing_changes_when_nothing_has_to() -> None:
    x, y = places(6, 6)
    present = balanced_sectors(np.ones(36), x, y, lattice(6, 6), 4).sector
    got = resplit_sectors(np.ones(36), x, y, lattice(6, 6), present, [0, 1, 2, 3])
    assert (got.moves, got.handover, got.ending) == ((), 0, Ending.OPTIMAL)
    assert (got.sector == present).all()


def test_many_cells_by_search_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXACT_CELLS", 0)
    x, y = places(10, 10)
    present = balanced_sectors(np.ones(100), x, y, lattice(10, 10), 5).sector
    got = resplit_sectors(np.ones(100), x, y, lattice(10, 10), present, [0, 1, 2, 3])
    assert got.unavoidable == (present == 4).sum()
    assert got.unavoidable <= got.bound <= got.handover == len(got.moves) <= 60
    assert got.load_deviation <= 0.03
    assert pieces(got.sector.tolist(), lattice(10, 10)) == 0


def test_nobody_is_not_handed_over_and_locks_hold() -> None:
    x, y = places(3, 4)
    present = [None, None, "A", "A", None, None, "A", "A", "B", "B", "B", "B"]
    got = resplit_sectors(
        np.ones(12), x, y, lattice(3, 4), present, ["A", "B", "C"], locked={11: "A"}, tolerance=0.0
    )
    assert got.sector[11] == 0
    assert {m.unit for m in got.moves} == {
        u for u, p in enumerate(present) if p and "ABC"[got.sector[u]] != p
    }
    assert got.handover == 2  # four each: one of B, one of A


def test_impossible_and_nonsense() -> None:
    none = resplit_sectors([1.0], [0.0], [0.0], [], ["A"], ["A", "B"])
    assert (none.ending, none.sector.tolist(), none.moves) == (Ending.IMPOSSIBLE, [-1], ())
    with pytest.raises(WrongUsage, match="deux fois"):
        resplit_sectors([1.0], [0.0], [0.0], [], ["A"], ["A", "A"])
    with pytest.raises(WrongUsage, match="pas dans la liste"):
        resplit_sectors([1.0], [0.0], [0.0], [], ["A"], ["A"], locked={0: "Z"})
    with pytest.raises(WrongUsage, match="un poste par unité"):
        resplit_sectors([1.0], [0.0], [0.0], [], ["A", "B"], ["A"])
