"""Rules of calendars (RFC 5545: DTSTART, RRULE, EXDATE) read and written as recurrences."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

from territory.model.recurrence import Recurrence, Rule

ZONE = "Europe/Paris"
_LINE = re.compile(
    r"(DTSTART|EXDATE|RRULE)(?:;[^:\s]*)?:(\S*[^\s,;])|(FREQ=\S*[^\s,;])", re.IGNORECASE
)
_NUMBERS = r"[+-]?\d{1,3}(?:,[+-]?\d{1,3})*"
_PARTS = {
    "FREQ": r"DAILY|WEEKLY|MONTHLY|YEARLY",  # nothing here comes back within a day
    "INTERVAL": r"[1-9]\d{0,3}",
    "COUNT": r"[1-9]\d{0,4}",
    "UNTIL": r"\d{8}(?:T\d{6}Z?)?",
    "BYDAY": r"[+-]?\d{0,2}(?:MO|TU|WE|TH|FR|SA|SU)(?:,[+-]?\d{0,2}(?:MO|TU|WE|TH|FR|SA|SU))*",
    "BYMONTHDAY": _NUMBERS,
    "BYYEARDAY": _NUMBERS,
    "BYWEEKNO": _NUMBERS,
    "BYMONTH": _NUMBERS,
    "BYSETPOS": _NUMBERS,
    "WKST": r"MO|TU|WE|TH|FR|SA|SU",
}


def split_rule(text: str) -> tuple[str, str]:
    """Return the calendar lines of `text` and the words beside them."""
    lines = " ".join(found[0] for found in _LINE.finditer(text))
    return lines, _LINE.sub(" ", text).strip()


def read_rule(lines: str, start: date | None = None) -> Recurrence | None:
    """
    Return the recurrence of « DTSTART:20260112 RRULE:FREQ=WEEKLY;INTERVAL=6 », None if unread.

    `start` stands for a missing DTSTART. Hours are dropped, an UNTIL in UTC is the day it is in
    Paris. Parts finer than the day, or unknown, make it unread.
    """
    rule, skipped = "", []
    for name, value, bare in _LINE.findall(lines.upper()):
        if name == "DTSTART":
            start = _day(value)
        elif name == "EXDATE":
            skipped += [_day(part) for part in value.split(",")]
        elif rule:
            return None
        else:
            rule = bare or value
    parts = _parts(rule)
    if parts is None or start is None or None in skipped:
        return None
    until = _day(parts["UNTIL"]) if "UNTIL" in parts else None
    if "UNTIL" in parts and (until is None or "COUNT" in parts):
        return None
    kept = "".join(f";{k}={parts[k]}" for k in sorted(parts) if k not in {"FREQ", "UNTIL", "COUNT"})
    made = Rule(f"FREQ={parts['FREQ']}{kept}", int(parts["COUNT"]) if "COUNT" in parts else None)
    days = tuple(sorted({day for day in skipped if day}))
    return Recurrence(made, start, until, skipped=days) if _sound(made.text, start) else None


def written_rule(recurrence: Recurrence, rule: Rule) -> str:
    """Return the calendar lines of a recurrence, on one line, that `read_rule` gives back."""
    text = rule.text
    text += f";COUNT={rule.count}" if rule.count else ""
    text += f";UNTIL={recurrence.until:%Y%m%d}" if recurrence.until else ""
    lines = [f"DTSTART:{recurrence.start:%Y%m%d}", f"RRULE:{text}"]
    days = ",".join(f"{day:%Y%m%d}" for day in recurrence.skipped)
    return " ".join([*lines, *([f"EXDATE:{days}"] if days else [])])


def _parts(rule: str) -> dict[str, str] | None:
    pairs = [part.partition("=") for part in rule.strip(";").split(";")]
    parts = {name: value for name, _, value in pairs}
    if len(parts) < len(pairs) or "FREQ" not in parts:
        return None
    known = all(re.fullmatch(_PARTS.get(name, r"(?!)"), value) for name, value in parts.items())
    return parts if known else None


def _sound(text: str, start: date) -> bool:
    try:
        rrulestr(text, dtstart=datetime(start.year, start.month, start.day))  # noqa: DTZ001 - a civil day
    except ValueError:
        return False
    return True


def _day(text: str) -> date | None:
    """Return the civil day of « 20260112 », « 20260112T090000 » or « 20260112T230000Z »."""
    try:
        if text.endswith("Z"):
            moment = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            return moment.astimezone(ZoneInfo(ZONE)).date()
        return datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007 - a civil day
    except ValueError:
        return None
