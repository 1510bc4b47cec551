"""What comes back, on days anybody can check in a diary."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.model.french_calendar import FrenchCalendar
from territory.model.recurrence import FollowUp, Listed, Monthly, Recurrence, Weekly
from territory.model.recurrence_rules import read_rule
from territory.model.recurrence_text import read_recurrence
from territory.model.recurrence_words import french

FRANCE, ZONE_C = FrenchCalendar(), FrenchCalendar(zone="C")
YEARS = date(2024, 1, 1), date(2026, 12, 31)


def days_of(
    text: str, first: date = YEARS[0], last: date = YEARS[1], calendar: FrenchCalendar = FRANCE
) -> list[date]:
    heard = read_recurrence(text)
    assert heard is not None
    return list(heard.recurrence.dates(first, last, calendar))


def iso(*days: str) -> list[date]:
    return [date.fromisoformat(day) for day in days]


def every(weekday: int, weeks: int = 1, start: date = YEARS[0]) -> list[date]:
    span = (start + timedelta(days=n) for n in range((YEARS[1] - start).days + 1))
    return [d for d in span if d.weekday() == weekday][::weeks]


def test_every_thursday_afternoon() -> None:
    heard = read_recurrence("tous les jeudis après-midi")
    assert heard is not None
    assert (heard.span, heard.half) == ((14 * 60, 17 * 60), True)
    found = heard.recurrence.dates(*YEARS, FRANCE)
    assert list(found) == every(3)
    assert len(found) == 157
    assert date(2024, 7, 4) in found


def test_every_wednesday_morning_on_the_market_but_public_holidays() -> None:
    found = days_of("tous les mercredis matin sauf jours fériés")
    assert set(every(2)) - set(found) == set(
        iso("2024-05-01", "2024-05-08", "2024-12-25", "2025-01-01", "2026-11-11")
    )


def test_every_six_weeks_for_three_years() -> None:
    """The first of each year, and one every 42 days across both new years and the long 2026."""
    found = days_of("toutes les 6 semaines à partir du mardi 09/01/2024")
    assert found[:4] == iso("2024-01-09", "2024-02-20", "2024-04-02", "2024-05-14")
    assert found == every(1, 6, date(2024, 1, 9))
    assert next(d for d in found if d.year == 2025) == date(2025, 1, 21)
    assert next(d for d in found if d.year == 2026) == date(2026, 2, 3)
    assert found[-1] == date(2026, 11, 24)
    assert days_of("DTSTART:20240109 RRULE:FREQ=WEEKLY;INTERVAL=6;BYDAY=TU") == found
    assert days_of("toutes les six semaines le mardi à partir du 09/01/2024") == found


def test_days_1_3_5_end_with_the_first_week() -> None:
    assert days_of("jours 1, 3 et 5 à partir du 02/03/2026") == iso(
        "2026-03-02", "2026-03-04", "2026-03-06"
    )
    # from a Thursday: Thursday, Monday, Wednesday
    assert days_of("méthode 1-3-5 à partir du 05/03/2026") == iso(
        "2026-03-05", "2026-03-09", "2026-03-11"
    )
    # Easter Monday is not a day of work
    assert days_of("jours 1, 3 et 5 à partir du 03/04/2026") == iso(
        "2026-04-03", "2026-04-08", "2026-04-10"
    )


def test_days_after_a_start_are_working_days() -> None:
    assert days_of("J+1, J+3 et J+5 à partir du 02/03/2026") == iso(
        "2026-03-03", "2026-03-05", "2026-03-09"
    )
    # a start on a Saturday, before 1 May, a Friday
    assert days_of("J+1 et J+5 à partir du 25/04/2026") == iso("2026-04-27", "2026-05-04")


def test_good_friday_is_worked_in_paris_and_not_in_alsace() -> None:
    text = "jours 1 et 2 à partir du 02/04/2026"
    alsace = FrenchCalendar(region="6AE")
    assert days_of(text) == iso("2026-04-02", "2026-04-03")
    assert days_of(text, calendar=alsace) == iso("2026-04-02", "2026-04-07")


def test_visits_go_on_to_the_end_of_the_trial_period() -> None:
    weekly = days_of(
        "jours 1, 3 et 5 à partir du 02/03/2026, puis toutes les semaines jusqu'au 15/04/2026"
    )
    assert weekly == iso(
        "2026-03-02", "2026-03-04", "2026-03-06", "2026-03-09", "2026-03-16", "2026-03-23",
        "2026-03-30", "2026-04-07", "2026-04-13",
    )  # fmt: skip
    monthly = days_of(
        "jours 1, 3 et 5 à partir du 30/01/2026, puis tous les mois jusqu'au 31/05/2026"
    )
    assert monthly == iso(
        "2026-01-30", "2026-02-03", "2026-02-05", "2026-03-02", "2026-03-30", "2026-04-30"
    )


def test_a_list_of_monthly_meetings() -> None:
    listed = "5.11.24, 10.12.24, 14.01.25, 11.02.25, 4.03.25, 1.04.25, 13.05.25, 10.06.25"
    found = days_of(f"le {listed}")
    assert found == iso(
        "2024-11-05", "2024-12-10", "2025-01-14", "2025-02-11",
        "2025-03-04", "2025-04-01", "2025-05-13", "2025-06-10",
    )  # fmt: skip
    assert {d.weekday() for d in found} == {1}


@pytest.mark.parametrize("region", [None, "6AE", "974"])
def test_all_days_but_public_holidays(region: str | None) -> None:
    calendar = FrenchCalendar(region=region)
    for year, easter_monday in ((2024, "2024-04-01"), (2025, "2025-04-21"), (2026, "2026-04-06")):
        whole = date(year, 1, 1), date(year, 12, 31)
        left = days_of("tous les jours sauf jours fériés", *whole, calendar=calendar)
        away = {whole[0] + timedelta(days=n) for n in range((whole[1] - whole[0]).days + 1)}
        away -= set(left)
        days = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
        fixed = {date(year, month, day) for month, day in days}
        monday = date.fromisoformat(easter_monday)
        moving = {monday, monday + timedelta(days=38), monday + timedelta(days=49)}
        assert away >= fixed | moving
        extra = {None: 0, "6AE": 2, "974": 1}[region]
        assert len(away) == len(fixed | moving) + extra


def test_even_and_odd_weeks_round_week_53() -> None:
    """2026 has 53 weeks: two odd weeks follow each other."""
    odd = days_of("lundi (semaines impaires)", date(2026, 12, 14), date(2027, 1, 20))
    assert odd == iso("2026-12-14", "2026-12-28", "2027-01-04", "2027-01-18")
    even = days_of("lundi, semaines paires", date(2026, 12, 14), date(2027, 1, 20))
    assert even == iso("2026-12-21", "2027-01-11")
    assert days_of("tous les jeudis, semaine 53") == iso("2026-12-31")
    assert days_of("mardi, semaines 1 et 52", date(2024, 12, 1), date(2025, 12, 31)) == iso(
        "2024-12-24", "2024-12-31", "2025-12-23", "2025-12-30"
    )


def test_some_days_of_the_month() -> None:
    spring = date(2026, 3, 1), date(2026, 5, 31)
    assert days_of("1er lundi du mois", *spring) == iso("2026-03-02", "2026-04-06", "2026-05-04")
    assert days_of("dernier vendredi de chaque mois", *spring) == iso(
        "2026-03-27", "2026-04-24", "2026-05-29"
    )
    assert days_of("2e et 4e mardis du mois", date(2026, 3, 1), date(2026, 3, 31)) == iso(
        "2026-03-10", "2026-03-24"
    )
    assert days_of("5e lundi du mois", *spring) == iso("2026-03-30")


def test_school_holidays_of_the_zone() -> None:
    winter = date(2026, 2, 9), date(2026, 3, 15)
    away = days_of("tous les mercredis hors vacances scolaires", *winter, calendar=ZONE_C)
    here = days_of("tous les mercredis pendant les vacances scolaires", *winter, calendar=ZONE_C)
    assert here == iso("2026-02-25", "2026-03-04")
    assert away == iso("2026-02-11", "2026-02-18", "2026-03-11")


def test_school_holidays_nobody_knows() -> None:
    march = date(2026, 3, 1), date(2026, 3, 14)
    away = read_recurrence("tous les mercredis hors vacances scolaires")
    here = read_recurrence("tous les mercredis pendant les vacances scolaires")
    assert away is not None
    assert here is not None
    both = tuple(iso("2026-03-04", "2026-03-11"))
    assert away.recurrence.dates(*march, FRANCE) == both
    assert here.recurrence.dates(*march, FRANCE) == ()
    assert away.recurrence.doubtful(*march, FRANCE) == both
    assert here.recurrence.doubtful(*march, FRANCE) == both
    assert away.recurrence.doubtful(*march, ZONE_C) == ()


def test_weeks_when_the_clocks_change() -> None:
    """A civil day is a civil day: nothing moves on 29 March nor 25 October 2026."""
    assert days_of("tous les dimanches", date(2026, 3, 22), date(2026, 4, 5)) == iso(
        "2026-03-22", "2026-03-29", "2026-04-05"
    )
    assert days_of("DTSTART:20261018 RRULE:FREQ=DAILY", date(2026, 10, 24), date(2026, 10, 26)) == (
        iso("2026-10-24", "2026-10-25", "2026-10-26")
    )


def test_dates_left_out_and_bounds() -> None:
    text = "tous les lundis du 05/01/2026 au 31/01/2026 sauf le 12/01/2026 et 26/01/2026"
    assert days_of(text) == iso("2026-01-05", "2026-01-19")
    assert days_of("DTSTART:20260105 RRULE:FREQ=WEEKLY;COUNT=3 EXDATE:20260112") == iso(
        "2026-01-05", "2026-01-19"
    )
    # 22:30 in UTC is already the next day in Paris in summer
    assert days_of("DTSTART:20260629 RRULE:FREQ=DAILY;UNTIL=20260630T223000Z")[-1] == date(
        2026, 7, 1
    )


@pytest.mark.parametrize(
    "text",
    [
        "toutes les 6 semaines", "un mardi de temps en temps", "le 31/02/2026",
        "puis tous les mois",
        "jours 0 et 3 à partir du 02/03/2026", "tous les 10 jours à partir du 02/03/2026",
        "lundi, semaine 54", "1er du mois", "à partir du mardi 12/01/2026, tous les jeudis",
        "tous les jeudis et les 05/11/2024 et 06/11/2024", "vendredi-lundi", "@0", "",
        "jours 1 et 3 à partir du 02/03/2026, puis tous les mois",
        "tous les mercredis hors vacances et pendant les vacances scolaires",
        "tous les jeudis 17h-14h", "FREQ=WEEKLY", "DTSTART:20260101 RRULE:FREQ=HOURLY",
        "DTSTART:20260101 RRULE:FREQ=WEEKLY;INTERVAL=0", "DTSTART:20260101 RRULE:FREQ=DAILY;X=1",
        "DTSTART:20260101 RRULE:FREQ=WEEKLY;COUNT=2;UNTIL=20260201", "DTSTART:20261301 FREQ=DAILY",
        "DTSTART:20260101 RRULE:FREQ=WEEKLY;BYDAY=TU le mardi",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_not_guessed(text: str) -> None:
    assert read_recurrence(text) is None


def test_what_the_text_does_not_say_comes_from_the_line() -> None:
    heard = read_recurrence(
        "toutes les 6 semaines", weekdays=(1,), start=date(2026, 1, 12), until=date(2026, 3, 31)
    )
    assert heard is not None
    assert heard.recurrence == Recurrence(Weekly((1,), 6), date(2026, 1, 12), date(2026, 3, 31))
    assert heard.recurrence.dates(*YEARS, FRANCE) == tuple(iso("2026-01-13", "2026-02-24"))
    rule = read_recurrence("FREQ=WEEKLY;INTERVAL=6;BYDAY=TU", start=date(2026, 1, 12))
    assert rule is not None
    assert rule.recurrence.dates(*YEARS, FRANCE)[:2] == tuple(iso("2026-01-13", "2026-02-24"))


def test_a_rhythm_that_is_counted_needs_its_ends() -> None:
    with pytest.raises(ValueError, match="start"):
        Recurrence(Weekly((1,), 2))
    with pytest.raises(ValueError, match="end"):
        Recurrence(FollowUp((1,), then="mois"), date(2026, 1, 5))


def test_a_rule_that_never_falls_ends() -> None:
    assert days_of("DTSTART:20240101 RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2") == []


CIVIL = st.dates(date(2023, 1, 1), date(2027, 12, 31))
WEEKDAYS = st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(
    lambda days: tuple(sorted(days))
)
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@st.composite
def rules(draw: st.DrawFn) -> tuple[str, str]:
    """Draw the RRULE of a calendar, and its end."""
    days = ",".join(CODES[d] for d in draw(WEEKDAYS))
    form = draw(
        st.sampled_from(
            [
                "FREQ=DAILY", "FREQ=WEEKLY", f"FREQ=WEEKLY;BYDAY={days}", "FREQ=MONTHLY;BYDAY=1MO",
                "FREQ=MONTHLY;BYDAY=-1FR", f"FREQ=MONTHLY;BYDAY={days};BYSETPOS=2",
                "FREQ=MONTHLY;BYMONTHDAY=-1,15", "FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=TH",
                "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=MONTHLY;BYMONTHDAY=31",
                f"FREQ=WEEKLY;BYDAY={days};WKST=SU",
            ]
        )
    )  # fmt: skip
    until = draw(CIVIL)
    end = draw(
        st.sampled_from(["", f";COUNT={draw(st.integers(1, 40))}", f";UNTIL={until:%Y%m%d}"])
    )
    return f"{form};INTERVAL={draw(st.integers(1, 7))}", end


@settings(max_examples=200, deadline=None, derandomize=True)
@given(rules(), CIVIL, CIVIL, st.integers(0, 500))
def test_rules_fall_on_the_days_of_dateutil(
    rule: tuple[str, str], start: date, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    text = f"DTSTART:{start:%Y%m%d} RRULE:{rule[0]}{rule[1]}"
    ours = read_rule(text)
    assert ours is not None
    begin = datetime(start.year, start.month, start.day)  # noqa: DTZ001 - a civil day
    theirs = rrulestr("".join(rule), dtstart=begin).between(
        datetime(first.year, first.month, first.day),  # noqa: DTZ001
        datetime(last.year, last.month, last.day),  # noqa: DTZ001
        inc=True,
    )
    assert list(ours.dates(first, last, FRANCE)) == [moment.date() for moment in theirs]
    again = read_recurrence(french(ours))
    assert again is not None
    assert again.recurrence == ours


RHYTHMS = st.one_of(
    st.builds(
        Weekly,
        WEEKDAYS,
        st.integers(1, 12),
        st.sampled_from(["", "paire", "impaire"]),
        st.lists(st.integers(1, 53), max_size=4, unique=True).map(lambda n: tuple(sorted(n))),
    ),
    st.builds(
        Monthly, WEEKDAYS, st.sampled_from([(1,), (2, 4), (-1,), (1, 3, 5), (5, -1), (1, -1)])
    ),
    st.lists(CIVIL, min_size=1, max_size=5, unique=True).map(lambda d: Listed(tuple(sorted(d)))),
    st.builds(
        FollowUp,
        st.sampled_from([(1,), (1, 3, 5), (2, 10)]),
        st.booleans(),
        st.sampled_from(["", "semaine", "mois"]),
    ),
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    RHYTHMS,
    CIVIL,
    st.integers(0, 400),
    st.booleans(),
    st.sampled_from(["", "hors", "pendant"]),
    st.lists(CIVIL, max_size=3, unique=True),
)
def test_french_words_are_read_back(
    rhythm: Weekly | Monthly | Listed | FollowUp,
    start: date,
    length: int,
    public: bool,
    school: str,
    skipped: list[date],
) -> None:
    until = start + timedelta(days=length)
    made = Recurrence(rhythm, start, until, public, school, tuple(sorted(skipped)))
    heard = read_recurrence(french(made))
    assert heard is not None
    assert (heard.recurrence, heard.span) == (made, None)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(RHYTHMS, CIVIL, CIVIL)
def test_a_window_cut_in_two_holds_the_same_days(
    rhythm: Weekly | Monthly | Listed | FollowUp, start: date, middle: date
) -> None:
    made = Recurrence(rhythm, start, start + timedelta(days=300))
    first, last = date(2023, 1, 1), date(2028, 12, 31)
    halves = (
        *made.dates(first, middle, FRANCE),
        *made.dates(middle + timedelta(days=1), last, FRANCE),
    )
    assert halves == made.dates(first, last, FRANCE)
