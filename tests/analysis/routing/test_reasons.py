"""A whole week explained, and what is adopted on the way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.admissions import Effort
from territory.analysis.routing.reasons import explain_week, left_out
from territory.analysis.routing.relaxed import relaxed
from territory.analysis.routing.resolve import made, without
from territory.analysis.routing.week import best_week
from territory.analysis.routing.week_judge import week_faults, week_value
from territory.analysis.routing.week_problem import Legs, Walked
from tests.analysis.routing.exhaustive import try_everything
from tests.analysis.routing.tiny_weeks import drawn_week, week

if TYPE_CHECKING:
    from territory.analysis.routing.week_problem import Flags, WeekOutcome, WeekProblem

ALONE = (0, -1)
PLACES = [(10, 540, 900, 3.0), (12, 540, 900, 2.5), (40, 540, 900, 1.0)]


def test_a_poor_plan_is_replaced_then_explained() -> None:
    problem = week(places=PLACES, routes=[(0, 540, 600, ALONE)])
    poor = replace(try_everything(problem), routes=(Walked((2,)),), value=1.0)
    assert week_faults(problem, poor.routes)
    poor = replace(poor, routes=(Walked(),), value=0.0)
    told = explain_week(problem, poor, try_everything)
    assert told.plan.value == 3.0
    assert [x.group for x in told.losses] == [0]
    assert [a.group for a in told.admissions] == [1, 2]


def test_every_place_has_its_reason_whatever_the_cores() -> None:
    problem = drawn_week(3)
    best = try_everything(problem)
    told = explain_week(problem, best, try_everything)
    groups = {x.group for x in told.losses} | {a.group for a in told.admissions}
    assert groups == set(range(len(problem.groups.most)))
    again = explain_week(problem, best, try_everything, effort=Effort(cores=3))
    assert [x.loss for x in again.losses] == [x.loss for x in told.losses]
    assert [(a.rule, a.change) for a in again.admissions] == [
        (a.rule, a.change) for a in told.admissions
    ]


def test_the_most_valuable_places_come_first() -> None:
    problem = week(places=PLACES, routes=[(0, 540, 541, ALONE)])
    assert left_out(problem, try_everything(problem)) == [0, 1, 2]
    told = explain_week(problem, try_everything(problem), try_everything, most_out=1)
    assert [a.group for a in told.admissions] == [0]


def test_a_stop_that_shortens_the_way_cannot_simply_be_skipped() -> None:
    problem = week(places=PLACES[:2], routes=[(0, 540, 660, ALONE)])
    minutes = problem.legs.minutes.copy()
    minutes[0, 0, 2] = minutes[0, 2, 0] = 90  # the second place is reached through the first
    problem = replace(problem, legs=Legs(minutes, problem.legs.metres))
    routes = (Walked((0, 1)),)
    after = without(problem, routes, {0})
    assert not week_faults(problem, after)
    assert made(problem, after) == {}
    assert np.isclose(try_everything(problem).value, 3.0)


def middle_week() -> WeekProblem:
    """Return twelve places for two walkers on two days, too many for the time there is."""
    rng = np.random.default_rng(5)
    places = [
        (int(rng.integers(2, 40)), 540, int(rng.integers(680, 900)), float(rng.integers(2, 9)) / 2)
        for _ in range(12)
    ]
    routes = [(day, 540, 680, (m, -1)) for day in (0, 1) for m in (0, 1)]
    return week(places=places, routes=routes, walk_max_m=9000, walk_price=0.0001)


def search(
    problem: WeekProblem,
    *,
    begin: tuple[Walked, ...] | None = None,
    frozen: Flags | None = None,
) -> WeekOutcome:
    """Search with a counted number of iterations, so that answers are always the same."""
    return best_week(
        problem, time_limit_s=60.0, iterations=30, starts=1, begin=begin, frozen=frozen
    )


def test_with_the_search_itself_every_change_told_admits_its_place() -> None:
    problem = middle_week()
    told = explain_week(problem, search(problem), search)
    kept = made(problem, told.plan.routes)
    assert len(told.losses) == len(kept)
    assert len(told.admissions) == 12 - len(kept)
    assert all(x.loss >= 0 for x in told.losses)
    changed = [a for a in told.admissions if a.change is not None]
    assert changed
    for why in changed:
        assert why.plan is not None
        after = relaxed(problem, [why.change])
        assert not week_faults(after, why.plan.routes)
        assert made(problem, why.plan.routes) >= kept
        assert made(problem, why.plan.routes)[why.group] == 1
        assert np.isclose(week_value(after, why.plan.routes), told.plan.value + why.gain)
    for why in told.admissions:
        assert why.exchange is not None
        assert not week_faults(problem, why.exchange.plan.routes)
        assert made(problem, why.exchange.plan.routes)[why.group] == 1
    again = explain_week(problem, search(problem), search, effort=Effort(cores=2))
    assert [(a.group, a.change, a.gain) for a in again.admissions] == [
        (a.group, a.change, a.gain) for a in told.admissions
    ]
