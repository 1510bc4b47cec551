"""A whole week explained, and what is adopted on the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from territory.analysis.routing.admissions import Effort
from territory.analysis.routing.reasons import explain_week, left_out
from territory.analysis.routing.resolve import made, without
from territory.analysis.routing.week_judge import week_faults
from territory.analysis.routing.week_problem import Legs, Walked
from tests.analysis.routing.exhaustive import drawn_week, try_everything, week

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
