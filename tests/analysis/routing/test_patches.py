"""What is missing let into a plan, one change after the other."""

from __future__ import annotations

import pytest

from territory.analysis.routing.patches import patched
from territory.analysis.routing.relaxed import Change, Kind, free_room, relaxed
from territory.analysis.routing.resolve import made
from territory.analysis.routing.week_judge import week_faults
from tests.analysis.routing.exhaustive import try_everything
from tests.analysis.routing.tiny_weeks import drawn_week, week

ALONE = (0, -1)
PLACES = [(10, 540, 900, 3.0), (10, 540, 900, 2.0), (10, 540, 900, 1.0)]


def test_changes_of_one_route_add_up_to_a_step() -> None:
    problem = week(places=PLACES, routes=[(0, 540, 600, ALONE)], service=22)
    best = try_everything(problem)
    found = patched(problem, best.routes, [[1], [2]], free_room(problem))
    assert found is not None
    assert found[0] == (Change(Kind.FINISH, 45, 0),)  # 5, then 21 more
    assert not week_faults(relaxed(problem, found[0]), found[1])


def test_two_rules_for_one_place() -> None:
    problem = week(
        places=[PLACES[0], (20, 540, 900, 2.0)],
        routes=[(0, 540, 600, ALONE)],
        walk_max_m=1600,
    )
    found = patched(problem, try_everything(problem).routes, [[1]], free_room(problem))
    assert found is not None
    assert {c.kind for c in found[0]} == {Kind.FINISH, Kind.WALK}


def test_what_fits_takes_no_change_and_what_cannot_has_none() -> None:
    problem = week(places=PLACES, routes=[(0, 540, 700, ALONE)])
    room = free_room(problem)
    alone = try_everything(week(places=PLACES, routes=[(0, 540, 600, ALONE)]))
    found = patched(problem, alone.routes, [[1]], room)
    assert found is not None
    assert found[0] == ()
    far = week(places=[PLACES[0], (400, 540, 900, 1.0)], routes=[(0, 540, 600, ALONE)])
    assert patched(far, alone.routes, [[1]], room) is None


@pytest.mark.parametrize("seed", range(20))
def test_whatever_enters_breaks_no_rule_and_moves_nothing(seed: int) -> None:
    problem = drawn_week(seed)
    best = try_everything(problem)
    out = [g for g in range(len(problem.groups.most)) if g not in made(problem, best.routes)]
    found = patched(problem, best.routes, [[g] for g in out], free_room(problem))
    if found is None:
        return
    assert not week_faults(relaxed(problem, found[0]), found[1])
    assert set(out) <= set(made(problem, found[1]))
    assert all(set(a.visits) <= set(b.visits) for a, b in zip(best.routes, found[1], strict=True))
