"""
Maximal covering and p-center measured beside spopt (CBC, HiGHS) and a plain model given to HiGHS.

Run: python benchmarks/siting_cover.py [--peers FOLDER] [--json FILE] [--limit SECONDS] [NAME ...].
Names: drawn towns as « 2000x300 » (clustered weights, 8 min on foot), files of ../shared/benchmarks
as « SJC708 » (covering) or « pmed6 » (p-center); TERRITORY_REAL_DATA as in the tests. Every solver
runs in a child process of its own: seconds of processor for the model and in all (CBC's child
included), peak of memory, value, gap to the best known and certified gap, in %. Ours builds nothing
apart: its seconds of reduction stand there. A child that takes three times the limit is ended.
Peers: pip install --target FOLDER --no-deps spopt pulp pointpats libpysal.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import floyd_warshall

ROOT = Path(__file__).resolve().parents[1]
sys.path[:] = [str(ROOT), *(p for p in sys.path if Path(p) != ROOT / "benchmarks")]  # not ourselves

from territory.analysis.highs import Programme, solve
from territory.analysis.siting import max_cover, p_center
from territory.analysis.siting.cover_problem import asked, reduced
from territory.analysis.siting.cover_warm import warm

REAL = Path(os.environ.get("TERRITORY_REAL_DATA", ROOT.parent / "shared" / "data"))
FILES = REAL.parent / "benchmarks"
EARTH_M, WALK_MIN = 6_378_100, 8.0
DRAWN = {"500x100": (10, 60), "1000x200": (10, 60), "2000x300": (10, 80), "5000x1000": (20, 60)}
NAMES = ("SJC708", "500x100", "1000x200", "2000x300", "5000x1000", "pmed1", "pmed6", "pmed16")
SOLVERS = ("ours", "highspy", "spopt+CBC", "spopt+HiGHS")
Question = dict[str, Any]


def town(name: str) -> Question:
    """Return a drawn town: clustered homes, candidates among them, minutes along a grid."""
    m, n = map(int, name.split("x"))
    p, side_min = DRAWN.get(name, (20, 60))
    draw = np.random.default_rng(m + n)
    centres = draw.random((max(3, m // 100), 2)) * side_min
    near = centres[draw.integers(0, len(centres), m)] + draw.normal(0, side_min / 20, (m, 2))
    homes = np.where((draw.random(m) < 0.6)[:, None], near, draw.random((m, 2)) * side_min)
    doors = homes[draw.choice(m, n, replace=False)]
    minutes = np.abs(homes[:, None] - doors[None]).sum(axis=2)
    return {"weights": draw.gamma(1.2, 10, m), "cost": minutes, "radius": WALK_MIN, "p": p}


def covering_file(row: dict[str, str]) -> Question:
    """Return a published maximal covering question."""
    lines = (FILES / "mclp" / f"{row['instance']}.txt").read_text("utf-8").splitlines()[1:]
    table = np.array([[float(v) for v in line.split()[:3]] for line in lines if line.strip()])
    if row["instance"].startswith("SJC"):
        apart = np.hypot(*(table[:, None, :2] - table[None, :, :2]).transpose(2, 0, 1))
    else:
        lat, lon = np.radians(table[:, 0]), np.radians(table[:, 1])
        half = np.sin((lat[:, None] - lat) / 2) ** 2
        half += np.cos(lat)[:, None] * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
        apart = 2 * EARTH_M * np.arcsin(np.sqrt(half))
    return {"weights": table[:, 2], "cost": apart, "radius": float(row["radius"]),
            "p": int(row["p"]), "best": float(row["covered_demand"])}  # fmt: skip


def centre_file(row: dict[str, str]) -> Question:
    """Return a published graph as a p-center question."""
    text = (FILES / "pmedian" / f"{row['instance']}.txt").read_text("utf-8")
    rows = [line.split() for line in text.splitlines() if line.strip()]
    n = int(rows[0][0])
    apart = np.full((n, n), np.inf)
    for tail, head, length in rows[1:]:
        i, j = int(tail) - 1, int(head) - 1
        apart[i, j] = apart[j, i] = float(length)
    np.fill_diagonal(apart, 0)
    return {"weights": np.ones(n), "cost": floyd_warshall(apart), "radius": None,
            "p": int(row["p"]), "best": float(row["pcenter_optimum"])}  # fmt: skip


def questions(name: str) -> list[Question]:
    """Return the questions of a name: one for a drawn town, one a line of the known values."""
    if "x" in name:
        return [town(name)]
    kind, made = ("pmedian", centre_file) if name.startswith("pmed") else ("mclp", covering_file)
    with (FILES / kind / "best_known.csv").open(encoding="utf-8") as file:
        return [made(row) for row in csv.DictReader(file) if row["instance"] == name]


def ours(asked_for: Question, limit_s: float) -> dict[str, Any]:
    """Return what we find: the seconds of building are those of checking and reducing."""
    warm()
    start = time.process_time()
    if asked_for["radius"] is None:
        got, built = p_center(asked_for["cost"], asked_for["p"], time_limit_s=limit_s), 0.0
    else:
        covers = sp.csr_matrix(asked_for["cost"] <= asked_for["radius"])
        start = time.process_time()
        reduced(asked(asked_for["weights"], covers, asked_for["p"], (), (), None, None))
        built, start = time.process_time() - start, time.process_time()
        got = max_cover(asked_for["weights"], covers, asked_for["p"], time_limit_s=limit_s)
    return {"build_s": built, "cpu_s": time.process_time() - start, "value": got.objective,
            "bound": got.bound, "ending": str(got.ending)}  # fmt: skip


def plain(asked_for: Question, limit_s: float) -> dict[str, Any]:
    """Return what HiGHS finds on the textbook model, made with scipy."""
    start = time.process_time()
    table = sp.csr_matrix(asked_for["cost"] <= asked_for["radius"])
    m, n = table.shape
    count = sp.csr_matrix(np.r_[np.ones(n), np.zeros(m)])
    rows = sp.vstack([sp.hstack([-table.astype(float), sp.identity(m)]), count]).tocsr()
    model = Programme(
        np.r_[np.zeros(n), asked_for["weights"]], rows, np.r_[np.full(m, -np.inf), 0],
        np.r_[np.zeros(m), asked_for["p"]], np.zeros(n + m), np.ones(n + m), np.arange(n + m) < n,
        maximise=True,
    )  # fmt: skip
    built = time.process_time() - start
    got = solve(model, time_limit_s=limit_s)
    return {"build_s": built, "cpu_s": time.process_time() - start, "value": got.objective,
            "bound": got.bound, "ending": str(got.ending)}  # fmt: skip


def spopt(asked_for: Question, limit_s: float, solver: str) -> dict[str, Any]:
    """Return what spopt finds; it tells no bound, and « Optimal » also when out of time."""
    import pulp
    from spopt.locate import MCLP, PCenter

    command = pulp.PULP_CBC_CMD if solver == "CBC" else pulp.HiGHS
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if asked_for["radius"] is None:
            model = PCenter.from_cost_matrix(asked_for["cost"], p_facilities=asked_for["p"])
        else:
            demand, radius = asked_for["weights"], asked_for["radius"]
            model = MCLP.from_cost_matrix(
                asked_for["cost"], demand, radius, p_facilities=asked_for["p"]
            )
        built = time.process_time() - start
        model.solve(command(msg=False, timeLimit=limit_s), results=False)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = time.process_time() - start + children.ru_utime + children.ru_stime
    value = float(pulp.value(model.problem.objective) or np.nan)
    ending = pulp.LpStatus[model.problem.status]
    return {"build_s": built, "cpu_s": total, "value": value, "bound": None, "ending": ending,
            "child_mb": children.ru_maxrss / 1024}  # fmt: skip


def answer(solver: str, asked_for: Question, limit_s: float) -> dict[str, Any]:
    """Return what one solver finds, in this process."""
    if solver == "ours":
        found = ours(asked_for, limit_s)
    elif solver == "highspy":
        found = plain(asked_for, limit_s)
    else:
        found = spopt(asked_for, limit_s, solver.removeprefix("spopt+"))
    return found | {"mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def apart(name: str, at: int, solver: str, asked: argparse.Namespace) -> dict[str, Any]:
    """Run one solver in a child of its own; return what it prints, or why it printed nothing."""
    command = [sys.executable, __file__, "--limit", str(asked.limit), "--child", name, str(at),
               solver]  # fmt: skip
    command += ["--peers", str(asked.peers)] if asked.peers else []
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=3 * asked.limit + 30, check=True
        )
    except subprocess.TimeoutExpired:
        return {"ending": f"no answer in {3 * asked.limit + 30:.0f} s of the clock"}
    except subprocess.CalledProcessError as error:
        return {"ending": (error.stderr.strip().splitlines() or ["failed"])[-1][:70]}
    return dict(json.loads(done.stdout.splitlines()[-1]))


def told(solver: str, found: dict[str, Any], best: float | None) -> str:
    """Return the line that shows what one solver found."""
    if "value" not in found:
        return f"  {solver:12s} {found['ending']}"
    value, bound = found["value"], found["bound"]
    line = f"  {solver:12s} build {found['build_s']:7.3f} s, all {found['cpu_s']:7.2f} s, "
    line += f"{found['mb'] + found.get('child_mb', 0):5.0f} MB, {value:11.2f} {found['ending']}"
    if best:
        line += f", {100 * abs(best - value) / best:.3f} % from best known"
    if bound is not None:
        line += f", certified {100 * abs(bound - value) / max(abs(bound), 1e-9):.3f} %"
    return line


def measure(name: str, asked: argparse.Namespace) -> list[dict[str, Any]]:
    """Measure all solvers on the questions of one name, telling each line as it comes."""
    found = []
    for at, one in enumerate(questions(name)):
        m, n = one["cost"].shape
        print(f"{name} {m} x {n}, p = {one['p']}, radius {one['radius']}")
        for solver in SOLVERS:
            if (solver == "highspy" and one["radius"] is None) or (
                solver.startswith("spopt") and not asked.peers
            ):
                continue
            got = apart(name, at, solver, asked)
            print(told(solver, got, one.get("best")), flush=True)
            found.append({"name": name, "p": one["p"], "radius": one["radius"], "solver": solver,
                          "best_known": one.get("best")} | got)  # fmt: skip
    return found


def main() -> None:
    """Measure the names asked for and print them; write them with --json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(NAMES))
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--limit", type=float, default=20.0)
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.peers:
        sys.path.append(str(asked.peers))
    if asked.child:
        name, at, solver = asked.child
        print(json.dumps(answer(solver, questions(name)[int(at)], asked.limit)))
        return
    found = [line for name in asked.names for line in measure(name, asked)]
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
