"""Temporary closures of a place: periods of whole days, both ends closed."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

Period = tuple[date, date]

_DAY = r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4})"
_PERIOD = re.compile(rf"(?:du )?({_DAY})(?: ?(?:/|-|–|au|à) ?({_DAY}))?", re.IGNORECASE)


@lru_cache(maxsize=4096)
def closed_periods(text: str) -> tuple[Period, ...] | None:
    """
    Return the periods (first day, last day) that `text` names, sorted; None when not understood.

    Reads `2026-08-03/2026-08-23|2026-12-24` and `du 03/08/2026 au 23/08/2026 ; 24/12/2026`.
    """
    parts = [" ".join(part.split()) for part in re.split(r"[|;\n]", text) if part.strip()]
    found = [_period(part) for part in parts]
    known = [p for p in found if p is not None]
    return tuple(sorted(known)) if known and len(known) == len(found) else None


def closures_text(text: str) -> str | None:
    """Return `text` as PLACES keeps closures (`2026-08-03/2026-08-23|...`), None if unread."""
    periods = closed_periods(text)
    return None if periods is None else "|".join(f"{a}/{b}" for a, b in periods)


def closed_on(closures: str | None, on: date) -> bool:
    """Whether `on` falls in a temporary closure; a text not understood closes nothing."""
    periods = closed_periods(closures) if closures else None
    return any(first <= on <= last for first, last in periods or ())


def _period(part: str) -> Period | None:
    match = _PERIOD.fullmatch(part)
    first = _day(match[1]) if match else None
    last = _day(match[2]) if match and match[2] else first
    return (first, last) if first and last and first <= last else None


def _day(text: str) -> date | None:
    try:
        if "-" in text:
            return date.fromisoformat(text)
        day, month, year = (int(n) for n in text.split("/"))
        return date(year, month, day)
    except ValueError:
        return None
