"""
What a new publication would reveal beside those already out, and what it must hide for that.

Everything printed, then and now, is written as sums of the same unknown groups of people: those
that no printed figure tells apart. A small group, or a small hidden count, must stay unknown over
the range of small counts (Insee calls it the risk of difference between zonings and periods).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linprog

from territory.analysis.counted_groups import NOWHERE
from territory.analysis.disclosure import K_PUBLIC, hidden_table, with_totals
from territory.model.published import Published

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_UNBOUNDED = 3  # status of scipy.optimize.linprog
_SLACK = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class _Printed:
    """
    Cells as sums of groups: `members` [cells, groups] of -1, 0, 1; people of each group.

    `shown` bool [cells]; `new` are the positions of the cells that may still be hidden.
    """

    members: sparse.csr_array
    people: NDArray[np.float64]
    shown: NDArray[np.bool_]
    new: NDArray[np.int64]

    @property
    def counts(self) -> NDArray[np.float64]:
        return np.asarray(self.members @ self.people)


@dataclass(frozen=True)
class _Reading:
    """What whoever reads the `shown` cells (bool [cells]) of `printed` can know of its groups."""

    printed: _Printed
    shown: NDArray[np.bool_]

    @cached_property
    def alike(self) -> NDArray[np.int64]:
        """Return the class of each group: those that no shown cell tells apart."""
        told = self.printed.members[np.flatnonzero(self.shown)].toarray()
        return np.unique(told, axis=1, return_inverse=True)[1].ravel()

    @cached_property
    def added_only(self) -> bool:
        """Whether every cell is a sum of groups: no line was entered or taken off since."""
        return not (self.printed.members.data < 0).any()

    def exchanged(self, aim: NDArray[np.float64]) -> float:
        """
        Return how far the sum `aim` may move by exchanges between groups alike, 1 left to each.

        They change no shown cell and empty no hidden one: the range is at least that wide.
        """
        if not self.added_only:
            return 0.0
        moving = np.bincount(self.alike, self.printed.people - 1.0)
        inside, size = np.bincount(self.alike, aim > 0), np.bincount(self.alike)
        return float(moving[(inside > 0) & (inside < size)].sum())


def crossed(groups: pd.DataFrame, zoning: str, period: str) -> pd.DataFrame:
    """
    Return the people of `groups` [zones x periods], whole numbers, both sorted.

    Groups whose zone is not known (NOWHERE) are in no row.
    """
    table = groups[groups[zoning] != NOWHERE].pivot_table(
        "people", zoning, period, "sum", fill_value=0
    )
    return table.astype("int64").sort_index().sort_index(axis="columns")


def publish(
    name: str,
    groups: pd.DataFrame,
    zoning: str,
    period: str,
    earlier: Sequence[Published] = (),
    *,
    k: int = K_PUBLIC,
) -> tuple[Published, Published]:
    """
    Return the table to print alone, then as it must be printed beside those of `earlier`.

    `groups` has one line per group of people counted together: whole `people` (1 or more) and the
    code of the zone or period it falls in, for every zoning and period published. Deterministic.
    Raises WrongUsage when `k` is below 5.
    """
    table = crossed(groups, zoning, period)
    _, mask = hidden_table(table, k=k)
    rows, columns = tuple(map(str, table.index)), tuple(map(str, table.columns))
    alone = Published(
        name, zoning, period, rows, columns, table.to_numpy(), mask.to_numpy(dtype=bool)
    )
    if not earlier:
        return alone, alone
    printed = _printed([*earlier, alone], groups)
    shown = _hide(printed, k)[printed.new]
    return alone, Published(
        name, zoning, period, rows, columns, alone.counts, ~shown.reshape(alone.hidden.shape)
    )


def leaks(tables: Sequence[Published], groups: pd.DataFrame, *, k: int = K_PUBLIC) -> int:
    """Return how many small counts or small groups could be known from all `tables` together."""
    printed = _printed(tables, groups)
    reading = _Reading(printed, printed.shown)
    return sum(_known(reading, aim, width) for aim, width in _targets(printed, k))


def _printed(tables: Sequence[Published], groups: pd.DataFrame) -> _Printed:
    """Write the cells of all tables, the new one last, over the groups that they tell apart."""
    memberships = [_membership(table, groups) for table in tables]
    whole = np.vstack(memberships)
    kept, inverse = np.unique(whole, axis=1, return_inverse=True)
    people = np.bincount(inverse.ravel(), weights=groups["people"].to_numpy(float))
    changes = [
        _changes(table, m @ groups["people"].to_numpy())
        for table, m in zip(tables, memberships, strict=True)
    ]
    late = sparse.block_diag([c for c, _ in changes], format="csr")
    members = sparse.hstack([sparse.csr_array(kept.astype(float)), late], format="csr")
    shown = np.concatenate([~table.hidden.ravel() for table in tables])
    new = np.arange(len(shown) - tables[-1].hidden.size, len(shown))
    return _Printed(members, np.concatenate([people, *(n for _, n in changes)]), shown, new)


def _membership(table: Published, groups: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which groups [cells, groups] each cell of a table counts, margins included."""
    zones, periods = groups[table.zoning].astype(str), groups[table.period].astype(str)
    in_row = np.array([zones == row for row in table.rows])
    in_column = np.array([periods == column for column in table.columns])
    in_row = np.vstack([in_row, in_row.any(axis=0)])
    in_column = np.vstack([in_column, in_column.any(axis=0)])
    both = in_row[:, None, :] & in_column[None, :, :]
    return np.asarray(both.reshape(-1, len(groups)), dtype=bool)


