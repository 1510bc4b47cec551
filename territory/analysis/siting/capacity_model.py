"""A p-median with capacities given to HiGHS: whole, or the clients of sites already chosen."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.highs import Programme, solve
from territory.analysis.siting.median_bound import OPEN
from territory.analysis.siting.median_record import TINY
from territory.model.results import Ending

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.siting.capacity_bound import Rooms
    from territory.analysis.siting.capacity_search import RoomSearch


def assignment_programme(
    rooms: Rooms, state: NDArray[np.int8], limits: NDArray[np.float64], most: float
) -> tuple[Programme, NDArray[np.int64], NDArray[np.int64]]:
    """
    Write columns [a + pairs]: sites open, then each allowed pair of a candidate and a demand.

    `state` [a] as in the bound; pairs cost at most `limits` [demand], their sum `most`. Returns the
    programme and the candidate and the demand of each pair.
    """
    site, demand = np.nonzero(np.isfinite(rooms.table) & (rooms.table <= limits))
    a, d, k = len(rooms.names), rooms.table.shape[1], len(site)
    pair, one = np.arange(k), np.ones(k)
    cost = rooms.table[site, demand]
    blank = sp.csr_matrix((d, a))
    served = sp.hstack([blank, sp.csr_matrix((one, (demand, pair)), (d, k))])
    loads = sp.csr_matrix((rooms.loads[demand], (site, pair)), (a, k))
    room = sp.hstack([-sp.diags(rooms.room), loads])
    linked = sp.hstack([sp.csr_matrix((-one, (pair, site)), (k, a)), sp.identity(k)])
    count = sp.csr_matrix(np.r_[np.ones(a), np.zeros(k)])
    worth = sp.csr_matrix(np.r_[np.zeros(a), cost])
    rows = sp.vstack([served, room, linked, count, worth]).tocsr()
    low = np.r_[np.ones(d), np.full(a + k, -np.inf), rooms.p, -np.inf]
    high = np.r_[np.ones(d), np.zeros(a + k), rooms.p, most]
    whole = np.ones(a + k, bool)
    programme = Programme(
        np.r_[np.zeros(a), cost], rows, low, high,
        np.r_[state == OPEN, np.zeros(k)].astype(float), np.ones(a + k), whole,
    )  # fmt: skip
    return programme, site, demand


def best_assignment(
    search: RoomSearch,
    rooms: Rooms,
    state: NDArray[np.int8],
    limits: NDArray[np.float64],
) -> Ending:
    """
    Keep the best choice allowed by `state` [a] when it is better than the one held.

    Pairs above `limits` [demand] are left out. Ends as optimal when nothing better was missed, as
    impossible when nothing better is there; the clock is that of the search.
    """
    most = search.goal if search.step else search.value
    programme, site, demand = assignment_programme(rooms, state, limits, most)
    solved = solve(programme, time_limit_s=search.left_s)
    if solved.values is not None:
        chosen = solved.values > 0.5  # noqa: PLR2004 - yes or no
        taken = np.flatnonzero(chosen[len(rooms.names) :])
        at = np.zeros(rooms.table.shape[1], np.int32)
        at[demand[taken]] = rooms.names[site[taken]]
        search.keep(np.sort(rooms.names[chosen[: len(rooms.names)]]), at)
    if solved.ending is Ending.TIME_UP:
        search.until = min(search.until, time.perf_counter())  # the clock, or Ctrl-C
    missed = search.value > solved.objective + TINY * abs(solved.objective)
    return Ending.TIME_UP if missed and solved.ending is Ending.OPTIMAL else solved.ending
