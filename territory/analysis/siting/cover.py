"""The places that bring most people in reach: maximal covering, with a proven bound."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.highs import Programme, Solved, solve
from territory.model.results import Ending, SiteOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def max_cover(  # noqa: PLR0913 - the contract of the siting problems
    weights: NDArray[np.float64],
    covers: object,
    p: int,
    *,
    fixed: Sequence[int] = (),
    forbidden: Sequence[int] = (),
    time_limit_s: float = 60.0,
    seed: int = 0,
) -> SiteOutcome:
    """
    Choose `p` candidates (the `fixed` ones included) covering most weight (Church, ReVelle 1974).

    `weights` [demand]; `covers` bool [demand, candidates], dense or sparse; `fixed` and `forbidden`
    are candidate positions. Demands covered by the same candidates are one row; cover variables are
    relaxed. The bound is proven (HiGHS) within `time_limit_s` seconds. A `p` that cannot be, or a
    `fixed` candidate that is forbidden, ends as « impossible »: nothing is raised.
    """
    began = time.perf_counter()
    table = sp.csr_matrix(covers, dtype=bool)
    free = set(range(table.shape[1])) - set(forbidden)
    if set(fixed) - free or not len(set(fixed)) <= p <= len(free):
        none = tuple(-1 for _ in range(table.shape[0]))
        return SiteOutcome((), 0.0, 0.0, Ending.IMPOSSIBLE, none, time.perf_counter() - began)
    values = np.asarray(weights, float)
    solved = solve(
        _model(table, values, p, (set(fixed), free)), time_limit_s=time_limit_s, seed=seed
    )
    return _outcome(solved, table, values, began)


def _model(
    table: sp.csr_matrix, weights: NDArray[np.float64], p: int, sites: tuple[set[int], set[int]]
) -> Programme:
    fixed, free = sites
    m, n = table.shape
    rows = sp.vstack(
        [
            sp.hstack([-table.astype(float), sp.identity(m)]),
            sp.csr_matrix(np.r_[np.ones(n), np.zeros(m)]),
        ]
    ).tocsr()
    can, must = (np.isin(np.arange(n), list(s)).astype(float) for s in (free, fixed))
    return Programme(
        np.r_[np.zeros(n), weights], rows, np.r_[np.full(m, -np.inf), p], np.r_[np.zeros(m), p],
        np.r_[must, np.zeros(m)], np.r_[can, np.ones(m)], np.arange(n + m) < n, maximise=True,
    )  # fmt: skip


def _outcome(
    solved: Solved, table: sp.csr_matrix, weights: NDArray[np.float64], began: float
) -> SiteOutcome:
    values = np.zeros(table.shape[1]) if solved.values is None else solved.values[: table.shape[1]]
    chosen = tuple(int(j) for j in np.flatnonzero(values > 0.5))  # noqa: PLR2004 - yes or no
    serving = [[j for j in chosen if table[i, j]] for i in range(table.shape[0])]
    assignment = tuple(s[0] if s else -1 for s in serving)
    objective = float(sum(w for w, a in zip(weights, assignment, strict=True) if a >= 0))
    done = solved.ending is Ending.OPTIMAL
    bound = objective if done else float(min(solved.bound, weights.sum()))
    ending = solved.ending if chosen or not done else Ending.FAILED
    return SiteOutcome(chosen, objective, bound, ending, assignment, time.perf_counter() - began)
