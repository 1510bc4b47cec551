"""
When something comes back: every Thursday, every six weeks, days 1, 3 and 5, a list of days.

Days are civil dates; weeks are those of ISO 8601 and begin on Monday.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from territory.model.french_calendar import FrenchCalendar

EVEN, ODD = "paire", "impaire"
OUTSIDE_SCHOOL, IN_SCHOOL = "hors", "pendant"  # of the school holidays
A_WEEK, A_MONTH = "semaine", "mois"
LAST = -1
_WEEK = 7
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Weekly:
    """
    Days of the week (0 Monday), every `interval` weeks from the week of the start.

    `parity` (paire, impaire) and `numbers` (1-53) keep only those ISO weeks; "" and () keep all.
    """

    weekdays: tuple[int, ...]
    interval: int = 1
    parity: str = ""
    numbers: tuple[int, ...] = ()

    def days(
        self, start: date | None, first: date, last: date, _calendar: FrenchCalendar
    ) -> Iterator[date]:
        """Yield the days from `first` to `last`, both included."""
        monday = _monday(start or first)
        for day in _every_day(first, last):
            weeks = (_monday(day) - monday).days // _WEEK
            if day.weekday() in self.weekdays and weeks % self.interval == 0 and self._of(day):
                yield day

    def _of(self, day: date) -> bool:
        number = day.isocalendar().week
        parity = ODD if number % 2 else EVEN
        return self.parity in {"", parity} and (not self.numbers or number in self.numbers)


@dataclass(frozen=True, slots=True)
class Monthly:
    """Days of the week (0 Monday), the `ranks`-th of each month: 1 to 5, -1 the last."""

    weekdays: tuple[int, ...]
    ranks: tuple[int, ...]

    def days(
        self, _start: date | None, first: date, last: date, _calendar: FrenchCalendar
    ) -> Iterator[date]:
        """Yield the days from `first` to `last`, both included."""
        for day in _every_day(first, last):
            after = monthrange(day.year, day.month)[1] - day.day
            ranks = {(day.day - 1) // _WEEK + 1, LAST if after < _WEEK else 0}
            if day.weekday() in self.weekdays and ranks & {*self.ranks}:
                yield day


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of RFC 5545 (RRULE), without its COUNT, kept aside, nor its UNTIL."""

    text: str
    count: int | None = None

    def days(
        self, start: date | None, _first: date, last: date, _calendar: FrenchCalendar
    ) -> Iterable[date]:
        """Return the days from the start to the end of the year of `last`, as dateutil does."""
        return () if start is None else _rule_days(self.text, self.count, start, last.year)


@dataclass(frozen=True, slots=True)
class Listed:
    """Days written one by one."""

    on: tuple[date, ...]

    def days(
        self, _start: date | None, _first: date, _last: date, _calendar: FrenchCalendar
    ) -> Iterable[date]:
        """Return them all."""
        return self.on


@dataclass(frozen=True, slots=True)
class FollowUp:
    """
    Visits after a start: working days counted from it, then once a week or a month.

    Days 1, 3 and 5 count the first day of work as day 1, so that a job begun on a Monday is
    visited on Monday, Wednesday and Friday (the end of the first week). With `after`, J+1 is the
    next working day. Week-ends and public holidays are passed over, not counted; the weekly or
    monthly visits that fall there move to the next working day.
    """

    ranks: tuple[int, ...]
    after: bool = False
    then: str = ""  # A_WEEK, A_MONTH or nothing

    def days(
        self, start: date | None, _first: date, last: date, calendar: FrenchCalendar
    ) -> Iterator[date]:
        """Yield the visits up to `last`."""
        if start is None:
            return
        day = start + timedelta(days=int(self.after))
        for rank in range(1, max(self.ranks) + 1):
            day = _working(day, calendar)
            if rank in self.ranks:
                yield day
            day += timedelta(days=1)
        step = 1
        while self.then and (later := self._later(start, step)) <= last:
            moved = _working(later, calendar)
            if moved >= day:
                yield moved
            step += 1

    def _later(self, start: date, step: int) -> date:
        if self.then == A_WEEK:
            return start + timedelta(weeks=step)
        year, month = divmod(start.year * 12 + start.month - 1 + step, 12)
        return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


Rhythm = Weekly | Monthly | Rule | Listed | FollowUp


@dataclass(frozen=True, slots=True)
class Recurrence:
    """
    How days come back, between a start and an end that are included when known.

    `public` tells whether public holidays count, `school` (hors, pendant, "") which side of the
    school holidays is kept, `skipped` days left out. Where nobody knows the school holidays,
    « hors » holds and « pendant » does not: most weeks are ordinary ones (see `doubtful`).
    """

    rhythm: Rhythm
    start: date | None = None
    until: date | None = None
    public: bool = True
    school: str = ""
    skipped: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError for a rhythm that lacks what it counts from or to."""
        rhythm = self.rhythm
        counts = isinstance(rhythm, Rule | FollowUp)
        counts = counts or (isinstance(rhythm, Weekly) and rhythm.interval > 1)
        if counts and self.start is None:
            raise ValueError("a rhythm that is counted needs a start")
        if isinstance(rhythm, FollowUp) and rhythm.then and self.until is None:
            raise ValueError("visits that go on need an end")

    def dates(self, first: date, last: date, calendar: FrenchCalendar) -> tuple[date, ...]:
        """Return the days from `first` to `last` (included), sorted, each once."""
        return tuple(d for d in self._days(first, last, calendar) if self._in_season(d, calendar))

    def falls_on(self, on: date, calendar: FrenchCalendar) -> bool:
        """Whether day `on` is one of the dates."""
        return bool(self.dates(on, on, calendar))

    def doubtful(self, first: date, last: date, calendar: FrenchCalendar) -> tuple[date, ...]:
        """Return the days that would be kept or not by school holidays nobody knows yet."""
        if not self.school:
            return ()
        days = self._days(first, last, calendar)
        return tuple(d for d in days if calendar.school_holiday(d) is None)

    def _days(self, first: date, last: date, calendar: FrenchCalendar) -> list[date]:
        """Return the days of the rhythm, whatever the school holidays."""
        first, last = max(first, self.start or first), min(last, self.until or last)
        if last < first:
            return []
        found = set(self.rhythm.days(self.start, first, last, calendar)) - {*self.skipped}
        kept = (d for d in found if first <= d <= last)
        return sorted(d for d in kept if self.public or calendar.holiday(d) is None)

    def _in_season(self, on: date, calendar: FrenchCalendar) -> bool:
        if not self.school:
            return True
        return bool(calendar.school_holiday(on)) == (self.school == IN_SCHOOL)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _every_day(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _working(day: date, calendar: FrenchCalendar) -> date:
    """Return `day`, or the next one that is neither in a week-end nor a public holiday."""
    while day.weekday() >= _SATURDAY or calendar.holiday(day) is not None:
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=512)  # one line is asked about day after day
def _rule_days(text: str, count: int | None, start: date, year: int) -> tuple[date, ...]:
    """
    Return the days of a rule up to the end of `year`.

    COUNT is applied here, so that a rule that never falls stops at the end of the year too.
    """
    begin, end = datetime.combine(start, time(0)), datetime.combine(date(year, 12, 31), time(0))
    days = rrulestr(text, dtstart=begin).replace(until=end)
    return tuple(moment.date() for moment in islice(days, count))
