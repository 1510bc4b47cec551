"""A week written by hand in the little town, every rule kept, for the judge to read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from territory.model.results import Ending
from territory.model.week_results import Session, Stop, WeekPlan
from territory.planning.checker import check_plan
from tests.planning.town import slots_table, week_of

if TYPE_CHECKING:
    from territory.model.week_results import LeftOut

WEEK = "2026-W48"
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 11, day) for day in (24, 25, 26, 27))
PERMANENCE = {"agent_code": "A1", "kind": "permanence", "place_id": "C", "weekday": 3,
              "start_min": 840, "end_min": 1020}  # fmt: skip
SLOTS = slots_table(
    PERMANENCE,
    {"agent_code": "A2", "kind": "absent", "from_on": "2026-11-27", "to_on": "2026-11-27"},
)
NAMES = {"M": "Marché", "K": "Boutique", "C": "Centre", "S": "Secret", "R": "Refus"}


def visit(key: str, arrive: int, walk_m: int, **changes: object) -> Stop:
    """Return twenty minutes at a place near zone Z1."""
    made = Stop(
        1, key, NAMES[key], "commerce", arrive, arrive + 20, walk_m, 0, 300.0, 150.0,
        {"M": 780, "C": 960}.get(key), "Dans la zone ; horaires à vérifier avant de partir.",
        zone_id="Z1",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def street(arrive: int, walk_m: int, **changes: object) -> Stop:
    """Return forty minutes in the streets of zone Z1."""
    made = Stop(
        1, None, "Tour de rue : Zone 1", "tour_de_rue", arrive, arrive + 40, walk_m, 0, 300.0, 75.0,
        None, "Des rues.", zone_id="Z1",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


# From the base to the streets 375 m, the market 75 m further, the shop 150 m, and 600 m back
STOPS = (street(545, 375), visit("M", 587, 75), visit("K", 609, 150))


def outing(**changes: object) -> Session:
    """Return Wednesday morning of A1 and A2: streets, market, shop, 9 h to 10 h 37."""
    made = Session(
        "2026-W48-3M-A1.A2", WEDNESDAY, "matin", "maraude", ("A1", "A2"), 540, 637,
        "Maraude : Zone 1", "B", "Z1", STOPS, (), (), 1200, "Zone.", fixed=False,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def later(minutes: int, **changes: object) -> Session:
    """Return the same outing some minutes later."""
    stops = tuple(
        replace(s, arrive_min=s.arrive_min + minutes, leave_min=s.leave_min + minutes)
        for s in STOPS
    )
    whole = {"start_min": 540 + minutes, "end_min": 637 + minutes, "stops": stops, **changes}
    return outing(**whole)


def fixed(**changes: object) -> Session:
    """Return the permanence of A1, Thursday from 14 h to 17 h."""
    made = Session(
        "2026-W48-4-1400-A1", THURSDAY, "apres-midi", "permanence", ("A1",), 840, 1020,
        "Permanence : Centre", "C", None, (), (), (), 0, "Fixé.", fixed=True,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def week(
    *sessions: Session,
    left_out: tuple[LeftOut, ...] = (),
    warnings: tuple[str, ...] = (),
    of: str = WEEK,
) -> WeekPlan:
    """Return a plan of these sessions."""
    return WeekPlan(of, sessions, left_out, warnings, Ending.TIME_UP, 0)


def faults_of(plan: WeekPlan, **changes: Any) -> list[str]:  # noqa: ANN401 - tables, settings, edits
    """Return what the judge says, with some of its arguments changed."""
    return check_plan(plan, **(_given() | changes))


@cache
def _given() -> dict[str, Any]:
    return {k: v for k, v in week_of(availability=SLOTS).items() if k != "need"}
