"""Hours held by workers: halves of weeks, half-days, people written twice, and who they serve."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.analysis.access import (
    cell_access,
    current,
    minutes_when,
    open_slots,
    slot_access,
    slot_names,
    weekly_permanences,
)
from territory.analysis.access_capacity import place_hours, staffed_hours
from territory.analysis.access_slots import SLOT_TITLES, empty_slots, slot_reach, slot_sentences
from territory.model.tables import AVAILABILITY, conform
from tests.analysis import town

TUESDAY, WEDNESDAY = 1, 2
MORNING, NOON, LATE = 9 * 60, 12 * 60 + 30, 17 * 60


def held(*rows: dict) -> pd.DataFrame:
    usual = {"agent_code": "M1", "weekday": TUESDAY, "start_min": MORNING, "end_min": 12 * 60,
             "weeks": "toutes", "kind": "permanence", "place_id": "p1"}  # fmt: skip
    table = pd.DataFrame([usual | row for row in rows], index=[f"s{i}" for i in range(len(rows))])
    return conform(table, AVAILABILITY)


def test_hours_are_those_of_workers() -> None:
    table = staffed_hours(held({}, {"agent_code": "M2"}, {"agent_code": "M2", "place_id": "p2"}))
    assert table.loc["p1-1-matin", ["workers", "open_hours", "staff_hours"]].tolist() == [2, 3, 6]
    assert place_hours(table).to_dict() == {"p1": 6.0, "p2": 3.0}


def test_even_weeks_are_half() -> None:
    table = staffed_hours(held({"weeks": "paire"}, {"weeks": "impaire", "agent_code": "M2"},
                               {"weeks": "paire", "place_id": "p2"}))  # fmt: skip
    assert table.loc["p1-1-matin", ["open_hours", "staff_hours"]].tolist() == [3, 3]
    assert bool(table.loc["p1-1-matin", "every_week"])
    assert table.loc["p2-1-matin", "staff_hours"] == 1.5
    assert not table.loc["p2-1-matin", "every_week"]


def test_a_day_across_noon_is_two_half_days() -> None:
    table = staffed_hours(held({"end_min": LATE}))
    assert table["staff_hours"].to_dict() == {"p1-1-apres-midi": 4.5, "p1-1-matin": 3.5}


def test_a_worker_written_twice_is_one() -> None:
    twice = held({}, {}, {"start_min": 11 * 60, "end_min": NOON}, {"weeks": "paire"})
    assert place_hours(staffed_hours(twice)).to_dict() == {"p1": 3.5}


def test_nobody_named_is_somebody() -> None:
    table = staffed_hours(held({"agent_code": pd.NA}, {"agent_code": pd.NA}))
    assert table["staff_hours"].tolist() == [6.0]


@pytest.mark.parametrize(
    "row",
    [{"place_id": pd.NA}, {"weekday": pd.NA}, {"start_min": pd.NA}, {"kind": "disponible"},
     {"end_min": MORNING}],
    ids=["lieu", "jour", "heure", "autre", "vide"],
)  # fmt: skip
def test_what_is_not_a_permanence_offers_nothing(row: dict) -> None:
    table = staffed_hours(held(row))
    assert len(table) == 0
    assert list(table.columns) == list(staffed_hours(held({})).columns)
    assert place_hours(table).empty


def minute_by_minute(rows: pd.DataFrame) -> float:
    """Count the minutes of two weeks at which each worker is there, one by one."""
    there = {
        (r.agent_code, r.weekday, week, m)
        for r in rows.itertuples()
        for week in ("paire", "impaire")
        for m in range(int(r.start_min), int(r.end_min))
        if r.weeks in {"toutes", week}
    }
    return len(there) / 120


ROWS = st.fixed_dictionaries({
    "agent_code": st.sampled_from(["M1", "M2"]),
    "weekday": st.integers(0, 1),
    "start_min": st.integers(500, 800),
    "end_min": st.integers(500, 900),
    "weeks": st.sampled_from(["toutes", "paire", "impaire"]),
})  # fmt: skip


@settings(max_examples=30)
@given(st.lists(ROWS, min_size=1, max_size=5))
def test_hours_are_the_minutes_somebody_is_there(rows: list[dict]) -> None:
    table = held(*rows)
    assert place_hours(staffed_hours(table)).sum() == pytest.approx(minute_by_minute(table))


def test_only_what_holds_this_week_counts() -> None:
    rows = held({"to_on": pd.Timestamp("2026-10-25")}, {"from_on": pd.Timestamp("2026-12-01")},
                {"from_on": pd.Timestamp("2026-11-03"), "place_id": "p2"}, {})  # fmt: skip
    assert current(rows, date(2026, 10, 31)).index.tolist() == ["s2", "s3"]
    assert len(current(rows.iloc[:0], date(2026, 10, 31))) == 0


@pytest.mark.parametrize(
    ("start", "end", "halves"),
    [(MORNING, 12 * 60, "matin"), (MORNING, NOON + 29, "matin"), (13 * 60, LATE, "apres-midi"),
     (10 * 60, 16 * 60, "matin|apres-midi"), (NOON - 10, LATE, "matin|apres-midi")],
)  # fmt: skip
def test_a_span_is_open_in_each_half_day_it_holds(start: int, end: int, halves: str) -> None:
    assert open_slots(WEDNESDAY, start, end) == [f"mercredi {h}" for h in halves.split("|")]


def test_moving_a_permanence_changes_its_two_half_days_only() -> None:
    minutes = town.minutes(town.places())
    before = slot_access(minutes, weekly_permanences(held({}, {"place_id": "p2", "weekday": 4})))
    moved = held({"weekday": WEDNESDAY}, {"place_id": "p2", "weekday": 4})
    after = slot_access(minutes, weekly_permanences(moved))
    changed = [c for c in before if not before[c].equals(after[c])]
    assert changed == ["mardi matin", "mercredi matin"]
    assert list(before) == slot_names()


def test_somebody_free_on_wednesday_afternoons() -> None:
    minutes = town.minutes(town.places())
    rows = weekly_permanences(
        held({}, {"weekday": WEDNESDAY, "start_min": 10 * 60, "end_min": 14 * 60},
             {"weekday": WEDNESDAY, "place_id": "p2", "start_min": 16 * 60, "end_min": LATE})
    )  # fmt: skip
    slots = slot_access(minutes, rows)
    both = minutes[["p1", "p2"]].min(axis="columns")
    assert slots["mercredi apres-midi"].tolist() == both.tolist()
    after_two = minutes_when(minutes, rows, weekday=WEDNESDAY, from_min=13 * 60 + 45)
    assert after_two.tolist() == minutes["p2"].tolist()
    evening = minutes_when(minutes, rows, weekday=WEDNESDAY, from_min=18 * 60)
    assert np.isinf(evening).all()


def reach_of(rows: pd.DataFrame, limit_min: float = 6) -> pd.DataFrame:
    permanences, minutes = weekly_permanences(rows), town.minutes(town.places())
    need = pd.DataFrame({"target": 10.0, "residents": 100.0}, index=town.IDS)
    need.loc["c00", "target"] = np.nan
    slots = slot_access(minutes, permanences)
    return slot_reach(slots, need, permanences, staffed_hours(rows), limit_min=limit_min)


def test_people_in_reach_by_half_day() -> None:
    reach = reach_of(held({}, {"agent_code": "M2"}, {"weekday": 4, "weeks": "paire"}))
    near = int((town.minutes(town.places())["p1"] <= 6).sum())
    row = reach.loc["mardi matin"]
    assert row[["permanences", "open_hours", "staff_hours"]].tolist() == [1, 3, 6]
    assert row["target_near"] == 10 * (near - 1)  # the cell whose target is unknown counts nobody
    assert row["residents_near"] == 100 * near
    assert row["share_near"] == pytest.approx((near - 1) / 19)
    assert not reach.loc["vendredi matin", "every_week"]
    assert pd.isna(reach.loc["lundi matin", "every_week"])
    assert np.isnan(reach.loc["lundi matin", "median_min"])
    assert reach.loc["lundi matin", "target_near"] == 0
    assert list(reach.columns) == list(SLOT_TITLES)


def test_empty_half_days_are_told() -> None:
    reach = reach_of(held({}, {"weekday": 4, "weeks": "paire"}))
    assert empty_slots(reach) == [s for s in slot_names()[:10]
                                  if s not in {"mardi matin", "vendredi matin"}]  # fmt: skip
    said = slot_sentences(reach, limit_min=6)
    assert said[0].startswith("Mardi matin : ")
    assert "Vendredi matin (une semaine sur deux)" in said[1]
    assert "lundi matin, lundi après-midi, mardi après-midi" in said[-1]
    assert slot_sentences(reach_of(held({}).iloc[:0])) == ["Aucune permanence dans la semaine."]


def test_without_anybody_no_share_is_invented() -> None:
    rows = held({})
    slots = slot_access(town.minutes(town.places()), weekly_permanences(rows))
    nobody = pd.DataFrame({"target": 0.0, "residents": pd.NA}, index=town.IDS)
    reach = slot_reach(slots, nobody, weekly_permanences(rows), staffed_hours(rows))
    assert reach["share_near"].isna().all()
    assert (reach["target_near"] == 0).all()


def test_structures_within_ten_fifteen_twenty_minutes_and_a_soft_edge() -> None:
    minutes = town.minutes(town.places())
    access = cell_access(minutes, weekly_permanences(held({})), town.places())
    for limit in (10, 15, 20):
        assert access[f"structures_{limit}"].tolist() == (minutes <= limit).sum(axis=1).tolist()
    soft = (0.5 ** ((minutes / 10) ** 2)).where(minutes <= 25, 0.0).sum(axis=1)
    assert access["structures_soft"].tolist() == pytest.approx(soft.tolist())
    assert (access["structures_10"] == access["structures_near"]).all()


def test_no_place_at_all_is_zero_structures_and_no_permanence() -> None:
    bare = town.minutes(town.places().iloc[:0]).reindex(town.IDS)
    access = cell_access(bare, weekly_permanences(held({}).iloc[:0]), town.places().iloc[:0])
    assert (access[["structures_near", "structures_20", "structures_soft"]] == 0).all(axis=None)
    assert np.isinf(access["minutes_permanence"]).all()
