"""
Opening hours: French wording or OpenStreetMap text to one OSM form, and the hours of one day.

What is not understood stays unknown and is never read as closed.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, State

from territory.model.french_hours import french_to_osm

_CODES = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_CLOSED = re.compile(r"\b(?:off|closed)\b")
_SUN = re.compile(r"sunrise|sunset|dawn|dusk")
_HAS_TIME = re.compile(r"\d{1,2}:\d{2}|24/7")
_HOLIDAY = re.compile(r"\b(?:PH|SH)\b")
_DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_DAYS_FIRST = re.compile(rf"{_DAY}\b")
# A comma between rules follows hours or a word of closing; one between days does not.
_BETWEEN_RULES = re.compile(r"\s*(;|\|\||(?<=[\dfnd])\s*,(?=\s*(?:[A-Z]|week)))\s*")
_HOLIDAY_RULE = re.compile(
    rf"(?=[^\d]*\b(?:PH|SH)\b)(?P<days>(?:PH|SH|{_DAY}(?:-{_DAY})?)"
    rf"(?:\s*,\s*(?:PH|SH|{_DAY}(?:-{_DAY})?))*)\s+(?P<rest>.+)"
)


@lru_cache(maxsize=16_384)
def to_osm(text: str) -> str | None:
    """
    Return `text` as an OSM opening_hours expression, None when not understood or without hours.

    Accepts OSM text (`Mo-Fr 09:00-12:00`, rules joined by commas, quoted comments), French wording
    (`lun-ven 9h-12h 14h-17h ; sam 9h-12h`, `1er lundi du mois 9h-12h`, `mardi 10h-12h (semaines
    impaires)`). `PH off` alone carries no hours: unknown. Source: OSM wiki, Key:opening_hours.
    """
    french = french_to_osm(text)  # first: « mar 9:00-12:00 » is a Tuesday here, not March
    return french if french is not None else _valid(_without_comments(text))


def open_spans(
    osm: str, on: date, *, holiday: bool = False, school_holiday: bool = False
) -> tuple[tuple[int, int], ...]:
    """
    Return the open spans of day `on`, in minutes after midnight, merged; () when closed.

    With `holiday` the rules on public holidays apply to that day (`PH off`, `PH 10:00-12:00`), with
    `school_holiday` those on school holidays (`SH off`, `SH Mo-Fr 10:00-12:00`); a text without
    such a rule opens as usual. Which days are holidays is the caller's business. Raises ValueError
    when `osm` is not an OSM opening_hours expression.
    """
    if not _HOLIDAY.search(osm):
        return _spans(osm, on)
    here = frozenset({"PH"} if holiday else ()) | frozenset({"SH"} if school_holiday else ())
    return _spans(_of_day(osm, here, _CODES[on.weekday()]), on)


def spans_to_osm(days: dict[int, list[tuple[int, int]]]) -> str | None:
    """
    Return OSM text for weekly spans {weekday: [(start_min, end_min)]}, None when none.

    Weekdays count from 0 Monday, times are minutes after midnight, up to 24:00.
    """
    rules = []
    for day in sorted(days):
        merged = merged_spans(days[day])
        hours = ",".join(f"{_clock(a)}-{_clock(b)}" for a, b in merged)
        rules += [f"{_CODES[day]} {hours}"] if merged else []
    return "; ".join(rules) or None


def merged_spans(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans (minutes) sorted, those that touch or overlap made one, empty ones out."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(s for s in spans if s[1] > s[0]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _of_day(osm: str, here: frozenset[str], day: str) -> str:
    """
    Return `osm` without words of holidays, true to the day: the library has no French calendar.

    `here` holds PH and SH when the day is one; `SH Tu` is a Tuesday of the holidays, `PH,Tu` either
    a holiday or a Tuesday. Rules that cannot hold that day are left out.
    """
    parts = _BETWEEN_RULES.split(osm.strip())
    rules, joints = parts[::2], ["", *parts[1::2]]
    kept = [
        (joint, _rule_of_day(rule, here, day)) for joint, rule in zip(joints, rules, strict=True)
    ]
    text = "".join(f"{joint} {rule}" for joint, rule in kept if rule).lstrip(" ;,|")
    return text or "off"


def _rule_of_day(rule: str, here: frozenset[str], day: str) -> str:
    found = _HOLIDAY_RULE.match(rule.strip())
    if found is None:
        return rule.strip()
    words = [w.strip() for w in found["days"].split(",")]
    plain = [w for w in words if w not in {"PH", "SH"}]
    holds = any(w in here for w in words)
    if plain:  # « PH,Tu »: either
        return f"{','.join([*plain, day] if holds else plain)} {found['rest']}"
    if not holds:
        return ""
    return found["rest"] if _DAYS_FIRST.match(found["rest"]) else f"{day} {found['rest']}"


@lru_cache(maxsize=8192)
def _spans(osm: str, on: date) -> tuple[tuple[int, int], ...]:
    try:
        hours = OpeningHours(osm)
    except Exception as error:
        raise ValueError(f"horaires non lisibles : {osm}") from error
    start = datetime.combine(on, time(0))
    found = []
    for begin, end, state, _ in hours.intervals(start, start + timedelta(days=1)):
        if state == State.OPEN:
            found.append((_minute(begin, start), _minute(end, start)))
    return tuple(merged_spans(found))


def _minute(moment: datetime, start: datetime) -> int:
    return min(int((moment.replace(tzinfo=None) - start).total_seconds() // 60), 24 * 60)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _without_comments(text: str) -> str:
    """Drop quoted comments and the words « open » that some producers add."""
    text = re.sub(r'"[^"]*"', "", text)
    text = re.sub(r"\bopen\b", "", text)
    return re.sub(r"\s+([,;])", r"\1", re.sub(r"\s+", " ", text)).strip(" ;,")


def _valid(osm: str | None) -> str | None:
    if osm is None or _SUN.search(osm) or not _HAS_TIME.search(osm):
        return None
    if not all(_HAS_TIME.search(rule) or _CLOSED.search(rule) for rule in osm.split(";")):
        return None  # « Sa » left alone by a dropped comment would be open all day
    try:
        OpeningHours(osm)
    except Exception:  # noqa: BLE001 - the library has its own tree of errors, all mean « not read »
        return None
    return osm
