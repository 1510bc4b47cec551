"""The search of a week against trying everything, and what callers rely on."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.analysis.routing.week import best_week
from territory.analysis.routing.week_arrays import search_of
from territory.analysis.routing.week_judge import week_faults, week_value
from territory.analysis.routing.week_problem import (
    Groups,
    Legs,
    Visits,
    Walked,
    WeekOutcome,
    WeekProblem,
)
from territory.model.results import Ending
from tests.analysis.routing.exhaustive import best_value
from tests.analysis.routing.tiny_weeks import random_week


def searched(problem: WeekProblem, iterations: int = 300, **how: object) -> WeekOutcome:
    return best_week(problem, time_limit_s=1.0, iterations=iterations, **how)  # type: ignore[arg-type]


def sound(problem: WeekProblem, found: WeekOutcome) -> bool:
    made = [v for walked in found.routes for v in walked.visits]
    return not week_faults(problem, found.routes) and len(made) == len(set(made))


def medium_week(seed: int) -> WeekProblem:
    return random_week(seed, visits=25, routes=12, days=4, places=15)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_no_plan_breaks_a_rule_and_none_is_worth_more_than_the_best(seed: int) -> None:
    problem = random_week(seed)
    found = searched(problem, 100, starts=1)
    assert sound(problem, found)
    assert found.value == pytest.approx(week_value(problem, found.routes))
    assert found.value <= best_value(seed) + 1e-9


def test_the_best_plan_of_a_small_week_is_found_nearly_always() -> None:
    found = [searched(random_week(seed), starts=1).value for seed in range(30)]
    equal = [value >= best_value(seed) - 1e-9 for seed, value in enumerate(found)]
    assert sum(equal) >= 25  # harsher than weeks of a team: visits that cost more than they bring


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_frozen_routes_stay_and_a_known_plan_is_never_made_worse(seed: int) -> None:
    problem = medium_week(seed)
    before = searched(problem, 60)
    frozen = np.random.default_rng(seed).random(problem.n_routes) < 0.4
    after = searched(problem, 60, begin=before.routes, frozen=frozen, seed=1)
    assert sound(problem, before)
    assert sound(problem, after)
    assert all(after.routes[r] == before.routes[r] for r in np.flatnonzero(frozen))
    assert after.value >= before.value - 1e-9


def test_same_seed_and_iterations_give_the_same_plan_whatever_the_clock() -> None:
    problem = medium_week(3)
    one = best_week(problem, time_limit_s=100.0, iterations=300, seed=5)
    two = best_week(problem, time_limit_s=0.001, iterations=300, seed=5)
    assert (one.routes, one.value) == (two.routes, two.value)
    assert one.iterations == 300


def test_more_starts_are_never_worse() -> None:
    problem = medium_week(8)
    values = [searched(problem, 50, starts=starts).value for starts in (1, 2, 3)]
    assert values == sorted(values)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_visits_does_not_change_the_value(seed: int) -> None:
    problem = random_week(seed)
    turned = np.random.default_rng(seed).permutation(problem.n_visits)
    v = problem.visits
    visits = replace(v, **{name: getattr(v, name)[turned] for name in v.__slots__})
    other = replace(problem, visits=visits, value=problem.value[turned])
    assert searched(other).value == pytest.approx(searched(problem).value)


def test_progress_is_told_and_stop_is_heard() -> None:
    told: list[tuple[float, float]] = []
    found = searched(
        medium_week(1), 5000, progress=lambda *now: told.append(now), stop=lambda: len(told) > 2
    )
    assert [round(done, 2) for done, _ in told] == [0.02, 0.04, 0.06]
    assert found.iterations == 300
    assert found.value == pytest.approx(told[-1][1])
    assert found.ending is Ending.TIME_UP


def test_a_clock_ends_the_search() -> None:
    found = best_week(medium_week(1), time_limit_s=0.2, starts=1)
    assert found.iterations > 0
    assert found.bound == np.inf


@pytest.mark.parametrize("left", ["visits", "routes", "choices"])
def test_nothing_to_choose_is_proved(left: str) -> None:
    problem = random_week(2)
    if left == "choices":
        problem = replace(problem, value=np.full_like(problem.value, -np.inf))
    kept = slice(0) if left == "visits" else slice(None)
    v = problem.visits
    problem = replace(
        problem, value=problem.value[kept],
        visits=replace(v, **{name: getattr(v, name)[kept] for name in v.__slots__}),
    )  # fmt: skip
    if left == "routes":
        w = problem.windows
        none = {name: getattr(w, name)[:0] for name in w.__slots__}
        problem = replace(problem, windows=replace(w, **none), value=problem.value[:, :0])
    found = searched(problem)
    assert found.ending is Ending.OPTIMAL
    assert found.bound == found.value
    assert found.routes == (Walked(),) * problem.n_routes


def test_what_breaks_a_rule_in_the_plan_given_is_left_out() -> None:
    problem = medium_week(4)
    twice = tuple(Walked((0, 0, 1, 2), 0) for _ in range(problem.n_routes))
    assert sound(problem, searched(problem, 20, begin=twice))


def test_two_walk_together_when_that_is_worth_it() -> None:
    problem = random_week(5)
    w = problem.windows
    alone = w.walkers[:, 1] < 0
    open_all = replace(w, begin=w.begin * 0 + 540, finish=w.finish * 0 + 1200, lunch_min=w.day * 0)
    value = np.where(problem.visits.day[:, None] == w.day[None], np.where(alone, 1.0, 9.0), -np.inf)
    team = replace(problem.team, half_days_most=np.array([9, 9]), walk_max_m=np.array([99999] * 2))
    found = searched(replace(problem, windows=open_all, value=value, team=team, pairs=-1))
    assert any(found.routes[r].visits for r in np.flatnonzero(~alone))
    assert sound(replace(problem, windows=open_all, value=value, team=team, pairs=-1), found)


def on_the_way(problem: WeekProblem, route: int, walked: Walked) -> int:
    """Return the minutes between the points of a route, without waiting, visits and lunch."""
    w, points = problem.windows, problem.visits.point[list(walked.visits)]
    stops = [w.start[route], *points, w.end[route]] if walked.visits else []
    return sum(int(problem.legs.minutes[w.pace[route], a, b]) for a, b in pairwise(stops))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([1, 7, 60]))
def test_the_plan_that_the_search_stands_on_is_accounted_as_judged(seed: int, steps: int) -> None:
    problem = medium_week(seed)
    nowhere, free = (Walked(),) * problem.n_routes, np.zeros(problem.n_routes, bool)
    search = search_of(problem, free, nowhere, week_value(problem, nowhere), seed)
    for done in (0.0, 0.5):
        search.go(steps, done, done + 0.5)
    kept = replace(search, best=search.kept).routes
    assert not week_faults(problem, kept)
    assert search.values[0] == pytest.approx(week_value(problem, kept))
    assert search.values[3] == sum(on_the_way(problem, r, w) for r, w in enumerate(kept))
    assert search.values[1] == pytest.approx(week_value(problem, search.routes))
    assert search.values[1] >= search.values[0] - 1e-9


def test_a_far_visit_of_little_value_is_made_all_the_same() -> None:
    problem = random_week(0, visits=2, routes=1, days=1, places=2)
    far = np.array([[0, 5, 90], [5, 0, 90], [90, 90, 0]])
    one, free = np.ones(1, np.int64), replace(problem.windows, lunch_min=np.zeros(1, np.int64))
    problem = replace(
        problem, legs=Legs(far[None], far[None]), walk_price=0.0, pairs=-1,
        visits=Visits(np.array([1, 2]), np.array([0, 1]), one.repeat(2) * free.day[0],
                      one.repeat(2) * 500, one.repeat(2) * 1100, one.repeat(2) * 20, np.zeros(2)),
        groups=Groups(one.repeat(2), np.ones(2), one.repeat(2) * 0, -one.repeat(2), np.zeros(1),
                      one * 0),
        windows=replace(free, start=one * 0, end=one * 0, begin=one * 540, finish=one * 1100,
                        pace=one * 0),
        value=np.array([[100.0], [0.1]]), limits=None,
        team=replace(problem.team, walk_max_m=problem.team.walk_max_m * 0 + 9999, unfairness=0.0,
                     half_days_most=problem.team.half_days_most * 0 + 9),
    )  # fmt: skip
    found = searched(problem, 200)
    assert found.value == pytest.approx(100.1)
