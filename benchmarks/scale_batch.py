"""
How many towns an hour: `territory batch` on a drawn country, with one worker and with two.

Draws a country (`territory.simulate.country`), then runs the command as a process for each number
of workers, into an empty store. Prints, and keeps in --json: seconds of clock of the command, of
processor in all and in the towns, the highest memory of a worker, what is written, whether the
results are the same, and the efficiency from one worker to two, with the start of the crew and
without.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from machine_load import busy_s, pace_s

from territory.batch.catalogue import read_catalogue
from territory.batch.store import Store
from territory.simulate.country import plan_country, write_country

MEASURED = ROOT / "benchmarks" / "scale_batch_measured.json"
CREWS = (1, 2)
NODES_A_QUARTER = 4000  # 6 million nodes for 1,500 quarters
Figures = dict[str, Any]


def main() -> int:
    """Measure and print; the exit code is 1 when a town failed or the results differ."""
    asked = _arguments()
    nodes = int(asked.nodes)
    crews = [int(text) for text in asked.workers.split(",")]
    with tempfile.TemporaryDirectory(dir=asked.beside) as beside:
        country = Path(beside) / "pays"
        quarters = max(asked.towns, round(nodes / NODES_A_QUARTER))
        plans = plan_country(towns=asked.towns, quarters=quarters, nodes=nodes, seed=asked.seed)
        begun = time.perf_counter()
        list(write_country(country, plans, processes=max(CREWS)))
        drawn_s = time.perf_counter() - begun
        runs = [ran(country / "liste.csv", Path(beside) / f"magasin{n}", n) for n in crews]
    figures: Figures = {
        "towns": asked.towns, "nodes": nodes, "drawn_s": round(drawn_s, 1),
        "pace_s": round(pace_s(), 4), "runs": runs, **compared(runs),
    }  # fmt: skip
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    if asked.json:
        text = json.dumps(figures, indent=1, ensure_ascii=False)
        asked.json.write_text(text + "\n", encoding="utf-8")
    return int(any(run["failed"] for run in runs) or not figures["same"])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--towns", type=int, default=300)
    parser.add_argument("--nodes", type=float, default=6e6, help="nodes of streets in all")
    parser.add_argument("--workers", default=",".join(map(str, CREWS)))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--beside", type=Path, default=None, help="where the country is drawn")
    parser.add_argument("--json", type=Path, default=None)
    return parser.parse_args()


def ran(listing: Path, store: Path, workers: int) -> Figures:
    """Run one batch into an empty store and return what it cost."""
    command = [sys.executable, "-m", "territory", "batch", str(listing), "--store", str(store)]
    busy, spent, begun = busy_s(), children_s(), time.perf_counter()
    done = subprocess.run(
        [*command, "--workers", str(workers), "--offline", "--json"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    wall_s, busy = time.perf_counter() - begun, busy_s() - busy
    spent = children_s() - spent
    towns = json.loads(done.stdout)["territoires"]
    costs = [town["cost"] for town in towns if town["cost"]]
    in_towns = [cost["seconds"] for cost in costs]
    return {
        "workers": workers,
        "wall_s": round(wall_s, 1),
        "busy_s": round(busy, 1),
        "command_cpu_s": round(spent, 1),
        "towns_wall_s": round(sum(in_towns), 1),
        "towns_cpu_s": round(sum(cost["cpu_seconds"] for cost in costs), 1),
        "longest_s": round(max(in_towns, default=0.0), 1),
        "peak_mb": round(max((cost["peak_bytes"] or 0 for cost in costs), default=0) / 1e6),
        "written_mb": round(sum(f.stat().st_size for f in store.rglob("*") if f.is_file()) / 1e6),
        "failed": [town["name"] for town in towns if town["state"] != "done"],
        "digests": digests(store),
    }


def children_s() -> float:
    """Return the seconds of processor of the processes that ended under this one, theirs too."""
    spent = os.times()
    return spent.children_user + spent.children_system


def digests(store: Path) -> dict[str, str]:
    """Return the digest of the products of each town, as the catalogue of the store says."""
    entries = read_catalogue(Store(str(store)))
    return {entry.name: entry.result.digest if entry.result else "" for entry in entries}


def compared(runs: list[Figures]) -> Figures:
    """
    Return whether all crews found the same, and the efficiency of the last against the first.

    `efficiency` is that of the whole command; `efficiency_running` leaves out its start and its
    end, when not every worker has a town: seconds that towns took by one, over those by many.
    `efficiency_same_pace` is the first as if the same towns had taken the same processor time in
    both: the pace of a rented machine moves from one run to the next.
    """
    found = [run.pop("digests") for run in runs]
    same = all(one == found[0] for one in found)
    if len(runs) < 2:
        return {"same": same}
    first, last = runs[0], runs[-1]
    times = last["workers"] / first["workers"]
    whole = first["wall_s"] / (times * last["wall_s"])
    return {
        "same": same,
        "efficiency": round(whole, 3),
        "efficiency_same_pace": round(whole * last["towns_cpu_s"] / first["towns_cpu_s"], 3),
        "efficiency_running": round(first["towns_wall_s"] / last["towns_wall_s"], 3),
    }


if __name__ == "__main__":
    sys.exit(main())
