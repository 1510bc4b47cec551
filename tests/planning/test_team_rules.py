"""Each rule of « contraintes » of LOG_FORMAT 3.7: what the week does with it, or says of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from shapely.geometry import Point, box

from territory.analysis.quarters import quarters_of
from territory.model.tables import CELLS, CONSTRAINTS, ZONES, conform, empty_table
from territory.model.words import CONSTRAINT_KINDS
from territory.planning.calendar import week_days
from territory.planning.checker import check_plan
from territory.planning.rule_effects import NO_WALK, Effects, Scene
from territory.planning.team_rules import effects_of, ruled, with_rules_told
from territory.planning.week import plan_week
from tests.planning.town import (
    CELL_POINTS,
    GAPS,
    judged,
    places_table,
    planned_table,
    week_of,
)

if TYPE_CHECKING:
    import geopandas as gpd

    from territory.model.week_results import Session, WeekPlan

WEEK = "2026-W48"
DAYS = week_days(WEEK)
QUARTER = "QN09301N"
COMMUNES = {"93001": "Aubervilliers", "93002": "Exempleville"}


def constraints(*rows: dict[str, Any]) -> pd.DataFrame:
    if not rows:
        return empty_table(CONSTRAINTS)
    names = [f"r{n}" for n in range(len(rows))]
    return conform(pd.DataFrame([{"strength": "souhait", **r} for r in rows], names), CONSTRAINTS)


def zones() -> gpd.GeoDataFrame:
    """One quarter, around the first zone."""
    frame = pd.DataFrame({"kind": ["qpv"], "geometry": [box(200, -100, 400, 200)]}, [QUARTER])
    return conform(frame, ZONES)


def cells() -> gpd.GeoDataFrame:
    squares = [Point(*at).buffer(40, cap_style="square") for at in CELL_POINTS.values()]
    frame = pd.DataFrame({"imputed": False, "geometry": squares}, list(CELL_POINTS))
    return conform(frame, CELLS)


def week_under(*rows: dict[str, Any], **changes: object) -> WeekPlan:
    """Return the week of the town under some rules, warnings included."""
    rules, arguments = constraints(*rows), week_of(**changes)
    team, places, done = (arguments[n] for n in ("team", "places", "activities"))
    quarters = quarters_of(GAPS, cells(), zones())
    scene = Scene(DAYS, tuple(sorted(team.index)), places, done, zones(), quarters)
    arguments["settings"] = ruled(arguments["settings"], rules, DAYS)
    plan = plan_week(WEEK, effects=effects_of(rules, scene), **arguments)
    if not (rules["kind"] == "lieu_fixe").any():  # the judge does not know that appointment
        assert check_plan(plan, **judged(arguments)) == []
    return with_rules_told(plan, rules, scene, communes=COMMUNES, gaps=arguments["gaps"])


def rounds(plan: WeekPlan) -> list[Session]:
    return [s for s in plan.sessions if not s.fixed]


def test_zones_belong_to_the_quarter_they_lie_in() -> None:
    found = quarters_of(GAPS, cells(), zones())
    assert found == {"Z1": frozenset({QUARTER}), "Z2": frozenset()}
    assert quarters_of(GAPS, cells(), zones().iloc[:0]) == {"Z1": frozenset(), "Z2": frozenset()}


def test_without_rules_the_week_is_the_same() -> None:
    assert week_under() == plan_week(WEEK, **week_of())


def test_days_hours_and_breaks_without_a_round() -> None:
    plan = week_under(
        {"kind": "jour_exclu", "weekday": 2},
        {"kind": "pas_avant", "value": "600"},
        {"kind": "pas_apres", "value": "960"},
        {"kind": "pause_midi", "value": "660-900", "agent_code": "A1"},
    )
    assert rounds(plan)
    for s in rounds(plan):
        assert s.on.weekday() != 2
        assert s.start_min >= 600
        assert s.end_min <= 960
        if "A1" in s.agents:
            assert s.end_min <= 660 or s.start_min >= 900
    assert [w for w in plan.warnings if "Règle" in w] == []


def test_a_rule_of_one_worker_or_weekday_leaves_the_others() -> None:
    off = [{"kind": "jour_exclu", "weekday": d, "agent_code": "A1"} for d in range(7)]
    plan = week_under(*off)
    assert {s.agents for s in rounds(plan)} == {("A2",)}


def test_the_most_rounds_of_one_worker() -> None:
    alone = {"kind": "binome", "value": "0"}
    plan = week_under(alone, {"kind": "max_maraudes_semaine", "value": "0", "agent_code": "A1"})
    assert {s.agents for s in rounds(plan)} == {("A2",)}
    none = week_under(
        *({"kind": "max_maraudes_semaine", "value": "0", "agent_code": a} for a in ("A1", "A2"))
    )
    assert rounds(none) == []
    assert "Limite de 0 maraudes par semaine atteinte pour A1 et A2." in none.left_out[0].reason


def test_winter_replaces_rounds_on_its_days_and_says_so() -> None:
    plan = week_under({"kind": "saison_hiver", "value": "atelier",
                       "from_on": date(2026, 11, 1), "to_on": date(2027, 3, 31)})  # fmt: skip
    assert rounds(plan) == []
    assert any("placez des ateliers" in w for w in plan.warnings)
    later = week_under({"kind": "saison_hiver", "value": "atelier", "from_on": date(2026, 12, 1)})
    assert rounds(later)
    assert later.warnings == plan_week(WEEK, **week_of()).warnings


def test_a_permanence_to_keep_is_an_appointment() -> None:
    rule = {"kind": "lieu_fixe", "value": "Centre", "weekday": 3, "start_min": 840,
            "end_min": 1020, "agent_code": "A1"}  # fmt: skip
    (kept,) = [s for s in week_under(rule).sessions if s.fixed]
    assert (kept.on, kept.start_min, kept.place_id, kept.agents) == (DAYS[3], 840, "C", ("A1",))
    vague = week_under({**rule, "agent_code": None})
    assert any("permanence à garder » : lue, mais pas encore" in w for w in vague.warnings)


@pytest.mark.parametrize("named", [{"place_id": "M"}, {"value": "Marché"}])
def test_a_place_to_avoid_is_no_stop(named: dict[str, str]) -> None:
    assert "M" in {s.place_id for r in rounds(week_under()) for s in r.stops}
    plan = week_under({"kind": "eviter", **named})
    assert "M" not in {s.place_id for r in rounds(plan) for s in r.stops}


def test_a_quarter_to_avoid_is_left_out_with_the_rule() -> None:
    plan = week_under({"kind": "eviter", "value": QUARTER.lower()})
    assert {s.zone_id for s in rounds(plan)} == {"Z2"}
    assert [(o.name, o.reason) for o in plan.left_out] == [
        ("Zone 1", "À éviter : règle de l’équipe.")
    ]
    unknown = week_under({"kind": "eviter", "value": "QN99999X"})
    assert any("à éviter » : lue, mais pas encore appliquée" in w for w in unknown.warnings)


@pytest.mark.parametrize(("days", "state"), [(4, "realise"), (4, "prevu"), (30, "annule")])
def test_days_between_two_rounds_of_a_quarter(days: int, state: str) -> None:
    """The last round was on Saturday 21 November, in the quarter of zone 1."""
    rule = {"kind": "espacement_min_jours", "value": str(days)}
    plan = week_under(rule, activities=last_round(state))
    there = [s.on for s in rounds(plan) if s.zone_id == "Z1"]
    assert there
    assert all(on >= date(2026, 11, 25) for on in there) or state == "annule"


@pytest.mark.parametrize("days", [6, 7, 30])  # six days later is a Friday, seven a Saturday
def test_a_quarter_walked_too_lately_is_left_out_with_the_day(days: int) -> None:
    plan = week_under(
        {"kind": "espacement_min_jours", "value": str(days)}, activities=last_round("realise")
    )
    reasons = [o.reason for o in plan.left_out if o.name == "Zone 1"]
    assert [s.on for s in rounds(plan) if s.zone_id == "Z1"] == [date(2026, 11, 27)] * (days == 6)
    said = f"la règle de l’équipe demande {days} jours d’écart."
    assert reasons == [f"Dernière maraude du quartier le 21/11/2026 : {said}"] * (days != 6)


def last_round(state: str) -> gpd.GeoDataFrame:
    return planned_table({"on": date(2026, 11, 21), "kind": "maraude", "state": state,
                          "geometry": Point(300, 0), "start_min": 600, "end_min": 700})  # fmt: skip


def told(plan: WeekPlan) -> list[str]:
    return [w for w in plan.warnings if w.startswith("Règle")]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"kind": "min_maraudes_semaine", "value": "2"}, None),
        ({"kind": "min_maraudes_semaine", "value": "3"}, "A1 en a 2, A2 en a 2 au lieu de 3."),
        ({"kind": "min_maraudes_semaine", "value": "3", "agent_code": "A2"},
         "A2 en a 2 au lieu de 3."),
        ({"kind": "part_qpv_min", "value": "10"}, None),
        ({"kind": "part_qpv_min", "value": "90"}, "% des heures de maraude au lieu de 90 %."),
        ({"kind": "equite_communes", "value": "1"}, "aucune activité du mois à Exempleville."),
        ({"kind": "equite_communes", "value": "0"}, None),
        ({"kind": "privilegier", "value": QUARTER}, None),
        ({"kind": "privilegier", "value": "Secret"}, "aucune sortie de la semaine n’y passe."),
    ],
)  # fmt: skip
def test_rules_that_no_search_holds_to_are_judged(rule: dict[str, Any], said: str | None) -> None:
    found = told(week_under({**rule, "strength": "obligatoire"}))
    if said is None:
        assert found == []
        return
    assert len(found) == 1
    assert "(obligatoire) non tenue cette semaine : " in found[0]
    assert found[0].endswith(said)


def test_a_commune_with_an_activity_of_the_month_is_served() -> None:
    done = planned_table({"on": date(2026, 11, 3), "kind": "permanence", "state": "realise",
                          "commune_code": "93002"})  # fmt: skip
    assert told(week_under({"kind": "equite_communes", "value": "1"}, activities=done)) == []


@pytest.mark.parametrize("kind", [w.code for w in CONSTRAINT_KINDS])
def test_no_rule_is_dropped_in_silence(kind: str) -> None:
    """Said of one commune, no rule is applied; each one is told, with the words of its kind."""
    plan = week_under({"kind": kind, "value": "1", "commune_code": "93001"})
    (warning,) = told(plan)
    assert next(w.label for w in CONSTRAINT_KINDS if w.code == kind) in warning
    assert "lue, mais pas encore appliquée au plan" in warning


def test_rules_of_another_time_and_their_order_change_nothing() -> None:
    past = {"kind": "jour_exclu", "weekday": 0, "to_on": date(2026, 11, 22)}
    assert week_under(past) == week_under()
    most = {"kind": "max_maraudes_semaine", "agent_code": "A1"}
    rules = constraints(
        {"kind": "pas_avant", "value": "600"}, {**most, "value": "1"}, {**most, "value": "2"}
    )
    scene = Scene(DAYS, ("A1",), places_table(), planned_table(), zones(), {})
    found = effects_of(rules, scene)
    assert found == effects_of(rules.iloc[::-1], scene)
    assert found.most == {"A1": 1}
    assert [(s.kind, s.start_min, s.end_min) for s in found.slots] == [(NO_WALK, 0, 600)]
    assert effects_of(constraints(), scene) == Effects()
