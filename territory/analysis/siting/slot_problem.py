"""
Which places, on which half-days: what a choice of permanences brings, and the rules it must keep.

People choose between the permanences open and staying away (Huff 1963; with an outside choice,
Benati and Hansen 2002): of those of a row, the share that comes to an option is its pull over the
sum of all pulls open, staying away included.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class SlotLimits:
    """
    What a choice may not exceed, and must hold.

    `hours` staff hours a week, `opened` options that are not held now, `closed` options held now
    that may close, `at_once` [slots] permanences in one half-day (None: any), `in_place` half-days
    of one place; `reach` sparse [guarantees, options]: of each row, one option marked at least is
    chosen (« no QPV farther than n minutes »; None: nothing is guaranteed).
    """

    hours: float = np.inf
    opened: float = np.inf
    closed: float = 0.0
    at_once: NDArray[np.float64] | None = None
    in_place: float = np.inf
    reach: sp.csr_matrix | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SlotProblem:
    """
    Options (a place on a half-day) and the people around, as arrays.

    `weights` [rows]: visits a week that the people of a row would make at the very most; `pull`
    sparse [rows, options], >= 0: how each option draws them; `outside` [rows], > 0: how staying
    away does. `place`, `slot` [options] are numbers from 0; `hours` [options] staff hours a week;
    `capacity` [options] people received in a half-day at most; `least` [options] people below which
    it would not be opened (0: no such rule; never asked of the options held now). `present`,
    `fixed`, `forbidden` [options]: held now, must be chosen, must not.
    """

    weights: NDArray[np.float64]
    pull: sp.csc_matrix
    outside: NDArray[np.float64]
    place: NDArray[np.int64]
    slot: NDArray[np.int64]
    hours: NDArray[np.float64]
    capacity: NDArray[np.float64]
    least: NDArray[np.float64]
    present: NDArray[np.bool_]
    fixed: NDArray[np.bool_]
    forbidden: NDArray[np.bool_]
    limits: SlotLimits = field(default_factory=SlotLimits)

    @property
    def options(self) -> int:
        """Number of options."""
        return len(self.place)


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """`most` x <= `high` and `need` x >= `low`, x [options] of 0 and 1; no coefficient below 0."""

    most: sp.csc_matrix
    high: NDArray[np.float64]
    need: sp.csc_matrix
    low: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Attendance:
    """
    What a choice brings: `coming` [chosen] people a week, `served` of them (capacity), in order.

    `total` is the sum of `served`: the objective; `turned_away` people for whom there is no room;
    `short` how many new options are below their least attendance.
    """

    coming: NDArray[np.float64]
    served: NDArray[np.float64]
    total: float
    turned_away: float
    short: int


def attendance(problem: SlotProblem, chosen: Sequence[int] | NDArray[np.int64]) -> Attendance:
    """
    Return who would come to the options `chosen` (positions [chosen]), people a week.

    Of the visits of a row, option k takes pull_k / (outside + sum of pulls chosen); what goes
    beyond the capacity of an option is turned away, and lost.
    """
    picked = np.asarray(chosen, np.int64)
    pull = problem.pull[:, picked]
    drawn = problem.outside + np.asarray(pull.sum(axis=1), float).ravel()
    coming = np.asarray(pull.T @ (problem.weights / drawn), float).ravel()
    served = np.minimum(coming, problem.capacity[picked])
    asked = np.where(problem.present[picked], 0.0, problem.least[picked])
    short = int((coming < asked - 1e-9).sum())
    total = float(served.sum())
    return Attendance(coming, served, total, float((coming - served).sum()), short)


def rules_of(problem: SlotProblem) -> Rules:
    """Return the limits of `problem` as two sparse systems; rows that bind nothing are left out."""
    limits, n = problem.limits, problem.options
    at = np.arange(n)
    most: list[sp.csr_matrix] = []
    high: list[NDArray[np.float64]] = []

    def add(rows: sp.csr_matrix, bound: NDArray[np.float64]) -> None:
        kept = np.isfinite(bound)
        most.append(sp.csr_matrix(rows)[kept])
        high.append(bound[kept])

    add(sp.csr_matrix(problem.hours[None, :]), np.array([limits.hours]))
    add(sp.csr_matrix((~problem.present)[None, :].astype(float)), np.array([limits.opened]))
    places = int(problem.place.max(initial=-1)) + 1
    by_place = sp.csr_matrix((np.ones(n), (problem.place, at)), shape=(places, n))
    add(by_place, np.full(places, limits.in_place))
    if limits.at_once is not None:
        slots = len(limits.at_once)
        by_slot = sp.csr_matrix((np.ones(n), (problem.slot, at)), shape=(slots, n))
        add(by_slot, np.asarray(limits.at_once, float))
    held = sp.csr_matrix(problem.present[None, :].astype(float))
    kept = max(float(problem.present.sum()) - limits.closed, 0.0)
    reach = (
        sp.csr_matrix((0, n)) if limits.reach is None else sp.csr_matrix(limits.reach, dtype=float)
    )
    need = sp.vstack([held, reach]) if kept > 0 else reach
    low = np.r_[[kept] if kept > 0 else [], np.ones(reach.shape[0])]
    return Rules(sp.vstack(most).tocsc(), np.concatenate(high), sp.csc_matrix(need), low)


def broken(rules: Rules, chosen: Sequence[int] | NDArray[np.int64]) -> tuple[bool, int]:
    """Return whether `chosen` [chosen] goes beyond a limit, and how many guarantees it misses."""
    taken = np.zeros(rules.most.shape[1])
    taken[np.asarray(chosen, np.int64)] = 1.0
    over = bool((rules.most @ taken > rules.high + 1e-9).any())
    return over, int((rules.need @ taken < rules.low - 1e-9).sum())


def checked(problem: SlotProblem) -> SlotProblem:
    """Return `problem`; raises WrongUsage with a French sentence when its arrays make no sense."""
    rows, n = problem.pull.shape
    per_option = ("place", "slot", "hours", "capacity", "least", "present", "fixed", "forbidden")
    sizes = {name: len(getattr(problem, name)) for name in per_option}
    if len(problem.weights) != rows or len(problem.outside) != rows or set(sizes.values()) != {n}:
        raise WrongUsage("Les tableaux des permanences n'ont pas la même longueur.")
    values = (problem.weights, problem.pull.data, problem.hours, problem.capacity, problem.least)
    if any(np.isnan(v).any() or (v < 0).any() for v in values):
        raise WrongUsage("Une grandeur des permanences est négative ou inconnue.")
    if not (np.isfinite(problem.outside).all() and (problem.outside > 0).all()):
        raise WrongUsage("L'attrait de rester chez soi doit être un nombre positif.")
    return problem
