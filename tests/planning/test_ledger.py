"""Fairness over weeks: what was carried, what is owed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.planning.ledger import dues, gini, ledger
from tests.planning.town import places_table, planned_table, team_table

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


def test_outings_without_hours_and_difficult_places() -> None:
    table = carried({"agents": "A2", "start_min": None, "end_min": None, "place_id": "M"})
    assert table.loc["A2", ["hours", "difficult"]].tolist() == [2.0, 1.0]


def test_nothing_written_yet() -> None:
    empty = ledger(planned_table(), team_table("A1"), places_table(), MONDAY, weeks=12)
    assert empty.loc["A1"].to_dict() == {"hours": 0.0, "evenings": 0.0, "difficult": 0.0,
                                         "share": 1.0}  # fmt: skip
    assert dues(empty, 6.0) == {"A1": 6.0}


def test_a_debt_is_made_up_for() -> None:
    table = carried({"agents": "A1"})  # two hours behind for A2
    assert dues(table, 6.0) == {"A1": 2.0, "A2": 4.0}
    assert dues(table, 1.0) == {"A1": 0.0, "A2": 1.0}  # no more than there is this week


def test_part_time_owes_less() -> None:
    table = carried()
    table["share"] = [0.75, 0.25]
    assert dues(table, 8.0) == {"A1": 6.0, "A2": 2.0}


@given(st.lists(st.floats(0, 50), min_size=1, max_size=6), st.floats(0, 40))
def test_dues_are_shares_of_the_week(hours: list[float], week: float) -> None:
    table = pd.DataFrame({"hours": hours, "share": 1 / len(hours)},
                         index=[f"A{n}" for n in range(len(hours))])  # fmt: skip
    owed = dues(table, week)
    assert all(h >= 0 for h in owed.values())
    assert sum(owed.values()) <= week + 1e-6


def test_gini() -> None:
    assert gini({"a": 2.0, "b": 2.0}) == pytest.approx(0.0)
    assert gini({"a": 0.0, "b": 4.0}) == pytest.approx(0.5)
    assert gini({}) == 0.0
