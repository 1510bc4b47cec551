"""
Which counts of a published table must be hidden, so that none can be found again by subtraction.

Counts of 1 to k - 1 people are hidden (primary suppression), then enough others (secondary) for no
hidden count to be known within less than the range of small counts, whoever adds and subtracts what
is printed: bounds by linear programming, as in tau-Argus (Fischetti and Salazar 2000).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from territory.analysis.highs import STATUS, Programme, Rows, new_model
from territory.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

K_PUBLIC, K_LEAST = 11, 5
TOTAL = "Total"

Sum = tuple[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Additive:
    """Counts [n] that add up: each of `sums` is (position of the total, positions of its parts)."""

    counts: NDArray[np.int64]
    sums: tuple[Sum, ...]


def with_totals(table: pd.DataFrame) -> tuple[pd.DataFrame, Additive]:
    """Return a table of counts with its margins (« Total »), and its cells as `Additive`."""
    whole = table.astype("int64")
    whole = pd.concat([whole, whole.sum().to_frame(TOTAL).T])
    whole = whole.assign(**{TOTAL: whole.sum(axis=1)})
    rows, columns = whole.shape
    at = np.arange(rows * columns).reshape(rows, columns)
    lines = [(int(r[-1]), tuple(map(int, r[:-1]))) for r in at]
    lines += [(int(c[-1]), tuple(map(int, c[:-1]))) for c in at.T]
    return whole, Additive(whole.to_numpy().ravel(), tuple(lines))


def hidden_table(table: pd.DataFrame, *, k: int = K_PUBLIC) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Return a table of counts [rows x columns] with its totals, and which cells (bool) to hide.

    Raises WrongUsage when `k` is below 5.
    """
    whole, cells = with_totals(table)
    mask = hidden(cells, k=k).reshape(whole.shape)
    return whole, pd.DataFrame(mask, index=whole.index, columns=whole.columns)


def hidden(cells: Additive, *, k: int = K_PUBLIC) -> NDArray[np.bool_]:
    """
    Return which counts to hide, bool [n]; zeros are shown.

    Every count of 1 to k - 1 is hidden, then the smallest others until each of these could be
    anything over a range of k - 1 or more. Deterministic. Raises WrongUsage when `k` is below 5.
    """
    if k < K_LEAST:
        raise WrongUsage(f"Le seuil de publication ne peut pas être plus petit que {K_LEAST}.")
    small = (cells.counts > 0) & (cells.counts < k)
    mask = _paired(cells, small)
    while True:
        weak = _weakest(cells, mask, small, k)
        if weak is None:
            return mask
        one_more = _next_to_hide(cells, mask, weak)
        if one_more is None:
            return mask | (cells.counts > 0)
        mask = _paired(cells, mask | (np.arange(len(mask)) == one_more))


def hidden_besides(
    cells: Additive, mask: NDArray[np.bool_], free: NDArray[np.bool_], *, k: int = K_PUBLIC
) -> NDArray[np.bool_]:
    """
    Return `mask` with enough of the `free` counts hidden beside those that are out already.

    `mask` are the counts hidden so far, `free` bool [n] those that may still be: the others were
    printed before, and cannot be taken back. A small count that these alone give is left so.
    """
    mask, every = mask.copy(), None
    model = _model(cells, mask)
    small = (cells.counts > 0) & (cells.counts < k) & mask
    for position in map(int, np.flatnonzero(small)):
        while _known(_range(model, cells, mask, position), k):
            every = _model(cells, mask | free) if every is None else every
            one_more = _next_to_hide(cells, mask | ~free, position)
            if one_more is None or _known(_range(every, cells, mask | free, position), k):
                break
            mask[one_more] = True
            model = _model(cells, mask)
    return mask


def _known(ends: tuple[float, float], k: int) -> bool:
    return ends[1] - ends[0] < k - 1 - 1e-6


def bounds(cells: Additive, mask: NDArray[np.bool_], position: int) -> tuple[float, float]:
    """
    Return the least and most that the hidden count at `position` may be, from what is shown.

    `mask` is bool [n], the counts that are hidden. Zeros are shown, so whoever reads the table
    knows that a hidden count is 1 or more. A bound that cannot be computed counts as known.
    """
    return _range(_model(cells, mask), cells, mask, position)


