"""The days of a report: a civil year, a half of it, since the launch; what it is compared with."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from territory.errors import WrongUsage
from territory.model.report import Span

if TYPE_CHECKING:
    from collections.abc import Collection

    from territory.settings.report import Profile

_YEAR = re.compile(r"^(\d{4})$")
_HALF = re.compile(r"^(\d{4})-?[sS]([12])$")
SINCE = "lancement"
RAMP_UP_MONTHS = 6
YEAR_DAYS = 366
JUNE = 6


def span_of(asked: str, today: date, launch: date | None) -> Span:
    """
    Return the span that `asked` names: « 2026 », « 2026-S1 » or « lancement », up to `today`.

    A span that goes on after `today` stops there and says so. Raises WrongUsage (French) for
    another text, a span that has not begun, or « lancement » without a day of launch.
    """
    if asked == SINCE:
        return _since(launch, today)
    year, half = _YEAR.match(asked), _HALF.match(asked)
    if year:
        first, last = date(int(year[1]), 1, 1), date(int(year[1]), 12, 31)
        name = f"année {year[1]}"
    elif half:
        first, last = _half(int(half[1]), int(half[2]))
        name = f"{'premier' if half[2] == '1' else 'second'} semestre {half[1]}"
    else:
        raise WrongUsage(
            f"« {asked} » n’est pas une période. Écrivez une année (2026), un semestre (2026-S1) "
            f"ou « {SINCE} »."
        )
    return _until(first, last, name, today)


def spans_with(days: Collection[date], launch: date | None) -> tuple[str, ...]:
    """
    Return what `span_of` may be asked about these days: since the launch, years, their halves.

    The latest first. Years and halves without any of the `days` are left out.
    """
    halves = {(day.year, 1 if day.month <= JUNE else 2) for day in days}
    found = [SINCE] if launch is not None and any(day >= launch for day in days) else []
    for year in sorted({year for year, _ in halves}, reverse=True):
        found.append(str(year))
        found += [f"{year}-S{half}" for half in (2, 1) if (year, half) in halves]
    return tuple(found)


def whole_log(last: date) -> Span:
    """Return the days from before any log to `last`."""
    return Span(date(1900, 1, 1), last, "tout le suivi")


def span_before(span: Span) -> Span:
    """Return the same days one year earlier, what a span is compared with."""
    name = f"un an plus tôt ({_short(_back(span.first))} – {_short(_back(span.last))})"
    return Span(_back(span.first), _back(span.last), name)


def for_span(profile: Profile, span: Span) -> Profile:
    """Return a profile without what is split by half-year, for a span of a year or less."""
    if span.days > YEAR_DAYS:
        return profile
    kept = tuple(c for c in profile.countings if c.by != "semestre")
    codes = {counting.code for counting in kept}
    tables = tuple(t for t in profile.tables if codes.issuperset(t.columns))
    return profile.model_copy(update={"countings": kept, "tables": tables})


def ramp_up(span: Span, launch: date | None) -> str:
    """
    Return the sentence about the first months after the launch that fall in `span`, "" if none.

    A half year is never compared with a whole one (S0-01): whoever reads must be told.
    """
    if launch is None:
        return ""
    if span.first < launch <= span.last:
        return (
            f"L’action a commencé le {_short(launch)} : la période n’est pas entière et ne se "
            "compare pas à une année pleine."
        )
    if span.first == launch:
        return (
            f"La période commence au lancement ({_short(launch)}) : ses premiers mois sont une "
            "montée en charge."
        )
    months = (span.first.year - launch.year) * 12 + span.first.month - launch.month
    if 0 <= months < RAMP_UP_MONTHS:
        return (
            f"La période commence {months} mois après le lancement ({_short(launch)}) : elle "
            "compte une montée en charge."
        )
    return ""


def _since(launch: date | None, today: date) -> Span:
    if launch is None:
        raise WrongUsage(
            "Le jour de lancement n’est pas connu. Écrivez-le dans territory.toml : "
            "[bilan] lancement = 2023-06-01."
        )
    return _until(launch, today, f"depuis le lancement ({_short(launch)})", today)


def _until(first: date, last: date, name: str, today: date) -> Span:
    if first > today:
        raise WrongUsage(f"La période « {name} » n’a pas commencé : rien n’est encore à compter.")
    if last > today:
        return Span(first, today, f"{name}, jusqu’au {_short(today)}")
    return Span(first, last, name)


def _half(year: int, number: int) -> tuple[date, date]:
    if number == 1:
        return date(year, 1, 1), date(year, 6, 30)
    return date(year, 7, 1), date(year, 12, 31)


def _back(day: date) -> date:
    """Return the day one year earlier, the last of February for a 29."""
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return date(day.year - 1, day.month, min(day.day, last))


def _short(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def month_ends(span: Span) -> list[date]:
    """Return the last day of each month of a span, its own last day for the one cut."""
    found, day = [], span.first
    while day <= span.last:
        end = date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])
        found.append(min(end, span.last))
        day = end + timedelta(days=1)
    return found
