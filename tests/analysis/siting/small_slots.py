"""Small problems of places and half-days, and the slow solver that tries every choice."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.siting.slot_problem import SlotLimits, SlotProblem, attendance, rules_of
from territory.model.results import Ending
from territory.model.site_results import SlotOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def drawn(
    seed: int,
    options: int = 8,
    rows: int = 12,
    *,
    held: int = 0,
    room: float = np.inf,
    **limits: object,
) -> SlotProblem:
    """Draw a problem: two options a place, `held` options held now, `room` people an option."""
    rng = np.random.default_rng(seed)
    pull = np.where(rng.random((rows, options)) < 0.6, rng.gamma(1.0, 1.0, (rows, options)), 0.0)
    nothing = np.zeros(options)
    return SlotProblem(
        rng.gamma(2.0, 5.0, rows), sp.csc_matrix(pull), rng.uniform(0.5, 3.0, rows),
        np.arange(options) // 2, np.arange(options) % 2, rng.integers(2, 5, options).astype(float),
        np.full(options, room), nothing, np.arange(options) < held, nothing > 0, nothing > 0,
        SlotLimits(**limits),
    )  # fmt: skip


def valued(
    problem: SlotProblem, most: int | None = None
) -> Iterator[tuple[float, tuple[int, ...]]]:
    """Yield every choice of `most` options at most that keeps all the rules, and its people."""
    n, pull, rules = problem.options, problem.pull.toarray(), rules_of(problem)
    limits, needs = rules.most.toarray(), rules.need.toarray()
    asked = set(np.flatnonzero(problem.fixed))
    for size in range((n if most is None else most) + 1):
        for chosen in combinations(range(n), size):
            at = list(chosen)
            over = (limits[:, at].sum(axis=1) > rules.high + 1e-9).any()
            missing = (needs[:, at].sum(axis=1) < rules.low - 1e-9).any()
            if over or missing or asked - set(chosen) or problem.forbidden[at].any():
                continue
            drawn_in = problem.outside + pull[:, at].sum(axis=1)
            coming = (problem.weights / drawn_in) @ pull[:, at]
            if (
                problem.present[at] | problem.fixed[at] | (coming >= problem.least[at] - 1e-9)
            ).all():
                yield float(np.minimum(coming, problem.capacity[at]).sum()), chosen


def exhaustive(problem: SlotProblem, *, start: Sequence[int] = ()) -> SlotOutcome:  # noqa: ARG001
    """Solve by trying everything: the judge, in the shape of the solver."""
    known = list(valued(problem))
    if not known:
        return SlotOutcome((), 0.0, 0.0, Ending.IMPOSSIBLE, (), (), 1, 0.0)
    value, chosen = max(known, key=lambda pair: (pair[0], [-j for j in pair[1]]))
    found = attendance(problem, chosen)
    parts = tuple(found.coming), tuple(found.served)
    return SlotOutcome(chosen, value, value, Ending.OPTIMAL, *parts, 0, 0.0)


def with_limits(problem: SlotProblem, **limits: object) -> SlotProblem:
    return replace(problem, limits=replace(problem.limits, **limits))