def _model(cells: Additive, mask: NDArray[np.bool_]) -> Any:  # noqa: ANN401 - HiGHS is not typed
    """Return what the shown counts say of the hidden ones, one column each, to be asked often."""
    free = np.flatnonzero(mask)
    rows, right = _equations(cells, mask)
    low, high = np.ones(len(free)), np.full(len(free), np.inf)
    programme = Programme(
        np.zeros(len(free)), rows, right, right, low, high, np.zeros(len(free), bool)
    )
    model = new_model(programme, seed=0)
    model.setOptionValue("presolve", "off")  # small, and each question starts from the last answer
    model.HandleKeyboardInterrupt = False  # a thread for each question costs more than the answer
    return model


def _range(
    model: Any,  # noqa: ANN401 - HiGHS is not typed
    cells: Additive,
    mask: NDArray[np.bool_],
    position: int,
) -> tuple[float, float]:
    """Return `bounds`, asked of the `_model` of the same cells and mask, left as it was."""
    column, known = int(mask[:position].sum()), float(cells.counts[position])
    ends = []
    for sign in (1.0, -1.0):
        model.changeColCost(column, sign)
        status = _status(model)
        if status == STATUS.kOptimal:
            ends.append(sign * model.getInfo().objective_function_value)
        else:
            ends.append(np.inf if status == STATUS.kUnbounded and sign < 0 else known)
    model.changeColCost(column, 0.0)
    return ends[0], ends[1]


def _status(model: Any) -> Any:  # noqa: ANN401 - HiGHS is not typed
    """Run `model` from its last answer, from nothing when that one misleads; say how it ended."""
    model.run()
    if model.getModelStatus() not in {STATUS.kOptimal, STATUS.kUnbounded}:
        model.clearSolver()
        model.run()
    return model.getModelStatus()


def _equations(cells: Additive, mask: NDArray[np.bool_]) -> tuple[Rows, NDArray[np.float64]]:
    """Return the sums of the hidden counts as rows, and what the shown ones leave on the right."""
    column, counts = np.cumsum(mask) - 1, cells.counts
    starts, columns, signs, right = [0], [], [], []
    for total, parts in cells.sums:
        weights = Counter(parts)
        weights[total] -= 1
        ours = [(int(column[p]), w) for p, w in sorted(weights.items()) if w and mask[p]]
        columns += [at for at, _ in ours]
        signs += [weight for _, weight in ours]
        starts.append(len(columns))
        right.append(-sum(w * int(counts[p]) for p, w in weights.items() if not mask[p]))
    rows = Rows(np.array(starts, np.int32), np.array(columns, np.int32), np.array(signs, float))
    return rows, np.array(right, float)


def _paired(cells: Additive, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Hide a second count in every sum that has only one hidden: it would be a subtraction."""
    mask = mask.copy()
    changed = True
    while changed:
        changed = False
        for total, parts in cells.sums:
            line = (*parts, total)
            if sum(mask[p] for p in line) != 1:
                continue
            other = _smallest(cells.counts, [p for p in line if not mask[p]])
            if other is not None:
                mask[other] = changed = True
    return mask


def _smallest(counts: NDArray[np.int64], positions: Sequence[int]) -> int | None:
    shown = [p for p in positions if counts[p] > 0]
    return min(shown, key=lambda p: (counts[p], p)) if shown else None


def _weakest(
    cells: Additive, mask: NDArray[np.bool_], small: NDArray[np.bool_], k: int
) -> int | None:
    """Return a small count known within less than k - 1, None when all are protected."""
    model = _model(cells, mask) if small.any() else None
    for position in np.flatnonzero(small):
        if _known(_range(model, cells, mask, int(position)), k):
            return int(position)
    return None


def _next_to_hide(cells: Additive, mask: NDArray[np.bool_], weak: int) -> int | None:
    """Return the smallest shown count of the sums that tie `weak`, then of any sum."""
    tied = [line for total, parts in cells.sums if weak in (line := (*parts, total))]
    near = {p for line in tied for p in line if not mask[p]}
    hidden_too = {p for line in tied for p in line if mask[p]}
    wider = {
        p
        for total, parts in cells.sums
        if hidden_too & set(line := (*parts, total))
        for p in line
        if not mask[p]
    }
    found = _smallest(cells.counts, sorted(near))
    found = _smallest(cells.counts, sorted(wider)) if found is None else found
    anything = np.flatnonzero(~mask)
    return _smallest(cells.counts, anything.tolist()) if found is None else found
