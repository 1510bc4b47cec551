"""Twelve weeks in a row: spacing, fairness between workers and zones, an absence in week 3."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from territory.analysis.routing.required import smallest_relaxation
from territory.analysis.routing.week import best_week
from territory.analysis.routing.week_exact import accepts, exact_week
from territory.model.results import Ending
from territory.planning.desk import week_desk
from territory.planning.week import Asks, drawn_scene, plan_week
from territory.planning.zone_debts import presence_gini
from tests.planning.season import (
    AWAY_WEEK,
    MONDAY,
    TARGETS,
    WITHIN,
    Season,
    grid,
    outings,
    season,
    spread_h,
    zone_days,
)
from tests.planning.town import rules, slots_table, week_of

if TYPE_CHECKING:
    from territory.analysis.routing.week_problem import WeekOutcome, WeekProblem
    from territory.planning.week_scene import WeekScene

HALF_DAY_H = 3.0  # the longest outing
TRIES = 100  # of the search of each week


@pytest.fixture(scope="module", params=[6, pytest.param(12, marks=pytest.mark.slow)])
def fair(request: pytest.FixtureRequest) -> Season:
    return season(request.param, iterations=TRIES)


def test_outings_of_a_zone_are_apart_across_the_ends_of_weeks(fair: Season) -> None:
    apart = grid().settings.week.spacing_days
    gaps = [(b - a).days for days in zone_days(fair).values() for a, b in pairwise(days)]
    assert len(gaps) > 2 * len(fair.plans)
    assert min(gaps) >= apart


def test_a_longer_spacing_holds_too() -> None:
    found = season(2, iterations=TRIES, spacing_days=7)
    gaps = [(b - a).days for days in zone_days(found).values() for a, b in pairwise(days)]
    assert min(gaps) >= 7


def test_hours_come_out_even_and_an_absence_is_made_up_for(fair: Season) -> None:
    spreads = [spread_h(table) for table in fair.ledgers]
    assert not any("A2" in s.agents for s in outings(fair.plans[AWAY_WEEK - 1]))
    assert spreads[AWAY_WEEK - 1] > HALF_DAY_H  # the absence is felt
    assert max(spreads[5:]) <= HALF_DAY_H  # from the end of week 6 on


def test_every_quarter_is_visited_within_its_weeks(fair: Season) -> None:
    ends = [MONDAY + timedelta(weeks=n + 1) for n in range(len(fair.plans))]
    days = zone_days(fair, streets=True)
    assert len(days) == len(TARGETS)
    for zone, visited in days.items():
        for end in ends:
            last = max(d for d in visited if d < end)
            assert (end - last).days <= 7 * WITHIN, (zone, end)


@pytest.mark.slow
def test_presence_goes_by_need_for_few_contacts(fair: Season) -> None:
    """Beside the same planner for which a zone is worth the same whatever it saw before."""
    myopic = season(len(fair.plans), iterations=TRIES, zone_debts=0.0)
    share = 0.7 if len(fair.plans) >= 12 else 0.85  # debts need time to tell
    assert presence_gini(fair.presence) <= share * presence_gini(myopic.presence)
    assert fair.contacts >= 0.95 * myopic.contacts


def test_the_plan_tells_its_load_and_how_even_presence_was(fair: Season) -> None:
    last = fair.plans[-1]
    assert [c.agent for c in last.carried] == ["A1", "A2", "A3"]
    assert all(c.due_h is not None and c.due_h >= 0 for c in last.carried)
    assert "indice de Gini 0," in last.notes[0]
    done: dict[str, float] = defaultdict(float)
    for plan in fair.plans:
        for c in plan.carried:
            done[c.agent] += c.hours
    assert fair.ledgers[-1]["hours"].to_dict() == pytest.approx(done, abs=0.1)


def test_a_quarter_that_has_to_wait_longer_is_proved_to() -> None:
    """One half-day for the streets of two zones: no plan walks both, whatever it leaves out."""
    only = {"weekday": 0, "start_min": 540, "end_min": 720, "kind": "disponible"}
    slots = slots_table(*({"agent_code": a, **only} for a in ("A1", "A2")))
    changes = {"availability": slots, "settings": rules(street_min=80, explained=0)}
    asks = Asks(required=("Z1", "Z2"))
    plan = plan_week("2026-W48", **week_of(**changes, asks=asks))
    walked = [t.zone_id for s in outings(plan) for t in s.stops if t.place_id is None]
    scene = _scene("2026-W48", week_of(**changes, asks=asks))
    rounds = [scene.groups.index(f"z:{zone}") for zone in asks.required]
    proof = smallest_relaxation(scene.problem, rounds, (), _exact)
    assert len(walked) == len(proof.groups) == 1
    assert proof.partial.ending is Ending.OPTIMAL  # proved: at best one of them
    assert proof.changes
    assert proof.plan is not None  # what would let both in was planned again


def _scene(week: str, arguments: dict[str, Any]) -> WeekScene:
    names = ("places", "team", "availability", "activities", "walks", "settings", "asks")
    tables = {name: arguments[name] for name in names}
    desk = week_desk(week, facts=None, effects=None, **tables)
    return drawn_scene(desk, arguments["gaps"], arguments["need"], {})


def _exact(problem: WeekProblem, **begun: Any) -> WeekOutcome:  # noqa: ANN401 - begin, frozen
    if accepts(problem) and begun.get("frozen") is None:
        return exact_week(problem, time_limit_s=60)
    return best_week(problem, time_limit_s=60, iterations=TRIES, **begun)
