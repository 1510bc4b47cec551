"""Random weeks of small teams: no plan breaks a rule, whatever the tables and their order."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.planning.random_weeks import WEEKS, Drawn, random_weeks

if TYPE_CHECKING:
    from territory.model.week_results import WeekPlan

CHUNK = 12


@cache
def planned(first: int) -> tuple[tuple[Drawn, WeekPlan], ...]:
    return tuple((drawn, drawn.planned()) for drawn in random_weeks(range(first, first + CHUNK)))


@pytest.mark.parametrize("first", range(0, 36, CHUNK))  # 10,000: benchmarks/random_weeks.py
def test_no_random_week_breaks_a_rule(first: int) -> None:
    found = {drawn.seed: drawn.faults(plan) for drawn, plan in planned(first)}
    assert {seed: faults for seed, faults in found.items() if faults} == {}


def test_nobody_is_in_two_far_outings_of_one_half_day_without_the_time() -> None:
    """Four weeks of 9,650 where people came from nowhere between two outings of a morning."""
    for drawn in random_weeks([3202, 3912, 4260, 5177]):
        assert drawn.faults(drawn.planned()) == []


def test_of_two_appointments_at_once_one_must_be_in_reach() -> None:
    """A week whose tables put somebody in two places at 11:30 after an outing."""
    (drawn,) = random_weeks([1509])
    plan = drawn.planned()
    assert any("A2 a deux rendez-vous" in warning for warning in plan.warnings)
    assert drawn.faults(plan) == []
    event = next(s for s in plan.sessions if "149701" in s.title)
    alone = replace(plan, sessions=tuple(s for s in plan.sessions if "983131" not in s.title))
    (told,) = (f for f in drawn.faults(alone) if "n’a pas le temps" in f)
    assert event.title in told


def test_the_order_of_rows_never_matters() -> None:
    for drawn, plan in planned(0)[:6]:
        assert drawn.planned(**drawn.shuffled()) == plan


def test_a_locked_outing_stays_as_it_is_or_the_plan_says_so() -> None:
    locks = 0
    for drawn, plan in planned(CHUNK):
        asks = drawn.locked(plan)
        if asks is not None:
            locks += 1
            assert drawn.faults(drawn.planned(asks=asks), asks) == []
    assert locks > 3


def test_a_locked_outing_stays_though_the_week_would_be_better_without() -> None:
    """The one of 10,000 weeks whose reasons met a better plan, without the outing under lock."""
    (drawn,) = random_weeks([6415])
    asks = drawn.locked(drawn.planned())
    assert asks is not None
    plan = drawn.planned(asks=asks)
    assert drawn.faults(plan, asks) == []
    assert [s.title for s in plan.sessions if s.locked] == ["Visites : Lieu 796365"]


def test_weeks_are_of_every_kind() -> None:
    """A generator of nothing would find nothing."""
    plans = [plan for first in (0, CHUNK) for _, plan in planned(first)]
    assert {plan.week for plan in plans} == set(WEEKS)
    outings = [s for plan in plans for s in plan.sessions if not s.fixed]
    assert {len(s.agents) for s in outings} == {1, 2}
    assert {s.half_day for s in outings} == {"matin", "apres-midi"}
    assert sum(len(s.stops) for s in outings) > len(outings)
    assert any("férié" in warning for plan in plans for warning in plan.warnings)
    assert any("absent" in left.reason for plan in plans for left in plan.left_out)
