"""Groups of quarters as options: which of them hold most need, under the rules of a choice."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.highs import Programme, solve
from territory.analysis.siting.slot_problem import (
    SlotLimits,
    SlotProblem,
    checked,
    rules_of,
)
from territory.model.results import Ending
from territory.model.site_results import SlotOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def group_problem(
    need: NDArray[np.float64],
    members: object,
    k: int,
    *,
    posts: NDArray[np.float64] | None = None,
    budget: float = np.inf,
) -> SlotProblem:
    """
    Return the choice of `k` groups at most; `need` [quarters], `members` bool [quarters, groups].

    `posts` [groups] are what each would take of `budget` (one each by default). It is a choice of
    options like any other (limits `opened` and `hours`), to be solved by `cover_groups`. Raises
    WrongUsage when the arrays make no sense.
    """
    table = sp.csc_matrix(members, dtype=bool).astype(float)
    quarters, groups = table.shape
    none = np.zeros(groups)
    cost = np.ones(groups) if posts is None else np.asarray(posts, float)
    limits = SlotLimits(hours=float(budget), opened=float(k))
    return checked(
        SlotProblem(
            np.asarray(need, float), table, np.ones(quarters), np.arange(groups),
            np.zeros(groups, np.int64), cost, np.full(groups, np.inf), none, none > 0, none > 0,
            none > 0, limits,
        )
    )  # fmt: skip


def cover_groups(
    problem: SlotProblem,
    *,
    start: Sequence[int] = (),  # noqa: ARG001 - HiGHS needs none for so few groups
    time_limit_s: float = 20.0,
) -> SlotOutcome:
    """
    Choose the groups that hold most need under the rules of `problem`, with a proven bound.

    As `max_cover`, with budget and requests (HiGHS): a quarter of several groups counts once.
    `coming` is the need of each group, `served` what it adds to those before it.
    """
    began = time.perf_counter()
    if (problem.fixed & problem.forbidden).any():
        return SlotOutcome((), 0.0, 0.0, Ending.IMPOSSIBLE, (), (), 1, 0.0)
    solved = solve(_programme(problem), time_limit_s=time_limit_s)
    spent = time.perf_counter() - began
    if solved.values is None:
        return SlotOutcome((), 0.0, solved.bound, solved.ending, (), (), 1, spent)
    chosen = np.flatnonzero(solved.values[: problem.options] > 0.5)  # noqa: PLR2004 - yes or no
    alone, added = need_of_each(problem, chosen.tolist())
    objective = sum(added)
    bound = objective if solved.ending is Ending.OPTIMAL else max(solved.bound, objective)
    return SlotOutcome(tuple(chosen.tolist()), objective, bound, solved.ending, tuple(alone),
                       tuple(added), 0, spent)  # fmt: skip


def need_of_each(problem: SlotProblem, groups: Sequence[int]) -> tuple[list[float], list[float]]:
    """Return the need of each of `groups`, and what each adds to those before it."""
    inside = sp.csc_matrix(problem.pull)[:, list(groups)].toarray() > 0
    before = np.cumsum(inside, axis=1) - inside > 0
    alone = problem.weights @ inside
    return alone.tolist(), (problem.weights @ (inside & ~before)).tolist()


def _programme(problem: SlotProblem) -> Programme:
    rules = rules_of(problem)
    table = sp.csr_matrix(problem.pull > 0, dtype=float)
    quarters, n = table.shape
    covered = sp.hstack([-table, sp.identity(quarters)])
    beside = sp.csr_matrix((len(rules.high) + len(rules.low), quarters))
    other = sp.hstack([sp.vstack([rules.most, rules.need]), beside])
    free = np.full(len(rules.high) + quarters, -np.inf)
    return Programme(
        np.r_[np.zeros(n), problem.weights],
        sp.vstack([covered, other]).tocsr(),
        np.r_[free, rules.low],
        np.r_[np.zeros(quarters), rules.high, np.full(len(rules.low), np.inf)],
        np.r_[problem.fixed.astype(float), np.zeros(quarters)],
        np.r_[1.0 - problem.forbidden, np.ones(quarters)],
        np.arange(n + quarters) < n,
        maximise=True,
    )
