"""The calendar parses back with its time zone, its sessions and nothing of the day it was made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar

from territory.outputs.calendar_file import week_calendar
from territory.settings import Settings
from tests.outputs.map_town import outing, plan

PARIS = ZoneInfo("Europe/Paris")


def test_sessions_come_back_at_their_civil_hours() -> None:
    calendar = Calendar.from_ical(week_calendar(plan(), Settings()))
    first = calendar.walk("VEVENT")[0]
    assert first.decoded("dtstart") == datetime(2026, 11, 24, 9, 30, tzinfo=PARIS)
    assert first.decoded("dtend") == datetime(2026, 11, 24, 11, 30, tzinfo=PARIS)
    assert str(first["summary"]) == "Maraude Secteur 1 (M1 + M2)"
    lines = str(first["description"]).split("\n")
    assert lines[1:] == ["1. Centre social Les Lilas", "2. rue Droite"]
    assert [str(z["tzid"]) for z in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]


def test_an_afternoon_of_summer_keeps_its_civil_hour() -> None:
    summer = outing(date(2026, 7, 1), start_min=840, end_min=900)
    whole = replace(plan(), week="2026-W27", sessions=(summer,))
    event = Calendar.from_ical(week_calendar(whole, Settings())).walk("VEVENT")[0]
    assert event.decoded("dtstart").astimezone(UTC).hour == 12


def test_identifiers_are_distinct_and_stamped_with_the_week() -> None:
    events = Calendar.from_ical(week_calendar(plan(), Settings())).walk("VEVENT")
    assert [str(e["uid"]) for e in events] == [f"2026-W48-S{n}@territory" for n in (1, 2)]
    assert {e.decoded("dtstamp") for e in events} == {datetime(2026, 11, 23, tzinfo=UTC)}


def test_one_agent_gets_only_their_sessions() -> None:
    alone = outing(session_id="S3", agents=("M3",))
    whole = replace(plan(), sessions=(*plan().sessions, alone))
    events = Calendar.from_ical(week_calendar(whole, Settings(), agent="M3")).walk("VEVENT")
    assert [str(e["uid"]) for e in events] == ["2026-W48-S3@territory"]


def test_same_plan_same_bytes_and_short_lines() -> None:
    first = week_calendar(plan(), Settings())
    assert first == week_calendar(plan(), Settings())
    assert max(len(line) for line in first.split(b"\r\n")) <= 75
