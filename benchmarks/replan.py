"""
Someone is ill at 8:15: how long until the new plan of the week is told, with its reasons.

Drawn weeks of 3 mediators and 120 places lose a mediator for a day: search, bound and reasons are
timed. With `--bondy FOLDER`, a built territory (see scripts/bondy.py), the command is run as a
coordinator does, on copies of it: seconds until the plan is told, until the last file is written.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

BEGUN = time.perf_counter()  # what is loaded below is loaded by the command too
ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from machine_load import pace_s
from routing_weeks_town import problem_of, town

from territory.analysis.routing.admissions import Effort
from territory.analysis.routing.reasons import explain_week
from territory.analysis.routing.week import best_week
from territory.analysis.routing.week_exact import proved
from territory.planning.edits import STAY_PEOPLE
from territory.planning.explained import AGAIN, CORES, LONGEST_S
from territory.settings import Week

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.analysis.routing.resolve import Solver
    from territory.analysis.routing.week_problem import Flags, Walked, WeekOutcome, WeekProblem

MEDIATORS, PLACES = 3, 120
SEEDS = (1, 2, 3)
ILL_DAY, ILL = 1, 0  # Tuesday, the first mediator
WEEK, ABSENT = "2026-W45", "M2:mardi 8h15"
RULES = Week()
Row = dict[str, Any]


class Phases:
    """Seconds of wall and of CPU, threads counted, spent since the last mark, by name."""

    def __init__(self, wall: float, cpu: float) -> None:
        self.rows: list[Row] = []
        self._at = wall, cpu

    def mark(self, phase: str) -> None:
        """Note what was spent since the mark before."""
        now = time.perf_counter(), time.process_time()
        wall, cpu = (b - a for a, b in zip(self._at, now, strict=True))
        self.rows.append({"phase": phase, "wall_s": round(wall, 3), "cpu_s": round(cpu, 3)})
        self._at = now


@dataclass(slots=True)
class FirstPlan:
    """Marks when the new plan is found, and how much it changes told: its reasons come after."""

    phases: Phases
    stopped: bool = False
    told: bool = False

    def tell(self, step: str, done: float | None = None) -> None:  # noqa: ARG002
        """Mark the first word of a plan."""
        if step.startswith("premier plan") and not self.told:
            self.told = True
            self.phases.mark("found")


def main() -> None:
    """Measure what was asked for, and print it or write it."""
    asked = _arguments()
    if asked.inside:
        print(json.dumps(_inside(asked.inside)))
        return
    figures: Row = {"load": os.getloadavg()[0], "cores": os.cpu_count(), "pace_s": pace_s()}
    figures["drawn"] = [_drawn(seed) for seed in SEEDS]
    if asked.bondy:
        figures["bondy"] = _bondy(asked.bondy, asked.repeats)
    told = json.dumps(figures, ensure_ascii=False, indent=1)
    print(told)
    if asked.json:
        asked.json.write_text(told + "\n", encoding="utf-8")


def _drawn(seed: int) -> Row:
    """Plan a drawn week, take a mediator away for a day, and time the new plan."""
    problem, windows = problem_of(town(seed, mediators=MEDIATORS, places=PLACES))
    before = _search(problem, None, None)
    away = np.array([(w.day, w.mediator) == (ILL_DAY, ILL) for w in windows])
    changed = _changed(problem, before, away)
    kept = np.array([bool(w.visits) for w in before.routes]) & ~away
    best_week(changed, time_limit_s=LONGEST_S, iterations=1, seed=0)  # kernels loaded
    phases = Phases(time.perf_counter(), time.process_time())
    first = _search(changed, before.routes, kept)
    found = _search(changed, first.routes, np.zeros(len(away), bool))
    phases.mark("search")
    bounded = proved(changed, found, time_limit_s=LONGEST_S, turns=RULES.bound_turns)
    phases.mark("bound")
    told = explain_week(
        changed, bounded, _solver(), most_out=RULES.explained, effort=Effort(cores=CORES)
    )
    phases.mark("reasons")
    return {
        "seed": seed,
        "visits": sum(len(w.visits) for w in told.plan.routes),
        "moved": _moved(before.routes, told.plan.routes),
        "explained": len(told.losses) + len(told.admissions),
        "phases": phases.rows,
    }


def _changed(problem: WeekProblem, before: WeekOutcome, away: Flags) -> WeekProblem:
    """Return the week without the routes `away`, what was planned being worth a little more."""
    value = np.where(away[None, :], -np.inf, problem.value)
    for r, walked in enumerate(before.routes):
        value[list(walked.visits), r] += STAY_PEOPLE
    return replace(problem, value=value)


def _search(
    problem: WeekProblem, begin: Sequence[Walked] | None, frozen: Flags | None
) -> WeekOutcome:
    return best_week(
        problem, time_limit_s=LONGEST_S, iterations=RULES.iterations, seed=0, begin=begin,
        frozen=frozen,
    )  # fmt: skip


def _solver() -> Solver:
    def solve(
        problem: WeekProblem,
        *,
        begin: tuple[Walked, ...] | None = None,
        frozen: Flags | None = None,
    ) -> WeekOutcome:
        return best_week(
            problem, time_limit_s=LONGEST_S, iterations=AGAIN, seed=0, starts=1, begin=begin,
            frozen=frozen,
        )  # fmt: skip

    return solve


def _moved(before: Sequence[Walked], after: Sequence[Walked]) -> int:
    """Return how many visits planned before are not made on the same route."""
    return sum(len(set(a.visits) - set(b.visits)) for a, b in zip(before, after, strict=True))


def _bondy(folder: Path, repeats: int) -> Row:
    """Run the command on copies of a territory, `repeats` times; the quickest run is told."""
    with tempfile.TemporaryDirectory() as made:
        held = Path(made) / "held"
        shutil.copytree(folder, held)
        env = _environment(Path(made) / "compiled")
        week = [sys.executable, "-m", "territory", "week", str(held), WEEK]
        subprocess.run(week, check=True, capture_output=True, env=env)
        runs = [_run(held, Path(made) / f"run{k}", env) for k in range(repeats)]
        inside = Path(made) / "inside"
        shutil.copytree(held, inside)
        line = [sys.executable, str(Path(__file__)), "--inside", str(inside)]
        split = subprocess.run(line, check=True, capture_output=True, text=True, env=env)
    return {**min(runs, key=lambda r: r["told_s"]), "phases": json.loads(split.stdout)}


def _environment(compiled: Path) -> dict[str, str]:
    """Return an environment where modules are compiled once, as they are when installed."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(compiled)}


