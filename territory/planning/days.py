"""The days of a week: holidays of both kinds, half-days, evenings."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from territory.errors import WrongUsage
from territory.model.timetable import PERIODS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.model.french_calendar import FrenchCalendar
    from territory.planning.spans import Span
    from territory.settings import Week

MORNING, AFTERNOON = "matin", "apres-midi"
WORKDAYS = 5
EVENING_MIN = PERIODS["soir"][0]  # 17:30


def week_days(week: str) -> tuple[date, ...]:
    """Return the seven dates, Monday first, of an ISO week « 2026-W48 »; else raise WrongUsage."""
    found = re.fullmatch(r"(\d{4})-W(\d{2})", week)
    try:
        if found:
            year, number = int(found[1]), int(found[2])
            return tuple(date.fromisocalendar(year, number, day) for day in range(1, 8))
    except ValueError:
        pass
    message = f"« {week} » n'est pas une semaine. Écrivez l'année et le numéro, comme « 2026-W48 »."
    raise WrongUsage(message)


def week_before(monday: date) -> str:
    """Return the ISO week before the one of `monday`."""
    year, number, _ = (monday - timedelta(days=7)).isocalendar()
    return f"{year}-W{number:02d}"


def public_holidays(days: Sequence[date], calendar: FrenchCalendar) -> dict[date, str]:
    """Return the public holidays of `calendar` among `days`, with their French names."""
    named = {day: calendar.holiday(day) for day in days}
    return {day: name for day, name in named.items() if name is not None}


def school_holidays(days: Sequence[date], calendar: FrenchCalendar) -> dict[date, bool | None]:
    """Return whether each day is in the school holidays; None when nobody has said so yet."""
    return {day: calendar.school_holiday(day) for day in days}


def half_day(start_min: int, rules: Week) -> str:
    """Return « matin » for what starts before the lunch break, else « apres-midi »."""
    return MORNING if start_min < minutes_of(rules.lunch_start) else AFTERNOON


def is_evening(span: Span) -> bool:
    """Whether a span (minutes after midnight) goes on after 17:30: an evening to be shared out."""
    return span[1] > EVENING_MIN


def minutes_of(clock: str) -> int:
    """Return « HH:MM » as minutes after midnight; raises ValueError for anything else."""
    hour, minute = clock.split(":")
    return 60 * int(hour) + int(minute)
