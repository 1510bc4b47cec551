"""
Balanced sectors measured beside other ways to cut a territory, in one run.

Run: python benchmarks/sectors.py [--peers FOLDER] [--json FILE] [--seeds N] [--only METHOD ...]
[SIDExK ...]. A lattice
with four dense places (drawn by seed); deviation of the loads from an equal share, pieces, inertia
beside that of weighted k-means (which balances nothing), seconds of processor with those of child
processes. Every method runs in a process of its own, stopped after a minute. Hess is transport with
whole units to centres, repeated (Hess et al. 1965), within 3 %, by HiGHS. Peers:
pip install --target FOLDER pymetis spopt libpysal pointpats.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing as mp
import queue
import resource
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

ROOT = Path(__file__).resolve().parents[1]
sys.path[:] = [str(ROOT), *(p for p in sys.path if Path(p) != ROOT / "benchmarks")]  # not ourselves

from territory.analysis.highs import Programme, solve
from territory.analysis.sectors import balanced_sectors
from territory.analysis.sectors.problem import excess_pieces, linked
from territory.analysis.sectors.search import ready

if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT_S, TOLERANCE, ROUNDS, SLOW_CELLS = 60, 0.03, 6, 400
SIZES = ("15x4", "30x5")
Array = np.ndarray


def town(side: int, seed: int) -> tuple[Array, Array, list[tuple[int, int]]]:
    """Return loads [cells], places [cells, 2] and neighbours of a lattice."""
    draw = np.random.default_rng(seed)
    centres = draw.uniform(0, side, (4, 2))
    cells = np.column_stack(np.divmod(np.arange(side * side), side))
    load = [
        1 + 40 * np.exp(-((centres - c) ** 2).sum(axis=1) / side).sum() + draw.gamma(1, 2)
        for c in cells
    ]
    at = np.arange(side * side).reshape(side, side)
    pairs = [*zip(at[:-1].ravel(), at[1:].ravel(), strict=True)]
    pairs += zip(at[:, :-1].ravel(), at[:, 1:].ravel(), strict=True)
    return np.array(load), cells + 0.5, [(int(a), int(b)) for a, b in pairs]


def ours(load: Array, xy: Array, pairs: list[tuple[int, int]], k: int) -> Array:
    """Share by balanced_sectors."""
    return balanced_sectors(load, xy[:, 0], xy[:, 1], pairs, k, tolerance=TOLERANCE).sector


def kmeans(load: Array, xy: Array, _pairs: list[tuple[int, int]], k: int) -> Array:
    """Share by weighted k-means, which balances nothing."""
    from sklearn.cluster import KMeans

    return KMeans(k, n_init=5, random_state=0).fit(xy, sample_weight=load).labels_


def hess(load: Array, xy: Array, pairs: list[tuple[int, int]], k: int) -> Array:
    """Share by transport of whole units to centres, repeated."""
    n, share, sector = len(load), load.sum() / k, kmeans(load, xy, pairs, k)
    unit, to, cells = np.repeat(np.arange(n), k), np.tile(np.arange(k), n), np.arange(n * k)
    rows = sp.csr_matrix(
        (np.r_[np.ones(n * k), load[unit]], (np.r_[unit, n + to], np.r_[cells, cells]))
    )
    for _ in range(ROUNDS):
        means = [np.average(xy[sector == s], axis=0, weights=load[sector == s]) for s in range(k)]
        cost = ((xy[:, None] - np.array(means)[None]) ** 2).sum(axis=2) * load[:, None]
        programme = Programme(
            cost.ravel(), rows, np.r_[np.ones(n), np.full(k, share * (1 - TOLERANCE))],
            np.r_[np.ones(n), np.full(k, share * (1 + TOLERANCE))], np.zeros(n * k),
            np.ones(n * k), np.ones(n * k, bool),
        )  # fmt: skip
        found = solve(programme, time_limit_s=10.0, gap=0.001)
        if found.values is None:
            break
        sector = found.values.reshape(n, k).argmax(axis=1)
    return sector


def metis(load: Array, _xy: Array, pairs: list[tuple[int, int]], k: int) -> Array:
    """Share by METIS, contiguous."""
    import pymetis

    table = linked(pairs, len(load))
    near = [
        table.indices[a:b].tolist() for a, b in zip(table.indptr, table.indptr[1:], strict=False)
    ]
    weights = np.maximum(1, load * 10).astype(int).tolist()
    return np.array(pymetis.part_graph(k, near, vweights=weights, contiguous=True)[1])


def region(name: str) -> Callable[..., Array]:
    """Return a method of spopt.region on the places of the cells."""

    def run(load: Array, xy: Array, pairs: list[tuple[int, int]], k: int) -> Array:
        import geopandas as gpd
        import libpysal
        import spopt.region as peers

        table = linked(pairs, len(load))
        near = {i: table[i].indices.tolist() for i in range(len(load))}
        frame = gpd.GeoDataFrame(
            {"w": load, "x": xy[:, 0], "y": xy[:, 1]}, geometry=gpd.points_from_xy(*xy.T)
        )
        if name == "RegionKMeansHeuristic":
            model = peers.RegionKMeansHeuristic(
                xy, k, libpysal.weights.W(near, silence_warnings=True)
            )
        elif name == "Skater":
            floor = {"floor": len(load) // (2 * k)}
            links = libpysal.weights.W(near, silence_warnings=True)
            model = peers.Skater(frame, links, ["x", "y"], n_clusters=k, **floor)
        else:
            links = libpysal.weights.W(near, silence_warnings=True)
            model = getattr(peers, name)(frame, links, ["x", "y"], n_clusters=k)
        model.solve()
        return np.array(model.labels_)

    return run


METHODS: dict[str, Callable[..., Array]] = {
    "ours": ours, "weighted k-means": kmeans, "METIS": metis, "Hess (HiGHS)": hess,
    "Skater": region("Skater"), "WardSpatial": region("WardSpatial"),
    "RegionKMeans": region("RegionKMeansHeuristic"), "AZP": region("AZP"),
}  # fmt: skip


def inertia(load: Array, xy: Array, sector: Array) -> float:
    """Return the sum of load x distance squared to the mean of each sector."""
    parts = [(xy[sector == s], load[sector == s]) for s in np.unique(sector)]
    return sum(
        float((w * ((p - np.average(p, axis=0, weights=w)) ** 2).sum(1)).sum()) for p, w in parts
    )


def child(out: Any, name: str, asked: tuple[int, int, int]) -> None:  # noqa: ANN401 - a queue
    """Run one method and put its figures."""
    warnings.simplefilter("ignore")
    side, k, seed = asked
    load, xy, pairs = town(side, seed)
    if name == "ours":
        ready()
    start = cpu_s()
    try:
        sector = np.unique(METHODS[name](load, xy, pairs, k), return_inverse=True)[1]
    except Exception as error:  # noqa: BLE001 - a peer may fail in any way; it is said
        out.put({"failed": repr(error)[:80]})
        return
    sums = np.bincount(sector, load)
    out.put({
        "cpu_s": cpu_s() - start, "sectors": len(sums),
        "deviation": float(np.abs(sums * len(sums) / load.sum() - 1).max()),
        "pieces": excess_pieces(linked(pairs, len(load)), sector),
        "inertia": inertia(load, xy, sector),
    })  # fmt: skip


def cpu_s() -> float:
    """Return the seconds of processor of this process and its children."""
    return sum(
        u.ru_utime + u.ru_stime
        for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def measured(name: str, asked: tuple[int, int, int]) -> dict[str, Any]:
    """Return the figures of one method, or why there are none."""
    if name == "AZP" and asked[0] ** 2 > SLOW_CELLS:
        return {"failed": "too slow for this size"}
    context = mp.get_context("fork")
    out = context.Queue()
    process = context.Process(target=child, args=(out, name, asked))
    process.start()
    try:
        found = out.get(timeout=LIMIT_S)
    except queue.Empty:
        found = {"failed": f"no answer in {LIMIT_S} s"}
    process.kill()
    process.join()
    return found


def main() -> None:
    """Measure every method on the sizes asked for; write the figures with --json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", default=list(SIZES))
    parser.add_argument("--peers", type=Path, action="append", default=[])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=[*METHODS], default=[*METHODS])
    asked = parser.parse_args()
    sys.path += map(str, asked.peers)
    rows = []
    for size in asked.sizes:
        side, k = map(int, size.split("x"))
        for seed in range(asked.seeds):
            base = inertia(*town(side, seed)[:2], kmeans(*town(side, seed), k))
            for name in asked.only:
                row = {"cells": side * side, "k": k, "seed": seed, "method": name}
                row |= measured(name, (side, k, seed))
                if "inertia" in row:
                    row["inertia_ratio"] = row["inertia"] / base
                rows.append(row)
                print(told(row), flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def told(row: dict[str, Any]) -> str:
    """Return the line that shows one measure."""
    head = f"{row['cells']:5d} cells k={row['k']} seed {row['seed']}  {row['method']:17s}"
    if "failed" in row:
        return f"{head} {row['failed']}"
    return (
        f"{head} deviation {row['deviation']:7.1%}  pieces +{row['pieces']}  "
        f"inertia x{row['inertia_ratio']:.3f}  {row['cpu_s']:6.2f} s"
    )


if __name__ == "__main__":
    main()
