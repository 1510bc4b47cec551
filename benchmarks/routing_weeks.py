"""
Weeks drawn at random, planned beside OR-Tools, VROOM and PyVRP; our judge reads every answer.

Run: python benchmarks/routing_weeks.py [--peers FOLDER ...] [--seeds N] [--limits S ...] [--large]
[--json FILE]. Five days, three mediators, 120 places with several opening windows, nine fixed
permanences, lunch that floats, 9 km on foot a day, walk or bus. Every engine has the same wall
limit and one core (ours: one start), ours compiled before. Shown: prize collected, appointments
kept, rules broken, seconds of processor. `--large`: eight mediators, 400 places, pairs, quotas,
zones, ours alone (no peer knows them), with the value at each limit.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
sys.path[:] = [str(HERE.parent), *sys.path]

import numpy as np
from routing_weeks_large import large
from routing_weeks_peers import PEERS
from routing_weeks_town import Town, answer_of, judged, problem_of, town

from territory.analysis.routing import warm
from territory.analysis.routing.week import best_week
from territory.analysis.routing.week_judge import week_faults

if TYPE_CHECKING:
    from routing_weeks_town import Answer


def ours(drawn: Town, limit_s: float) -> Answer:
    """Return our answer in one start."""
    problem, used = problem_of(drawn)
    found = best_week(problem, time_limit_s=limit_s, starts=1)
    return answer_of(drawn, used, found.routes)


def measured(method: str, seed: int, limit_s: float) -> dict[str, Any]:
    """Return what one engine says of one drawn week, judged."""
    drawn = town(seed)
    began, spent = time.perf_counter(), time.process_time()
    row: dict[str, Any] = {"method": method, "seed": seed, "limit_s": limit_s}
    try:
        answer = ours(drawn, limit_s) if method == "ours" else PEERS[method](drawn, limit_s)
    except ImportError as error:
        return {**row, "value": None, "faults": [f"no {error.name}"]}
    row |= {"seconds": time.perf_counter() - began, "cpu_s": time.process_time() - spent}
    return row | judged(drawn, answer)


def line(row: dict[str, Any]) -> str:
    """Return the line that shows one row."""
    if row["value"] is None:
        return f"{row['method']:9s} seed {row['seed']}: {row['faults'][0]}"
    faults = f"  {len(row['faults'])} FAULTS: {row['faults'][0]}" if row["faults"] else ""
    return (
        f"{row['method']:9s} seed {row['seed']:2d} {row['limit_s']:4.0f} s: {row['value']:5d} in "
        f"{row['places']:3d} places, {row['kept']}/{row['asked']} appointments, "
        f"cpu {row['cpu_s']:5.1f} s{faults}"
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
        given.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
