"""Figures of an answer, on cases counted by hand and beside scikit-learn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from territory.errors import WrongUsage
from territory.simulate import Answer, Claim, plant, score_answer
from territory.simulate.scoring import (
    found_by,
    planted_share,
    weighted_auc,
    weighted_average_precision,
)

if TYPE_CHECKING:
    from territory.simulate.truth import PlantedTruth


@pytest.fixture(scope="module")
def town() -> PlantedTruth:
    """Ten cells, two planted zones: 0-1 of need 3 and 1, 2-3 of need 2 and 2."""
    need = np.r_[3.0, 1.0, 2.0, 2.0, np.ones(6)]
    return replace(plant(1, side_cells=8), need=need, zone=np.r_[1, 1, 2, 2, np.zeros(6, int)])


@pytest.mark.parametrize("seed", range(5))
def test_auc_and_average_precision_are_those_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    score = rng.integers(0, 8, 200).astype(float)  # many ties
    inside, weight = rng.random(200) < 0.2, rng.gamma(1, 1, 200)
    ours = weighted_auc(score, inside, weight), weighted_average_precision(score, inside, weight)
    theirs = (
        roc_auc_score(inside, score, sample_weight=weight),
        average_precision_score(inside, score, sample_weight=weight),
    )
    assert ours == pytest.approx(theirs, abs=1e-12)


def test_nothing_planted_has_no_auc() -> None:
    assert np.isnan(weighted_auc([1, 2], [False, False], [1, 1]))
    assert np.isnan(weighted_auc([1, 2], [True, True], [1, 1]))
    assert np.isnan(weighted_average_precision([1, 2], [False, False], [1, 1]))
    assert np.isnan(weighted_auc([], [], []))


def test_found_is_counted_by_need(town: PlantedTruth) -> None:
    found = found_by([Claim(np.array([0, 4]), 2.0), Claim(np.array([5]), 1.0)], town)
    assert found.precision == pytest.approx(3 / 5)
    assert found.recall == pytest.approx(3 / 8)
    assert found.hit == 0.5  # three quarters of the first, nothing of the second
    assert planted_share(Claim(np.array([0, 4]), 2.0), town) == pytest.approx(3 / 4)


def test_half_the_need_is_a_hit(town: PlantedTruth) -> None:
    assert found_by([Claim(np.array([2]), 1.0)], town).hit == 0.5
    assert found_by([Claim(np.array([1]), 1.0)], town).hit == 0.0


def test_no_claim_has_no_precision(town: PlantedTruth) -> None:
    found = found_by([], town)
    assert np.isnan(found.precision)
    assert (found.recall, found.hit) == (0.0, 0.0)


def test_established_zones_and_calibration(town: PlantedTruth) -> None:
    zones = (
        Claim(np.array([0, 1]), 3.0, p_value=0.05, posterior=0.9),
        Claim(np.array([4, 5]), 2.0, p_value=0.06),
    )
    score = score_answer(Answer(np.arange(10.0), zones), town)
    assert score.any_claim
    assert score.established.recall == 0.5
    assert score.calibration == ((0.9, 1.0),)
    unsure = replace(zones[0], p_value=None)
    assert not score_answer(Answer(np.arange(10.0), (unsure,)), town).any_claim


@pytest.mark.parametrize("values", [np.zeros(9), np.r_[np.nan, np.zeros(9)]])
def test_scores_that_do_not_fit_are_refused(town: PlantedTruth, values: np.ndarray) -> None:
    with pytest.raises(WrongUsage, match="un score pour chacun des 10 carreaux"):
        score_answer(Answer(values), town)
