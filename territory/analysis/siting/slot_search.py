"""Good choices of places and half-days, quickly: descent, perturbation, the best kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.slot_kernel import improve

if TYPE_CHECKING:
    from collections.abc import Iterable

    import scipy.sparse as sp
    from numpy.random import Generator
    from numpy.typing import NDArray

    from territory.analysis.siting.clock import Clock
    from territory.analysis.siting.slot_kernel import Columns, Limits, Options, People
    from territory.analysis.siting.slot_problem import Rules, SlotProblem

MOVES = 4  # best moves between two looks at the clock
PERTURBED = 3  # options taken out, at most, before a new descent


@dataclass(frozen=True, slots=True, eq=False)
class Loops:
    """The problem as the compiled loops take it; `fixed` and `usable` [options]."""

    problem: tuple[Columns, People, Options, Limits]
    fixed: NDArray[np.bool_]
    usable: NDArray[np.bool_]
    rules: Rules


def as_loops(problem: SlotProblem, rules: Rules) -> Loops:
    """Return `problem` for the loops; the least attendance is asked of what could be left alone."""
    asked = np.where(problem.present | problem.fixed, 0.0, problem.least)
    people = (problem.weights.astype(float), problem.outside.astype(float))
    options = (problem.capacity.astype(float), asked, ~problem.fixed)
    limits = (_columns(rules.most), rules.high, _columns(rules.need), rules.low)
    given = (_columns(problem.pull), people, options, limits)
    return Loops(given, problem.fixed, ~problem.forbidden, rules)


def _columns(table: sp.csc_matrix) -> Columns:
    held = table.sorted_indices()
    return held.indptr.astype(np.int32), held.indices.astype(np.int32), held.data.astype(float)


def search(
    loops: Loops, starts: Iterable[NDArray[np.bool_]], clock: Clock, random: Generator, rounds: int
) -> tuple[NDArray[np.bool_], float]:
    """
    Return the best choice [options] found in `rounds` descents or until `clock` is up, its score.

    Each of `starts` is brought to a local best first; then up to three options of the best are
    taken out, or one is put in by lot, and it is brought to a local best again.
    """
    best, score = loops.fixed.copy(), -np.inf
    for start in starts:
        found, value = _descended(loops, start, clock, random)
        if value > score:
            best, score = found, value
    for _ in range(rounds):
        if clock.up:
            break
        found, value = _descended(loops, _perturbed(loops, best, random), clock, random)
        if value > score + 1e-12 * abs(score):
            best, score = found, value
    return best, score


def _descended(
    loops: Loops, start: NDArray[np.bool_], clock: Clock, random: Generator
) -> tuple[NDArray[np.bool_], float]:
    inside = start | loops.fixed
    order = random.permutation(np.flatnonzero(loops.usable & ~loops.fixed)).astype(np.int64)
    done, score = False, -np.inf
    while not done:
        score, done = improve(inside, order, loops.problem, 0 if clock.up else MOVES)
        done = done or clock.up
    return inside, score


def _perturbed(loops: Loops, best: NDArray[np.bool_], random: Generator) -> NDArray[np.bool_]:
    start = best.copy()
    free = np.flatnonzero(best & ~loops.fixed)
    if len(free):
        out = min(len(free), int(random.integers(1, PERTURBED + 1)))
        start[random.choice(free, out, replace=False)] = False
    others = np.flatnonzero(loops.usable & ~best)
    if len(others):
        start[random.choice(others)] = True
        over = loops.rules.most @ start > loops.rules.high + 1e-9
        if over.any():
            start = start & best
    return start
