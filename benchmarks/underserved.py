"""
What each method finds of underserved zones that were planted in drawn territories.

Run: python benchmarks/underserved.py [--seeds 30] [--first 1000] [--json FILE] [--only METHOD,...]
[CASE...] where a case is geography/scenario (grid/default, coast/null); all of CASES by default.
AUC and average precision of cell scores weighted by need; hit: share of planted zones of which half
the need is covered by the first four or six zones, P: share of their need truly planted; p: zones
of p-value 0.05 or less; « alarm »: territories with one. Same seeds, same figures. With --json the
methods and cases measured replace those of the file, the others stay.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import sys
import time
from functools import partial
from itertools import pairwise, product
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.underserved_methods import METHODS
from territory.simulate import GEOGRAPHIES, SCENARIOS, Score, plant, score_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = [
    *[f"grid/{name}" for name in SCENARIOS],
    *[f"{name}/{kind}" for name in GEOGRAPHIES[1:] for kind in ("default", "null")],
]
WORKERS = 2
PAIR = re.compile(r"\[\s+([-\d.e]+),\s+([-\d.e]+)\s+\]")
CLASSES = (0.0, 0.2, 0.5, 0.8, 0.95, 1.01)  # of posterior
FIGURES = {
    "auc": lambda s: s.auc,
    "average_precision": lambda s: s.average_precision,
    "hit4": lambda s: s.top4.hit,
    "precision4": lambda s: s.top4.precision,
    "hit6": lambda s: s.top6.hit,
    "precision6": lambda s: s.top6.precision,
    "recall6": lambda s: s.top6.recall,
    "established_precision": lambda s: s.established.precision,
    "established_recall": lambda s: s.established.recall,
    "alarm": lambda s: float(s.any_claim),
}

TESTED = ("established_precision", "established_recall", "alarm")


def scores(task: tuple[str, int], methods: tuple[str, ...]) -> dict[str, tuple[Score, float]]:
    """Return what each method finds of one territory, and the seconds it took."""
    case, seed = task
    geography, scenario = case.split("/")
    truth = plant(seed, geography=geography, scenario=scenario)
    found = {}
    for name in methods:
        start = time.perf_counter()
        answer = METHODS[name](truth)
        found[name] = score_answer(answer, truth), time.perf_counter() - start
    return found


def summary(found: list[tuple[Score, float]]) -> dict[str, Any]:
    """Return mean and standard error of every figure, None where there is no case, and classes."""
    rows = {name: np.array([read(s) for s, _ in found], float) for name, read in FIGURES.items()}
    told: dict[str, Any] = {name: mean_and_error(values) for name, values in rows.items()}
    if not all(s.tested for s, _ in found):
        told |= dict.fromkeys(TESTED)  # the method gives no p-value
    pairs = [pair for s, _ in found for pair in s.calibration]
    return told | {"calibration": calibration(pairs)} if pairs else told


def mean_and_error(values: np.ndarray) -> list[float] | None:
    """Return the mean and its standard error over the territories that have the figure."""
    known = values[np.isfinite(values)]
    if not len(known):
        return None
    error = known.std(ddof=1) / math.sqrt(len(known)) if len(known) > 1 else 0.0
    return [round(float(known.mean()), 4), round(float(error), 4)]


def calibration(pairs: list[tuple[float, float]]) -> list[dict[str, float]]:
    """Return, by class of posterior: how many zones, and the share of their need truly planted."""
    stated, made = np.array(pairs).T
    rows = []
    for low, high in pairwise(CLASSES):
        own = (stated >= low) & (stated < high)
        if own.any():
            rows.append(
                {"from": low, "zones": int(own.sum()), "planted": round(made[own].mean(), 3)}
            )
    return rows


def measured(
    cases: list[str], methods: tuple[str, ...], seeds: range
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Measure all methods on all cases, two territories at a time; yield each case once done."""
    tasks = list(product(cases, seeds))
    rows: dict[str, list[tuple[Score, float]]] = {name: [] for name in methods}
    os.environ["OMP_NUM_THREADS"] = "1"  # of the workers: same sums in the same order, no quarrel
    with get_context("spawn").Pool(WORKERS) as pool:
        answers = pool.imap(partial(scores, methods=methods), tasks)
        for (case, seed), answer in zip(tasks, answers, strict=True):
            for name, one in answer.items():
                rows[name].append(one)
            if seed == seeds[-1]:
                found = {name: summary(own) for name, own in rows.items()}
                show(case, found, rows)
                yield case, found
                rows = {name: [] for name in methods}


def show(case: str, found: dict[str, Any], rows: dict[str, list[tuple[Score, float]]]) -> None:
    """Print the table of one case."""
    print(f"\n{case}\n{'':24s}" + " ".join(f"{name[:11]:>11s}" for name in FIGURES) + "    s")
    for name, figures in found.items():
        told = [figures[k] for k in FIGURES]
        line = " ".join(f"{'-' if v is None else f'{v[0]:.3f}':>11s}" for v in told)
        print(f"{name:24s}{line} {np.mean([s for _, s in rows[name]]):5.2f}", flush=True)
        for row in figures.get("calibration", []):
            print(f"{'':24s}posterior >= {row['from']}: {row['planted']} of {row['zones']} zones")


def main() -> None:
    """Measure, print, and keep as JSON when wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=", ".join(CASES))
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--first", type=int, default=1000)
    parser.add_argument("--only", default=",".join(METHODS))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.seeds)
    for case, found in measured(options.cases or CASES, tuple(options.only.split(",")), seeds):
        if options.json:
            keep(options.json, {case: found}, seeds)


def keep(path: Path, found: dict[str, dict[str, Any]], seeds: range) -> None:
    """Write the figures over those of the same method, case and seeds; others stay."""
    old = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    span = {"first": seeds.start, "count": len(seeds)}
    cases = old.get("cases", {}) if old.get("seeds") == span else {}
    for case, methods in found.items():
        cases[case] = cases.get(case, {}) | methods
    told = {"version": 1, "seeds": span, "cases": cases}
    text = json.dumps(told, indent=1, sort_keys=True)
    text = PAIR.sub(r"[\1, \2]", text)  # a mean and its error on one line
    path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
