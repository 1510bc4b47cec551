"""
How the cost of a territory grows with its size: towns of a drawn country, each built from nothing.

For each number of nodes of streets, a town is drawn (`territory.simulate.country`) and built by a
process of its own (`benchmarks/scale_build.py`): seconds of processor and of clock, peak of memory,
bytes written, by step. Prints, and keeps in --json, the growth exponents: slope, by least squares,
of the logarithm of each cost on that of the nodes.
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

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from machine_load import pace_s

from territory.simulate.country import plan_country, town_folder, write_country

NODES = (10_000, 30_000, 100_000, 300_000)
NODES_A_QUARTER = 4000  # 6 million nodes for 1,500 quarters
LEAST_S = 0.05  # less is not measured: no exponent is made of it
MEASURED = ROOT / "benchmarks" / "scale_measured.json"


def main() -> int:
    """Measure and print; the exit code is 1 when a town could not be built."""
    asked = _arguments()
    sizes = [int(float(text)) for text in asked.nodes.split(",")]
    with tempfile.TemporaryDirectory(dir=asked.beside) as beside:
        towns = [town for size in sizes if (town := _measured(Path(beside), size, asked.seed))]
    pace = round(pace_s(), 4)
    figures: dict[str, Any] = {"cores": os.cpu_count(), "pace_s": pace, "towns": towns}
    if len(towns) > 1:
        figures["exponents"] = exponents(towns)
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return int(len(towns) < len(sizes))


def exponents(towns: list[dict[str, Any]]) -> dict[str, Any]:
    """
    Return the growth of each cost with the nodes: over all towns, and between the two largest.

    By step « cpu_s » only; for the whole « cpu_s », « wall_s », « peak_mb », « bytes ». None where
    a cost is too small to be measured.
    """
    nodes = [town["nodes"] for town in towns]
    steps = {
        name: _slopes(nodes, [_step(town, name)["cpu_s"] for town in towns])
        for name in [row["step"] for row in towns[0]["steps"]]
    }
    whole = {
        cost: _slopes(nodes, [town["whole"][cost] for town in towns])
        for cost in ("cpu_s", "wall_s", "peak_mb", "bytes")
    }
    return {"steps": steps, "whole": whole}


def _slopes(nodes: list[int], costs: list[float]) -> dict[str, float | None]:
    if min(costs) < LEAST_S:
        return {"all": None, "last": None}
    x, y = np.log(nodes), np.log(costs)
    fitted = [float(np.polyfit(x[part], y[part], 1)[0]) for part in (slice(None), slice(-2, None))]
    return dict(zip(("all", "last"), (round(value, 3) for value in fitted), strict=True))


def _step(town: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in town["steps"] if row["step"] == name)
    return found


def _measured(beside: Path, nodes: int, seed: int) -> dict[str, Any] | None:
    """Draw a town and build it; None, said on standard error, when it could not be built."""
    quarters = max(1, nodes // NODES_A_QUARTER)
    plans = plan_country(towns=1, quarters=quarters, nodes=nodes, seed=seed)
    begun = time.process_time()
    for _ in write_country(beside / str(nodes), plans):
        pass
    drawn = time.process_time() - begun
    folder = beside / str(nodes) / town_folder(plans[0])
    raw = sum(file.stat().st_size for file in (folder / "data" / "raw").iterdir())
    command = [sys.executable, str(ROOT / "benchmarks" / "scale_build.py"), str(folder)]
    here = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=here, check=False)
    if done.returncode:
        print(f"{nodes}: {done.stderr[-2000:]}", file=sys.stderr)
        return None
    told = json.loads(done.stdout)
    print(f"{nodes:>10,} {told['whole']}", file=sys.stderr, flush=True)
    return {"nodes": nodes, "drawn_s": round(drawn, 2), "raw_bytes": raw, **told}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--nodes", default=",".join(map(str, NODES)), help="sizes, with commas")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--beside", type=Path, help="folder where towns are drawn, then removed")
    parser.add_argument("--json", type=Path, help=f"keep the figures ({MEASURED.name})")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
