from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.spatial.distance import cdist
from scipy.stats import norm

from territory.analysis.local_g import below_false_discovery, local_g
from territory.errors import WrongUsage
from tests.real_data import reference_file


def _band(points: np.ndarray, limit: float) -> np.ndarray:
    gaps = cdist(points, points)
    return ((gaps > 0) & (gaps <= limit)).astype(float)


def test_six_points_match_the_published_scores() -> None:
    case = json.loads(reference_file("g_local_six_points/expected.json").read_text("utf-8"))
    weights = _band(np.array(case["points"], float), case["threshold"])
    first = case["first_point"]
    rows = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1)
    assert local_g(case["y"], weights, star=False)[0] == pytest.approx(first["G_z_binary"])
    assert local_g(case["y"], rows, star=False)[0] == pytest.approx(first["G_z_row_standardised"])
    assert local_g(case["y"], weights)[0] == pytest.approx(first["G_star_z_binary"])


def test_the_grid_of_getis_and_ord_matches() -> None:
    case = json.loads(reference_file("getis_ord_1996_grid/expected.json").read_text("utf-8"))
    grid = pd.read_csv(reference_file("getis_ord_1996_grid/grid16.csv"))
    points = grid[["x", "y"]].to_numpy(float)
    for limit, score in case["G_i"].items():
        got = local_g(grid["val"], _band(points, float(limit)), star=False)
        assert got[119] == pytest.approx(score, abs=1e-3)
    got = local_g(grid["val"], _band(points, 30.0))
    assert got[119] == pytest.approx(case["G_i_star_30"], abs=1e-3)


def test_countries_of_africa_match_with_row_standardised_weights() -> None:
    folder = "africa_conflict_gistar/"
    table = pd.read_csv(reference_file(folder + "afcon.csv"))
    links = pd.read_csv(reference_file(folder + "neighbours.csv")).to_numpy() - 1
    weights = np.eye(len(table))
    weights[links[:, 0], links[:, 1]] = 1.0
    got = pd.Series(
        local_g(table["totcon"], weights / weights.sum(axis=1, keepdims=True)), table["name"]
    )
    expected = pd.read_csv(reference_file(folder + "expected_gi_star.csv"), index_col="name")
    assert got[expected.index].to_numpy() == pytest.approx(
        expected["G_star_z"].to_numpy(), abs=1e-3
    )


def _loop(values: np.ndarray, weights: np.ndarray) -> list[float]:
    """G by its definition, one place and one neighbour at a time."""
    scores = []
    for i in range(len(values)):
        others = [j for j in range(len(values)) if j != i]
        mean = np.mean([values[j] for j in others])
        spread = np.mean([values[j] ** 2 for j in others]) - mean**2
        total = sum(weights[i, j] for j in others)
        squares = sum(weights[i, j] ** 2 for j in others)
        local = sum(weights[i, j] * values[j] for j in others)
        m = len(others)
        scores.append((local - total * mean) / np.sqrt(spread * (m * squares - total**2) / (m - 1)))
    return scores


@given(st.integers(0, 10_000))
def test_scores_are_those_of_a_loop_and_ignore_the_scale_of_rows(seed: int) -> None:
    random = np.random.default_rng(seed)
    values, weights = random.gamma(1.0, 1.0, 12), random.random((12, 12)) + 0.01
    np.fill_diagonal(weights, 0.0)
    scale = random.uniform(0.1, 10, (12, 1))
    assert local_g(values, weights, star=False) == pytest.approx(_loop(values, weights))
    for star in (True, False):
        got = local_g(values, weights, star=star)
        assert local_g(values, weights * scale, star=star) == pytest.approx(got)
        assert local_g(values, sparse.csr_array(weights), star=star) == pytest.approx(got)
        assert local_g(3 * values + 5, weights, star=star) == pytest.approx(got)


def test_odd_inputs_get_a_number_or_a_sentence() -> None:
    assert local_g([], np.zeros((0, 0))).shape == (0,)
    assert local_g([4.0], [[1.0]]).tolist() == [0.0]
    assert local_g([2, 2, 2, 2], np.ones((4, 4))).tolist() == [0.0] * 4
    assert local_g([1, 2, 3, 9], np.zeros((4, 4)), star=False).tolist() == [0.0] * 4
    got = local_g([1, np.nan, 3, 9, 2], np.ones((5, 5)) - np.eye(5))
    assert np.isnan(got).tolist() == [False, True, False, False, False]
    with pytest.raises(WrongUsage, match="il faut un carré"):
        local_g([1, 2], np.ones((3, 3)))
    with pytest.raises(WrongUsage, match="négatif ou inconnu"):
        local_g([1, 2], [[0, -1], [1, 0]])


def test_false_discoveries_are_held_to_their_share() -> None:
    assert below_false_discovery([0.01, 0.02, 0.03, 0.5, np.nan]).tolist() == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert not below_false_discovery([]).size
    random, alarms = np.random.default_rng(5), 0
    for _ in range(200):
        alarms += below_false_discovery(norm.sf(random.normal(size=50))).any()
    assert alarms <= 20
