"""One cell at a time: dates, numbers, times, yes or no, codes, lists."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.io import values

DAY = date(2024, 3, 29)  # a Friday


@pytest.mark.parametrize(
    "text",
    ["29/03/2024", "29-03-2024", "29.3.24", "2024-03-29", "2024-03-29 00:00", "29 mars 2024",
     "ven 29/03/2024", "vendredi 29 mars 2024", "45380"],
)  # fmt: skip
def test_dates(text: str) -> None:
    assert values.read_date(text) == DAY


@pytest.mark.parametrize(
    "text", ["03/29/2024", "31/02/2024", "mar 29/03/2024", "2024", "29/03", "demain", "12"]
)
def test_dates_are_never_guessed(text: str) -> None:
    assert values.read_date(text) is None


def test_centuries_and_the_1904_system() -> None:
    assert values.read_date("01/02/69") == date(2069, 2, 1)
    assert values.read_date("01/02/70") == date(1970, 2, 1)
    assert values.read_date("43918", since_1904=True) == DAY


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)))
def test_written_dates_read_back(day: date) -> None:
    assert values.read_date(f"{day:%d/%m/%Y}") == day
    assert values.read_date(day.isoformat()) == day
    assert values.read_date(str((day - date(1899, 12, 30)) // timedelta(days=1))) == day


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12,5 %", 12.5), ("1 000", 1000), ("1\u202f000", 1000), ("1\u00a0234,5", 1234.5),
        ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("1'000", 1000), ("1,234,567", 1234567),
        ("-2,79", -2.79), (",5", 0.5), ("abc", None), ("12a", None), ("", None), ("12-13", None),
    ],
)  # fmt: skip
def test_numbers(text: str, number: float | None) -> None:
    assert values.read_number(text) == number


@given(st.floats(-1e6, 1e6, allow_nan=False))
def test_written_numbers_read_back(number: float) -> None:
    assert values.read_number(repr(number).replace(".", ",")) == number


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("9h", 540), ("9h30", 570), ("09:00", 540), ("9 h 30", 570), ("0,375", 540), ("midi", 720),
     ("14:30:00", 870), ("9", 540), ("24:00", 1440), ("25h", None), ("9h75", None), ("x", None)],
)  # fmt: skip
def test_times(text: str, minutes: int | None) -> None:
    assert values.read_time(text) == minutes


def test_ranges() -> None:
    assert values.read_range("9h-12h") == (540, 720)
    assert values.read_range("de 14h à 16h30") == (840, 990)
    assert values.read_range("9h") is None


def test_yes_no_and_empty() -> None:
    assert [values.read_yes_no(t) for t in ("Oui", "x", "1", "VRAI")] == [True] * 4
    assert [values.read_yes_no(t) for t in ("non", "0", "Faux")] == [False] * 3
    assert values.read_yes_no("peut-être") is None
    assert all(map(values.is_empty, ["", " ", "-", "–", "NC", "n/a", "?", "Néant", "#N/A"]))
    assert not values.is_empty("0")


def test_codes() -> None:
    assert values.read_code("93010") == ("93010", False)
    assert values.read_code("1053") == ("01053", True)
    assert values.read_code("2a004") == ("2A004", False)
    assert values.read_code('="60057"') == ("60057", False)
    assert values.read_code("93010.0") == ("93010", False)
    assert values.read_code("930") == (None, False)
    assert values.district_code("Paris 20e") == "75120"
    assert values.district_code("Lyon 3ème arrondissement") == "69383"
    assert values.district_code("Paris 21e") is None


def test_siret_keys() -> None:
    assert values.is_siret("732 829 320 00074")
    assert not values.is_siret("73282932000075")
    assert values.is_siret("35600000000048")  # La Poste keeps its own rule
    assert not values.is_siret("7,53E+13")


def test_worker_codes_are_not_names() -> None:
    assert all(map(values.is_worker_code, ["M1", "JD", "ABCD", "med12"]))
    assert not any(map(values.is_worker_code, ["Martin", "Jean D", "Léa", "M", "Fatou", "ABCDE"]))


def test_formula_guards_come_off() -> None:
    assert values.clean("'=1+1") == "=1+1"
    assert values.clean(" l'été ") == "l'été"
    assert values.clean("'bonjour") == "'bonjour"
