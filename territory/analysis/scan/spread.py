"""
How counts vary where nobody is missed: between cells, between neighbourhoods, and with distance.

A low-rate scan that takes counts for Poisson finds « zones » in any outreach log. Three departures
are told apart here, outside the windows that lead: cells vary (gamma), neighbourhoods vary
together (log-normal, seen in disjoint walking balls), and people far from a permanence come less.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy

from territory.analysis.gamma_poisson import fit_gamma_poisson
from territory.analysis.scan.kernel import DEFICIT, window_scores
from territory.analysis.scan.leading import leading_windows
from territory.analysis.scan.windows import Windows, nearest_windows

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from territory.model.walks import Walks

    Array = NDArray[np.float64]
    Mask = NDArray[np.bool_]

FAR_MIN = 60.0  # longer walks are all alike
_MOST_DECAY = 0.01  # a minute squared: a half at 8 minutes
_CLEAR = 2.5  # standard deviations: such windows are left out of what is usual
_LEADING, _ROUNDS = 12, 3
_BALL_MIN, _BALL_SHARE, _LEAST_SHARE = 9.0, 0.015, 0.005


@dataclass(frozen=True, slots=True)
class Spread:
    """
    What is usual: counts in proportion to expected x exp(-decay x minutes^2), with two variances.

    `of_cell` and `of_zone` are variances of the ratio to it; `decay` is per minute squared of walk
    to the nearest permanence, up to an hour.
    """

    of_cell: float
    of_zone: float
    decay: float

    def usual(self, walk: Array) -> Array:
        """Return, per cell [n], the share of its expected count that distance leaves, <= 1."""
        share: Array = np.exp(-self.decay * np.minimum(walk, FAR_MIN) ** 2)
        return share


def scores(windows: Windows, observed: Array, expected: Array, spread: Spread) -> Array:
    """
    Return, per window [n, K], how many standard deviations are missing; 0 when none is.

    The variance of neighbourhoods is left to the null: in the score it costs power on large zones.
    """
    shape = (windows.order, windows.sizes, windows.closes)
    return window_scores(*shape, observed, expected, DEFICIT, spread.of_cell)


def usual_spread(
    observed: Array,
    expected: Array,
    minutes: ArrayLike | Walks,
    walk: Array,
    windows: Windows,
    lived: Mask,
) -> Spread:
    """
    Fit what is usual to the lived-in cells outside the windows that clearly lead.

    `observed` and `expected` [n] are counts of the same sum, `minutes` [n, n] walks between cells,
    `walk` [n] walks to the nearest permanence (inf = none), `lived` [n] the cells to learn from.
    Three rounds: score the windows, set the clear ones aside, fit again. The decay and the variance
    of cells are by maximum likelihood, that of neighbourhoods by moments.
    """
    spread = Spread(_of_cells(observed[lived], expected[lived])[1], 0.0, 0.0)
    around = nearest_windows(minutes, expected, eligible=lived, limit=_BALL_MIN, max_share=1.0)
    for _ in range(_ROUNDS):
        kept = lived & ~_clear(windows, scores(windows, observed, expected, spread))
        decay = _decay(observed[kept], expected[kept], walk[kept], spread.of_cell)
        near = Spread(0.0, 0.0, decay).usual(walk) * expected
        mean, of_cell = _of_cells(observed[kept], near[kept])
        of_zone = _of_zones(observed, mean * near, of_cell, _balls(around, expected, kept))
        spread = Spread(of_cell, of_zone, decay)
    return spread


def _of_cells(observed: Array, expected: Array) -> tuple[float, float]:
    """Return the mean ratio and the variance of ratios (of a mean of 1) between cells."""
    law = fit_gamma_poisson(observed, expected)
    if not np.isfinite(law.mean):
        return 1.0, 0.0
    return law.mean, 0.0 if np.isinf(law.shape) else 1.0 / law.shape


def _clear(windows: Windows, table: Array) -> Mask:
    clear = np.zeros(len(windows.sizes), bool)
    for members, score in leading_windows(windows, table, count=_LEADING):
        if score > _CLEAR:
            clear[members] = True
    return clear


def _decay(observed: Array, expected: Array, walk: Array, of_cell: float) -> float:
    """Return the decay of highest likelihood, the variance between cells being given."""
    squared, shape = np.minimum(walk, FAR_MIN) ** 2, 1.0 / max(of_cell, 1e-6)
    if not observed.sum() or not expected.sum():
        return 0.0

    def misfit(decay: float) -> float:
        fitted = expected * np.exp(-decay * squared)
        fitted *= observed.sum() / max(fitted.sum(), 1e-300)
        chance = observed * np.log(np.maximum(fitted, 1e-300) / (shape + fitted))
        return float((shape * np.log1p(fitted / shape) - chance).sum())

    found = scipy.optimize.minimize_scalar(misfit, bounds=(0.0, _MOST_DECAY), method="bounded")
    return float(found.x) if misfit(float(found.x)) < misfit(0.0) else 0.0


def _balls(windows: Windows, expected: Array, kept: Mask) -> list[NDArray[np.int32]]:
    """Return disjoint walking balls over the kept cells, from the most expected on."""
    free, total, balls = kept.copy(), float(expected.sum()), []
    for centre in np.argsort(-expected, kind="stable"):
        if not free[centre]:
            continue
        around = windows.order[centre, : windows.sizes[centre]]
        around = around[free[around]]
        before = np.cumsum(expected[around]) - expected[around]
        ball = around[before < _BALL_SHARE * total]
        free[ball] = False
        if expected[ball].sum() >= _LEAST_SHARE * total:
            balls.append(ball)
    return balls


def _of_zones(
    observed: Array, fitted: Array, of_cell: float, balls: list[NDArray[np.int32]]
) -> float:
    """Return the variance between balls, beyond chance and cells, by moments floored at 0."""
    balls = [ball for ball in balls if fitted[ball].sum() > 0]
    if not balls:
        return 0.0
    counts = np.array([observed[b].sum() for b in balls])
    norm = np.array([fitted[b].sum() for b in balls])
    chance = norm + of_cell * np.array([(fitted[b] ** 2).sum() for b in balls])
    return max(0.0, float(((counts - norm) ** 2 - chance).sum() / (norm**2).sum()))
