"""One more permanence, then one more: never falls, concave where theory says so, cost counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import scipy.sparse as sp

from territory.analysis.siting.curve import cover_curve, slot_curve
from territory.analysis.siting.slot_problem import SlotProblem, attendance
from territory.errors import WrongUsage
from territory.model.results import Ending
from tests.analysis.siting.small_slots import drawn, exhaustive, valued, with_limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.model.site_results import SlotOutcome


@pytest.mark.parametrize(("room", "held"), [(np.inf, 0), (np.inf, 2), (9.0, 2)])
def test_each_point_is_the_best_of_all_choices(room: float, held: int) -> None:
    problem = drawn(1, options=7, held=held, room=room)
    curve = slot_curve(problem, 4, exhaustive)
    assert [p.added for p in curve.points] == list(range(len(curve.points)))
    for point in curve.points:
        best, _ = max(valued(with_limits(problem, opened=point.added)))
        assert point.value == pytest.approx(best)
        assert point.ending is Ending.OPTIMAL
        assert point.hours == problem.hours[list(point.chosen)].sum()
    assert (np.diff([p.value for p in curve.points]) >= 0).all()


def test_marginal_gain_and_hours_per_person() -> None:
    problem = drawn(4, options=6)
    curve = slot_curve(problem, 3, exhaustive)
    assert curve.points[0].gain is None
    for before, after in zip(curve.points, curve.points[1:], strict=False):
        assert after.gain == pytest.approx(after.value - before.value)
        added = after.hours - before.hours
        assert after.hours_per_person == pytest.approx(added / after.gain)


def test_a_search_that_finds_worse_keeps_the_choice_before() -> None:
    """A solver that forgets everything after two options must not make the curve fall."""
    problem = drawn(5, options=6)

    def lazy(asked: SlotProblem, *, start: Sequence[int] = ()) -> SlotOutcome:
        best = exhaustive(asked, start=start)
        if asked.limits.opened < 3:
            return best
        poor = attendance(asked, [0])
        return replace(best, chosen=(0,), objective=poor.total, ending=Ending.TIME_UP)

    curve = slot_curve(problem, 5, lazy)
    assert curve.points[3].chosen == curve.points[2].chosen
    assert curve.points[3].ending is Ending.TIME_UP
    assert curve.flat
    assert len(curve.points) == 4


def test_left_when_nothing_more_is_gained() -> None:
    curve = slot_curve(drawn(2, options=4, hours=0.0), 4, exhaustive)
    assert [(p.value, p.gain) for p in curve.points] == [(0.0, None), (0.0, 0.0)]
    assert curve.points[1].hours_per_person is None
    assert curve.flat
    assert curve.elbow is None


def test_numbers_too_small_for_the_rules_are_told() -> None:
    reach = sp.csr_matrix([[1, 0, 0, 0], [0, 0, 0, 1]], dtype=float)
    curve = slot_curve(drawn(2, options=4, reach=reach), 3, exhaustive)
    assert curve.impossible == (0, 1)
    assert [p.added for p in curve.points] == [2, 3]
    assert slot_curve(drawn(2, options=4, reach=reach), 1, exhaustive).points == ()


def test_bounds_of_longer_choices_bound_shorter_ones() -> None:
    problem = drawn(6, options=6)

    def unsure(asked: SlotProblem, *, start: Sequence[int] = ()) -> SlotOutcome:
        loose = 1000.0 if asked.limits.opened < 2 else 500.0
        return replace(exhaustive(asked, start=start), bound=loose, ending=Ending.TIME_UP)

    curve = slot_curve(problem, 3, unsure)
    assert [p.bound for p in curve.points] == [500.0] * 4
    assert {p.ending for p in curve.points} == {Ending.TIME_UP}


def test_covering_is_concave_on_nested_neighbourhoods_and_has_its_elbow() -> None:
    covers = np.eye(5, dtype=bool)
    curve = cover_curve(np.array([40.0, 30.0, 5.0, 4.0, 0.0]), covers, 5)
    assert [p.value for p in curve.points] == [0.0, 40.0, 70.0, 75.0, 79.0, 79.0]
    assert curve.concave
    assert curve.elbow == 2
    assert curve.flat
    assert curve.points[2].hours_per_person == pytest.approx(1 / 30)


def test_a_curve_that_is_not_concave_is_told() -> None:
    """A search stopped too early at the first point: the second step then gains more."""
    problem = drawn(1, options=4)

    def stopped(asked: SlotProblem, *, start: Sequence[int] = ()) -> SlotOutcome:
        if asked.limits.opened != 1:
            return exhaustive(asked, start=start)
        _, weak = min(pair for pair in valued(asked) if pair[1])
        return replace(exhaustive(asked), chosen=weak, ending=Ending.TIME_UP)

    assert not slot_curve(problem, 2, stopped).concave
    assert slot_curve(problem, 2, exhaustive).concave


def test_fixed_places_are_there_from_the_first_point() -> None:
    covers = np.eye(3, dtype=bool)
    curve = cover_curve(np.array([1.0, 2.0, 4.0]), covers, 3, fixed=[0], forbidden=[2])
    assert [(p.added, p.value) for p in curve.points] == [(0, 1.0), (1, 3.0)]
    assert {p.ending for p in curve.points} == {Ending.OPTIMAL}
    with pytest.raises(WrongUsage, match="négatif"):
        cover_curve(np.ones(3), covers, -1)
