from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from territory.analysis.routing.week_bound import week_bound
from territory.analysis.routing.week_bound_choice import choice_of, clashing
from territory.analysis.routing.week_bound_plain import plain_bound
from tests.analysis.routing.exhaustive import best_value
from tests.analysis.routing.tiny_weeks import one_route, random_week

if TYPE_CHECKING:
    from territory.analysis.routing.week_problem import WeekProblem

BLOCKS = [pytest.param(k, marks=[] if k < 4 else pytest.mark.slow) for k in range(10)]


@pytest.mark.parametrize("block", BLOCKS)
def test_no_plan_beats_the_bound(block: int) -> None:
    """All weeks of the suite and of CI: 10 blocks of 50, of which 6 every day."""
    for seed in range(50 * block, 50 * (block + 1)):
        bound = week_bound(random_week(seed), time_limit_s=60.0, iterations=1 + seed % 3)
        assert bound >= best_value(seed), seed


def test_the_bound_comes_near_the_best_plan() -> None:
    seeds = range(0, 200, 10)
    bounds = [week_bound(random_week(s), time_limit_s=60.0, iterations=25) for s in seeds]
    gaps = np.array(bounds) - [best_value(s) for s in seeds]
    plain = np.array([plain_bound(random_week(s)) - best_value(s) for s in seeds])
    assert gaps.mean() < 0.15 * plain.mean()


def test_more_prices_bound_no_worse() -> None:
    week = random_week(7, visits=10, routes=4)
    bounds = [week_bound(week, time_limit_s=60.0, iterations=n) for n in (1, 3, 9, 20)]
    assert bounds == sorted(bounds, reverse=True)
    assert bounds[0] > bounds[-1] + 0.1


def test_one_route_with_time_for_two_of_three() -> None:
    """Legs of 5 minutes, visits of 20: 60 minutes hold two, the best bring 5 + 4."""
    week = one_route([5.0, 4.0, 3.0], minutes=60)
    assert week_bound(week, time_limit_s=60.0) == pytest.approx(9.0, abs=2e-3)
    assert week_bound(week, time_limit_s=60.0) >= 9.0


def test_a_lunch_takes_its_time() -> None:
    week = one_route([5.0, 4.0, 3.0], minutes=60)
    windows = replace(
        week.windows,
        lunch_min=np.array([25]),
        lunch_opens=np.array([560]),
        lunch_latest=np.array([600]),
    )
    bound = week_bound(replace(week, windows=windows), time_limit_s=60.0)
    assert bound == pytest.approx(5.0, abs=2e-3)


def test_a_long_walk_may_pay_fewer_ways_home() -> None:
    """The walk that comes back to places after two others has, a visit, less of the way home."""
    week = one_route([5.0, 4.0, 3.0], minutes=600, walk_price=0.01)
    bound = week_bound(week, time_limit_s=60.0)
    assert 12.0 - 0.01 * 4 * 100 <= bound <= 12.0 - 0.01 * 3 * 100


def test_a_place_is_not_left_and_come_back_to_at_once() -> None:
    """Without that rule, half an hour more would be filled by a second visit of the first place."""
    week = one_route([5.0, 1.0], minutes=600)
    assert week_bound(week, time_limit_s=60.0, iterations=1) == pytest.approx(6.0, abs=1e-3)


def test_walks_are_paid_for() -> None:
    week = one_route([5.0, 4.0, 3.0], minutes=80, walk_price=0.01)
    alone = 5.0 + 4.0 + 3.0 - 0.01 * 4 * 100
    assert week_bound(week, time_limit_s=60.0) == pytest.approx(alone, abs=4e-3)


def test_no_route_nothing_gained() -> None:
    week = one_route([5.0], minutes=60)
    assert week_bound(replace(week, value=week.value - np.inf), time_limit_s=1.0) < 1e-5
    assert week_bound(one_route([5.0], minutes=10), time_limit_s=1.0) < 1e-5


def test_visits_that_last_no_time_have_a_plain_bound() -> None:
    week = one_route([5.0, 4.0], minutes=60)
    legs = replace(week.legs, minutes=week.legs.minutes * 0)
    visits = replace(week.visits, service=week.visits.service * 0)
    bound = week_bound(replace(week, legs=legs, visits=visits), time_limit_s=1.0)
    assert bound == pytest.approx(9.0, abs=1e-5)


@pytest.mark.parametrize("change", [{"walk_price": -1.0}, {"pair_price": -1.0}])
def test_nothing_is_said_of_negative_prices(change: dict[str, float]) -> None:
    week = replace(one_route([5.0], minutes=60), **change)  # type: ignore[arg-type]
    assert week_bound(week, time_limit_s=1.0) == np.inf


def test_the_order_of_visits_and_routes_says_nothing() -> None:
    week = random_week(11, visits=8)
    bounds = [week_bound(w, time_limit_s=60.0, iterations=30) for w in (week, _turned(week))]
    assert bounds[0] == pytest.approx(bounds[1], rel=1e-2)


def _turned(week: WeekProblem) -> WeekProblem:
    visits = {name: getattr(week.visits, name)[::-1] for name in week.visits.__slots__}
    windows = {name: getattr(week.windows, name)[::-1] for name in week.windows.__slots__}
    windows["clash"] = windows["clash"][:, ::-1]
    return replace(
        week,
        visits=replace(week.visits, **visits),
        windows=replace(week.windows, **windows),
        value=week.value[::-1, ::-1],
    )


def test_sets_of_clashes_hold_every_clash_and_no_other() -> None:
    rng = np.random.default_rng(3)
    clash = rng.random((12, 12)) < 0.3
    either = (clash | clash.T) & ~np.eye(12, dtype=bool)
    sets = clashing(clash)
    held = (sets.T @ sets > 0) & ~np.eye(12, dtype=bool)
    assert np.array_equal(held, either)


def test_the_choice_of_routes_is_bounded_by_its_best_ones() -> None:
    """Three routes of which two clash: the whole choice and its relaxation are both at least 7."""
    week = random_week(5)
    windows = replace(
        week.windows, clash=np.array([[0, 1, 0], [0, 0, 0], [0, 0, 0]], bool),
        half_days=np.ones(3, np.int64),
    )  # fmt: skip
    team = replace(week.team, half_days_most=np.array([9, 9]))
    choice = choice_of(replace(week, windows=windows, team=team, pairs=-1))
    worth = np.array([4.0, 3.0, -np.inf])
    bound, share = choice.relaxed(worth)
    assert bound == pytest.approx(4.0)
    assert share.tolist() == [1.0, 0.0, 0.0]
    assert choice.whole(np.array([4.0, 3.0, 3.0]), 10.0) == pytest.approx(7.0, abs=1e-4)
