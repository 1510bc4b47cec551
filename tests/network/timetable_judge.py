"""A slow, obvious traveller: takes the earliest arrival of the real timetable, minute by minute."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from territory.network.transit_days import running

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    from territory.model.timetable import Timetable


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """The hops of one day by departure: depart_s, arrive_s, from, to, run, board, alight."""

    hops: list[tuple[float, float, int, int, int, bool, bool]]
    departs: list[float]
    walk_s: NDArray[np.float64]  # [stops, stops] on foot, closed under walking on


def day_of(timetable: Timetable, on: date, walk_s: NDArray[np.float64]) -> Day:
    """Return the hops of a day, those of the night before included."""
    trip, _, shift, _ = running(timetable, (on,))
    by_trip = dict(tuple(timetable.passages.groupby("trip")))
    hops = sorted(
        (here.depart_s + moved, there.arrive_s + moved, here.stop, there.stop, number,
         here.board, there.alight)
        for number, (t, moved) in enumerate(zip(trip, shift, strict=True))
        for here, there in pairwise(by_trip[t].itertuples(index=False))
    )  # fmt: skip
    return Day(hops, [h[0] for h in hops], walk_s)


def arrival_s(
    day: Day,
    at: float,
    start_s: NDArray[np.float64],
    end_s: NDArray[np.float64],
    on_foot_s: float,
) -> float:
    """
    Return the earliest arrival of who leaves at `at` (connection scan, Dibbelt et al. 2013).

    `start_s` [stops] to walk to each stop, `end_s` [stops] from each, `on_foot_s` all the way.
    """
    reach = at + start_s
    best = at + on_foot_s
    aboard: set[int] = set()
    for k in range(bisect_left(day.departs, at), len(day.hops)):
        leaves, comes, here, there, run, board, alight = day.hops[k]
        if leaves >= best:
            break
        if run in aboard or (board and reach[here] <= leaves):
            aboard.add(run)
            if alight and comes < reach[there]:
                reach = np.minimum(reach, comes + day.walk_s[there])
                best = min(best, comes + end_s[there])
    return float(best)


def mean_seconds(
    day: Day,
    moments: Sequence[float],
    start_s: NDArray[np.float64],
    end_s: NDArray[np.float64],
    on_foot_s: float,
) -> float:
    """Return the mean time door to door of who leaves at each of `moments`."""
    return float(np.mean([arrival_s(day, t, start_s, end_s, on_foot_s) - t for t in moments]))
