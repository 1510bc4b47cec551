"""Numbers, hours, dates and distances read as French."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.outputs import french

THIN, HARD = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (1234.5, 1, f"1{THIN}234,5"),
        (1_234_567, 0, f"1{THIN}234{THIN}567"),
        (0.04, 1, "0,0"),
        (-0.4, 0, "0"),
        (-12.34, 1, "-12,3"),
    ],
)
def test_number(value: float, decimals: int, expected: str) -> None:
    assert french.number(value, decimals) == expected


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_a_number_reads_back(value: float, decimals: int) -> None:
    text = french.number(value, decimals)
    back = float(text.replace(THIN, "").replace(",", "."))
    assert back == pytest.approx(value, abs=0.5000001 * 10**-decimals)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (570, f"9{THIN}h{THIN}30"),
        (840, f"14{THIN}h"),
        (605, f"10{THIN}h{THIN}05"),
        (0, f"0{THIN}h"),
    ],
)
def test_clock(minutes: int, expected: str) -> None:
    assert french.clock(minutes) == expected


def test_long_date() -> None:
    assert french.long_date(date(2026, 11, 12)) == "jeudi 12 novembre 2026"
    assert french.long_date(date(2026, 8, 1)) == "samedi 1er août 2026"


@pytest.mark.parametrize(
    ("metres", "expected"),
    [
        (0, f"0{HARD}m"),
        (347, f"350{HARD}m"),
        (994, f"990{HARD}m"),
        (996, f"1,0{HARD}km"),
        (2440, f"2,4{HARD}km"),
    ],
)
def test_distance(metres: float, expected: str) -> None:
    assert french.distance(metres) == expected


def test_minutes_percent_and_small_counts() -> None:
    assert french.minutes(35) == f"35{HARD}min"
    assert french.minutes(float("inf")) == "hors d'atteinte"
    assert french.percent(0.125, 1) == f"12,5{THIN}%"
    assert [french.small_count(n) for n in (0, 1, 4, 5)] == ["0", f"<{HARD}5", f"<{HARD}5", "5"]
