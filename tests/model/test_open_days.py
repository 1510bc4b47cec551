"""Open, closed or unknown on a day: hours, temporary closures, public and school holidays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.model.french_calendar import FrenchCalendar, calendar_of
from territory.model.open_days import spans_on
from territory.model.opening import open_spans, to_osm

FIRST = date(2026, 8, 3)


@settings(deadline=None)  # the calendars are read at the first call
@given(st.integers(-5, 25), st.sampled_from(["Mo-Su 09:00-12:00", None]))
def test_closed_days_have_no_span(away: int, hours: str | None) -> None:
    day, closures = FIRST + timedelta(days=away), "2026-08-03/2026-08-23"
    found = spans_on(hours, closures, day, FrenchCalendar())
    usual = ((540, 720),) if hours else None
    assert found == (() if 0 <= away <= 20 else usual)


CRETEIL, UNKNOWN = FrenchCalendar(zone="C"), FrenchCalendar()
TERM, AUTUMN = date(2026, 11, 23), date(2026, 10, 26)  # Mondays, the second in the holidays
MORNING, LATE = ((540, 720),), ((600, 660),)


def test_school_holidays_change_the_hours_and_unknown_is_not_closed() -> None:
    hours = "Mo-Fr 09:00-12:00; SH off"
    assert spans_on(hours, None, TERM, CRETEIL) == MORNING
    assert spans_on(hours, None, AUTUMN, CRETEIL) == ()
    assert spans_on(hours, None, AUTUMN, UNKNOWN) is None
    assert spans_on(hours, None, date(2026, 10, 25), UNKNOWN) == ()  # a Sunday, whichever it is
    assert spans_on(hours, None, date(2040, 10, 29), CRETEIL) is None  # no calendar that far


def test_public_holidays_are_those_of_the_region() -> None:
    boxing_day = date(2026, 12, 26)  # a Saturday
    hours = "Sa 09:00-12:00; PH off"
    assert spans_on(hours, None, boxing_day, UNKNOWN) == MORNING
    assert spans_on(hours, None, boxing_day, calendar_of(["67482"])) == ()


@pytest.mark.parametrize(
    ("hours", "on_school_holidays", "on_a_holiday"),
    [
        ("Mo-Fr 09:00-12:00; PH,SH off", (), ()),
        ("Mo-Fr 09:00-12:00, PH off", MORNING, ()),
        ("Mo-Fr 09:00-12:00; SH Mo-Fr 10:00-11:00", LATE, MORNING),
        ("Mo-Fr 09:00-12:00; SH off; SH Tu 10:00-11:00", (), MORNING),
        ("Mo-Fr,PH 09:00-12:00", MORNING, MORNING),
        ("PH,SH 10:00-11:00", LATE, LATE),
    ],
)
def test_rules_of_holidays_hold_on_their_days_only(hours, on_school_holidays, on_a_holiday) -> None:
    usual = () if hours.startswith("PH,SH") else MORNING
    assert open_spans(hours, TERM) == usual
    assert open_spans(hours, TERM, school_holiday=True) == on_school_holidays
    assert open_spans(hours, TERM, holiday=True) == on_a_holiday


@pytest.mark.parametrize(
    ("text", "osm"),
    [
        ("lun-ven 9h-12h sauf vacances scolaires", "Mo-Fr 09:00-12:00; SH off"),
        ("lun 9h-12h ; mar 10h-12h ; fermé pendant les vacances scolaires",
         "Mo 09:00-12:00; Tu 10:00-12:00; SH off"),
        ("lun-ven 9h-18h ; vacances scolaires : mar 10h-12h",
         "Mo-Fr 09:00-18:00; SH off; SH Tu 10:00-12:00"),
        ("mercredi 8h-13h hors jours fériés et vacances", "We 08:00-13:00; PH off; SH off"),
        ("lun 9h-12h ; mar 10h-12h sauf vacances scolaires", None),  # of Tuesday, or of both?
        ("mar 10h-12h (vacances scolaires)", None),
        ("vacances scolaires : lun 9h-12h", None),  # and the rest of the year?
    ],
)  # fmt: skip
def test_school_holidays_in_french(text: str, osm: str | None) -> None:
    assert to_osm(text) == osm
