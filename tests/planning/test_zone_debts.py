"""Presence of zones beside their need: hand-made weeks, each with the rule it shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from shapely.geometry import Point

from territory.model.tables import CELLS, conform
from territory.planning.week import Asks, plan_week
from territory.planning.zone_debts import (
    presence_gini,
    presence_notes,
    resting,
    with_debts,
    zone_presence,
)
from tests.planning.town import CELL_POINTS, GAPS, planned_table, rules, week_of

if TYPE_CHECKING:
    import geopandas as gpd

MONDAY = date(2026, 11, 23)
WEEK = "2026-W48"
FRIDAY = {"kind": "maraude", "state": "realise", "on": "2026-11-20", "start_min": 600,
          "end_min": 720, "geometry": Point(310, 10)}  # fmt: skip


def cells() -> gpd.GeoDataFrame:
    squares = [Point(*at).buffer(40, cap_style="square") for at in CELL_POINTS.values()]
    frame = pd.DataFrame({"imputed": False, "geometry": squares}, list(CELL_POINTS))
    return conform(frame, CELLS)


def presence(*rows: dict[str, Any], **changes: Any) -> pd.DataFrame:  # noqa: ANN401
    table = planned_table(*({**FRIDAY, **row} for row in rows))
    return zone_presence(GAPS, cells(), table, MONDAY, **{"weeks": 12, **changes})


def test_hours_go_to_the_zone_of_the_point_and_debts_to_the_others() -> None:
    table = presence({"agents": "A1|A2"})  # a pair is present once
    assert table["hours"].to_dict() == {"Z1": 2.0, "Z2": 0.0}
    assert table["owed_h"].to_dict() == {"Z1": -1.0, "Z2": 1.0}  # the need of both is the same
    assert table["last"].to_dict() == {"Z1": pd.Timestamp("2026-11-20"), "Z2": pd.NaT}


def test_debts_go_by_the_need() -> None:
    needy = (replace(GAPS[0], target=150.0), GAPS[1])
    table = zone_presence(needy, cells(), planned_table(FRIDAY), MONDAY, weeks=12)
    assert table["owed_h"].to_dict() == {"Z1": -0.5, "Z2": 0.5}


@pytest.mark.parametrize(
    ("row", "hours", "known"),
    [
        ({"state": "prevu"}, 0.0, True),  # told, not done
        ({"kind": "visite_partenaire"}, 0.0, True),  # there, but not in the streets
        ({"on": "2026-08-01"}, 0.0, True),  # before the weeks of the ledger
        ({"state": "annule"}, 0.0, False),
        ({"kind": "reunion"}, 0.0, False),
        ({"on": "2026-11-23"}, 0.0, False),  # the week itself
        ({"geometry": Point(310, 300)}, 2.0, True),  # within 200 m
        ({"geometry": Point(310, 400)}, 0.0, False),
        ({"geometry": None}, 0.0, False),
    ],
)
def test_what_counts_as_presence(row: dict[str, Any], hours: float, known: bool) -> None:
    table = presence(row)
    assert table["hours"].sum() == hours
    assert table["last"].notna().any() == known


def test_the_plan_of_last_week_counts_before_its_debrief() -> None:
    last = plan_week("2026-W47", **week_of())
    told = presence(last_week=last)
    days = {s.zone_id: s.on for s in last.sessions}
    assert {z: on.date() for z, on in told["last"].items()} == days
    assert told["hours"].sum() == 0.0


def test_a_zone_rests_across_the_end_of_the_week() -> None:
    table = presence({})
    shut = resting(table, MONDAY, 5)
    assert {z: s.until for z, s in shut.items()} == {"Z1": date(2026, 11, 25)}
    assert shut["Z1"].reason == (
        "Dernière sortie dans la zone le 20/11/2026 : 5 jours d’écart sont demandés."
    )
    assert resting(table, MONDAY, 3) == {}
    assert resting(None, MONDAY, 5) == {}


def test_no_door_of_a_resting_zone_opens() -> None:
    table = presence({"on": "2026-11-22"})  # a Sunday
    arguments = week_of(settings=rules(spacing_days=7), asks=Asks(presence=table))
    plan = plan_week(WEEK, **arguments)
    days = {stop.zone_id: s.on for s in plan.sessions for stop in s.stops}
    assert "Z1" not in days
    assert "Z2" in days
    left = next(out for out in plan.left_out if out.zone_id == "Z1")
    assert (left.rule, "22/11/2026" in left.reason) == ("R-ESPACEMENT", True)


def test_an_outing_owed_is_worth_people_and_one_too_many_costs_some() -> None:
    table = presence({"end_min": 780})  # three hours: one outing too many for Z1, one owed to Z2
    assert with_debts({"Z1": 9.0, "Z2": 8.0}, table, 5.0) == {"Z1": 4.0, "Z2": 13.0}
    assert with_debts({"Z1": 3.0, "Z3": 8.0}, table, 5.0) == {"Z1": 0.0, "Z3": 8.0}
    assert with_debts({"Z1": 3.0}, None, 5.0) == {"Z1": 3.0}


def test_old_debts_weigh_no_more_than_three_outings() -> None:
    table = presence(*({"on": f"2026-11-{d}"} for d in range(1, 21)))
    assert with_debts({"Z2": 1.0}, table, 2.0) == {"Z2": 7.0}


def test_the_gini_of_presence_is_that_of_hours_for_each_person_in_need() -> None:
    even = presence({}, {"geometry": Point(-600, 0)})
    assert presence_gini(even) == pytest.approx(0.0)
    assert presence_gini(presence({})) == pytest.approx(0.5)


def test_the_plan_tells_how_even_presence_was() -> None:
    plan = plan_week(WEEK, **week_of(asks=Asks(presence=presence({}))))
    assert plan.notes == (
        "Présence par habitant à toucher, 12 semaines passées : indice de Gini 0,50 entre 2 zones "
        "(0 : égale partout) ; 1 sans aucun tour de rue.",
    )
    assert presence_notes(presence(), 12) == ()
    assert plan_week(WEEK, **week_of()).notes == ()


def test_rows_in_any_order_give_the_same_table() -> None:
    rows = ({}, {"on": "2026-11-12"}, {"geometry": Point(-600, 0)})
    table = planned_table(*({**FRIDAY, **row} for row in rows))
    plain = zone_presence(GAPS, cells(), table, MONDAY, weeks=12)
    back = zone_presence(GAPS[::-1], cells().iloc[::-1], table.iloc[::-1], MONDAY, weeks=12)
    pd.testing.assert_frame_equal(plain, back)
