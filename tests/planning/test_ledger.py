"""Fairness over weeks: what was carried, what is owed."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.planning.ledger import dues, gini, ledger
from tests.planning.town import places_table, planned_table, team_table
from tests.planning.week_by_hand import outing, week

MONDAY = date(2026, 11, 23)
ROUND = {
    "kind": "maraude",
    "state": "realise",
    "on": "2026-11-17",
    "start_min": 840,
    "end_min": 960,
}


def carried(*rows: dict[str, Any], **team: object) -> pd.DataFrame:
    table = planned_table(*({**ROUND, **row} for row in rows))
    return ledger(table, team_table("A1", "A2", **team), places_table(), MONDAY, weeks=12,
                  difficult_kinds=["marche"])  # fmt: skip


def test_a_pair_carries_the_hours_twice() -> None:
    table = carried({"agents": "A1|A2"}, {"agents": "A1", "start_min": 1020, "end_min": 1110})
    assert table["hours"].to_dict() == {"A1": 3.5, "A2": 2.0}
    assert table["evenings"].to_dict() == {"A1": 1.0, "A2": 0.0}


@pytest.mark.parametrize(
    "row",
    [{"state": "annule"}, {"state": "prevu"}, {"kind": "reunion"}, {"on": "2026-11-23"},
     {"on": "2026-08-01"}],
)  # fmt: skip
def test_what_was_not_done_lately_does_not_count(row: dict[str, str]) -> None:
    assert carried({"agents": "A1", **row})["hours"].sum() == 0.0


def test_two_late_outings_of_a_day_are_one_evening_and_one_difficult_day() -> None:
    late = {"agents": "A1", "start_min": 1020, "end_min": 1110, "place_id": "M"}
    table = carried(
        late, {**late, "start_min": 1110, "end_min": 1170}, {**late, "on": "2026-11-18"}
    )
    assert table.loc["A1", ["evenings", "difficult"]].tolist() == [2.0, 2.0]


@pytest.mark.parametrize(
    ("done", "metres"),
    [
        ({"agents": "A1|A2"}, [1500.0, 1500.0]),
        ({"agents": "A1"}, [1500.0, 0.0]),  # A2 could not come
        ({"agents": "A1|A2", "start_min": None, "end_min": None}, [1500.0, 1500.0]),
        ({"agents": "A1", "start_min": 540, "end_min": 600}, [0.0, 0.0]),  # another outing
        ({"agents": "A1", "state": "annule"}, [0.0, 0.0]),
    ],
)
def test_metres_are_those_planned_of_outings_that_were_done(
    done: dict[str, Any], metres: list[float]
) -> None:
    planned = outing(on=date(2026, 11, 17), start_min=830, end_min=970, agents=("A1", "A2"),
                     walk_m=1500)  # fmt: skip
    rows = planned_table({**ROUND, **done})
    table = ledger(rows, team_table("A1", "A2"), places_table(), MONDAY, weeks=12,
                   signed=[week(planned, of="2026-W47"), week(planned, of="2026-W30")])  # fmt: skip
    assert table["walk_m"].tolist() == metres
    assert table["walk_weeks"].tolist() == [1.0, 1.0]  # the other is too long ago


def test_outings_without_hours_and_difficult_places() -> None:
    table = carried({"agents": "A2", "start_min": None, "end_min": None, "place_id": "M"})
    assert table.loc["A2", ["hours", "difficult"]].tolist() == [2.0, 1.0]


def test_nothing_written_yet() -> None:
    empty = ledger(planned_table(), team_table("A1"), places_table(), MONDAY, weeks=12)
    nothing = {"hours": 0.0, "evenings": 0.0, "difficult": 0.0, "walk_weeks": 0.0, "share": 1.0}
    assert empty.loc["A1"].drop("walk_m").to_dict() == nothing
    assert empty["walk_m"].isna().all()  # no week was signed: unknown, not 0
    assert dues(empty, 6.0) == {"A1": 6.0}


def test_a_debt_is_made_up_for() -> None:
    table = carried({"agents": "A1"})  # two hours behind for A2
    assert dues(table, 6.0) == pytest.approx({"A1": 3 - 2 / 3, "A2": 3 + 2 / 3})  # 2/3 of it
    assert dues(table, 1.0) == pytest.approx({"A1": 0.2, "A2": 0.8})  # 0.4 of a usual week


def test_nobody_is_due_more_than_their_week_holds() -> None:
    table = carried(*[{"agents": "A1", "on": f"2026-11-{day}"} for day in (9, 10, 12, 13)])
    held = {"A1": 6.0, "A2": 4.5}
    assert dues(table, 9.0, held) == pytest.approx({"A1": 4.5, "A2": 4.5})  # 8.5 h without a limit
    assert dues(table, 20.0, held) == pytest.approx(held)
    assert dues(table, 9.0, {"A1": 6.0, "A2": 0.0}) == pytest.approx({"A1": 6.0, "A2": 0.0})


def test_part_time_owes_less() -> None:
    table = carried()
    table["share"] = [0.75, 0.25]
    assert dues(table, 8.0) == {"A1": 6.0, "A2": 2.0}


@given(st.lists(st.floats(0, 50), min_size=1, max_size=6), st.floats(0, 40), st.floats(0, 12))
def test_dues_fill_the_week_from_those_who_had_least(
    hours: list[float], week: float, most: float
) -> None:
    table = pd.DataFrame({"hours": hours, "share": 1 / len(hours)},
                         index=[f"A{n}" for n in range(len(hours))])  # fmt: skip
    owed = dues(table, week, dict.fromkeys(table.index, most))
    assert all(0 <= h <= most for h in owed.values())
    assert sum(owed.values()) == pytest.approx(min(week, most * len(hours)), abs=1e-6)
    after = {a: h * 2 / 3 + owed[a] for a, h in table["hours"].items()}  # as much is caught up
    least = min(0.4 * week / len(hours), most)  # of a usual week, even for who did too much
    assert all(h >= least - 1e-6 for h in owed.values())
    for a, b in permutations(after, 2):  # nobody is given more whom somebody with room is below
        assert owed[a] < least + 1e-6 or owed[b] > most - 1e-6 or after[a] <= after[b] + 1e-6


def test_gini() -> None:
    assert gini({"a": 2.0, "b": 2.0}) == pytest.approx(0.0)
    assert gini({"a": 0.0, "b": 4.0}) == pytest.approx(0.5)
    assert gini({}) == 0.0
