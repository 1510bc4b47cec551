"""The judge: a sound plan has no fault; appointments, shifts and limits broken are found."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from territory.model.week_edits import EditKind, WeekEdit
from territory.model.week_results import LeftOut
from territory.planning.records import Slot
from territory.planning.rule_effects import NO_WALK, Effects
from territory.planning.week import plan_week
from tests.planning.town import (
    PLACE_ROWS,
    places_table,
    planned_table,
    rules,
    slots_table,
    team_table,
    town_walks,
    week_of,
)
from tests.planning.week_by_hand import (
    FRIDAY,
    PERMANENCE,
    SLOTS,
    TUESDAY,
    WEDNESDAY,
    WEEK,
    faults_of,
    fixed,
    later,
    outing,
    street,
    visit,
    week,
)

if TYPE_CHECKING:
    from territory.model.week_results import WeekPlan

Given = dict[str, Any]
SOUND = week(outing(), fixed())
AWAY = slots_table(
    PERMANENCE,
    {"agent_code": "A1", "kind": "absent", "from_on": "2026-11-26", "to_on": "2026-11-26"},
)
ARMISTICE = {"availability": slots_table({**PERMANENCE, "weekday": 2})}
UNTIMED = planned_table({"on": "2026-11-24", "kind": "evenement", "agents": "A1"})
ADDED = WeekEdit(EditKind.APPOINTMENT, "B", "A2", TUESDAY, start_min=600, end_min=660)
MEETING = fixed(on=TUESDAY, kind="reunion", start_min=600, end_min=660, agents=("A2",),
                place_id="B", title="Réunion : Base")  # fmt: skip
TWICE = slots_table(PERMANENCE, {**PERMANENCE, "kind": "reunion"})
BOTH = (fixed(), fixed(kind="reunion", title="Réunion : Centre"))
SAID = (
    "A1 a deux rendez-vous en même temps jeudi 26 novembre : « Permanence : Centre » et "
    "« Réunion : Centre »."
)
LOST = "Permanence : Centre, jeudi 26 novembre à 14 h"
HOLIDAY = "Permanence : Centre, mercredi 11 novembre à 14 h"
CALM = Slot("r", "A2", None, TUESDAY, FRIDAY, 0, 600, "toutes", NO_WALK, None)
NOON_PERMANENCE = fixed(on=WEDNESDAY, start_min=780)
DINNERLESS = (fixed(on=WEDNESDAY, start_min=710, end_min=800), fixed(on=WEDNESDAY, start_min=900))
ALL_DAY = slots_table(
    {**PERMANENCE, "weekday": 2, "start_min": 710, "end_min": 800},
    {**PERMANENCE, "weekday": 2, "start_min": 900},
)
LATE = (street(770, 375), visit("M", 812, 75, closes_min=1200), visit("K", 834, 150))
OPEN_MARKET = {"places": places_table(
    {**PLACE_ROWS, "M": {**PLACE_ROWS["M"], "opening_hours": "Mo-Fr 08:00-20:00"}}
)}  # fmt: skip


def at_noon(start: int, end: int = 1020) -> Given:
    """Return a permanence on Wednesday at these hours."""
    slot = {**PERMANENCE, "weekday": 2, "start_min": start, "end_min": end}
    return {"availability": slots_table(slot)}


NOON = at_noon(780)
BROKEN: dict[str, tuple[WeekPlan, Given, str]] = {
    "appointment dropped": (week(outing()), {}, "rendez-vous non gardé : permanence de A1, jeudi"),
    "appointment moved": (week(outing(), fixed(end_min=1000)), {}, "rendez-vous non gardé"),
    "appointment elsewhere": (week(outing(), fixed(place_id="B")), {}, "rendez-vous non gardé"),
    "appointment of another": (week(outing(), fixed(agents=("A2",))), {}, "non gardé : permanence"),
    "appointment invented": (
        week(outing(), fixed(), fixed(on=TUESDAY)), {}, "rendez-vous que personne n’a demandé",
    ),
    "added appointment dropped": (
        SOUND, {"edits": (ADDED,)},
        "rendez-vous non gardé : reunion de A2",
    ),
    "dated appointment dropped": (
        SOUND,
        {"activities": planned_table({"on": "2026-11-24", "kind": "evenement", "agents": "A1|A2",
                                      "start_min": 600, "end_min": 660})},
        "rendez-vous non gardé : evenement de A2, mardi 24 novembre à 10 h",
    ),
    "lost on a holiday, unsaid": (
        week(of="2026-W46"), ARMISTICE,
        "le plan le dise : permanence de A1, mercredi 11 novembre à 14 h (jour férié)",
    ),
    "kept on a holiday": (
        week(fixed(on=date(2026, 11, 11)), of="2026-W46"), ARMISTICE, "personne n’a demandé",
    ),
    "lost by an absence, unsaid": (
        week(outing()), {"availability": AWAY},
        "le plan le dise : permanence de A1, jeudi 26 novembre à 14 h (absence)",
    ),
    "absent and expected": (SOUND, {"availability": AWAY}, "A1 est absent et attendu à"),
    "without an hour, unsaid": (SOUND, {"activities": UNTIMED}, "rendez-vous sans heure"),
    "two places": (
        week(outing(), fixed(), outing(agents=("A1",), zone_id=None)), {},
        "A1 à deux endroits à la fois : « Maraude",
    ),
    "two appointments, unsaid": (
        week(outing(), *BOTH), {"availability": TWICE},
        "à deux endroits à la fois sans que le plan",
    ),
    "weekend": (week(outing(on=date(2026, 11, 28)), fixed()), {}, "A1 ne travaille pas"),
    "before the shift": (week(later(-120), fixed()), {}, "A2 ne travaille pas sur tout ce créneau"),
    "out of listed hours": (
        SOUND,
        {"availability": slots_table(PERMANENCE, {"agent_code": "A2", "kind": "disponible",
                                                  "weekday": 2, "start_min": 555, "end_min": 900})},
        "A2 ne travaille pas",
    ),
    "absence": (week(outing(on=FRIDAY), fixed()), OPEN_MARKET, "A2 est absent"),
    "absence added": (
        SOUND, {"edits": (WeekEdit(EditKind.ABSENCE, agent="A2", on=WEDNESDAY),)}, "A2 est absent",
    ),
    "before joining": (
        SOUND,
        {"team": pd.concat([team_table("A1"), team_table("A2", active_from="2026-11-26")])},
        "A2 est absent",
    ),
    "after leaving": (
        SOUND,
        {"team": pd.concat([team_table("A1"), team_table("A2", active_to="2026-11-24")])},
        "A2 est absent",
    ),
    "hours without a walk": (
        SOUND, {"effects": Effects(slots=(CALM,))},
        "A2 ne fait pas de maraude",
    ),
    "a stranger": (week(outing(agents=("A1", "Z")), fixed()), {}, "Z n’est pas dans l’équipe"),
    "three": (week(outing(agents=("A1", "A2", "A3")), fixed()), {}, "ni une personne seule ni un"),
    "twice the same": (week(outing(agents=("A1", "A1")), fixed()), {}, "ni une personne seule"),
    "holiday": (week(outing(on=date(2026, 11, 11)), of="2026-W46"), ARMISTICE, "jour férié"),
    "out of the week": (
        week(outing(on=WEDNESDAY - timedelta(7)), fixed()), {},
        "hors de la semaine",
    ),
    "too long": (
        SOUND, {"settings": rules(maraude_max_min=90)},
        "durée de 97 min, au-dessus de 90",
    ),
    "lunch": (
        week(later(135), NOON_PERMANENCE), NOON,
        "A1, mercredi 25 novembre : la pause de midi",
    ),
    "the whole break": (
        week(later(100), fixed(on=WEDNESDAY, start_min=810)),
        {**at_noon(810), **OPEN_MARKET, "settings": rules(lunch_min=None)},
        "la pause de midi n’est pas libre",
    ),
    "no time to come": (
        week(later(60), fixed(on=WEDNESDAY, start_min=540, end_min=596)),
        at_noon(540, 596),
        "A1 n’a pas le temps d’aller de « Permanence : Centre », mercredi 25 novembre à 9 h à "
        "« Maraude : Zone 1 », mercredi 25 novembre à 10 h : 4 min au lieu de 6",
    ),
    "no time to go": (
        week(outing(), fixed(on=WEDNESDAY, start_min=637)),
        {**at_noon(637), "walks": town_walks({**PLACE_ROWS, "C": {"at": (-1200, 300)}})},
        "A1 n’a pas le temps d’aller de « Maraude : Zone 1 »",
    ),
    "walk of a day": (
        week(outing(walk_m=3500), later(240, walk_m=3500, zone_id=None), fixed()), {},
        "A1, mercredi 25 novembre : marche de 7 km au-dessus de 6 km",
    ),
    "walk of one of them": (
        SOUND,
        {"team": pd.concat([team_table("A1"), team_table("A2", walk_max_m=1000)])},
        "A2, mercredi 25 novembre : marche de 1,2 km au-dessus de 1 km",
    ),
    "too many outings": (
        SOUND, {"settings": rules(maraudes_per_agent=0)}, "A1 a 1 maraudes, au-dessus de la limite",
    ),
    "too many for one": (
        SOUND, {"effects": Effects(most={"A2": 0})}, "A2 a 1 maraudes, au-dessus de la limite de 0",
    ),
    "one more than planned": (
        week(outing(), fixed(), fixed(on=TUESDAY, kind="maraude", place_id=None, title="Maraude",
                                      start_min=600, end_min=660)),
        {"settings": rules(maraudes_per_agent=1),
         "activities": planned_table({"on": "2026-11-24", "kind": "maraude", "agents": "A1",
                                      "start_min": 600, "end_min": 660})},
        "A1 a 2 maraudes, au-dessus de la limite de 1",
    ),
    "pairs missing": (
        SOUND, {"settings": rules(pairs_week=2)}, "1 sorties en binôme au lieu de 2 sans que",
    ),
}  # fmt: skip
LAWFUL: dict[str, tuple[WeekPlan, Given]] = {
    "as it is": (SOUND, {}),
    "an outing alone": (week(outing(agents=("A2",)), fixed()), {"settings": rules(pairs=False)}),
    "an added appointment": (week(MEETING, outing(), fixed()), {"edits": (ADDED,)}),
    "told as lost on a holiday": (
        week(of="2026-W46", left_out=(LeftOut(HOLIDAY, "Jour férié (Armistice)."),)), ARMISTICE,
    ),
    "told as lost by an absence": (
        week(outing(), left_out=(LeftOut(LOST, "A1 est absent et personne d'autre n'est prévu."),)),
        {"availability": AWAY},
    ),
    "told without an hour": (
        week(outing(), fixed(), left_out=(LeftOut("Événement, mardi 24 novembre",
        "Heure inconnue."),)),
        {"activities": UNTIMED},
    ),
    "two appointments, said": (week(outing(), *BOTH, warnings=(SAID,)), {"availability": TWICE}),
    "lunch before the outing": (
        week(later(225, stops=LATE), fixed(on=WEDNESDAY, start_min=540, end_min=630)),
        {**at_noon(540, 630), **OPEN_MARKET},
    ),
    "no lunch in appointments already": (
        week(later(45), *DINNERLESS), {"availability": ALL_DAY, "settings": rules(lunch_min=None)},
    ),
    "time to come": (
        week(later(60), fixed(on=WEDNESDAY, start_min=540, end_min=594)), at_noon(540, 594),
    ),
    "pairs missing, said": (
        week(outing(), fixed(), warnings=("Sorties en binôme : 1, au lieu des 2 demandées.",)),
        {"settings": rules(pairs_week=2)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LAWFUL)
def test_a_lawful_week_has_no_fault(name: str) -> None:
    plan, given = LAWFUL[name]
    assert faults_of(plan, **given) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_found(name: str) -> None:
    plan, given, sentence = BROKEN[name]
    faults = faults_of(plan, **given)
    assert any(sentence in fault for fault in faults), faults


def test_the_week_of_the_planner_has_no_fault() -> None:
    plan = plan_week(WEEK, **week_of(availability=SLOTS))
    assert len([s for s in plan.sessions if not s.fixed]) > 1
    assert faults_of(plan) == []
