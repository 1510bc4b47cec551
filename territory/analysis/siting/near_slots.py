"""Choices of permanences seen one option at a time: what they receive, what others may add."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.siting.best_sets import Look
from territory.analysis.siting.slot_problem import rules_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.siting.slot_problem import SlotProblem

    Array = NDArray[np.float64]
    Whole = NDArray[np.int64]

SLACK = 1e-9


class SlotQuestion:
    """
    The choice of `problem`, for the search of all good sets.

    Bound: let F be the options of a set that are full. Whatever is added, each of F receives its
    capacity at most, and all others together what they would without capacities if F stayed open;
    this sum is submodular, so that added options add at most the sum of what each adds alone, and
    each its capacity at most.
    """

    def __init__(self, problem: SlotProblem) -> None:
        self._problem = problem
        self._pull = sp.csc_matrix(problem.pull, dtype=float)
        rules = rules_of(problem)
        self._least = np.where(problem.present | problem.fixed, 0.0, problem.least) - SLACK
        self._most, self._need = rules.most.tocsc(), rules.need.tocsc()  # [rules, options]
        self._high, self._low = rules.high + SLACK, rules.low - SLACK

    def look(self, chosen: tuple[int, ...], left: Whole) -> Look | None:
        """
        Return what `chosen` receives, and what each of `left` [left] may add.

        None when a limit or a least attendance is broken: more options would only make it worse.
        """
        problem, at = self._problem, np.asarray(chosen, np.int64)
        pull = self._pull[:, at]
        drawn = problem.outside + np.asarray(pull.sum(axis=1)).ravel()
        coming = np.asarray(pull.T @ (problem.weights / drawn)).ravel()
        if (coming < self._least[at]).any():
            return None
        used = _summed(self._most, at)
        if (used > self._high).any():
            return None
        fits = left[_within(self._most[:, left], self._high - used)]
        full = coming > problem.capacity[at]
        away = problem.outside + np.asarray(pull[:, full].sum(axis=1)).ravel()
        value = float(np.minimum(coming, problem.capacity[at]).sum())
        answers = bool((_summed(self._need, at) >= self._low).all())
        return Look(value, answers, fits, self._promise(fits, drawn, away))

    def most(self, chosen: tuple[int, ...], left: Whole, promise: Array) -> float:
        """Return what may be added under one limit at a time [left], the least of these."""
        problem, at = self._problem, list(chosen)
        new = ~problem.present[left]
        limits = problem.limits
        opened = limits.opened - int((~problem.present[at]).sum())
        bounds = [float(promise[~new].sum()) + _largest(promise[new], opened)]
        if np.isfinite(limits.in_place):
            all_places = np.full(int(problem.place.max(initial=-1)) + 1, limits.in_place)
            parts = problem.place[at], problem.place[left]
            bounds.append(_by_part(parts, all_places, promise, new, opened))
        if limits.at_once is not None:
            parts = problem.slot[at], problem.slot[left]
            bounds.append(_by_part(parts, np.asarray(limits.at_once, float), promise, new, opened))
        if np.isfinite(limits.hours):
            spare = limits.hours - float(problem.hours[at].sum())
            bounds.append(_knapsack(promise, problem.hours[left], spare))
        return min(bounds)

    def possible(self, chosen: tuple[int, ...], left: Whole) -> bool:
        """Return whether all of `left` [left] together would keep every guarantee."""
        if not len(self._low):
            return True
        met = _summed(self._need, [*chosen, *left])
        return bool((met >= self._low).all())

    def _promise(self, left: Whole, drawn: Array, away: Array) -> Array:
        part = self._pull[:, left]
        rows = part.indices
        each = part.data * (self._problem.weights * away / drawn)[rows] / (drawn[rows] + part.data)
        columns = np.repeat(np.arange(len(left)), np.diff(part.indptr))
        alone = np.bincount(columns, each, minlength=len(left))
        return np.minimum(alone, self._problem.capacity[left])


def _summed(rules: sp.csc_matrix, at: Whole | list[int]) -> Array:
    """Return what the options `at` take together of each rule [rules]."""
    return np.asarray(rules[:, at].sum(axis=1), float).ravel()


def _within(rules: sp.csc_matrix, room: Array) -> NDArray[np.bool_]:
    """Return which options [options] of `rules` take no more than `room` [rules], none below 0."""
    option = np.repeat(np.arange(rules.shape[1]), np.diff(rules.indptr))
    over = rules.data > room[rules.indices]
    enough = np.ones(rules.shape[1], bool)
    enough[option[over]] = False
    return enough


def _largest(promise: Array, count: float) -> float:
    """Sum the `count` first of `promise` (falling)."""
    return float(promise[: int(min(max(count, 0), len(promise)))].sum())


def _by_part(
    parts: tuple[Whole, Whole], room: Array, promise: Array, new: NDArray[np.bool_], opened: float
) -> float:
    """
    Sum the best of each part (a place, a half-day) up to its `room`, `opened` new ones at most.

    `parts` are those of the options chosen and of the options left.
    """
    taken, part = parts
    spare = room - np.bincount(taken, minlength=len(room))
    held, fresh = (promise[w][_ranks(part[w]) < spare[part[w]]] for w in (~new, new))
    return float(held.sum()) + _largest(fresh, opened)


def _ranks(part: Whole) -> Whole:
    """Return how many before each one are of the same part."""
    order = np.argsort(part, kind="stable")
    ranks = np.empty(len(part), np.int64)
    ranks[order] = np.arange(len(part)) - np.searchsorted(part[order], part[order])
    return ranks


def _knapsack(promise: Array, hours: Array, spare: float) -> float:
    """Fill the hours left with the best promises an hour, the last one in part (Dantzig 1957)."""
    free = hours <= 0
    order = np.argsort(-promise[~free] / hours[~free], kind="stable")
    value, cost = promise[~free][order], hours[~free][order]
    part = np.clip((spare - (np.cumsum(cost) - cost)) / cost, 0.0, 1.0)
    return float(promise[free].sum() + (value * part).sum())
