"""Draw demand again: how often each option comes back is a recount; regret is never negative."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from territory.analysis.proportions import wilson
from territory.analysis.siting.robustness import robustness
from territory.analysis.siting.slot_problem import attendance
from territory.errors import WrongUsage
from territory.model.results import Ending
from tests.analysis.siting.small_slots import drawn, exhaustive, with_limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.model.site_results import SlotOutcome


def redrawn(problem: SlotProblem, number: int) -> SlotProblem:
    rng = np.random.default_rng(number)
    factor = rng.gamma(3.0, 1 / 3.0, len(problem.weights))
    return replace(problem, weights=problem.weights * factor, outside=problem.outside * 1.1)


def test_frequencies_are_a_recount_and_regrets_a_difference() -> None:
    problem = with_limits(drawn(0, options=7), opened=2.0)
    base = exhaustive(problem).chosen
    scenarios = [redrawn(problem, s) for s in range(20)]
    told = robustness(problem, base, iter(scenarios), exhaustive)
    answers = [exhaustive(s) for s in scenarios]
    options = Counter(j for a in answers for j in a.chosen)
    places = Counter(p for a in answers for p in {j // 2 for j in a.chosen})
    assert {f.position: f.times for f in told.options} == options
    assert {f.position: f.times for f in told.places} == places
    assert all(f.share == f.times / 20 and f.low < f.share < f.high + 1e-9 for f in told.options)
    regrets = [
        1 - attendance(s, base).total / a.objective for s, a in zip(scenarios, answers, strict=True)
    ]
    assert told.regrets == pytest.approx(regrets, abs=1e-12)
    assert (told.scenarios, told.impossible, told.kept) == (20, 0, 20)
    assert told.worst_regret == max(told.regrets) >= told.mean_regret >= 0.0


def test_a_search_worse_than_the_base_choice_gives_no_regret() -> None:
    problem = with_limits(drawn(0, options=6), opened=2.0)
    base = exhaustive(problem).chosen

    def nothing(asked: SlotProblem, *, start: Sequence[int] = ()) -> SlotOutcome:
        return replace(exhaustive(asked, start=start), chosen=(), objective=0.0)

    told = robustness(problem, base, [problem], nothing)
    assert told.regrets == (0.0,)
    assert tuple(f.position for f in told.options) == base


def test_a_base_choice_that_breaks_a_rule_there_is_told() -> None:
    problem = with_limits(drawn(0, options=6), opened=2.0)
    base = exhaustive(problem).chosen
    strict = replace(problem, least=np.where(np.isin(np.arange(6), base), 1e6, 0.0))
    told = robustness(problem, base, [strict], exhaustive)
    assert told.kept == 0
    assert told.regrets[0] >= 0.0
    assert not {f.position for f in told.options} & set(base)


def test_scenarios_without_answer_count_in_no_share() -> None:
    problem = with_limits(drawn(0, options=4), opened=1.0)
    base = exhaustive(problem).chosen
    never = replace(problem, fixed=np.ones(4, bool))
    assert exhaustive(never).ending is Ending.IMPOSSIBLE
    told = robustness(problem, base, [problem, never], exhaustive)
    assert (told.scenarios, told.impossible) == (2, 1)
    assert [f.share for f in told.options] == [1.0] * len(base)
    none = robustness(problem, base, [], exhaustive)
    assert none.options == ()
    assert np.isnan(none.mean_regret)


def test_nobody_there_is_no_regret() -> None:
    problem = drawn(0, options=4)
    empty = replace(problem, weights=np.zeros(12))
    assert robustness(problem, [1], [empty], exhaustive).regrets == (0.0,)


def test_wilson_interval_by_hand() -> None:
    """Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    published = {(81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0.0, 0.1611),
                 (1, 29): (0.0061, 0.1718)}  # fmt: skip
    for (times, among), interval in published.items():
        assert wilson(times, among) == pytest.approx(interval, abs=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_sentence_and_the_options_that_differ() -> None:
    problem = with_limits(drawn(0, options=4), opened=1.0)
    told = robustness(problem, [0], [redrawn(problem, s) for s in range(8)], exhaustive)
    assert sum(f.times for f in told.options) == 8
    assert told.options[0].sentence.startswith("choisi dans ")
    assert told.options[0].sentence.endswith("\u202f% des scénarios")
    with pytest.raises(WrongUsage, match="mêmes lieux et demi-journées"):
        robustness(problem, [0], [drawn(0, options=6)], exhaustive)
