"""Whatever the week, the plan breaks no rule, and only the content of the tables matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from territory.planning.checker import check_plan
from territory.planning.week import plan_week
from tests.planning.town import (
    gap,
    judged,
    places_table,
    planned_table,
    rules,
    slots_table,
    team_table,
    town_walks,
    week_of,
)

if TYPE_CHECKING:
    from random import Random

AGENTS = ("A1", "A2", "A3")
HOURS = ("We 08:00-13:00", "Mo-Fr 09:00-12:00", "Mo-Sa 14:00-16:30", None)
KINDS = ("marche", "centre_social", "commerce", "association")
moments = st.tuples(st.integers(32, 72), st.integers(2, 20)).map(
    lambda t: {"start_min": 15 * t[0], "end_min": 15 * (t[0] + t[1])}
)


@st.composite
def slots(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(["disponible", "absent", "reunion", "permanence", "formation"]))
    place = draw(st.sampled_from(["P0", "P1"])) if kind == "permanence" else None
    return {
        "agent_code": draw(st.sampled_from(AGENTS)),
        "kind": kind,
        "weekday": draw(st.integers(0, 5)),
        "weeks": draw(st.sampled_from(["toutes", "paire", "impaire"])),
        "place_id": place,
        **draw(moments),
    }


@st.composite
def planned(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "on": f"2026-11-{draw(st.integers(9, 15)):02d}",
        "kind": draw(st.sampled_from(["evenement", "maraude", "reunion"])),
        "agents": draw(st.sampled_from(["A1", "A1|A2", "A3", None])),
        "place_id": draw(st.sampled_from(["P0", None])),
        **draw(moments),
    }


@st.composite
def towns(draw: st.DrawFn) -> dict[str, Any]:
    corner = st.tuples(st.integers(-12, 12), st.integers(-8, 8)).map(
        lambda t: (75.0 * t[0], 75.0 * t[1])
    )
    rows = {
        f"P{n}": {
            "name": f"Lieu {n}",
            "kind": draw(st.sampled_from(KINDS)),
            "at": draw(corner),
            "opening_hours": draw(st.sampled_from(HOURS)),
        }
        for n in range(draw(st.integers(2, 5)))
    }
    return week_of(
        places=places_table(rows),
        walks=town_walks(rows),
        team=team_table(
            *AGENTS[: draw(st.integers(0, 3))],
            start_place_id=draw(st.sampled_from(["P0", None])),
            walk_kmh=draw(st.sampled_from([3.0, 4.5, None])),
            walk_max_m=draw(st.sampled_from([1500, None])),
        ),
        gaps=[gap(1, ("z1a", "z1b")), gap(2, ("z2a",)), gap(3, ("z3a",))],
        availability=slots_table(*draw(st.lists(slots(), max_size=8))),
        activities=planned_table(*draw(st.lists(planned(), max_size=3))),
        settings=rules(pairs=draw(st.booleans()), maraudes_per_agent=draw(st.integers(0, 3))),
    )


# week 46 holds the 11th of November, a public holiday
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(towns())
def test_no_plan_breaks_a_rule(town: dict[str, Any]) -> None:
    plan = plan_week("2026-W46", **town)
    assert check_plan(plan, **judged(town)) == []
    visited = {stop.zone_id for s in plan.sessions for stop in s.stops}
    left = {item.name for item in plan.left_out}
    assert all(g.zone_id in visited or g.name in left for g in town["gaps"])


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(towns(), st.randoms(use_true_random=False))
def test_order_of_rows_never_matters(town: dict[str, Any], random: Random) -> None:
    shuffled = dict(town)
    for name in ("places", "team", "availability", "activities", "need"):
        rows = list(range(len(town[name])))
        random.shuffle(rows)
        shuffled[name] = town[name].iloc[rows]
    assert plan_week("2026-W46", **shuffled) == plan_week("2026-W46", **town)
