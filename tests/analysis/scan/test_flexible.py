from __future__ import annotations

import json
from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from territory.analysis.scan.flexible import flexible_scan
from territory.errors import WrongUsage
from tests.real_data import reference_file


def test_leukemia_of_new_york_matches_flexscan() -> None:
    folder = "scan_ny_leukemia/"
    table = pd.read_csv(reference_file(folder + "ny_leukemia.csv"))
    pairs = pd.read_csv(reference_file(folder + "ny_adjacency.csv")).to_numpy() - 1
    touching = np.zeros((len(table), len(table)), bool)
    touching[pairs[:, 0], pairs[:, 1]] = True
    points = table[["coord1", "coord2"]].to_numpy()
    case = json.loads(reference_file(folder + "expected_flexscan_k10.json").read_text("utf-8"))
    found = flexible_scan(
        table["cases"], table["population"], cdist(points, points), touching, simulations=1999
    )
    for got, expected in zip(found, case["clusters"], strict=False):
        assert [table["id"][m] for m in got.members] == sorted(expected["ids"])
        assert got.cases == expected["cases"]
        assert got.expected == pytest.approx(expected["expected"], abs=1e-3)
        assert got.llr == pytest.approx(expected["statistic"], abs=1e-4)
        # FleXScan's own p rests on 999 draws: near 0.1 it is known to 0.02 only
        assert got.p_value == pytest.approx(expected["p_value"], abs=0.03)


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_the_first_cluster_is_the_best_connected_set(seed: int) -> None:
    random = np.random.default_rng(seed)
    points, cases = random.random((8, 2)), random.poisson(3, 8).astype(float)
    graph = nx.gnp_random_graph(8, 0.35, seed=seed)
    touching = nx.to_numpy_array(graph) > 0
    whole = max(cases.sum(), 1.0)
    best = 0.0
    for size in range(1, 8):
        for members in combinations(range(8), size):
            count, norm = cases[list(members)].sum(), whole * size / 8
            if nx.is_connected(graph.subgraph(members)) and count > norm:
                parts = ((count, norm), (whole - count, whole - norm))
                best = max(best, sum(c * np.log(c / e) for c, e in parts if c > 0))
    found = flexible_scan(
        cases, np.ones(8), cdist(points, points), touching, nearest=8, simulations=0
    )
    assert (found[0].llr if found else 0.0) == pytest.approx(best)


def test_odd_inputs_get_an_answer_or_a_sentence() -> None:
    assert flexible_scan([], [], [], []) == ()
    alone = flexible_scan([3, 0], [1, 1], [[0, 1], [1, 0]], np.zeros((2, 2)), simulations=9)
    assert [c.members for c in alone] == [(0,)]
    with pytest.raises(WrongUsage, match="1 à 15 lieux"):
        flexible_scan([1], [1], [[0]], [[0]], nearest=30)
