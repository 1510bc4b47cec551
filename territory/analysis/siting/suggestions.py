"""The new permanences of a choice one by one: what each brings, to whom, and from which others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.slot_problem import attendance, checked
from territory.analysis.siting.solvers import positions
from territory.analysis.siting.who_comes import by_group, received_by_row
from territory.model.dialogue_results import Suggestion, Suggestions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from territory.analysis.siting.slot_problem import SlotProblem


def suggestions(
    problem: SlotProblem, chosen: Sequence[int] | NDArray[np.int64], groups: Sequence[str] = ()
) -> Suggestions:
    """
    Rank the new options of `chosen` (positions), the one that brings most at each step first.

    Each is added after those before it to the options held now that `chosen` keeps; `groups` are
    labels [rows] (commune, quarter, cohort...) to say whom the gain goes to. Every figure is a
    difference of two `attendance`. Raises WrongUsage when the arrays make no sense.
    """
    everything = positions(chosen, checked(problem).options)
    at_first = [j for j in everything if problem.present[j]]
    order = _best_first(problem, at_first, [j for j in everything if not problem.present[j]])
    total = attendance(problem, everything).total
    ranked = tuple(
        _suggestion(problem, [*at_first, *order[: at + 1]], (total, everything), groups, at + 1)
        for at in range(len(order))
    )
    held = attendance(problem, np.flatnonzero(problem.present)).total
    return Suggestions(held, attendance(problem, at_first).total, total, ranked)


def _best_first(problem: SlotProblem, before: list[int], left: list[int]) -> list[int]:
    """Return `left` in the order in which each brings most; equals by place, then half-day."""
    order: list[int] = []
    waiting = sorted(left, key=lambda j: (problem.place[j], problem.slot[j], j))
    while waiting:
        totals = [attendance(problem, [*before, *order, j]).total for j in waiting]
        order.append(waiting.pop(int(np.argmax(totals))))
    return order


def _suggestion(
    problem: SlotProblem,
    after: list[int],
    final: tuple[float, list[int]],
    groups: Sequence[str],
    rank: int,
) -> Suggestion:
    """Describe the last option of `after`, beside the others; `final` is (total, whole choice)."""
    option, before = after[-1], after[:-1]
    then, now = attendance(problem, before), attendance(problem, after)
    lost = then.served - now.served[:-1]
    taken = [(j, float(x)) for j, x in zip(before, lost, strict=True) if x != 0]
    rows = received_by_row(problem, after) - received_by_row(problem, before)
    without = attendance(problem, [j for j in final[1] if j != option]).total
    return Suggestion(
        rank, option, now.total - then.total, float(now.served[-1]), float(lost.sum()),
        tuple(sorted(taken, key=lambda pair: (-pair[1], pair[0]))), by_group(rows, groups),
        final[0] - without,
    )  # fmt: skip
