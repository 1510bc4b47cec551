"""Living with the plan: locks, exclusions, wanted visits, absences, and few changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from territory.model.week_edits import EditKind, WeekEdit
from territory.planning.changes import change_sentences, difference, since_last_week
from territory.planning.week import Asks, plan_week
from tests.planning.town import GAPS, gap, rules, week_of

if TYPE_CHECKING:
    from territory.model.week_results import Session, WeekPlan

WEEK = "2026-W48"
WEDNESDAY, THURSDAY = date(2026, 11, 25), date(2026, 11, 26)


def outings(plan: WeekPlan) -> list[Session]:
    return [s for s in plan.sessions if not s.fixed]


def planned(*edits: WeekEdit, before: WeekPlan | None = None, **changes: object) -> WeekPlan:
    asks = Asks(edits=dict(enumerate(edits, 1)), before=before)
    return plan_week(WEEK, **week_of(**changes, asks=asks))


@pytest.fixture(scope="module")
def base() -> WeekPlan:
    return planned()


def test_nothing_asked_changes_nothing(base: WeekPlan) -> None:
    again = planned(before=base)
    assert difference(base, again).changed == 0
    assert again.changes == (
        f"Aucun des {difference(base, again).before} arrêts annoncés ne change.",
    )


def test_an_excluded_place_is_left_and_the_rest_stays(base: WeekPlan) -> None:
    after = planned(WeekEdit(EditKind.EXCLUDE, "K"), before=base)
    assert not any(s.place_id == "K" for o in outings(after) for s in o.stops)
    assert difference(base, after).changed == 1
    assert after.changes[0].startswith("1 arrêt changé sur ")
    assert after.changes[1].startswith("Retiré : Boutique, ")


def test_a_zone_excluded_for_a_half_day_moves(base: WeekPlan) -> None:
    first = next(s for s in outings(base) if s.zone_id == "Z2")
    edit = WeekEdit(EditKind.EXCLUDE, "Z2", on=first.on, half_day=first.half_day)
    after = planned(edit, before=base)
    moved = next(s for s in outings(after) if s.zone_id == "Z2")
    assert (moved.on, moved.half_day) != (first.on, first.half_day)


def test_a_wanted_place_comes_when_and_with_whom_it_is_wanted() -> None:
    edit = WeekEdit(EditKind.PLACE, "C", on=THURSDAY, half_day="apres-midi", agent="A2")
    plan = planned(edit, settings=rules(pairs=False), gaps=GAPS[:1])
    (held,) = [o for o in outings(plan) for s in o.stops if s.place_id == "C"]
    assert (held.on, held.half_day, held.agents) == (THURSDAY, "apres-midi", ("A2",))
    assert plan.value < 100.0  # what was asked for is not counted as people


def test_a_locked_outing_stays_whatever_else_pays_more(base: WeekPlan) -> None:
    locked = outings(base)[0]
    better = tuple(replace(g, score=90.0 if g.zone_id != locked.zone_id else 1.0) for g in GAPS)
    after = planned(WeekEdit(EditKind.LOCK, locked.session_id), before=base, gaps=better)
    (same,) = [s for s in outings(after) if (s.on, s.half_day) == (locked.on, locked.half_day)]
    assert [s.name for s in same.stops] == [s.name for s in locked.stops]


def test_a_lock_that_cannot_hold_is_said(base: WeekPlan) -> None:
    locked = outings(base)[0]
    gone = WeekEdit(EditKind.ABSENCE, agent="A1", on=locked.on)
    after = planned(WeekEdit(EditKind.LOCK, locked.session_id), gone, before=base)
    assert any("ne tient plus" in w and locked.title in w for w in after.warnings)


def test_somebody_ill_in_the_morning_leaves_the_other_days_alone(base: WeekPlan) -> None:
    ill = WeekEdit(EditKind.ABSENCE, agent="A1", on=WEDNESDAY, start_min=495)
    after = planned(ill, before=base)
    assert not any("A1" in s.agents for s in outings(after) if s.on == WEDNESDAY)
    others = [[s for s in outings(p) if s.on != WEDNESDAY] for p in (base, after)]
    assert {(s.on, s.title) for s in others[0]} <= {(s.on, s.title) for s in others[1]}


def test_an_added_appointment_is_kept(base: WeekPlan) -> None:
    edit = WeekEdit(EditKind.APPOINTMENT, "C", "A1", THURSDAY, start_min=840, end_min=900)
    after = planned(edit, before=base)
    (fixed,) = [s for s in after.sessions if s.fixed]
    assert (fixed.on, fixed.start_min, fixed.end_min, fixed.agents) == (THURSDAY, 840, 900, ("A1",))


def test_what_changed_since_the_week_before() -> None:
    first = plan_week(WEEK, **week_of(gaps=GAPS[:1]))
    then = plan_week("2026-W49", **week_of(gaps=[gap(2, ("z2a",))]))
    assert since_last_week(first, then) == (
        "Nouvelles zones visitées depuis la semaine 2026-W48 : Zone 2.",
        "Zones quittées depuis la semaine 2026-W48 : Zone 1.",
    )
    assert change_sentences(first, first)[0].startswith("Aucun des ")
