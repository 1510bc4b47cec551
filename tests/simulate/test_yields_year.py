"""A year in a town of known yields: plans are possible, the knowing one best, seeds the same."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from territory.simulate.yields_town import HALVES, YieldScenario, draw_town
from territory.simulate.yields_year import YearRules, choose, met, yields_year

SMALL = YearRules(weeks=10, past=16, refit=10, share=0.15, town=YieldScenario(places=14))
SEASONS = np.array(["hiver"] * 3 + ["ete"] * 3, object)


def test_the_best_week_is_that_of_trying_all() -> None:
    town = draw_town(
        4, YieldScenario(places=4, halves=(0, 3), open_share=0.8), SEASONS, opinion_error=0.5
    )
    plan = choose(town, town.means[0], 1)
    pairs = itertools.permutations(range(4), 2)
    every = [
        town.means[0, a, 0] + town.means[0, b, 3]
        for a, b in pairs
        if town.opened[a, 0] and town.opened[b, 3]
    ]
    assert met(town, 0, plan) == pytest.approx(max(every))


def test_a_week_keeps_seats_doors_and_one_visit_a_place() -> None:
    town = draw_town(1, YieldScenario(), SEASONS, opinion_error=0.5)
    plan = choose(town, town.means[1], 2)
    assert len(set(plan[:, 0])) == len(plan) == 14
    assert np.bincount(plan[:, 1], minlength=HALVES).max() == 2
    assert town.opened[plan[:, 0], plan[:, 1]].all()


def test_true_means_follow_the_context_and_a_drift_moves_them() -> None:
    still, moving = (
        draw_town(2, YieldScenario(drift=d), SEASONS, opinion_error=0.5) for d in (0.0, 0.1)
    )
    same = (still.modes[0] == still.modes[2]) & True
    assert still.means[0][:, same] == pytest.approx(still.means[2][:, same])
    assert not np.allclose(still.means[0], still.means[3])
    assert not np.allclose(moving.means[0][:, same], moving.means[2][:, same])


def test_a_small_year_is_the_same_again_and_between_fixed_and_knowing() -> None:
    year = yields_year(3, SMALL)
    assert year == yields_year(3, SMALL)
    assert 0 < year.learned <= year.knowing
    assert year.fixed <= year.knowing
    assert year.explored == pytest.approx(0.15, abs=0.02)


def test_small_years_are_covered_and_learn() -> None:
    years = [yields_year(s, SMALL) for s in range(10, 13)]
    contexts = [y.contexts for y in years]
    assert 0.88 <= np.average([y.covered for y in years], weights=contexts) <= 1.0
    assert np.mean([y.learned / y.knowing for y in years]) > 0.8
