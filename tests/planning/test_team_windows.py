"""When a team could walk: hand-made days, each with the rule it shows."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.planning.calendar import Sources, agenda
from territory.planning.records import place_records, slot_records, team_records
from territory.planning.team_windows import ANYWHERE, Shifts, TeamWindow, lunch_left, team_windows
from territory.settings import Week
from tests.planning.town import places_table, slots_table, team_table

MONDAY = date(2026, 11, 23)
NOON = (720, 810, 45)  # 12 h to 13 h 30, three quarters of an hour inside


def shifts(*rows: dict[str, Any], agents: tuple[str, ...] = ("A1",), **rules: object) -> Shifts:
    sources = Sources(
        team_records(team_table(*agents)),
        slot_records(slots_table(*rows)),
        place_records(places_table(), MONDAY),
        (),
    )
    week = Week.model_validate({"reserve_min": 0, "pairs": False, **rules})
    return Shifts(agenda([MONDAY], sources), sources, week, 4.5, lambda a, b, _: 6.0 * (a != b))


def hours(windows: tuple[TeamWindow, ...]) -> list[tuple[int, int]]:
    return [(w.begin_min, w.finish_min) for w in windows]


def test_a_free_day_has_a_morning_and_an_afternoon_with_lunch_between() -> None:
    found = team_windows([MONDAY], shifts(maraude_max_min=300))
    assert hours(found) == [(540, 765), (765, 1050)]
    assert {(w.start_id, w.end_id) for w in found} == {("p:B", "p:B")}


def test_a_long_half_day_is_offered_from_several_starts() -> None:
    found = team_windows([MONDAY], shifts(maraude_max_min=120))
    assert hours(found)[:3] == [(540, 660), (590, 710), (645, 765)]
    assert all(w.finish_min - w.begin_min <= 120 for w in found)


def test_the_reserve_is_kept_free() -> None:
    (morning, _) = team_windows([MONDAY], shifts(reserve_min=20, maraude_max_min=300))
    assert (morning.begin_min, morning.finish_min) == (540, 745)


def test_one_comes_from_an_appointment_and_goes_to_the_next() -> None:
    rows = (
        {"agent_code": "A1", "kind": "permanence", "place_id": "C", "weekday": 0,
         "start_min": 540, "end_min": 600},
        {"agent_code": "A1", "kind": "reunion", "place_id": "M", "weekday": 0,
         "start_min": 720, "end_min": 750},
    )  # fmt: skip
    (first, *_) = team_windows([MONDAY], shifts(*rows))
    assert (first.begin_min, first.finish_min) == (600, 720)
    assert (first.start_id, first.end_id) == ("p:C", "p:M")


def test_a_pair_meets_where_the_first_can_be_and_leaves_time_to_come() -> None:
    row = {"agent_code": "A1", "kind": "permanence", "place_id": "C", "weekday": 0,
           "start_min": 540, "end_min": 600}  # fmt: skip
    found = team_windows([MONDAY], shifts(row, agents=("A1", "A2"), pairs=True))
    (morning, *_) = [w for w in found if w.half_day == "matin" and len(w.agents) == 2]
    assert morning.agents == ("A1", "A2")
    assert (morning.start_id, morning.begin_min) in {("p:C", 600), ("p:B", 606)}


def test_somebody_nobody_can_go_with_goes_alone() -> None:
    row = {"agent_code": "A1", "kind": "disponible", "weekday": 0, "start_min": 540, "end_min": 720}
    found = team_windows([MONDAY], shifts(row, agents=("A1", "A2"), pairs=True))
    assert {w.agents for w in found if w.half_day == "matin"} == {("A1", "A2")}
    assert {w.agents for w in found if w.half_day == "apres-midi"} == {("A2",)}


def test_a_wanted_number_of_pairs_leaves_everybody_free_to_go_alone() -> None:
    found = team_windows([MONDAY], shifts(agents=("A1", "A2"), pairs=True, pairs_week=1))
    assert {w.agents for w in found} == {("A1",), ("A2",), ("A1", "A2")}


def test_nothing_on_a_public_holiday_and_nothing_after_an_outing() -> None:
    assert team_windows([date(2026, 11, 11)], shifts()) == ()
    assert team_windows([date(2026, 11, 22)], shifts()) == ()  # a Sunday, nobody works


def test_an_unknown_base_is_anywhere() -> None:
    sources = Sources(team_records(team_table("A1", start_place_id="S")), (),
                      place_records(places_table(), MONDAY), ())  # fmt: skip
    plain = shifts()
    found = team_windows([MONDAY], Shifts(plain.agenda, sources, plain.rules, 4.5, plain.minutes))
    assert {w.start_id for w in found} == {ANYWHERE}  # S is sensitive


@pytest.mark.parametrize(
    ("busy", "left"),
    [
        ([], True),
        ([(540, 765), (810, 1050)], True),
        ([(540, 765), (800, 1050)], False),
        ([(540, 1050)], False),
        ([(540, 840)], False),
        ([(540, 800)], True),  # nothing once the break has ended
        ([(700, 760), (805, 900)], True),
        ([(900, 1000)], True),
    ],
)
def test_lunch(busy: list[tuple[int, int]], left: bool) -> None:
    assert lunch_left(busy, NOON) is left


@given(
    st.lists(
        st.tuples(st.integers(480, 1080), st.integers(15, 200)).map(lambda x: (x[0], x[0] + x[1])),
        max_size=4,
    )
)
def test_lunch_left_equals_minute_by_minute(busy: list[tuple[int, int]]) -> None:
    free = [all(not s <= m < e for s, e in busy) for m in range(720, 810)]
    runs, best = 0, 0
    for one in free:
        runs = runs + 1 if one else 0
        best = max(best, runs)
    asked = bool(busy) and min(s for s, _ in busy) < 720 and max(e for _, e in busy) > 810
    assert lunch_left(busy, NOON) is (best >= 45 or not asked)


@given(st.integers(540, 900), st.integers(30, 200))
def test_windows_hold_no_appointment(start: int, lasting: int) -> None:
    row = {"agent_code": "A1", "kind": "reunion", "weekday": 0, "start_min": start,
           "end_min": min(start + lasting, 1050)}  # fmt: skip
    found = team_windows([MONDAY], shifts(row))
    assert all(w.finish_min <= start or w.begin_min >= row["end_min"] for w in found)
    assert all(w.begin_min >= 540 and w.finish_min <= 1050 for w in found)
    assert list(found) == sorted(found, key=lambda w: (w.half_day != "matin", w.begin_min))
    assert all(a != b for a, b in pairwise(found))
