"""Outings with other teams: made when both are free, as many as wanted, told when they are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from territory.model.jsonable import from_json, to_json
from territory.model.tables import TEAM, conform
from territory.model.week_edits import EditKind, WeekEdit
from territory.model.week_results import Session, WeekPlan
from territory.planning.checker import check_plan
from territory.planning.desk import Asks
from territory.planning.joint_windows import joint_clashes
from territory.planning.records import own_agents
from territory.planning.team_windows import TeamWindow
from territory.planning.week import plan_week
from tests.planning.town import GAPS, judged, planned_table, rules, slots_table, week_of
from tests.planning.week_by_hand import WEDNESDAY, WEEK, faults_of, outing, week

if TYPE_CHECKING:
    from collections.abc import Iterable

TUESDAY, THURSDAY = date(2026, 11, 24), date(2026, 11, 26)
OFFER = {"kind": "disponible", "agent_code": "PRIJ", "start_min": 840, "end_min": 1020}
OFFERS = ({**OFFER, "weekday": 1}, {**OFFER, "weekday": 3})


def team(**partner: object) -> pd.DataFrame:
    """Return two mediators of the base, and the team PRIJ."""
    ours = {"role": "mediateur", "start_place_id": "B"}
    rows = {"A1": ours, "A2": ours, "PRIJ": {"role": "partenaire", **partner}}
    return conform(pd.DataFrame.from_dict(rows, orient="index"), TEAM)


def arguments(*slots: dict[str, Any], joint: int = 1, **changes: object) -> dict[str, Any]:
    settings = rules(iterations=60, bound_turns=0, explained=0, joint_week=joint)
    base = {"team": team(), "availability": slots_table(*slots), "settings": settings}
    return week_of(**(base | changes))


def joint(plan: WeekPlan) -> list[Session]:
    return [s for s in plan.sessions if s.partners and not s.fixed]


@cache
def once() -> WeekPlan:
    return plan_week(WEEK, **arguments(*OFFERS))


def faults(plan: WeekPlan, given: dict[str, Any]) -> list[str]:
    return check_plan(plan, gaps=GAPS, **judged(given))


def test_one_outing_is_shared_inside_the_time_the_other_team_is_free() -> None:
    (shared,) = joint(once())
    assert shared.partners == ("PRIJ",)
    assert shared.agents == ("A1", "A2")
    assert shared.on in {TUESDAY, THURSDAY}
    assert shared.start_min >= 840
    assert shared.end_min <= 1020
    assert "PRIJ" not in {a for s in once().sessions for a in s.agents}
    assert faults(once(), arguments(*OFFERS)) == []
    assert not any("PRIJ" in w for w in once().warnings)


@pytest.mark.parametrize(("wanted", "made"), [(0, 0), (2, 2)])
def test_as_many_as_are_wanted(wanted: int, made: int) -> None:
    given = arguments(*OFFERS, joint=wanted)
    plan = plan_week(WEEK, **given)
    assert len(joint(plan)) == made
    assert faults(plan, given) == []
    assert not any("PRIJ" in w for w in plan.warnings)


def test_an_outing_already_planned_with_them_is_one_of_those_wanted() -> None:
    row = {"on": "2026-11-24", "kind": "maraude", "agents": "A1|PRIJ", "start_min": 840,
           "end_min": 900}  # fmt: skip
    plan = plan_week(WEEK, **arguments(*OFFERS, activities=planned_table(row)))
    assert joint(plan) == []
    (fixed,) = [s for s in plan.sessions if s.fixed]
    assert (fixed.agents, fixed.partners) == (("A1", "PRIJ"), ("PRIJ",))


def test_one_every_six_weeks() -> None:
    row = {"state": "realise", "on": "2026-11-03", "kind": "maraude", "agents": "A1|PRIJ"}
    often, seldom = (
        plan_week(WEEK, **arguments(
            *OFFERS, activities=planned_table(row),
            settings=rules(iterations=60, explained=0, joint_apart_weeks=apart),
        ))
        for apart in (3, 6)
    )  # fmt: skip
    assert (len(joint(often)), len(joint(seldom))) == (1, 0)
    assert [w for w in seldom.warnings if "PRIJ" in w] == [
        "Aucune sortie commune avec PRIJ n’est cherchée : il y en a une mardi 3 novembre "
        "(sorties_communes_ecart_semaines)."
    ]


def test_one_in_the_plan_of_the_week_before_is_not_forgotten() -> None:
    before = replace(once(), week="2026-W47", sessions=tuple(
        replace(s, on=date.fromordinal(s.on.toordinal() - 7)) for s in once().sessions
    ))  # fmt: skip
    settings = rules(iterations=60, explained=0, joint_apart_weeks=2)
    given = arguments(*OFFERS, settings=settings, asks=Asks(last_week=before))
    assert joint(plan_week(WEEK, **given)) == []


@pytest.mark.parametrize(
    ("slots", "changes", "why"),
    [
        (({**OFFER, "weekday": 1, "start_min": 1080, "end_min": 1200},), {},
         "mardi 24 novembre de 18 h à 20 h, personne de l’équipe n’y est libre assez longtemps"),
        (OFFERS, {"team": team(communes="93099")},
         "rien n’est à visiter dans ses communes ce jour-là"),
        (OFFERS, {"settings": rules(maraudes_per_agent=0, iterations=20, explained=0)},
         "l’équipe n’a plus de sortie à faire cette semaine"),
        (OFFERS, {"settings": rules(iterations=60, explained=0, joint_people=0.0)},
         "d’autres sorties apportent plus"),
    ],
)  # fmt: skip
def test_why_none_is_made_is_told_once(
    slots: Iterable[dict[str, Any]], changes: dict[str, Any], why: str
) -> None:
    plan = plan_week(WEEK, **arguments(*slots, **changes))
    assert joint(plan) == []
    (told,) = [w for w in plan.warnings if "PRIJ" in w]
    assert told.startswith("Sorties communes avec PRIJ : aucune sur 1 (sorties_communes)")
    assert why in told


def test_only_with_the_one_of_ours_who_says_so() -> None:
    own = {"agent_code": "A2", "kind": "disponible", "weekday": 1, "start_min": 540,
           "end_min": 1020, "partners": "PRIJ"}  # fmt: skip
    given = arguments(own, settings=rules(iterations=60, explained=0, pairs=False))
    (shared,) = joint(plan_week(WEEK, **given))
    assert (shared.on, shared.agents) == (TUESDAY, ("A2",))


def test_a_locked_joint_outing_stays_joint_or_the_plan_says_so() -> None:
    (shared,) = joint(once())
    lock = {1: WeekEdit(EditKind.LOCK, shared.session_id)}
    asks = Asks(edits=lock, before=once())
    free = rules(iterations=60, bound_turns=0, explained=0, joint_people=0.0)
    kept = plan_week(WEEK, **arguments(*OFFERS, settings=free, asks=asks))
    (same,) = joint(kept)
    assert (same.session_id, same.partners, same.locked) == (shared.session_id, ("PRIJ",), True)
    gone = plan_week(WEEK, **arguments(asks=asks))
    assert joint(gone) == []
    assert any("ne tient plus" in w for w in gone.warnings)


def test_without_the_other_team_the_outing_itself_hardly_moves() -> None:
    after = plan_week(WEEK, **arguments(asks=Asks(before=once())))
    (shared,) = joint(once())
    (same,) = [s for s in after.sessions if s.session_id == shared.session_id]
    assert [t.name for t in same.stops] == [t.name for t in shared.stops]
    assert same.partners == ()
    assert any("avec PRIJ" in line for line in after.changes)


def test_a_plan_signed_before_joint_outings_is_still_read() -> None:
    told = to_json(once())
    for session in told["sessions"]:
        del session["partners"]
    assert {s.partners for s in from_json(WeekPlan, told).sessions} == {()}
    assert from_json(WeekPlan, to_json(once())) == once()


def windows() -> list[TeamWindow]:
    """Return windows of three days with PRIJ, in two turns, and one with nobody."""
    base = TeamWindow(TUESDAY, "matin", ("A1",), 540, 600, "p:B", "p:B", 1.0, 540, 600)
    made = [
        replace(base, on=on, begin_min=b, finish_min=b + 60, agents=(who,), partner=p, turn=turn)
        for on, (b, who), (p, turn) in product(
            (TUESDAY, THURSDAY), ((540, "A1"), (590, "A2"), (610, "A2")),
            (("PRIJ", 1), ("PRIJ", 2), ("PREV", 1)),
        )
    ]  # fmt: skip
    return [*made, base]


def test_turns_hold_exactly_the_sets_that_another_team_can_keep() -> None:
    """Every set of hours that PRIJ can keep, two at most, has turns; no other set has."""
    some = windows()
    clash = joint_clashes(some, lambda a, b, _: 6.0 * (a != b))
    assert (clash == clash.T).all()
    assert not np.diagonal(clash).any()
    prij = [r for r, w in enumerate(some) if w.partner == "PRIJ"]
    spans = {(some[r].on, some[r].begin_min) for r in prij}
    for one, other in product(spans, spans):
        apart = one[0] != other[0] or abs(one[1] - other[1]) >= 60
        ways = [
            (a, b) for a in prij for b in prij
            if a != b and not clash[a, b]
            and [(some[r].on, some[r].begin_min) for r in (a, b)] == [one, other]
        ]  # fmt: skip
        assert bool(ways) == apart
        assert all(some[a].turn != some[b].turn for a, b in ways)
    assert not clash[[r for r, w in enumerate(some) if w.partner == "PREV"]][:, prij].any()


ON_WEDNESDAY = {**OFFER, "weekday": 2, "start_min": 540, "end_min": 700}
WITH = outing(partners=("PRIJ",))


@pytest.mark.parametrize(
    ("plan", "changes", "fault"),
    [
        (week(WITH), {}, "PRIJ n’est pas disponible sur tout ce créneau"),
        (week(outing(partners=("A9",))), {}, "A9 n’est pas une équipe partenaire"),
        (week(outing(partners=("PRIJ", "X"))), {}, "plus d’une équipe partenaire"),
        (week(WITH), {"team": team(communes="93099")}, "hors des communes de PRIJ"),
        (week(WITH), {"team": team(active_to="2026-11-20")}, "PRIJ est absent"),
        (week(WITH), {"settings": rules(joint_week=0)}, "PRIJ : 1 sorties communes, 0 au plus"),
        (week(WITH, replace(WITH, agents=("A3",))), {}, "PRIJ à deux endroits à la fois"),
        (week(WITH), {"settings": rules(joint_apart_weeks=3), "activities": planned_table(
            {"on": "2026-11-10", "state": "realise", "kind": "maraude", "agents": "A1|PRIJ"})},
         "une autre sortie commune à moins de 3 semaines"),
    ],
)  # fmt: skip
def test_the_judge_finds_what_breaks_a_joint_outing(
    plan: WeekPlan, changes: dict[str, Any], fault: str
) -> None:
    slots = () if "disponible" in fault else (ON_WEDNESDAY,)
    given = {"availability": slots_table(*slots), "team": team(), "gaps": GAPS}
    assert any(fault in f for f in faults_of(plan, **(given | changes)))


def test_the_judge_has_nothing_to_say_of_a_sound_one() -> None:
    assert WITH.on == WEDNESDAY
    assert faults_of(week(WITH), availability=slots_table(ON_WEDNESDAY), team=team()) == []


def test_codes_of_the_team_alone() -> None:
    agents = pd.Series(["A1|PRIJ", "PRIJ", None, "A1|A2", "A1 | PRIJ"], dtype="string")
    assert own_agents(agents, team()).fillna("").to_list() == ["A1", "", "", "A1|A2", "A1 "]
