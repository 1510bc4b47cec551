"""The benchmark of planted zones: same seeds, same figures; files merge, methods plug in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks import underserved
from scripts import underserved_page
from territory.simulate import SCENARIOS, Answer, Claim, PlantedTruth, plant, score_answer

if TYPE_CHECKING:
    from pathlib import Path


def oracle(truth: PlantedTruth) -> Answer:
    numbers = np.unique(truth.zone[truth.planted])
    zones = [Claim(np.flatnonzero(truth.zone == k), 1.0, 0.01, 0.99) for k in numbers]
    return Answer(truth.planted.astype(float), tuple(zones))


def test_the_truth_itself_scores_one() -> None:
    towns = [plant(s, side_cells=24) for s in (1, 2)]
    told = underserved.summary([(score_answer(oracle(t), t), 0.0) for t in towns])
    for name in ("auc", "average_precision", "hit6", "precision6", "established_recall", "alarm"):
        assert told[name] == [1.0, 0.0]
    assert told["calibration"] == [{"from": 0.95, "zones": 8, "planted": 1.0}]


def test_figures_without_case_are_left_out() -> None:
    assert underserved.mean_and_error(np.array([np.nan, 1.0, 3.0])) == [2.0, 1.0]
    assert underserved.mean_and_error(np.array([np.nan])) is None


def test_one_territory_is_measured_the_same_twice() -> None:
    task, methods = ("grid/few", 7), ("minutes", "gate_poisson_scan")
    first, again = (underserved.scores(task, methods) for _ in range(2))
    assert [repr(s) for s, _ in first.values()] == [repr(s) for s, _ in again.values()]
    assert not first["minutes"][0].tested
    assert first["gate_poisson_scan"][0].tested


def test_a_method_without_p_value_raises_no_alarm() -> None:
    town = plant(1, side_cells=16, scenario="null")
    silent = Answer(np.zeros(town.n))
    unsure = Answer(np.zeros(town.n), (Claim(np.array([0]), 1.0),))
    told = [underserved.summary([(score_answer(a, town), 0.0)]) for a in (silent, unsure)]
    assert told[0]["alarm"] == [0.0, 0.0]
    assert told[1]["alarm"] is None
    assert told[1]["auc"] is None


def test_figures_of_other_methods_stay_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "measured.json"
    underserved.keep(path, {"grid/few": {"minutes": {"auc": [0.6, 0.0]}}}, range(3, 5))
    underserved.keep(path, {"grid/few": {"mine": {"auc": [0.9, 0.0]}}}, range(3, 5))
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["cases"]["grid/few"].keys() == {"minutes", "mine"}
    underserved.keep(path, {"grid/few": {"mine": {"auc": [0.9, 0.0]}}}, range(5, 9))
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["cases"] == {"grid/few": {"mine": {"auc": [0.9, 0.0]}}}
    assert kept["seeds"] == {"first": 5, "count": 4}


def test_every_world_and_town_has_a_french_name() -> None:
    assert underserved_page.WORLDS.keys() == SCENARIOS.keys()
    assert {c.split("/")[0] for c in underserved.CASES} == underserved_page.TOWNS.keys()
    assert underserved.METHODS.keys() <= underserved_page.METHODS.keys() | {"product"}


def test_the_page_is_that_of_the_figures() -> None:
    measured = json.loads(underserved_page.MEASURED.read_text(encoding="utf-8"))
    written = underserved_page.PAGE.read_text(encoding="utf-8")
    assert written == "\n".join(underserved_page.page(measured)) + "\n"


@pytest.mark.parametrize("figure", [None, [0.5, 0.1]])
def test_unknown_is_a_dash(figure: list[float] | None) -> None:
    assert underserved_page.told(figure) == ("–" if figure is None else "0,50")
