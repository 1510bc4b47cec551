"""
p-median, measured on the OR-Library and on drawn towns, beside spopt and HiGHS on the full model.

Run: python benchmarks/siting_median.py [--peers FOLDER ...] [--instances FOLDER] [--only NAME ...]
[--limit S] [--peer-limit S] [--json FILE]. For each case: the value, its gap to the known optimum,
seconds until it was first held, the certified gap, seconds of wall and of processor, peak memory.
Every run, ours included, is a process of its own; peers are stopped at their limit, and what they
call « Optimal » is shown beside what it is worth (`lies` when it is not). Ours is compiled before
its clock starts. Peers: spopt (PMedian) with CBC and HiGHS, and the full x/y model given to HiGHS
as arrays.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import resource
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:] = [str(ROOT), *(p for p in sys.path if Path(p) != ROOT / "benchmarks")]  # not ourselves

from territory.analysis.siting import p_median

if TYPE_CHECKING:
    from collections.abc import Callable

INSTANCES = ROOT.parent / "shared" / "benchmarks" / "pmedian"
DRAWN = ("1000x200p10", "2000x300p10", "5000x1000p20")
PEER_CASES = ("pmed1", "pmed6", "pmed16", "1000x200p10")
GRACE_S = 60.0  # for a peer that does not stop at its limit: reading, writing the model


class Case:
    """One problem: weights, costs, p, a capacity or None, the best known objective or None."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.capacity, self.best = name, None, None
        if name.startswith("pmedcap"):
            self._capacitated(folder)
        elif name.startswith("pmed"):
            self._graph(folder)
        else:
            self._drawn()

    def _graph(self, folder: Path) -> None:
        from scipy.sparse.csgraph import shortest_path

        rows = np.loadtxt(folder / f"{self.name}.txt", skiprows=1)
        with (folder / f"{self.name}.txt").open(encoding="utf-8") as file:
            n, _, self.p = map(int, file.readline().split())
        edges = np.full((n, n), np.inf)
        for i, j, length in rows:
            edges[int(i) - 1, int(j) - 1] = edges[int(j) - 1, int(i) - 1] = length
        self.weights, self.cost = np.ones(n), shortest_path(edges, directed=False)
        self.best = known(folder / "best_known.csv", self.name, "pmedian_optimum")

    def _capacitated(self, folder: Path) -> None:
        lines = (folder / f"{self.name}.txt").read_text(encoding="utf-8").splitlines()
        n, self.p, self.capacity = map(int, lines[0].split())
        points = np.array([line.split() for line in lines[1 : n + 1]], dtype=float)
        apart = np.hypot(*(points[:, None, 1:3] - points[None, :, 1:3]).transpose(2, 0, 1))
        self.weights = points[:, 3]
        self.cost = np.floor(apart + 1e-9) / self.weights[:, None]
        self.best = known(folder / "capacitated_best_known.csv", self.name, "best_known")

    def _drawn(self) -> None:
        """Draw clustered homes, and candidates near some of them; minutes as the crow flies."""
        cells, rest = self.name.split("x")
        sites, self.p = map(int, rest.split("p"))
        draw = np.random.default_rng(int(cells) + sites)
        middles = draw.uniform(0, 10_000, (max(5, int(cells) // 100), 2))
        homes = middles[draw.integers(len(middles), size=int(cells))]
        homes = homes + draw.normal(0, 700, homes.shape)
        doors = homes[draw.choice(len(homes), sites, replace=False)] + draw.normal(
            0, 50, (sites, 2)
        )
        self.weights = draw.poisson(40, len(homes)).astype(float)
        self.cost = np.hypot(*(homes[:, None] - doors[None]).transpose(2, 0, 1)) * 1.3 / 75


def known(path: Path, name: str, column: str) -> float:
    """Return the published objective of a case."""
    with path.open(encoding="utf-8") as file:
        return next(float(r[column]) for r in csv.DictReader(file) if r["instance"] == name)


def ours(case: Case, limit_s: float) -> dict[str, Any]:
    """Return what `p_median` says; when its value was first held is watched by the record."""
    from territory.analysis.siting import capacity_search, median_search, median_warm

    median_warm.warm()
    held: list[float] = []
    for kind in (median_search.Search, capacity_search.RoomSearch):
        kind.keep = watched(kind.keep, held)
    began, spent = time.perf_counter(), time.process_time()
    got = p_median(case.weights, case.cost, case.p, capacity=case.capacity, time_limit_s=limit_s)
    return {
        "value": got.objective, "bound": got.bound, "status": str(got.ending),
        "found_s": held[-1] - began if held else None, "cpu_s": time.process_time() - spent,
        "seconds": got.seconds,
    }  # fmt: skip


def watched(keep: Callable[..., None], held: list[float]) -> Callable[..., None]:
    """Return `keep` that also notes when a better value was held."""

    def noted(record: Any, *found: Any) -> None:  # noqa: ANN401
        before = record.value
        keep(record, *found)
        if record.value < before:
            held.append(time.perf_counter())

    return noted


def spopt_with(solver: str, case: Case, limit_s: float) -> dict[str, Any]:
    """Return what spopt says: its value recomputed from the sites it opened."""
    import pulp
    from spopt.locate import PMedian

    began, spent = time.perf_counter(), cpu_with_children()
    warnings.simplefilter("ignore")
    model = PMedian.from_cost_matrix(case.cost, case.weights, p_facilities=case.p)
    built = time.perf_counter() - began
    chosen = pulp.PULP_CBC_CMD if solver == "cbc" else pulp.HiGHS
    try:
        model = model.solve(chosen(msg=False, timeLimit=limit_s))
        status = pulp.LpStatus[model.problem.status]
    except (RuntimeError, AttributeError, TypeError) as error:  # what spopt raises without answer
        return {"value": None, "status": type(error).__name__, "build_s": built,
                "seconds": time.perf_counter() - began}  # fmt: skip
    sites = [j for j, y in enumerate(model.fac_vars) if (y.value() or 0) > 0.5]
    value = float(case.weights @ case.cost[:, sites].min(axis=1)) if sites else None
    seconds, cpu_s = time.perf_counter() - began, cpu_with_children() - spent
    return {
        "value": value, "status": status, "build_s": built, "seconds": seconds, "cpu_s": cpu_s,
    }  # fmt: skip


def full_model(case: Case, limit_s: float) -> dict[str, Any]:
    """Return what HiGHS says of the model with a variable for every pair."""
    import scipy.sparse as sp

    from territory.analysis.highs import Programme, solve

    began, spent = time.perf_counter(), time.process_time()
    d, n = case.cost.shape
    pairs = np.arange(d * n)
    served = sp.csr_matrix((np.ones(d * n), (pairs // n, n + pairs)), (d, n + d * n))
    links = sp.hstack([-sp.csr_matrix((np.ones(d * n), (pairs, pairs % n)), (d * n, n)),
                       sp.identity(d * n)])  # fmt: skip
    count = sp.csr_matrix(np.r_[np.ones(n), np.zeros(d * n)])
    rows = sp.vstack([served, links, count]).tocsr()
    cost = np.r_[np.zeros(n), (case.weights[:, None] * case.cost).ravel()]
    programme = Programme(
        cost, rows, np.r_[np.ones(d), np.full(d * n, -np.inf), case.p],
        np.r_[np.ones(d), np.zeros(d * n), case.p], np.zeros(n + d * n), np.ones(n + d * n),
        np.arange(n + d * n) < n,
    )  # fmt: skip
    built = time.perf_counter() - began
    found = solve(programme, time_limit_s=limit_s)
    return {"value": found.objective if found.values is not None else None, "bound": found.bound,
            "status": str(found.ending), "build_s": built, "seconds": time.perf_counter() - began,
            "cpu_s": time.process_time() - spent}  # fmt: skip


def cpu_with_children() -> float:
    """Return seconds of processor of this process and of those it started (CBC)."""
    both = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in both)


METHODS: dict[str, Callable[[Case, float], dict[str, Any]]] = {
    "ours": ours,
    "spopt+CBC": lambda case, limit_s: spopt_with("cbc", case, limit_s),
    "spopt+HiGHS": lambda case, limit_s: spopt_with("highs", case, limit_s),
    "HiGHS x/y": full_model,
}


def child(method: str, name: str, folder: Path, limit_s: float, answers: Any) -> None:  # noqa: ANN401
    """Run one method on one case in this process and send what it says, with its peak memory."""
    case = Case(name, folder)
    try:
        said = METHODS[method](case, limit_s)
    except ImportError as error:
        said = {"value": None, "status": f"no {error.name}"}
    peaks = (resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF,
                                                       resource.RUSAGE_CHILDREN))  # fmt: skip
    answers.put({**said, "mb": sum(peaks) / 1024, "best": case.best})


def measured(method: str, name: str, folder: Path, limit_s: float) -> dict[str, Any]:
    """Return what one method says of one case, run in a process of its own and stopped in time."""
    spawn = multiprocessing.get_context("spawn")
    answers = spawn.Queue()
    process = spawn.Process(target=child, args=(method, name, folder, limit_s, answers))
    process.start()
    said: dict[str, Any] = {"value": None, "status": "no answer", "seconds": limit_s + GRACE_S}
    try:
        said = answers.get(timeout=limit_s + GRACE_S)
    except Exception as error:  # noqa: BLE001 - an empty queue: stopped
        said["status"] += f" ({type(error).__name__})"
    process.terminate()
    process.join()
    return {"case": name, "method": method, **said}


def judged(rows: list[dict[str, Any]]) -> None:
    """Add gaps to each row: to the best value anyone has, and to its own bound."""
    values = [r["value"] for r in rows if r["value"] is not None]
    best = min([*values, *(r["best"] for r in rows if r.get("best"))], default=None)
    for row in rows:
        if row["value"] is None or not best:
            continue
        row["gap"] = row["value"] / best - 1
        if row.get("bound") is not None:
            row["certified"] = (row["value"] - row["bound"]) / row["value"]
        row["lies"] = row["status"].lower() == "optimal" and row["gap"] > 1e-6


def line(row: dict[str, Any]) -> str:
    """Return the line that shows one row."""

    def number(key: str, form: str) -> str:
        return format(row[key], form) if row.get(key) is not None else "-"

    return (
        f"{row['case']:12s} {row['method']:12s} {number('value', '11.1f'):>11s} "
        f"gap {number('gap', '.3%'):>8s} found {number('found_s', '.2f'):>6s} s "
        f"certified {number('certified', '.3%'):>8s} {row['status']:>10s} "
        f"{number('seconds', '.2f'):>7s} s, cpu {number('cpu_s', '.2f'):>6s} s, "
        f"{number('mb', '.0f'):>5s} MB{'  LIES' if row.get('lies') else ''}"
    )


def cases(folder: Path) -> list[str]:
    """Return the names of the published cases that are present, and the drawn ones."""
    found = sorted((p.stem for p in folder.glob("pmed*.txt")), key=lambda n: (len(n), n))
    return [*found, *DRAWN]


def main() -> None:
    """Measure, print, and write the figures when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path, nargs="*")
    parser.add_argument("--instances", type=Path, default=INSTANCES)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--limit", type=float, default=20.0)
    parser.add_argument("--peer-limit", type=float, default=60.0)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    sys.path += [str(folder) for folder in given.peers or ()]
    rows: list[dict[str, Any]] = []
    for name in given.only or cases(given.instances):
        with_peers = bool(given.peers) and name in PEER_CASES
        methods = list(METHODS) if with_peers else ["ours"]
        limits = {"ours": given.limit}
        some = [
            measured(m, name, given.instances, limits.get(m, given.peer_limit)) for m in methods
        ]
        judged(some)
        print("\n".join(line(r) for r in some), flush=True)
        rows += some
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1, default=str) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
