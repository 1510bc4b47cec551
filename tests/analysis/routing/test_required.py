"""Weeks that cannot keep all that is required: the fewest rules to loosen, proved."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest

from territory.analysis.routing.relaxed import (
    LADDERS,
    Change,
    Kind,
    free_room,
    possible,
    relaxed,
    targets,
)
from territory.analysis.routing.required import smallest_relaxation
from territory.analysis.routing.resolve import made, required
from territory.analysis.routing.week_judge import week_faults
from territory.model.results import Ending
from tests.analysis.routing.exhaustive import try_everything
from tests.analysis.routing.tiny_weeks import drawn_week, week

if TYPE_CHECKING:
    from territory.analysis.routing.week_problem import WeekOutcome, WeekProblem

ALONE = (0, -1)
TWO = [(10, 540, 900, 3.0), (19, 540, 900, 2.0)]


def test_all_is_kept_and_nothing_is_loosened() -> None:
    problem = week(places=TWO, routes=[(0, 540, 700, ALONE)])
    found = smallest_relaxation(problem, [0, 1], [], try_everything)
    assert (found.changes, found.ending, found.groups) == ((), Ending.OPTIMAL, ())
    assert found.plan == found.partial


def test_one_route_a_little_longer() -> None:
    problem = week(places=TWO, routes=[(0, 540, 626, ALONE)])
    found = smallest_relaxation(problem, [0, 1], [], try_everything)
    assert found.ending is Ending.OPTIMAL
    assert len(found.changes) == 1
    assert found.changes[0].kind in (Kind.FINISH, Kind.BEGIN)
    assert found.changes[0].amount == 15
    assert found.groups == (1,)
    assert found.partial.value == 3.0


def test_two_rules_at_once() -> None:
    problem = week(places=TWO, routes=[(0, 540, 626, ALONE)], walk_max_m=1600)
    found = smallest_relaxation(problem, [0, 1], [], try_everything)
    assert found.ending is Ending.OPTIMAL
    assert found.irreducible
    assert {c.kind for c in found.changes} in ({Kind.FINISH, Kind.WALK}, {Kind.BEGIN, Kind.WALK})


def test_a_zone_without_presence() -> None:
    problem = week(places=TWO, routes=[(0, 540, 626, ALONE)])
    problem.groups.zone[:] = [0, 1]
    found = smallest_relaxation(problem, [], [0, 1], try_everything)
    assert found.zones == (1,)
    assert len(found.changes) == 1


def test_a_place_where_nobody_may_go_is_impossible_whatever_the_search() -> None:
    problem = week(places=TWO, routes=[(0, 540, 626, ALONE)])
    problem.value[1] = -np.inf
    found = smallest_relaxation(problem, [0, 1], [], unproved)
    assert (found.ending, found.plan, found.groups) == (Ending.IMPOSSIBLE, None, (1,))
    assert made(problem, found.partial.routes) == {0: 1}


def test_too_long_for_any_change() -> None:
    problem = week(
        places=[(10, 540, 900, 3.0), (400, 540, 900, 2.0)], routes=[(0, 540, 626, ALONE)]
    )
    found = smallest_relaxation(problem, [1], [], try_everything)
    assert (found.ending, found.changes) == (Ending.IMPOSSIBLE, ())
    assert smallest_relaxation(problem, [1], [], unproved).ending is Ending.FAILED


def test_what_is_found_but_not_proved_says_so() -> None:
    problem = week(places=TWO, routes=[(0, 540, 626, ALONE)], walk_max_m=1600)
    found = smallest_relaxation(problem, [0, 1], [], unproved)
    assert (found.ending, found.irreducible) == (Ending.TIME_UP, False)
    assert len(found.changes) == 2


def unproved(problem: WeekProblem, *, begin=None, frozen=None) -> WeekOutcome:
    found = try_everything(problem, begin=begin, frozen=frozen)
    return replace(found, ending=Ending.TIME_UP)


def kept(problem: WeekProblem, groups: list[int]) -> bool:
    plan = try_everything(required(problem, dict.fromkeys(groups, 1)))
    return set(groups) <= set(made(problem, plan.routes))


def every_change(problem: WeekProblem, groups: list[int]) -> set[Change]:
    """Return the top steps of every ladder, for each of the places."""
    room = free_room(problem)
    offers = set()
    for kind, ladder in LADDERS.items():
        for group in groups:
            for amount in ladder:
                offers |= set(targets(problem, kind, amount, group))
    lawful = {c for c in offers if c.kind not in (Kind.APART, Kind.HELPER)}
    lawful = {c for c in lawful if possible(problem, c, room)}
    return {
        c
        for c in lawful
        if not any((c.kind, c.target) == (d.kind, d.target) and d.amount > c.amount for d in lawful)
    }


@pytest.mark.parametrize("seed", range(6))
def test_the_set_keeps_all_and_no_smaller_one_does(seed: int) -> None:
    problem = drawn_week(seed)
    groups = [g for g in range(len(problem.groups.most)) if g != 0][:3]
    found = smallest_relaxation(problem, groups, [], try_everything, solves=150)
    if found.plan is None:
        assert found.ending is Ending.IMPOSSIBLE
        assert not kept(relaxed(problem, sorted(every_change(problem, groups), key=str)), groups)
        return
    assert not week_faults(relaxed(problem, found.changes), found.plan.routes)
    assert set(groups) <= set(made(problem, found.plan.routes))
    for k in range(len(found.changes)):
        assert not kept(relaxed(problem, found.changes[:k] + found.changes[k + 1 :]), groups)
    assert (found.ending is Ending.OPTIMAL) or len(found.changes) > 2
    proved_sizes = len(found.changes) if found.ending is Ending.OPTIMAL else 0
    for size in range(proved_sizes):
        for changes in combinations(sorted(every_change(problem, groups), key=str), size):
            assert not kept(relaxed(problem, changes), groups), changes
