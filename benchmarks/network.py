"""
Walking times measured beside every engine that is installed, on the same streets, in one run.

Run: python benchmarks/network.py [--json FILE] [--engines NAME...] SPEC... where a spec is bondy,
heidelberg, porto, or a number of nodes of a drawn town (50000). Questions: « matrix » 600 x 5,000,
« limited » the same within 1,800 s, « nearest » of 50 for every node, « paths » 200 x 200 with all
nodes walked, « pace » other speeds on the same streets. Each engine has a process of its own;
seconds of processor (all threads) and of the clock, of which the best of three; what takes long is
asked in part and extrapolated (marked *). Errors are against scipy on 20 rows. Also measured: the
first compilation on a machine, and what a process pays to load the engine.
Peers: pip install igraph pandana pyroutingkit routingkit_cch.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.network_engines import ENGINES, Engine
from benchmarks.network_graphs import Edges, edges_of

if TYPE_CHECKING:
    from collections.abc import Callable

FEW, MANY, SITES, WALKED, JUDGED = 600, 5000, 50, 200, 20
LIMIT_S, ROUNDS, LONG_S, LARGE = 1800.0, 3, 5.0, 200_000
QUESTIONS = ("matrix", "limited", "nearest", "paths", "pace")
PARTLY = {"matrix", "limited", "paths"}


def timed(task: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return CPU and clock seconds of the best of three (one if long), and what came."""
    best, answer = (float("inf"), float("inf")), None
    for _ in range(ROUNDS):
        cpu, wall = time.process_time(), time.perf_counter()
        answer = task()
        best = min(best, (time.process_time() - cpu, time.perf_counter() - wall))
        if best[1] > LONG_S:
            break
    return *best, answer


def drawn(edges: Edges) -> dict[str, np.ndarray]:
    """Return the nodes asked about, the same for every engine."""
    draw, n = np.random.default_rng(1), len(edges.x)
    sizes = {"few": FEW, "many": MANY, "sites": SITES, "from": WALKED, "to": WALKED}
    return {k: draw.choice(n, min(size, n), replace=False) for k, size in sizes.items()}


def share_of(kind: type[Engine], edges: Edges) -> float:
    """Return the part of the origins that an engine is asked."""
    return kind.share if len(edges.x) < LARGE else kind.large_share


def asked(engine: Engine, question: str, edges: Edges, share: float) -> tuple[float, float, Any]:
    """Ask one question, in part when the engine is slow: (CPU s, clock s, answer)."""
    nodes = drawn(edges)
    rows = nodes["from"] if question == "paths" else nodes["few"]
    part = rows[: max(round(len(rows) * share), 1)] if question in PARTLY else rows
    tasks: dict[str, Callable[[], Any]] = {
        "matrix": lambda: engine.matrix(part, nodes["many"]),
        "limited": lambda: engine.limited(part, nodes["many"], LIMIT_S),
        "nearest": lambda: engine.nearest(nodes["sites"]),
        "paths": lambda: engine.paths(part, nodes["to"]),
        "pace": lambda: engine.pace(edges._replace(seconds=edges.seconds * 1.25)),
    }
    cpu, wall, answer = timed(tasks[question])
    whole = len(rows) / len(part)
    return cpu * whole, wall * whole, answer


def alone(name: str, edges: Edges, truth: np.ndarray) -> dict[str, Any]:
    """Prepare and ask one engine in this process; seconds, errors and memory."""
    kind = next(e for e in ENGINES if e.name == name)
    share, small = share_of(kind, edges), edges_of("900")
    first = kind(small)  # loads, and compiles, what it has to
    for question in QUESTIONS:
        if hasattr(first, question):
            asked(first, question, small, 1.0)
    cpu, wall, engine = timed(lambda: kind(edges))
    found: dict[str, Any] = {"prepare": [cpu, wall], "share": share}
    for question in QUESTIONS:
        if not hasattr(engine, question):
            continue
        cpu, wall, answer = asked(engine, question, edges, share)
        found[question] = [cpu, wall]
        if question == "matrix":
            rows = min(len(answer), len(truth))
            found["error_s"] = float(np.abs(answer[:rows] - truth[:rows]).max())
    found["peak_mb"] = _peak_mb()
    return found


