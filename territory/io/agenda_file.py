"""
An ICS calendar (RFC 5545) stripped of everybody: when things are, of what kind, for which code.

Titles, descriptions, places, organisers and guests may name people: none is kept. Of a title, only
codes such as « M1 »; of categories, only the words of SLOT_KINDS.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from icalendar import Calendar, Event, vRecur

from territory.errors import UnreadableFile
from territory.model.words import SLOT_KINDS, find, label

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Moment = date | datetime
OWN_WEEK = "-//territory//semaine//FR"  # a week this program wrote: never read as appointments
_BARE = "-//territory//agenda//FR"
_CODE = re.compile(r"\b[A-Z]{1,3}\d{1,3}\b")
_ZONE_NAMES = frozenset({"TZID", "DTSTART", "RRULE", "RDATE", "TZOFFSETFROM", "TZOFFSETTO"})
_UNREAD, _UNREAD_RULE = "X-TERRITORY-UNREAD", "?"
_MEETING, _NOT_ASKED = "reunion", "disponible"


@dataclass(frozen=True, slots=True)
class Dated:
    """
    What is kept of one event: its moments, its rule, its kind and the codes it names.

    Moments are those of the file, in its own time zone; `rules` are its RRULE, `out` and `more`
    its EXDATE and RDATE, `replaces` the moment of a repetition it stands for, `off`
    that it is cancelled or leaves people free. `uid` only tells events apart.
    """

    uid: str
    start: Moment
    end: Moment | None
    kind: str
    codes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    out: tuple[Moment, ...] = ()
    more: tuple[Moment, ...] = ()
    replaces: Moment | None = None
    off: bool = False


def read_events(path: Path) -> tuple[tuple[Dated, ...], int]:
    """
    Return the events of a calendar, and how many have no readable start.

    Raises UnreadableFile (French) when it is no calendar, or a week written by this program.
    """
    calendars = _calendars(path)
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    found = [one for one in map(_dated, events) if one is not None]
    return tuple(found), len(events) - len(found)


def bare_agenda(path: Path) -> bytes:
    """
    Return the calendar, as bytes, with nothing but what `read_events` keeps.

    Raises UnreadableFile (French) as it does.
    """
    events, _ = read_events(path)
    bare = Calendar()
    bare.add("prodid", _BARE)
    bare.add("version", "2.0")
    for calendar in _calendars(path):
        for zone in calendar.walk("VTIMEZONE"):
            for part in (zone, *zone.subcomponents):
                for name in [n for n in part if n.upper() not in _ZONE_NAMES]:
                    del part[name]
            bare.add_component(zone)
    numbers = {uid: f"{n:06d}" for n, uid in enumerate(sorted({e.uid for e in events}))}
    for one in events:
        bare.add_component(_bare(one, numbers[one.uid]))
    return bytes(bare.to_ical())


def _calendars(path: Path) -> list[Calendar]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    unreadable = f"« {path.name} » n'est pas un agenda ICS lisible. Exportez-le de nouveau."
    try:
        found = Calendar.from_ical(text.lstrip(), multiple=True)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise UnreadableFile(unreadable) from error
    if not found:
        raise UnreadableFile(unreadable)
    if any(str(calendar.get("PRODID", "")) == OWN_WEEK for calendar in found):
        raise UnreadableFile(
            f"« {path.name} » est une semaine écrite par territory : elle n'est pas relue comme "
            "un agenda."
        )
    return list(found)


def _dated(event: Any) -> Dated | None:  # noqa: ANN401 - a component of icalendar
    start = _moment(event.get("DTSTART"))
    if start is None:
        return None
    end, lasts = _moment(event.get("DTEND")), _value(event.get("DURATION"), "dt")
    if end is None and isinstance(lasts, timedelta):
        end = start + lasts
    rules = [*_all(event.get("RRULE")), *_all(event.get(_UNREAD))]
    categories = [str(c) for one in _all(event.get("CATEGORIES")) for c in _cats(one)]
    title = " ".join([str(event.get("SUMMARY", "")), *categories])
    off = str(event.get("STATUS", "")).upper() == "CANCELLED"
    return Dated(
        str(event.get("UID", "")),
        start,
        end,
        _kind(categories),
        tuple(sorted(set(_CODE.findall(title)))),
        tuple(map(_rule, rules)),
        _moments(event.get("EXDATE")),
        _moments(event.get("RDATE")),
        _moment(event.get("RECURRENCE-ID")),
        off or str(event.get("TRANSP", "")).upper() == "TRANSPARENT",
    )


def _kind(categories: Iterable[str]) -> str:
    known = [find(SLOT_KINDS, text) for text in categories]
    return next((k for k in known if k is not None and k != _NOT_ASKED), _MEETING)


def _cats(one: Any) -> list[Any]:  # noqa: ANN401 - vCategory, or a plain text
    return list(_value(one, "cats") or [one])


def _all(found: Any) -> list[Any]:  # noqa: ANN401 - nothing, one property or several
    return [] if found is None else found if isinstance(found, list) else [found]


def _value(found: Any, name: str) -> Any:  # noqa: ANN401 - a property of icalendar, broken or not
    try:
        return getattr(found, name, None)
    except ValueError:  # a value the library could not read
        return None


def _rule(found: Any) -> str:  # noqa: ANN401 - a property of icalendar
    if not isinstance(found, vRecur):
        return _UNREAD_RULE
    written: bytes = found.to_ical()  # type: ignore[no-untyped-call]
    return written.decode()


def _moment(found: Any) -> Moment | None:  # noqa: ANN401 - a property of icalendar
    value = _value(found, "dt")
    return value if isinstance(value, date) else None


def _moments(found: Any) -> tuple[Moment, ...]:  # noqa: ANN401 - properties of icalendar
    values = [_value(d, "dt") for one in _all(found) for d in _value(one, "dts") or [one]]
    starts = [value[0] if isinstance(value, tuple) else value for value in values]
    return tuple(value for value in starts if isinstance(value, date))


def _bare(one: Dated, uid: str) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", datetime(2000, 1, 1, tzinfo=UTC))
    event.add("dtstart", one.start)
    if one.end is not None:
        event.add("dtend", one.end)
    event.add("summary", " ".join([label(SLOT_KINDS, one.kind), *one.codes]))
    event.add("categories", [one.kind])
    for name, moments in (("exdate", one.out), ("rdate", one.more)):
        for moment in moments:
            event.add(name, moment)
    for rule in one.rules:
        unread = rule == _UNREAD_RULE
        event.add(*((_UNREAD, rule) if unread else ("rrule", vRecur.from_ical(rule))))
    if one.replaces is not None:
        event.add("recurrence-id", one.replaces)
    if one.off:
        event.add("status", "CANCELLED")
    return event
