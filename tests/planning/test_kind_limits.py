"""At most so many visits of a kind of place in the week, for the whole team."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from territory.errors import BadSettings
from territory.planning.checker import check_plan
from territory.planning.week import plan_week
from territory.settings import read_settings
from tests.planning.town import PLACE_ROWS, judged, places_table, rules, town_walks, week_of

if TYPE_CHECKING:
    from pathlib import Path

    from territory.model.week_results import WeekPlan

WEEK = "2026-W48"
ROWS = PLACE_ROWS | {
    "N": {"name": "Halle", "kind": "marche", "at": (300, 75), "opening_hours": "We 08:00-13:00"},
}  # fmt: skip
MARKETS = {"M", "N"}


def town(most: dict[str, int] | None = None, *, without: str = "") -> dict[str, Any]:
    """Return the town with two markets on Wednesday morning, and so many visits of markets."""
    rows = {key: row for key, row in ROWS.items() if key != without}
    return week_of(
        places=places_table(rows),
        walks=town_walks(rows),
        settings=rules(**({} if most is None else {"visites_max_par_type": most})),
    )


@cache
def free_plan() -> WeekPlan:
    return plan_week(WEEK, **town())


def visited(plan: WeekPlan) -> set[str | None]:
    return {stop.place_id for s in plan.sessions for stop in s.stops}


def test_without_a_limit_both_markets_are_visited() -> None:
    plan = free_plan()
    assert visited(plan) >= MARKETS
    assert check_plan(plan, **judged(town())) == []


def test_one_market_is_visited_and_the_other_is_told_with_what_would_admit_it() -> None:
    plan = plan_week(WEEK, **town({"marche": 1}))
    assert len(visited(plan) & MARKETS) == 1
    (left,) = [one for one in plan.left_out if one.place_id in MARKETS]
    assert left.rule == "R-PLAFOND"
    assert left.reason == (
        "Le plafond de 1 visite de ce type de lieu (« marché ») par semaine est atteint."
    )
    assert left.remedy.startswith(
        "Si le plafond passe à 2 visites de ce type de lieu (« marché »), l’arrêt tient "
    )
    assert check_plan(plan, **judged(town({"marche": 1}))) == []


def test_no_market_at_all() -> None:
    arguments = town({"marche": 0, "centre_social": 3}, without="C")
    plan = plan_week(WEEK, **arguments)
    assert not visited(plan) & MARKETS
    left = [one for one in plan.left_out if one.place_id in MARKETS]
    assert {one.rule for one in left} == {"R-PLAFOND"}
    assert all("Aucune visite de ce type de lieu" in one.reason for one in left)
    assert all("passe à 1 visite de" in one.remedy for one in left)
    assert check_plan(plan, **judged(arguments)) == []


def test_a_limit_above_what_is_made_changes_nothing() -> None:
    free, loose = free_plan(), plan_week(WEEK, **town({"marche": 9}))
    assert loose.value == pytest.approx(free.value)
    assert visited(loose) == visited(free)


def test_the_judge_counts_by_itself() -> None:
    plan = free_plan()
    assert check_plan(plan, **judged(town({"marche": 1}))) == [
        "2 visites de lieux du type « marche », 1 au plus."
    ]


@pytest.mark.parametrize(
    ("most", "said"),
    [
        ("{ marchee = 2 }", "type de lieu inconnu : marchee"),
        ("{ marche = -1 }", "doit valoir au moins 0"),
    ],
)
def test_a_limit_that_means_nothing_is_refused(tmp_path: Path, most: str, said: str) -> None:
    text = f"[semaine]\nvisites_max_par_type = {most}\n"
    (tmp_path / "territory.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadSettings, match=said):
        read_settings(tmp_path)


def test_a_limit_is_read(tmp_path: Path) -> None:
    text = "[semaine]\nvisites_max_par_type = { marche = 2 }\n"
    (tmp_path / "territory.toml").write_text(text, encoding="utf-8")
    assert read_settings(tmp_path).week.kind_most == {"marche": 2}
