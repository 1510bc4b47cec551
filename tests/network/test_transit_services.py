"""Usual services: headways by hand and by brute force, shared runs, loops, nights and holidays."""

from __future__ import annotations

from datetime import date
from pathlib import Path  # noqa: TC003 - a fixture type
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from territory.model.french_calendar import FrenchCalendar
from territory.model.tables import check_table
from territory.model.timetable import SERVICES
from territory.network.transit_days import usual_days
from territory.network.transit_groups import common_runs
from territory.network.transit_services import LATER_S, headways, usual_services
from tests.io.feeds import every, read_feed, run, write_feed

if TYPE_CHECKING:
    import pandas as pd

MORNING = {"matin": (8 * 60, 12 * 60)}
FRENCH = FrenchCalendar()


def holiday(on: date) -> bool:
    return FRENCH.holiday(on) is not None


def services(path: Path, day_type: str = "ouvre", **options: dict) -> pd.DataFrame:
    timetable, _, _ = read_feed(path)
    table = usual_services(timetable, holiday, **{"periods": MORNING, **options})
    check_table(table, SERVICES)
    return table[table["day_type"] == day_type]


def boarding(table: pd.DataFrame) -> dict[tuple[str, str, str], float]:
    """Return the headway, minutes, of every hop and the lines that serve it together."""
    keys = zip(table["from_stop"], table["to_stop"], table["lines"], strict=True)
    return dict(zip(keys, table["headway_min"].round(6), strict=True))


def test_an_even_service_has_its_interval(tmp_path: Path) -> None:
    found = services(write_feed(tmp_path / "f.zip", every(10, "1", "ABC", hop=4, first=3)))
    assert boarding(found) == {("A", "B", "1"): 10, ("B", "C", "1"): 10}
    assert found["ride_s"].tolist() == [240, 240]
    assert found["departures"].tolist() == [24, 24]
    assert found["directions"].tolist() == ["Arrêt C"] * 2


def test_lines_that_share_stops_are_waited_for_together(tmp_path: Path) -> None:
    runs = [*every(20, "1", "ABCD"), *every(20, "2", "ABCE", first=10)]
    found = boarding(services(write_feed(tmp_path / "f.zip", runs)))
    assert found["A", "B", "1|2"] == found["B", "C", "1|2"] == 10
    assert found["A", "B", "1"] == found["C", "D", "1"] == found["C", "E", "2"] == 20
    assert len(found) == 2 + 3 + 3


def test_uneven_lines_that_share_a_hop(tmp_path: Path) -> None:
    runs = [*every(20, "1", "AB"), *every(20, "2", "AB", first=5)]
    found = boarding(services(write_feed(tmp_path / "f.zip", runs)))
    assert found == {("A", "B", "1|2"): (5**2 + 15**2) / 20}


def test_a_loop_goes_round(tmp_path: Path) -> None:
    found = services(write_feed(tmp_path / "f.zip", every(30, "1", "ABCAB")))
    whole = found[found["group_id"] == found["group_id"].value_counts().idxmax()]
    assert "".join(whole.sort_values("rank")["from_stop"]) == "ABCA"
    twice = found[found["group_id"] != whole["group_id"].iloc[0]]
    assert boarding(twice) == {("A", "B", "1"): 15}  # it passes A twice a round, 15 minutes apart


def test_the_night_belongs_to_the_day_before(tmp_path: Path) -> None:
    late = [run(f"t{m}", "1", f"A24:{m}:00", f"B24:{m + 5}:00") for m in (10, 30, 50)]
    path = write_feed(tmp_path / "f.zip", late, calendar=["S,0,0,0,0,1,0,0,20260601,20260628"])
    night = {"nuit": (0, 60)}
    assert services(path, "ouvre", periods=night).empty
    assert services(path, "dimanche", periods=night).empty
    found = services(path, "samedi", periods=night)  # Friday's, after midnight
    assert found["headway_min"].tolist() == [20]  # the next one comes as if it were 1:10
    rare = services(path, "ouvre", periods={"nuit": (24 * 60, 25 * 60)})  # one day in five
    assert rare["headway_min"].isna().tolist() == [True]


def test_exceptions_make_the_day(tmp_path: Path) -> None:
    runs = [*every(30, "1", "AB"), run("x", "1", "A8:15:00", "B8:20:00", service="X")]
    once = ["X,20260610,1"]
    assert set(boarding(services(write_feed(tmp_path / "f.zip", runs, dates=once))).values()) == {
        30
    }
    most = [f"X,202606{d:02d},1" for d in range(1, 27) if d not in {13, 14, 20, 21}]
    found = boarding(services(write_feed(tmp_path / "f.zip", runs, dates=most)))
    assert found["A", "B", "1"] == pytest.approx((15**2 * 2 + 7 * 30**2) / 240)


