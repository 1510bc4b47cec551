"""The links that join the parts of a ground: the shortest, found as by looking at every pair."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sp

from territory.analysis.sectors.nearest import nearest_links
from tests.analysis.sectors.judges import shortest_links
from tests.drawn_cases import seeds

TURNED = np.array([[0.8, 0.6], [-0.6, 0.8]])


def drawn(draw: np.random.Generator, kind: str, n: int) -> np.ndarray:
    """Return points [n, 2]: anywhere, or with as many ties as territories have."""
    grid = draw.integers(0, 8, (n, 2)) * 200.0
    points = {
        "anywhere": draw.uniform(0, 1000, (n, 2)),
        "grid": grid + 650_000.0,
        "turned grid": grid @ TURNED + 6_860_000.0,
        "row": np.column_stack([draw.integers(0, 50, n) * 100.0, np.zeros(n)]),
        "few spots": draw.integers(0, 3, (n, 2)) * 1.0,
        "almost one spot": np.repeat(draw.uniform(0, 1e5, (n, 2)), 2, axis=0)[:n]
        + draw.integers(0, 2, (n, 2)) * 1e-3,
    }
    return points[kind]


def links_of(draw: np.random.Generator, n: int) -> sp.csr_matrix:
    ends = draw.integers(0, n, (int(draw.integers(0, n + 1)), 2))
    a, b = np.r_[ends[:, 0], ends[:, 1]], np.r_[ends[:, 1], ends[:, 0]]
    return sp.csr_matrix((np.ones(len(a)), (a, b)), shape=(n, n))


KINDS = ("anywhere", "grid", "turned grid", "row", "few spots", "almost one spot")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", seeds(25, range(300)))
def test_links_in_metres_are_those_of_every_pair_looked_at(kind: str, seed: int) -> None:
    draw = np.random.default_rng(seed)
    n = int(draw.integers(1, 50))
    points, links = drawn(draw, kind, n), links_of(draw, n)
    away = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    assert nearest_links(points, links, None) == shortest_links(away, links)


@pytest.mark.parametrize("seed", seeds(25, range(300)))
def test_links_in_minutes_are_those_of_every_pair_looked_at(seed: int) -> None:
    draw = np.random.default_rng(seed)
    n = int(draw.integers(1, 50))
    minutes, links = draw.integers(0, 9, (n, n)) * 1.0, links_of(draw, n)
    if seed % 2:
        minutes = (minutes + minutes.T) / 2
    assert nearest_links(np.zeros((n, 2)), links, minutes) == shortest_links(minutes, links)


def test_a_ground_in_one_part_or_none_needs_no_link() -> None:
    assert nearest_links(np.zeros((1, 2)), sp.csr_matrix((1, 1)), None) == []
    pair = sp.csr_matrix(np.array([[0, 1], [1, 0]]))
    assert nearest_links(np.eye(2), pair, None) == []
    assert nearest_links(np.eye(2), pair, np.ones((2, 2))) == []


def test_thousands_of_islets_ask_for_no_table_of_pairs() -> None:
    points = np.random.default_rng(0).uniform(0, 1e5, (60_000, 2))
    found = nearest_links(points, sp.csr_matrix((60_000, 60_000)), None)  # every pair: 29 GB
    assert len(found) == len(points) - 1
