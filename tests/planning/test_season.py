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
    WEEKS,
    WITHIN,
    Season,
    faults,
    grid,
    outings,
    season,
    spread_h,
    spread_of,
    zone_days,
)
from tests.planning.town import rules, slots_table, week_of

if TYPE_CHECKING:
    from territory.analysis.routing.week_problem import WeekOutcome, WeekProblem
    from territory.planning.week_scene import WeekScene

HALF_DAY_H = 3.0  # the longest outing
TRIES = 200  # of the search of each week
CLOSER = 1500  # where what is even to the hour is looked at
SHARED = ("evenings", "difficult")


@pytest.fixture(scope="module")
def fair() -> Season:
    return season(iterations=CLOSER)


def test_the_judge_finds_no_fault_in_any_week(fair: Season) -> None:
    assert faults(fair) == []
    assert sum(len(outings(plan)) for plan in fair.plans) > 3 * WEEKS


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
    made_up_for = spreads[AWAY_WEEK + 2 :]  # by the end of week 6, for good
    assert max(made_up_for) <= HALF_DAY_H


@pytest.mark.parametrize("shared", SHARED)
def test_evenings_and_difficult_days_come_out_even(fair: Season, shared: str) -> None:
    """Two of full time with the same long days are one apart at most, one part-timer has less."""
    had = fair.ledgers[-1][shared]
    assert had[["A1", "A2"]].min() >= 4  # there is something to share out
    assert spread_of(fair.ledgers[-1], shared) <= 1
    assert 0 < had["A3"] <= had[["A1", "A2"]].max()


def test_the_turns_of_each_are_told_with_their_fair_share(fair: Season) -> None:
    before, last = fair.ledgers[-2], fair.plans[-1]
    for one in last.carried:
        told = {t.kind: t for t in one.turns}
        evenings = before.loc[one.agent, "evenings"] + one.evenings
        assert told["soirees"].had == evenings
        metres = before.loc[one.agent, "walk_m"] + one.walk_m
        assert told["marche_km"].had == pytest.approx(metres / 1000, abs=0.01)
        assert (told["soirees"].weeks, told["marche_km"].weeks) == (WEEKS + 1, WEEKS)
    for kind in told:
        both = [t for c in last.carried for t in c.turns if t.kind == kind]
        assert sum(t.fair for t in both) == pytest.approx(sum(t.had for t in both), abs=0.05)


def test_nobody_is_due_more_than_a_week_holds(fair: Season) -> None:
    longest = 3 * HALF_DAY_H
    assert all(c.due_h <= longest for p in fair.plans for c in p.carried if c.due_h is not None)
    back = {c.agent: c.left_h for c in fair.plans[AWAY_WEEK].carried}
    assert (back["A2"] or 0) > 0  # what one week cannot make up for is told, not forgotten


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
    myopic = season(iterations=TRIES, zone_debts=0.0)
    assert presence_gini(fair.presence) <= 0.7 * presence_gini(myopic.presence)
    assert fair.contacts >= 0.95 * myopic.contacts


@pytest.mark.slow
def test_turns_cost_few_contacts(fair: Season) -> None:
    """Beside the same planner for which it is the same who goes in the evening."""
    anyone = season(iterations=TRIES, evening_turns=0.0, difficult_turns=0.0, walk_turns=0.0)
    assert spread_of(anyone.ledgers[-1], "evenings") > spread_of(fair.ledgers[-1], "evenings")
    assert fair.contacts >= 0.95 * anyone.contacts


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
