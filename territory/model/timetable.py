"""A timetable as read, the usual services made of it, and the words for days and periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.model.tables import COUNT, REAL, TEXT, Column, TableContract
from territory.model.words import Vocabulary, Word

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

# Half-days of a team with the hour people need to get there; nothing is promised outside them.
PERIODS: Mapping[str, tuple[int, int]] = {
    "matin": (8 * 60, 12 * 60),
    "midi": (12 * 60, 13 * 60 + 30),
    "apres_midi": (13 * 60 + 30, 17 * 60 + 30),
    "soir": (17 * 60 + 30, 21 * 60),
}
WORKDAY, SATURDAY, SUNDAY = "ouvre", "samedi", "dimanche"
DAY_TYPES = (WORKDAY, SATURDAY, SUNDAY)
PERIOD_WORDS: Vocabulary = (
    Word("matin", "matin", ("matinee",)),
    Word("midi", "midi"),
    Word("apres_midi", "après-midi", ("aprem",)),
    Word("soir", "soir", ("soiree",)),
)
DAY_WORDS: Vocabulary = (
    Word(WORKDAY, "jour ouvré", ("ouvrable", "semaine", "jours_ouvres")),
    Word(SATURDAY, "samedi"),
    Word(SUNDAY, "dimanche et fêtes", ("fete", "ferie", "jour_ferie")),
)
WALKED = "marche"
TRANSPORT = "transport"  # a vehicle of a type that the feed does not tell

SERVICES = TableContract(
    "services",
    "service_id",
    (
        Column("day_type", TEXT, "ouvre, samedi, dimanche (public holidays are Sundays)"),
        Column("period", TEXT, "key of PERIODS"),
        Column("group_id", TEXT, "lines that run together; one vehicle taken stays in its group"),
        Column("rank", COUNT, "place of this hop in the run of its group, from 0"),
        Column("from_stop", TEXT, "stop where the hop starts"),
        Column("to_stop", TEXT, "next stop of the group"),
        Column("lines", TEXT, "lines of the group in this period, joined by |"),
        Column("directions", TEXT, "where each of them goes, joined by |"),
        Column("mode", TEXT, "tram, métro, train, bus...; transport when they differ"),
        Column("departures", REAL, "usual departures from from_stop in the period"),
        Column("headway_min", REAL, "twice the mean wait, minutes; NA when nobody may board"),
        Column("ride_s", REAL, "median seconds from leaving from_stop to reaching to_stop"),
        Column("dwell_s", REAL, "median seconds spent at to_stop before going on"),
        Column("may_leave", "bool", "passengers may get off at to_stop"),
    ),
)
TRANSFERS = TableContract(
    "transfers",
    "transfer_id",
    (
        Column("from_stop", TEXT, "stop left"),
        Column("to_stop", TEXT, "stop reached on foot"),
        Column("walk_s", REAL, "seconds of the change"),
    ),
)


@dataclass(frozen=True, slots=True, eq=False)
class Timetable:
    """
    A feed as read: every run of a vehicle, stop by stop, and the days it runs.

    `stop_ids`: sorted; `trips` (index 0..k-1): line, mode, direction, service_id; `passages`, by
    trip and rank: trip, rank, stop (position in `stop_ids`), arrive_s, depart_s (seconds after the
    midnight of the day of service, past 86,400 in the night that follows), board, alight; `days`:
    service_id, on (sorted, each pair once); `transfers` keeps TRANSFERS.
    """

    stop_ids: tuple[str, ...]
    trips: pd.DataFrame
    passages: pd.DataFrame
    days: pd.DataFrame
    transfers: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Leg:
    """
    One part of a trip: a walk, or a ride with the wait before it.

    `seconds` leave the wait out; names of stops are those of the feed, "" for the two ends.
    """

    kind: str  # WALKED or a mode
    seconds: float
    from_name: str = ""
    to_name: str = ""
    lines: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    wait_s: float = 0.0
    stops: int = 0

    def __str__(self) -> str:
        """Return « marche 6 min » or « tram 5, direction Gare, attente habituelle 5 min, ... »."""
        if self.kind == WALKED:
            return f"{WALKED} {_minutes(self.seconds)}"
        many = "s" if self.stops > 1 else ""
        parts = [
            f"{self.kind} {' ou '.join(self.lines)}",
            f"direction {' ou '.join(self.directions)}",
            f"de « {self.from_name} » à « {self.to_name} »",
            f"attente habituelle {_minutes(self.wait_s)}",
            f"{self.stops} arrêt{many}, {_minutes(self.seconds)}",
        ]
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class TransitTrip:
    """A trip door to door: its parts, its seconds, and those of the same trip all on foot (inf)."""

    legs: tuple[Leg, ...]
    seconds: float
    on_foot_s: float

    def __str__(self) -> str:
        """Return the trip in one French sentence."""
        told = " ; ".join(str(leg) for leg in self.legs) or "sur place"
        return f"{_minutes(self.seconds)} : {told}."


def _minutes(seconds: float) -> str:
    return f"{max(round(seconds / 60), 1)}\u00a0min"
