"""Evenings, difficult places and walks go to those who had less of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from territory.planning.fair_turns import EVENINGS, HARD, Shares
from territory.planning.week import Asks, plan_week
from tests.planning.town import PLACE_ROWS, places_table, rules, week_of

if TYPE_CHECKING:
    from territory.model.week_results import Session

WEEK = "2026-W48"
EVENING = {"M": "Mo 18:00-20:00", "C": "Th 18:00-20:00"}
ALONE = {"pairs": False, "day_end": "20:00", "bound_turns": 0, "explained": 0, "unfairness": 0.0}


def ledger(**columns: list[float]) -> pd.DataFrame:
    """Return what A1 and A2 had, nothing but `columns`, at the same contract."""
    nothing = {"hours": 0.0, "evenings": 0.0, "difficult": 0.0, "walk_m": 0.0, "walk_weeks": 0.0}
    return pd.DataFrame({**nothing, "share": 0.5, **columns}, index=["A1", "A2"])


def outings(had: pd.DataFrame, opened: dict[str, str], **values: object) -> list[Session]:
    """Return the outings of a week in which only the places `opened` are there to go to."""
    rows = {"B": PLACE_ROWS["B"]}
    rows |= {key: {**PLACE_ROWS[key], "opening_hours": hours} for key, hours in opened.items()}
    plan = plan_week(WEEK, **week_of(places=places_table(rows), gaps=(), asks=Asks(carried=had),
                                     settings=rules(**{**ALONE, **values})))  # fmt: skip
    return [s for s in plan.sessions if not s.fixed]


@pytest.mark.parametrize(("had", "goes"), [([3.0, 0.0], "A2"), ([0.0, 3.0], "A1")])
def test_an_evening_is_for_who_had_fewer(had: list[float], goes: str) -> None:
    (one,) = outings(ledger(evenings=had), {"M": EVENING["M"]})
    assert one.agents == (goes,)
    assert one.end_min > 17 * 60 + 30


@pytest.mark.parametrize(("had", "goes"), [([3.0, 0.0], "A2"), ([0.0, 3.0], "A1")])
def test_so_are_difficult_places_and_long_walks(had: list[float], goes: str) -> None:
    hard = outings(ledger(difficult=had), {"M": "We 08:00-12:00"}, difficult_kinds=("marche",))
    far = outings(ledger(walk_m=[1000 * h for h in had]), {"M": "We 08:00-12:00"})
    assert [s.agents for s in (*hard, *far)] == [(goes,), (goes,)]


def test_two_evenings_of_a_week_are_for_two_people_who_had_as_many() -> None:
    found = outings(ledger(), EVENING)
    assert sorted(s.agents for s in found) == [("A1",), ("A2",)]


def test_two_evenings_are_both_for_who_is_two_behind() -> None:
    assert [s.agents for s in outings(ledger(evenings=[4.0, 0.0]), EVENING)] == [("A2",)] * 2


def test_a_share_is_among_those_who_can_have_any() -> None:
    """A third worker who never works late owes no evening to the two who do."""
    past = np.array([[3.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
    share = np.array([[0.5, 0.5, 0.0], [0.4, 0.4, 0.2], [0.4, 0.4, 0.2]])
    some = np.zeros((1, 1))
    shares = Shares(past, share, np.ones(3), some > 0, some[0] > 0, some, np.zeros((1, 3)))
    gap = shares.gap(np.zeros_like(past))
    assert gap[EVENINGS].tolist() == [1.0, -1.0, 0.0]
    assert gap[HARD] == pytest.approx([-0.2, -0.2, 0.4])
    assert shares.cost(np.zeros_like(past)) == pytest.approx(2.0 + 0.24)
