"""A street of six squares and three hosts, with a market: small enough for a pencil."""

from __future__ import annotations

from datetime import date

import pandas as pd
from shapely.geometry import Point

from territory.analysis.access import weekly_permanences
from territory.analysis.access_capacity import staffed_hours
from territory.analysis.siting.slot_options import slot_options
from territory.model.tables import AVAILABILITY, PLACES, TEAM, conform
from territory.settings import Sites, Week

TODAY = date(2026, 10, 31)
CELLS = [f"c{i}" for i in range(6)]  # one every five minutes along the street
WEEK = Week()


def need(**people: object) -> pd.DataFrame:
    """Return 100 people of the public a cell, of whom 20 young, unless told otherwise."""
    base = {"residents": 500.0, "target": 100.0, "cohort_jeunes": 20.0, "cohort_seniors": 30.0}
    return pd.DataFrame(base | people, index=pd.Index(CELLS, name="cell_id"))


def places(**changes: object) -> pd.DataFrame:
    """Return hosts a, b, c at 0, 10 and 25 minutes along the street, and a market beside b."""
    data = {
        "name": ["Maison A", "Maison B", "Maison C", "Marché"],
        "kind": ["centre_social", "mediatheque", "association", "marche"],
        "opening_hours": ["Mo-Fr 09:00-17:30", "We 09:00-12:30,14:00-18:00", pd.NA,
                          "We 08:00-13:00"],
        "hosts_permanence": [True, pd.NA, pd.NA, pd.NA],
        "commune_code": ["93045", "93055", "93055", "93055"],
        "fixed_point": True, "sensitive": False,
        "geometry": [Point(0, 0), Point(750, 0), Point(1875, 0), Point(825, 0)],
    }  # fmt: skip
    return conform(pd.DataFrame(data | changes, index=["a", "b", "c", "m"]), PLACES)


def minutes() -> pd.DataFrame:
    """Return the walks [cell x place] along the street, minutes."""
    at = {"a": 0.0, "b": 10.0, "c": 25.0, "m": 11.0}
    walks = {p: [abs(5.0 * i - x) for i in range(6)] for p, x in at.items()}
    return pd.DataFrame(walks, index=pd.Index(CELLS, name="cell_id"))


def between() -> pd.DataFrame:
    """Return the walks between places, minutes."""
    at = {"a": 0.0, "b": 10.0, "c": 25.0, "m": 11.0}
    return pd.DataFrame({q: [abs(x - y) for x in at.values()] for q, y in at.items()}, list(at))


def team(n: int = 2) -> pd.DataFrame:
    names = [f"M{i + 1}" for i in range(n)]
    return conform(pd.DataFrame({"role": "mediateur", "weekly_hours": 35.0}, index=names), TEAM)


def availability(*rows: tuple[str, int, int, int, str, str | None]) -> pd.DataFrame:
    """Return rows of (agent, weekday, start, end, kind, place), every week."""
    columns = ["agent_code", "weekday", "start_min", "end_min", "kind", "place_id"]
    table = pd.DataFrame(rows, columns=columns).assign(weeks="toutes")
    return conform(table.set_axis([f"s{i}" for i in range(len(rows))]), AVAILABILITY)


def held_at_a() -> pd.DataFrame:
    """M1 holds the Tuesday morning of « a »; everybody meets on Monday from 9 to 11."""
    meeting = [(m, 0, 540, 660, "reunion", None) for m in ("M1", "M2")]
    return availability(*meeting, ("M1", 1, 540, 720, "permanence", "a"))


def sites(**changes: object) -> Sites:
    return Sites.model_validate(changes)


def weekly(rows: pd.DataFrame) -> pd.DataFrame:
    return weekly_permanences(rows)


def staffed(rows: pd.DataFrame) -> pd.DataFrame:
    return staffed_hours(rows)


def options(
    rows: pd.DataFrame,
    *,
    hosts: pd.DataFrame | None = None,
    workers: pd.DataFrame | None = None,
    **changes: object,
) -> pd.DataFrame:
    """Return the options of the town, `rows` being its availability."""
    return slot_options(
        places() if hosts is None else hosts,
        weekly(rows),
        staffed(rows),
        team=team() if workers is None else workers,
        availability=rows,
        settings=sites(**changes),
        week=WEEK,
        today=TODAY,
    )
