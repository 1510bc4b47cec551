from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.analysis import growing
from territory.analysis.clock import Clock
from territory.analysis.highs import Solved
from territory.analysis.siting import slots
from territory.analysis.siting.slot_bound import Bounds
from territory.analysis.siting.slot_cuts import crowd_of, lost_cut, people_cuts, smooth_lost_cut
from territory.analysis.siting.slot_problem import (
    SlotLimits,
    SlotProblem,
    attendance,
    broken,
    rules_of,
)
from territory.analysis.siting.slots import best_slots
from territory.errors import WrongUsage
from territory.model.results import Ending
from tests.analysis.siting.slot_town import best_by_trying, drawn_town, market_town

if TYPE_CHECKING:
    from territory.model.site_results import SlotOutcome

SEEDS = st.integers(0, 10**6)


def _proved(problem: SlotProblem) -> SlotOutcome:
    """Leave time enough for loops that are compiled for the first time."""
    return best_slots(problem, gap=0.0, time_limit_s=300.0)


def _ruled(problem: SlotProblem, seed: int) -> SlotProblem:
    """Draw which options are held, must be, must not be chosen, and what each asks for."""
    draw = np.random.default_rng(seed + 1)
    lot = draw.permutation(problem.options)
    at = np.arange(problem.options)
    reach = sp.csr_matrix(draw.random((2, problem.options)) < 0.5)
    return replace(
        problem,
        present=np.isin(at, lot[:2]),
        fixed=np.isin(at, lot[:1]),
        forbidden=np.isin(at, lot[3:4]),
        least=np.where(draw.random(problem.options) < 0.5, 4.0, 0.0),
        limits=replace(problem.limits, closed=float(draw.integers(0, 2)), opened=3.0, reach=reach),
    )


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_best_slots_equal_the_best_of_all_choices(seed: int) -> None:
    problem = drawn_town(seed)
    best = best_by_trying(problem)
    got = _proved(problem)
    assert best is not None
    assert got.objective == pytest.approx(best[1], rel=1e-6)
    assert got.bound == pytest.approx(best[1], rel=2e-6)
    assert got.ending is Ending.OPTIMAL


@settings(max_examples=12, deadline=None)
@given(SEEDS)
def test_every_rule_is_kept_and_the_best_found_under_it(seed: int) -> None:
    problem = _ruled(drawn_town(seed), seed)
    best = best_by_trying(problem)
    got = _proved(problem)
    if best is None:
        assert got.ending is Ending.IMPOSSIBLE
        assert got.missed > 0
        return
    assert got.ending is Ending.OPTIMAL
    assert got.objective == pytest.approx(best[1], rel=1e-6)
    assert broken(rules_of(problem), got.chosen) == (False, 0)
    assert set(np.flatnonzero(problem.fixed)) <= set(got.chosen)
    assert not set(np.flatnonzero(problem.forbidden)) & set(got.chosen)
    assert max(np.array(got.served) - problem.capacity[list(got.chosen)], default=0) <= 1e-9


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_no_choice_breaks_a_cut(seed: int) -> None:
    problem = drawn_town(seed, share=1.0)
    draw = np.random.default_rng(seed)
    crowd, by_row = crowd_of(problem), problem.pull.tocsr()
    taken = draw.random(problem.options) * (draw.random(problem.options) < 0.5)
    whole = (draw.random(problem.options) < 0.4).astype(float)
    option = int(draw.integers(problem.options))
    level = np.minimum(draw.random(problem.options) * 1.5, 1.0)
    others = np.flatnonzero(whole)
    others = others[others != option]
    tangent = smooth_lost_cut(problem, by_row, option, level)
    exact, _ = lost_cut(problem, by_row, option, others)
    cuts = [people_cuts(crowd, taken)]
    cuts += [people_cuts(crowd, whole)]
    for _ in range(60):
        choice = draw.random(problem.options) < draw.random()
        chosen = np.flatnonzero(choice)
        pulls = by_row[:, chosen].toarray().sum(axis=1)
        people = problem.weights * pulls / (problem.outside + pulls)
        come = np.bincount(crowd.group, weights=people, minlength=crowd.groups)
        for slopes, high in cuts:
            assert (come <= high + slopes @ choice + 1e-9).all()
        coming = dict(zip(chosen, attendance(problem, chosen).coming, strict=True))
        lost = max(coming.get(option, 0.0) - problem.capacity[option], 0.0)
        assert tangent @ choice <= lost + 1e-9
        assert exact @ choice <= lost + 1e-9
    at_whole = attendance(problem, np.flatnonzero(whole)).coming.sum()
    for slopes, high in cuts[1:]:
        assert (high + slopes @ whole).sum() == pytest.approx(at_whole)


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_bound_of_the_linear_programme_is_above_every_choice(seed: int) -> None:
    problem = drawn_town(seed)
    best = best_by_trying(problem)
    bounds = Bounds(problem, rules_of(problem), seed=0)
    relaxed = bounds.relax(np.zeros(problem.options), Clock(9.0))
    assert best is not None
    assert relaxed is not None
    assert relaxed.bound >= best[1] - 1e-7


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_order_of_people_and_options_changes_nothing(seed: int) -> None:
    problem = drawn_town(seed)
    draw = np.random.default_rng(seed)
    rows, columns = draw.permutation(len(problem.weights)), draw.permutation(problem.options)
    per_option = ("place", "slot", "hours", "capacity", "least", "present", "fixed", "forbidden")
    moved = replace(
        problem,
        weights=problem.weights[rows],
        outside=problem.outside[rows],
        pull=problem.pull[rows][:, columns],
        **{name: getattr(problem, name)[columns] for name in per_option},
    )
    one, other = _proved(problem), _proved(moved)
    assert other.objective == pytest.approx(one.objective, rel=1e-6)
    assert attendance(problem, np.sort(columns[list(other.chosen)])).total == pytest.approx(
        one.objective, rel=1e-6
    )


