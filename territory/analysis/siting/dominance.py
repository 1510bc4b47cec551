"""What a covering question can do without: equal demands, and candidates worse than another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Marks = NDArray[np.bool_]


def as_table(covers: object) -> sp.csr_matrix:
    """Return `covers` as a sparse table of int8 ones, sorted, without any stored zero."""
    table = sp.csr_matrix(covers, dtype=bool).astype(np.int8)
    table.sum_duplicates()
    table.eliminate_zeros()
    table.sort_indices()
    table.data = np.ones_like(table.data)
    return table


def equal_rows(table: sp.csr_matrix) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """
    Return one row of each group of equal rows, and the group [rows] of every row.

    Rows are compared by two sums of 64 random bits drawn for each column: two different rows agree
    once in 2^128.
    """
    bits = np.random.default_rng(0).integers(0, 2**64, (2, table.shape[1]), dtype=np.uint64)
    ends = np.zeros((2, table.nnz + 1), np.uint64)
    np.cumsum(bits[:, table.indices], axis=1, out=ends[:, 1:])
    sums = ends[:, table.indptr[1:]] - ends[:, table.indptr[:-1]]
    order = np.lexsort(sums)
    fresh = np.ones(len(order), bool)
    fresh[1:] = (sums[:, order[1:]] != sums[:, order[:-1]]).any(axis=0)
    group = np.empty(len(order), np.intp)
    group[order] = np.cumsum(fresh) - 1
    return order[fresh], group


def not_dominated(table: sp.csr_matrix, cost: NDArray[np.float64]) -> Marks:
    """
    Mark the columns worth keeping: no other one holds all their rows at no more `cost` [columns].

    Of equal columns of equal cost the first stays. Columns without a row are worth nothing.
    """
    from territory.analysis.siting.cover_kernel import dominated  # noqa: PLC0415 - numba is slow

    columns = table.tocsc()
    columns.sort_indices()
    worse = dominated(columns.indptr, columns.indices, table.indptr, table.indices, cost, 1)
    kept: Marks = ~worse
    return kept


def not_implied(table: sp.csr_matrix) -> Marks:
    """Mark the [rows] worth keeping when all must be covered: none holds all of another one."""
    from territory.analysis.siting.cover_kernel import dominated  # noqa: PLC0415 - numba is slow

    columns = table.tocsc()
    columns.sort_indices()
    worse = dominated(
        table.indptr, table.indices, columns.indptr, columns.indices, np.zeros(table.shape[0]), 0
    )
    kept: Marks = ~worse
    return kept


def smallest_cover(
    table: sp.csr_matrix,
) -> tuple[sp.csr_matrix, NDArray[np.intp], NDArray[np.intp]]:
    """
    Return what is left of « cover all rows by few columns », its [columns], and those forced.

    Rows implied by others and dominated columns are left out in turn, and a row with one column
    forces it, until nothing changes; every row has a column.
    """
    names = np.arange(table.shape[1])
    forced = np.zeros(0, np.intp)
    while True:
        before = table.shape
        table = table[not_implied(table)]
        kept = not_dominated(table, np.ones(len(names)))
        table, names = table[:, kept], names[kept]
        alone = np.unique(table[np.diff(table.indptr) == 1].indices)
        if len(alone):
            held = table[:, alone].sum(axis=1).A1 > 0
            forced = np.r_[forced, names[alone]]
            left = np.setdiff1d(np.arange(len(names)), alone)
            table, names = table[~held][:, left], names[left]
        if table.shape == before:
            return table, names, forced
