"""Judging a leg by public transport: the timetable read plainly at the minute one leaves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from territory.network.transit_rides import Rides
    from territory.network.transit_runs import DayHops

    Hop = tuple[int, int, float, float, bool, bool]  # stops, seconds, may board, may get off

KERB_S = 60.0  # at a stop before the vehicle leaves
AT_MOST_S = 5400.0  # nobody waits longer for the last vehicle


def ridden(
    rides: Rides, ends: Sequence[Iterable[str]], slow: float, moment: tuple[date, int]
) -> tuple[int, float] | None:
    """
    Return the fewest minutes from one of the points `ends[0]` to one of `ends[1]` with a ride.

    And the fewest seconds on foot, at the usual pace, to a stop and from one. One leaves at the
    minute of the day `moment`. None when no vehicle leads there.

    Vehicles are followed one by one, again and again until no stop is reached earlier.
    """
    on, minute = moment
    froms, tos = sorted(ends[0]), sorted(ends[1])
    there, back = rides.on_foot(froms)[0].min(axis=0), rides.on_foot(tos)[1].min(axis=0)
    if on not in rides.days or not (np.isfinite(there).any() and np.isfinite(back).any()):
        return None
    reached = _reached(rides, rides.days[on], there.tolist(), slow, 60.0 * minute)
    arrivals = [at + back[stop] * slow for stop, at in reached.items() if np.isfinite(back[stop])]
    if not arrivals:
        return None
    return math.ceil((min(arrivals) - 60.0 * minute) / 60 - 1e-6), float(there.min() + back.min())


def _reached(
    rides: Rides, hops: DayHops, there: Sequence[float], slow: float, start_s: float
) -> dict[int, float]:
    """Return the earliest second at each stop that a vehicle leads to, changes on foot included."""
    walked = {s: start_s + seconds * slow for s, seconds in enumerate(there) if seconds < math.inf}
    runs, ridden_to = _vehicles(hops, start_s), dict[int, float]()
    again = True
    while again:
        again = False
        for run in runs:
            aboard = False
            for tail, head, leaves, comes, board, alight in run:
                at = min(walked.get(tail, math.inf), ridden_to.get(tail, math.inf))
                aboard = aboard or (board and at + KERB_S <= leaves)
                if aboard and alight:
                    again |= _noted(rides, head, comes, slow, ridden_to)
    return ridden_to


def _vehicles(hops: DayHops, start_s: float) -> list[list[Hop]]:
    """Return the vehicles that leave a stop soon enough, each with its hops in order."""
    soon = np.flatnonzero((hops.depart_s >= start_s) & (hops.depart_s <= start_s + AT_MOST_S))
    columns = (hops.tail, hops.head, hops.depart_s, hops.arrive_s, hops.board, hops.alight)
    rows = zip(hops.run[soon].tolist(), *(c[soon].tolist() for c in columns), strict=True)
    found: dict[int, list[Hop]] = {}
    for run, *hop in rows:
        found.setdefault(run, []).append(tuple(hop))
    return list(found.values())


def _noted(rides: Rides, stop: int, comes: float, slow: float, ridden_to: dict[int, float]) -> bool:
    """Keep an arrival and those on foot from there; say whether one of them is earlier."""
    near, earlier = rides.changes, False
    some = slice(near.begin[stop], near.begin[stop + 1])
    ways = [(stop, 0.0), *zip(near.to[some].tolist(), near.seconds[some].tolist(), strict=True)]
    for other, seconds in ways:
        if comes + seconds * slow < ridden_to.get(other, math.inf):
            ridden_to[other], earlier = comes + seconds * slow, True
    return earlier
