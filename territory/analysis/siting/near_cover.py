"""Sets of places seen as covering: what a set covers, and what any other place may add to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.siting.best_sets import Look
from territory.errors import WrongUsage

if TYPE_CHECKING:
    from numpy.typing import NDArray


class CoverQuestion:
    """
    Choose `p` candidates covering most weight; `weights` [demand], `covers` [demand, candidates].

    Covering is submodular (Nemhauser, Wolsey, Fisher 1978): what a candidate adds to a set is the
    most it adds to any larger one. Raises WrongUsage when the arrays make no sense.
    """

    def __init__(self, weights: NDArray[np.float64], covers: object, p: int) -> None:
        self._weights = np.asarray(weights, float)
        self._table = sp.csc_matrix(covers, dtype=bool).astype(float)
        self._p = p
        if self._weights.shape != (self._table.shape[0],):
            raise WrongUsage("Il faut un poids pour chaque ligne de la table de couverture.")
        if not (np.isfinite(self._weights) & (self._weights >= 0)).all():
            raise WrongUsage("Un poids est négatif, infini ou inconnu.")

    @property
    def candidates(self) -> int:
        """Number of candidates."""
        return int(self._table.shape[1])

    def look(self, chosen: tuple[int, ...], left: NDArray[np.int64]) -> Look | None:
        """Return the weight covered by `chosen`, and what each of `left` [left] would add."""
        if len(chosen) > self._p:
            return None
        near = np.asarray(self._table[:, list(chosen)].sum(axis=1)).ravel() > 0
        more = left if len(chosen) < self._p else left[:0]
        promise = np.asarray(self._table[:, more].T @ np.where(near, 0.0, self._weights)).ravel()
        value = float(self._weights[near].sum())
        return Look(value, len(chosen) == self._p, more, promise)

    def most(
        self, chosen: tuple[int, ...], left: NDArray[np.int64], promise: NDArray[np.float64]
    ) -> float:
        """Return the sum of the largest promises [left] that there are places left for."""
        return float(promise[: min(self._p - len(chosen), len(left))].sum())

    def possible(self, chosen: tuple[int, ...], left: NDArray[np.int64]) -> bool:
        """Return whether `left` [left] is enough to reach p places."""
        return len(chosen) + len(left) >= self._p
