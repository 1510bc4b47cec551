"""The calendar parses back with its time zone, its sessions and nothing of the day it was made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from territory.outputs.calendar_file import agents_of, week_calendar
from territory.planning.codes import coded
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
    assert lines[1:] == ["1. 10\u202fh Centre social Les Lilas", "2. 10\u202fh\u202f40 rue Droite"]
    assert [str(z["tzid"]) for z in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]


def test_an_afternoon_of_summer_keeps_its_civil_hour() -> None:
    summer = outing(date(2026, 7, 1), start_min=840, end_min=900)
    whole = replace(plan(), week="2026-W27", sessions=(summer,))
    event = Calendar.from_ical(week_calendar(whole, Settings())).walk("VEVENT")[0]
    assert event.decoded("dtstart").astimezone(UTC).hour == 12


@pytest.mark.parametrize(
    ("on", "hours_from_utc"),
    [
        (date(2026, 3, 28), 1),
        (date(2026, 3, 30), 2),
        (date(2026, 10, 24), 2),
        (date(2026, 10, 26), 1),
    ],
)
def test_weeks_when_clocks_change_keep_civil_hours(on: date, hours_from_utc: int) -> None:
    """Clocks change on Sundays 29 March and 25 October 2026, between these days."""
    week = "{}-W{:02d}".format(*on.isocalendar()[:2])
    whole = replace(plan(), week=week, sessions=(outing(on),))
    calendar = Calendar.from_ical(week_calendar(whole, Settings()))
    start = calendar.walk("VEVENT")[0].decoded("dtstart")
    assert (start.hour, start.minute) == (9, 30)
    assert start.utcoffset() == timedelta(hours=hours_from_utc)
    changes = {str(c.name) for c in calendar.walk("VTIMEZONE")[0].subcomponents}
    assert {"DAYLIGHT", "STANDARD"} == changes


def test_the_calendar_comes_back_equal_to_the_plan() -> None:
    whole = coded(plan())
    events = Calendar.from_ical(week_calendar(whole, Settings())).walk("VEVENT")
    back = [
        (e.decoded("dtstart").date(), _minute(e.decoded("dtstart")), _minute(e.decoded("dtend")),
         str(e["summary"]), str(e["description"]).split("\n")[0])
        for e in events
    ]  # fmt: skip
    assert back == [
        (s.on, s.start_min, s.end_min, f"{s.title} ({' + '.join(s.agents)})", f"Fiche {s.code}")
        for s in whole.sessions
    ]


def _minute(moment: datetime) -> int:
    return 60 * moment.hour + moment.minute


def test_what_to_bring_and_to_announce_is_said() -> None:
    ready = outing(bring=("dépliants", "gilet"), announce="Café de l’emploi, jeudi à 14 h.")
    whole = replace(plan(), sessions=(ready,))
    event = Calendar.from_ical(week_calendar(whole, Settings())).walk("VEVENT")[0]
    assert "Emporter : dépliants, gilet\nAnnoncer : Café de l’emploi" in str(event["description"])


def test_each_agent_of_the_week_is_known_once() -> None:
    alone = outing(session_id="S3", agents=("M3",))
    assert agents_of(replace(plan(), sessions=(*plan().sessions, alone))) == ("M1", "M2", "M3")


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
