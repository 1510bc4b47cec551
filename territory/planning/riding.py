"""A leg by public transport at the very minute one leaves: what to take, and when one is there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.network.transit_trip import earliest_trip
from territory.planning.ride_words import ESTIMATED, late_words, ride_words
from territory.planning.walks import rides_of

if TYPE_CHECKING:
    from datetime import date

    from territory.network.transit_trip import Trip
    from territory.planning.walks import Walks

LOOK_BACK_MIN = 60  # how much earlier one is told to leave, at most
_TINY = 1e-6  # minutes: sums of reals just above a whole one


@dataclass(frozen=True, slots=True)
class Going:
    """One leg between two points of the network on a day, with what the plan reckons for it."""

    on: date
    a: str
    b: str
    slow: float
    minutes: int
    metres: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What a leg is in the end: minutes and metres walked, and the vehicles to take in French."""

    minutes: int
    metres: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Riding:
    """The walks and timetable of a week (None: legs are as reckoned), metres walked in a minute."""

    walks: Walks | None = None
    metres_a_minute: float = 75.0

    def ridden(self, leg: Going) -> bool:
        """Whether a leg is reckoned by public transport: it lasts longer than its walk."""
        return leg.minutes > math.ceil(leg.metres / self.metres_a_minute * leg.slow)

    def arrival_min(self, leg: Going, leave_min: int) -> int:
        """Return when one is there who leaves at `leave_min`: as reckoned, or later."""
        planned = leave_min + leg.minutes
        if self.walks is None or rides_of(self.walks) is None or not self.ridden(leg):
            return planned
        trip = self._trip(leg, leave_min)
        afoot = leave_min + math.ceil(self._afoot_min(leg) * leg.slow - _TINY)
        return max(planned, afoot if trip is None else min(afoot, _minute(trip)))

    def leaving_min(self, leg: Going, by_min: int, begin_min: int) -> int:
        """Return the last minute, from `begin_min` on, to leave to be there `by_min`."""
        planned = by_min - leg.minutes
        tried = range(planned, max(begin_min, planned - LOOK_BACK_MIN) - 1, -1)
        return next((t for t in tried if self.arrival_min(leg, t) <= by_min), planned)

    def taken(self, leg: Going, leave_min: int, by_min: int) -> Taken:
        """Return how to go for who leaves at `leave_min` and should be there `by_min`."""
        if self.walks is None or not self.ridden(leg):
            return Taken(leg.minutes, leg.metres)
        if rides_of(self.walks) is None:
            return Taken(leg.minutes, leg.metres, ESTIMATED)
        trip, afoot = self._trip(leg, leave_min), self._afoot_min(leg)
        if trip is None or trip.arrive_s >= 60 * (leave_min + afoot * leg.slow):
            return Taken(math.ceil(afoot * leg.slow - _TINY), self._metres(afoot))
        there, words = _minute(trip), ride_words(trip)
        if there > by_min:
            words = late_words(words, there, by_min, self._earlier(leg, leave_min, by_min))
        return Taken(there - leave_min, self._metres(trip.foot_s / 60), words)

    def _metres(self, minutes: float) -> int:
        return math.ceil(minutes * self.metres_a_minute - 1e-3)

    def _earlier(self, leg: Going, leave_min: int, by_min: int) -> tuple[int, str] | None:
        """Return when to leave to be there in time, and by what; None when nothing is."""
        for earlier in range(leave_min - 1, leave_min - LOOK_BACK_MIN - 1, -1):
            trip = self._trip(leg, earlier)
            if trip is not None and _minute(trip) <= by_min:
                return earlier, ride_words(trip)
        return None

    def _trip(self, leg: Going, leave_min: int) -> Trip | None:
        rides = None if self.walks is None else rides_of(self.walks)
        if rides is None or leg.on not in rides.days:
            return None
        return earliest_trip(rides, leg.a, leg.b, leg.on, 60.0 * leave_min, leg.slow)

    def _afoot_min(self, leg: Going) -> float:
        return math.inf if self.walks is None else _minutes(self.walks, leg)


def _minutes(walks: Walks, leg: Going) -> float:
    return float(walks.minutes([leg.a], [leg.b]).iloc[0, 0])


def _minute(trip: Trip) -> int:
    return math.ceil(trip.arrive_s / 60 - _TINY)
