"""« No quarter farther than n minutes »: what it asks of a choice, and the smallest n there is."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import scipy.sparse as sp

from territory.analysis.highs import Programme, solve
from territory.analysis.siting.slot_build import with_reach
from territory.analysis.siting.slot_problem import rules_of
from territory.model.walks import walks_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.model.walks import Walks

HALF = 0.5
SEARCH_S = 10.0  # for one question of feasibility; unanswered counts as « cannot be »


def quarter_walks(
    cells: gpd.GeoDataFrame, quarters: gpd.GeoDataFrame, minutes: pd.DataFrame | Walks
) -> pd.DataFrame:
    """
    Return minutes from each quarter to each place [zone_code x place_id], for half its people.

    `cells` keeps CELLS and `quarters` ZONES, in one metric CRS; `minutes` [cell_id x place_id] is a
    table (inf = out of reach) or walks. The residents of a cell count by the share of it that lies
    in the quarter; a quarter where nobody is known to live asks for nothing and has no row.
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
    parts = parts[parts["people"] > 0].sort_values("zone_code", kind="stable")
    walks, people = walks_of(minutes).among(pd.Index(parts["cell_id"])), parts["people"].to_numpy()
    codes, first = np.unique(parts["zone_code"].to_numpy(str), return_index=True)
    ends = pairwise([*first.tolist(), len(parts)])
    medians = [_medians(walks, people, start, end) for start, end in ends]
    table = np.reshape(medians, (len(codes), len(walks.destinations)))
    return pd.DataFrame(table, pd.Index(codes, name="zone_code", dtype=object), walks.destinations)


def within_reach(walks: pd.DataFrame, options: pd.DataFrame, limit_min: float) -> sp.csr_matrix:
    """Return the options at most `limit_min` minutes from each quarter [quarters, options]."""
    places = pd.Index(options["place_id"].unique())
    near = walks.reindex(columns=places).fillna(np.inf).to_numpy(float) <= limit_min
    by_place = sp.csc_matrix(near.astype(float))
    return sp.csr_matrix(by_place[:, places.get_indexer(options["place_id"])])


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


def _medians(
    walks: Walks, people: NDArray[np.float64], start: int, end: int
) -> NDArray[np.float64]:
    """
    Return the weighted median [places] of the walks from origins `start` to `end`, excluded.

    inf where half of their `people` [origins] are out of reach.
    """
    pairs, people = slice(walks.begins[start], walks.begins[end]), people[start:end]
    reached, column = np.unique(walks.column[pairs], return_inverse=True)
    times = np.full((end - start, len(reached)), np.inf)
    row = np.repeat(np.arange(end - start), walks.counts[start:end])
    times[row, column] = walks.minutes[pairs]
    order = np.argsort(times, axis=0, kind="stable")
    summed = np.cumsum(people[order], axis=0)
    first = (summed < HALF * people.sum() - 1e-9).sum(axis=0)
    medians = np.full(len(walks.destinations), np.inf)
    medians[reached] = np.take_along_axis(times, order, axis=0)[first, np.arange(len(reached))]
    return medians
