"""All the choices within a share of the best: the same list as trying every set."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
import scipy.sparse as sp

from territory.analysis.siting.near_optimal import near_cover, near_optimal
from territory.analysis.siting.slot_problem import attendance
from territory.errors import WrongUsage
from tests.analysis.siting.small_slots import drawn, valued, with_limits

if TYPE_CHECKING:
    from territory.analysis.siting.slot_problem import SlotProblem


def within(known: dict[tuple[int, ...], float], share: float) -> dict[tuple[int, ...], float]:
    """Return the choices within `share` of the best."""
    best = max(known.values())
    return {c: v for c, v in known.items() if v >= best * (1 - share) - 1e-9}


def judged(problem: SlotProblem, most: int) -> dict[tuple[int, ...], float]:
    """Return every choice and its value, by trying all of them."""
    return {chosen: value for value, chosen in valued(problem, most)}


ROOM = np.linspace(9.0, 30.0, 16)


@pytest.mark.parametrize(
    ("seed", "limits", "more"),
    [
        (0, {"opened": 3.0}, {"capacity": ROOM}),
        (1, {"opened": 4.0, "in_place": 1.0}, {}),
        (2, {"opened": 4.0, "hours": 11.0}, {"capacity": ROOM}),
        (3, {"opened": 4.0, "at_once": np.array([1.0, 2.0])}, {"least": np.full(16, 9.0)}),
        (4, {"opened": 2.0, "closed": 1.0}, {"present": np.arange(16) < 2, "capacity": ROOM}),
        (
            7,
            {"opened": 1.0, "closed": 1.0, "at_once": np.full(2, 2.0), "in_place": 1.0},
            {"present": np.isin(np.arange(16), [0, 3, 5])},
        ),
        (5, {"opened": 3.0, "reach": sp.csr_matrix(np.eye(16)[[2]] + np.eye(16)[[3]])}, {}),
        (6, {"opened": 4.0}, {"fixed": np.arange(16) == 5, "forbidden": np.arange(16) > 12}),
    ],
)
def test_the_list_is_that_of_an_enumeration(seed: int, limits: dict, more: dict) -> None:
    problem = replace(with_limits(drawn(seed, options=16), **limits), **more)
    known = judged(problem, 4)
    for share in (0.02, 0.1):
        found = near_optimal(problem, share=share, most=5000)
        assert found.complete
        assert {s.chosen: s.value for s in found.sets} == pytest.approx(within(known, share))
        assert found.best == pytest.approx(max(known.values()))
        values = [s.value for s in found.sets]
        assert values == sorted(values, reverse=True)


def test_twenty_options_within_two_percent() -> None:
    problem = with_limits(drawn(11, options=20, room=25.0), opened=4.0)
    known = judged(problem, 4)
    expected = within(known, 0.02)
    found = near_optimal(problem, start=max(known, key=known.__getitem__))
    assert found.complete
    assert {s.chosen for s in found.sets} == set(expected)
    everywhere = set.intersection(*map(set, expected))
    assert set(found.indispensable) == everywhere
    for option, share in found.sometimes:
        assert share == pytest.approx(np.mean([option in c for c in expected]))
    first = set(found.sets[0].chosen)
    for swap in found.swaps:
        exchanged = tuple(sorted(first - {swap.leaves} | {swap.enters}))
        assert attendance(problem, exchanged).total == pytest.approx(found.best - swap.loss)
    near = [c for c in expected if len(c) == len(first) == len(first & set(c)) + 1]
    assert len(found.swaps) == len(near)


def test_two_half_days_that_differ_in_nothing_are_a_free_swap() -> None:
    problem = with_limits(drawn(3, options=6), opened=2.0)
    twin = sp.csc_matrix(problem.pull)
    twin = sp.hstack([twin, twin[:, [max(valued(problem))[1][0]]]]).tocsc()
    wide = {n: np.append(getattr(problem, n), getattr(problem, n)[0]) for n in
            ("hours", "capacity", "least", "present", "fixed", "forbidden")}  # fmt: skip
    places = {"place": np.append(problem.place, 9), "slot": np.append(problem.slot, 0)}
    found = near_optimal(replace(problem, pull=twin, **wide, **places))
    assert 6 in {s.enters for s in found.swaps if s.loss == pytest.approx(0)}


def test_too_many_sets_keeps_the_best_and_says_so() -> None:
    problem = with_limits(drawn(7, options=12), opened=3.0)
    everything = near_optimal(problem, share=0.3, most=5000)
    few = near_optimal(problem, share=0.3, most=10)
    assert everything.complete
    assert len(everything.sets) > 10
    assert not few.complete
    assert few.sets == everything.sets[:10]
    assert sum(s.value > few.above for s in everything.sets) <= 10


def test_out_of_time_is_never_complete() -> None:
    found = near_optimal(with_limits(drawn(1, options=12), opened=3.0), time_limit_s=0.0)
    assert not found.complete
    assert found.above is None


def test_the_order_of_options_does_not_matter() -> None:
    problem = with_limits(drawn(8, options=10, room=20.0), opened=3.0)
    order = np.random.default_rng(0).permutation(10)
    names = ("place", "slot", "hours", "capacity", "least", "present", "fixed", "forbidden")
    turned = replace(problem, pull=problem.pull[:, order],
                     **{n: getattr(problem, n)[order] for n in names})  # fmt: skip
    one, other = near_optimal(problem), near_optimal(turned)
    back = {tuple(sorted(order[list(s.chosen)].tolist())) for s in other.sets}
    assert {s.chosen for s in one.sets} == back


def test_a_start_that_breaks_a_rule_is_not_taken_as_known() -> None:
    problem = with_limits(drawn(2, options=6), opened=1.0)
    found = near_optimal(problem, start=range(6))
    assert found.sets[0].value == pytest.approx(max(valued(problem))[0])


def test_no_choice_keeps_the_rules() -> None:
    problem = replace(drawn(2, options=4), fixed=np.ones(4, bool), forbidden=np.arange(4) == 1)
    found = near_optimal(with_limits(problem, opened=2.0))
    assert found.sets == ()
    assert found.complete


@pytest.mark.parametrize("seed", range(4))
def test_covering_sets_are_those_of_an_enumeration(seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights, covers = rng.gamma(2.0, 5.0, 30), rng.random((30, 14)) < 0.2
    worth = {c: weights[covers[:, list(c)].any(axis=1)].sum() for c in combinations(range(14), 4)}
    kept = {c: v for c, v in worth.items() if 2 in c and 5 not in c}
    limit = 0.95 * max(kept.values())
    found = near_cover(weights, covers, 4, fixed=[2], forbidden=[5], share=0.05, most=5000)
    assert found.complete
    assert {s.chosen: s.value for s in found.sets} == pytest.approx(
        {c: v for c, v in kept.items() if v >= limit - 1e-9}
    )
    assert 2 not in found.indispensable


def test_covering_that_cannot_be() -> None:
    assert near_cover(np.ones(2), np.eye(2), 3).sets == ()
    assert near_cover(np.ones(2), np.eye(2), 1, fixed=[0], forbidden=[0]).sets == ()
    assert [s.chosen for s in near_cover(np.ones(2), np.eye(2), 0).sets] == [()]


def test_numbers_that_make_no_sense() -> None:
    with pytest.raises(WrongUsage, match="part entre 0 et 1"):
        near_optimal(drawn(0), share=2.0)
    with pytest.raises(WrongUsage, match="au moins un choix"):
        near_cover(np.ones(2), np.eye(2), 1, most=0)
    with pytest.raises(WrongUsage, match="un poids pour chaque ligne"):
        near_cover(np.ones(3), np.eye(2), 1)
    with pytest.raises(WrongUsage, match="négatif, infini ou inconnu"):
        near_cover(np.array([1.0, np.nan]), np.eye(2), 1)
    for start in ([7], [-1]):
        with pytest.raises(WrongUsage, match="n'est pas parmi les permanences possibles"):
            near_optimal(drawn(0, options=4), start=start)


def test_a_start_written_twice_counts_once() -> None:
    problem = with_limits(drawn(4, options=6), opened=1.0)
    best, chosen = max(valued(problem))
    found = near_optimal(problem, start=chosen * 3)
    assert found.sets[0].value == pytest.approx(best)


def test_empty_tables() -> None:
    nothing = drawn(0, options=0)
    assert [s.chosen for s in near_optimal(nothing).sets] == [()]
    nobody = drawn(0, options=3, rows=0)
    assert near_optimal(nobody).best == 0.0
    assert near_cover([], np.zeros((0, 0)), 0).best == 0.0
    assert near_cover([1, 2], [[1, 0], [0, 1]], 1).sets[0].chosen == (1,)


def test_sets_of_any_size() -> None:
    """Places that all fit: deeper than calls may go."""
    many = np.ones(1100)
    found = near_cover(many, np.eye(1100), 1100, most=1)
    assert len(found.sets[0].chosen) == 1100
