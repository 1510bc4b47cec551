from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from territory.analysis.gaps import poisson_scan
from territory.analysis.scan.kernel import HIGH, window_scores
from territory.analysis.scan.windows import nearest_windows
from territory.errors import WrongUsage
from tests.real_data import reference_file


def test_leukemia_of_new_york_matches_satscan() -> None:
    folder = "scan_ny_leukemia/"
    table = pd.read_csv(reference_file(folder + "ny_leukemia.csv"))
    case = json.loads(
        reference_file(folder + "expected_satscan_circular_50pct.json").read_text("utf-8")
    )
    points = table[["coord1", "coord2"]].to_numpy()
    found = poisson_scan(table["cases"], table["population"], cdist(points, points), seed=7)
    for got, expected in zip(found, case["clusters"], strict=False):
        assert [table["id"][m] for m in got.members] == sorted(expected["ids"])
        assert got.cases == expected["cases"]
        assert got.expected == pytest.approx(expected["expected"], abs=0.01)
        assert got.llr == pytest.approx(expected["llr"], abs=1e-5)
        assert got.p_value == pytest.approx(expected["p_value"], abs=0.02)


def test_the_ratio_of_one_window_matches_satscan() -> None:
    case = json.loads(reference_file("scan_llr_formula/expected.json").read_text("utf-8"))
    windows = nearest_windows([[0, 1], [1, 0]], [1, 1174], max_share=0.5)
    for one in case["cases"]:
        counts = np.array([one["observed"], one["C"] - one["observed"]], float)
        norm = np.array([one["expected"], one["C"] - one["expected"]])
        shape = (windows.order, windows.sizes, windows.closes)
        score = window_scores(*shape, counts, norm, HIGH, 0.0)[0, 0]
        assert score == pytest.approx(one["llr"], rel=1e-5)


def _loop(
    cases: np.ndarray, people: np.ndarray, distances: np.ndarray, rates: str
) -> list[tuple[tuple[int, ...], float]]:
    """Score every window from its definition, then drop those that share a place."""
    whole, scored = cases.sum(), {}
    for centre in range(len(cases)):
        for radius in distances[centre]:
            members = tuple(np.flatnonzero(distances[centre] <= radius))
            count, norm = cases[list(members)].sum(), whole * people[list(members)].sum()
            norm /= people.sum()
            wanted = {"high": count > norm, "low": count < norm, "both": count != norm}[rates]
            if people[list(members)].sum() <= people.sum() / 2 and wanted:
                parts = ((count, norm), (whole - count, whole - norm))
                scored[members] = sum(c * np.log(c / e) for c, e in parts if c > 0)
    kept: list[tuple[tuple[int, ...], float]] = []
    for members, score in sorted(scored.items(), key=lambda item: -item[1]):
        if not any(set(members) & set(better) for better, _ in kept):
            kept.append((members, score))
    return kept


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.sampled_from(["high", "low", "both"]))
def test_clusters_are_those_of_a_loop(seed: int, rates: str) -> None:
    random = np.random.default_rng(seed)
    points, people = random.random((12, 2)), random.integers(1, 50, 12).astype(float)
    cases, distances = random.poisson(people / 8).astype(float), cdist(points, points)
    got = poisson_scan(cases, people, distances, rates=rates, simulations=0)
    expected = _loop(cases, people, distances, rates) if cases.sum() else []
    assert [c.llr for c in got] == pytest.approx([score for _, score in expected])
    if len({round(score, 9) for _, score in expected}) == len(expected):
        assert [c.members for c in got] == [members for members, _ in expected]


def test_places_as_far_enter_together_whatever_their_order() -> None:
    at = np.arange(6.0)
    points = np.array([(x, y) for x in at for y in at])
    random = np.random.default_rng(3)
    cases, distances = random.poisson(3, 36), cdist(points, points)
    order = random.permutation(36)
    first = poisson_scan(cases, np.ones(36), distances, simulations=0)
    other = poisson_scan(cases[order], np.ones(36), distances[np.ix_(order, order)], simulations=0)
    assert [c.llr for c in other] == pytest.approx([c.llr for c in first])
    assert tuple(sorted(order[list(other[0].members)])) == first[0].members


def test_p_values_are_as_frequent_as_they_say() -> None:
    random = np.random.default_rng(11)
    points = random.random((25, 2))
    distances, low = cdist(points, points), 0
    for run in range(120):
        cases = random.multinomial(80, np.full(25, 1 / 25))
        found = poisson_scan(cases, np.ones(25), distances, simulations=39, seed=run)
        low += found[0].p_value <= 0.1
    assert 4 <= low <= 22  # 12 expected


def test_clusters_share_nothing_and_the_same_seed_says_the_same() -> None:
    random = np.random.default_rng(4)
    points, cases = random.random((60, 2)), random.poisson(4, 60)
    arguments = (cases, np.ones(60), cdist(points, points))
    found = poisson_scan(*arguments, simulations=49, seed=2)
    assert found == poisson_scan(*arguments, simulations=49, seed=2)
    members = [m for c in found for m in c.members]
    assert len(members) == len(set(members))
    assert all(a.llr >= b.llr and a.p_value <= b.p_value for a, b in pairwise(found))


def test_odd_inputs_get_an_answer_or_a_sentence() -> None:
    assert poisson_scan([], [], np.zeros((0, 0))) == ()
    assert poisson_scan([0, 0], [3, 4], np.zeros((2, 2))) == ()
    assert poisson_scan([5], [9], [[0]]) == ()
    far = np.full((3, 3), np.inf)
    np.fill_diagonal(far, 0)
    found = poisson_scan([9, 1, 2], [1, 1, 1], far, simulations=9)
    assert [c.members for c in found] == [(0,)]
    assert np.isnan(poisson_scan([9, 1, 2], [1, 1, 1], far, simulations=0)[0].p_value)
    for wrong, match in (
        (([1, 2], [1], [[0]]), "2 comptages pour 1 expositions"),
        (([1, -2], [1, 1], np.zeros((2, 2))), "négatif"),
        (([1, np.nan], [1, 1], np.zeros((2, 2))), "inconnu"),
        (([0.5, 1], [1, 1], np.zeros((2, 2))), "pas entier"),
        (([1, 1], [1, 0], np.zeros((2, 2))), "personne n'est exposé"),
        (([1, 1], [1, 1], np.zeros((3, 3))), "il faut un carré"),
    ):
        with pytest.raises(WrongUsage, match=match):
            poisson_scan(*wrong)
    with pytest.raises(WrongUsage, match="high, low ou both"):
        poisson_scan([1], [1], [[0]], rates="hot")
    with pytest.raises(WrongUsage, match="entre 0 et 1"):
        poisson_scan([1], [1], [[0]], max_share=0.0)
