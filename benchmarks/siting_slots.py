"""
Places and half-days chosen together, measured beside a plain programme given to HiGHS.

Run: python benchmarks/siting_slots.py [--seeds N] [--limit SECONDS] [--json FILE]. A drawn town of
1,000 cells x 150 candidates x 10 half-days: three publics a cell, each with half-days it likes;
twelve markets; places shut on some half-days; two people free on each; two half-days a place at
most; 35 staff hours a week; room for 8 people. `outside` says how soon a second half-day near by
brings less (1: by half; 10: hardly); `crowd` how many come to one open alone, beside its room. Each
line: people received, the proven gap, the ending, seconds of processor and of the wall. Peer: the
linear model of choice (Haase 2009) with its shares as columns, HiGHS alone, the same seconds of
wall; its gap is its own bound against its own choice, counted as ours is.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

ROOT = Path(__file__).resolve().parents[1]
sys.path[:] = [str(ROOT), *(p for p in sys.path if Path(p) != ROOT / "benchmarks")]  # not ourselves

from territory.analysis.highs import Programme, solve
from territory.analysis.siting.slot_problem import SlotLimits, SlotProblem, attendance, rules_of
from territory.analysis.siting.slots import best_slots

CELLS, PLACES, SLOTS, PUBLICS, MARKETS = 1000, 150, 10, 3, 12
HOURS, BUDGET, ROOM = 3.5, 35.0, 8.0
METRES_A_MIN, DETOUR, HALF_MIN, CUT_MIN = 75.0, 1.15, 10.0, 25.0
WORLDS = [(outside, crowd) for outside in (1.0, 3.0, 10.0) for crowd in ("few", "full")]
WILLING = {"few": 0.0008, "full": 0.0015}  # visits a week of a person at the door, alone


def town(seed: int, outside: float, willing: float) -> SlotProblem:
    """Return the drawn town; the same people and places for every `outside` and `willing`."""
    draw = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(CELLS)))
    xy = 200.0 * np.column_stack(np.divmod(np.arange(CELLS), side))
    centres = draw.uniform(0, 200 * side, (6, 2))
    apart = ((xy[:, None] - centres[None]) ** 2).sum(axis=2)
    people = 20 + 150 * np.exp(-apart / (2 * 600**2)).sum(axis=1) * draw.gamma(2, 0.5, CELLS)
    doors = xy[draw.choice(CELLS, PLACES, replace=False)] + draw.uniform(-90, 90, (PLACES, 2))
    minutes = np.abs(xy[:, None] - doors[None]).sum(axis=2) * DETOUR / METRES_A_MIN
    near = np.where(minutes <= CUT_MIN, np.exp(-np.log(2) * (minutes / HALF_MIN) ** 2), 0.0)
    open_ = draw.random((PLACES, SLOTS)) < draw.choice([0.4, 0.7, 1.0], PLACES)[:, None]
    value = np.ones((PLACES, SLOTS))
    for place in draw.choice(PLACES, MARKETS, replace=False):
        value[place, draw.integers(SLOTS)] += draw.uniform(0.5, 1.5)
    shares = draw.dirichlet(np.array([9.0, 15.0, 6.0]), CELLS)
    liked = np.clip(draw.normal(1, 0.2, (PUBLICS, SLOTS)), 0.5, 1.5)
    place, slot = np.nonzero(open_)
    pulls = [near[:, place] * (value[place, slot] * liked[c, slot]) for c in range(PUBLICS)]
    weights = np.concatenate([people * shares[:, c] for c in range(PUBLICS)])
    n, none = len(place), np.zeros(len(place), bool)
    return SlotProblem(
        weights * willing * (1 + outside), sp.csc_matrix(np.vstack(pulls)),
        np.full(len(weights), outside), place, slot, np.full(n, HOURS), np.full(n, ROOM),
        np.zeros(n), none, none, none,
        SlotLimits(hours=BUDGET, at_once=np.full(SLOTS, 2.0), in_place=2),
    )  # fmt: skip


def plain(problem: SlotProblem, limit_s: float) -> dict[str, Any]:
    """Return what HiGHS makes of the shares of every row as columns, in `limit_s` seconds."""
    rules, held = rules_of(problem), problem.pull.tocoo()
    n, pairs, rows = problem.options, held.nnz, len(problem.weights)
    at, row, option, pull = np.arange(pairs), held.row, held.col, held.data
    stay = n + pairs + np.arange(rows)
    away = problem.outside[row]
    columns = n + pairs + rows

    def table(
        r: list[np.ndarray], c: list[np.ndarray], v: list[np.ndarray], count: int
    ) -> sp.csr_matrix:
        return sp.csr_matrix((np.concatenate(v), (np.concatenate(r), np.concatenate(c))),
                             shape=(count, columns))  # fmt: skip

    one = np.ones(pairs)
    alone = table([at, at], [n + at, option], [one, -pull / (away + pull)], pairs)
    fair = table([at, at], [n + at, stay[row]], [one, -pull / away], pairs)
    whole = table([row, np.arange(rows)], [n + at, stay], [one, np.ones(rows)], rows)
    room = table([option, np.arange(n)], [n + at, np.arange(n)],
                 [problem.weights[row], -problem.capacity], n)  # fmt: skip
    limits = sp.hstack([rules.most, sp.csr_matrix((len(rules.high), columns - n))])
    table_all = sp.vstack([alone, fair, whole, room, limits]).tocsr()
    high = np.r_[np.zeros(2 * pairs), np.ones(rows), np.zeros(n), rules.high]
    cost = np.r_[np.zeros(n), problem.weights[row], np.zeros(rows)]
    marks = np.arange(columns) < n
    programme = Programme(cost, table_all, np.full(len(high), -np.inf), high,
                          np.zeros(columns), np.ones(columns), marks, maximise=True)  # fmt: skip
    began, wall = time.process_time(), time.perf_counter()
    solved = solve(programme, time_limit_s=limit_s)
    chosen = [] if solved.values is None else np.flatnonzero(solved.values[:n] > 0.5)
    value = attendance(problem, chosen).total if len(chosen) else 0.0
    return {
        "people": value, "gap": 1 - value / solved.bound, "ending": str(solved.ending),
        "cpu_s": time.process_time() - began, "wall_s": time.perf_counter() - wall,
    }  # fmt: skip


def ours(problem: SlotProblem, limit_s: float) -> dict[str, Any]:
    """Return our choice, measured."""
    began = time.process_time()
    got = best_slots(problem, time_limit_s=limit_s)
    return {"people": got.objective, "gap": got.gap, "ending": str(got.ending),
            "cpu_s": time.process_time() - began, "wall_s": got.seconds}  # fmt: skip


def main() -> None:
    """Measure every world and seed, print the lines, write them when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=20.0)
    parser.add_argument("--plain", type=float, default=0.0, help="seconds given to the peer")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    best_slots(town(0, 3.0, 0.0001), time_limit_s=1.0)  # compiled before the clock starts
    lines = []
    for seed in range(1, asked.seeds + 1):
        for outside, crowd in WORLDS:
            problem = town(seed, outside, WILLING[crowd])
            found = {"ours": ours(problem, asked.limit)}
            if asked.plain:
                found["plain HiGHS"] = plain(problem, asked.plain)
            for name, figures in found.items():
                lines.append({"seed": seed, "outside": outside, "crowd": crowd,
                              "method": name, **figures})  # fmt: skip
                print(
                    f"{seed:4d} {outside:5g} {crowd:5s} {name:12s} {figures['people']:9.3f} people"
                    f" gap {100 * figures['gap']:6.2f} % {figures['ending']:11s}"
                    f" cpu {figures['cpu_s']:5.1f} s wall {figures['wall_s']:5.1f} s",
                    flush=True,
                )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    if asked.json:
        asked.json.write_text(json.dumps(lines, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
