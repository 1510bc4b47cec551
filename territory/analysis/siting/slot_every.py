"""Every choice tried, when there are few: the plainest of proofs."""

from __future__ import annotations

import time
from itertools import combinations
from math import comb

import numpy as np

from territory.analysis.siting.slot_problem import (
    SlotProblem,
    attendance,
    broken,
    checked,
    rules_of,
)
from territory.model.results import Ending
from territory.model.site_results import SlotOutcome

MOST = 10_000  # choices: a few seconds


def every_choice(problem: SlotProblem, *, most: int = MOST) -> SlotOutcome | None:
    """
    Return the best of all choices, None when there are more than `most` or none keeps the rules.

    Those that must be are in each, and as many others as the limits let open or stay. Equal choices
    are told apart by their order. Raises WrongUsage as `checked`.
    """
    began, rules = time.perf_counter(), rules_of(checked(problem))
    must = np.flatnonzero(problem.fixed)
    free = np.flatnonzero(~problem.fixed & ~problem.forbidden)
    new = int((~problem.present[must]).sum())
    room = problem.limits.opened - new + problem.present[free].sum()
    largest = int(max(min(room, len(free)), 0))
    if (problem.fixed & problem.forbidden).any() or _many(len(free), largest) > most:
        return None
    best, chosen, kept = 0.0, None, None
    for size in range(largest + 1):
        for more in combinations(free.tolist(), size):
            picked = np.sort(np.r_[must, np.array(more, np.int64)])
            if any(broken(rules, picked)):
                continue
            found = attendance(problem, picked)
            better = chosen is None or found.total > best + 1e-12 * max(best, 1.0)
            if found.short == 0 and better:
                best, chosen, kept = found.total, picked, found
    if chosen is None or kept is None:
        return None
    coming, served = (tuple(map(float, v)) for v in (kept.coming, kept.served))
    seconds = time.perf_counter() - began
    return SlotOutcome(
        tuple(map(int, chosen)), best, best, Ending.OPTIMAL, coming, served, 0, seconds
    )


def _many(n: int, most: int) -> int:
    return sum(comb(n, size) for size in range(most + 1))
