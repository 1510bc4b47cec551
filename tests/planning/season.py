"""A quarter of a year on a grid: each week is planned, then taken as done, and the next one follows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
from shapely.geometry import Point, box

from territory.analysis.quarters import quarters_of
from territory.model.results import Gap, Reason, Verdict
from territory.model.tables import ACTIVITIES, CELLS, ZONES, conform
from territory.planning.calendar import week_days
from territory.planning.guarantee import quarters_due, required_zones
from territory.planning.ledger import ledger
from territory.planning.rule_effects import Scene
from territory.planning.week import Asks, plan_week
from territory.planning.zone_debts import zone_presence
from tests.planning.town import GridWalks, places_table, planned_table, rules, slots_table, team_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

    from territory.model.week_results import Session, Stop, WeekPlan
    from territory.settings import Settings

MONDAY = date(2026, 1, 12)  # twelve weeks with one public holiday, Easter Monday
WEEKS, AWAY_WEEK, WITHIN = 12, 3, 3  # no quarter without an outing for WITHIN weeks
TARGETS = (300.0, 260.0, 220.0, 180.0, 140.0, 110.0, 80.0, 60.0)  # people in need, by zone
MIDDLES = ((450, 150), (-600, 300), (150, -750), (-300, -600), (900, 600), (-900, -150),
           (300, 900), (-450, 1050))  # fmt: skip
KINDS = (("centre_social", "Mo-Fr 09:00-12:00,14:00-17:00"), ("commerce", None),
         ("marche", "We 08:00-13:00"))  # fmt: skip


def zone_id(z: int) -> str:
    return f"Z-c{z}a"


def gaps() -> tuple[Gap, ...]:
    """Eight zones; the score goes as the square root of the need, as standard deviations do."""
    reasons = tuple(Reason(k, f"Raison {k}.", 1.0) for k in ("besoin", "acces", "effort"))
    return tuple(
        Gap(z + 1, zone_id(z), f"Zone {z + 1}", "93001", (f"c{z}a", f"c{z}b"), 3 * t, t, 20.0, 0.0,
            t / 10, None, 0.9, t**0.5, Verdict.PROBABLE, reasons)
        for z, t in enumerate(TARGETS)
    )  # fmt: skip


def _cell_points() -> dict[str, tuple[int, int]]:
    return {f"c{z}{half}": (x + dx, y) for z, (x, y) in enumerate(MIDDLES)
            for half, dx in (("a", 0), ("b", 100))}  # fmt: skip


def places() -> dict[str, dict[str, Any]]:
    """A base, and three places around each zone: 25."""
    rows: dict[str, dict[str, Any]] = {"B": {"name": "Base", "kind": "maison_emploi", "at": (0, 0)}}
    for z, (x, y) in enumerate(MIDDLES):
        for k, (kind, hours) in enumerate(KINDS):
            key = f"P{z}{k}"
            rows[key] = {"name": key, "kind": kind, "at": (x + 75 * (k + 1), y + 150 - 75 * k)}
            rows[key] |= {"opening_hours": hours} if hours else {}
    return rows


def cells() -> gpd.GeoDataFrame:
    points = _cell_points()
    shapes = [box(x - 50, y - 50, x + 50, y + 50) for x, y in points.values()]
    return conform(
        pd.DataFrame({"imputed": False, "geometry": shapes}, index=list(points)), CELLS
    )


def quarters() -> gpd.GeoDataFrame:
    """Every zone lies in a priority quarter of its own."""
    shapes = [box(x - 60, y - 60, x + 160, y + 60) for x, y in MIDDLES]
    names = [f"QN0930{z}N" for z in range(len(MIDDLES))]
    return conform(pd.DataFrame({"kind": "qpv", "geometry": shapes}, index=names), ZONES)


def need() -> pd.DataFrame:
    rows = {f"c{z}{half}": t / 2 for z, t in enumerate(TARGETS) for half in "ab"}
    table = pd.DataFrame({"target": rows, "residents": rows}).rename_axis("cell_id")
    return table


def team() -> pd.DataFrame:
    full = team_table("A1", "A2", weekly_hours=35.0)
    return pd.concat([full, team_table("A3", weekly_hours=28.0)])


def availability() -> pd.DataFrame:
    """Permanences, the four days of A3, and a week without A2."""
    gone = MONDAY + timedelta(weeks=AWAY_WEEK - 1)
    held = [
        {"agent_code": "A1", "weekday": 3, "start_min": 840, "end_min": 1020, "place_id": "P00"},
        {"agent_code": "A2", "weekday": 1, "start_min": 570, "end_min": 720, "place_id": "P10"},
        {"agent_code": "A3", "weekday": 4, "start_min": 570, "end_min": 720, "place_id": "P30"},
    ]
    works = [{"agent_code": "A3", "kind": "disponible", "weekday": d, "start_min": 540,
              "end_min": 1050} for d in (0, 1, 3, 4)]  # fmt: skip
    away = {"agent_code": "A2", "kind": "absent", "from_on": str(gone),
            "to_on": str(gone + timedelta(days=6))}  # fmt: skip
    return slots_table(*({"kind": "permanence", **row} for row in held), *works, away)


def earlier() -> gpd.GeoDataFrame:
    """One round in each zone in the three weeks before, of people who have left the team."""
    days = [MONDAY - timedelta(days=4 + 2 * z) for z in range(len(MIDDLES))]
    return planned_table(*(
        {"on": str(on), "kind": "maraude", "state": "realise", "start_min": 600, "end_min": 690,
         "agents": "A9", "geometry": Point(x, y)}
        for on, (x, y) in zip(days, MIDDLES, strict=True)
    ))  # fmt: skip


@dataclass(frozen=True)
class Season:
    """Plans in order, what was done, the ledgers before each week and after the last one."""

    plans: tuple[WeekPlan, ...]
    asked: tuple[Asks, ...]
    activities: gpd.GeoDataFrame
    ledgers: tuple[pd.DataFrame, ...] = field(default=())

    @property
    def contacts(self) -> float:
        """People expected over the season."""
        return sum(s.value for p in self.plans for o in outings(p) for s in o.stops)

    def presence(self) -> pd.DataFrame:
        """What zones saw over the season."""
        end = MONDAY + timedelta(weeks=len(self.plans))
        return zone_presence(gaps(), cells(), self.activities, end, weeks=len(self.plans))


def outings(plan: WeekPlan) -> list[Session]:
    return [s for s in plan.sessions if not s.fixed]


def season(weeks: int = WEEKS, **values: object) -> Season:
    """Plan `weeks` weeks, each done as planned; `values` are settings of the week."""
    settings = rules(**{"guarantee_weeks": WITHIN, "explained": 0, "bound_turns": 0, **values})
    done, plans, asked, ledgers = earlier(), [], [], []
    for n in range(weeks):
        monday = MONDAY + timedelta(weeks=n)
        asks = _asks(monday, done, settings, plans[-1] if plans else None)
        plan = plan_week(**arguments(monday, done, settings), asks=asks)
        plans.append(plan)
        asked.append(asks)
        done = taken_as_done(plan, done)
        ledgers.append(_ledger(done, monday + timedelta(weeks=1), settings))
    return Season(tuple(plans), tuple(asked), done, tuple(ledgers))


def arguments(monday: date, done: gpd.GeoDataFrame, settings: Settings) -> dict[str, Any]:
    year, number, _ = monday.isocalendar()
    rows = places()
    points = {f"p:{k}": v["at"] for k, v in rows.items()}
    points |= {f"c:{k}": at for k, at in _cell_points().items()}
    return {
        "week": f"{year}-W{number:02d}", "gaps": _gaps_seen(monday, done),
        "places": places_table(rows), "team": team(), "availability": availability(),
        "activities": done, "need": need(), "walks": GridWalks(points), "settings": settings,
    }  # fmt: skip


def _gaps_seen(monday: date, done: gpd.GeoDataFrame) -> tuple[Gap, ...]:
    last = zone_presence(gaps(), cells(), done, monday, weeks=WEEKS)["last"]
    met = {g.zone_id: done.loc[done["place_name"] == g.name, "n_informed"].sum() for g in gaps()}
    months = (pd.Timestamp(monday) - last).dt.days / 30.4
    return tuple(
        replace(g, contacts=float(met[g.zone_id]), months_since=float(months[g.zone_id]))
        for g in gaps()
    )


def _asks(monday: date, done: gpd.GeoDataFrame, settings: Settings, last: WeekPlan | None) -> Asks:
    year, number, _ = monday.isocalendar()
    held = quarters()
    scene = Scene(week_days(f"{year}-W{number:02d}"), tuple(team().index), places_table(places()),
                  done, held, quarters_of(gaps(), cells(), held))  # fmt: skip
    due = quarters_due(scene, settings.week.guarantee_weeks or WITHIN)
    zones, required = required_zones(due, scene, gaps(), cells(), need())
    presence = zone_presence(zones, cells(), done, monday, weeks=WEEKS, last_week=last)
    return Asks(required, _ledger(done, monday, settings), last_week=last, presence=presence)


def _ledger(done: gpd.GeoDataFrame, before: date, settings: Settings) -> pd.DataFrame:
    return ledger(done, team(), places_table(places()), before, weeks=WEEKS,
                  difficult_kinds=settings.week.difficult_kinds)  # fmt: skip


def taken_as_done(plan: WeekPlan, done: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the activities with a row for each stop of the week; they share the outing's hours."""
    rows = [row for s in outings(plan) for row in _rows(s)]
    names = [f"{plan.week}-{n:03d}" for n in range(len(rows))]
    more = conform(pd.DataFrame(rows, index=names), ACTIVITIES)
    return pd.concat([done, more])


def _rows(session: Session) -> Iterator[dict[str, Any]]:
    since = session.start_min
    for stop in session.stops:
        until = session.end_min if stop is session.stops[-1] else stop.leave_min
        yield _row(session, stop, since, until)
        since = until


def _row(session: Session, stop: Stop, since: int, until: int) -> dict[str, Any]:
    streets = stop.place_id is None
    return {
        "on": session.on, "kind": "maraude" if streets else "visite_partenaire",
        "state": "realise", "start_min": since, "end_min": until, "hours": (until - since) / 60,
        "place_id": stop.place_id, "place_name": stop.name.removeprefix("Tour de rue : "),
        "agents": "|".join(session.agents), "n_informed": round(stop.value),
        "geometry": Point(stop.x, stop.y),
    }  # fmt: skip
