"""Candidates that hold most need when each département or network gets its share of them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.highs import Programme, solve
from territory.analysis.siting.cover import max_cover
from territory.errors import WrongUsage
from territory.model.results import Ending, SiteOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_YES = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Quota:
    """From `least` to `most` of the candidates `held` (bool [candidates]) are chosen."""

    held: NDArray[np.bool_]
    least: int
    most: int


def quota_cover(
    need: NDArray[np.float64],
    covers: object,
    count: int,
    quotas: Sequence[Quota] = (),
    *,
    time_limit_s: float = 60.0,
) -> SiteOutcome:
    """
    Choose `count` candidates at most that cover most of `need` [demand] within `quotas`.

    `covers` bool [demand, candidates], dense or sparse; what several cover counts once. As
    `max_cover` without quotas, else exactly by HiGHS, with a proven bound. Raises WrongUsage when
    an argument makes no sense.
    """
    table = sp.csr_matrix(covers, dtype=float)
    if count < 1 or (need < 0).any() or not np.isfinite(need).all():
        raise WrongUsage("Il faut au moins un quartier à choisir, et des besoins connus.")
    if not quotas:
        return max_cover(need, table > 0, min(count, table.shape[1]), time_limit_s=time_limit_s)
    began = time.perf_counter()
    solved = solve(_programme(need, table, count, quotas), time_limit_s=time_limit_s)
    spent = time.perf_counter() - began
    if solved.values is None:
        none = (-1,) * table.shape[0]
        return SiteOutcome((), 0.0, solved.bound, solved.ending, none, spent)
    chosen = np.flatnonzero(solved.values[: table.shape[1]] > _YES)
    held = table[:, chosen] > 0
    covered = np.asarray(held.sum(axis=1)).ravel() > 0
    objective = float(need[covered].sum())
    bound = objective if solved.ending is Ending.OPTIMAL else max(solved.bound, objective)
    serving = np.full(len(need), -1)
    serving[covered] = chosen[np.asarray(held.argmax(axis=1)).ravel()[covered]]
    return SiteOutcome(
        tuple(map(int, chosen)), objective, bound, solved.ending, tuple(map(int, serving)), spent
    )


def _programme(
    need: NDArray[np.float64], table: sp.csr_matrix, count: int, quotas: Sequence[Quota]
) -> Programme:
    """Return: choose candidates x, a demand y is covered when one of its candidates is chosen."""
    demand, n = table.shape
    rows = np.vstack([np.ones(n), *(q.held.astype(float) for q in quotas)])
    limits = sp.hstack([sp.csr_matrix(rows), sp.csr_matrix((len(rows), demand))])
    covered = sp.hstack([-table, sp.identity(demand)])
    return Programme(
        np.r_[np.zeros(n), need],
        sp.vstack([covered, limits]).tocsr(),
        np.r_[np.full(demand, -np.inf), 0.0, [float(q.least) for q in quotas]],
        np.r_[np.zeros(demand), float(count), [float(q.most) for q in quotas]],
        np.zeros(n + demand),
        np.ones(n + demand),
        np.arange(n + demand) < n,
        maximise=True,
    )
