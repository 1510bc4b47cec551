"""« No quarter farther than n minutes »: what it asks of a choice, and the smallest n there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import scipy.sparse as sp

from territory.analysis.highs import Programme, solve
from territory.analysis.siting.slot_build import with_reach
from territory.analysis.siting.slot_problem import rules_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.siting.slot_problem import SlotProblem

HALF = 0.5
SEARCH_S = 10.0  # for one question of feasibility; unanswered counts as « cannot be »


def quarter_walks(
    cells: gpd.GeoDataFrame, quarters: gpd.GeoDataFrame, minutes: pd.DataFrame
) -> pd.DataFrame:
    """
    Return minutes from each quarter to each place [zone_code x place_id], for half its people.

    `cells` keeps CELLS and `quarters` ZONES, in one metric CRS; `minutes` [cell_id x place_id], inf
    = out of reach. The residents of a cell count by the share of it that lies in the quarter; a
    quarter where nobody is known to live asks for nothing and has no row.
    """
    lived = cells[cells["residents"].fillna(0) > 0].sort_index()
    parts = gpd.overlay(
        lived.reset_index()[["cell_id", "residents", "geometry"]],
        quarters.reset_index()[["zone_code", "geometry"]],
        how="intersection",
        keep_geom_type=True,
    )
    area = lived.geometry.area.reindex(parts["cell_id"]).to_numpy()
    parts["people"] = parts["residents"].to_numpy(float) * parts.geometry.area.to_numpy() / area
    rows = {
        str(code): _medians(minutes.reindex(mine["cell_id"]), mine["people"].to_numpy(float))
        for code, mine in parts.groupby("zone_code")
        if mine["people"].sum() > 0
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(minutes.columns))
    return table.sort_index().rename_axis("zone_code")


def within_reach(walks: pd.DataFrame, options: pd.DataFrame, limit_min: float) -> sp.csr_matrix:
    """Return the options at most `limit_min` minutes from each quarter [quarters, options]."""
    near = walks.reindex(columns=list(options["place_id"])).fillna(np.inf).to_numpy(float)
    return sp.csr_matrix((near <= limit_min).astype(float))


def can_be(problem: SlotProblem) -> bool:
    """Return whether some choice keeps every rule and guarantee of `problem`, capacities aside."""
    rules, n = rules_of(problem), problem.options
    if (problem.fixed & problem.forbidden).any():
        return False
    rows = sp.vstack([rules.most, rules.need]).tocsr()
    if not n or not rows.shape[0]:
        return not rules.need.shape[0]
    solved = solve(
        Programme(
            np.zeros(n),
            rows,
            np.r_[np.full(rules.most.shape[0], -np.inf), rules.low],
            np.r_[rules.high, np.full(rules.need.shape[0], np.inf)],
            problem.fixed.astype(float),
            (~problem.forbidden).astype(float),
            np.ones(n, bool),
        ),
        time_limit_s=SEARCH_S,
    )
    return solved.values is not None  # noqa: PD011 - no table


def smallest_guarantee(
    problem: SlotProblem, walks: pd.DataFrame, options: pd.DataFrame
) -> float | None:
    """
    Return the smallest n for which every quarter of `walks` can be within n minutes, None if never.

    Whole minutes, rounded up, found by halving: what can be with n can be with more.
    """
    known = np.unique(np.ceil(walks.to_numpy(float)[np.isfinite(walks.to_numpy(float))]))

    def possible(limit: float) -> bool:
        return can_be(with_reach(problem, within_reach(walks, options, limit)))

    if not len(known) or not possible(float(known[-1])):
        return None
    low, high = -1, len(known) - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if possible(float(known[middle])) else (middle, high)
    return float(known[high])


def _medians(walks: pd.DataFrame, people: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weighted median of each column [places]; inf when half is out of reach."""
    times = walks.fillna(np.inf).to_numpy(float)
    order = np.argsort(times, axis=0, kind="stable")
    summed = np.cumsum(people[order], axis=0)
    first = (summed < HALF * people.sum() - 1e-9).sum(axis=0)
    middle: NDArray[np.float64] = np.take_along_axis(times, order, axis=0)[
        first, np.arange(times.shape[1])
    ]
    return middle
