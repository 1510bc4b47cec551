"""Simple answers: each orders cells as it says, all make zones the same way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from territory.simulate import PlantedTruth, plant, score_answer
from territory.simulate.baseline_scan import poisson_scan_gated
from territory.simulate.baselines import BASELINES, gate, gate_lowest_count, gate_poisson_scan
from territory.simulate.zone_builder import answer_of, inhabited


@pytest.fixture(scope="module")
def town() -> PlantedTruth:
    return plant(1, side_cells=20)


@pytest.mark.parametrize("name", sorted(BASELINES))
def test_every_baseline_answers(name: str, town: PlantedTruth) -> None:
    answer, again = BASELINES[name](town), BASELINES[name](town)
    assert np.isfinite(answer.cell_score).all()
    np.testing.assert_array_equal(answer.cell_score, again.cell_score)
    cells = np.concatenate([z.cells for z in answer.zones])
    assert len(cells) == len(set(cells))
    assert 0 <= score_answer(answer, town).auc <= 1


@pytest.mark.parametrize("name", sorted(BASELINES))
def test_no_baseline_looks_at_the_truth(name: str, town: PlantedTruth) -> None:
    blind = replace(
        town, zone=np.zeros(town.n, int), target=np.zeros(town.n, int), rates=np.zeros(town.n),
        multiplier=np.ones(town.n), far_served=np.zeros(town.n, bool),
        low_need=np.zeros(town.n, bool), park=np.zeros(town.n, bool),
    )  # fmt: skip
    answer = BASELINES[name](blind)
    np.testing.assert_array_equal(answer.cell_score, BASELINES[name](town).cell_score)


@pytest.mark.parametrize("name", sorted(BASELINES))
def test_a_territory_without_contacts_has_an_answer(name: str, town: PlantedTruth) -> None:
    nobody = replace(town, contacts=np.zeros(town.n, int))
    assert np.isfinite(BASELINES[name](nobody).cell_score).all()


def test_zones_are_of_the_best_cells_within_the_window(town: PlantedTruth) -> None:
    answer = answer_of(np.arange(town.n, dtype=float), town)
    assert 1 <= len(answer.zones) <= 6
    assert [z.score for z in answer.zones] == sorted((z.score for z in answer.zones), reverse=True)
    share = town.need / town.need.sum()
    best = {c for c in range(town.n) if share[c:].sum() <= 0.2}
    for zone in answer.zones:
        seed = int(zone.score)
        assert seed in zone.cells
        assert (town.minutes[seed, zone.cells] <= 9).all()
        assert set(zone.cells) <= best
        assert inhabited(town)[zone.cells].all()
        assert share[zone.cells].sum() >= 0.005
        assert share[zone.cells[:-1]].sum() < 0.02


def test_the_gate_comes_before_everything(town: PlantedTruth) -> None:
    score, passed = gate_lowest_count(town).cell_score, gate(town)
    assert score[passed].min() > score[~passed].max()
    order = np.flatnonzero(passed)[np.argsort(-score[passed], kind="stable")]
    assert (np.diff(town.contacts[order]) >= 0).all()
    same = np.diff(town.contacts[order]) == 0
    assert (np.diff(town.need[order])[same] <= 1e-12).all()


def test_the_scan_is_that_of_every_window_tried_one_by_one(town: PlantedTruth) -> None:
    among = gate(town)
    answer = poisson_scan_gated(town, among)
    total = town.contacts.sum()
    expected = town.need * total / town.need.sum()
    best = np.full(town.n, -1.0)
    for centre in np.flatnonzero(among):
        order = [c for c in np.argsort(town.minutes[centre], kind="stable") if among[c]]
        for k in range(1, len(order) + 1):
            cells = order[:k]
            due, met = expected[cells].sum(), town.contacts[cells].sum()
            if town.minutes[centre, cells[-1]] > 12 or due > 0.05 * expected.sum():
                break
            ratio = (total - met) * np.log((total - met) / (total - due))
            ratio += met * np.log(met / due) if met else 0.0
            best[cells] = np.maximum(best[cells], ratio if met < due else 0.0)
    np.testing.assert_allclose(answer.cell_score, best, atol=1e-9)
    assert answer.zones[0].score == pytest.approx(best.max())


def test_the_scan_keeps_its_level_in_a_poisson_world() -> None:
    alarms = []
    for seed in range(20):
        town = plant(seed, scenario="null_poisson", side_cells=16, need_noise=0.0)
        exact = town.rates / town.rates.sum() * town.need.sum()  # what truly was to be expected
        claims = gate_poisson_scan(replace(town, need=exact)).zones
        alarms.append(any((z.p_value or 0) <= 0.05 for z in claims))
    assert sum(alarms) <= 4  # 5 % of 20 is 1; P(more than 4) < 0.003
