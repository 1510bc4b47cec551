"""Which days a line of « disponibilites » speaks of: a weekday, dates, or what comes back."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from territory.io.privacy import showable
from territory.io.values import read_list
from territory.model.recurrence import Recurrence, Weekly
from territory.model.recurrence_text import read_recurrence
from territory.model.words import WEEKDAYS, WEEKS, find

if TYPE_CHECKING:
    from datetime import date

    from territory.io.rows import Row
    from territory.model.recurrence_text import Heard

ALL_WEEKS = "toutes"
_NUMBERS = re.compile(r"\d{1,2}(?:\s*(?:[,;|/-]|à|a|et)\s*\d{1,2})*")


@dataclass(frozen=True, slots=True)
class When:
    """
    The days of one line: weekdays (0 Monday; None without one), dates, parity, recurrence.

    `span` is (start, end) in minutes after midnight when the recurrence tells hours; `half` that it
    only tells a half-day.
    """

    weekdays: tuple[int | None, ...]
    from_on: date | None
    to_on: date | None
    weeks: str = ALL_WEEKS
    recurrence: Recurrence | None = None
    span: tuple[int, int] | None = None
    half: bool = False


def read_when(row: Row, kind: str | None) -> When | None:
    """
    Return the days of a line, None when it is refused (said in its issues).

    A recurrence that cannot be read is said (W-HORAIRE): an appointment or an absence is then kept
    every week, so that nobody is planned over it; hours of work are refused, never assumed.
    """
    text = row.text("weekday")
    first, last = row.date("from_on"), row.date("to_on")
    days = weekdays_of(text) if text else None
    if text and days is None:
        row.word("weekday", WEEKDAYS, required=True)
        return None
    if first is not None and last is not None and last < first:
        row.refuse("E-DATE", "to_on", "la fin est avant le début.", "Ligne ignorée.")
        return None
    told = _told(row)
    heard = None
    if told is not None:
        heard = read_recurrence(told, weekdays=days or (), start=first, until=last)
        if heard is not None:
            return _recurring(row, days or (), heard)
        _unread(row, told, kept=kind != "disponible" and (text or first) is not None)
    return None if row.refused else _usual(row, days, first, last)


def _usual(
    row: Row, days: tuple[int, ...] | None, first: date | None, last: date | None
) -> When | None:
    """Return the days of a line without recurrence; a single date lasts one day."""
    if days is None and first is None:
        row.refuse("E-VIDE", "weekday", "ni jour de la semaine ni date.", "Ligne ignorée.")
        return None
    single = first if days is None and last is None else last
    weeks = None if _by_number(row) else row.word("weeks", WEEKS)
    return When(days or (None,), first, single, weeks or ALL_WEEKS)


def _told(row: Row) -> str | None:
    """Return the recurrence as written, or the numbers of weeks written in « semaine »."""
    numbers = "" if _by_number(row) is None else f"semaines {_by_number(row)}"
    told = row.text("recurrence")
    return f"{told or ''} {numbers}".strip() or None


def _by_number(row: Row) -> str | None:
    text = row.text("weeks")
    listed = text is not None and _NUMBERS.fullmatch(text.strip())
    return re.sub(r"\s*[;|/]\s*", ", ", text.strip()) if text and listed else None


def _recurring(row: Row, days: tuple[int, ...], heard: Heard) -> When:
    """Return the days of a recurrence; the plainest weekly ones need no recurrence any more."""
    made = heard.recurrence
    rhythm = made.rhythm
    if days and getattr(rhythm, "weekdays", ()) != days:
        problem = "ce jour et la récurrence ne disent pas la même chose."
        row.note("W-JOUR", "weekday", problem, "La récurrence est retenue.")
    weeks = None if _by_number(row) else row.word("weeks", WEEKS)
    when = When((None,), made.start, made.until, weeks or ALL_WEEKS, made, heard.span, heard.half)
    if not isinstance(rhythm, Weekly) or rhythm.interval > 1 or rhythm.numbers:
        return when
    parity = rhythm.parity or when.weeks
    return replace(when, weekdays=rhythm.weekdays, weeks=parity, recurrence=_conditions(made))


def _conditions(made: Recurrence) -> Recurrence | None:
    """Return what a weekday, a parity and two dates do not tell: holidays and days left out."""
    if made.public and not made.school and not made.skipped:
        return None
    return replace(made, start=None, until=None)


def one_day(recurrence: Recurrence | None, weekday: int | None) -> Recurrence | None:
    """Return a weekly recurrence for one of its days only, another as it is."""
    if recurrence is None or weekday is None or not isinstance(recurrence.rhythm, Weekly):
        return recurrence
    return replace(recurrence, rhythm=Weekly((weekday,)))


def _unread(row: Row, told: str, *, kept: bool) -> None:
    problem = f"récurrence non comprise : « {showable(told)} »."
    advice = "Écrivez par exemple « toutes les 6 semaines à partir du 12/01/2026 »."
    name = "recurrence" if row.text("recurrence") else "weeks"
    if kept:
        kept_so = "Le jour ou la période de la ligne est retenu en entier."
        row.note("W-HORAIRE", name, problem, f"{kept_so} {advice}")
    else:
        row.refuse("E-HORAIRE", name, problem, f"Ligne ignorée. {advice}")


def weekdays_of(text: str) -> tuple[int, ...] | None:
    """Return weekday numbers of `mardi`, `lundi, mardi` or `lun-ven`; None when not understood."""
    ends = [find(WEEKDAYS, part) for part in text.replace("–", "-").split("-")]
    if len(ends) == 2 and ends[0] and ends[1] and int(ends[0]) <= int(ends[1]):  # noqa: PLR2004
        return tuple(range(int(ends[0]), int(ends[1]) + 1))
    codes = [find(WEEKDAYS, part) for part in read_list(text)]
    known = [int(code) for code in codes if code is not None]
    return tuple(sorted(set(known))) if known and len(known) == len(codes) else None
