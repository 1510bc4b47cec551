"""Is a place open on a day? Its hours, its closures and the holidays: open, closed or unknown."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from territory.model.closures import closed_on
from territory.model.opening import open_spans

if TYPE_CHECKING:
    from datetime import date

    from territory.model.french_calendar import FrenchCalendar

Spans = tuple[tuple[int, int], ...]

_SCHOOL = re.compile(r"\bSH\b")


def spans_on(
    hours: str | None, closures: str | None, on: date, calendar: FrenchCalendar
) -> Spans | None:
    """
    Return the open spans of a place on day `on`: () is closed, None is unknown.

    `hours` is OSM opening_hours text (None: unknown), `closures` as PLACES keeps them; spans are
    minutes after midnight. A rule on school holidays is unknown where nobody knows them, unless it
    makes no difference that day.
    """
    if closed_on(closures, on):
        return ()
    if not hours:
        return None
    school = calendar.school_holiday(on) if _SCHOOL.search(hours) else False
    return _spans(hours, on, calendar.holiday(on) is not None, school)


@lru_cache(maxsize=20_000)
def _spans(hours: str, on: date, holiday: bool, school: bool | None) -> Spans | None:  # noqa: FBT001
    cases = (True, False) if school is None else (school,)
    try:
        found = {open_spans(hours, on, holiday=holiday, school_holiday=case) for case in cases}
    except ValueError:
        return None
    return found.pop() if len(found) == 1 else None
