"""The judge: a sound plan has no fault, and every rule broken on purpose is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

import pytest

from territory.planning.checker import check_plan
from territory.planning.week import plan_week
from tests.planning.town import judged, slots_table, week_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from territory.model.week_results import Session, WeekPlan

SLOTS = slots_table(
    {"agent_code": "A1", "kind": "permanence", "place_id": "C", "weekday": 3,
     "start_min": 840, "end_min": 1020},
    {"agent_code": "A2", "kind": "absent", "from_on": "2026-11-27", "to_on": "2026-11-27"},
)  # fmt: skip
ARGUMENTS = week_of(availability=SLOTS)


@cache
def sound() -> WeekPlan:
    return plan_week("2026-W48", **ARGUMENTS)


def first_round(plan: WeekPlan) -> Session:
    return next(s for s in plan.sessions if s.zone_id == "Z1")


def swap(plan: WeekPlan, **changes: object) -> WeekPlan:
    """Return the plan with the round of zone Z1 changed."""
    old = first_round(plan)
    return replace(
        plan, sessions=tuple(replace(s, **changes) if s is old else s for s in plan.sessions)
    )


def moved(plan: WeekPlan, minutes: int) -> WeekPlan:
    old = first_round(plan)
    stops = tuple(
        replace(s, arrive_min=s.arrive_min + minutes, leave_min=s.leave_min + minutes)
        for s in old.stops
    )
    return swap(plan, start_min=old.start_min + minutes, end_min=old.end_min + minutes, stops=stops)


def rushed(plan: WeekPlan) -> WeekPlan:
    stops = first_round(plan).stops
    late = replace(stops[-1], leave_min=first_round(plan).end_min)
    return swap(plan, stops=(*stops[:-1], late))


def two_at_once(plan: WeekPlan) -> WeekPlan:
    return replace(plan, sessions=(*plan.sessions, replace(first_round(plan), zone_id="Z9")))


def without_permanence(plan: WeekPlan) -> WeekPlan:
    return replace(plan, sessions=tuple(s for s in plan.sessions if not s.fixed))


def in_sensitive_place(plan: WeekPlan) -> WeekPlan:
    stops = first_round(plan).stops
    return swap(plan, stops=tuple(replace(s, place_id=s.place_id and "S") for s in stops))


BROKEN: dict[str, tuple[Callable[[WeekPlan], WeekPlan], str]] = {
    "appointment": (without_permanence, "rendez-vous non gardé : permanence de A1"),
    "appointment moved": (
        lambda p: replace(
            p, sessions=tuple(replace(s, end_min=1000) if s.fixed else s for s in p.sessions)
        ),
        "rendez-vous non gardé",
    ),
    "two places": (two_at_once, "à deux endroits à la fois"),
    "twice a zone": (
        lambda p: replace(p, sessions=(*p.sessions, first_round(p))),
        "la zone Z1 est visitée plus d’une fois",
    ),
    "closing hour": (lambda p: moved(p, 240), "« Marché » n’est pas ouvert"),
    "lunch": (lambda p: moved(p, 120), "la pause de midi n’est pas libre"),
    "shift": (lambda p: moved(p, -120), "ne travaille pas sur tout ce créneau"),
    "absence": (lambda p: swap(p, on=date(2026, 11, 27)), "A2 est absent"),
    "weekend": (
        lambda p: swap(p, on=first_round(p).on + timedelta(days=4)),
        "ne travaille pas sur tout ce créneau",
    ),
    "holiday": (lambda p: swap(p, on=date(2026, 11, 11)), "jour férié"),
    "walk": (lambda p: swap(p, walk_m=7200), "marche de 7,2 km au-dessus de 6 km"),
    "too long": (lambda p: swap(p, start_min=0), "hors des bornes"),
    "travel": (rushed, "impossible en 0 min"),
    "sensitive": (in_sensitive_place, "un lieu qui n’accueille pas de maraude"),
    "no street": (
        lambda p: swap(p, stops=tuple(s for s in first_round(p).stops if s.place_id)),
        "aucun tour de rue",
    ),
}


def test_the_sound_plan_has_no_fault() -> None:
    assert check_plan(sound(), **judged(ARGUMENTS)) == []
    assert first_round(sound()).on == date(2026, 11, 25)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_found(name: str) -> None:
    breaks, sentence = BROKEN[name]
    faults = check_plan(breaks(sound()), **judged(ARGUMENTS))
    assert any(sentence in fault for fault in faults), faults


def test_an_overlap_must_be_said() -> None:
    slots = slots_table(*(
        {"agent_code": "A1", "kind": kind, "weekday": 3, "start_min": 840, "end_min": 1020}
        for kind in ("permanence", "reunion")
    ))  # fmt: skip
    arguments = week_of(availability=slots)
    plan = plan_week("2026-W48", **arguments)
    silent = replace(plan, warnings=())
    assert check_plan(plan, **judged(arguments)) == []
    assert any("sans que le plan le dise" in f for f in check_plan(silent, **judged(arguments)))


def test_too_many_rounds_are_found() -> None:
    plan = sound()
    extra = tuple(
        replace(first_round(plan), on=date(2026, 11, 23) + timedelta(days=n), zone_id=f"X{n}")
        for n in range(4)
    )
    faults = check_plan(replace(plan, sessions=plan.sessions + extra), **judged(ARGUMENTS))
    assert any("au-dessus de la limite de 3" in f for f in faults)
