"""What could be visited: doors that open, for a whole visit, and what they are worth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from territory.model.french_calendar import FrenchCalendar
from territory.planning.records import place_records
from territory.planning.rule_effects import Effects, Shut
from territory.planning.visit_options import (
    OUTSIDE,
    PEOPLE,
    Option,
    doors_open,
    place_options,
    street_options,
    zone_share,
)
from territory.settings import Week
from tests.planning.town import GAPS, NEED, PLACE_ROWS, gap, places_table, town_walks

MONDAY = date(2026, 11, 23)
DAYS = [MONDAY + timedelta(days=n) for n in range(7)]
FRANCE = FrenchCalendar()


def options(**since: float) -> dict[str, Option]:
    places = place_records(places_table(), MONDAY)
    fresh = {key: replace(p, trust=1.0) for key, p in places.items()}
    found = place_options(fresh, GAPS, town_walks(), Week(), since)
    return {o.key: o for o in found}


def test_sensitive_and_refusing_places_are_no_option() -> None:
    assert sorted(options()) == ["B", "C", "K", "M"]


def test_a_place_belongs_to_the_nearest_zone_within_ten_minutes() -> None:
    found = options()
    assert found["C"].zone is GAPS[0]
    assert found["C"].near_min == 2.0
    far = {**PLACE_ROWS, "F": {"name": "Loin", "kind": "marche", "at": (5000, 0)}}
    places = place_records(places_table(far), MONDAY)
    (lonely,) = [o for o in place_options(places, GAPS, town_walks(far), Week(), {})
                 if o.key == "F"]  # fmt: skip
    assert lonely.zone is None
    assert lonely.people == pytest.approx(PEOPLE["marche"] * OUTSIDE * places["F"].trust / 2)


def test_unknown_hours_and_recent_visits_are_worth_less() -> None:
    plain = options()
    assert plain["K"].people == pytest.approx(PEOPLE["commerce"] * 2.0 / 2)
    rested = options(C=4.0, M=0.0)
    assert rested["C"].people == pytest.approx(0.95 * plain["C"].people, rel=0.01)
    assert rested["M"].people == 0.0


def test_a_round_in_the_streets_is_for_the_cell_with_most_to_meet() -> None:
    found = street_options(GAPS, NEED, Week())
    assert {(o.key, o.point_id, o.target) for o in found} == {
        ("z:Z1", "c:z1a", 30.0), ("z:Z2", "c:z2a", 50.0)}  # fmt: skip
    first = [o for o in found if o.key == "z:Z1"]
    assert [o.service_min for o in first] == [40, 60, 80]
    worth = [o.people / o.service_min for o in first]
    assert worth == sorted(worth, reverse=True)  # each further minute brings less


def test_doors_hold_a_whole_visit() -> None:
    doors = doors_open(list(options().values()), DAYS, FRANCE, Effects())
    market = [d for d in doors if d.option.key == "M"]
    assert [(d.on, d.span, d.start_span) for d in market] == [
        (date(2026, 11, 25), (480, 780), (480, 760))
    ]
    shop = [d for d in doors if d.option.key == "K"]
    assert [d.span for d in shop] == [None] * 7  # hours unknown, never closed


def test_a_door_too_briefly_open_is_none() -> None:
    short = replace(options()["M"], service_min=301)
    assert doors_open([short], DAYS, FRANCE, Effects()) == ()


def test_nothing_opens_on_a_public_holiday_nor_in_a_shut_zone() -> None:
    holiday = [date(2026, 11, 11)]
    assert doors_open(list(options().values()), holiday, FRANCE, Effects()) == ()
    shut = Effects(shut={"Z1": Shut(date(2026, 11, 26), "Raison.")})
    doors = doors_open(list(options().values()), DAYS, FRANCE, shut)
    assert min(d.on for d in doors if d.option.zone is GAPS[0]) == date(2026, 11, 26)


def test_shares_of_zones() -> None:
    assert [zone_share(g, GAPS) for g in GAPS] == [1.0, pytest.approx(8 / 9)]
    assert zone_share(gap(1, ("z1a",), score=0.0), [gap(1, ("z1a",), score=0.0)]) == 1.0
