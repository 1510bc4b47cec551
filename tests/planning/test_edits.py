"""Living with the plan: locks, exclusions, wanted visits, absences, and few changes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from territory.model.week_edits import EditKind, WeekEdit
from territory.planning.changes import change_sentences, difference, since_last_week
from territory.planning.explain import clock
from territory.planning.week import Asks, plan_week
from territory.planning.week_progress import EXPLAINING, SEARCHING
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


def later(plan: WeekPlan, minutes: tuple[int, ...]) -> WeekPlan:
    """Return the plan with the first outings so many minutes later."""
    moved = dict(zip((s.session_id for s in outings(plan)), minutes, strict=False))
    sessions = []
    for one in plan.sessions:
        by = moved.get(one.session_id, 0)
        stops = tuple(
            replace(t, arrive_min=t.arrive_min + by, leave_min=t.leave_min + by) for t in one.stops
        )
        sessions.append(replace(one, stops=stops))
    return replace(plan, sessions=tuple(sessions))


def test_hours_that_move_inside_a_half_day_are_told(base: WeekPlan) -> None:
    first, second = outings(base)[:2]
    told, many = difference(base, base).before, len(first.stops) + len(second.stops)
    head, *each = change_sentences(base, later(base, (20, -65)))
    assert head == (
        f"Aucun des {told} arrêts annoncés ne change ; {many} horaires décalés (de 1 h 05 au plus)."
    )
    hours = clock(first.stops[0].arrive_min + 20), clock(first.stops[0].arrive_min)
    assert each[0].startswith(f"Décalé : {first.stops[0].name}, ")
    assert each[0].endswith(f" ; arrivée à {hours[0]} au lieu de {hours[1]}.")


def test_one_hour_that_moves_is_told_beside_what_is_gone(base: WeekPlan) -> None:
    first = outings(base)[0]
    stop = first.stops[0]
    alone = replace(base, sessions=(replace(first, stops=(stop,)),))
    other = replace(stop, name="Ailleurs")
    before = replace(base, sessions=(replace(first, stops=(stop, other)),))
    head, gone, moved = change_sentences(before, later(alone, (30,)))
    assert head == "1 arrêt changé sur 2 ; 1 horaire décalé (de 30 min)."
    assert gone.startswith("Retiré : Ailleurs, ")
    assert moved.startswith(f"Décalé : {stop.name}, ")


def test_a_plan_changed_elsewhere_keeps_its_hours(base: WeekPlan) -> None:
    last = outings(base)[-1]
    after = planned(WeekEdit(EditKind.ABSENCE, agent="A2", on=last.on), before=base)
    held = {s.session_id: [t.arrive_min for t in s.stops] for s in outings(base)}
    kept = [s for s in outings(after) if [t.name for t in s.stops] == names_in(base, s)]
    assert kept
    assert [held[s.session_id] for s in kept] == [[t.arrive_min for t in s.stops] for s in kept]


def names_in(plan: WeekPlan, session: Session) -> list[str]:
    return [t.name for s in outings(plan) if s.session_id == session.session_id for t in s.stops]


def test_an_excluded_place_is_left_and_the_rest_stays(base: WeekPlan) -> None:
    after = planned(WeekEdit(EditKind.EXCLUDE, "K"), before=base)
    assert not any(s.place_id == "K" for o in outings(after) for s in o.stops)
    assert difference(base, after).changed == 1
    assert after.changes[0].startswith("1 arrêt changé sur ")
    assert after.changes[1].startswith("Retiré : Boutique, ")


@dataclass
class Heard:
    """Keeps the steps it is told."""

    stopped: bool = False
    steps: list[str] = field(default_factory=list)

    def tell(self, step: str, done: float | None = None) -> None:  # noqa: ARG002
        self.steps.append(step)


def test_how_much_changes_is_told_before_the_reasons(base: WeekPlan) -> None:
    heard = Heard()
    asks = Asks(edits={1: WeekEdit(EditKind.EXCLUDE, "K")}, before=base)
    after = plan_week(WEEK, **week_of(asks=asks, progress=heard))
    first, *rest = sorted(set(heard.steps) - {SEARCHING})
    assert not rest  # one sentence, while every reason is looked for
    count = f"1 arrêt changé sur {difference(base, after).before}"
    assert first.startswith(f"premier plan : {count}")
    assert first.endswith(f" ; {EXPLAINING}")
    assert after.changes[0].startswith(count)


def test_a_first_plan_changes_nothing_and_says_so_little() -> None:
    heard = Heard()
    plan_week(WEEK, **week_of(asks=Asks(), progress=heard))
    assert set(heard.steps) == {SEARCHING, EXPLAINING}


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
