"""What no choice of sites can cover more than: Lagrangian bound, and candidates it rules out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

    from territory.analysis.siting.cover_problem import Reduced

    Marks = NDArray[np.bool_]
    Reals = NDArray[np.float64]
    Sites = tuple[float, Reals, NDArray[np.intp]]

LOST = 1e-6  # what floats may lose, in units
TINY = 1e-5  # of a step
TOLD = 1e-10  # of a value: less is no difference
HALVINGS = 40  # of the price of money
FIRST, STEP, FLATTER, CALM = 0.1, 1.0, 0.7, 10  # of the volume algorithm
SHORT, LONG = 0.01, 0.3  # share that the last answer takes in the mean, at least and at most


@dataclass(frozen=True, slots=True)
class Bound:
    """
    A proven upper bound of a reduced question, and what goes with it.

    `extra` [candidates] is what forcing a candidate in (it is below 0) or out (above 0) costs;
    `share` [candidates] is how far each is open in a nearly best fractional answer.
    """

    value: float
    prices: Reals
    extra: Reals
    share: Reals


def sites_bound(scores: Reals, problem: Reduced) -> Sites:
    """
    Return the most that allowed sites sum of `scores` [candidates], their extras, and which.

    Money has a price (relaxed, the best found by halving); how many may open is kept.
    """
    if not np.isfinite(problem.budget):
        return _top(scores, problem.most)
    low, high = 0.0, float((scores / np.maximum(problem.cost, 1e-12)).max(initial=0.0))
    found = _top(scores, problem.most)
    if problem.cost[found[2]].sum() <= problem.budget:
        return found
    found = _priced(scores, problem, high)
    for _ in range(HALVINGS):
        price = (low + high) / 2
        tried = _priced(scores, problem, price)
        found = min(found, tried, key=lambda f: f[0])
        if problem.cost[tried[2]].sum() > problem.budget:
            low = price
        else:
            high = price
    return found


def _priced(scores: Reals, problem: Reduced, price: float) -> Sites:
    value, extra, which = _top(scores - price * problem.cost, problem.most)
    return value + price * problem.budget, extra, which


def _top(scores: Reals, most: int) -> Sites:
    order = np.argsort(-scores, kind="stable")
    top, left = order[:most], order[most:]
    extra = scores.copy()
    if len(left) and len(top):
        extra[top] -= max(scores[left[0]], 0.0)
        extra[left] -= max(scores[top[-1]], 0.0)
    which = top[scores[top] > 0]
    return float(scores[which].sum()), extra, which


def priced_bound(problem: Reduced, prices: Reals, columns: sp.csr_matrix) -> Bound:
    """Return the bound of any `prices` [demands], clipped; `columns` [candidates, demands]."""
    paid = np.clip(prices, 0.0, problem.weights)
    value, extra, which = sites_bound(problem.own + columns @ paid, problem)
    share = np.zeros(len(problem.own))
    share[which] = 1.0
    return Bound(value + float((problem.weights - paid).sum()), paid, extra, share)


def lagrangian(problem: Reduced, known: float, *, until: float, tries: int) -> Bound:
    """
    Return the best bound found by the volume algorithm (Barahona, Anbil 2000).

    Rows « a demand is covered by what is open » are relaxed; `known` is what a choice covers.
    Stops after `tries`, when the steps are tiny, or when the clock says `until`.
    """
    columns = problem.table.T.tocsr().astype(float)
    rows = problem.table.astype(float)
    best = priced_bound(problem, problem.weights * FIRST, columns)
    mean, step, stale = best.share, STEP, 0
    for _ in range(tries):
        slope = rows @ mean - 1.0
        slope[(best.prices <= 0) & (slope > 0)] = 0.0
        slope[(best.prices >= problem.weights) & (slope < 0)] = 0.0
        size = float(slope @ slope)
        gap = best.value - known
        if size <= 0 or gap <= 0 or step < TINY or time.perf_counter() >= until:
            break
        tried = priced_bound(problem, best.prices - step * gap / size * slope, columns)
        mean = mean + _weight(rows @ (tried.share - mean), rows @ mean - 1.0) * (tried.share - mean)
        if tried.value < best.value:
            better = best.value - tried.value
            best, stale = tried, 0
            step *= 1.1 if better > 1e-4 * gap else 1.0
        else:
            stale += 1
            if stale % CALM == 0:
                step *= FLATTER
    return Bound(best.value, best.prices, best.extra, mean)


def _weight(change: Reals, slope: Reals) -> float:
    """Return the share of the last answer that brings the mean nearest to keeping all rows."""
    square = float(change @ change)
    best = -float(slope @ change) / square if square > 0 else SHORT
    return min(max(best, SHORT), LONG)


def goal(known: float, unit: float) -> float:
    """Return what better than `known` is: by `unit` (0 = by anything that floats can tell)."""
    return known + (unit * (1 - LOST) if unit > 0 else TOLD * known)


def settled(bound: Bound, known: float, unit: float) -> tuple[Marks, Marks]:
    """
    Mark what no choice better than `known` has, and what every one has, both [candidates].

    Better is as `goal` says; the bound must leave room for it, else everything is both.
    """
    better = goal(known, unit)
    return bound.value + bound.extra < better, (bound.value - bound.extra < better)
