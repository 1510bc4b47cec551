"""One rule loosened at a time: what changes, what does not, and that nothing is mutated."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from territory.analysis.routing import relaxed as loosen
from territory.analysis.routing.relaxed import LADDERS, Change, Kind, Room, free_room, possible
from tests.analysis.routing.exhaustive import try_everything
from tests.analysis.routing.tiny_weeks import drawn_week, week

if TYPE_CHECKING:
    from collections.abc import Iterator

    from territory.analysis.routing.week_problem import WeekProblem

ALONE, OTHER, PAIR = (0, -1), (1, -1), (0, 1)


def street(lunch: dict[int, tuple[int, int, int]] | None = None) -> WeekProblem:
    """Return two routes of one walker with a break, one of another, one of the pair."""
    routes = [(0, 540, 600, ALONE), (0, 640, 760, ALONE), (0, 540, 600, OTHER), (0, 540, 600, PAIR)]
    return week(places=[(5, 540, 700, 1.0), (9, 540, 800, 2.0)], routes=routes, lunch=lunch)


def arrays(problem: WeekProblem) -> Iterator[tuple[str, np.ndarray]]:
    for part in (problem.visits, problem.groups, problem.windows, problem.team):
        for field in fields(part):
            yield f"{type(part).__name__}.{field.name}", np.asarray(getattr(part, field.name))


CASES = [
    (Change(Kind.FINISH, 15, 1), {"finish"}),
    (Change(Kind.BEGIN, 5, 2), {"begin"}),
    (Change(Kind.LUNCH, 10, 1), {"lunch_min"}),
    (Change(Kind.CLOSING, 30, 0), {"latest"}),
    (Change(Kind.WALK, 250, 0), {"walk_max_m"}),
    (Change(Kind.QUOTA, 1, 1), {"half_days_most"}),
    (Change(Kind.APART, 1, 0), {"apart"}),
    (Change(Kind.ZONE, 1, 0), {"zone_apart"}),
    (Change(Kind.HELPER, 1, 3, 1), {"walkers", "clash"}),
]


@pytest.mark.parametrize(("change", "names"), CASES)
def test_a_change_touches_its_own_rule_and_mutates_nothing(change: Change, names: set[str]) -> None:
    problem = street(lunch={1: (45, 690, 720)})
    before = {n: a.copy() for n, a in arrays(problem)}
    after = dict(arrays(loosen.relaxed(problem, [change])))
    assert {n.split(".")[1] for n in before if not np.array_equal(before[n], after[n])} == names
    assert all(np.array_equal(before[n], a) for n, a in arrays(problem))


def test_a_route_goes_as_far_as_the_next_one_of_its_walkers() -> None:
    room = free_room(street())
    assert room.latest.tolist() == [640, 1440, 1440, 640]
    assert room.earliest.tolist() == [0, 600, 0, 0]


def test_what_makes_no_sense_is_not_offered() -> None:
    problem = street(lunch={1: (30, 690, 720)})
    room = Room(np.full(4, 540), np.full(4, 760))
    assert not possible(problem, Change(Kind.FINISH, 5, 1), room)
    assert possible(problem, Change(Kind.FINISH, 5, 0), room)
    assert not possible(problem, Change(Kind.BEGIN, 5, 0), room)
    assert possible(problem, Change(Kind.LUNCH, 10, 1), room)
    assert not possible(problem, Change(Kind.LUNCH, 15, 1), room)  # 20 minutes is the law
    assert not possible(problem, Change(Kind.ZONE, 1, 0), room)


def test_a_helper_frees_the_other_walker_only() -> None:
    after = loosen.with_helper(street(), 3, 1).windows
    assert after.walkers[3].tolist() == [1, -1]
    assert after.clash[3].tolist() == [False, False, True, False]
    assert after.clash[:, 3].tolist() == [False, False, True, False]


@pytest.mark.parametrize("seed", range(5))
def test_a_larger_step_is_never_worse(seed: int) -> None:
    problem = drawn_week(seed)
    for kind in (Kind.FINISH, Kind.CLOSING, Kind.WALK):
        values = [try_everything(problem).value]
        values += [
            try_everything(loosen.relaxed(problem, [Change(kind, step, 0)])).value
            for step in LADDERS[kind][::3]
        ]
        assert all(b >= a - 1e-9 for a, b in pairwise(values))


def test_ladders_climb() -> None:
    assert all(a < b for ladder in LADDERS.values() for a, b in pairwise(ladder))
    assert Change(Kind.FINISH, 5, 0).size < Change(Kind.FINISH, 10, 0).size
