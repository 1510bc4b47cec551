"""One trip by the real timetable: which vehicle to take, when, from which stop to which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.network.transit_rides import AHEAD_S, KERB_S

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from territory.network.transit_rides import Rides
    from territory.network.transit_runs import DayHops

    Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ride:
    """A vehicle taken: its line, where and when one boards and gets off (seconds, names)."""

    mode: str
    line: str
    direction: str
    from_name: str
    to_name: str
    depart_s: float
    arrive_s: float


@dataclass(frozen=True, slots=True)
class Trip:
    """Rides in order, the second one arrives, and the seconds on foot at the usual pace."""

    rides: tuple[Ride, ...]
    arrive_s: float
    foot_s: float


def earliest_trip(rides: Rides, a: str, b: str, on: date, at_s: float, slow: float) -> Trip | None:
    """
    Return the trip with a ride that leaves point `a` at `at_s` on a day and is at `b` the earliest.

    As `ride_times` reckons it, with what to take; None when no ride leads there.
    """
    hops = rides.days[on]
    to_stops, from_stops = rides.on_foot([a, b])[0][0], rides.on_foot([a, b])[1][1]
    scan = _Scan(at_s + to_stops * slow, to_stops.copy(), np.full(len(to_stops), -1), {})
    _scanned(scan, rides, hops, at_s, slow)
    ends = np.where(scan.came >= 0, scan.at + from_stops * slow, np.inf)
    last = int(ends.argmin())
    if not np.isfinite(ends[last]):
        return None
    return Trip(
        _taken(scan, rides, hops, last),
        float(ends[last]),
        float(scan.foot[last] + from_stops[last]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Scan:
    """Arrays [stops]: arrival, seconds on foot, hop that came last (-1: none); boarding by run."""

    at: Reals
    foot: Reals
    came: NDArray[np.int64]
    boarded: dict[int, tuple[int, float]]  # run -> its first hop, seconds on foot until then


def _scanned(scan: _Scan, rides: Rides, hops: DayHops, at_s: float, slow: float) -> None:
    """Follow the departures in order, each stop keeping its earliest arrival."""
    first, last = np.searchsorted(hops.depart_s, [at_s, np.nextafter(at_s + AHEAD_S, np.inf)])
    columns = (hops.run, hops.tail, hops.head, hops.depart_s, hops.arrive_s, hops.board,
               hops.alight)  # fmt: skip
    rows = zip(*(c[first:last].tolist() for c in columns), strict=True)
    for h, (run, tail, head, departs, arrives, board, alight) in enumerate(rows, int(first)):
        if run not in scan.boarded:
            if not board or scan.at[tail] + KERB_S > departs:
                continue
            scan.boarded[run] = h, float(scan.foot[tail])
        if alight and arrives < scan.at[head]:
            _get_off(scan, rides, h, head, (arrives, slow, run))


def _get_off(scan: _Scan, rides: Rides, hop: int, head: int, by: tuple[float, float, int]) -> None:
    """Note the arrival at a stop, and at those one may walk to from it."""
    arrive_s, slow, run = by
    foot, changes = scan.boarded[run][1], rides.changes
    near = slice(changes.begin[head], changes.begin[head + 1])
    for stop, seconds in ((head, 0.0), *zip(changes.to[near], changes.seconds[near], strict=True)):
        if arrive_s + seconds * slow < scan.at[stop]:
            scan.at[stop], scan.foot[stop] = arrive_s + seconds * slow, foot + seconds
            scan.came[stop] = hop


def _taken(scan: _Scan, rides: Rides, hops: DayHops, stop: int) -> tuple[Ride, ...]:
    found: list[Ride] = []
    while scan.came[stop] >= 0:
        off = int(scan.came[stop])
        on = scan.boarded[int(hops.run[off])][0]
        words = hops.runs.iloc[int(hops.run[off])]
        ends = (_name(rides, int(hops.tail[on])), _name(rides, int(hops.head[off])))
        hours = float(hops.depart_s[on]), float(hops.arrive_s[off])
        told = str(words["mode"]), str(words["line"]), str(words["direction"])
        found.append(Ride(*told, *ends, *hours))
        stop = int(hops.tail[on])
    return tuple(reversed(found))


def _name(rides: Rides, stop: int) -> str:
    name = rides.stops["name"].iloc[stop]
    return str(rides.stops.index[stop] if name is None or name != name else name)  # noqa: PLR0124