def _run(held: Path, folder: Path, env: dict[str, str]) -> Row:
    """Change the week in a copy: seconds until the plan is told, until the end, and of CPU."""
    shutil.copytree(held, folder)
    line = [sys.executable, "-m", "territory", "change", str(folder), WEEK, "--absent", ABSENT]
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=env) as run:
        words, told_s = [], 0.0
        for text in run.stdout or ():
            told_s = told_s or time.perf_counter() - begun
            words.append(text.strip())
    all_s = time.perf_counter() - begun
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = spent.ru_utime + spent.ru_stime - used.ru_utime - used.ru_stime
    return {"told_s": round(told_s, 2), "all_s": round(all_s, 2), "cpu_s": round(cpu_s, 2),
            "changes": words[1]}  # fmt: skip


def _inside(folder: Path) -> list[Row]:
    """Do what the command does, step by step, in this process."""
    phases = Phases(BEGUN, 0.0)
    from territory.commands.building import built_with_progress
    from territory.commands.change import change

    phases.mark("imports")
    built_with_progress(folder, None)
    phases.mark("products")
    asked = folder, WEEK, {"absent": (ABSENT,)}, 0, False, None
    change(*asked, lambda _: phases.mark("plan"), FirstPlan(phases))
    phases.mark("files")
    return phases.rows


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bondy", type=Path, help="folder of Bondy, built")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--json", type=Path, help="file to write")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
