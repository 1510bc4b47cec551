"""What a week already holds: appointments that come back, who is missing, who can be joined."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from territory.errors import BrokenTable
from territory.model.french_calendar import FrenchCalendar
from territory.model.tables import TEAM, conform
from territory.planning.calendar import (
    JointSlot,
    Sources,
    agenda,
    free_spans,
    free_windows,
    is_evening,
    joint_slots,
    school_holidays,
    week_days,
    work_time,
)
from territory.planning.records import (
    partner_records,
    place_records,
    planned_records,
    slot_records,
    team_records,
)
from territory.settings import Week
from tests.planning.town import places_table, planned_table, slots_table

if TYPE_CHECKING:
    from territory.planning.calendar import Agenda

RULES = Week()
MARKET = {"start_min": 540, "end_min": 720, "kind": "permanence", "place_id": "M", "headcount": 2}
WEDNESDAY_DESK = MARKET | {"weekday": 2}


def team(**rows: dict[str, Any]) -> pd.DataFrame:
    base = {"role": "mediateur", "start_place_id": "B"}
    return conform(pd.DataFrame([{**base, **row} for row in rows.values()], index=list(rows)), TEAM)


TEAM_OF_TWO = {"A1": {}, "A2": {}}


def sources(
    *slots: dict[str, Any],
    planned: tuple[dict[str, Any], ...] = (),
    people: dict[str, dict[str, Any]] = TEAM_OF_TWO,
    calendar: FrenchCalendar | None = None,
) -> Sources:
    table = team(**people)
    return Sources(
        team_records(table),
        slot_records(slots_table(*slots)),
        place_records(places_table(), date(2026, 1, 1)),
        planned_records(planned_table(*planned)),
        calendar or FrenchCalendar(),
        partner_records(table),
    )


def held(found: Agenda) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(f"{a.on:%d/%m}", a.kind, a.agents) for a in found.appointments]


def both(**changes: object) -> list[dict[str, Any]]:
    return [WEDNESDAY_DESK | {"agent_code": code} | changes for code in ("A1", "A2")]


def test_a_desk_of_two_is_one_appointment() -> None:
    found = agenda(week_days("2026-W10"), sources(*both()))
    assert held(found) == [("04/03", "permanence", ("A1", "A2"))]
    (desk,) = found.appointments
    assert (desk.headcount, desk.missing, desk.title) == (2, 0, "Permanence : Marché")
    assert found.lost == ()


@pytest.mark.parametrize(
    ("slots", "agents", "reason"),
    [
        (
            [*both(), {"agent_code": "A2", "kind": "absent", "from_on": "2026-03-04",
                       "to_on": "2026-03-04"}],
            ("A1",),
            "A2 est absent ; 2 personnes sont prévues : A1 seulement. À remplacer.",
        ),
        (
            both()[:1],
            ("A1",),
            "2 personnes sont prévues : A1 seulement. À compléter.",
        ),
        (
            [*both(headcount=1), {"agent_code": "A2", "kind": "absent", "weekday": 2}],
            ("A1",),
            "A2 est absent : assurée par A1.",
        ),
    ],
)  # fmt: skip
def test_one_of_two_is_missing(
    slots: list[dict[str, Any]], agents: tuple[str, ...], reason: str
) -> None:
    found = agenda(week_days("2026-W10"), sources(*slots))
    assert held(found) == [("04/03", "permanence", agents)]
    (lost,) = found.lost
    assert lost.name == "Permanence : Marché, mercredi 4 mars à 9 h"
    assert lost.reason == reason


def test_everybody_is_missing() -> None:
    away = [{"agent_code": c, "kind": "absent", "weekday": 2} for c in ("A1", "A2")]
    found = agenda(week_days("2026-W10"), sources(*both(), *away))
    assert found.appointments == ()
    assert "à remplacer ou à annuler" in found.lost[0].reason


def test_a_meeting_every_six_weeks() -> None:
    meeting = {
        "agent_code": "A1", "kind": "reunion", "start_min": 600, "end_min": 660,
        "recurrence": "toutes les 6 semaines le mardi à partir du 13/01/2026",
    }  # fmt: skip
    made = sources(meeting)
    weeks = [n for n in range(1, 54) if agenda(week_days(f"2026-W{n:02d}"), made).appointments]
    # 3 November is in week 45, 15 December in week 51
    assert weeks == [3, 9, 15, 21, 27, 33, 39, 45, 51]


def test_visits_after_a_recruitment_and_an_event_on_a_holiday() -> None:
    visit = {
        "agent_code": "A1", "kind": "suivi", "start_min": 600, "end_min": 660, "place_id": "K",
        "recurrence": "jours 1, 3 et 5 à partir du 13/07/2026",
    }  # fmt: skip
    dated = {"start_min": 1080, "end_min": 1200, "agent_code": "A2", "place_id": "C"}
    ball = dated | {"kind": "evenement", "from_on": "2026-07-14", "to_on": "2026-07-14"}
    usual = dated | {"kind": "evenement", "weekday": 1}
    found = agenda(week_days("2026-W29"), sources(visit, ball, usual | {"start_min": 1090}))
    assert held(found) == [
        ("13/07", "suivi", ("A1",)),
        ("14/07", "evenement", ("A2",)),
        ("16/07", "suivi", ("A1",)),
    ]
    assert [lost.reason for lost in found.lost] == ["Jour férié (Fête nationale)."]
    assert found.appointments[1].is_evening
    assert not found.appointments[0].is_evening
    assert found.appointments[0].title == "Visite de suivi : Boutique"


def test_evenings_begin_at_half_past_five() -> None:
    assert not is_evening((960, 1050))
    assert is_evening((960, 1051))


def test_a_sensitive_place_is_not_named() -> None:
    secret = {"agent_code": "A1", "kind": "accompagnement", "weekday": 0, "start_min": 540,
              "end_min": 600, "place_id": "S"}  # fmt: skip
    (one,) = agenda(week_days("2026-W10"), sources(secret)).appointments
    assert (one.place_id, one.title) == (None, "Accompagnement : lieu protégé")


def test_hours_in_the_school_holidays_only() -> None:
    """The mediator works on Wednesdays of the school holidays: 25 February 2026 in zone C."""
    slot = {
        "agent_code": "A1", "kind": "disponible", "weekday": 2, "start_min": 540, "end_min": 1020,
        "recurrence": "tous les mercredis, pendant les vacances scolaires",
    }  # fmt: skip
    known = sources(slot, calendar=FrenchCalendar(zone="C"))
    spans = {d: free_spans("A1", d, (), known, RULES) for d in week_days("2026-W09")}
    assert {d.day: s for d, s in spans.items() if s} == {25: ((540, 1020),)}
    assert free_spans("A1", date(2026, 3, 18), (), known, RULES) == ()
    assert agenda(week_days("2026-W09"), known).warnings == ()
    unknown = sources(slot)
    assert free_spans("A1", date(2026, 2, 25), (), unknown, RULES) == ()
    (told,) = agenda(week_days("2026-W09"), unknown).warnings
    assert told.startswith("Vacances scolaires inconnues")
    zone_c = school_holidays(week_days("2026-W09"), FrenchCalendar(zone="C"))
    assert set(zone_c.values()) == {True}


def test_lunch_floats_in_the_free_spans_and_cuts_the_half_days() -> None:
    made = sources()
    monday = date(2026, 3, 2)
    assert free_spans("A1", monday, (), made, RULES) == ((540, 1050),)
    halves = free_windows("A1", monday, (), made, RULES)
    assert halves == {"matin": ((540, 720),), "apres-midi": ((810, 1050),)}
    assert free_spans("A1", date(2026, 4, 6), (), made, RULES) == ()  # Easter Monday


def test_nobody_works_before_or_after_the_time_in_the_team() -> None:
    people = {"A1": {"active_from": "2026-03-04", "active_to": "2026-03-05"}, "A2": {}}
    desk = [d | {"weekday": day} for d in both() for day in (0, 2)]
    made = sources(*desk, people=people)
    days = week_days("2026-W10")
    assert [d.day for d in days if free_spans("A1", d, (), made, RULES)] == [4, 5]
    found = agenda(days, made)
    assert held(found) == [("02/03", "permanence", ("A2",)), ("04/03", "permanence", ("A1", "A2"))]
    assert "A1 est absent" in found.lost[0].reason


def test_a_part_time_contract() -> None:
    """28 hours of contract, 35 written, 3 of desk: 25 are left; a public holiday is not work."""
    people = {"A1": {"weekly_hours": 28}, "A2": {}}
    made = sources(*both(), people=people)
    days = week_days("2026-W10")
    kept = agenda(days, made).appointments
    first, second = (work_time(a, days, kept, made, RULES) for a in made.team)
    assert (first.listed, first.contract, first.held, first.left) == (2100, 1680, 180, 1500)
    assert (second.contract, second.left) == (None, 1920)
    easter = week_days("2026-W15")
    assert work_time(made.team[1], easter, (), made, RULES).listed == 4 * 420


def test_good_friday_is_free_in_alsace() -> None:
    friday = date(2026, 4, 3)
    assert free_spans("A1", friday, (), sources(), RULES) == ((540, 1050),)
    alsace = sources(calendar=FrenchCalendar(region="6AE"))
    assert free_spans("A1", friday, (), alsace, RULES) == ()


PEOPLE = {"A1": {}, "PRIJ": {"role": "partenaire", "communes": "93001|93002"}}


def test_when_another_team_can_be_joined() -> None:
    thursday = {"weekday": 3, "start_min": 840, "end_min": 1020, "kind": "disponible"}
    made = sources(
        thursday | {"agent_code": "PRIJ"},
        thursday | {"agent_code": "A1", "weekday": 1, "partners": "PRIJ"},
        {"agent_code": "PRIJ", "kind": "absent", "from_on": "2026-03-12", "to_on": "2026-03-12"},
        {"agent_code": "A1", "kind": "absent", "weekday": 1, "start_min": 960, "end_min": 1020},
        people=PEOPLE,
        planned=(
            {"on": "2026-03-05", "kind": "maraude", "agents": "A1|PRIJ", "start_min": 900,
             "end_min": 960},
        ),
    )  # fmt: skip
    area = ("93001", "93002")
    assert joint_slots(week_days("2026-W10"), made) == (
        JointSlot(date(2026, 3, 3), (840, 960), "PRIJ", area, ("A1",)),
        JointSlot(date(2026, 3, 5), (840, 900), "PRIJ", area),
        JointSlot(date(2026, 3, 5), (900, 960), "PRIJ", area, ("A1",), fixed=True),
        JointSlot(date(2026, 3, 5), (960, 1020), "PRIJ", area),
    )
    assert [s.on.day for s in joint_slots(week_days("2026-W11"), made)] == [10]
    assert joint_slots(week_days("2026-W20"), made)[-1].on.day == 12  # the 14th is Ascension
    (walk,) = agenda(week_days("2026-W10"), made).appointments
    assert (walk.agents, walk.partners) == (("A1", "PRIJ"), ("PRIJ",))
    assert [a.code for a in made.team] == ["A1"]


def test_the_order_of_lines_changes_nothing() -> None:
    lines = [*both(), {"agent_code": "A2", "kind": "reunion", "weekday": 4, "start_min": 540,
                       "end_min": 600, "recurrence": "1er vendredi du mois"}]  # fmt: skip
    days = week_days("2026-W10")
    assert agenda(days, sources(*lines)) == agenda(days, sources(*reversed(lines)))


def test_a_recurrence_nobody_wrote_here_is_refused() -> None:
    with pytest.raises(BrokenTable, match="récurrence illisible"):
        sources({"agent_code": "A1", "kind": "reunion", "recurrence": "parfois"})
