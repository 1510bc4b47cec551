from __future__ import annotations

import pandas as pd
import pytest

from territory.analysis.siting.slot_options import ordinary_spans, session_in
from territory.analysis.siting.slot_staff import free_spans, free_workers, without
from tests.analysis.siting import option_town as town


def options(hosts: pd.DataFrame | None = None, **changes: object) -> pd.DataFrame:
    return town.options(town.held_at_a(), hosts=hosts, **changes)


def test_a_place_is_an_option_when_it_is_open_for_a_whole_session() -> None:
    found = options()
    new = found[~found["present"]]
    assert set(new.loc[new["place_id"] == "b", "slot"]) == {
        "mercredi matin",
        "mercredi apres-midi",
    }
    assert set(options(duree_h=3.6).query("place_id == 'b'")["slot"]) == set()
    morning = found.loc["b@mercredi matin"]
    assert (morning["start_min"], morning["end_min"]) == (540, 720)
    assert found.loc["b@mercredi apres-midi", "start_min"] == 840
    assert morning["hours"] == 4.0
    assert morning["capacity"] == 12.0


def test_what_is_unknown_is_allowed_and_said() -> None:
    found = options()
    assert set(found.query("place_id == 'c'")["opening"]) == {"horaires à vérifier"}
    assert set(found.query("place_id == 'c'")["host"]) == {"à demander"}
    assert found.loc["b@mercredi matin", "opening"] == "horaires connus"
    assert found.loc["a@mercredi matin", "host"] == "accueille déjà"


def test_nobody_is_asked_to_be_in_two_places() -> None:
    found = options()
    assert "c@lundi matin" not in found.index  # the meeting leaves an hour and a half
    assert not found["slot"].str.startswith("samedi").any()  # nobody works then
    assert found.loc["c@mardi matin", "free"] == 1  # M1 holds a permanence
    assert found.loc["c@mardi apres-midi", "free"] == 2
    assert set(options(workers=town.team(0))["free"]) == {-1}


def test_the_permanences_of_now_are_options_with_their_own_hours() -> None:
    held = options().query("present")
    assert held.index.tolist() == ["a@mardi matin"]
    row = held.iloc[0]
    assert (row["start_min"], row["end_min"], row["hours"]) == (540, 720, 4.0)
    every_other = town.held_at_a().assign(weeks="paire")
    assert town.options(every_other).query("present")["hours"].tolist() == [2.0]


@pytest.mark.parametrize(
    ("column", "value"),
    [("sensitive", True), ("hosts_permanence", False), ("status", "refus"), ("fixed_point", False)],
)
def test_a_place_that_may_not_host_is_no_option(column: str, value: object) -> None:
    places = town.places()
    places.loc["c", column] = value
    assert "c" not in set(options(places)["place_id"])


def test_a_sensitive_host_keeps_counting_and_is_never_named() -> None:
    places = town.places()
    places.loc["a", "sensitive"] = True
    held = options(places).query("place_id == 'a'")
    assert held["present"].tolist() == [True]
    assert held["named"].tolist() == [False]


def test_the_order_of_rows_changes_nothing() -> None:
    mixed = town.options(town.held_at_a().iloc[::-1], hosts=town.places().iloc[::-1])
    pd.testing.assert_frame_equal(mixed, options())


@pytest.mark.parametrize(
    ("hours", "weekday", "expected"),
    [
        ("Mo-Fr 09:00-12:00", 0, ((540, 720),)),
        ("Mo-Fr 09:00-12:00; PH off", 4, ((540, 720),)),
        ("Mo-Fr 09:00-12:00", 5, ()),
        ("Mo[1] 09:00-12:00", 0, ()),  # the first Monday of the month is not every Monday
        ("à vérifier", 0, None),
    ],
)
def test_an_ordinary_week_is_every_week(hours: str, weekday: int, expected: object) -> None:
    assert ordinary_spans(hours, weekday, monday=pd.Timestamp("2026-11-02").date()) == expected


@pytest.mark.parametrize(
    ("spans", "half", "expected"),
    [
        ([(480, 1200)], "matin", (540, 720)),
        ([(570, 1200)], "matin", (570, 750)),
        ([(600, 1200)], "matin", None),  # 12:30 comes too early
        ([(480, 1200)], "apres-midi", (840, 1020)),
        ([(750, 1000)], "apres-midi", (820, 1000)),
        ([(540, 600), (620, 740)], "matin", None),
        ([], "matin", None),
    ],
)
def test_a_session_fits_in_one_opening(spans, half: str, expected: object) -> None:
    assert session_in(spans, half, session_min=180, day=(540, 1050)) == expected


def test_free_time_is_what_is_left_every_week() -> None:
    rows = town.availability(
        ("M1", 0, 540, 1050, "disponible", None),
        ("M1", 0, 600, 660, "reunion", None),
        ("M1", 1, 540, 720, "disponible", None),
    )
    spans = free_spans(town.team(), rows, today=town.TODAY)
    assert spans["M1", 0] == ((540, 600), (660, 1050))
    assert ("M1", 2) not in spans
    assert spans["M2", 4] == ((540, 1020),)  # told nothing: Monday to Friday, 9 to 17
    assert free_workers(spans, 0, 560, 740) == 1
    every_other = rows.assign(weeks="paire")
    assert ("M1", 1) not in free_spans(town.team(), every_other, today=town.TODAY)


def test_spans_are_cut() -> None:
    assert without([(0, 10), (20, 30)], [(5, 25)]) == ((0, 5), (25, 30))
    assert without([(0, 10)], [(0, 10)]) == ()
