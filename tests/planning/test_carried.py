"""The load of each worker in a plan, beside a fair share of it."""

from __future__ import annotations

import pandas as pd
import pytest

from territory.planning.week import Asks, plan_week
from tests.planning.town import GAPS, rules, slots_table, team_table, week_of

WEEK = "2026-W48"


def test_both_of_a_pair_carry_its_hours_and_its_walk() -> None:
    plan = plan_week(WEEK, **week_of())
    rounds = [s for s in plan.sessions if not s.fixed]
    assert [c.agent for c in plan.carried] == ["A1", "A2"]
    for one in plan.carried:
        assert one.hours == pytest.approx(
            sum(s.end_min - s.start_min for s in rounds) / 60, abs=0.01
        )
        assert one.walk_m == sum(s.walk_m for s in rounds)
        assert (one.evenings, one.due_h) == (0, None)


def test_permanences_are_no_outings_and_everybody_is_told() -> None:
    slot = {"agent_code": "A1", "kind": "permanence", "weekday": 3, "start_min": 840,
            "end_min": 1020}  # fmt: skip
    nobody_out = {"settings": rules(maraudes_per_agent=0), "availability": slots_table(slot)}
    plan = plan_week(WEEK, **week_of(**nobody_out))
    assert [(c.agent, c.hours, c.walk_m) for c in plan.carried] == [("A1", 0.0, 0), ("A2", 0.0, 0)]


def test_difficult_places_and_evenings_count_by_outing() -> None:
    hours = slots_table({"agent_code": "A1", "kind": "disponible", "weekday": 2,
                         "start_min": 540, "end_min": 720})  # fmt: skip
    changes = {"team": team_table("A1"), "availability": hours, "gaps": GAPS[:1]}
    plan = plan_week(WEEK, **week_of(**changes, settings=rules(difficult_kinds=("marche",))))
    stops = {t.place_id for s in plan.sessions for t in s.stops}
    assert "M" in stops
    assert plan.carried[0].difficult == 1


def test_what_is_due_shares_out_the_hours_of_the_plan() -> None:
    carried = pd.DataFrame({"hours": [3.0, 0.0], "share": 0.5}, index=["A1", "A2"])
    plan = plan_week(WEEK, **week_of(asks=Asks(carried=carried)))
    due = {c.agent: c.due_h for c in plan.carried}
    whole = sum(c.hours for c in plan.carried)
    assert due["A1"] == pytest.approx((whole + 2) / 2 - 2, abs=0.01)
    assert due["A2"] == pytest.approx((whole + 2) / 2, abs=0.01)


def test_a_stop_never_loses_more_people_than_come_to_it_whatever_fairness_costs() -> None:
    carried = pd.DataFrame({"hours": [30.0, 0.0], "share": 0.5}, index=["A1", "A2"])
    plan = plan_week(WEEK, **week_of(asks=Asks(carried=carried)))
    told = [(t.loss, t.value) for s in plan.sessions for t in s.stops if t.loss is not None]
    assert told
    assert all(0.0 <= loss <= value + 1e-6 for loss, value in told)
