"""Covering questions of tests: published ones, drawn ones, and judges that try everything."""

from __future__ import annotations

import csv
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.csgraph import floyd_warshall

from tests.real_data import reference_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EARTH_M = 6_378_100


def published(kind: str, name: str) -> Path:
    """Return a published file, or skip the test."""
    return reference_file(f"../benchmarks/{kind}/{name}")


def city(name: str, radius_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Return weights [n] and covers [n, n] of a published maximal covering file."""
    lines = published("mclp", f"{name}.txt").read_text("utf-8").splitlines()[1:]
    table = np.array([[float(v) for v in line.split()[:3]] for line in lines if line.strip()])
    weights = table[:, 2]
    if name.startswith("SJC"):
        apart = np.hypot(*(table[:, None, :2] - table[None, :, :2]).transpose(2, 0, 1))
        return weights, apart <= radius_m
    lat, lon = np.radians(table[:, 0]), np.radians(table[:, 1])
    half = np.sin((lat[:, None] - lat) / 2) ** 2
    half += np.cos(lat)[:, None] * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    return weights, 2 * EARTH_M * np.arcsin(np.sqrt(half)) <= radius_m


def graph(name: str) -> tuple[np.ndarray, int]:
    """Return shortest distances [n, n] of a published p-median graph, and its p."""
    rows = [line.split() for line in published("pmedian", f"{name}.txt").read_text("utf-8")
            .splitlines() if line.strip()]  # fmt: skip
    n, _, p = (int(v) for v in rows[0])
    apart = np.full((n, n), np.inf)
    for tail, head, length in rows[1:]:
        i, j = int(tail) - 1, int(head) - 1
        apart[i, j] = apart[j, i] = float(length)
    np.fill_diagonal(apart, 0)
    return floyd_warshall(apart), p


def best_known(kind: str) -> Iterator[dict[str, str]]:
    """Yield the rows of the published values."""
    with published(kind, "best_known.csv").open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def covered(weights: np.ndarray, covers: np.ndarray, chosen: tuple[int, ...]) -> float:
    """Return the weight that `chosen` covers."""
    return float(weights[covers[:, list(chosen)].any(axis=1)].sum())


def choices(n: int, size: int, fixed: set[int], forbidden: set[int]) -> Iterator[tuple[int, ...]]:
    """Yield every allowed choice of `size` among `n`."""
    for chosen in combinations(sorted(set(range(n)) - forbidden), size):
        if fixed <= set(chosen):
            yield chosen
