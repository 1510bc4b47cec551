"""What is left of a p-median given to HiGHS: the radius model, without assignment variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.highs import Programme, solve
from territory.analysis.siting.median_bound import OPEN
from territory.model.results import Ending

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.siting.median_bound import Ground
    from territory.analysis.siting.median_search import Search


@dataclass(frozen=True, slots=True)
class Rings:
    """
    The rings of candidates around the demands, those with the same inside counted once.

    Ring r holds ring `within` [r] (-1 = none) and the candidates `members` of `starts` [r] to
    `starts` [r + 1]; when no site is open inside, `cost` [r] more is paid, or, where `must` [r] is
    true, the choice is not good enough. `base` is paid in any case.
    """

    within: NDArray[np.int64]
    members: NDArray[np.int64]
    starts: NDArray[np.int64]
    cost: NDArray[np.float64]
    must: NDArray[np.bool_]
    base: float


def rings(ground: Ground, limits: NDArray[np.float64], most: int) -> Rings | None:
    """
    Draw the rings of each demand up to the cost in `limits` [demand] that a good choice keeps to.

    None when there are more than `most`, before those with the same inside are counted once.

    The radius form of Cornuéjols, Nemhauser and Wolsey (1980), telescoped as in García, Labbé and
    Marín (2011).
    """
    costs, (rows, count) = ground.costs, ground.costs.shape
    later = np.concatenate([costs[:, 1:], np.full((rows, 1), np.inf)], axis=1)
    inside = (costs <= np.maximum(limits, costs[:, 0])[:, None]) & np.isfinite(costs)
    ends = inside & (later > costs)
    if np.count_nonzero(ends) > most:
        return None
    draw = np.random.default_rng(0)
    codes = np.asarray(draw.integers(1, 2**62, size=count))
    keys = np.cumsum(codes[ground.nearest], axis=1)  # one number a set: sums wrap around
    demand, rank = np.nonzero(ends)
    begins = np.r_[True, demand[1:] != demand[:-1]]
    lasts = np.r_[begins[1:], True]
    _, first, ring = np.unique(keys[demand, rank], return_index=True, return_inverse=True)
    extra = np.where(lasts, 0.0, later[demand, rank] - costs[demand, rank])
    before = np.r_[-1, ring[:-1]]
    begin = np.where(begins[first], 0, np.r_[-1, rank[:-1]][first] + 1)
    sizes = rank[first] + 1 - begin
    starts = np.r_[0, np.cumsum(sizes)]
    at = np.arange(starts[-1]) - np.repeat(starts[:-1] - begin, sizes)
    return Rings(
        np.where(begins[first], -1, before[first]),
        ground.nearest[np.repeat(demand[first], sizes), at].astype(np.int64),
        starts,
        np.bincount(ring, extra, len(first)).astype(float),
        np.bincount(ring, lasts, len(first)) > 0,
        float(costs[:, 0].sum()),
    )


def radius_programme(ground: Ground, drawn: Rings, state: NDArray[np.int8]) -> Programme:
    """Write the columns [a + rings]: sites open, rings empty; `state` [a] as in the bound."""
    a, r = len(ground.names), len(drawn.within)
    inner = np.flatnonzero(drawn.within >= 0)
    sites = sp.csr_matrix((np.ones(len(drawn.members)), drawn.members, drawn.starts), (r, a))
    empty = sp.identity(r, format="csr") - sp.csr_matrix(
        (np.ones(len(inner)), (inner, drawn.within[inner])), (r, r)
    )
    rows = sp.vstack([sp.hstack([sites, empty]), sp.csr_matrix(np.r_[np.ones(a), np.zeros(r)])])
    low = np.r_[np.where(drawn.within >= 0, 0.0, 1.0), ground.p]
    return Programme(
        np.r_[np.zeros(a), drawn.cost], rows.tocsr(), low, np.r_[np.full(r, np.inf), ground.p],
        np.r_[state == OPEN, np.zeros(r)].astype(float), np.r_[np.ones(a), ~drawn.must],
        np.arange(a + r) < a,
    )  # fmt: skip


def prove(search: Search, ground: Ground, drawn: Rings, state: NDArray[np.int8]) -> None:
    """Let HiGHS search the choices allowed by `state` [a] in what is left of the clock."""
    programme = radius_programme(ground, drawn, state)
    solved = solve(programme, time_limit_s=search.left_s, start=None)
    if solved.values is not None:
        sites = np.flatnonzero(solved.values[: len(ground.names)] > 0.5)  # noqa: PLR2004 - yes or no
        search.settle(np.sort(ground.names[sites]).astype(np.int32))
    if solved.ending in {Ending.OPTIMAL, Ending.IMPOSSIBLE}:
        search.raise_bound(search.value)  # nothing below the goal but what was found
    else:
        search.raise_bound(min(solved.bound + drawn.base, search.goal))


def covering(search: Search) -> Ending:
    """
    Ask HiGHS for sites that serve every demand, and settle them in the search.

    Ends as impossible when `p` sites cannot do it: a proof.
    """
    problem = search.problem
    n = len(problem.table)
    rows = sp.vstack([sp.csr_matrix(np.isfinite(problem.table).T.astype(float)), np.ones((1, n))])
    demands = problem.table.shape[1]
    low, high = np.r_[np.ones(demands), problem.p], np.r_[np.full(demands, np.inf), problem.p]
    held = (np.arange(n) < problem.fixed).astype(float)
    asked = Programme(np.zeros(n), rows.tocsr(), low, high, held, np.ones(n), np.ones(n, bool))
    solved = solve(asked, time_limit_s=search.left_s)
    if solved.values is not None:
        search.settle(np.flatnonzero(solved.values > 0.5).astype(np.int32))  # noqa: PLR2004
    return solved.ending
