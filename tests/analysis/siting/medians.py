"""Small p-medians drawn at random, judged by trying every choice; published files read."""

from __future__ import annotations

import csv
from itertools import combinations, product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse.csgraph import shortest_path

from tests.real_data import reference_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


NUMBERS = "1 2 4 5 6 8 9 10 11 13 14 16 17 19 21 23 24 26 27 29 31 32 34 35 37 39"
PUBLISHED = tuple(f"pmed{n}" for n in NUMBERS.split())


class Case(NamedTuple):
    weights: NDArray[np.float64]
    cost: NDArray[np.float64]
    p: int
    fixed: tuple[int, ...]
    forbidden: tuple[int, ...]


def drawn(seed: int, *, whole: bool = True) -> Case:
    """Draw weights (some zero), costs (ties, twins, some not allowed), fixed and forbidden."""
    rng = np.random.default_rng(seed)
    demands, sites = int(rng.integers(1, 13)), int(rng.integers(1, 9))
    cost = rng.integers(0, 12, (demands, sites)).astype(float)
    cost = cost if whole else cost + rng.random((demands, sites))
    cost[rng.random(cost.shape) < rng.choice([0.0, 0.15, 0.5])] = np.inf
    if sites > 2 and rng.random() < 0.5:
        cost[:, 1] = cost[:, 0]
    if demands > 2 and rng.random() < 0.5:
        cost[1] = cost[0]
    weights = rng.integers(0, 5, demands).astype(float)
    order = [int(j) for j in rng.permutation(sites)]
    held, barred = int(rng.integers(0, 3)), int(rng.integers(0, 3))
    p = int(rng.integers(1, sites + 1))
    return Case(weights, cost, p, tuple(order[:held]), tuple(order[len(order) - barred :]))


def every_choice(case: Case) -> list[tuple[float, tuple[int, ...]]]:
    """Return (objective, sites) of every choice that serves everybody, best first."""
    sites = [j for j in range(case.cost.shape[1]) if j not in case.forbidden]
    live = case.weights > 0
    found = []
    for chosen in combinations(sites, case.p):
        if set(case.fixed) <= set(chosen):
            nearest = case.cost[np.ix_(live, chosen)].min(axis=1, initial=np.inf)
            found.append((float(case.weights[live] @ nearest), chosen))
    return sorted(f for f in found if np.isfinite(f[0]))


def fullest(case: Case, room: NDArray[np.float64]) -> float:
    """Return the least objective when each demand goes whole to one site with room, inf = none."""
    best, live = np.inf, np.flatnonzero(case.weights > 0)
    sites = [j for j in range(case.cost.shape[1]) if j not in case.forbidden]
    for chosen in combinations(sites, case.p):
        if set(case.fixed) <= set(chosen):
            for at in product(chosen, repeat=len(live)):
                held = np.bincount(at, case.weights[live], case.cost.shape[1])
                if (held <= room + 1e-9).all():
                    best = min(best, float(case.weights[live] @ case.cost[live, list(at)]))
    return best


def published_with_room(
    name: str,
) -> tuple[NDArray[np.float64], NDArray[np.float64], int, float, float]:
    """Return demands, costs a unit of demand, p, the capacity and the best known objective."""
    path = reference_file(f"../benchmarks/pmedian/{name}.txt")
    head, *lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    n, p, room = map(int, head)
    points = np.array(lines[:n], dtype=float)
    apart = np.hypot(*(points[:, None, 1:3] - points[None, :, 1:3]).transpose(2, 0, 1))
    demand = points[:, 3]
    cost = np.floor(apart + 1e-9) / demand[:, None]
    return demand, cost, p, room, best_known(path, "capacitated_best_known", name)


def published(name: str) -> tuple[NDArray[np.float64], int, float]:
    """Return costs, p and the known optimum of one of the p-median graphs of the OR-Library."""
    path = reference_file(f"../benchmarks/pmedian/{name}.txt")
    head, *lines = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    n, p = int(head[0]), int(head[2])
    edges = np.full((n, n), np.inf)
    for i, j, length in (map(int, line) for line in lines if line):
        edges[i - 1, j - 1] = edges[j - 1, i - 1] = length
    return shortest_path(edges, directed=False), p, best_known(path, "best_known", name)


def best_known(path: Path, table: str, name: str) -> float:
    with (path.parent / f"{table}.csv").open(encoding="utf-8") as file:
        rows = {row["instance"]: row for row in csv.DictReader(file)}
    return float(rows[name].get("pmedian_optimum") or rows[name]["best_known"])
