"""What the judge of a week reads by itself: rows, days, hours of work, ways between points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from territory.model.french_calendar import calendar_of
from territory.model.week_edits import EditKind
from territory.planning.checker_rides import ridden
from territory.planning.explain import clock, day_words
from territory.planning.records import (
    DAY_MIN,
    Slot,
    partner_records,
    place_records,
    planned_records,
    slot_records,
    team_records,
)
from territory.planning.rule_effects import Effects
from territory.planning.sources import Sources, spans_of
from territory.planning.walks import rides_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from territory.model.results import Gap
    from territory.model.week_edits import WeekEdit
    from territory.model.week_results import Session, Stop, WeekPlan
    from territory.network.transit_rides import Rides
    from territory.planning.records import Agent, Place
    from territory.planning.spans import Span
    from territory.planning.walks import Walks
    from territory.settings import Settings, Week

BUS_WALK_M = 500  # walked to a bus stop and from it
FRIDAY = 5


@dataclass(frozen=True)
class Ways:
    """
    Minutes [points, points] on foot at the usual speed, and the settings of the bus.

    `rides` is the timetable of the week (None: legs by bus are reckoned by the settings).
    """

    at: Mapping[str, int]
    walking: NDArray[np.float64]
    settings: Settings
    rides: Rides | None = None

    def choices(
        self, a: Iterable[str], b: Iterable[str], slow: float, moment: tuple[date, int]
    ) -> list[tuple[int, int]] | None:
        """
        Return (minutes, metres) of every lawful way from one of `a` to one of `b` at a minute.

        None when nobody knows where `a` or `b` is, no item when there is no way. By the timetable,
        metres are the fewest that lead to a stop and from one.
        """
        pairs = [(p, q) for p in a for q in b if p in self.at and q in self.at]
        if not pairs:
            return None
        found = [way for p, q in pairs for way in self._between(p, q, slow)]
        base, least = self.settings.walk.speed_kmh * 1000 / 60, self.settings.week.bus_from_m
        far = [q for q in pairs if self._metres(*q) >= (np.inf if least is None else least)]
        if self.rides is not None and far:
            ends = [{p for p, _ in far}, {q for _, q in far}]
            ride = ridden(self.rides, ends, slow, moment)
            found += [] if ride is None else [(ride[0], int(ride[1] / 60 * base))]
        return found

    def least(
        self, a: Iterable[str], b: Iterable[str], slow: float, moment: tuple[date, int]
    ) -> float:
        """Return the fewest minutes from one of `a` to one of `b`, 0 when it is unknown."""
        found = self.choices(a, b, slow, moment)
        return 0.0 if found is None else min((minutes for minutes, _ in found), default=np.inf)

    def _metres(self, a: str, b: str) -> float:
        walk = 0.0 if a == b else float(self.walking[self.at[a], self.at[b]])
        return walk * self.settings.walk.speed_kmh * 1000 / 60 if np.isfinite(walk) else 0.0

    def _between(self, a: str, b: str, slow: float) -> list[tuple[int, int]]:
        week, base = self.settings.week, self.settings.walk.speed_kmh * 1000 / 60
        walk = 0.0 if a == b else float(self.walking[self.at[a], self.at[b]])
        if not np.isfinite(walk):
            return []
        length = walk * base
        found = [(int(np.ceil(walk * slow - 1e-6)), int(np.ceil(length - 1e-3)))]
        if self.rides is None and week.bus_from_m is not None and length >= week.bus_from_m:
            ride = length / (week.bus_kmh * 1000 / 60)
            found.append((int(np.ceil(week.bus_wait_min + ride)), BUS_WALK_M))
        return found


@dataclass(frozen=True)
class Facts:
    """
    Everything a plan is judged by; `tours` keeps TOURS, `zones` are by zone_id (may be none).

    `met` are the outings done or planned in any week, each the day and who went.
    """

    plan: WeekPlan
    days: tuple[date, ...]
    sources: Sources
    team: Mapping[str, Agent]
    effects: Effects
    edits: tuple[WeekEdit, ...]
    tours: pd.DataFrame | None
    zones: Mapping[str, Gap]
    before: WeekPlan | None
    ways: Ways
    settings: Settings
    met: tuple[tuple[date, frozenset[str]], ...] = ()

    @property
    def week(self) -> Week:
        """Settings of the week."""
        return self.settings.week

    @property
    def places(self) -> Mapping[str, Place]:
        """Places by id."""
        return self.sources.places

    @property
    def outings(self) -> tuple[Session, ...]:
        """What the planner added to the appointments."""
        return tuple(s for s in self.plan.sessions if not s.fixed)

    @property
    def lunch(self) -> tuple[int, int, int]:
        """Start and end of the break, and minutes of lunch inside it."""
        start, end = minutes_of(self.week.lunch_start), minutes_of(self.week.lunch_end)
        asked = self.week.lunch_min
        return start, end, end - start if asked is None else min(asked, end - start)

    def slowness(self, agents: Iterable[str]) -> float:
        """Return minutes of the slowest of `agents` for one minute at the usual speed."""
        base = self.settings.walk.speed_kmh
        speeds = [self.team[a].walk_kmh or base for a in agents if a in self.team]
        return max((base / kmh for kmh in speeds), default=1.0)

    def worked(self, agent: str, on: date) -> NDArray[np.bool_]:
        """Return which minutes [1440] of `on` are worked: listed hours, else the usual day."""
        calendar, slots = self.sources.calendar, self.sources.slots
        if any(s.agent == agent and s.kind == "disponible" for s in slots):
            return marked(spans_of("disponible", agent, on, slots, calendar))
        usual = minutes_of(self.week.day_start), minutes_of(self.week.day_end)
        return marked([usual] if on.isoweekday() <= FRIDAY else [])

    def points_of(self, stop: Stop) -> tuple[str, ...]:
        """Return the points where a stop may be; none when nobody can tell."""
        if stop.place_id is not None:
            return (f"p:{stop.place_id}",)
        tours = tours_of(stop, self.tours)
        if tours:
            return tuple(f"n:{node}" for node, _ in tours)
        zone = self.zones.get(stop.zone_id or "")
        return () if zone is None else tuple(f"c:{cell}" for cell in zone.cells)


def facts_of(  # noqa: PLR0913 - one keyword per table of the week
    plan: WeekPlan,
    *,
    places: pd.DataFrame,
    team: pd.DataFrame,
    availability: pd.DataFrame,
    activities: pd.DataFrame,
    walks: Walks,
    settings: Settings,
    effects: Effects | None,
    edits: Sequence[WeekEdit],
    tours: pd.DataFrame | None,
    gaps: Sequence[Gap],
    before: WeekPlan | None,
) -> Facts:
    """Return what `plan` is judged by; arguments as those of `check_plan`."""
    year, number = (int(part) for part in plan.week.split("-W"))
    days = tuple(date.fromisocalendar(year, number, n) for n in range(1, 8))
    rules = effects or Effects()
    sources = Sources(
        team_records(team),
        (*slot_records(availability), *rules.slots, *_added(edits)),
        place_records(places, days[0]),
        planned_records(activities),
        calendar_of(settings.ground.communes),
        partner_records(team),
    )
    zones = {gap.zone_id: gap for gap in gaps}
    known = {a.code: a for a in sources.team}
    return Facts(
        plan, days, sources, known, rules, tuple(edits), tours, zones, before,
        _ways(plan, zones, tours, walks, settings), settings, _met(activities),
    )  # fmt: skip


def _met(activities: pd.DataFrame) -> tuple[tuple[date, frozenset[str]], ...]:
    rows = activities[activities["on"].notna() & activities["agents"].notna()]
    return tuple(
        (row.on.date(), frozenset(code.strip() for code in row.agents.split("|")))
        for row in rows.itertuples()
        if row.state in {"prevu", "realise"}
        and row.kind in {"maraude", "tour_de_rue", "visite_partenaire"}
    )


def tours_of(stop: Stop, tours: pd.DataFrame | None) -> list[tuple[int, int]]:
    """Return (node, minutes) of the drawn tours that walk the streets of a stop."""
    if tours is None or not stop.streets:
        return []
    same = tours[(tours["zone_id"] == stop.zone_id) & (tours["streets"] == "|".join(stop.streets))]
    return [(int(r.node), int(np.ceil(r.seconds / 60))) for r in same.itertuples()]


def marked(spans: Iterable[Span]) -> NDArray[np.bool_]:
    """Return the minutes [1440] of a day that `spans` hold."""
    held = np.zeros(DAY_MIN, bool)
    for start, end in spans:
        held[start:end] = True
    return held


def minutes_of(text: str) -> int:
    """Return « HH:MM » as minutes after midnight."""
    hour, minute = text.split(":")
    return 60 * int(hour) + int(minute)


def named(session: Session) -> str:
    """Return « Maraude : Zone 1 », its day and its hour, for the eye."""
    return f"« {session.title} », {day_words(session.on)} à {clock(session.start_min)}"


def _added(edits: Iterable[WeekEdit]) -> list[Slot]:
    """Return the absences and appointments that the edits of a week add."""
    kinds = {EditKind.ABSENCE: "absent", EditKind.APPOINTMENT: "reunion"}
    return [
        Slot(
            f"ajout-{n}", edit.agent, None, edit.on, edit.on, edit.start_min or 0,
            DAY_MIN if edit.end_min is None else edit.end_min, "toutes", kinds[edit.kind],
            edit.target or None,
        )
        for n, edit in enumerate(edits)
        if edit.kind in kinds
    ]  # fmt: skip


def _ways(
    plan: WeekPlan,
    zones: Mapping[str, Gap],
    tours: pd.DataFrame | None,
    walks: Walks,
    settings: Settings,
) -> Ways:
    """Ask once for the minutes between all the points that the plan may speak of."""
    stops = [t for s in plan.sessions for t in s.stops]
    ids = {f"p:{s.place_id}" for s in plan.sessions if s.place_id}
    ids |= {f"p:{t.place_id}" for t in stops if t.place_id}
    ids |= {f"n:{node}" for t in stops for node, _ in tours_of(t, tours)}
    seen = {t.zone_id for t in stops if t.place_id is None} & set(zones)
    ids |= {f"c:{cell}" for zone in seen for cell in zones[str(zone)].cells}
    points = sorted(ids)
    table = np.asarray(walks.minutes(points, points), dtype=float) if points else np.zeros((0, 0))
    return Ways({p: i for i, p in enumerate(points)}, table, settings, rides_of(walks))
