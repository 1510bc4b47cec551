from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.analysis.siting import median_branch, median_search, median_stages, p_median
from territory.errors import WrongUsage
from territory.model.results import Ending
from tests.analysis.siting.medians import PUBLISHED, drawn, every_choice, published

if TYPE_CHECKING:
    from numpy.typing import NDArray


def town(
    demands: int, sites: int, seed: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return people and walking minutes of a drawn town: no two walks alike."""
    rng = np.random.default_rng(seed)
    homes, doors = rng.uniform(0, 60, (demands, 2)), rng.uniform(0, 60, (sites, 2))
    minutes = np.hypot(*(homes[:, None] - doors[None]).transpose(2, 0, 1))
    return rng.integers(1, 80, demands).astype(float), minutes


@settings(max_examples=100)
@given(st.integers(0, 10**6), st.booleans())
def test_median_equals_enumeration(seed: int, whole: bool) -> None:
    case = drawn(seed, whole=whole)
    choices = every_choice(case)
    got = p_median(case.weights, case.cost, case.p, fixed=case.fixed, forbidden=case.forbidden)
    if not choices:
        assert (got.ending, got.chosen) == (Ending.IMPOSSIBLE, ())
        return
    assert got.ending is Ending.OPTIMAL
    assert got.objective == pytest.approx(choices[0][0])
    assert got.chosen in [c for v, c in choices if v <= choices[0][0] + 1e-9]
    assert got.bound == pytest.approx(got.objective)
    assert got.bound <= got.objective


@settings(max_examples=10)
@given(st.integers(0, 10**6))
def test_the_order_of_rows_and_columns_changes_nothing(seed: int) -> None:
    people, minutes = town(60, 25, seed)
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(60), rng.permutation(25)
    straight = p_median(people, minutes, 4, fixed=[3])
    mixed = p_median(
        people[rows],
        minutes[np.ix_(rows, columns)],
        4,
        fixed=[int(np.flatnonzero(columns == 3)[0])],
    )
    assert mixed.objective == pytest.approx(straight.objective)
    assert tuple(sorted(columns[list(mixed.chosen)])) == straight.chosen


def test_one_more_site_never_costs_more() -> None:
    people, minutes = town(80, 20)
    values = [p_median(people, minutes, p).objective for p in range(1, 21)]
    assert values == sorted(values, reverse=True)
    assert values[0] == pytest.approx((people @ minutes).min())
    assert values[-1] == pytest.approx(people @ minutes.min(axis=1))


def test_fixed_sites_stay_and_forbidden_ones_do_not_come() -> None:
    people, minutes = town(80, 20)
    free = p_median(people, minutes, 4)
    worst = int(np.argmax(people @ minutes))
    bound = p_median(people, minutes, 4, fixed=[worst, worst], forbidden=free.chosen[:1])
    assert worst in bound.chosen
    assert free.chosen[0] not in bound.chosen
    assert bound.objective > free.objective


def test_everyone_goes_to_the_nearest_chosen_site() -> None:
    people, minutes = town(50, 12)
    people[7], minutes[9] = 0.0, np.inf
    people[9] = 0.0  # nobody lives where nothing can be reached
    got = p_median(people, minutes, 3)
    nearest = np.array(got.chosen)[minutes[:, list(got.chosen)].argmin(axis=1)]
    assert got.assignment == tuple(np.where(np.arange(50) == 9, -1, nearest))


def test_same_seed_same_answer() -> None:
    people, minutes = town(150, 40)
    first, again = (p_median(people, minutes, 6, seed=4) for _ in range(2))
    assert (first.chosen, first.bound, first.assignment) == (
        again.chosen, again.bound, again.assignment)  # fmt: skip


def test_two_sites_cannot_serve_three_far_quarters() -> None:
    near = np.where(np.eye(3, dtype=bool), 5.0, np.inf)
    assert p_median([1, 1, 1], near, 3).objective == 15.0
    got = p_median([1, 1, 1], near, 2)
    assert (got.ending, got.chosen, got.assignment) == (Ending.IMPOSSIBLE, (), (-1, -1, -1))
    assert p_median([1, 1, 0], near, 2).objective == 10.0


def test_the_last_choice_that_serves_everyone_is_found() -> None:
    """Sets of three in a projective plane of 7 points: only lines hit all lines."""
    lines = [{0, 1, 2}, {0, 3, 4}, {0, 5, 6}, {1, 3, 5}, {1, 4, 6}, {2, 3, 6}, {2, 4, 5}]
    cost = np.array([[1.0 + j if j in line else np.inf for j in range(7)] for line in lines])
    got = p_median(np.ones(7), cost, 3)
    assert (got.ending, set(got.chosen) in lines) == (Ending.OPTIMAL, True)
    assert p_median(np.ones(7), cost, 2).ending is Ending.IMPOSSIBLE


@pytest.mark.parametrize(
    ("weights", "cost", "p", "chosen"),
    [
        ([], np.zeros((0, 3)), 2, (0, 1)),
        ([0, 0], np.ones((2, 3)), 2, (0, 1)),
        ([], np.zeros((0, 0)), 0, ()),
        ([0], np.zeros((1, 0)), 0, ()),
        ([2], [[3]], 1, (0,)),
        ([1, 1], [[0, 0], [0, 0]], 1, (0,)),
    ],
)
def test_almost_nothing_to_choose(weights, cost, p: int, chosen: tuple[int, ...]) -> None:
    got = p_median(weights, cost, p)
    assert got.ending is Ending.OPTIMAL
    assert len(got.chosen) == p
    assert got.chosen == chosen or len(cost) == 2


@pytest.mark.parametrize(
    "request_",
    [
        {"p": 0},
        {"p": 4},
        {"p": 1, "fixed": [0, 1]},
        {"p": 1, "fixed": [0], "forbidden": [0]},
        {"p": 3, "forbidden": [1]},
    ],
)
def test_numbers_of_sites_that_cannot_be(request_) -> None:
    got = p_median([1, 1], np.ones((2, 3)), **request_)
    assert (got.ending, got.chosen, got.objective) == (Ending.IMPOSSIBLE, (), np.inf)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": [1, np.nan]}, "poids doivent être connus"),
        ({"weights": [1, -1]}, "poids doivent être connus"),
        ({"weights": [1, np.inf]}, "poids est infini"),
        ({"weights": ["a", "b"]}, "pas des nombres"),
        ({"weights": [1, 1, 1]}, "une ligne de coûts par poids"),
        ({"cost": [[1, 2], [3]]}, "pas des nombres"),
        ({"cost": [[1, np.nan], [1, 1]]}, "coûts doivent être connus"),
        ({"cost": [[1, -1], [1, 1]]}, "coûts doivent être connus"),
        ({"p": -1}, "négatif"),
        ({"p": 1.5}, "nombre entier"),
        ({"fixed": [2]}, "lieux imposés"),
        ({"forbidden": [-1]}, "négatif"),
        ({"time_limit_s": -1}, "durée"),
        ({"time_limit_s": np.nan}, "durée"),
        ({"seed": -1}, "graine"),
    ],
)
def test_requests_that_make_no_sense_are_refused(change, message: str) -> None:
    request = {"weights": [1, 1], "cost": [[1, 2], [2, 1]], "p": 1} | change
    with pytest.raises(WrongUsage, match=message):
        p_median(**request)


def test_arguments_are_left_as_they_were() -> None:
    people, minutes = town(30, 8)
    before = people.copy(), minutes.copy()
    p_median(people, minutes, 3, capacity=people.sum() / 2)
    np.testing.assert_array_equal(people, before[0])
    np.testing.assert_array_equal(minutes, before[1])


@pytest.mark.parametrize("limit_s", [0.0, 0.2])
def test_the_clock_is_obeyed_with_a_valid_bound(limit_s: float) -> None:
    people, minutes = town(600, 200, seed=2)
    known = p_median(people, minutes, 12).objective
    began = time.process_time()
    got = p_median(people, minutes, 12, time_limit_s=limit_s)
    assert time.process_time() - began < limit_s + 1.0
    assert got.bound <= known * (1 + 1e-9)
    assert got.objective >= known * (1 - 1e-9)
    assert len(got.chosen) == 12


@pytest.mark.parametrize(
    ("module", "name", "call"),
    [(median_search, "descend", 3), (median_stages, "climb", 0), (median_branch, "climb", 4)],
)
def test_ctrl_c_gives_the_best_so_far(module, name: str, call: int, monkeypatch) -> None:
    minutes = np.random.default_rng(2).uniform(1, 60, (100, 40))
    calls, inside = iter(range(10**6)), getattr(module, name)

    def interrupted(*args: object, **options: object) -> object:
        if next(calls) == call:
            raise KeyboardInterrupt
        return inside(*args, **options)

    known = p_median(np.ones(100), minutes, 5)
    monkeypatch.setattr(module, name, interrupted)
    got = p_median(np.ones(100), minutes, 5)
    assert (known.ending, got.ending) == (Ending.OPTIMAL, Ending.TIME_UP)
    assert got.bound <= known.objective * (1 + 1e-9)
    assert got.objective >= known.objective * (1 - 1e-9)
    assert len(got.chosen) == 5


@pytest.mark.parametrize("name", ["pmed1", "pmed6", "pmed9", "pmed16", "pmed34"])
def test_published_medians_are_proved(name: str) -> None:
    cost, p, optimum = published(name)
    got = p_median(np.ones(len(cost)), cost, p)
    assert (got.objective, got.bound, got.ending) == (optimum, optimum, Ending.OPTIMAL)


@pytest.mark.slow
@pytest.mark.parametrize("name", PUBLISHED)
def test_every_published_median_is_proved(name: str) -> None:
    test_published_medians_are_proved(name)
