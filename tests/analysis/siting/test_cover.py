from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st

from territory.analysis.siting import cover_hunt, max_cover
from territory.analysis.siting.cover_bound import lagrangian, settled
from territory.analysis.siting.cover_problem import asked, reduced
from territory.errors import WrongUsage
from territory.model.results import Ending
from tests.analysis.siting.coverings import best_known, choices, city, covered

if TYPE_CHECKING:
    from collections.abc import Iterator

seeds = st.integers(0, 10**6)


def drawn(seed: int, m: int = 14, n: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Weights, some of them nothing, and covers with equal rows, equal and empty columns."""
    rng = np.random.default_rng(seed)
    covers = rng.random((m, n)) < rng.choice([0.1, 0.25, 0.5])
    covers[rng.integers(m)] = covers[rng.integers(m)]
    covers[:, rng.integers(n)] = covers[:, rng.integers(n)]
    weights = rng.integers(0, 9, m) * rng.choice([1.0, 0.1, 1e-7, 1e7])
    return weights, covers


@settings(max_examples=40)
@given(seeds, st.integers(0, 8), st.sets(st.integers(0, 7), max_size=2))
@example(131073, 1, set())  # a bound above the best by a rounding of floats
def test_every_choice_tried_none_covers_more(seed: int, p: int, fixed: set[int]) -> None:
    weights, covers = drawn(seed)
    forbidden = {seed % 8} - fixed
    all_values = [covered(weights, covers, c) for c in choices(8, p, fixed, forbidden)]
    got = max_cover(weights, covers, p, fixed=list(fixed) * 2, forbidden=list(forbidden))
    if not all_values:
        assert (got.ending, got.chosen) == (Ending.IMPOSSIBLE, ())
        return
    assert got.ending is Ending.OPTIMAL
    assert got.objective == pytest.approx(max(all_values), rel=1e-9)
    assert got.bound == got.objective == pytest.approx(covered(weights, covers, got.chosen))
    assert (len(got.chosen), fixed <= set(got.chosen)) == (p, True)
    assert list(got.chosen) == sorted(set(got.chosen) - forbidden)


@settings(max_examples=40)
@given(seeds, st.sampled_from([None, 0, 2, 3]), st.sampled_from([0.0, 0.5, 3.0, 5.5, 99.0]))
def test_every_choice_within_the_budget_tried_none_covers_more(
    seed: int, p: int | None, budget: float
) -> None:
    weights, covers = drawn(seed, n=7)
    costs = np.random.default_rng(seed).integers(0, 5, 7) / 2
    sizes = range((7 if p is None else p) + 1)
    best = max(
        covered(weights, covers, c)
        for size in sizes
        for c in choices(7, size, set(), {0})
        if costs[list(c)].sum() <= budget
    )
    got = max_cover(weights, covers, p, costs=costs, budget=budget, forbidden=[0])
    assert (got.objective, got.ending) == (pytest.approx(best, rel=1e-9), Ending.OPTIMAL)
    assert costs[list(got.chosen)].sum() <= budget
    assert len(got.chosen) <= max(sizes)
    assert 0 not in got.chosen


def test_fixed_sites_count_in_the_budget() -> None:
    covers = np.eye(3, dtype=bool)
    got = max_cover([1, 2, 3], covers, None, costs=[2, 2, 2], budget=4, fixed=[0])
    assert (got.chosen, got.objective) == ((0, 2), 4)
    dear = max_cover([1, 2, 3], covers, None, costs=[2, 2, 2], budget=1, fixed=[0])
    assert dear.ending is Ending.IMPOSSIBLE


@settings(max_examples=20)
@given(seeds, st.integers(1, 6))
def test_the_order_of_rows_and_columns_changes_nothing(seed: int, p: int) -> None:
    rng = np.random.default_rng(seed)
    weights, covers = rng.random(20), rng.random((20, 9)) < 0.3
    rows, columns = rng.permutation(20), rng.permutation(9)
    first = max_cover(weights, covers, p)
    again = max_cover(weights[rows], sp.csc_matrix(covers[rows][:, columns]), p)
    assert again.objective == first.objective
    values = [covered(weights, covers, c) for c in choices(9, p, set(), set())]
    if np.sum(np.isclose(values, first.objective)) == 1:
        assert sorted(columns[list(again.chosen)]) == list(first.chosen)


@settings(max_examples=10)
@given(seeds)
def test_more_sites_cover_more_and_each_adds_at_most_the_best_alone(seed: int) -> None:
    weights, covers = drawn(seed)
    curve = np.array([max_cover(weights, covers, p).objective for p in range(9)])
    alone = max(covered(weights, covers, (j,)) for j in range(8))
    assert (np.diff(curve) >= -1e-9 * curve[-1]).all()
    assert (np.diff(curve) <= alone * (1 + 1e-9)).all()  # covering is submodular
    assert curve[-1] == pytest.approx(weights[covers.any(axis=1)].sum())


@settings(max_examples=25)
@given(seeds, st.integers(1, 5), st.sampled_from([None, 2.0]))
def test_the_bound_holds_and_fixing_loses_no_better_choice(
    seed: int, p: int, budget: float | None
) -> None:
    weights, covers = drawn(seed)
    costs = None if budget is None else np.random.default_rng(seed).random(8)
    problem = reduced(asked(weights, covers, p, [], [], costs, budget))
    n = len(problem.own)
    price = np.zeros(8) if costs is None else costs
    values = {
        c: covered(weights, covers, tuple(problem.names[list(c)]))
        for size in range(min(p, n) + 1)
        for c in choices(n, size, set(), set())
        if price[problem.names[list(c)]].sum() <= problem.budget
    }
    best = max(values.values())
    known = best - 0.3 * max(weights.max(), 1e-9)
    bound = lagrangian(problem, known - problem.base, until=np.inf, tries=200)
    assert bound.value + problem.base >= best * (1 - 1e-9)
    out, within = settled(bound, known - problem.base, 0.0)
    for chosen, value in values.items():
        if value > known * (1 + 1e-6) + 1e-9:
            assert not out[list(chosen)].any()
            assert set(np.flatnonzero(within)) <= set(chosen)


def test_each_demand_goes_to_a_chosen_site_that_covers_it() -> None:
    weights, covers = city("SJC324", 800)
    got = max_cover(weights, covers, 5)
    served = np.array(got.assignment)
    reached = covers[:, list(got.chosen)].any(axis=1)
    assert ((served >= 0) == reached).all()
    assert covers[reached, served[reached]].all()
    assert set(served[reached]) <= set(got.chosen)


@pytest.mark.parametrize("name", ["SJC324", "SJC708"])
def test_published_optima_are_found_and_proved(name: str) -> None:
    for row in best_known("mclp"):
        if row["instance"] == name:
            got = max_cover(*city(name, float(row["radius"])), int(row["p"]))
            assert (got.objective, got.ending) == (float(row["covered_demand"]), Ending.OPTIMAL)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Manhattan2713", "SanFrancisco5137"])
def test_the_best_published_lies_between_choice_and_bound(name: str) -> None:
    """How near in how long is for benchmarks/siting.py to say."""
    row = next(r for r in best_known("mclp") if r["instance"] == name)
    weights, covers = city(name, float(row["radius"]))
    got = max_cover(weights, covers, int(row["p"]), time_limit_s=10)
    assert 0.98 * float(row["covered_demand"]) <= got.objective <= got.bound
    assert got.bound >= float(row["covered_demand"])


def test_nothing_to_choose_or_to_cover_is_answered() -> None:
    covers = np.ones((2, 3), bool)
    nobody = max_cover([], np.zeros((0, 3), bool), 2)
    assert (nobody.chosen, nobody.objective, nobody.ending) == ((0, 1), 0, Ending.OPTIMAL)
    assert max_cover([1, 1], np.zeros((2, 0)), 0).assignment == (-1, -1)
    assert max_cover([], [], 0).ending is Ending.OPTIMAL
    none = max_cover([1, 2], covers, 0)
    assert (none.chosen, none.bound, none.ending) == ((), 0, Ending.OPTIMAL)
    weightless = max_cover([0, 0], covers, 1)
    assert (weightless.objective, weightless.ending) == (0, Ending.OPTIMAL)
    assert max_cover([1, 2], covers.tolist(), 3).chosen == (0, 1, 2)
    assert max_cover([1, 2], covers, 4).ending is Ending.IMPOSSIBLE
    assert max_cover([1, 2], covers, 2, fixed=[1], forbidden=[1]).ending is Ending.IMPOSSIBLE
    assert max_cover([1, 2], covers, 1, fixed=[0, 1]).ending is Ending.IMPOSSIBLE


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"weights": [1, np.nan]}, "poids doivent être des nombres finis"),
        ({"weights": [1, -1]}, "positifs ou nuls"),
        ({"weights": [[1, 1]]}, "une seule ligne"),
        ({"weights": [1, 1, 1]}, "une ligne pour chacune des 3 demandes"),
        ({"covers": [[1.0, np.nan], [0, 1]]}, "sans valeur manquante"),
        ({"p": -1}, "entier positif"),
        ({"p": 1.5}, "entier positif"),
        ({"p": None}, "p, ou les coûts et le budget"),
        ({"fixed": [2]}, "fixed : une position"),
        ({"forbidden": [-1]}, "forbidden : une position"),
        ({"costs": [1, 1, 1], "budget": 3}, "2 candidats et 3 coûts"),
        ({"costs": [1, 1], "budget": np.nan}, "budget doit être"),
        ({"time_limit_s": np.nan}, "durée limite"),
    ],
)
def test_a_question_without_sense_is_refused(change: dict[str, Any], sentence: str) -> None:
    question = {"weights": [1, 1], "covers": np.eye(2, dtype=bool), "p": 1} | change
    with pytest.raises(WrongUsage, match=sentence):
        max_cover(**question)


def test_arguments_are_left_as_they_were() -> None:
    weights, covers = drawn(3)
    before = weights.copy(), covers.copy()
    max_cover(weights, covers, 3)
    assert (weights == before[0]).all()
    assert (covers == before[1]).all()


def test_the_same_seed_gives_the_same_answer() -> None:
    weights, covers = city("SJC500", 800)
    first, again = (max_cover(weights, covers, 4, seed=5) for _ in range(2))
    assert (first.chosen, first.bound) == (again.chosen, again.bound)


def test_out_of_time_the_best_so_far_and_a_bound_are_given() -> None:
    rng = np.random.default_rng(0)
    weights, covers = rng.random(1500), rng.random((1500, 900)) < 0.02
    got = max_cover(weights, covers, 25, time_limit_s=0.5)
    assert got.ending in (Ending.TIME_UP, Ending.WITHIN_GAP)
    assert 0 < covered(weights, covers, got.chosen) < got.bound <= weights.sum()
    assert len(got.chosen) == 25
    assert got.seconds < 5


@pytest.mark.parametrize("step", ["lagrangian", "prove"])
def test_ctrl_c_keeps_the_best_so_far(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> Iterator[None]:
        raise KeyboardInterrupt

    monkeypatch.setattr(cover_hunt, step, stopped)
    rng = np.random.default_rng(1)
    weights, covers = rng.random(200), rng.random((200, 60)) < 0.08
    got = max_cover(weights, covers, 8)
    assert got.ending is Ending.TIME_UP
    assert covered(weights, covers, got.chosen) == pytest.approx(got.objective)
    assert got.objective < got.bound <= weights.sum()
