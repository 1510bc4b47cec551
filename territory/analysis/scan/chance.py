"""What chance alone draws: counts as usual, nobody missed, and their best window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from territory.analysis.scan.kernel import DEFICIT, highest_scores
from territory.model.walks import Walks, square_walks

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from territory.analysis.scan.spread import Spread
    from territory.analysis.scan.windows import Windows

    Array = NDArray[np.float64]

KERNEL_MIN, REACH_MIN = 4.0, 12.0  # how far neighbourhoods vary together, minutes on foot
_BATCH = 50


def highest_by_chance(  # noqa: PLR0913 - the model, the windows and the draws
    windows: Windows,
    expected: Array,
    minutes: ArrayLike | Walks,
    walk: Array,
    spread: Spread,
    *,
    total: int,
    simulations: int,
    seed: int,
) -> Array:
    """
    Return the best score [simulations] of counts drawn as `spread` says, `total` people each.

    A draw multiplies what distance leaves of `expected` by a gamma of each cell and by a log-normal
    field smoothed over the walks of `minutes` (Gaussian, 4 min), then shares `total` at random.
    """
    random = np.random.default_rng(seed)
    usual = expected * spread.usual(walk)
    field = _smoother(square_walks(minutes, len(expected))) if spread.of_zone > 0 else None
    found = [np.zeros(0)]
    for start in range(0, simulations, _BATCH):
        size = (min(_BATCH, simulations - start), len(expected))
        rates = usual * _gammas(random, spread.of_cell, size)
        rates = rates if field is None else rates * _fields(random, spread.of_zone, field, size)
        shares = rates / rates.sum(axis=1, keepdims=True)
        draws = random.multinomial(total, shares).astype(np.int32)
        found.append(_highest(windows, draws, expected, spread))
    return np.concatenate(found)


def _highest(windows: Windows, draws: NDArray[np.int32], expected: Array, spread: Spread) -> Array:
    shape = (windows.order, windows.sizes, windows.closes)
    return highest_scores(*shape, draws, expected, DEFICIT, spread.of_cell)


def _gammas(random: np.random.Generator, variance: float, size: tuple[int, int]) -> Array:
    """Return gammas of mean 1; a floor keeps a whole draw from being empty."""
    if variance <= 0:
        return np.ones(size)
    return np.maximum(random.gamma(1 / variance, variance, size), 1e-12)


def _smoother(minutes: Walks) -> csr_array:
    """Return weights [n, n] that turn white noise into a field of variance 1."""
    near = minutes.within(REACH_MIN)
    weight = near.weights(lambda walk: np.exp(-0.5 * (walk / KERNEL_MIN) ** 2))
    norm = np.sqrt(np.bincount(near.row, weight.data**2, minlength=near.shape[0]))
    return csr_array((weight.data / norm[near.row], weight.indices, weight.indptr), weight.shape)


def _fields(
    random: np.random.Generator, variance: float, smoother: csr_array, size: tuple[int, int]
) -> Array:
    sigma2 = float(np.log1p(variance))
    noise = (smoother @ random.normal(size=size).T).T
    fields: Array = np.exp(np.sqrt(sigma2) * noise - sigma2 / 2)
    return fields
