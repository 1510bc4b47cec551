"""What each place of a plan is worth: the same week planned again without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from territory.analysis.routing.losses import losses
from territory.analysis.routing.resolve import forbidden, made
from territory.analysis.routing.week_judge import week_value
from territory.analysis.routing.week_problem import Walked
from territory.errors import WrongUsage
from tests.analysis.routing.exhaustive import try_everything
from tests.analysis.routing.tiny_weeks import drawn_week, week

ALONE = (0, -1)
PLACES = [(10, 540, 900, 3.0), (12, 540, 900, 2.5), (40, 540, 900, 1.0)]


def test_a_place_is_worth_what_it_brings_less_what_takes_its_turn() -> None:
    problem = week(places=PLACES, routes=[(0, 540, 600, ALONE)])
    found = losses(problem, try_everything(problem), try_everything)
    assert found.better is None
    (loss,) = found.of
    assert (loss.group, loss.visits, loss.loss) == (0, (0,), 0.5)
    assert (loss.freed_min, loss.instead, loss.also) == (50, (1,), ())
    assert loss.proved


def test_skipping_a_place_on_the_way_frees_its_visit_and_its_detour() -> None:
    problem = week(places=PLACES, routes=[(0, 540, 640, ALONE)])
    by_place = {x.group: x for x in losses(problem, try_everything(problem), try_everything).of}
    assert sorted(by_place) == [0, 1]
    assert by_place[0].freed_min == 30  # on the way to the second one
    assert by_place[1].freed_min == 34
    assert by_place[0].loss == 3.0


def test_a_search_that_finds_better_gives_the_plan_and_its_losses() -> None:
    problem = week(places=PLACES, routes=[(0, 540, 600, ALONE)])
    poor = replace(try_everything(problem), routes=(Walked((1,)),), value=2.5)
    found = losses(problem, poor, try_everything)
    assert found.better is not None
    assert made(problem, found.better.routes) == {0: 1}
    assert [(x.group, x.loss) for x in found.of] == [(0, 0.5)]


def test_a_better_plan_that_changes_a_frozen_route_is_not_taken() -> None:
    problem = week(places=PLACES, routes=[(0, 540, 600, ALONE)])
    poor = replace(try_everything(problem), routes=(Walked((1,)),), value=2.5)
    found = losses(problem, poor, try_everything, frozen=np.array([True]))
    assert found.better is None
    assert [x.group for x in found.of] == [1]


def test_stopping_leaves_places_without_a_loss() -> None:
    problem = week(places=PLACES, routes=[(0, 540, 640, ALONE)])
    assert losses(problem, try_everything(problem), try_everything, stop=lambda: True).of == ()


def test_a_plan_that_breaks_rules_is_not_explained() -> None:
    problem = week(places=PLACES, routes=[(0, 540, 550, ALONE)])
    broken = replace(try_everything(problem), routes=(Walked((0,)),), value=3.0)
    with pytest.raises(WrongUsage, match="enfreint des règles"):
        losses(problem, broken, try_everything)


@pytest.mark.parametrize("seed", range(16))
def test_a_loss_is_the_difference_of_two_proved_plans(seed: int) -> None:
    problem = drawn_week(seed)
    best = try_everything(problem)
    found = losses(problem, best, try_everything)
    assert found.better is None
    assert {x.group for x in found.of} == set(made(problem, best.routes))
    for loss in found.of:
        left = try_everything(forbidden(problem, [loss.group]))
        assert loss.loss == pytest.approx(best.value - week_value(problem, left.routes))
        assert loss.loss >= 0
