"""A programme that grows by cuts: HiGHS solves it again from where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np

from territory.analysis.highs import Programme, Solved, answer, new_model

if TYPE_CHECKING:
    import scipy.sparse as sp
    from numpy.typing import NDArray


class Growing:
    """A programme kept in HiGHS: rows are added, columns are fixed or made whole, and so on."""

    def __init__(self, programme: Programme, *, seed: int = 0) -> None:
        self._maximise = programme.maximise
        self._columns = len(programme.cost)
        self._first = programme.rows.shape[0]
        self._whole = False
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

    def make_whole(self, columns: NDArray[np.int64]) -> None:
        """Ask integers of `columns` [some], positions, from now on."""
        kinds = np.full(len(columns), highspy.HighsVarType.kInteger)
        self._model.changeColsIntegrality(len(columns), columns.astype(np.int32), kinds)
        self._whole = True

    def forget_loose(self) -> None:
        """Take away the added cuts that do not bind at what was found last."""
        lp = self._model.getLp()
        found = np.array(self._model.getSolution().row_value)[self._first :]
        high = np.array(lp.row_upper_)[self._first :]
        loose = np.flatnonzero(high - found > 1e-6 * np.maximum(np.abs(high), 1.0)) + self._first
        if len(loose):
            self._model.deleteRows(len(loose), loose.astype(np.int32))

    def solve(
        self,
        *,
        time_limit_s: float,
        gap: float = 0.0,
        start: NDArray[np.float64] | None = None,
    ) -> Solved:
        """Solve within `time_limit_s` seconds, as `highs.solve`; `start` [columns] is known."""
        return answer(self._model, time_limit_s, gap, start, maximise=self._maximise,
                      whole=self._whole)  # fmt: skip
