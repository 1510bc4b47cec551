"""Public holidays by region, school holidays by zone: told from the communes, checked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from territory.model.french_calendar import calendar_of

# Ministry of education, 2026-2027: winter holidays of the three zones.
WINTER = {"A": date(2027, 2, 15), "B": date(2027, 2, 22), "C": date(2027, 2, 8)}


@pytest.mark.parametrize(
    ("communes", "zone"),
    [
        (["93010", "93008"], "C"),
        (["17300"], "A"),
        (["67482"], "B"),
        (["2A004"], None),
        (["97411"], None),
        (["93010", "60057"], None),  # two zones meet
        ([], None),
    ],
)
def test_the_zone_is_that_of_all_communes(communes: list[str], zone: str | None) -> None:
    assert calendar_of(communes).zone == zone


def test_every_departement_of_the_mainland_has_one_zone() -> None:
    codes = [f"{n:02d}" for n in range(1, 96) if n != 20]
    zones = [calendar_of([f"{code}001"]).zone for code in codes]
    assert None not in zones
    assert [zones.count(zone) for zone in "ABC"] == [32, 41, 21]  # 8, 11 and 5 académies


def test_public_holidays_of_a_region() -> None:
    good_friday = date(2026, 4, 3)
    assert calendar_of(["93010"]).holiday(good_friday) is None
    assert calendar_of(["57463"]).holiday(good_friday) == "Vendredi saint"
    assert calendar_of(["57463", "93010"]).holiday(good_friday) is None
    assert calendar_of(["97411"]).holiday(date(2026, 12, 20)) is not None
    assert calendar_of([]).holiday(date(2026, 7, 14)) == "Fête nationale"


def test_school_holidays_known_unknown_and_not_yet_published() -> None:
    bondy = calendar_of(["93010"])
    assert bondy.school_holiday(date(2026, 10, 26)) is True
    assert bondy.school_holiday(date(2026, 11, 23)) is False
    assert bondy.school_holiday(date(2040, 10, 29)) is None
    assert calendar_of(["2A004"]).school_holiday(date(2026, 10, 26)) is None
