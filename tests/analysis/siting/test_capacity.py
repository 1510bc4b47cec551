from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.analysis.siting import p_median
from territory.errors import WrongUsage
from territory.model.results import Ending
from tests.analysis.siting.medians import Case, drawn, fullest, published_with_room


def small(seed: int, *, whole: bool) -> Case:
    case = drawn(seed, whole=whole)
    p = min(case.p, 3)
    return case._replace(weights=case.weights[:5], cost=case.cost[:5], p=p)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.booleans())
def test_capacitated_median_equals_enumeration(seed: int, whole: bool) -> None:
    case = small(seed, whole=whole)
    rng = np.random.default_rng(seed)
    weights = case.weights if whole else case.weights * rng.uniform(0.5, 2.0)
    case = case._replace(weights=weights)
    room = rng.uniform(0.4, 2.0, case.cost.shape[1]) * weights.sum() / case.p
    best = fullest(case, room)
    got = p_median(weights, case.cost, case.p, fixed=case.fixed, forbidden=case.forbidden,
                   capacity=room)  # fmt: skip
    if np.isinf(best):
        assert (got.ending, got.chosen) == (Ending.IMPOSSIBLE, ())
        return
    assert got.ending is Ending.OPTIMAL
    assert got.objective == pytest.approx(best)
    assert got.bound <= got.objective
    assert set(case.fixed) <= set(got.chosen)
    assert not set(case.forbidden) & set(got.chosen)
    assert len(got.chosen) == case.p
    assert_fits(weights, got.assignment, room)


def assert_fits(weights, assignment: tuple[int, ...], room) -> None:
    live = weights > 0
    held = np.bincount(np.array(assignment)[live], weights[live], len(room))
    assert (held <= room * (1 + 1e-9)).all()


def test_one_site_cannot_take_everybody() -> None:
    cost = np.array([[0.0, 9.0], [1.0, 9.0], [2.0, 9.0]])
    assert p_median([1, 1, 1], cost, 2).objective == 3.0
    got = p_median([1, 1, 1], cost, 2, capacity=2)
    assert (got.objective, got.assignment) == (1.0 + 9.0, (0, 0, 1))


def test_nobody_is_cut_in_two() -> None:
    """Three of 2 in two sites of 3: the sum fits, the three do not."""
    got = p_median([2, 2, 2], np.ones((3, 2)), 2, capacity=3)
    assert (got.ending, got.objective) == (Ending.IMPOSSIBLE, np.inf)


@pytest.mark.parametrize("capacity", [-1, np.nan, [1.0, 2.0, 3.0], "beaucoup"])
def test_capacities_that_make_no_sense_are_refused(capacity) -> None:
    with pytest.raises(WrongUsage, match="capacité"):
        p_median([1, 1], np.ones((2, 2)), 1, capacity=capacity)


@pytest.mark.parametrize("name", ["pmedcap01", "pmedcap04", "pmedcap05"])
def test_published_capacities_are_proved(name: str) -> None:
    weights, cost, p, room, best = published_with_room(name)
    got = p_median(weights, cost, p, capacity=room)
    assert (got.objective, got.ending) == (pytest.approx(best), Ending.OPTIMAL)
    assert_fits(weights, got.assignment, np.full(len(weights), room))


@pytest.mark.slow
@pytest.mark.parametrize("number", [8, 14, 17])
def test_the_best_published_lies_between_bound_and_choice(number: int) -> None:
    """How near in how long is for benchmarks/siting.py to say."""
    weights, cost, p, room, best = published_with_room(f"pmedcap{number:02d}")
    got = p_median(weights, cost, p, capacity=room, time_limit_s=5)
    assert got.bound <= best + 1e-6
    assert best - 1e-6 <= got.objective <= best * 1.03
