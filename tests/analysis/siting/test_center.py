from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.analysis.siting import center_probe, p_center
from territory.errors import WrongUsage
from territory.model.results import Ending
from tests.analysis.siting.coverings import best_known, choices, graph

seeds = st.integers(0, 10**6)


def drawn(seed: int, m: int = 10, n: int = 8) -> np.ndarray:
    """Costs with equal ones and some not allowed."""
    rng = np.random.default_rng(seed)
    cost = rng.integers(0, 20, (m, n)) / rng.choice([1, 3])
    cost[rng.random((m, n)) < rng.choice([0.0, 0.2, 0.6])] = np.inf
    return cost


def farthest(cost: np.ndarray, chosen: tuple[int, ...]) -> float:
    return float(cost[:, list(chosen)].min(axis=1, initial=np.inf).max(initial=0))


@settings(max_examples=60)
@given(seeds, st.integers(0, 8), st.sets(st.integers(0, 7), max_size=2))
def test_every_choice_tried_none_is_nearer(seed: int, p: int, fixed: set[int]) -> None:
    cost, forbidden = drawn(seed), {seed % 8} - fixed
    values = [farthest(cost, c) for c in choices(8, p, fixed, forbidden)]
    best = min(values, default=np.inf)
    got = p_center(cost, p, fixed=list(fixed) * 2, forbidden=list(forbidden))
    if np.isinf(best):
        assert (got.ending, got.chosen, got.objective) == (Ending.IMPOSSIBLE, (), np.inf)
        return
    assert (got.objective, got.bound, got.ending) == (best, best, Ending.OPTIMAL)
    assert (len(got.chosen), fixed <= set(got.chosen)) == (p, True)
    assert not forbidden & set(got.chosen)
    assert farthest(cost, got.chosen) == best
    assert list(cost[range(10), got.assignment]) == list(cost[:, got.chosen].min(axis=1))


@settings(max_examples=15)
@given(seeds, st.integers(1, 4))
def test_the_order_of_rows_and_columns_changes_nothing(seed: int, p: int) -> None:
    rng = np.random.default_rng(seed)
    cost = rng.random((12, 9))
    rows, columns = rng.permutation(12), rng.permutation(9)
    again = p_center(cost[rows][:, columns], p)
    assert again.objective == p_center(cost, p).objective


def test_more_sites_are_never_farther() -> None:
    cost = np.random.default_rng(2).random((30, 12))
    curve = [p_center(cost, p).objective for p in range(1, 13)]
    assert curve == sorted(curve, reverse=True)
    assert curve[-1] == cost.min(axis=1).max()


def test_nothing_to_choose_or_to_serve_is_answered() -> None:
    nobody = p_center(np.zeros((0, 3)), 2)
    assert (nobody.chosen, nobody.objective, nobody.ending) == ((0, 1), 0, Ending.OPTIMAL)
    assert p_center([], 0).ending is Ending.OPTIMAL
    assert p_center([[1, 2]], 0).ending is Ending.IMPOSSIBLE
    assert p_center(np.zeros((2, 0)), 0).ending is Ending.IMPOSSIBLE
    assert p_center([[1, 2]], 3).ending is Ending.IMPOSSIBLE
    assert p_center([[1, 2]], 1, fixed=[0], forbidden=[0]).ending is Ending.IMPOSSIBLE
    assert p_center([[np.inf, np.inf]], 1).ending is Ending.IMPOSSIBLE
    assert p_center([[5]], 1).assignment == (0,)
    apart = p_center([[0, np.inf], [np.inf, 0]], 1)  # one place cannot serve both
    assert (apart.ending, apart.assignment) == (Ending.IMPOSSIBLE, (-1, -1))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cost": [[1, np.nan]]}, "Un coût manque"),
        ({"cost": [[1, -1]]}, "négatif"),
        ({"cost": [1, 2]}, "une ligne par demande"),
        ({"p": -1}, "entier positif"),
        ({"fixed": [2]}, "fixed : une position"),
        ({"time_limit_s": -1}, "durée limite"),
    ],
)
def test_a_question_without_sense_is_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(WrongUsage, match=sentence):
        p_center(**({"cost": [[1, 2]], "p": 1} | change))


def test_out_of_time_it_is_not_called_optimal() -> None:
    cost = np.random.default_rng(4).random((300, 300))
    got = p_center(cost, 6, time_limit_s=0.3)
    assert got.ending is Ending.TIME_UP
    assert 0 < got.bound < got.objective
    assert farthest(cost, got.chosen) == got.objective
    assert len(p_center(cost, 6, time_limit_s=0).chosen) == 6


def test_ctrl_c_keeps_the_best_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(center_probe, "solve", stopped)
    cost = np.random.default_rng(5).random((60, 40))
    got = p_center(cost, 4)
    assert got.ending is Ending.TIME_UP
    assert farthest(cost, got.chosen) == got.objective
    assert got.bound < got.objective


@pytest.mark.parametrize("name", ["pmed1", "pmed6", "pmed16"])
def test_published_optima_are_proved(name: str) -> None:
    cost, p = graph(name)
    best = next(r for r in best_known("pmedian") if r["instance"] == name)["pcenter_optimum"]
    got = p_center(cost, p)
    assert (got.objective, got.bound, got.ending) == (float(best), float(best), Ending.OPTIMAL)


@pytest.mark.slow
def test_all_published_optima_are_proved() -> None:
    for row in best_known("pmedian"):
        got = p_center(*graph(row["instance"]))
        assert (got.objective, got.ending) == (float(row["pcenter_optimum"]), Ending.OPTIMAL)
