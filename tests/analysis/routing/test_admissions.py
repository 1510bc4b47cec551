"""Why places are out: hand-made weeks of each rule, and drawn weeks where all is proved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from territory.analysis.routing.admissions import Admission, Effort, admissions
from territory.analysis.routing.binding import Rule
from territory.analysis.routing.relaxed import (
    LADDERS,
    Change,
    Kind,
    Room,
    free_room,
    possible,
    relaxed,
    targets,
)
from territory.analysis.routing.resolve import made, only, required
from territory.analysis.routing.week_judge import week_faults, week_value
from territory.analysis.routing.week_problem import Walked, WeekProblem
from tests.analysis.routing.exhaustive import try_everything
from tests.analysis.routing.tiny_weeks import drawn_week, week

ALL = Effort(kinds=len(LADDERS), singles=100)
ALONE = (0, -1)


def explained(problem: WeekProblem, group: int) -> Admission:
    best = try_everything(problem)
    assert group not in made(problem, best.routes)
    return admissions(problem, best, [group], try_everything, effort=ALL).of[0]


def test_twelve_minutes_missing_are_given_by_fifteen() -> None:
    places = [(10, 540, 900, 3.0), (19, 540, 900, 2.0)]
    why = explained(week(places=places, routes=[(0, 540, 626, ALONE)]), 1)
    assert why.rule is Rule.TIME
    assert why.lack is not None
    assert (why.lack.kind, why.lack.amount, why.lack.at) == (Kind.FINISH, 12, 638)
    assert why.change == Change(Kind.FINISH, 15, 0)
    assert (why.moved, why.gain, why.least) == ((), 2.0, True)
    assert why.exchange is not None
    assert (why.exchange.price, why.exchange.dropped) == (1.0, (0,))


def test_a_route_is_not_stretched_into_an_appointment() -> None:
    problem = week(places=[(10, 540, 900, 3.0), (19, 540, 900, 2.0)], routes=[(0, 540, 626, ALONE)])
    best = try_everything(problem)
    room = Room(np.array([540]), np.array([630]))
    why = admissions(problem, best, [1], try_everything, room=room, effort=ALL).of[0]
    assert (why.rule, why.change, why.plan) == (Rule.TIME, None, None)
    assert why.exchange is not None


def test_a_place_open_when_nobody_is_out() -> None:
    places = [(5, 540, 700, 3.0), (5, 700, 760, 9.0)]
    why = explained(week(places=places, routes=[(0, 540, 640, ALONE)]), 1)
    assert (why.rule, why.exchange, why.change) == (Rule.HOURS, None, None)
    assert why.least


def test_a_place_where_nobody_may_go() -> None:
    problem = week(places=[(5, 540, 700, 3.0), (5, 540, 700, 9.0)], routes=[(0, 540, 700, ALONE)])
    problem.value[1] = -np.inf
    why = explained(problem, 1)
    assert (why.rule, why.exchange, why.change) == (Rule.COMMUNE, None, None)


def test_a_door_that_closes_seven_minutes_too_early() -> None:
    places = [(20, 560, 581, 2.0), (20, 560, 593, 1.0)]
    why = explained(week(places=places, routes=[(0, 540, 700, ALONE)], service=20), 1)
    assert (why.rule, why.change) == (Rule.CLOSING, Change(Kind.CLOSING, 10, 1))
    assert why.lack is not None
    assert (why.lack.amount, why.lack.at) == (7, 580)


def test_walking_more_on_the_day() -> None:
    places = [(5, 540, 900, 3.0), (10, 540, 900, 2.0)]
    why = explained(week(places=places, routes=[(0, 540, 900, ALONE)], walk_max_m=1000), 1)
    assert (why.rule, why.change) == (Rule.WALK, Change(Kind.WALK, 750, 0))
    assert why.lack is not None
    assert why.lack.amount == 600


def test_one_half_day_more() -> None:
    problem = week(
        places=[(5, 540, 900, 3.0), (5, 540, 900, 2.0)],
        routes=[(0, 540, 640, ALONE), (1, 540, 640, ALONE)],
        service=90,
        half_days_most=1,
    )
    why = explained(problem, 1)
    assert (why.rule, why.change) == (Rule.QUOTA, Change(Kind.QUOTA, 1, 0))


def test_a_zone_served_the_same_day_and_one_served_the_day_before() -> None:
    routes = [(0, 540, 640, ALONE), (0, 540, 640, (1, -1))]
    places = [(5, 540, 900, 3.0), (5, 540, 900, 2.0)]
    problem = week(places=places, routes=routes, service=90)
    problem.groups.zone[:] = 0
    problem.groups.zone_apart[0] = 1
    why = explained(problem, 1)
    assert (why.rule, why.change) == (Rule.SERVED, Change(Kind.ZONE, 1, 0))
    problem = week(places=places, routes=[routes[0], (1, 540, 640, (1, -1))], service=90)
    problem.groups.zone[:] = 0
    problem.groups.zone_apart[0] = 3
    why = explained(problem, 1)
    assert (why.rule, why.change) == (Rule.SPACING, Change(Kind.ZONE, 2, 0))


def test_a_lunch_too_long_by_twelve_minutes() -> None:
    places = [(10, 540, 900, 3.0), (10, 600, 648, 2.0)]
    problem = week(
        places=places, routes=[(0, 540, 700, ALONE)], lunch={0: (40, 590, 590)}, service=30
    )
    why = explained(problem, 1)
    assert why.lack is not None
    assert (why.rule, why.change) == (Rule.LUNCH, Change(Kind.LUNCH, 15, 0))


def test_a_pair_that_cannot_be_formed_takes_a_helper() -> None:
    routes = [(0, 540, 600, ALONE), (0, 540, 600, (0, 1))]
    problem = week(places=[(5, 540, 900, 9.0), (5, 540, 900, 2.0)], routes=routes)
    problem.value[0, 1] = problem.value[1, 0] = -np.inf  # the second place is for pairs only
    why = explained(problem, 1)
    assert (why.rule, why.change) == (Rule.PAIR, Change(Kind.HELPER, 1, 1, 1))


def test_a_place_that_fits_and_is_not_worth_the_walk() -> None:
    problem = week(
        places=[(5, 540, 900, 9.0), (50, 540, 900, 0.5)],
        routes=[(0, 540, 900, ALONE)],
        walk_price=0.001,
    )
    why = explained(problem, 1)
    assert (why.rule, why.change, why.lack) == (Rule.WORTH, None, None)
    assert why.exchange is not None
    assert why.exchange.price == pytest.approx(0.001 * 90 * 80 - 0.5)
    assert why.gain == pytest.approx(-why.exchange.price)


def test_a_better_plan_met_on_the_way_is_given_back() -> None:
    problem = week(places=[(5, 540, 900, 1.0), (5, 540, 900, 2.0)], routes=[(0, 540, 590, ALONE)])
    poor = replace(try_everything(problem), routes=(Walked((0,)),), value=1.0)
    found = admissions(problem, poor, [1], try_everything)
    assert found.better is not None
    assert found.better.value == 2.0


def asked(problem: WeekProblem, kept: dict[int, int]) -> bool:
    """Say whether some plan visits all these places, each as often as asked."""
    small, _ = only(problem, kept)
    plan = try_everything(required(small, kept))
    return all(made(small, plan.routes)[g] >= n for g, n in kept.items())


@pytest.mark.parametrize("seed", range(16))
def test_a_change_admits_its_place_and_no_smaller_step_does(seed: int) -> None:
    problem = drawn_week(seed)
    best = try_everything(problem)
    out = [g for g in range(len(problem.groups.most)) if g not in made(problem, best.routes)]
    for why in admissions(problem, best, out, try_everything, effort=ALL).of:
        kept = dict(made(problem, best.routes)) | {why.group: 1}
        if why.exchange is not None:
            check_exchange(problem, best.value, why)
        if why.plan is None:
            continue
        after = relaxed(problem, [why.change] if why.change else [])
        assert not week_faults(after, why.plan.routes)
        assert made(problem, why.plan.routes) >= made(problem, best.routes)
        assert made(problem, why.plan.routes)[why.group] == 1
        assert why.gain == pytest.approx(week_value(after, why.plan.routes) - best.value)
        assert why.least
        assert (why.change is None) == asked(problem, kept)
        if why.change is not None:
            check_least(problem, why.change, why.group, kept)


def check_exchange(problem: WeekProblem, value: float, why: Admission) -> None:
    assert why.exchange is not None
    assert not week_faults(problem, why.exchange.plan.routes)
    forced = try_everything(required(problem, {why.group: 1}))
    assert why.exchange.price == pytest.approx(value - week_value(problem, forced.routes))
    assert why.exchange.price >= -1e-9
    assert why.exchange.proved


def check_least(problem: WeekProblem, change: Change, group: int, kept: dict[int, int]) -> None:
    room = free_room(problem)
    for amount in (a for a in LADDERS[change.kind] if a < change.amount):
        for less in targets(problem, change.kind, amount, group):
            if possible(problem, less, room):
                assert not asked(relaxed(problem, [less]), kept), less
