"""
What may be given up of a choice of permanences, and by how little.

Elastic rows after Chinneck (2008), Feasibility and Infeasibility in Optimization.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from territory.analysis.highs import Programme, solve
from territory.analysis.siting.slot_problem import rules_of
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from territory.analysis.siting.slot_problem import SlotProblem

LIMITS = {
    "hours": "les heures de permanence par semaine",
    "opened": "le nombre de demi-journées nouvelles",
    "closed": "le nombre de permanences que l'on peut fermer",
    "in_place": "le nombre de demi-journées d'un même lieu",
    "at_once": "le nombre de permanences d'une même demi-journée",
}
SOLVE_S = 10.0


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """One thing that may be given up: a request or a guarantee (with its number), or a limit."""

    kind: str
    number: int = 0


def parts_of(problem: SlotProblem, requests: int) -> tuple[Part, ...]:
    """Return all that may be given up, `requests` of them requests."""
    limits = problem.limits
    rows = 0 if limits.reach is None else limits.reach.shape[0]
    binding = {
        "hours": np.isfinite(limits.hours),
        "opened": np.isfinite(limits.opened),
        "closed": limits.closed < problem.present.sum(),
        "in_place": np.isfinite(limits.in_place),
        "at_once": limits.at_once is not None,
        "least": bool(problem.least.any()),
    }
    return (
        *(Part("request", i) for i in range(requests)),
        *(Part("guarantee", i) for i in range(rows)),
        *(Part(kind) for kind, binds in binding.items() if binds),
    )


def without(problem: SlotProblem, parts: Sequence[Part]) -> SlotProblem:
    """Return `problem` without the guarantees and least attendances of `parts`; limits stay."""
    gone = [p.number for p in parts if p.kind == "guarantee"]
    reach = problem.limits.reach
    if gone and reach is not None:
        kept = np.setdiff1d(np.arange(reach.shape[0]), gone)
        reach = sp.csr_matrix(reach)[kept]
    least = np.zeros(problem.options) if Part("least") in parts else problem.least
    return replace(problem, least=least, limits=replace(problem.limits, reach=reach))


def least_excess(
    problem: SlotProblem, parts: Collection[Part]
) -> tuple[tuple[int, ...] | None, bool]:
    """
    Return a choice that goes least beyond the limits of `parts`, keeping all others.

    None when there is none; the second value says whether that is proved. Least attendances, which
    no linear programme can hold, are not looked at.
    """
    if (problem.fixed & problem.forbidden).any():
        return None, True
    solved = solve(_elastic(problem, {p.kind for p in parts}), time_limit_s=SOLVE_S)
    if solved.values is None:
        return None, solved.ending is Ending.IMPOSSIBLE
    taken = solved.values[: problem.options] > 0.5  # noqa: PLR2004 - yes or no
    return tuple(np.flatnonzero(taken).tolist()), True


def _elastic(problem: SlotProblem, kinds: Collection[str]) -> Programme:
    rules, n = rules_of(problem), problem.options
    most, need = _kinds_of_rows(problem, len(rules.low))
    loose = [(row, 1.0, high) for row, high in enumerate(rules.high) if most[row] in kinds]
    loose += [
        (len(most) + row, -1.0, low) for row, low in enumerate(rules.low) if need[row] in kinds
    ]
    table = sp.vstack([rules.most, rules.need]).tocsr()
    slack = sp.csr_matrix(
        ([-sign for _, sign, _ in loose], ([row for row, _, _ in loose], range(len(loose)))),
        shape=(table.shape[0], len(loose)),
    )
    cost = [1.0 / max(abs(size), 1.0) for _, _, size in loose]
    return Programme(
        np.r_[np.zeros(n), cost],
        sp.hstack([table, slack]).tocsr(),
        np.r_[np.full(len(most), -np.inf), rules.low],
        np.r_[rules.high, np.full(len(need), np.inf)],
        np.r_[problem.fixed.astype(float), np.zeros(len(loose))],
        np.r_[1.0 - problem.forbidden, np.full(len(loose), np.inf)],
        np.arange(n + len(loose)) < n,
    )


def _kinds_of_rows(problem: SlotProblem, needs: int) -> tuple[list[str], list[str]]:
    """Name the rows of `rules_of`, in its order."""
    limits = problem.limits
    places = int(problem.place.max(initial=-1)) + 1
    most = ["hours"] * bool(np.isfinite(limits.hours))
    most += ["opened"] * bool(np.isfinite(limits.opened))
    most += ["in_place"] * (places * bool(np.isfinite(limits.in_place)))
    if limits.at_once is not None:
        most += ["at_once"] * int(np.isfinite(limits.at_once).sum())
    reach = 0 if limits.reach is None else limits.reach.shape[0]
    return most, ["closed"] * (needs - reach) + ["guarantee"] * reach


def stretched(problem: SlotProblem, parts: Collection[Part], chosen: Sequence[int]) -> SlotProblem:
    """Return `problem` with the limits of `parts` moved to what `chosen` uses, never tighter."""
    kinds = {p.kind for p in parts} & set(LIMITS)
    used = used_by(problem, chosen)
    limits = problem.limits
    changed = {kind: np.maximum(getattr(limits, kind), used[kind]) for kind in kinds}
    moved: dict[str, Any] = {k: v if k == "at_once" else float(v) for k, v in changed.items()}
    return replace(problem, limits=replace(limits, **moved))


def unlimited(problem: SlotProblem, parts: Collection[Part]) -> SlotProblem:
    """Return `problem` with no limit at all of the kinds of `parts`."""
    kinds = {p.kind for p in parts} & set(LIMITS)
    free: dict[str, Any] = {k: None if k == "at_once" else np.inf for k in kinds}
    return replace(problem, limits=replace(problem.limits, **free))


def used_by(problem: SlotProblem, chosen: Sequence[int]) -> dict[str, NDArray[np.float64]]:
    """Return what `chosen` uses of each limit: one number, or [slots] for `at_once`."""
    at = np.asarray(chosen, np.int64)
    slots = 0 if problem.limits.at_once is None else len(problem.limits.at_once)
    held = float(problem.present.sum())
    used = {
        "hours": problem.hours[at].sum(),
        "opened": (~problem.present[at]).sum(),
        "closed": held - problem.present[at].sum(),
        "in_place": np.bincount(problem.place[at], minlength=1).max(),
        "at_once": np.bincount(problem.slot[at], minlength=slots),
    }
    return {kind: np.asarray(value, float) for kind, value in used.items()}