def _peak_mb() -> int:
    with suppress(ImportError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return 0


def measured(spec: str, engines: tuple[type[Engine], ...]) -> dict[str, Any]:
    """Return what each engine needs on one graph; those not installed are said."""
    edges, found = edges_of(spec), {}
    nodes = drawn(edges)
    scipy = next(e for e in ENGINES if e.name == "scipy")(edges)
    truth = scipy.matrix(nodes["few"][:JUDGED], nodes["many"])
    with tempfile.TemporaryDirectory() as folder:
        np.savez(Path(folder) / "edges.npz", *edges, truth)
        for engine in engines:
            if not share_of(engine, edges):
                continue
            command = [sys.executable, __file__, "--alone", engine.name, folder]
            ended = subprocess.run(command, capture_output=True, text=True, check=False)
            if ended.returncode:
                print(f"{engine.name}: {ended.stderr.strip().splitlines()[-1]}", file=sys.stderr)
                continue
            answer = Path(folder) / "answer.json"  # some engines print on their own
            found[engine.name] = json.loads(answer.read_text(encoding="utf-8"))
    print(
        f"\n{spec}: {len(edges.x)} nodes, {len(edges.tail)} streets\n\n{table(found)}", flush=True
    )
    return {"nodes": len(edges.x), "streets": len(edges.tail), "engines": found}


def compiled() -> dict[str, float]:
    """Return the best CPU seconds of a first use on a machine, and of a later process."""
    code = (
        "import time, numpy as np; from benchmarks.network_graphs import edges_of; "
        "from territory.network.graph import WalkGraph; from territory.network import times; "
        "graph = WalkGraph.from_edges(*edges_of('900')); start = time.process_time(); "
        "from territory.network.warm import warm, warm_engine; "
        "warm_engine(graph, np.arange(4, dtype=np.int32)); "
        "print(time.process_time() - start); warm(); print(time.process_time() - start)"
    )
    runs = [_compiled_twice(code) for _ in range(ROUNDS)]
    (engine, whole), (load, _) = (np.min(part, axis=0) for part in zip(*runs, strict=True))
    return {"cold_s": float(engine), "load_s": float(load), "cold_with_flows_s": float(whole)}


def _compiled_twice(code: str) -> tuple[list[float], list[float]]:
    """Run `code` with nothing kept from before, then again: what each prints."""
    with tempfile.TemporaryDirectory() as cache:
        paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        settings = {**os.environ, "NUMBA_CACHE_DIR": cache, "PYTHONPATH": paths}
        command, told = [sys.executable, "-c", code], []
        for _ in range(2):
            ended = subprocess.run(
                command, env=settings, capture_output=True, text=True, check=True
            )
            told.append([float(line) for line in ended.stdout.split()])
    return told[0], told[1]


def table(found: dict[str, dict[str, Any]]) -> str:
    """Return a Markdown table: CPU / clock seconds, and CPU ratios to ours."""
    columns = ("prepare", *QUESTIONS)
    head = (
        f"| engine | {' | '.join(columns)} | error s | peak MB |\n|{' --- |' * (len(columns) + 3)}"
    )
    ours = found.get("territory", {})
    rows = []
    for name, row in found.items():
        cells = [cell(row, ours, column, name) for column in columns]
        error = f"{row['error_s']:.4f}" if "error_s" in row else "–"
        rows.append(f"| {name} | {' | '.join(cells)} | {error} | {row['peak_mb']} |")
    return "\n".join([head, *rows])


def cell(row: dict[str, Any], ours: dict[str, Any], column: str, name: str) -> str:
    """Return CPU and clock seconds of one engine, and how many times ours that is."""
    if column not in row:
        return "–"
    cpu, wall = row[column]
    star = "*" if row["share"] < 1 and column in PARTLY else ""
    ratio = "" if name == "territory" or column not in ours else f" (×{cpu / ours[column][0]:.3g})"
    return f"{cpu:.3g}{star} / {wall:.3g}{ratio}"


def main() -> None:
    """Measure the specs given, or one engine when called by itself."""
    if sys.argv[1:2] == ["--alone"]:
        held = np.load(Path(sys.argv[3]) / "edges.npz")
        *parts, truth = (held[name] for name in held.files)
        found = json.dumps(alone(sys.argv[2], Edges(*parts), truth))
        (Path(sys.argv[3]) / "answer.json").write_text(found, encoding="utf-8")
        return
    parser = argparse.ArgumentParser(description="Engines of walking times, side by side.")
    parser.add_argument("specs", nargs="*", default=["bondy", "heidelberg", "porto", "60000"])
    parser.add_argument("--engines", nargs="*", default=[e.name for e in ENGINES])
    parser.add_argument("--json", type=Path, help="file to write, or to complete")
    options = parser.parse_args()
    chosen = tuple(e for e in ENGINES if e.name in options.engines)
    known = json.loads(options.json.read_text()) if options.json and options.json.exists() else {}
    known["compiled"] = compiled()
    print(known["compiled"])
    for spec in options.specs:
        known[spec] = measured(spec, chosen)
        if options.json:
            options.json.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
