"""A programme that grows by cuts: HiGHS solves it again from where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np

from territory.analysis.highs import Programme, Solved, answer, new_model

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray

LOOSE = 1e-6  # beyond, a cut does not bind


class Growing:
    """A programme kept in HiGHS: rows are added, columns are bounded, and so on."""

    def __init__(self, programme: Programme, *, seed: int = 0) -> None:
        self._maximise = programme.maximise
        self._columns = len(programme.cost)
        self._first: int = programme.rows.shape[0]
        self._solved = self._first
        self._model = new_model(programme, seed=seed)

    def add(self, rows: sp.csr_matrix, high: NDArray[np.float64]) -> None:
        """Add cuts: `rows` [cuts, columns] x <= `high` [cuts]."""
        if rows.shape[0] == 0:
            return
        low = np.full(rows.shape[0], -highspy.kHighsInf)
        starts, columns = rows.indptr[:-1].astype(np.int32), rows.indices.astype(np.int32)
        self._model.addRows(rows.shape[0], low, high, rows.nnz, starts, columns, rows.data)

    def bound_columns(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> None:
        """Give other bounds, `low` and `high` [columns]."""
        every = np.arange(self._columns, dtype=np.int32)
        self._model.changeColsBounds(self._columns, every, low, high)

    @property
    def cuts(self) -> int:
        """How many cuts are held."""
        rows: int = self._model.getNumRow()
        return rows - self._first

    def forget_loose(self) -> None:
        """Take away the added cuts that do not bind at what was found last."""
        known = slice(self._first, self._solved)  # cuts added since are not judged
        found = np.array(self._model.getSolution().row_value)[known]
        high = np.array(self._model.getLp().row_upper_)[known]
        loose = np.flatnonzero(high - found > LOOSE * np.maximum(np.abs(high), 1.0)) + self._first
        if len(loose):
            self._model.deleteRows(len(loose), loose.astype(np.int32))
            self._solved -= len(loose)

    def solve(self, *, time_limit_s: float) -> Solved:
        """
        Solve within `time_limit_s` seconds, as `highs.solve`.

        Raises KeyboardInterrupt when Ctrl-C stopped HiGHS: the loop that grows it is to end too.
        """
        self._solved = int(self._model.getNumRow())
        found = answer(self._model, time_limit_s, 0.0, None, maximise=self._maximise, whole=False)
        if found.interrupted:
            raise KeyboardInterrupt
        return found
