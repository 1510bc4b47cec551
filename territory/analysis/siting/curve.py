"""What one more permanence brings, then one more: the curve, its elbow, hours per person gained."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.siting.cover import max_cover
from territory.analysis.siting.settled_slots import settled_slots
from territory.analysis.siting.slot_problem import attendance, checked
from territory.analysis.siting.solvers import TIGHT, ending_of
from territory.errors import WrongUsage
from territory.model.dialogue_results import Curve, CurvePoint
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.analysis.siting.solvers import Found, SlotSolver

Solve = Callable[[int, tuple[int, ...]], "Found"]


def slot_curve(problem: SlotProblem, most: int, solve: SlotSolver = settled_slots) -> Curve:
    """
    Return the best choice with 0, 1 ... `most` new options (`limits.opened`), solved by `solve`.

    The other limits hold all along; a choice is the start of the next search and is kept when that
    search finds nothing better. Left at the first step that gains nothing. Raises WrongUsage when
    `most` is negative.
    """
    checked(problem)

    def at_most(added: int, start: tuple[int, ...]) -> Found:
        limited = replace(problem, limits=replace(problem.limits, opened=float(added)))
        return solve(limited, start=start)

    def worth(chosen: tuple[int, ...]) -> float:
        return attendance(problem, chosen).total

    return _curve(at_most, worth, problem.hours, most)


def cover_curve(
    weights: NDArray[np.float64],
    covers: object,
    most: int,
    *,
    fixed: Sequence[int] = (),
    forbidden: Sequence[int] = (),
    time_limit_s: float = 20.0,
) -> Curve:
    """
    Return the weight covered by 0, 1 ... `most` places more than the `fixed` ones (`max_cover`).

    Arguments as there: `weights` [demand], `covers` [demand, candidates]; `time_limit_s` seconds a
    point. The hours of a point are its places. Raises WrongUsage when `most` is negative.
    """
    table = sp.csc_matrix(covers, dtype=bool)

    def exactly(added: int, _: tuple[int, ...]) -> Found:
        p = len(set(fixed)) + added
        kept = {"fixed": fixed, "forbidden": forbidden, "time_limit_s": time_limit_s}
        return max_cover(weights, table, p, **kept)  # type: ignore[arg-type]

    def worth(chosen: tuple[int, ...]) -> float:
        near = np.asarray(table[:, list(chosen)].sum(axis=1)).ravel() > 0
        return float(np.asarray(weights, float)[near].sum())

    left = table.shape[1] - len(set(fixed) | set(forbidden))
    return _curve(exactly, worth, np.ones(table.shape[1]), min(most, left))


def _curve(
    solve: Solve,
    worth: Callable[[tuple[int, ...]], float],
    hours: NDArray[np.float64],
    most: int,
) -> Curve:
    if most < 0:
        raise WrongUsage("Le nombre de permanences à ajouter ne peut pas être négatif.")
    points: list[CurvePoint] = []
    impossible: list[int] = []
    for added in range(most + 1):
        before = points[-1] if points else None
        found = solve(added, before.chosen if before else ())
        if found.ending is Ending.IMPOSSIBLE and before is None:
            impossible.append(added)
            continue
        points.append(_point(added, found, worth, hours, before))
        if before is not None and points[-1].gain == 0.0:
            break
    tight = _bounded(points)
    flat = len(tight) > 1 and tight[-1].gain == 0.0
    return Curve(tuple(tight), _concave(tight), _elbow(tight), flat, tuple(impossible))


def _point(
    added: int,
    found: Found,
    worth: Callable[[tuple[int, ...]], float],
    hours: NDArray[np.float64],
    before: CurvePoint | None,
) -> CurvePoint:
    """Keep the choice before when `found` is no better: what may be opened need not be."""
    chosen, value = found.chosen, worth(found.chosen)
    if before and (found.ending is Ending.IMPOSSIBLE or value <= before.value * (1 + TIGHT)):
        chosen, value = before.chosen, before.value
    spent = float(hours[list(chosen)].sum())
    gain = None if before is None else value - before.value
    cost = (spent - before.hours) / gain if before and gain else None
    bound = max(found.bound, value) if found.ending is not Ending.IMPOSSIBLE else np.inf
    return CurvePoint(added, chosen, value, bound, gain, spent, cost, found.ending)


def _bounded(points: list[CurvePoint]) -> list[CurvePoint]:
    """Whatever bounds a longer choice bounds a shorter one too."""
    least = np.minimum.accumulate([p.bound for p in points[::-1]])[::-1]
    return [
        replace(p, bound=float(b), ending=ending_of(p.value, float(b), p.ending))
        for p, b in zip(points, least, strict=True)
    ]


def _concave(points: list[CurvePoint]) -> bool:
    gains = [p.gain for p in points if p.gain is not None]
    slack = TIGHT * max((p.value for p in points), default=0.0)
    return all(b <= a + slack for a, b in pairwise(gains))


def _elbow(points: list[CurvePoint]) -> int | None:
    values = np.array([p.value for p in points])
    if len(values) < 3:  # noqa: PLR2004 - a line has two ends
        return None
    above = values - np.linspace(values[0], values[-1], len(values))
    best = int(np.argmax(above))
    return points[best].added if above[best] > TIGHT * abs(values[-1]) else None