def test_weeks_with_a_holiday_or_fewer_runs_are_not_usual(tmp_path: Path) -> None:
    runs = [*every(60, "1", "AB"), *every(60, "1", "CD"), run("x", "1", "E9:00:00", "F9:10:00")]
    runs = [(t, line, "SX"[k % 2], times) for k, (t, line, _, times) in enumerate(runs)]
    calendar = ["S,1,1,1,1,1,0,0,20260629,20260802", "X,1,1,1,1,1,0,0,20260629,20260719"]
    timetable, _, _ = read_feed(write_feed(tmp_path / "f.zip", runs, calendar=calendar))
    days = usual_days(timetable, holiday)["ouvre"]
    assert [d.isoformat() for d in days[::5]] == ["2026-06-29", "2026-07-06"]  # not the 14 July
    assert len(days) == 10
    every_day = usual_days(timetable, lambda _: True)  # no week is free: all are looked at
    assert len(every_day["ouvre"]) == 15


def test_a_feed_of_a_few_days_is_taken_as_it_is(tmp_path: Path) -> None:
    path = write_feed(
        tmp_path / "f.zip", every(30, "1", "AB"), calendar=None, dates=["S,20260610,1"]
    )
    timetable, _, _ = read_feed(path)
    assert usual_days(timetable, holiday)["ouvre"] == (date(2026, 6, 10),)
    assert set(boarding(services(path)).values()) == {30}
    assert services(path, "samedi").empty


def test_where_nobody_may_board_or_leave(tmp_path: Path) -> None:
    times = (
        "trip_id,stop_id,arrival_time,departure_time,stop_sequence,pickup_type,drop_off_type\n"
        "t,A,09:00:00,09:00:00,1,0,0\nt,B,09:10:00,09:12:00,2,1,1\nt,C,09:20:00,09:20:00,3,0,0\n"
    )
    one = [run("t", "1", "A9:00:00")]
    found = services(write_feed(tmp_path / "f.zip", one, stop_times=times))
    assert found["headway_min"].isna().tolist() == [False, True]
    assert found["may_leave"].tolist() == [False, True]
    assert found["dwell_s"].tolist() == [120, 0]


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    runs = [*every(20, "1", "ABCD"), *every(35, "2", "ABCE"), *every(50, "3", "DCBA")]
    one = services(write_feed(tmp_path / "f.zip", runs))
    for seed in range(2):
        assert_frame_equal(one, services(write_feed(tmp_path / "g.zip", runs, shuffle=seed)))


WINDOW = (0.0, 3600.0)
moments = st.lists(st.integers(0, 3600 + int(LATER_S) - 1), max_size=12)


@given(moments)
def test_headways_are_twice_the_mean_wait(departs: list[int]) -> None:
    found = headways(np.zeros(len(departs), np.int64), np.array(departs, float), WINDOW)
    inside = sorted(d for d in departs if d < WINDOW[1])
    assert len(found) == bool(inside)
    if inside:
        again = np.sort([*departs, inside[0] + WINDOW[1]])
        comes = np.arange(3600) + 0.5
        waits = again[np.searchsorted(again, comes)] - comes
        assert found[0] == pytest.approx(2 * np.mean(waits), abs=1.5)


@given(moments, st.integers(0, 3600 + int(LATER_S) - 1))
def test_a_departure_more_never_makes_the_wait_longer(departs: list[int], more: int) -> None:
    def headway(at: list[int]) -> float:
        return headways(np.zeros(len(at), np.int64), np.array(at, float), WINDOW).get(0, np.inf)

    assert headway([*departs, more]) <= headway(departs) + 1e-6


@given(st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=7), min_size=1, max_size=4))
def test_common_runs_are_the_maximal_repeats(patterns: list[list[int]]) -> None:
    patterns = [list(p) for p in sorted({tuple(p) for p in patterns})]
    assert {g.stops: set(g.spots) for g in common_runs(patterns)} == judged_runs(patterns)


def judged_runs(patterns: list[list[int]]) -> dict[tuple[int, ...], set[tuple[int, int]]]:
    """Try every run of stops: keep those that lose a spot when they go on, before or after."""
    spots: dict[tuple[int, ...], set[tuple[int, int]]] = {}
    for p, stops in enumerate(patterns):
        for i in range(len(stops)):
            for j in range(i + 2, len(stops) + 1):
                spots.setdefault(tuple(stops[i:j]), set()).add((p, i))
    longer = {run[1:]: set() for run in spots} | {run[:-1]: set() for run in spots}
    for one, found in spots.items():
        for part in {one[1:], one[:-1]}:
            longer[part].add(len(found))
    return {r: s for r, s in spots.items() if len(s) not in longer.get(r, set())}
