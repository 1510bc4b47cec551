"""Weeks under common budgets: the search, the proof and the bound against trying every plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.analysis.routing.admissions import Effort, admissions
from territory.analysis.routing.binding import Rule
from territory.analysis.routing.relaxed import LADDERS, Change, Kind, relaxed
from territory.analysis.routing.required import smallest_relaxation
from territory.analysis.routing.resolve import made
from territory.analysis.routing.week import best_week
from territory.analysis.routing.week_begin import begun
from territory.analysis.routing.week_bound import week_bound
from territory.analysis.routing.week_exact import exact_week
from territory.analysis.routing.week_judge import charged, week_faults
from territory.analysis.routing.week_problem import Limits, Walked, WeekOutcome, WeekProblem
from territory.model.results import Ending
from tests.analysis.routing.budgets import budgeted
from tests.analysis.routing.exhaustive import try_everything
from tests.analysis.routing.tiny_weeks import drawn_week, one_route, random_week, week


def searched(problem: WeekProblem, iterations: int = 300, **how: object) -> WeekOutcome:
    return best_week(problem, time_limit_s=1.0, iterations=iterations, **how)  # type: ignore[arg-type]


def medium_week(seed: int) -> WeekProblem:
    return budgeted(random_week(seed, places=15, days=4, routes=9, visits=25), seed)


def purse(values: list[float], charge: list[int], most: int) -> WeekProblem:
    """A route of ten hours that could visit every place, and a budget that cannot pay for all."""
    limits = Limits(np.array(charge)[:, None], np.array([most]))
    return replace(one_route(values, minutes=600), limits=limits)


def test_the_budget_buys_the_most_value() -> None:
    """6 for 5 would be the best bargain, but 5 + 4 for 2 + 2 bring more."""
    found = searched(purse([6.0, 5.0, 4.0], [3, 2, 2], 4))
    assert sorted(found.routes[0].visits) == [1, 2]
    assert found.value == 9.0


def test_what_takes_nothing_is_visited_under_an_empty_budget() -> None:
    found = searched(purse([6.0, 5.0, 4.0], [1, 0, 2], 0))
    assert found.routes[0].visits == (1,)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_no_budget_is_exceeded(seed: int) -> None:
    problem = medium_week(seed)
    found = searched(problem, 60, starts=1)
    assert week_faults(problem, found.routes) == []
    assert (charged(problem, found.routes) <= problem.budgets).all()


def test_the_best_plan_is_found_nearly_always() -> None:
    weeks = [budgeted(random_week(seed), seed) for seed in range(30)]
    values = [searched(p, starts=1).value for p in weeks]
    best = [try_everything(p).value for p in weeks]
    assert all(a <= b + 1e-9 for a, b in zip(values, best, strict=True))
    assert sum(a >= b - 1e-9 for a, b in zip(values, best, strict=True)) >= 25  # as without budgets


def test_the_proof_and_the_bound_know_budgets() -> None:
    for seed in range(20):
        week = budgeted(random_week(seed), seed)
        best = try_everything(week).value
        found = exact_week(week, time_limit_s=60.0)
        assert found.value == pytest.approx(best, abs=1e-6), seed
        assert found.ending is Ending.OPTIMAL
        assert week_faults(week, found.routes) == []
        assert week_bound(week, time_limit_s=60.0, iterations=3) >= best - 1e-6


def test_a_budget_tightens_the_bound() -> None:
    week = purse([6.0, 5.0, 4.0, 3.0], [1, 1, 1, 1], 2)
    free = week_bound(replace(week, limits=None), time_limit_s=60.0)
    assert free == pytest.approx(18.0, abs=1e-5)
    assert week_bound(week, time_limit_s=60.0) == pytest.approx(11.0, abs=0.01)


def test_a_budget_that_nothing_takes_changes_no_plan() -> None:
    problem = random_week(5, places=15, days=4, routes=9, visits=25)
    none = Limits(np.zeros((15, 1), np.int64), np.zeros(1, np.int64))
    assert searched(replace(problem, limits=none)).routes == searched(problem).routes


def test_a_plan_begun_over_its_budget_is_cut_but_frozen_routes_stay() -> None:
    week = purse([1.0, 1.0, 1.0], [1, 1, 1], 2)
    given = (Walked((0, 1, 2)),)
    assert begun(week, given, np.zeros(1, bool)) == (Walked((0, 1)),)
    assert begun(week, given, np.ones(1, bool)) == given


def test_frozen_visits_are_paid_first() -> None:
    """Two routes, one frozen with a visit more than the budget pays: the other takes none."""
    alone = purse([1.0, 1.0, 1.0], [1, 1, 0], 0)
    w = alone.windows
    both = {name: np.repeat(getattr(w, name), 2, axis=0) for name in w.__slots__}
    both["clash"] = np.zeros((2, 2), bool)
    both["walkers"] = np.array([[0, -1], [1, -1]])
    team = replace(
        alone.team, walk_max_m=np.array([9000, 9000]), half_days_most=np.array([9, 9]),
        due=np.zeros(2),
    )  # fmt: skip
    week = replace(
        alone, windows=replace(w, **both), team=team, value=np.repeat(alone.value, 2, axis=1)
    )
    begin, frozen = (Walked((0,)), Walked((1, 2))), np.array([True, False])
    found = searched(week, begin=begin, frozen=frozen)
    assert found.routes == (Walked((0,)), Walked((2,)))


def three_places(most: int) -> WeekProblem:
    """Three places that one walker could all visit, and a budget for `most` of them."""
    places = [(5, 540, 900, 3.0), (6, 540, 900, 2.0), (7, 540, 900, 1.0)]
    problem = week(places=places, routes=[(0, 540, 780, (0, -1))])
    return replace(problem, limits=Limits(np.ones((3, 1), np.int64), np.array([most])))


def test_a_place_over_the_budget_says_so_and_what_one_more_would_bring() -> None:
    problem = three_places(1)
    best = try_everything(problem)
    (why,) = admissions(problem, best, [1], try_everything).of
    assert (why.rule, why.change) == (Rule.BUDGET, Change(Kind.BUDGET, 1, 0))
    assert why.least
    assert why.gain == pytest.approx(2.0)
    assert why.exchange is not None
    assert (why.exchange.price, why.exchange.dropped) == (pytest.approx(1.0), (0,))


def test_a_budget_of_nothing_keeps_a_place_out_of_every_plan() -> None:
    problem = three_places(0)
    (why,) = admissions(problem, try_everything(problem), [0], try_everything).of
    assert (why.rule, why.exchange) == (Rule.BUDGET, None)
    assert why.change == Change(Kind.BUDGET, 1, 0)


def test_what_is_required_raises_the_budget_no_more_than_it_must() -> None:
    found = smallest_relaxation(three_places(1), [0, 1, 2], [], try_everything)
    assert found.changes == (Change(Kind.BUDGET, 2, 0),)
    assert (found.ending, found.irreducible) == (Ending.OPTIMAL, True)


@pytest.mark.parametrize("seed", range(8))
def test_no_place_is_said_to_fit_where_a_budget_refuses_it(seed: int) -> None:
    problem = budgeted(drawn_week(seed), seed)
    best = try_everything(problem)
    out = [g for g in range(len(problem.groups.most)) if g not in made(problem, best.routes)]
    told = admissions(problem, best, out, try_everything, effort=Effort(kinds=len(LADDERS)))
    for why in told.of:
        changed = [] if why.change is None else [why.change]
        if why.plan is not None:
            assert week_faults(relaxed(problem, changed), why.plan.routes) == []
            assert made(problem, why.plan.routes)[why.group] == 1
        if why.exchange is not None:
            assert week_faults(problem, why.exchange.plan.routes) == []
        if why.rule is Rule.WORTH:
            assert why.change is None
