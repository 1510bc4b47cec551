"""
Team orienteering on the published files (TOPTW), beside PyVRP, VROOM and OR-Tools.

Run: python benchmarks/routing.py [--peers FOLDER ...] [--only NAME ...] [--routes M ...]
[--mixed] [--limit S ...] [--instances FOLDER] [--seed K] [--json FILE]. One line for each file,
number of routes and method: the prize, its gap to the literature, how the search ended, seconds
of wall and of processor. Every answer, ours included, is checked by `routing_files.faults`, which
knows only the file. Each method has two cores: ours two searches, VROOM (prizes as priorities) two
threads; PyVRP and OR-Tools (guided local search), whose answers depend on what a prize is worth in
minutes, are given prizes x 100 and x 1000 at the same time, and the better is kept. Ours is
compiled before its clock starts. The mean gaps come last; `others` are the cores that other work of
the machine took meanwhile. Rows of a file that are not measured anew stay in it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:] = [str(ROOT), *(p for p in sys.path if Path(p) != ROOT / "benchmarks")]

from benchmarks.guided_search import guided
from benchmarks.machine_load import busy_s
from benchmarks.routing_files import INSTANCES, Case, faults, read_case, value
from territory.analysis.routing import team_orienteering

if TYPE_CHECKING:
    from collections.abc import Callable

Routes = tuple[tuple[int, ...], ...]
CORES = 2
MIXED = (
    ("c102", 2), ("r106", 3), ("rc103", 2), ("pr04", 3), ("r110", 4), ("pr03", 2), ("rc106", 3),
    ("pr08", 4), ("c108", 3), ("rc207", 1),
)  # fmt: skip


def ours(case: Case, tours: int, limit_s: float, seed: int) -> tuple[Routes, str]:
    """Return the routes of the package, and how it says the search ended."""
    arrays = case.travel, case.prize, case.service, case.opens, case.closes
    got = team_orienteering(*arrays, tours, time_limit_s=limit_s, seed=seed)
    return got.routes, str(got.ending)


def pyvrp_with(scale: int, case: Case, tours: int, limit_s: float, seed: int) -> tuple[Routes, str]:
    """Return the routes of PyVRP for prizes x `scale`."""
    from pyvrp import Model, solve
    from pyvrp.stop import MaxRuntime

    model = Model()
    at = [model.add_location(float(k), 0.0) for k in range(len(case.prize))]
    opens, closes = int(case.opens[0]), int(case.closes[0])
    depot = model.add_depot(at[0])
    model.add_vehicle_type(
        tours, start_depot=depot, end_depot=depot, tw_early=opens, tw_late=closes
    )  # fmt: skip
    for v in range(1, len(at)):
        model.add_client(
            at[v], service_duration=int(case.service[v]), tw_early=int(case.opens[v]),
            tw_late=int(case.closes[v]), prize=int(case.prize[v]) * scale, required=False,
        )  # fmt: skip
    for a, one in enumerate(at):
        for b, other in enumerate(at):
            if a != b:
                far = int(case.travel[a, b])
                model.add_edge(one, other, distance=far, duration=far)
    got = solve(
        model.data(), MaxRuntime(limit_s), seed=seed, display=False, collect_stats=False
    )  # fmt: skip
    routes = tuple(
        tuple(stop.idx + 1 for stop in route.schedule() if stop.is_client())
        for route in got.best.routes()
    )
    return (routes, "feasible") if got.best.is_feasible() else ((), "infeasible")


def vroom_at(case: Case, tours: int, limit_s: float, seed: int) -> tuple[Routes, str]:  # noqa: ARG001
    """Return the routes of VROOM (it draws nothing at random)."""
    import vroom

    problem, exact = vroom.Input(), min(1.0, 100 / case.prize.max())  # a priority is 100 at most
    problem.set_durations_matrix("car", np.ascontiguousarray(case.travel.astype(np.uint32)))
    day = vroom.TimeWindow(int(case.opens[0]), int(case.closes[0]))
    for k in range(tours):
        problem.add_vehicle(vroom.Vehicle(k + 1, start=0, end=0, time_window=day))
    for v in range(1, len(case.prize)):
        if case.prize[v] > 0:
            window = vroom.TimeWindow(int(case.opens[v]), int(case.closes[v]))
            problem.add_job(
                vroom.Job(
                    v, location=v, default_service=int(case.service[v]), time_windows=[window],
                    priority=max(1, round(int(case.prize[v]) * exact)),
                )
            )  # fmt: skip
    timeout = dt.timedelta(seconds=limit_s)
    steps = problem.solve(exploration_level=5, nb_threads=2, timeout=timeout).routes
    jobs = steps[steps.type == "job"]
    found = (jobs[jobs.vehicle_id == k + 1] for k in range(tours))
    return tuple(tuple(map(int, some.id)) for some in found), "feasible"


def ortools_with(
    scale: int,
    case: Case,
    tours: int,
    limit_s: float,
    seed: int,  # noqa: ARG001
) -> tuple[Routes, str]:
    """Return the routes of OR-Tools: guided local search, prizes x `scale` as penalties."""
    from ortools.constraint_solver import pywrapcp

    manager = pywrapcp.RoutingIndexManager(len(case.prize), tours, 0)
    model = pywrapcp.RoutingModel(manager)
    stay = np.where(np.arange(len(case.prize)) == 0, 0, case.service)
    spent = model.RegisterTransitMatrix((case.travel + stay[:, None]).tolist())
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(case.travel.tolist()))
    model.AddDimension(spent, int(case.closes[0]), int(case.closes[0]), False, "time")
    clock = model.GetDimensionOrDie("time")
    for v in range(1, len(case.prize)):
        index = manager.NodeToIndex(v)
        clock.CumulVar(index).SetRange(int(case.opens[v]), int(case.closes[v]))
        model.AddDisjunction([index], int(case.prize[v]) * scale)
    got = guided(model, limit_s)
    if got is None:
        return (), "infeasible"
    routes = []
    for k in range(tours):
        index, route = got.Value(model.NextVar(model.Start(k))), []
        while not model.IsEnd(index):
            route.append(int(manager.IndexToNode(index)))
            index = got.Value(model.NextVar(index))
        routes.append(tuple(route))
    return tuple(routes), "feasible"


PEERS: dict[str, tuple[str, dict[str, Callable[[Case, int, float, int], tuple[Routes, str]]]]] = {
    "PyVRP": ("pyvrp", {f"x {scale}": partial(pyvrp_with, scale) for scale in (100, 1000)}),
    "VROOM": ("pyvroom", {"two threads": vroom_at}),
    "OR-Tools": ("ortools", {f"x {scale}": partial(ortools_with, scale) for scale in (100, 1000)}),
}


def measured(method: str, case: Case, tours: int, limit_s: float, seed: int) -> dict[str, Any]:
    """Return what one method says of one case, checked, with what it took."""
    row: dict[str, Any] = {"case": case.name, "routes": tours, "method": method, "limit_s": limit_s}
    row |= {"seed": seed, "cores": CORES}
    if method in PEERS:
        try:
            row["version"] = version(PEERS[method][0])
        except PackageNotFoundError:
            return {**row, "ending": "not installed"}
    forms = list(PEERS[method][1]) if method in PEERS else ["ours"]
    work = partial(_form, method, case, tours, limit_s, seed)
    began, busy = time.perf_counter(), busy_s()
    if len(forms) > 1:
        with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
            told = list(pool.map(work, forms))
    else:
        told = [work(forms[0])]
    row["seconds"], row["cpu_s"] = time.perf_counter() - began, sum(one["cpu_s"] for one in told)
    row["others"] = max(0.0, busy_s() - busy - row["cpu_s"]) / row["seconds"]
    row |= max(told, key=lambda one: -1 if one["prize"] is None else one["prize"]) | {
        "cpu_s": row["cpu_s"]
    }
    row["forms"] = {form: one["prize"] for form, one in zip(forms, told, strict=True)}
    if row["prize"] is not None and case.best.get(tours):
        row["gap"] = 1 - row["prize"] / case.best[tours]
        row["lies"] = row["ending"] == "optimal" and row["gap"] > 0
    return row


def _form(
    method: str, case: Case, tours: int, limit_s: float, seed: int, form: str
) -> dict[str, Any]:
    """Return the checked prize of one form of a method: None when refused or none was found."""
    spent = time.process_time()
    work = PEERS[method][1][form] if method in PEERS else ours
    routes, ending = work(case, tours, limit_s, seed)
    wrong = faults(case, routes, tours)
    prize = None if wrong or ending == "infeasible" else value(case, routes)
    return {"ending": ending, "cpu_s": time.process_time() - spent, "faults": wrong, "prize": prize}


def line(row: dict[str, Any]) -> str:
    """Return the line that shows one row."""
    gap = f"{row['gap']:7.2%}" if "gap" in row else "      -"
    return (
        f"{row['case']:6s} {row['routes']} {row['method']:12s} {row['limit_s']:5.1f} s  "
        f"{row.get('prize') or '-':>6} {gap} {row['ending']:>10s} "
        f"{row.get('seconds', 0.0):6.2f} s, "
        f"cpu {row.get('cpu_s', 0.0):6.2f} s{'  LIES' if row.get('lies') else ''}"
        f"{'  WRONG ' + row['faults'][0] if row.get('faults') else ''}"
    )


def means(rows: list[dict[str, Any]]) -> list[str]:
    """Return the mean gap of each method and limit, and of how many answers."""
    groups: dict[tuple[str, float], list[float]] = {}
    for row in rows:
        if "gap" in row:
            groups.setdefault((row["method"], row["limit_s"]), []).append(row["gap"])
    return [
        f"{method:12s} {limit_s:5.1f} s  mean gap {np.mean(gaps):7.3%} of {len(gaps)}"
        for (method, limit_s), gaps in groups.items()
    ]


def asked_cases(given: argparse.Namespace) -> list[tuple[str, int]]:
    """Return the files and numbers of routes asked for."""
    if given.mixed:
        return list(MIXED)
    solomon = (p.stem for p in sorted(given.instances.glob("*.txt")) if p.stem[:2] != "pr")
    return [(name, tours) for name in given.only or solomon for tours in given.routes]


def unmeasured(path: Path, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a file that `rows` do not measure anew."""
    keys = ("set", "case", "routes", "method", "limit_s", "seed")
    done = {tuple(r.get(k) for k in keys) for r in rows}
    stored = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return [r for r in stored if tuple(r.get(k) for k in keys) not in done]


def main() -> None:
    """Measure, print, and write the figures when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path, nargs="*")
    parser.add_argument("--instances", type=Path, default=INSTANCES)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--routes", type=int, nargs="*", default=[1])
    parser.add_argument("--mixed", action="store_true")
    parser.add_argument("--limit", type=float, nargs="*", default=[1.0, 5.0, 10.0])
    parser.add_argument("--peer-limit", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    sys.path += [str(folder) for folder in given.peers or ()]
    from territory.analysis.routing.orienteering_warm import warm

    warm()
    rows: list[dict[str, Any]] = []
    for name, tours in asked_cases(given):
        case = read_case(name, given.instances)
        runs = [("ours", limit_s) for limit_s in given.limit]
        runs += [(peer, given.peer_limit) for peer in PEERS if given.peers]
        for method, limit_s in runs:
            rows.append(measured(method, case, tours, limit_s, given.seed))
            rows[-1]["set"] = "mixed" if given.mixed else "files"
            print(line(rows[-1]), flush=True)
    print("\n".join(means(rows)))
    if given.json:
        rows = [*unmeasured(given.json, rows), *rows]
        given.json.write_text(json.dumps(rows, indent=1, default=str) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
