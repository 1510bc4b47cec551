"""Opening hours: what people write, the OSM text kept, and the minutes of one day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.model.opening import merged_spans, open_spans, spans_to_osm, to_osm

MONDAY = date(2024, 4, 1)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("lun-ven 9h-12h 14h-17h ; sam 9h-12h", "Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00"),
        ("mercredi 8h-13h", "We 08:00-13:00"),
        ("tous les jeudis 14h-17h", "Th 14:00-17:00"),
        ("1er lundi du mois 9h-12h", "Mo[1] 09:00-12:00"),
        ("1er et 3e lundi du mois 9h-12h", "Mo[1,3] 09:00-12:00"),
        ("dernier vendredi du mois 14h-16h", "Fr[-1] 14:00-16:00"),
        ("mardi 10h-12h (semaines impaires)", "week 1-53/2 Tu 10:00-12:00"),
        ("lun-ven 9h-12h sauf jours fériés", "Mo-Fr 09:00-12:00; PH off"),
        ("lun-ven 9h-17h ; mer fermé", "Mo,Tu,Th,Fr 09:00-17:00"),
        ("fermé le dimanche et le lundi ; mardi 9h30-12h", "Tu 09:30-12:00"),
        ("de 9 h 30 à 12 h le mardi", None),
        ("mardi de 9 h 30 à 12 h et de 14 h à 18 h", "Tu 09:30-12:00,14:00-18:00"),
        ("Lundi : Fermé\nMardi : 14h – 18h00", "Tu 14:00-18:00"),
        ("mar. sam. 10-19h, jeu.13-19h", "Tu,Sa 10:00-19:00; Th 13:00-19:00"),
        ("lundi 9h à midi", "Mo 09:00-12:00"),
        ("Mo-Fr 08:30-12:30; PH off", "Mo-Fr 08:30-12:30; PH off"),
        ('Mo 08:00-18:00 open "Sans rendez-vous"; PH off', "Mo 08:00-18:00; PH off"),
        ("24/7", "24/7"),
        ("mar 9:00-12:00", "Tu 09:00-12:00"),
    ],
)
def test_wordings_become_osm_text(written: str, kept: str | None) -> None:
    assert to_osm(written) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PH off",
        "Mo closed, Tu closed",
        "lundi fermé",
        "sur rendez-vous",
        "lun-ven 9h-12h sur rendez-vous",
        "lun-ven 9h-17h sauf mercredi",
        "Adultes : mardi 10h-19h\nJeunesse : mardi 16h-19h",
        "ven-lun 9h-12h",
        "lundi 17h-9h",
        "lundi 9h-12h fermé",
        "9h-12h",
        "Mo-Fr sunrise-sunset",
        'Mo-Fr 09:00-12:00; Sa "sur rendez-vous"',
    ],
)
def test_what_is_not_wholly_understood_stays_unknown(text: str) -> None:
    assert to_osm(text) is None


def test_spans_of_a_day() -> None:
    hours = "Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-12:00"
    assert open_spans(hours, MONDAY) == ((540, 720), (840, 1020))
    assert open_spans(hours, MONDAY + timedelta(days=5)) == ((540, 720),)
    assert open_spans(hours, MONDAY + timedelta(days=6)) == ()


def test_overlapping_spans_are_one() -> None:
    assert open_spans("Mo 09:00-17:30,09:00-12:00,13:30-17:30", MONDAY) == ((540, 1050),)


def test_night_hours_are_cut_at_midnight() -> None:
    assert open_spans("Mo-Su 22:00-02:00", MONDAY) == ((0, 120), (1320, 1440))
    assert open_spans("24/7", MONDAY) == ((0, 1440),)


def test_weeks_and_ranks_count() -> None:
    assert open_spans("week 1-53/2 Mo 10:00-12:00", MONDAY) == ()  # ISO week 14
    assert open_spans("week 2-52/2 Mo 10:00-12:00", MONDAY) == ((600, 720),)
    assert open_spans("Mo[1] 10:00-12:00", MONDAY) == ((600, 720),)
    assert open_spans("Mo[1] 10:00-12:00", MONDAY + timedelta(days=7)) == ()


def test_holidays_are_the_callers_business() -> None:
    assert open_spans("Mo-Fr 09:00-12:00; PH off", MONDAY) == ((540, 720),)
    assert open_spans("Mo-Fr 09:00-12:00; PH off", MONDAY, holiday=True) == ()
    assert open_spans("Mo-Fr 09:00-12:00; PH 10:00-11:00", MONDAY, holiday=True) == ((600, 660),)
    assert open_spans("Mo-Fr 09:00-12:00", MONDAY, holiday=True) == ((540, 720),)


def test_text_that_is_not_osm_is_an_error_never_a_closed_day() -> None:
    with pytest.raises(ValueError, match="horaires non lisibles"):
        open_spans("lundi matin", MONDAY)


SPANS = st.lists(
    st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda s: s[0] < s[1]), max_size=4
)


@given(st.dictionaries(st.integers(0, 6), SPANS))
def test_written_weeks_read_back(week: dict[int, list[tuple[int, int]]]) -> None:
    osm = spans_to_osm(week)
    for day in range(7):
        expected = tuple(merged_spans(week.get(day, [])))
        found = () if osm is None else open_spans(osm, MONDAY + timedelta(days=day))
        assert found == expected
    assert osm is None or to_osm(osm) == osm
