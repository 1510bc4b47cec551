"""A quarter of a year on a grid: each week is planned, taken as done, and the next one follows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
from shapely.geometry import Point, box

from territory.analysis.quarters import quarters_of
from territory.model.results import Gap, Reason, Verdict
from territory.model.tables import ACTIVITIES, CELLS, ZONES, conform
from territory.planning.calendar import week_days
from territory.planning.checker import check_plan
from territory.planning.guarantee import quarters_due, required_zones
from territory.planning.ledger import ledger
from territory.planning.rule_effects import Scene
from territory.planning.week import Asks, plan_week
from territory.planning.zone_debts import zone_presence
from tests.planning.town import (
    GridWalks,
    places_table,
    planned_table,
    rules,
    slots_table,
    team_table,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
LATE = {0: "maison_quartier", 2: "maison_quartier", 5: "maison_quartier"}  # by zone, in the evening
LATE_HOURS, DIFFICULT = "Mo-Fr 17:30-20:00", "foyer"
LONG_DAYS = {"A1": (1, 3), "A2": (1, 3), "A3": (1,)}  # who works until 20 h, on which days


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
    """A base, and three places around each zone: 25; some open late, in every other a hostel."""
    rows: dict[str, dict[str, Any]] = {"B": {"name": "Base", "kind": "maison_emploi", "at": (0, 0)}}
    for z, (x, y) in enumerate(MIDDLES):
        for k, (kind, hours) in enumerate(_kinds(z)):
            key = f"P{z}{k}"
            rows[key] = {"name": key, "kind": kind, "at": (x + 75 * (k + 1), y + 150 - 75 * k)}
            rows[key] |= {"opening_hours": hours} if hours else {}
    return rows


def _kinds(z: int) -> tuple[tuple[str, str | None], ...]:
    middle = (LATE[z], LATE_HOURS) if z in LATE else KINDS[1]
    return KINDS[0], middle, KINDS[2] if z % 2 else (DIFFICULT, "Mo-Fr 14:00-18:00")


def cells() -> gpd.GeoDataFrame:
    points = _cell_points()
    shapes = [box(x - 50, y - 50, x + 50, y + 50) for x, y in points.values()]
    return conform(pd.DataFrame({"imputed": False, "geometry": shapes}, index=list(points)), CELLS)


def quarters() -> gpd.GeoDataFrame:
    """Every zone lies in a priority quarter of its own."""
    shapes = [box(x - 60, y - 60, x + 160, y + 60) for x, y in MIDDLES]
    names = [f"QN0930{z}N" for z in range(len(MIDDLES))]
    return conform(pd.DataFrame({"kind": "qpv", "geometry": shapes}, index=names), ZONES)


def need() -> pd.DataFrame:
    rows = {f"c{z}{half}": t / 2 for z, t in enumerate(TARGETS) for half in "ab"}
    return pd.DataFrame({"target": rows, "residents": rows}).rename_axis("cell_id")


def team() -> pd.DataFrame:
    full = team_table("A1", "A2", weekly_hours=35.0)
    return pd.concat([full, team_table("A3", weekly_hours=28.0)])


def availability() -> pd.DataFrame:
    """Permanences, the four days of A3, evenings, and a week without A2."""
    gone = MONDAY + timedelta(weeks=AWAY_WEEK - 1)
    held = [
        {"agent_code": "A1", "weekday": 3, "start_min": 840, "end_min": 1020, "place_id": "P00"},
        {"agent_code": "A2", "weekday": 1, "start_min": 570, "end_min": 720, "place_id": "P10"},
        {"agent_code": "A3", "weekday": 4, "start_min": 570, "end_min": 720, "place_id": "P30"},
    ]
    works = [
        {"agent_code": agent, "kind": "disponible", "weekday": d, "start_min": 540,
         "end_min": 1200 if d in late else 1050}
        for agent, late in LONG_DAYS.items()
        for d in ((0, 1, 3, 4) if agent == "A3" else range(5))
    ]  # fmt: skip
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
    """Plans in order, what was asked of each, what was done, ledgers after each, presence."""

    plans: tuple[WeekPlan, ...]
    asked: tuple[Asks, ...]
    activities: gpd.GeoDataFrame
    ledgers: tuple[pd.DataFrame, ...]
    presence: pd.DataFrame

    @property
    def contacts(self) -> float:
        """People expected over the season."""
        return sum(s.value for p in self.plans for o in outings(p) for s in o.stops)


def zone_days(found: Season, *, streets: bool = False) -> dict[str, list[date]]:
    """Return the days of outings in each zone, those to its places included unless `streets`."""
    earliest = grid().asks(MONDAY, earlier()).presence
    assert earliest is not None
    days = {str(z): [on.date()] for z, on in earliest["last"].items()}
    for plan in found.plans:
        for s in sorted(outings(plan), key=lambda s: (s.on, s.start_min)):
            stops = [t for t in s.stops if not streets or t.place_id is None]
            for zone in sorted({t.zone_id for t in stops if t.zone_id is not None}):
                days[zone].append(s.on)
    return days


def spread_h(ledger: pd.DataFrame) -> float:
    """Return the hours between who carried most and least, each scaled to the mean contract."""
    scaled = ledger["hours"] / (ledger["share"] * len(ledger))
    return float(scaled.max() - scaled.min())


def spread_of(ledger: pd.DataFrame, column: str) -> float:
    """Return how far apart those of full time are in a column of a ledger."""
    full = ledger.loc[ledger["share"] == ledger["share"].max(), column]
    return float(full.max() - full.min())


def faults(found: Season) -> list[str]:
    """Return what the independent judge finds broken in the plans, each told what was done then."""
    town = grid()
    told = []
    for n, plan in enumerate(found.plans):
        done = found.activities[found.activities["on"] < pd.Timestamp(MONDAY + timedelta(weeks=n))]
        told += check_plan(
            plan, places=town.places, team=town.team, availability=town.availability,
            activities=done, walks=town.walks, settings=town.settings, gaps=town.gaps,
        )  # fmt: skip
    return told


def outings(plan: WeekPlan) -> list[Session]:
    return [s for s in plan.sessions if not s.fixed]


@dataclass(frozen=True)
class Grid:
    """The tables of the season that do not change from week to week."""

    gaps: tuple[Gap, ...]
    places: gpd.GeoDataFrame
    cells: gpd.GeoDataFrame
    quarters: gpd.GeoDataFrame
    team: pd.DataFrame
    availability: pd.DataFrame
    need: pd.DataFrame
    walks: GridWalks
    settings: Settings

    def asks(self, monday: date, done: gpd.GeoDataFrame, signed: Sequence[WeekPlan] = ()) -> Asks:
        """Return what is asked of a week after what was done, as the product of the week does."""
        belongs = quarters_of(self.gaps, self.cells, self.quarters)
        scene = Scene(week_days(week_of(monday)), tuple(self.team.index), self.places, done,
                      self.quarters, belongs)  # fmt: skip
        due = quarters_due(scene, self.settings.week.guarantee_weeks or WITHIN)
        zones, required = required_zones(due, scene, self.gaps, self.cells, self.need)
        last = signed[-1] if signed else None
        presence = zone_presence(zones, self.cells, done, monday, weeks=WEEKS, last_week=last)
        carried = self.ledger(done, monday, signed)
        return Asks(required, carried, last_week=last, presence=presence)

    def ledger(
        self, done: gpd.GeoDataFrame, before: date, signed: Sequence[WeekPlan] = ()
    ) -> pd.DataFrame:
        """Return what each worker carried before a day."""
        kinds = self.settings.week.difficult_kinds
        return ledger(done, self.team, self.places, before, weeks=WEEKS, difficult_kinds=kinds,
                      signed=signed)  # fmt: skip

    def arguments(self, monday: date, done: gpd.GeoDataFrame, asks: Asks) -> dict[str, Any]:
        """Return the arguments of plan_week but the week."""
        return {
            "gaps": self._seen(monday, done, asks), "places": self.places, "team": self.team,
            "availability": self.availability, "activities": done, "need": self.need,
            "walks": self.walks, "settings": self.settings, "asks": asks,
        }  # fmt: skip

    def _seen(self, monday: date, done: gpd.GeoDataFrame, asks: Asks) -> tuple[Gap, ...]:
        """Return the zones with the people met there and the months since the last outing."""
        assert asks.presence is not None
        months = (pd.Timestamp(monday) - asks.presence["last"]).dt.days / 30.4
        met = done.groupby("place_name")["n_informed"].sum()
        return tuple(
            replace(g, contacts=float(met.get(g.name, 0)), months_since=float(months[g.zone_id]))
            for g in self.gaps
        )


def week_of(monday: date) -> str:
    year, number, _ = monday.isocalendar()
    return f"{year}-W{number:02d}"


def grid(**values: object) -> Grid:
    """Return the town; `values` are settings of the week."""
    rows = places()
    points = {f"p:{k}": v["at"] for k, v in rows.items()}
    points |= {f"c:{k}": at for k, at in _cell_points().items()}
    usual = {"guarantee_weeks": WITHIN, "explained": 0, "bound_turns": 0,
             "difficult_kinds": (DIFFICULT,)}  # fmt: skip
    settings = rules(**{**usual, **values})
    return Grid(gaps(), places_table(rows), cells(), quarters(), team(), availability(), need(),
                GridWalks(points), settings)  # fmt: skip


def season(weeks: int = WEEKS, *, seed: int = 0, **values: object) -> Season:
    """Plan `weeks` weeks, each done as planned; `values` are settings of the week."""
    town, done = grid(**values), earlier()
    plans: list[WeekPlan] = []
    asked, ledgers = [], []
    for n in range(weeks):
        monday = MONDAY + timedelta(weeks=n)
        asked.append(town.asks(monday, done, plans))
        arguments = town.arguments(monday, done, asked[-1])
        plans.append(plan_week(week_of(monday), **arguments, seed=seed))
        done = taken_as_done(plans[-1], done)
        ledgers.append(town.ledger(done, monday + timedelta(weeks=1), plans))
    end = MONDAY + timedelta(weeks=weeks)
    presence = zone_presence(town.gaps, town.cells, done, end, weeks=weeks)
    return Season(tuple(plans), tuple(asked), done, tuple(ledgers), presence)


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
