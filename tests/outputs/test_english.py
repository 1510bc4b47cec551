"""Numbers, hours, dates and distances read as British English."""

from __future__ import annotations

from datetime import date
from inspect import getmembers, isfunction, signature

from territory.outputs import english, french


def test_figures() -> None:
    assert english.number(1234.5, 1) == "1,234.5"
    assert english.number(-0.4) == "0"
    assert english.percent(0.125, 1) == "12.5%"
    assert english.small_count(3) == "<5"
    assert english.small_count(0) == "0"
    assert english.small_count(1200) == "1,200"


def test_moments() -> None:
    assert english.clock(9 * 60) == "9:00"
    assert english.clock(14 * 60 + 5) == "14:05"
    assert english.long_date(date(2026, 11, 1)) == "Sunday 1 November 2026"
    assert english.spoken_slot("mercredi apres-midi") == "Wednesday afternoon"
    assert (english.weekday(6), english.month(12)) == ("Sunday", "December")


def test_distances_and_durations() -> None:
    assert english.distance(346) == "350\u00a0m"
    assert english.distance(2440) == "2.4\u00a0km"
    assert english.minutes(35) == "35\u00a0min"
    assert english.minutes(float("inf")) == "out of reach"


def test_english_says_all_that_french_says() -> None:
    def told(module: object) -> dict[str, str]:
        return {name: str(signature(f)) for name, f in getmembers(module, isfunction)}

    assert told(english) == told(french)
