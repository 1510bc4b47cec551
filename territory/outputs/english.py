"""Numbers, dates, hours and distances as British readers write them; see `french`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.outputs.french import HARD, distance_in

if TYPE_CHECKING:
    from datetime import date

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_FRENCH = {
    "lundi": "Monday", "mardi": "Tuesday", "mercredi": "Wednesday", "jeudi": "Thursday",
    "vendredi": "Friday", "samedi": "Saturday", "dimanche": "Sunday", "matin": "morning",
    "apres-midi": "afternoon",
}  # fmt: skip
_HOUR = 60


def number(value: float, decimals: int = 0) -> str:
    """Return 1234.5 as « 1,234.5 »."""
    return f"{value:z,.{decimals}f}"  # z: no « -0 »


def percent(share: float, decimals: int = 0) -> str:
    """Return 0.125 as « 13% » (« 12.5% » with one decimal)."""
    return f"{number(100 * share, decimals)}%"


def clock(minutes: int) -> str:
    """Return minutes after midnight as « 9:30 » or « 14:00 »."""
    hour, rest = divmod(int(minutes), _HOUR)
    return f"{hour}:{rest:02d}"


def long_date(day: date) -> str:
    """Return a date as « Thursday 12 November 2026 »."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def month(number_in_year: int) -> str:
    """Return « January » for 1 ... « December » for 12."""
    return _MONTHS[number_in_year - 1]


def weekday(number_from_monday: int) -> str:
    """Return « Monday » for 0 ... « Sunday » for 6."""
    return _DAYS[number_from_monday]


def spoken_slot(slot: str) -> str:
    """Return the half-day « mercredi apres-midi » as « Wednesday afternoon »."""
    return " ".join(_FRENCH.get(word, word) for word in slot.split())


def distance(metres: float) -> str:
    """Return metres as « 350 m » or « 2.4 km »."""
    return distance_in(number, metres)


def minutes(value: float) -> str:
    """Return a duration as « 35 min », infinite as « out of reach »."""
    if value == float("inf"):
        return "out of reach"
    return f"{number(value)}{HARD}min"


def small_count(value: float) -> str:
    """Return a count of people, « <5 » for 1 to 4 (small counts are never shown exactly)."""
    return "<5" if 0 < value < 5 else number(value)  # noqa: PLR2004 - the threshold itself
