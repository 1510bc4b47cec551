"""The week: hand-made cases, each with the rule it shows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from territory.analysis.freshness import fact_freshness
from territory.errors import WrongUsage
from territory.model.facts import FACT_TABLE
from territory.model.results import Ending
from territory.model.tables import conform
from territory.planning.checker import check_plan
from territory.planning.records import place_records
from territory.planning.week import Asks, plan_week
from territory.settings import Settings
from tests.planning.town import (
    GAPS,
    gap,
    judged,
    planned_table,
    rules,
    slots_table,
    team_table,
    week_of,
)

if TYPE_CHECKING:
    from territory.model.week_results import Session, WeekPlan

WEEK = "2026-W48"  # Monday 23 November 2026, even, no public holiday
THURSDAY = {"weekday": 3, "start_min": 14 * 60, "end_min": 17 * 60}


def rounds(plan: WeekPlan) -> list[Session]:
    return [s for s in plan.sessions if not s.fixed]


def test_two_zones_two_rounds_in_pairs() -> None:
    plan = plan_week(WEEK, **week_of())
    assert sorted(s.zone_id or "" for s in rounds(plan)) == ["Z1", "Z2"]
    assert {s.agents for s in rounds(plan)} == {("A1", "A2")}
    assert [(left.place_id, left.zone_id, left.rule) for left in plan.left_out] == [
        ("C", None, "R-ESPACEMENT")
    ]  # open in the afternoon only, when the market is over
    assert check_plan(plan, **judged(week_of())) == []


def test_the_market_draws_the_round_to_wednesday_morning() -> None:
    plan = plan_week(WEEK, **week_of(gaps=GAPS[:1]))
    (session,) = rounds(plan)
    assert (session.on, session.half_day) == (date(2026, 11, 25), "matin")
    assert [s.place_id for s in session.stops].count("M") == 1
    market = next(s for s in session.stops if s.place_id == "M")
    assert market.closes_min == 13 * 60
    assert "marché" in market.reason


def test_an_outing_gives_the_reason_of_the_zone_it_is_named_after() -> None:
    plan = plan_week(WEEK, **week_of())
    ranks = {g.zone_id: g.rank for g in GAPS}
    named = [s for s in rounds(plan) if s.zone_id is not None]
    assert named
    for session in named:
        assert session.title == f"Maraude : Zone {ranks[session.zone_id or '']}"
        assert session.reason.startswith(f"Zone peu couverte n° {ranks[session.zone_id or '']}.")


def test_sensitive_and_refusing_places_are_never_stops() -> None:
    plan = plan_week(WEEK, **week_of())
    visited = {s.place_id for r in rounds(plan) for s in r.stops}
    assert visited.isdisjoint({"S", "R"})


def test_unknown_hours_are_said() -> None:
    plan = plan_week(WEEK, **week_of(gaps=GAPS[:1]))
    shops = [s for r in rounds(plan) for s in r.stops if s.place_id == "K"]
    assert all("horaires à vérifier" in s.reason and s.closes_min is None for s in shops)
    assert shops


def test_a_permanence_is_kept_and_announced() -> None:
    slots = slots_table({"agent_code": "A1", "kind": "permanence", "place_id": "C", **THURSDAY})
    arguments = week_of(availability=slots, gaps=GAPS[:1])
    plan = plan_week(WEEK, **arguments)
    (kept,) = [s for s in plan.sessions if s.fixed]
    assert (kept.on, kept.start_min, kept.agents) == (date(2026, 11, 26), 14 * 60, ("A1",))
    assert "annoncer la permanence de jeudi 26 novembre à 14 h, Centre" in rounds(plan)[0].reason
    assert check_plan(plan, **judged(arguments)) == []


@pytest.mark.parametrize(("weeks", "kept"), [("paire", 1), ("impaire", 0)])
def test_weeks_of_a_permanence(weeks: str, kept: int) -> None:
    slot = {"agent_code": "A1", "kind": "permanence", "weeks": weeks, **THURSDAY}
    plan = plan_week(WEEK, **week_of(availability=slots_table(slot)))
    assert sum(s.fixed for s in plan.sessions) == kept


def test_an_absence_comes_before_a_permanence() -> None:
    away = {"agent_code": "A1", "kind": "absent", "from_on": "2026-11-26", "to_on": "2026-11-26"}
    slots = slots_table({"agent_code": "A1", "kind": "permanence", **THURSDAY}, away)
    arguments = week_of(availability=slots)
    plan = plan_week(WEEK, **arguments)
    assert not any(s.fixed for s in plan.sessions)
    assert any("A1 est absent" in left.reason for left in plan.left_out)
    assert check_plan(plan, **judged(arguments)) == []


def test_a_public_holiday_holds_nothing() -> None:
    slot = {"agent_code": "A1", "kind": "permanence", **THURSDAY, "weekday": 2}
    plan = plan_week("2026-W46", **week_of(availability=slots_table(slot)))
    assert not any(s.on == date(2026, 11, 11) for s in plan.sessions)
    assert any("férié" in left.reason for left in plan.left_out)
    assert any("Mercredi 11 novembre est férié (Armistice)" in w for w in plan.warnings)


def test_overlapping_appointments_are_kept_and_said() -> None:
    event = {"on": "2026-11-26", "kind": "evenement", "agents": "A1", "start_min": 900,
             "end_min": 960, "place_name": "Parc"}  # fmt: skip
    slots = slots_table({"agent_code": "A1", "kind": "permanence", **THURSDAY})
    arguments = week_of(availability=slots, activities=planned_table(event))
    plan = plan_week(WEEK, **arguments)
    assert sum(s.fixed for s in plan.sessions) == 2
    assert any("A1 a deux rendez-vous en même temps jeudi 26 novembre" in w for w in plan.warnings)
    assert check_plan(plan, **judged(arguments)) == []


def test_nobody_gives_warnings_only() -> None:
    plan = plan_week(WEEK, **week_of(team=team_table()))
    assert plan.sessions == ()
    assert any("Aucun médiateur" in w for w in plan.warnings)
    assert plan.ending is Ending.OPTIMAL  # there is nothing to choose


def test_assumed_hours_are_said() -> None:
    plan = plan_week(WEEK, **week_of())
    assert sum(w.startswith("[W-DISPO]") for w in plan.warnings) == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"team": team_table("A1", communes="93002")}, "Zone hors des communes de A1."),
        ({"gaps": [gap(1, ("z3a",))], "settings": rules(bus_from_m=None)},
         "Marche de 12 km aller et retour, au-dessus de la limite"),
        ({"gaps": [gap(1, ("nowhere",))]}, "Aucun chemin à pied"),
        (
            {"team": team_table("A1"), "availability": slots_table(
                {"agent_code": "A1", "kind": "disponible", "weekday": 0,
                 "start_min": 540, "end_min": 600})},
            "A1 n’a aucune demi-journée avec 1 h 30 libres",
        ),
        ({"settings": rules(maraudes_per_agent=0)}, "Limite de 0 maraudes par semaine"),
        (
            {"availability": slots_table(*(
                {"agent_code": a, "kind": "disponible", "weekday": 0, "start_min": 540,
                 "end_min": 720} for a in ("A1", "A2"))),
             "gaps": (gap(1, ("z1a",)), gap(2, ("z2a",), score=0.1)),
             "settings": rules(street_min=80)},
            "Aucun binôme libre : les créneaux possibles servent déjà « Zone 1 »",
        ),
    ],
)  # fmt: skip
def test_the_binding_rule_is_named(changes: dict[str, object], sentence: str) -> None:
    plan = plan_week(WEEK, **week_of(**changes))
    assert any(sentence in left.reason for left in plan.left_out), plan.left_out


def test_alone_only_when_nobody_else_is_free() -> None:
    slots = slots_table(
        {"agent_code": "A1", "kind": "disponible", "weekday": 0, "start_min": 540, "end_min": 720},
        {"agent_code": "A2", "kind": "disponible", "weekday": 1, "start_min": 540, "end_min": 720},
    )
    plan = plan_week(WEEK, **week_of(availability=slots))
    assert sorted(s.agents for s in rounds(plan)) == [("A1",), ("A2",)]


def test_shuffled_rows_give_the_same_plan() -> None:
    slots = slots_table(
        {"agent_code": "A1", "kind": "permanence", "place_id": "C", **THURSDAY},
        {"agent_code": "A2", "kind": "reunion", "weekday": 0, "start_min": 540, "end_min": 600},
    )
    plain = week_of(availability=slots)
    names = ("places", "team", "availability", "need")
    shuffled = plain | {n: plain[n].iloc[::-1] for n in names} | {"gaps": GAPS[::-1]}
    assert plan_week(WEEK, **shuffled) == plan_week(WEEK, **plain) == plan_week(WEEK, **plain)


@pytest.mark.parametrize("week", ["2026-48", "2026-W54", "hier"])
def test_not_a_week(week: str) -> None:
    with pytest.raises(WrongUsage, match="n'est pas une semaine"):
        plan_week(week, **week_of())


@pytest.mark.parametrize("kmh", [2.25, 4.5])
def test_a_slow_walker_sets_the_pace(kmh: float) -> None:
    team = pd.concat([team_table("A1"), team_table("A2", walk_kmh=kmh)])
    plan = plan_week(WEEK, **week_of(gaps=GAPS[1:], team=team))
    stops = [s for r in rounds(plan) for s in r.stops if s.walk_m]
    assert stops
    assert all(s.walk_m / s.walk_s == pytest.approx(kmh / 3.6, rel=0.2) for s in stops)


def test_identifiers_say_when_and_who() -> None:
    meeting = {"agent_code": "A1", "kind": "reunion", "weekday": 0, "start_min": 540,
               "end_min": 600}  # fmt: skip
    plan = plan_week(WEEK, **week_of(availability=slots_table(meeting)))
    ids = [s.session_id for s in plan.sessions]
    assert ids[0] == "2026-W48-1-0900-A1"
    assert set(ids[1:]) <= {f"2026-W48-{d}{h}-A1.A2" for d in range(1, 6) for h in "MA"}
    assert len(set(ids)) == len(ids)


def test_beyond_the_walking_limit_a_bus_is_taken() -> None:
    plan = plan_week(WEEK, **week_of(gaps=[gap(1, ("z3a",))]))
    (far,) = [s for s in rounds(plan) if s.zone_id == "Z1"]
    assert far.walk_m == 2 * 500  # to the stop and from it, twice
    assert far.stops[0].walk_s == 60 * (10 + 30)


def test_a_zone_that_must_be_visited_is_visited_first() -> None:
    slots = slots_table(*({"agent_code": a, "kind": "disponible", "weekday": 0, "start_min": 540,
                           "end_min": 720} for a in ("A1", "A2")))  # fmt: skip
    gaps = (gap(1, ("z1a",)), gap(2, ("z2a",), score=0.1))
    changes = {"availability": slots, "gaps": gaps, "settings": rules(street_min=80)}
    free = plan_week(WEEK, **week_of(**changes))
    asked = plan_week(WEEK, **week_of(**changes, asks=Asks(required=("Z2",))))
    assert [s.zone_id for s in rounds(free)] == ["Z1"]
    assert [s.zone_id for s in rounds(asked)] == ["Z2"]


def test_what_must_be_and_cannot_is_told_with_the_rules_to_loosen() -> None:
    slots = slots_table(*({"agent_code": a, "kind": "disponible", "weekday": 0, "start_min": 540,
                           "end_min": 720} for a in ("A1", "A2")))  # fmt: skip
    gaps = (gap(1, ("z1a",)), gap(2, ("z2a",)))
    changes = {"availability": slots, "gaps": gaps, "settings": rules(street_min=80)}
    plan = plan_week(WEEK, **week_of(**changes, asks=Asks(required=("Z1", "Z2"))))
    told = [w for w in plan.warnings if "Zone" in w or "Si " in w]
    assert told, plan.warnings
    possible = plan_week(WEEK, **week_of(gaps=gaps, asks=Asks(required=("Z1", "Z2"))))
    assert not [w for w in possible.warnings if "Zone" in w]


def test_whoever_carried_less_goes_out_more() -> None:
    carried = pd.DataFrame({"hours": [30.0, 0.0], "share": 0.5}, index=["A1", "A2"])
    changes = {"settings": rules(pairs=False, maraudes_per_agent=1, unfairness=50.0)}
    changes |= {"gaps": GAPS[:1]}
    plan = plan_week(WEEK, **week_of(**changes, asks=Asks(carried=carried)))
    hours = {a: sum(s.end_min - s.start_min for s in rounds(plan) if a in s.agents)
             for a in ("A1", "A2")}  # fmt: skip
    assert hours["A2"] > hours["A1"]


def aged(day: str | None, basis: str = "fiche") -> pd.DataFrame:
    row = {"place_id": "M", "fact": "horaires", "verified_on": day, "basis": basis}
    return conform(pd.DataFrame([row], index=["M:horaires"]), FACT_TABLE)


@pytest.mark.parametrize(
    ("day", "basis", "said"),
    [
        ("2024-03-05", "fiche", " ; horaires à vérifier (relevés en mars 2024)."),
        ("2024-01-01", "édition", " ; horaires à vérifier (édition de 2024)."),
        (None, "fiche", " ; horaires sans date de vérification."),
        ("2026-11-02", "fiche", "ouvert de 8 h à 13 h. Sans cet arrêt"),
    ],
)
def test_a_stop_says_when_its_hours_were_seen(day: str | None, basis: str, said: str) -> None:
    plan = plan_week("2026-W48", **week_of(facts=aged(day, basis)))
    reasons = {s.place_id: s.reason for r in rounds(plan) for s in r.stops}
    assert said in reasons["M"]


def test_old_hours_make_a_place_count_less() -> None:
    places, on = (
        week_of()["places"].assign(updated_on=pd.Timestamp("2026-11-02")),
        date(2026, 11, 23),
    )
    trust = [
        place_records(places, on, fact_freshness(aged(day), Settings().freshness.limits, on))[
            "M"
        ].trust
        for day in ("2026-11-02", "2024-11-02")
    ]
    assert trust == [1.0, 0.8]
