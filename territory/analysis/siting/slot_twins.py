"""
Half-days of one place that are worth the same: searched once, then chosen by what suits the team.

Nothing distinguishes two half-days of a place for the people who come when no market is open and
nobody measured anything: the search would only count them again and again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.siting.slot_problem import broken, rules_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from territory.analysis.siting.slot_problem import SlotProblem


def twins(problem: SlotProblem) -> NDArray[np.int64]:
    """
    Return the group of each option [options]: same place, same people, same size, not held nor set.

    Two options of a group bring the same; they differ by their half-day only.
    """
    pull = problem.pull.tocsc().sorted_indices()
    reach = problem.limits.reach
    promises = None if reach is None else reach.tocsc().sorted_indices()
    groups: dict[tuple[object, ...], int] = {}
    found = np.zeros(problem.options, np.int64)
    for k in range(problem.options):
        pinned = problem.present[k] or problem.fixed[k] or problem.forbidden[k]
        key = (
            k if pinned else -1, problem.place[k], problem.hours[k], problem.capacity[k],
            problem.least[k], _column(pull, k), None if promises is None else _column(promises, k),
        )  # fmt: skip
        found[k] = groups.setdefault(key, len(groups))
    return found


def without_twins(
    problem: SlotProblem, groups: NDArray[np.int64], order: NDArray[np.int64]
) -> NDArray[np.int64]:
    """
    Return the positions to search, sorted: of each group, as many as a place may hold.

    The first in `order` [options] of those in half-days with room for all that may open, else
    spread over half-days so that all of them could open together: any choice has an equal one among
    them. All of a group where neither can be.
    """
    limits = problem.limits
    members = [order[groups[order] == group] for group in np.unique(groups)]
    most = int(min(limits.in_place, problem.options))
    room = np.full(problem.slot.max(initial=-1) + 1, np.inf)
    if limits.at_once is not None:
        held = np.bincount(problem.slot[problem.present], minlength=len(limits.at_once))
        room = np.asarray(limits.at_once, float) - held
    easy = [m[room[problem.slot[m]] >= limits.opened][:most] for m in members]
    if all(len(e) >= min(most, len(m)) for e, m in zip(easy, members, strict=True)):
        return np.sort(np.concatenate([np.empty(0, np.int64), *easy]))
    spread = _spread(problem, members, most, room)
    few = [e if len(e) >= limits.in_place else m for e, m in zip(easy, members, strict=True)]
    return np.sort(np.concatenate([np.empty(0, np.int64), *(spread or few)]))


def _spread(
    problem: SlotProblem,
    members: Sequence[NDArray[np.int64]],
    most: int,
    room: NDArray[np.float64],
) -> list[NDArray[np.int64]] | None:
    """Return `most` of each group, no half-day holding more of them than its `room`, or None."""
    left = room.copy()
    kept: list[NDArray[np.int64]] = [np.empty(0, np.int64)] * len(members)
    for at in sorted(range(len(members)), key=lambda n: (len(members[n]), n)):
        mine = members[at]
        if len(mine) > 1:
            slots = problem.slot[mine]
            mine = mine[np.argsort(-left[slots], kind="stable")][:most]
        taken = mine[~problem.present[mine] & ~problem.forbidden[mine]]
        np.subtract.at(left, problem.slot[taken], 1.0)
        kept[at] = mine
    return None if (left < 0).any() else kept


def repeats(
    problem: SlotProblem, chosen: Sequence[int] | NDArray[np.int64], repeat: float
) -> NDArray[np.float64]:
    """
    Return what is left of the pull of each of `chosen` [chosen]: 1, or `repeat` beside a first one.

    The first half-day of a place is one that must be, else the one that draws most, never one that
    must not be; places where a permanence is held have theirs (`option_values` has counted the
    others).
    """
    picked = np.asarray(chosen, np.int64)
    drawn = np.asarray(problem.pull.T @ problem.weights, float).ravel()[picked]
    left = np.ones(len(picked))
    seen = set(problem.place[problem.present].tolist())
    hosting = frozenset(seen)
    out = problem.forbidden[picked]
    for at in np.lexsort((picked, -drawn, ~problem.fixed[picked], out)):
        place = int(problem.place[picked[at]])
        left[at] = repeat if place in seen and place not in hosting else 1.0
        seen.add(place)
    return left


def with_pulls(
    problem: SlotProblem, chosen: Sequence[int] | NDArray[np.int64], left: NDArray[np.float64]
) -> SlotProblem:
    """Return the problem where the pulls of `chosen` (positions) are times `left` [chosen]."""
    factor = np.ones(problem.options)
    factor[np.asarray(chosen, np.int64)] = left
    return replace(problem, pull=sp.csc_matrix(problem.pull @ sp.diags(factor)))


def preference(
    options: pd.DataFrame, problem: SlotProblem, chosen: Sequence[int]
) -> NDArray[np.int64]:
    """
    Return the options [options] from the one that suits the team best: which half-day, all equal.

    First half-days with fewest permanences `chosen`, then with most workers free, then the earliest
    of the week.
    """
    held = np.bincount(
        problem.slot[np.asarray(chosen, np.int64)], minlength=problem.slot.max(initial=0) + 1
    )
    free = options["free"].to_numpy(np.int64)
    return np.lexsort((np.arange(problem.options), problem.slot, -free, held[problem.slot]))


def settled(
    problem: SlotProblem,
    options: pd.DataFrame,
    groups: NDArray[np.int64],
    chosen: Sequence[int],
) -> tuple[int, ...]:
    """
    Return `chosen` (positions) with each new option moved to the twin that suits the team best.

    `groups` [options] are those of `twins`. What the choice brings does not change, and no rule
    that was kept is broken.
    """
    rules, now = rules_of(problem), list(chosen)
    for k in [k for k in chosen if not problem.present[k]]:
        others = [j for j in now if j != k]
        for twin in preference(options, problem, others):
            if groups[twin] != groups[k] or twin in others:
                continue
            tried = [*others, int(twin)]
            if twin == k or not any(broken(rules, tried)):
                now = tried
                break
    return tuple(sorted(now))


def _column(table: object, k: int) -> tuple[bytes, bytes]:
    start, end = table.indptr[k], table.indptr[k + 1]  # type: ignore[attr-defined]
    return table.indices[start:end].tobytes(), table.data[start:end].tobytes()  # type: ignore[attr-defined]
