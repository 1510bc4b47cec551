"""
Team orienteering with several windows, fees and kinds of places (MCTOPMTW), by the weekly engine.

Run: python benchmarks/routing_many_windows.py [--peers FOLDER ...] [--only NAME ...] [--tours M
...] [--every K] [--limit S ...] [--starts K] [--instances FOLDER] [--seed K] [--json FILE]. One
line for each file: the prize, its gap to the known feasible solution of `best_known.csv`, what the
iterated local search of Souffriau et al. 2013 found (Transportation Science 47), rules broken,
seconds. A place is a group, each of its windows a visit, a tour a route, the fee and the kinds
common budgets. Every answer is checked by `faults`, which knows only the file. Files are taken by
rule: every K-th in the order of names, for each number of tours. The engine is compiled before its
clock starts; its searches, `--starts` of them, share two cores. OR-Tools is given copies of places
and budgets as constraints of its solver, on one core; PyVRP 0.14 and VROOM 1.15 have no budget
common to all vehicles.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:] = [str(ROOT), *(p for p in sys.path if Path(p) != ROOT / "benchmarks")]

from benchmarks.guided_search import guided
from benchmarks.routing_files import INSTANCES, ManyWindows, read_many_windows
from territory.analysis.routing import warm
from territory.analysis.routing.week import best_week
from territory.analysis.routing.week_problem import (
    Groups,
    Legs,
    Limits,
    Team,
    Visits,
    Walked,
    WeekProblem,
    Windows,
)

FOLDER = INSTANCES / "multi_window"
Tours = tuple[tuple[tuple[int, int], ...], ...]  # of each tour, the places and their windows


def problem_of(case: ManyWindows) -> tuple[WeekProblem, np.ndarray]:
    """Return the week of a file, and the place and window of each visit [visits, 2]."""
    opened = (case.odd | case.even) & (case.closes >= case.opens)
    made = np.argwhere(opened[1:]) + np.array([1, 0])
    place, window = made.T
    held = np.column_stack([case.odd[place, window], case.even[place, window]])
    value = np.where(
        held[:, np.arange(case.tours) % 2], case.prize[place][:, None].astype(float), -np.inf
    )
    n, some = len(case.prize) - 1, np.zeros(len(place), np.int64)
    groups = Groups(
        np.ones(n, np.int64), np.ones(n), np.zeros(n, np.int64), np.full(n, -1),
        np.zeros(0), np.zeros(0, np.int64),
    )  # fmt: skip
    visits = Visits(
        place, place - 1, some, case.opens[place, window], case.closes[place, window],
        case.service[place], np.zeros(len(place)),
    )  # fmt: skip
    charge = np.column_stack([case.fee, case.kind.astype(np.int64)])[1:]
    limits = Limits(charge, np.append(case.budget, case.most))
    legs = Legs(case.travel[None], np.zeros_like(case.travel)[None])
    windows, team = _tours(case)
    return WeekProblem(legs, visits, groups, windows, team, value, limits=limits), made


def _tours(case: ManyWindows) -> tuple[Windows, Team]:
    """Return the tours, each with a walker of its own who may walk any distance."""
    m = case.tours
    none, one = np.zeros(m, np.int64), np.ones(m, np.int64)
    walkers = np.column_stack([np.arange(m), np.full(m, -1)])
    begin, finish = none + case.opens[0, 0], none + case.closes[0, 0]
    windows = Windows(
        none, none, none, begin, finish, none, walkers, one, none, none, none,
        np.zeros((m, m), bool),
    )  # fmt: skip
    return windows, Team(one, one, np.zeros(m))


def solved(case: ManyWindows, limit_s: float, seed: int, starts: int) -> tuple[Tours, int]:
    """Return the tours that the engine finds in about `limit_s` seconds, and its iterations."""
    problem, made = problem_of(case)
    found = best_week(problem, time_limit_s=limit_s, seed=seed, starts=starts)
    return tuple(_named(walked, made) for walked in found.routes), found.iterations


def _named(walked: Walked, made: np.ndarray) -> tuple[tuple[int, int], ...]:
    return tuple((int(made[v, 0]), int(made[v, 1])) for v in walked.visits)


def ortools_at(case: ManyWindows, limit_s: float) -> tuple[Tours, int]:
    """Return the tours of OR-Tools: guided local search, budgets as constraints of its solver."""
    from ortools.constraint_solver import pywrapcp

    problem, made = problem_of(case)
    manager = pywrapcp.RoutingIndexManager(len(made) + 1, case.tours, 0)
    model = pywrapcp.RoutingModel(manager)
    index = [manager.NodeToIndex(k + 1) for k in range(len(made))]
    _timed(case, problem, model, index)
    for g in range(len(case.prize) - 1):
        copies = [index[k] for k in np.flatnonzero(problem.visits.group == g)]
        model.AddDisjunction(copies, int(case.prize[g + 1]) * 1000)
    active, solver = [model.ActiveVar(i) for i in index], model.solver()
    for charge, most in zip(problem.charge[problem.visits.group].T, problem.budgets, strict=True):
        solver.Add(solver.ScalProd(active, charge.tolist()) <= int(most))
    got, tours = guided(model, limit_s), []
    for tour in range(case.tours if got is not None else 0):
        at, visits = got.Value(model.NextVar(model.Start(tour))), []
        while not model.IsEnd(at):
            visits.append(int(manager.IndexToNode(at)) - 1)
            at = got.Value(model.NextVar(at))
        tours.append(_named(Walked(tuple(visits)), made))
    return tuple(tours), 0


def _timed(case: ManyWindows, problem: WeekProblem, model: Any, index: list[int]) -> None:  # noqa: ANN401
    """Give OR-Tools the times of visits, and the tours in which each may be made."""
    v, by = problem.visits, int(case.closes[0, 0])
    at = np.append(0, v.point)
    travel = case.travel[np.ix_(at, at)]
    spent = model.RegisterTransitMatrix((travel + np.append(0, v.service)[:, None]).tolist())
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(travel.tolist()))
    model.AddDimension(spent, by, by, False, "time")
    clock = model.GetDimensionOrDie("time")
    for k, i in enumerate(index):
        clock.CumulVar(i).SetRange(int(v.opens[k]), min(int(v.latest[k]), by))
        allowed = np.flatnonzero(np.isfinite(problem.value[k])).tolist()
        model.VehicleVar(i).SetValues([-1, *allowed])


def faults(case: ManyWindows, tours: Tours) -> list[str]:
    """Return what is wrong with an answer, read from the file alone (nothing: it is kept)."""
    wrong = [] if len(tours) <= case.tours else [f"{len(tours)} tours instead of {case.tours}"]
    places = [place for tour in tours for place, _ in tour]
    if len(set(places)) != len(places) or 0 in places:
        wrong.append("a place visited twice, or the start")
    for number, tour in enumerate(tours, start=1):
        wrong += _late(case, number, tour)
    if case.fee[places].sum() > case.budget:
        wrong.append(f"fees of {case.fee[places].sum()}, the budget is {case.budget}")
    some = case.kind[places].sum(axis=0)
    return wrong + [f"{some[k]} places of kind {k}" for k in np.flatnonzero(some > case.most)]


def _late(case: ManyWindows, number: int, tour: tuple[tuple[int, int], ...]) -> list[str]:
    """Return what a tour reaches outside its windows, and whether it is back too late."""
    wrong, now, at = [], int(case.opens[0, 0]), 0
    holds = case.odd if number % 2 == 1 else case.even
    for place, window in tour:
        opens, closes = int(case.opens[place, window]), int(case.closes[place, window])
        now = max(now + int(case.travel[at, place]), opens)
        if now > closes or not holds[place, window]:
            wrong.append(f"place {place} at {now} in window {window} of tour {number}")
        now += int(case.service[place])
        at = place
    back = now + int(case.travel[at, 0])
    return [*wrong, *([f"tour {number} is back at {back}"] if back > case.closes[0, 0] else [])]


def prize(case: ManyWindows, tours: Tours) -> int:
    """Return the prize of an answer."""
    return int(sum(case.prize[place] for tour in tours for place, _ in tour))


def known(folder: Path) -> dict[str, tuple[int, int]]:
    """Return the known feasible value and that of the local search of 2013, by file."""
    with (folder / "best_known.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {r["instance"]: (int(r["reference_value"]), int(r["ils_2013_best"])) for r in rows}


def measured(method: str, name: str, limit_s: float, given: argparse.Namespace) -> dict[str, Any]:
    """Return what one method says of one file, checked, beside what is known."""
    case = read_many_windows(name, given.instances)
    began, spent = time.perf_counter(), time.process_time()
    if method == "ours":
        tours, iterations = solved(case, limit_s, given.seed, given.starts)
    else:
        tours, iterations = ortools_at(case, limit_s)
    row: dict[str, Any] = {"method": method, "case": name, "tours": case.tours, "limit_s": limit_s}
    row |= {"seed": given.seed, "starts": given.starts, "iterations": iterations}
    row["seconds"], row["cpu_s"] = time.perf_counter() - began, time.process_time() - spent
    row["faults"] = faults(case, tours)
    row["prize"] = None if row["faults"] else prize(case, tours)
    row["reference"], row["ils_2013"] = known(given.instances)[name]
    row["ils_gap"] = 1 - row["ils_2013"] / row["reference"]
    if row["prize"] is not None:
        row["gap"] = 1 - row["prize"] / row["reference"]
    return row


def line(row: dict[str, Any]) -> str:
    """Return the line that shows one row."""
    gap = f"{row['gap']:7.2%}" if "gap" in row else "      -"
    return (
        f"{row['method']:8s} {row['case']:15s} {row['limit_s']:5.1f} s  "
        f"{row['prize'] or '-':>6} {gap}  "
        f"(known {row['reference']}, ILS 2013 {row['ils_2013']}, {row['ils_gap']:.2%})  "
        f"{row['iterations']} iterations, cpu {row['cpu_s']:.1f} s"
        f"{'  WRONG ' + row['faults'][0] if row['faults'] else ''}"
    )


def means(rows: list[dict[str, Any]]) -> list[str]:
    """Return the mean gaps to the known values, ours and that of 2013, by tours and limit."""
    groups: dict[tuple[str, float], list[dict[str, Any]]] = {}
    for row in (row for row in rows if "gap" in row):
        for of in (f"{row['tours']} tours", "all files"):
            groups.setdefault((f"{row['method']:8s} {of}", row["limit_s"]), []).append(row)
    return [
        f"{name:18s} {limit_s:5.1f} s  mean gap {np.mean([r['gap'] for r in some]):7.3%}, "
        f"ILS 2013 {np.mean([r['ils_gap'] for r in some]):7.3%}, of {len(some)}, "
        f"{sum(r['prize'] >= r['ils_2013'] for r in some)} at least as good, "
        f"{sum(r['prize'] > r['reference'] for r in some)} above the known value"
        for (name, limit_s), some in sorted(groups.items())
    ]


def names(given: argparse.Namespace) -> list[str]:
    """Return the files asked for: every K-th of those of each number of tours."""
    if given.only:
        return list(given.only)
    chosen = []
    for tours in given.tours:
        every = sorted(p.stem for p in given.instances.glob(f"MCTOPMTW-{tours}-*.txt"))
        chosen += every[:: given.every]
    return chosen


def main() -> None:
    """Measure, print, and write the figures when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instances", type=Path, default=FOLDER)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--tours", type=int, nargs="*", default=[1, 2, 3, 4])
    parser.add_argument("--every", type=int, default=2)
    parser.add_argument("--limit", type=float, nargs="*", default=[5.0])
    parser.add_argument("--starts", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--peers", type=Path, nargs="*")
    given = parser.parse_args()
    sys.path += [str(folder) for folder in given.peers or ()]
    warm.warm()
    rows: list[dict[str, Any]] = []
    for name in names(given):
        for limit_s in given.limit:
            for method in ("ours", "OR-Tools") if given.peers else ("ours",):
                rows.append(measured(method, name, limit_s, given))
                print(line(rows[-1]), flush=True)
    print("\n".join(means(rows)))
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
