"""French forms of hours, distances, dates and lists; spans of a day."""

from __future__ import annotations

from datetime import date

import pytest

from territory.model.french_calendar import FrenchCalendar
from territory.planning import explain
from territory.planning.calendar import public_holidays, week_days
from territory.planning.spans import common, joined, without


@pytest.mark.parametrize(("minutes", "text"), [(840, "14 h"), (545, "9 h 05"), (0, "0 h")])
def test_clock(minutes: int, text: str) -> None:
    assert explain.clock(minutes) == text


@pytest.mark.parametrize(("minutes", "text"), [(45, "45 min"), (90, "1 h 30"), (180, "3 h")])
def test_lasting(minutes: int, text: str) -> None:
    assert explain.lasting(minutes) == text


def test_distances_dates_and_lists() -> None:
    assert explain.kilometres(7200) == "7,2 km"
    assert explain.kilometres(6000) == "6 km"
    assert explain.day_words(date(2026, 12, 1)) == "mardi 1er décembre"
    assert [explain.listed("ABC"[:n]) for n in range(4)] == ["", "A", "A et B", "A, B et C"]


@pytest.mark.parametrize(
    ("zones", "said"),
    [
        ("AB", "« A » et « B »"),
        ("ABCD", "« A », « B », « C » et « D »"),
        ("ABCDE", "« A », « B », « C » et 2 autres"),
    ],
)
def test_a_long_list_of_zones_is_cut(zones: str, said: str) -> None:
    held = "Aucun médiateur libre : les créneaux possibles servent déjà"
    assert explain.taken(["M1"], tuple(zones)) == f"{held} {said}."


def test_days_and_holidays_of_a_week() -> None:
    days = week_days("2026-W01")
    assert (days[0], days[-1]) == (date(2025, 12, 29), date(2026, 1, 4))
    assert public_holidays(days, FrenchCalendar()) == {date(2026, 1, 1): "Jour de l'an"}


def test_spans() -> None:
    assert joined([(5, 9), (1, 3), (3, 4), (7, 7)]) == ((1, 4), (5, 9))
    assert without([(0, 10)], [(2, 3), (8, 12)]) == ((0, 2), (3, 8))
    assert common([(0, 5), (8, 10)], [(4, 9)]) == ((4, 5), (8, 9))
