"""Calendars of institutions (ICS) as hours when the team, or one of its codes, is expected."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from territory.io.agenda_file import read_events
from territory.io.contact_counts import numbered
from territory.io.privacy import agenda_note
from territory.io.rows import record_frame
from territory.model.french_calendar import FrenchCalendar
from territory.model.french_hours import DAY_MIN
from territory.model.issues import Issue, ReadReport
from territory.model.recurrence import Listed, Recurrence
from territory.model.recurrence_rules import ZONE, read_rule
from territory.model.recurrence_words import french
from territory.model.tables import AVAILABILITY, check_table, conform, empty_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pandas as pd

    from territory.io.agenda_file import Dated, Moment

Piece = tuple[date, int, int]  # civil day of Paris, minutes after midnight
_YEARS_AFTER = 2
_LONGEST = timedelta(days=31)
_UNTIL = re.compile(r"UNTIL=(\d{8}T\d{6}Z?)", re.IGNORECASE)


def read_agenda(
    path: Path, *, team: pd.DataFrame, today: date | None = None
) -> tuple[pd.DataFrame, ReadReport]:
    """
    Read an ICS calendar as AVAILABILITY: one line for each worker, kind and hours.

    Hours are converted from the time zone of the event to civil time of Paris, so that a weekly
    call from elsewhere moves when clocks change. An event is for the codes of `team` (TEAM) its
    title or category names, else for the whole team but the partners. Repetitions are written out,
    from the year before `today` to the second after. What cannot be read is said; nothing that may
    name a person is. Raises UnreadableFile (French).
    """
    now = today or datetime.now(UTC).date()
    window = date(now.year - 1, 1, 1), date(now.year + _YEARS_AFTER, 12, 31)
    events, undated = read_events(path)
    issues = [agenda_note(path.name)]
    if undated:
        issues.append(Issue("W-DATE", path.name, f"rendez-vous sans date lisible : {undated}."))
    records: list[dict[str, Any]] = []
    kept = 0
    for event in (e for e in events if not e.off):
        replaced = _replaced(event, events)
        made, told = _lines(event, replaced, _codes(event, team), window)
        records += made
        kept += bool(made)
        issues += [Issue(code, path.name, _about(event, text)) for code, text in told]
    report = ReadReport(path.name, "agenda", len(events) + undated, kept, tuple(issues))
    if not records:
        return empty_table(AVAILABILITY), report
    frame = record_frame(AVAILABILITY, records, numbered([r["slot_id"] for r in records]))
    table = conform(frame, AVAILABILITY)
    check_table(table, AVAILABILITY)
    return table, report


def _about(event: Dated, problem: str) -> str:
    return f"rendez-vous du {event.start:%d/%m/%Y} : {problem}"


def _codes(event: Dated, team: pd.DataFrame) -> tuple[str, ...]:
    """Return the workers an event is for, those it names or everybody but the partners."""
    named = [code for code in event.codes if code in team.index]
    own = team.index[team["role"].ne("partenaire").fillna(value=True)]
    return tuple(named) or tuple(sorted(map(str, own)))


def _replaced(event: Dated, events: Sequence[Dated]) -> set[datetime]:
    """Return the repetitions of an event that others stand for, as naive moments of Paris."""
    if event.replaces is not None:
        return set()
    others = (e.replaces for e in events if e.uid == event.uid)
    return {_paris(_timed(moment)) for moment in others if moment is not None}


def _lines(
    event: Dated, replaced: set[datetime], codes: tuple[str, ...], window: tuple[date, date]
) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """Return the lines of one event, and what to tell of it, (code, problem)."""
    named = tuple(code for code in codes if code in event.codes)
    told: list[tuple[str, str]] = []
    if event.kind == "absent" and not named:
        return [], [("W-CODE", "une absence sans code de l'équipe n'est pas gardée.")]
    whole_day = not isinstance(event.start, datetime)
    if whole_day and event.kind != "absent":
        return [], [("W-HEURE", "sans heures, il n'est pas gardé.")]
    if _lasts(event) > _LONGEST:
        return [], [("W-HEURE", "il dure plus d'un mois, il n'est pas gardé.")]
    if event.codes and not named:
        told.append(("W-CODE", "le code n'est pas dans l'équipe, toute l'équipe est retenue."))
    moments, problem = _moments(event, window)
    told += [problem] if problem else []
    starts = [m for m in moments if _paris(m) not in replaced]
    if event.end is None and not whole_day:
        told.append(("W-HEURE", "sans heure de fin, une heure est retenue."))
    spans: dict[tuple[int, int], set[date]] = {}
    for day, begin, end in (piece for m in starts for piece in _pieces(m, _lasts(event))):
        if window[0] <= day <= window[1]:
            spans.setdefault((begin, end), set()).add(day)
    lines = [
        _line(code, event.kind, span, tuple(sorted(days)))
        for code in codes
        for span, days in sorted(spans.items())
    ]
    return lines, told


def _line(code: str, kind: str, span: tuple[int, int], days: tuple[date, ...]) -> dict[str, Any]:
    once = len(days) == 1
    return {
        "slot_id": f"agenda-{code}-{days[0].isoformat()}-{span[0]:04d}-{kind}",
        "agent_code": code,
        "from_on": days[0],
        "to_on": days[-1],
        "start_min": span[0],
        "end_min": span[1],
        "weeks": "toutes",
        "kind": kind,
        "recurrence": None if once else french(Recurrence(Listed(days))),
    }


def _timed(moment: Moment) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time(0))


def _paris(moment: datetime) -> datetime:
    """Return a moment as civil time of Paris, naive; without a zone it already is."""
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)


def _lasts(event: Dated) -> timedelta:
    if event.end is None:
        return timedelta(hours=1) if isinstance(event.start, datetime) else timedelta(days=1)
    start, end = _timed(event.start), _timed(event.end)
    return max(_paris(end) - _paris(start), timedelta(0))


def _moments(
    event: Dated, window: tuple[date, date]
) -> tuple[list[datetime], tuple[str, str] | None]:
    """Return the starts of an event and of its repetitions, in its own time zone."""
    start = _timed(event.start)
    found, problem = {start}, None
    if event.rules:
        lines = " ".join(f"RRULE:{_ended(rule, start)}" for rule in event.rules)
        made = read_rule(f"DTSTART:{start:%Y%m%d} {lines}")
        if made is None:
            problem = "W-HORAIRE", "répétition non comprise, seule la première date est gardée."
        else:
            first, last = (window[n] + timedelta(days=2 * n - 1) for n in (0, 1))
            days = made.dates(first, last, FrenchCalendar())
            found |= {datetime.combine(day, start.timetz()) for day in days}
            if "COUNT" not in lines.upper() and made.until is None:
                until = f"{window[1]:%d/%m/%Y}"
                problem = "I-AGENDA", f"sans date de fin, il est lu jusqu'au {until}."
    found |= {_timed(moment) for moment in event.more}
    days_out = {m for m in event.out if not isinstance(m, datetime)}
    out = {_paris(m) for m in event.out if isinstance(m, datetime)}
    kept = [m for m in found if _paris(m) not in out and m.date() not in days_out]
    return sorted(kept, key=_paris), problem


def _ended(rule: str, start: datetime) -> str:
    """Return a rule whose UNTIL is the last day, in the zone of the event, it may still fall on."""

    def day(found: re.Match[str]) -> str:
        moment = datetime.strptime(found[1].upper().rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
        if found[1].upper().endswith("Z"):
            zone = start.tzinfo or ZoneInfo(ZONE)
            moment = moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        early = moment.time() < start.time()
        return f"UNTIL={moment - timedelta(days=int(early)):%Y%m%d}"

    return _UNTIL.sub(day, rule)


def _pieces(start: datetime, lasts: timedelta) -> Iterator[Piece]:
    """Yield what each civil day of Paris holds of a span."""
    begin = _paris(start)
    end = begin + lasts
    while begin < end:
        midnight = datetime.combine(begin.date() + timedelta(days=1), time(0))
        stop = min(end, midnight)
        last = DAY_MIN if stop == midnight else stop.hour * 60 + stop.minute
        first = begin.hour * 60 + begin.minute
        if last > first:
            yield begin.date(), first, last
        begin = stop
