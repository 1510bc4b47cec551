"""The solver of the dialogue: the best of all choices, proved, or impossible, proved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from territory.analysis.siting.curve import slot_curve
from territory.analysis.siting.settled_slots import settled_slots
from territory.analysis.siting.solvers import keeps_rules
from territory.model.results import Ending
from tests.analysis.siting.small_slots import drawn, valued, with_limits


@pytest.mark.parametrize("seed", range(8))
def test_the_best_of_all_choices_is_proved(seed: int) -> None:
    problem = replace(
        with_limits(drawn(seed, options=10, held=2), opened=3.0, closed=seed % 2, hours=14.0),
        capacity=np.linspace(5.0, 30.0, 10),
    )
    best, _ = max(valued(problem))
    for start in ((), (0, 1), (9, 9, 9)):
        found = settled_slots(problem, start=start)
        assert found.ending is Ending.OPTIMAL
        assert found.objective == pytest.approx(best) == found.bound
        assert keeps_rules(problem, found.chosen)
        assert sum(found.served) == pytest.approx(found.objective)


def test_equal_choices_are_proved_too() -> None:
    problem = with_limits(drawn(0, options=12, room=1.0), opened=3.0)
    assert settled_slots(problem).objective == pytest.approx(3.0)
    assert settled_slots(problem).ending is Ending.OPTIMAL


def test_no_limit_goes_to_the_search() -> None:
    problem = drawn(3, options=6)
    found = settled_slots(problem)
    assert found.chosen == tuple(range(6))
    assert found.ending is Ending.OPTIMAL


def test_impossible_is_proved_with_least_attendances() -> None:
    problem = with_limits(drawn(2, options=4, reach=np.eye(4)[[1]]), opened=2.0)
    crowd = replace(problem, least=np.full(4, 1e6))
    assert settled_slots(crowd).ending is Ending.IMPOSSIBLE
    both = replace(problem, fixed=np.ones(4, bool), forbidden=np.ones(4, bool))
    assert settled_slots(both).ending is Ending.IMPOSSIBLE


def test_the_curve_of_a_town_is_proved_point_by_point() -> None:
    problem = drawn(5, options=9, room=20.0)
    curve = slot_curve(problem, 4)
    assert {p.ending for p in curve.points} == {Ending.OPTIMAL}
    best, _ = max(valued(with_limits(problem, opened=4.0)))
    assert curve.points[-1].value == pytest.approx(best)
