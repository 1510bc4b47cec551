"""Hot and cold spots by local sums (G and G*), a second opinion beside the scan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from territory.errors import WrongUsage

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]


def local_g(values: ArrayLike, weights: ArrayLike | sparse.sparray, *, star: bool = True) -> Array:
    """
    Return the z-score [n] of the local sum around each place (Ord and Getis 1995).

    `values` [n]; `weights` [n, n], dense or sparse, >= 0, of any scale by row: z does not change
    when a row is multiplied. G* (`star`) counts the place itself, with the largest weight of its
    row when the diagonal has none; G leaves it out. 0 where nothing varies or nobody is a
    neighbour; NaN where the value is unknown, which then weighs on nobody. Raises WrongUsage when
    shapes do not agree or a weight is negative or unknown.
    """
    numbers, table = np.asarray(values, float).ravel(), _table(weights)
    n = len(numbers)
    if table.shape != (n, n):
        raise WrongUsage(f"Poids {table.shape} pour {n} valeurs : il faut un carré.")
    if n and (not np.isfinite(table.data).all() or (table.data < 0).any()):
        raise WrongUsage("Un poids est négatif ou inconnu.")
    known = np.isfinite(numbers)
    scores = np.full(n, np.nan)
    kept = sparse.csr_array(table[known][:, known])
    scores[known] = _with_itself(numbers[known], kept) if star else _alone(numbers[known], kept)
    return scores


def _table(weights: ArrayLike | sparse.sparray) -> sparse.csr_array:
    if sparse.issparse(weights):
        return sparse.csr_array(weights).astype(float)
    dense = np.asarray(weights, float)
    return sparse.csr_array(np.zeros((0, 0)) if dense.size == 0 else np.atleast_2d(dense))


def _with_itself(values: Array, weights: sparse.csr_array) -> Array:
    n = len(values)
    if n < 2:  # noqa: PLR2004 - nothing to compare with
        return np.zeros(n)
    own, most = weights.diagonal(), weights.max(axis=1).toarray().ravel()
    added = np.where(own > 0, 0.0, np.where(most > 0, most, 1.0))
    table = weights + sparse.dia_array((added[None, :], [0]), shape=(n, n)).tocsr()
    spread = (values**2).mean() - values.mean() ** 2
    return _scores(values, table, np.full(n, values.mean()), np.full(n, spread), n)


def _alone(values: Array, weights: sparse.csr_array) -> Array:
    n = len(values)
    if n < 3:  # noqa: PLR2004 - nothing to compare with
        return np.zeros(n)
    own = sparse.dia_array((weights.diagonal()[None, :], [0]), shape=(n, n)).tocsr()
    mean = (values.sum() - values) / (n - 1)
    spread = ((values**2).sum() - values**2) / (n - 1) - mean**2
    return _scores(values, weights - own, mean, spread, n - 1)


def _scores(
    values: Array, weights: sparse.csr_array, mean: Array, spread: Array, others: int
) -> Array:
    """Return (local sum - expected) / standard deviation, over `others` places."""
    sums, squares = weights.sum(axis=1), weights.power(2).sum(axis=1)
    variance = spread * (others * squares - sums**2) / (others - 1)
    floor = 1e-12 * np.maximum(mean**2, 1e-300) * np.maximum(sums**2, 1e-300)
    clear = variance > floor
    scores: Array = np.zeros(len(values))
    scores[clear] = ((weights @ values) - sums * mean)[clear] / np.sqrt(variance[clear])
    return scores


def below_false_discovery(p_values: ArrayLike, *, rate: float = 0.05) -> NDArray[np.bool_]:
    """
    Return which of `p_values` [n] stand when at most `rate` of those kept may be false.

    Benjamini and Hochberg 1995; for maps, Caldas de Castro and Singer 2006. NaN never stands.
    """
    chances = np.asarray(p_values, float).ravel()
    known = np.isfinite(chances)
    ranked = np.sort(chances[known])
    passing = ranked <= rate * np.arange(1, len(ranked) + 1) / max(len(ranked), 1)
    threshold = ranked[passing].max(initial=-1.0)
    kept: NDArray[np.bool_] = known & (np.nan_to_num(chances, nan=2.0) <= threshold)
    return kept
