"""Going from one point to another in a week: on foot, or by bus when it is far and allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.week_problem import Legs
from territory.network.transit_rides import ride_times
from territory.planning.days import minutes_of
from territory.planning.team_windows import ANYWHERE
from territory.planning.walks import rides_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    from territory.planning.team_windows import TeamWindow
    from territory.planning.walks import Walks
    from territory.settings import Settings

    Table = NDArray[np.float64]

FAR = 10**6  # minutes and metres: there is no way
BUS_WALK_M = 500  # to the stop and from it, when no timetable tells
PATROL = "+"  # « n:12+850 »: leaving street node 12 once 850 m were patrolled from it
EVERY_MIN = 5  # departures tried
EVERY_SURE_MIN = 2  # and when one may never be late


@dataclass(frozen=True, slots=True)
class Pace:
    """
    How a team goes: `slow` seconds for one of the network, and the departures it may take.

    Those of the timetable of the day `on` between two minutes of the day (None: no timetable).
    `sure`: the minutes hold for every departure, else for the share of the settings.
    """

    slow: float
    on: date | None = None
    first_min: int = 0
    last_min: int = 0
    sure: bool = False

    def order(self) -> tuple[float, int, int, int]:
        """Return a key by which paces sort."""
        return self.slow, self.on.toordinal() if self.on else 0, self.first_min, self.last_min


def paces_of(windows: Sequence[TeamWindow], walks: Walks) -> tuple[Pace, ...]:
    """Return the pace of each window: that of its team, on its kind of day, in its half-day."""
    rides = rides_of(walks)
    if rides is None:
        return tuple(Pace(w.slowness) for w in windows)
    halves = {w.half_day for w in windows}
    first = {h: min(w.begin_min for w in windows if w.half_day == h) for h in halves}
    last = {h: max(w.finish_min for w in windows if w.half_day == h) for h in halves}
    days = rides.typical
    return tuple(
        Pace(w.slowness, days.get(w.on), first[w.half_day], last[w.half_day]) for w in windows
    )


def sure_minutes(a: str, b: str, slow: float, walks: Walks, settings: Settings) -> float:
    """Return minutes from `a` to `b` that hold at any hour of any day of the week; FAR at most."""
    rides = rides_of(walks)
    if rides is None:
        return _longest(a, b, [Pace(slow)], walks, settings)
    if (a, b, slow) not in rides.sure:
        first, last = minutes_of(settings.week.day_start), minutes_of(settings.week.day_end)
        paces = [Pace(slow, on, first, last, sure=True) for on in {*rides.typical.values()}]
        rides.sure[a, b, slow] = _longest(a, b, paces, walks, settings)
    return rides.sure[a, b, slow]


def _longest(a: str, b: str, paces: Sequence[Pace], walks: Walks, settings: Settings) -> float:
    legs = leg_times([a, b], paces, walks, settings)
    return float(min(legs.minutes[:, 0, 1].max(), FAR))


def leg_times(
    point_ids: Sequence[str], paces: Sequence[Pace], walks: Walks, settings: Settings
) -> Legs:
    """
    Return whole minutes and metres between points, for each of `paces`.

    Walking minutes are rounded up. Farther than the settings say, public transport is taken when it
    is faster: by the timetable, the minutes that the share of the settings of its departures need
    at most, and the most that is walked then; without one, its wait, then its speed along the same
    streets, and 500 m walked. From or to ANYWHERE nothing is counted. FAR where there is no way.
    Metres patrolled at a point are added to those that leave it.
    """
    known = [on_streets(p) for p in point_ids if p != ANYWHERE]
    at = np.array([p != ANYWHERE for p in point_ids], bool)
    walked = np.asarray(walks.minutes(known, known), dtype=float)
    more = np.array([patrolled_m(p) for p in point_ids], np.int64).reshape(-1, 1)
    shape = (len(paces), len(point_ids), len(point_ids))
    minutes, metres = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for k, pace in enumerate(paces):
        for table, found in zip((minutes, metres), _pace(known, walked, pace, walks, settings),
                                strict=True):  # fmt: skip
            table[k][np.ix_(at, at)] = found
            np.fill_diagonal(table[k], 0)
        metres[k] += more
    return Legs(minutes, metres)


def on_streets(point_id: str) -> str:
    """Return the point of the network under a point of the week."""
    return point_id.split(PATROL, maxsplit=1)[0]


def patrolled_m(point_id: str) -> int:
    """Return the metres walked at a point itself: the tour of streets that starts there."""
    return int(point_id.rpartition(PATROL)[2]) if PATROL in point_id else 0


def _pace(
    known: Sequence[str], walking: Table, pace: Pace, walks: Walks, settings: Settings
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    week, base = settings.week, settings.walk.speed_kmh * 1000 / 60
    reached = np.isfinite(walking)
    lasts = np.where(reached, walking, 0.0)
    length = lasts * base
    minutes, metres = np.ceil(lasts * pace.slow - 1e-6), np.ceil(length - 1e-3)
    far = np.zeros(reached.shape, bool)
    if week.bus_from_m is not None:
        far = reached & (length >= week.bus_from_m)
    if far.any():
        bus, walked = _ridden(known, lasts, pace, walks, settings)
        taken = far & (bus < minutes)
        minutes, metres = np.where(taken, bus, minutes), np.where(taken, walked, metres)
    minutes, metres = np.where(reached, minutes, FAR), np.where(reached, metres, FAR)
    return minutes.astype(np.int64), metres.astype(np.int64)


def _ridden(
    known: Sequence[str], walking: Table, pace: Pace, walks: Walks, settings: Settings
) -> tuple[Table, Table]:
    """Return minutes and metres [points, points] by public transport, inf where there is none."""
    week, base = settings.week, settings.walk.speed_kmh * 1000 / 60
    rides = rides_of(walks)
    if rides is None:
        bus = np.ceil(week.bus_wait_min + walking * base / (week.bus_kmh * 1000 / 60))
        return bus, np.full(bus.shape, float(BUS_WALK_M))
    bus, metres = np.full(walking.shape, np.inf), np.zeros(walking.shape)
    if pace.on is None:
        return bus, metres
    every = EVERY_SURE_MIN if pace.sure else EVERY_MIN
    moments: Table = 60.0 * np.arange(pace.first_min, pace.last_min + every, every, dtype=float)
    share = 1.0 if pace.sure else week.bus_on_time
    rows = ride_times(rides, known, pace.on, moments, pace.slow)
    for k, (lasts, foot) in enumerate(rows):
        cut = _most(np.minimum(lasts, 60 * walking[k] * pace.slow), share)
        bus[k] = np.ceil(cut / 60) + (every if pace.sure else 0)
        metres[k] = np.where(lasts <= cut, foot, 0.0).max(axis=0) / 60 * base
    return bus, np.ceil(metres)


def _most(lasts: Table, share: float) -> Table:
    """Return the seconds [points] that `share` of the departures [moments, points] need at most."""
    kept = int(np.ceil(share * len(lasts))) - 1
    held: Table = np.partition(lasts, kept, axis=0)[kept]
    return held
