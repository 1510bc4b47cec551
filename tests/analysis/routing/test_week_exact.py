from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from territory.analysis.routing.week_exact import accepts, ended, exact_week, proved
from territory.analysis.routing.week_judge import week_faults, week_value
from territory.analysis.routing.week_problem import Walked, WeekOutcome
from territory.model.results import Ending
from tests.analysis.routing.exhaustive import best_value
from tests.analysis.routing.tiny_weeks import one_route, random_week

BLOCKS = [pytest.param(k, marks=[] if k < 4 else pytest.mark.slow) for k in range(10)]


@pytest.mark.parametrize("block", BLOCKS)
def test_the_best_of_all_plans_is_found(block: int) -> None:
    for seed in range(50 * block, 50 * (block + 1)):
        week = random_week(seed)
        found = exact_week(week, time_limit_s=60.0)
        assert found.value == pytest.approx(best_value(seed), abs=1e-6), seed
        assert found.ending is Ending.OPTIMAL
        assert week_faults(week, found.routes) == []
        assert week_value(week, found.routes) == found.value


def test_a_day_of_twelve_visits_leaves_no_gap() -> None:
    week = random_week(4, visits=12, routes=2, days=1)
    found = exact_week(week, time_limit_s=60.0)
    assert found.bound - found.value <= 1e-6
    assert found.ending is Ending.OPTIMAL
    assert sum(len(walked.visits) for walked in found.routes) > 1


def test_the_order_that_walks_least_is_taken() -> None:
    """Three points on a line, visited from one end: 300 m out and back."""
    week = one_route([5.0, 5.0, 5.0], minutes=600, walk_price=0.001)
    places = np.array([0, 300, 100, 200])
    metres = np.abs(places[:, None] - places[None, :])[None]
    found = exact_week(replace(week, legs=replace(week.legs, metres=metres)), time_limit_s=60.0)
    assert found.value == pytest.approx(15.0 - 0.6)


def test_a_week_out_of_time_has_a_bound() -> None:
    week = random_week(12, visits=12, routes=3, days=1)
    best = exact_week(week, time_limit_s=60.0)
    found = exact_week(week, time_limit_s=0.0)
    assert found.bound >= best.value - 1e-6
    assert week_faults(week, found.routes) == []


def test_too_large_a_week_is_refused() -> None:
    week = one_route([1.0] * 13, minutes=60)
    assert not accepts(week)
    with pytest.raises(ValueError, match="too large a week"):
        exact_week(week, time_limit_s=1.0)


def test_negative_prices_are_refused() -> None:
    assert not accepts(replace(one_route([1.0], minutes=60), walk_price=-1.0))


def _outcome(week_visits: tuple[int, ...], value: float) -> WeekOutcome:
    return WeekOutcome((Walked(week_visits),), value, np.inf, Ending.TIME_UP, 5, 0.1)


@pytest.mark.parametrize(
    ("visits", "value", "ending"),
    [
        ((0, 1), 900.0, Ending.OPTIMAL),
        ((0, 2), 895.0, Ending.WITHIN_GAP),
        ((0,), 500.0, Ending.TIME_UP),
    ],
)
def test_a_plan_is_called_what_it_proves_to_be(
    visits: tuple[int, ...], value: float, ending: Ending
) -> None:
    said = ended(replace(_outcome(visits, value), bound=900.0))
    assert said == replace(_outcome(visits, value), bound=900.0, ending=ending)


@pytest.mark.parametrize(("visits", "value"), [((0, 1), 900.0), ((0, 2), 895.0), ((0,), 500.0)])
def test_the_better_plan_of_a_small_week_is_adopted(visits: tuple[int, ...], value: float) -> None:
    week = one_route([500.0, 400.0, 395.0], minutes=60)
    said = proved(week, _outcome(visits, value), time_limit_s=60.0)
    assert (said.ending, said.value) == (Ending.OPTIMAL, 900.0)
    assert said.bound == pytest.approx(900.0, abs=1e-5)
    assert sorted(said.routes[0].visits) == [0, 1]


def test_a_small_week_under_lock_keeps_its_plan_and_is_not_called_optimal() -> None:
    week = one_route([500.0, 400.0, 395.0], minutes=60)
    said = proved(week, _outcome((0,), 500.0), time_limit_s=60.0, frozen=np.array([True]))
    assert (said.routes, said.ending) == ((Walked((0,)),), Ending.TIME_UP)
    assert said.bound == pytest.approx(900.0, abs=1e-5)


def test_a_large_plan_is_bounded_by_prices() -> None:
    week = one_route([500.0, 400.0, *[395.0] * 11], minutes=60)
    said = proved(week, _outcome((0, 1), 900.0), time_limit_s=60.0)
    assert said.ending in {Ending.OPTIMAL, Ending.WITHIN_GAP}
    assert said.bound >= 900.0
