"""
Weeks drawn at random, planned beside OR-Tools, VROOM and PyVRP; our judge reads every answer.

Run: python benchmarks/routing_weeks.py [--peers FOLDER ...] [--seeds N] [--limits S ...] [--large]
[--only NAME ...] [--json FILE]. Five days, three mediators, 120 places with several opening
windows, nine fixed permanences, lunch that floats, 9 km on foot a day, walk or bus. Every engine
has the same wall limit and two cores: ours two starts, VROOM two threads, the others two forms of
the week at the same time (the better answers); ours compiled before. Stored and shown: prize
collected, appointments kept, rules broken, seconds of processor, versions, and how many cores other
work of the machine took meanwhile. Rows of a file that are not measured anew stay in it. `--large`:
eight mediators, 400 places, pairs, quotas, zones, ours alone (no peer knows them), in one start,
with the value at each limit.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:] = [str(HERE.parent), *sys.path]

import numpy as np
from machine_load import busy_s
from routing_weeks_large import large
from routing_weeks_peers import CORES, PEERS, Told, peer, version_of
from routing_weeks_town import answer_of, judged, problem_of, town

from territory.analysis.routing import warm
from territory.analysis.routing.week import best_week
from territory.analysis.routing.week_judge import week_faults


def ours(seed: int, limit_s: float) -> Told:
    """Return our answer, in as many starts as cores."""
    drawn, spent = town(seed), time.process_time()
    problem, used = problem_of(drawn)
    found = best_week(problem, time_limit_s=limit_s, starts=CORES)
    answer = answer_of(drawn, used, found.routes)
    return Told(answer, time.process_time() - spent, {"between appointments": round(found.value)})


def measured(method: str, seed: int, limit_s: float) -> dict[str, Any]:
    """Return what one engine says of one drawn week, judged; its value is None for no plan."""
    row: dict[str, Any] = {"method": method, "seed": seed, "limit_s": limit_s, "cores": CORES}
    row["version"] = "" if method == "ours" else version_of(method)
    if method != "ours" and not row["version"]:
        return {**row, "value": None, "faults": ["not installed"]}
    began, busy = time.perf_counter(), busy_s()
    told = ours(seed, limit_s) if method == "ours" else peer(method, seed, limit_s)
    row |= {"seconds": time.perf_counter() - began, "cpu_s": told.cpu_s, "forms": told.forms}
    row["others"] = max(0.0, busy_s() - busy - told.cpu_s) / row["seconds"]
    if told.answer is None:
        return {**row, "value": None, "faults": ["no feasible plan"]}
    return row | judged(town(seed), told.answer)


def line(row: dict[str, Any]) -> str:
    """Return the line that shows one row."""
    if row["value"] is None:
        return f"{row['method']:9s} seed {row['seed']}: {row['faults'][0]}"
    faults = f"  {len(row['faults'])} FAULTS: {row['faults'][0]}" if row["faults"] else ""
    return (
        f"{row['method']:9s} seed {row['seed']:2d} {row['limit_s']:4.0f} s: {row['value']:5d} in "
        f"{row['places']:3d} places, {row['kept']}/{row['asked']} appointments, "
        f"cpu {row['cpu_s']:5.1f} s, {row['others']:3.1f} cores of others{faults}"
    )


def summary(rows: list[dict[str, Any]]) -> str:
    """Return the mean value of each engine at each limit, and ours beside it on the same weeks."""
    lines = []
    own = {(r["seed"], r["limit_s"]): r["value"] for r in rows if r["method"] == "ours"}
    for method, limit in sorted({(r["method"], r["limit_s"]) for r in rows}):
        some = [r for r in rows if (r["method"], r["limit_s"]) == (method, limit)]
        some = [r for r in some if r["value"] is not None]
        good = [r for r in some if not r["faults"] and r["kept"] == r["asked"]]
        if not good:
            continue
        value = float(np.mean([r["value"] for r in good]))
        beside = float(np.mean([own[r["seed"], limit] for r in good]))
        lines.append(
            f"{method:9s} {limit:4.0f} s: {value:7.1f} over {len(good)} of {len(some)} weeks that "
            f"keep every rule; ours on these {beside:7.1f} ({beside / value - 1:+.2%})"
        )
    return "\n".join(lines)


def large_rows(seeds: int, limits: list[float]) -> list[dict[str, Any]]:
    """Return what ours finds in large weeks, in one start."""
    rows = []
    for seed in range(1, seeds + 1):
        problem = large(seed)
        for limit_s in limits:
            spent = time.process_time()
            found = best_week(problem, time_limit_s=limit_s, starts=1)
            pairs = sum(
                bool(w.visits) and problem.windows.walkers[r, 1] >= 0
                for r, w in enumerate(found.routes)
            )
            rows.append({
                "seed": seed, "limit_s": limit_s, "value": found.value, "pairs": int(pairs),
                "visits": sum(len(w.visits) for w in found.routes),
                "iterations": found.iterations, "cpu_s": time.process_time() - spent,
                "faults": week_faults(problem, found.routes),
            })  # fmt: skip
            print({k: round(v, 1) if isinstance(v, float) else v for k, v in rows[-1].items()})
    return rows


def unmeasured(path: Path, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a file of other engines, weeks or limits than `rows`."""
    keys = ("method", "seed", "limit_s")
    done = {tuple(r.get(k) for k in keys) for r in rows}
    stored = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return [r for r in stored if tuple(r.get(k) for k in keys) not in done]


def main() -> None:
    """Measure, print, and write the figures when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path, nargs="*")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--limits", type=float, nargs="*", default=[2.0, 10.0, 30.0])
    parser.add_argument("--only", nargs="*", help="engines")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    sys.path += [str(folder) for folder in given.peers or ()]
    warm.warm()
    if given.large:
        rows = large_rows(given.seeds, given.limits)
    else:
        methods = ["ours", *(PEERS if given.peers else ())]
        methods = [m for m in methods if not given.only or m in given.only]
        rows = []
        for limit_s in given.limits:
            for seed in range(1, given.seeds + 1):
                for method in methods:
                    rows.append(measured(method, seed, limit_s))
                    print(line(rows[-1]), flush=True)
        print(summary(rows))
    if given.json:
        rows = [*unmeasured(given.json, rows), *rows]
        given.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
