"""The new permanences one by one: every figure is a difference of two attendances."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from territory.analysis.siting.slot_problem import SlotProblem, attendance
from territory.analysis.siting.suggestions import suggestions
from territory.analysis.siting.who_comes import by_group, received_by_row
from territory.errors import WrongUsage
from tests.analysis.siting.small_slots import drawn


def total(problem: SlotProblem, chosen: list[int]) -> float:
    return attendance(problem, chosen).total


@pytest.mark.parametrize("room", [np.inf, 12.0])
@pytest.mark.parametrize("seed", range(5))
def test_each_figure_is_a_re_evaluation(seed: int, room: float) -> None:
    problem = drawn(seed, held=3, room=room)
    groups = [f"quartier {i % 3}" for i in range(12)]
    chosen = (0, 2, 4, 5, 7)
    told = suggestions(problem, chosen, groups)
    open_now = [0, 2]
    assert told.held == pytest.approx(total(problem, [0, 1, 2]))
    assert told.kept == pytest.approx(total(problem, open_now))
    for rank, one in enumerate(told.ranked, 1):
        before, after = attendance(problem, open_now), attendance(problem, [*open_now, one.option])
        assert one.rank == rank
        assert one.gain == pytest.approx(after.total - before.total)
        assert one.received == pytest.approx(after.served[-1])
        assert one.transferred == pytest.approx(one.received - one.gain)
        lost = dict(zip(open_now, before.served - after.served[:-1], strict=True))
        assert dict(one.taken) == pytest.approx({j: x for j, x in lost.items() if x != 0})
        assert sum(people for _, people in one.to) == pytest.approx(one.gain)
        others = [j for j in chosen if j != one.option]
        assert one.lost_without == pytest.approx(total(problem, chosen) - total(problem, others))
        rest = {4, 5, 7} - set(open_now) - {one.option}
        assert all(one.gain >= total(problem, [*open_now, j]) - before.total - 1e-9 for j in rest)
        open_now.append(one.option)
    assert set(open_now) == set(chosen)
    assert told.kept + sum(s.gain for s in told.ranked) == pytest.approx(told.total)


def test_les_lilas_takes_from_pantin() -> None:
    """Two towns of 30 and 10 visits; staying away draws as much as one permanence next door."""
    nothing = np.zeros(2)
    problem = SlotProblem(
        np.array([30.0, 10.0]), sp.csc_matrix([[1.0, 1.0], [0.0, 1.0]]), np.ones(2),
        np.array([0, 1]), np.zeros(2, int), np.ones(2), np.full(2, np.inf), nothing,
        np.array([True, False]), nothing > 0, nothing > 0,
    )  # fmt: skip
    (one,) = suggestions(problem, [0, 1], ["Pantin", "Les Lilas"]).ranked
    assert (one.received, one.transferred, one.taken) == (15.0, 5.0, ((0, 5.0),))
    assert one.to == (("Les Lilas", 5.0), ("Pantin", 5.0))
    assert one.lost_without == one.gain == 10.0


def test_rows_add_up_to_what_is_served_when_room_is_short() -> None:
    problem = drawn(3, room=4.0)
    assert attendance(problem, [1, 4, 6]).turned_away > 0
    rows = received_by_row(problem, [1, 4, 6])
    assert rows.sum() == pytest.approx(total(problem, [1, 4, 6]))
    assert (rows >= 0).all()
    assert received_by_row(problem, []).tolist() == [0.0] * 12


def test_equal_options_come_by_place_whatever_their_order() -> None:
    problem = replace(drawn(1, options=2), pull=sp.csc_matrix(np.ones((12, 2))))
    turned = replace(problem, place=problem.place[::-1], slot=problem.slot[::-1])
    assert [s.option for s in suggestions(problem, [0, 1]).ranked] == [0, 1]
    assert [s.option for s in suggestions(turned, [0, 1]).ranked] == [1, 0]


def test_nothing_chosen_and_nobody_there() -> None:
    problem = drawn(2)
    assert suggestions(problem, []).ranked == ()
    empty = replace(problem, weights=np.zeros(12))
    assert [s.gain for s in suggestions(empty, [3]).ranked] == [0.0]


def test_groups_must_be_one_a_row() -> None:
    with pytest.raises(WrongUsage, match=r"un groupe .* pour chaque ligne"):
        suggestions(drawn(2), [3], ["Pantin"])
    assert by_group(np.array([1.0, 2.0, 0.0]), ["b", "a", "c"]) == (("a", 2.0), ("b", 1.0))