def _changes(
    table: Published, now: NDArray[np.int64]
) -> tuple[sparse.csr_array, NDArray[np.float64]]:
    """
    Return what was added to or taken from the log since `table`: columns [cells, n] and people [n].

    A line entered late is a group of its own: known as soon as both versions of its cell are.
    """
    shape = table.hidden.shape
    late = now.reshape(shape)[:-1, :-1] - table.counts
    at = np.argwhere(late != 0)
    cells = np.arange(table.hidden.size).reshape(shape)
    columns = np.zeros((table.hidden.size, len(at)))
    for n, (row, column) in enumerate(at):
        touched = cells[np.ix_([row, shape[0] - 1], [column, shape[1] - 1])].ravel()
        columns[touched, n] = -np.sign(late[row, column])
    return sparse.csr_array(columns), np.abs(late[late != 0]).astype(float)


def _targets(printed: _Printed, k: int) -> list[tuple[NDArray[np.float64], float]]:
    """Return what must stay unknown: a sum of groups, and the least width of its range."""
    groups = np.eye(len(printed.people))[(printed.people > 0) & (printed.people < k)]
    small = (printed.counts > 0) & (printed.counts < k) & ~printed.shown
    cells = np.unique(printed.members[np.flatnonzero(small)].toarray(), axis=0)
    return [(aim, float(k)) for aim in groups] + [(aim, float(k - 1)) for aim in cells]


def _hide(printed: _Printed, k: int) -> NDArray[np.bool_]:
    """Return which cells are shown once the new table hides enough."""
    now = _Reading(printed, printed.shown)
    before = _Reading(printed, _without(printed.shown, printed.new))
    for aim, width in _targets(printed, k):
        if not _known(now, aim, width):
            continue
        if _known(before, aim, width):
            continue  # already out: hiding anything now would take nothing back
        while _known(now, aim, width):
            at = _next_to_hide(printed, now.shown, aim)
            now = _Reading(printed, _without(now.shown, at))
    return now.shown


def _without(shown: NDArray[np.bool_], hidden: int | NDArray[np.int64]) -> NDArray[np.bool_]:
    fewer = shown.copy()
    fewer[hidden] = False
    return fewer


def _known(reading: _Reading, aim: NDArray[np.float64], width: float) -> bool:
    """Say whether the sum `aim` of groups can be known within less than `width`."""
    if reading.exchanged(aim) >= width:
        return False  # wide enough without asking the solver
    members, counts, shown = reading.printed.members, reading.printed.counts, reading.shown
    told, untold = np.flatnonzero(shown), np.flatnonzero(~shown & (counts > 0))
    ends = []
    for sign in (1.0, -1.0):
        answer = linprog(
            sign * aim,
            A_eq=members[told] if len(told) else None,
            b_eq=counts[told] if len(told) else None,
            A_ub=-members[untold] if len(untold) else None,  # a hidden count is 1 or more
            b_ub=-np.ones(len(untold)) if len(untold) else None,
            bounds=(0, None),
            method="highs",
        )
        if answer.status == _UNBOUNDED:
            return False
        ends.append(float(answer.fun) if answer.success else 0.0)  # unsolved counts as known
    return -ends[1] - ends[0] < width - _SLACK


def _next_to_hide(printed: _Printed, shown: NDArray[np.bool_], aim: NDArray[np.float64]) -> int:
    """Return the smallest new count shown that shares groups with `aim`, else any smallest."""
    counts = printed.counts
    free = [n for n in printed.new if shown[n] and counts[n] > 0]
    shared = abs(printed.members) @ np.abs(aim)
    near = [n for n in free if shared[n] > 0]
    return int(min(near or free, key=lambda n: (counts[n], n)))


def told(table: Published) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the counts with their totals, and which are hidden (bool), as labelled tables."""
    inner = pd.DataFrame(table.counts, index=list(table.rows), columns=list(table.columns))
    whole, _ = with_totals(inner)
    return whole, pd.DataFrame(table.hidden, index=whole.index, columns=whole.columns)