def test_people_share_themselves_between_open_places_and_home() -> None:
    problem = market_town(market_pull=1.0)
    found = attendance(problem, [0, 2])
    pulls = np.array([[1.0, 0.3], [0.3, 1.0], [0.0, 0.3]])
    by_hand = (problem.weights[:, None] * pulls / (2.0 + pulls.sum(axis=1))[:, None]).sum(axis=0)
    assert found.coming == pytest.approx(by_hand)
    assert found.total == pytest.approx(by_hand.sum())


def test_the_morning_of_the_market_is_chosen_when_the_market_draws() -> None:
    assert best_slots(market_town(market_pull=3.0)).chosen == (2,)


def test_a_second_permanence_takes_people_from_the_first() -> None:
    problem = market_town(market_pull=1.0, fixed=(0,))
    alone, both = attendance(problem, [0]), attendance(problem, [0, 2])
    assert both.coming[0] < alone.coming[0]
    assert both.total > alone.total


def test_people_beyond_capacity_are_turned_away_and_told() -> None:
    problem = replace(market_town(market_pull=1.0), capacity=np.full(6, 2.0))
    found = attendance(problem, [2])
    assert found.served[0] == pytest.approx(2.0)
    assert found.turned_away == pytest.approx(found.coming[0] - 2.0)
    assert found.turned_away > 0


@settings(max_examples=8, deadline=None)
@given(SEEDS)
def test_more_half_days_never_bring_fewer_people(seed: int) -> None:
    problem = drawn_town(seed)
    values = [
        _proved(replace(problem, limits=SlotLimits(opened=float(k)))).objective for k in range(4)
    ]
    assert values == sorted(values)


def test_contradictory_wishes_are_impossible() -> None:
    problem = market_town(market_pull=1.0, fixed=(0,))
    both = replace(problem, forbidden=problem.fixed)
    assert best_slots(both).ending is Ending.IMPOSSIBLE


def test_a_guarantee_nothing_can_keep_is_impossible_and_counted() -> None:
    problem = market_town(market_pull=1.0)
    nothing = sp.csr_matrix((1, 6))
    got = best_slots(replace(problem, limits=replace(problem.limits, reach=nothing)))
    assert got.ending is Ending.IMPOSSIBLE
    assert got.missed == 1


def test_without_time_the_answer_is_never_called_optimal() -> None:
    problem = drawn_town(3, rows=40, places=10, slots=2)
    got = best_slots(problem, time_limit_s=0.0)
    assert got.ending is Ending.TIME_UP
    assert got.bound >= best_slots(problem).objective


def test_stopped_by_hand_it_answers_with_the_best_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(slots.Bounds, "relax", stopped)
    problem = drawn_town(3)
    got = best_slots(problem)
    assert got.ending is Ending.TIME_UP
    assert got.objective > 0
    assert got.bound >= got.objective


def test_ctrl_c_inside_the_solver_ends_the_whole_search(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = Solved(None, -np.inf, np.inf, Ending.TIME_UP, interrupted=True)
    monkeypatch.setattr(growing, "answer", lambda *_, **__: stopped)
    got = best_slots(drawn_town(3))
    assert got.ending is Ending.TIME_UP
    assert 0 < got.objective <= got.bound


def test_same_seed_same_answer() -> None:
    problem = drawn_town(5, rows=60, places=12, slots=3)
    assert replace(best_slots(problem, seed=7), seconds=0) == replace(
        best_slots(problem, seed=7), seconds=0
    )


def test_empty_problem_is_answered() -> None:
    none = np.zeros(0)
    empty = SlotProblem(none, sp.csc_matrix((0, 0)), none, none.astype(int), none.astype(int),
                        none, none, none, none.astype(bool), none.astype(bool),
                        none.astype(bool))  # fmt: skip
    got = best_slots(empty)
    assert (got.chosen, got.objective, got.ending) == ((), 0.0, Ending.OPTIMAL)


def test_unknown_quantities_are_refused() -> None:
    problem = market_town(market_pull=1.0)
    with pytest.raises(WrongUsage, match="négative ou inconnue"):
        best_slots(replace(problem, weights=np.array([1.0, np.nan, 1.0])))
    with pytest.raises(WrongUsage, match="nombre positif"):
        best_slots(replace(problem, outside=np.zeros(3)))
    with pytest.raises(WrongUsage, match="même longueur"):
        best_slots(replace(problem, hours=np.ones(2)))
