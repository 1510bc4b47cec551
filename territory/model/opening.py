"""
Opening hours: French wording or OpenStreetMap text to one OSM form, and the hours of one day.

What is not understood stays unknown and is never read as closed.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, State

from territory.model.words import plain

_DAYS = {"lun": "Mo", "mar": "Tu", "mer": "We", "jeu": "Th", "ven": "Fr", "sam": "Sa", "dim": "Su"}
_CODES = tuple(_DAYS.values())
_ORDER = {"1er": 1, "premier": 1, "2e": 2, "deuxieme": 2, "3e": 3, "troisieme": 3, "4e": 4}
_TIME = r"(\d{1,2})\s*(?:h|:)\s*(\d{2})?"
_SPAN = re.compile(rf"{_TIME}\s*(?:-|–|a|à)\s*{_TIME}")
_DAY = r"(lun|mar|mer|jeu|ven|sam|dim)[a-z]*\.?"
_NO_HOURS = re.compile(r"^(?:PH|SH|,|;|\s|off|closed)*$")
_HAS_TIME = re.compile(r"\d{1,2}:\d{2}|24/7")


def to_osm(text: str) -> str | None:
    """
    Return `text` as an OSM opening_hours expression, None when not understood or without hours.

    Accepts OSM text (`Mo-Fr 09:00-12:00`, rules joined by commas, quoted comments), French wording
    (`lun-ven 9h-12h 14h-17h ; sam 9h-12h`, `1er lundi du mois 9h-12h`, `mardi 10h-12h (semaines
    impaires)`). `PH off` alone carries no hours: unknown.
    """
    cleaned = re.sub(r"\s+", " ", text).strip()
    if not cleaned:
        return None
    osm = _valid(_without_comments(cleaned))
    return osm if osm is not None else _valid(_from_french(cleaned))


def open_spans(osm: str, on: date, *, holiday: bool = False) -> tuple[tuple[int, int], ...]:
    """
    Return the open spans of day `on`, in minutes after midnight, merged; () when closed.

    With `holiday` true the day counts as a public holiday: closed, unless the text opens on PH.
    Raises ValueError when `osm` is not an OSM opening_hours expression.
    """
    if holiday:
        return () if not re.search(r"PH(?!\s*(?:off|closed))", osm) else _spans(osm, on)
    return _spans(osm, on)


def spans_to_osm(days: dict[int, list[tuple[int, int]]]) -> str | None:
    """Return OSM text for weekly spans {weekday: [(start_min, end_min)]}, None when there are none."""
    rules = []
    for day in sorted(days):
        merged = merged_spans(days[day])
        hours = ",".join(f"{_clock(a)}-{_clock(b)}" for a, b in merged)
        rules += [f"{_CODES[day]} {hours}"] if merged else []
    return "; ".join(rules) or None


def merged_spans(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans sorted, those that touch or overlap made one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(s for s in spans if s[1] > s[0]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


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
    if osm is None or _NO_HOURS.match(osm) or not _HAS_TIME.search(osm):
        return None
    try:
        OpeningHours(osm)
    except Exception:  # noqa: BLE001 - the library has its own tree of errors, all mean « not read »
        return None
    return osm


def _from_french(text: str) -> str | None:
    rules = [_rule(part) for part in re.split(r"[;\n]| puis ", text.lower()) if part.strip()]
    if not rules or any(rule is None for rule in rules):
        return None
    closed_on_holidays = "feries" in plain(text) and "sauf" in plain(text)
    kept = [rule for rule in rules if rule]
    return "; ".join(kept + (["PH off"] if closed_on_holidays else []))


def _rule(text: str) -> str | None:
    """Return one French rule in OSM form, None when it is not understood."""
    text = re.sub(r"sauf (?:les )?jours f[ée]ri[ée]s", "", text).strip(" ,")
    if not text:
        return ""
    hours = ",".join(_span_text(m) for m in _SPAN.finditer(text))
    days = _days(_SPAN.sub(" ", text))
    if not days or not hours:
        return None
    return f"{_weeks(text)}{days} {hours}"


def _span_text(match: re.Match[str]) -> str:
    h1, m1, h2, m2 = match.groups()
    return f"{int(h1):02d}:{m1 or '00'}-{int(h2):02d}:{m2 or '00'}"


def _days(text: str) -> str | None:
    ordinal = _ordinal(text)
    span = re.search(rf"{_DAY}\s*(?:-|–|au|à)\s*{_DAY}", text)
    if span:
        return f"{_DAYS[span[1]]}-{_DAYS[span[2]]}"
    if "tous les jours" in text:
        return "Mo-Su"
    found = [_DAYS[d] for d in re.findall(_DAY, text)]
    return ",".join(f"{d}{ordinal}" for d in dict.fromkeys(found)) or None


def _ordinal(text: str) -> str:
    found = [f"[{rank}]" for word, rank in _ORDER.items() if re.search(rf"\b{word}\b", plain(text).replace("_", " "))]
    return found[0] if found and "mois" in text else ""


def _weeks(text: str) -> str:
    if "impaire" in text:
        return "week 1-53/2 "
    return "week 2-52/2 " if "paire" in text else ""
