"""Going by the real timetable of a week: on foot to a stop, ride, change, on foot to the door."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from territory.network.times import walk_times
from territory.network.walk import NODE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    import pandas as pd
    from numpy.typing import NDArray

    from territory.network.graph import WalkGraph
    from territory.network.transit_runs import DayHops

    Reals = NDArray[np.float64]

AROUND_S = 600.0  # nobody walks further to a stop, or from it
CHANGE_S = 300.0  # nor between two stops
AHEAD_S = 5400.0  # whoever still waits after an hour and a half would rather not go
KERB_S = 60.0  # nobody boards at the very second
FRIDAY = 5  # ISO


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Changes on foot: those of stop s are `to[begin[s]:begin[s + 1]]`, in seconds."""

    begin: NDArray[np.int64]
    to: NDArray[np.int32]
    seconds: Reals


@dataclass(frozen=True, slots=True, eq=False)
class Rides:
    """
    What runs on the days of a week, and the streets on which the stops stand.

    `days` by date, `stand_in` the days of the feed read for those it does not cover; `stops` keeps
    name and node (-1: tied to no street) in the order of the hops, `streets` the graph where points
    stand (seconds at the usual pace), `points` the node of each named point [points], `crossroads`
    how many nodes « n: » may name. `known` and `sure` remember what was asked.
    """

    days: Mapping[date, DayHops]
    stand_in: tuple[date, ...]
    stops: pd.DataFrame
    streets: WalkGraph
    points: pd.Series
    crossroads: int
    changes: Links
    known: dict[tuple[str, ...], tuple[Reals, Reals]] = field(default_factory=dict)
    sure: dict[tuple[str, str, float], float] = field(default_factory=dict)

    @property
    def typical(self) -> Mapping[date, date]:
        """The day that stands for each: of the days from Monday to Friday, where fewest run."""
        worked = [on for on in sorted(self.days) if on.isoweekday() <= FRIDAY]
        least = min(worked, key=lambda on: len(self.days[on].depart_s), default=None)
        return {on: (least or on) if on.isoweekday() <= FRIDAY else on for on in self.days}

    def on_foot(self, point_ids: Sequence[str]) -> tuple[Reals, Reals]:
        """
        Return seconds [points, stops] to the stops, then from them, at the usual pace.

        inf beyond AROUND_S, and for points or stops tied to no street. Asked once for the same.
        """
        key = tuple(point_ids)
        if key not in self.known:
            shape = len(key), len(self.stops)
            both = np.full(shape, np.inf), np.full(shape, np.inf)
            nodes, stops = self._nodes(key), self.stops["node"].to_numpy(np.int64)
            at, of = np.flatnonzero(nodes >= 0), np.flatnonzero(stops >= 0)
            ends = nodes[at], stops[of]
            spots = np.ix_(at, of)
            both[0][spots] = walk_times(self.streets, *ends, limit_s=AROUND_S)
            both[1][spots] = walk_times(self.streets, *ends[::-1], limit_s=AROUND_S).T
            self.known[key] = both
        return self.known[key]

    def _nodes(self, ids: Sequence[str]) -> NDArray[np.int64]:
        known = self.points.reindex(list(ids)).fillna(-1)
        nodes: NDArray[np.int64] = known.to_numpy(np.int64).copy()
        for k, one in enumerate(ids):
            if one.startswith(NODE):
                node = int(one.removeprefix(NODE))
                nodes[k] = node if node < self.crossroads else -1
        return nodes


def ride_times(
    rides: Rides, point_ids: Sequence[str], on: date, moments_s: Reals, slow: float
) -> Iterator[tuple[Reals, Reals]]:
    """
    Yield, for each point, seconds to all points [moments, points], and those of them on foot.

    One leaves on the day `on` at each of `moments_s` (seconds after midnight), walks `slow` seconds
    for one at the usual pace, and takes the earliest arrival; inf where none of the departures of
    the next hour and a half leads. Seconds on foot are at the usual pace.
    """
    from territory.network.transit_scan_kernel import arrivals  # noqa: PLC0415 - loads numba

    hops, (to_stops, from_stops) = rides.days[on], rides.on_foot(point_ids)
    hours, rows = _day_arrays(hops)
    begin, near, near_s = _near(rides.changes, _links(from_stops))
    stops, runs, shape = to_stops.shape[1], len(hops.runs), (len(moments_s), len(to_stops))
    paces = np.array([slow, KERB_S, AHEAD_S])
    for reach_s in to_stops:
        lasts, foot = np.empty(shape), np.empty(shape)
        arrivals(
            moments_s, paces, reach_s, hours, rows, begin, near, near_s, np.empty(stops),
            np.empty(stops), np.full(runs, -1), np.empty(runs), lasts.ravel(), foot.ravel(),
        )  # fmt: skip
        yield lasts, foot


def _day_arrays(hops: DayHops) -> tuple[Reals, NDArray[np.int32]]:
    """Return hours and hops as the kernel wants them: few arrays, read in order."""
    rows = np.stack([hops.tail, hops.head, hops.run, hops.board, hops.alight], axis=1)
    return np.concatenate([hops.depart_s, hops.arrive_s]), rows.astype(np.int32).ravel()


def _near(changes: Links, ends: Links) -> tuple[NDArray[np.int64], NDArray[np.int32], Reals]:
    """Return the changes of stops, then the stops near ends, as one list."""
    begin = np.concatenate([changes.begin, ends.begin[1:] + changes.begin[-1]])
    to, seconds = np.concatenate([changes.to, ends.to]), (changes.seconds, ends.seconds)
    return begin, to, np.concatenate(seconds)


def links_of(tail: NDArray[np.int64], head: NDArray[np.int64], seconds: Reals, stops: int) -> Links:
    """Return the changes between `stops` stops, from their ends and seconds [changes]."""
    order = np.lexsort((head, tail))
    begin = np.searchsorted(tail[order], np.arange(stops + 1))
    to = head[order].astype(np.int32)
    return Links(begin.astype(np.int64), to, seconds[order])


def _links(from_stops: Reals) -> Links:
    """Return the stops near each point, with their seconds."""
    point, stop = np.nonzero(np.isfinite(from_stops))
    return links_of(point, stop, from_stops[point, stop], len(from_stops))
