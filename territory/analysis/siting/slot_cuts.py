"""
Linear inequalities that no choice of permanences can break: how many people may come, and be lost.

Two concave functions bound the people of a row, and are exact on whole choices: the Huff share of
the summed pulls (outer approximation, Ljubic and Moreno 2018), and the shares of the linear choice
model (Haase 2009), each at most what the option would draw alone. The lower one is cut; rows are
cut together in groups, so that the bound settles in a few turns. People lost for want of room are
bounded below: what an option open alone would lose, less what each other option takes from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.siting.slot_cut_kernel import planes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.siting.slot_problem import SlotProblem


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """
    The people of a problem once the options that must be chosen are open.

    `pull` csr [rows, options] of the others; `away` [rows] what holds people there, the fixed
    options included; `gain` [rows] people the others could win at most; `sure` people who come to
    the fixed ones alone; `group` [rows] numbers the sets of rows cut together; `cut` csr [groups,
    options] holds an entry where an option draws a group, `entry` [pulls] the place of each there.
    """

    pull: sp.csr_matrix
    away: NDArray[np.float64]
    gain: NDArray[np.float64]
    sure: float
    group: NDArray[np.int64]
    cut: sp.csr_matrix
    entry: NDArray[np.int32]

    @property
    def groups(self) -> int:
        """Number of groups."""
        return int(self.cut.shape[0])


def crowd_of(problem: SlotProblem) -> Crowd:
    """Return the people of `problem`, grouped by the place that draws them most."""
    held = problem.pull.tocsr()
    fixed = np.asarray(held[:, np.flatnonzero(problem.fixed)].sum(axis=1), float).ravel()
    away = problem.outside + fixed
    free = sp.csr_matrix(held.multiply((~problem.fixed)[None, :]))
    free.eliminate_zeros()
    strongest = np.asarray(free.argmax(axis=1)).ravel()
    _, group = np.unique(problem.place[strongest], return_inverse=True)
    gain = problem.weights * problem.outside / away
    sure = float((problem.weights * fixed / away).sum())
    group = group.astype(np.int64)
    return Crowd(free, away, gain, sure, group, *_entries(free, group))


def people_cuts(
    crowd: Crowd, taken: NDArray[np.float64]
) -> tuple[sp.csr_matrix, NDArray[np.float64]]:
    """
    Return cuts at `taken` [options], 0-1: people of group g <= `high` + `slopes` x, exact there.

    The first is slopes [groups, options], the second high [groups].
    """
    pull, cut, steep = crowd.pull, crowd.cut, np.zeros(crowd.cut.nnz)
    come = planes(
        pull.indptr.astype(np.int32), pull.indices.astype(np.int32), pull.data, crowd.away,
        crowd.gain, crowd.group, taken, crowd.entry, steep,
    )  # fmt: skip
    slopes = sp.csr_matrix((steep, cut.indices, cut.indptr), shape=cut.shape, copy=True)
    slopes.eliminate_zeros()
    return slopes, come - slopes @ taken


def _entries(
    pull: sp.csr_matrix, group: NDArray[np.int64]
) -> tuple[sp.csr_matrix, NDArray[np.int32]]:
    """Return which option draws which group [groups, options], and the entry of each pull."""
    pair = group[_row_of(pull)] * pull.shape[1] + pull.indices
    pairs, entry = np.unique(pair, return_inverse=True)
    shape = (int(group.max(initial=-1)) + 1, pull.shape[1])
    at = np.divmod(pairs, shape[1])
    return sp.csr_matrix((np.ones(len(pairs)), at), shape=shape), entry.astype(np.int32)


def _row_of(table: sp.csr_matrix) -> NDArray[np.int64]:
    return np.repeat(np.arange(table.shape[0]), np.diff(table.indptr))


def lost_cut(
    problem: SlotProblem, by_row: sp.csr_matrix, option: int, others: NDArray[np.int64]
) -> tuple[NDArray[np.float64], float]:
    """
    Return (slopes [options], people lost) of `option` when `others` are open too.

    `by_row` is the pull of `problem` as csr; `others` hold the fixed options, not `option`. People
    lost at `option` >= slopes x, exact where x is `others` and `option`: what it would lose then,
    less what each more option would take from it (less and less, as options add up).
    """
    level = np.zeros(problem.options)
    level[others] = 1.0
    asked, held, drawn = _around(problem, by_row, option, level)
    lost = float((asked / drawn).sum() - problem.capacity[option])
    where = _row_of(held)
    takes = asked[where] * (1 / drawn[where] - 1 / (drawn[where] + held.data))
    slopes = -_by_option(held, takes)
    slopes[others] = 0.0
    slopes[option] = lost
    return slopes, lost


def smooth_lost_cut(
    problem: SlotProblem, by_row: sp.csr_matrix, option: int, level: NDArray[np.float64]
) -> NDArray[np.float64]:
    """
    Return slopes [options]: people lost at `option` >= slopes x for every whole choice x.

    The tangent, at `level` [options] (how open each other option is when `option` is, 0-1), of what
    `option` would lose: convex in the others, and times how open it is itself (its perspective).
    """
    others = level.copy()
    others[option] = 0.0
    asked, held, drawn = _around(problem, by_row, option, others)
    where = _row_of(held)
    takes = asked[where] * held.data / drawn[where] ** 2
    slopes = -_by_option(held, takes)
    slopes[option] = 0.0
    slopes[option] = (asked / drawn).sum() - problem.capacity[option] - slopes @ others
    return slopes


def _by_option(held: sp.csr_matrix, values: NDArray[np.float64]) -> NDArray[np.float64]:
    summed = np.bincount(held.indices, weights=values, minlength=held.shape[1])
    return np.asarray(summed, float)


def _around(
    problem: SlotProblem, by_row: sp.csr_matrix, option: int, level: NDArray[np.float64]
) -> tuple[NDArray[np.float64], sp.csr_matrix, NDArray[np.float64]]:
    """Return, for the rows that `option` draws: people x pull, pulls, and what draws them."""
    column = problem.pull[:, [option]]
    rows, mine = column.indices, column.data
    held = by_row[rows]
    return problem.weights[rows] * mine, held, problem.outside[rows] + mine + held @ level
