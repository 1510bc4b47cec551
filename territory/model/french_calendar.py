"""The days of a territory: public holidays by region, school holidays by zone, known or not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import holidays
from vacances_scolaires_france import SchoolHolidayDates, UnsupportedYearException

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

# Académies grouped in zones since 2016 (décret of 16 April 2015); Corse and overseas set their own.
_ZONES: Mapping[str, str] = {
    "A": "01 03 07 15 16 17 19 21 23 24 25 26 33 38 39 40 42 43 47 58 63 64 69 70 71 73 74 79 86 "
    "87 89 90",
    "B": "02 04 05 06 08 10 13 14 18 22 27 28 29 35 36 37 41 44 45 49 50 51 52 53 54 55 56 57 59 "
    "60 61 62 67 68 72 76 80 83 84 85 88",
    "C": "09 11 12 30 31 32 34 46 48 65 66 75 77 78 81 82 91 92 93 94 95",
}
# Where Good Friday and 26 December, or the abolition of slavery, are holidays too.
_REGIONS: Mapping[str, str] = {
    "57": "57", "67": "6AE", "68": "6AE",
    "971": "971", "972": "972", "973": "973", "974": "974", "976": "976",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FrenchCalendar:
    """
    Which holidays hold in a territory.

    `region` is a subdivision of the package holidays (None: those of all France); `zone` is the
    zone of school holidays, A, B or C, None when it is not known or when several meet.
    """

    region: str | None = None
    zone: str | None = None

    def holiday(self, on: date) -> str | None:
        """Return the French name of the public holiday of day `on`, None on other days."""
        return _holidays(self.region, on.year).get(on)

    def school_holiday(self, on: date) -> bool | None:
        """Return whether `on` is in the school holidays; None when nobody has said so yet."""
        if self.zone is None:
            return None
        try:
            found: bool = _school().is_holiday_for_zone(on, self.zone)
        except UnsupportedYearException:
            return None
        return None if on > _last_school_day() else found


def calendar_of(communes: Iterable[str]) -> FrenchCalendar:
    """
    Return the calendar of `communes` (Insee codes).

    Alsace-Moselle and overseas have their own public holidays when all communes are there.
    """
    here = {code[:3] if code.startswith("97") else code[:2] for code in communes}
    zones = {_zone(departement) for departement in here}
    regions = {_REGIONS.get(departement) for departement in here}
    return FrenchCalendar(
        regions.pop() if len(regions) == 1 else None, zones.pop() if len(zones) == 1 else None
    )


def _zone(departement: str) -> str | None:
    return next((zone for zone, listed in _ZONES.items() if departement in listed.split()), None)


@lru_cache(maxsize=64)
def _holidays(region: str | None, year: int) -> dict[date, str]:
    known = holidays.country_holidays("FR", subdiv=region, years=year, language="fr")
    return {day: str(name) for day, name in known.items()}


@lru_cache(maxsize=1)
def _school() -> SchoolHolidayDates:
    return SchoolHolidayDates()


@lru_cache(maxsize=1)
def _last_school_day() -> date:
    """Return the last day of the calendar published: what follows is not known."""
    last: date = max(_school().data)
    return last
