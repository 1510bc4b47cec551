from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.analysis.siting import equity_frontier, guarantee_within, p_median, price_of_equity
from territory.analysis.siting.equity import gini
from territory.errors import WrongUsage
from territory.model.results import Ending
from tests.analysis.siting.medians import Case, drawn


def means_and_worsts(case: Case) -> list[tuple[float, float]]:
    """Return (mean, worst) of every choice that serves everybody."""
    live = case.weights > 0
    people, found = case.weights[live], []
    for chosen in combinations(range(case.cost.shape[1]), case.p):
        free = not set(chosen) & set(case.forbidden) and set(case.fixed) <= set(chosen)
        nearest = case.cost[np.ix_(live, chosen)].min(axis=1)
        if free and np.isfinite(nearest).all():
            found.append((float(people @ nearest / people.sum()), float(nearest.max())))
    return found


def unbettered(pairs: list[tuple[float, float]]) -> list[tuple[float, float]]:
    kept: list[tuple[float, float]] = []
    for mean, worst in sorted((round(m, 9), w) for m, w in pairs):
        if not kept or worst < kept[-1][1]:
            kept.append((mean, worst))
    return kept


def peopled(seed: int) -> Case:
    case = drawn(seed)
    return case._replace(weights=case.weights + 1)


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_frontier_equals_enumeration(seed: int) -> None:
    case = peopled(seed)
    expected = unbettered(means_and_worsts(case))
    got = equity_frontier(
        case.weights, case.cost, case.p, fixed=case.fixed, forbidden=case.forbidden
    )
    assert got.ending is (Ending.OPTIMAL if expected else Ending.IMPOSSIBLE)
    found = [(p.mean_min, p.worst_min) for p in got.points]
    np.testing.assert_allclose(found, expected, atol=1e-8)
    prices = price_of_equity(got)
    assert prices == tuple(sorted(prices))
    assert prices[:1] in {(), (0.0,)}


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(0, 12))
def test_guarantee_equals_enumeration(seed: int, limit: int) -> None:
    case = peopled(seed)
    named = list(range(0, len(case.cost), 2))
    sites = [j for j in range(case.cost.shape[1]) if j not in case.forbidden]
    choices = []
    for chosen in combinations(sites, case.p):
        nearest = case.cost[:, chosen].min(axis=1)
        if set(case.fixed) <= set(chosen) and np.isfinite(nearest).all():
            mean = float(case.weights @ nearest / case.weights.sum())
            choices.append((float(nearest[named].max()), mean))
    got = guarantee_within(
        case.weights, case.cost, case.p, limit, named, fixed=case.fixed, forbidden=case.forbidden
    )
    if not choices:
        assert (got.ending, got.point, got.kept_min) == (Ending.IMPOSSIBLE, None, None)
        return
    smallest = max(min(choices)[0], limit)
    assert got.ending is (Ending.OPTIMAL if min(choices)[0] <= limit else Ending.IMPOSSIBLE)
    assert got.kept_min == smallest
    assert got.smallest_proved
    assert got.point is not None
    assert got.point.mean_min == pytest.approx(min(m for n, m in choices if n <= smallest))
    assert got.point.price_min == pytest.approx(got.point.mean_min - min(m for _, m in choices))


def test_frontier_of_a_line_by_hand() -> None:
    """Ninety people at 0, ten at 10; a site at 0, 4 or 6: the mean pulls left, the worst right."""
    minutes = np.abs(np.array([[0.0], [10.0]]) - np.array([0.0, 4.0, 6.0]))
    got = equity_frontier([90, 10], minutes, 1)
    assert [(p.chosen, p.mean_min, p.worst_min) for p in got.points] == [
        ((0,), 1.0, 10.0), ((1,), pytest.approx(4.2), 6.0)]  # fmt: skip
    assert price_of_equity(got) == (0.0, pytest.approx(3.2))
    assert [got.at(s).chosen for s in (0, 0.5, 1)] == [(0,), (1,), (1,)]
    assert (got.points[0].q90_min, got.points[0].gini) == (0.0, pytest.approx(0.9))


def test_the_slider_goes_from_mean_to_worst() -> None:
    rng = np.random.default_rng(3)
    minutes = rng.integers(1, 60, (40, 12)).astype(float)
    got = equity_frontier(rng.integers(1, 9, 40), minutes, 3)
    assert len(got.points) > 2
    picked = [got.at(s) for s in np.linspace(0, 1, 21)]
    assert (picked[0], picked[-1]) == (got.points[0], got.points[-1])
    assert [p.mean_min for p in picked] == sorted(p.mean_min for p in picked)
    with pytest.raises(ValueError, match="0 à 1"):
        got.at(1.5)


def test_the_mean_end_is_the_median() -> None:
    rng = np.random.default_rng(5)
    people, minutes = rng.integers(1, 9, 30), rng.integers(1, 60, (30, 10)).astype(float)
    median = p_median(people, minutes, 3)
    first = equity_frontier(people, minutes, 3).points[0]
    assert first.mean_min == pytest.approx(median.objective / people.sum())


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 30)), min_size=1, max_size=12))
def test_gini_is_half_the_mean_difference(groups: list[tuple[int, int]]) -> None:
    people, minutes = (np.array(c, dtype=float) for c in zip(*groups, strict=True))
    each = np.repeat(minutes, people.astype(int))
    differences = np.abs(each[:, None] - each).mean()
    expected = differences / (2 * each.mean()) if each.any() else 0.0
    assert gini(people, minutes) == pytest.approx(expected, abs=1e-12)


def test_no_time_leaves_what_was_found() -> None:
    rng = np.random.default_rng(0)
    minutes = rng.uniform(1, 60, (300, 60))
    got = equity_frontier(np.ones(300), minutes, 5, time_limit_s=0.0)
    assert got.ending is Ending.TIME_UP
    assert len(got.points) <= 1


def test_guarantees_that_make_no_sense_are_refused() -> None:
    with pytest.raises(WrongUsage, match="minutes"):
        guarantee_within([1, 1], np.ones((2, 2)), 1, float("nan"), [0])
    with pytest.raises(WrongUsage, match="garantir n'est pas parmi les 2"):
        guarantee_within([1, 1], np.ones((2, 2)), 1, 5, [2])
