"""The week of the team: appointments kept, outings in the free time where they bring most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.freshness import fact_freshness
from territory.analysis.routing.week import best_week
from territory.model.french_calendar import calendar_of
from territory.model.week_results import WeekPlan
from territory.planning import explain
from territory.planning.calendar import Sources, agenda, assumed_hours, half_day, week_days
from territory.planning.left_out import zones_left
from territory.planning.legs import FAR, leg_times
from territory.planning.outings import outing
from territory.planning.records import place_records, planned_records, slot_records, team_records
from territory.planning.rule_effects import Effects
from territory.planning.sessions import fixed_session
from territory.planning.shelters import sheltered
from territory.planning.team_windows import Shifts, team_windows
from territory.planning.visit_options import doors_open, place_options, street_options
from territory.planning.walks import Walks, network_walks, remembered
from territory.planning.week_scene import Wishes, week_scene, zone_people

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from territory.analysis.routing.week_problem import WeekOutcome
    from territory.model.results import Gap
    from territory.model.week_results import Session
    from territory.planning.calendar import Agenda, Appointment
    from territory.planning.records import Place
    from territory.planning.week_scene import WeekScene
    from territory.settings import Settings

__all__ = ["Walks", "network_walks", "plan_week"]


@dataclass(frozen=True)
class Desk:
    """What one week is planned from, once read: days, records, appointments, rules, walks."""

    days: tuple[date, ...]
    sources: Sources
    agenda: Agenda
    effects: Effects
    walks: Walks
    settings: Settings


def plan_week(  # noqa: PLR0913 - one keyword per table of the week
    week: str,
    *,
    gaps: Sequence[Gap],
    places: pd.DataFrame,
    team: pd.DataFrame,
    availability: pd.DataFrame,
    activities: pd.DataFrame,
    need: pd.DataFrame,
    walks: Walks,
    settings: Settings,
    facts: pd.DataFrame | None = None,
    effects: Effects | None = None,
    seed: int = 0,
) -> WeekPlan:
    """
    Return the plan of one ISO week (« 2026-W48 »).

    Appointments (weekly permanences, meetings, trainings, activities of state `prevu`) are kept
    as they are. In what is left free, places and streets are visited where they bring most
    (`best_week`), zones of `gaps` first. Every zone not visited is listed with the rule that kept
    it out. `effects` are those of the team's own rules; `facts` (facts.FACT_TABLE) tell which hours
    are old. `need` (index cell_id) gives `target`, people; `walks` gives minutes and paths in
    metres, metric CRS. Same input, in any row order, and same `seed`, same plan. Raises WrongUsage
    when `week` is no ISO week.
    """
    desk = _desk(week, places, team, availability, activities, walks, settings, facts, effects)
    since = weeks_since_visits(activities, desk.days[0])
    scene = _scene(desk, sorted(gaps, key=lambda g: (g.rank, g.zone_id)), need, since)
    limits = settings.week
    found = best_week(
        scene.problem, time_limit_s=limits.seconds, iterations=limits.iterations, seed=seed
    )
    return WeekPlan(
        week=week,
        sessions=_numbered(week, _sessions(found, scene, desk)),
        left_out=(*zones_left(gaps, scene, found.routes, desk), *desk.agenda.lost),
        warnings=_warnings(desk),
        ending=found.ending,
        seed=seed,
        value=found.value,
        bound=found.bound if np.isfinite(found.bound) else None,
    )


def _desk(  # noqa: PLR0913, PLR0917 - the tables of plan_week
    week: str,
    places: pd.DataFrame,
    team: pd.DataFrame,
    availability: pd.DataFrame,
    activities: pd.DataFrame,
    walks: Walks,
    settings: Settings,
    facts: pd.DataFrame | None,
    effects: Effects | None,
) -> Desk:
    days, rules = week_days(week), effects or Effects()
    judged = None if facts is None else fact_freshness(facts, settings.freshness.limits, days[0])
    sources = Sources(
        team_records(team),
        (*slot_records(availability), *rules.slots),
        _welcoming(place_records(places, days[0], judged), rules),
        planned_records(activities),
        calendar_of(settings.ground.communes),
    )
    return Desk(days, sources, agenda(days, sources), rules, remembered(walks), settings)


def weeks_since_visits(activities: pd.DataFrame, before: date) -> dict[str, float]:
    """Return weeks from the last outing done at each place to the day `before`, by place_id."""
    done = activities[activities["state"].eq("realise").fillna(value=False).astype(bool)]
    done = done[done["place_id"].notna() & (done["on"] < pd.Timestamp(before))]
    last = done.groupby("place_id")["on"].max()
    return {str(key): (pd.Timestamp(before) - on).days / 7 for key, on in last.items()}


def _scene(
    desk: Desk, ranked: Sequence[Gap], need: pd.DataFrame, since: Mapping[str, float]
) -> WeekScene:
    rules, walks = desk.settings.week, desk.walks
    shifts = Shifts(desk.agenda, desk.sources, rules, desk.settings.walk.speed_kmh, _minutes(desk))
    options = (
        *street_options(ranked, need, rules),
        *place_options(desk.sources.places, ranked, walks, rules, since),
    )
    doors = doors_open(options, desk.days, desk.sources.calendar, desk.effects)
    wishes = Wishes(
        zone_people=zone_people(ranked, rules.zone_people),
        bonus=None,
        pair_only=frozenset(
            key for key, p in desk.sources.places.items() if p.kind in rules.pair_kinds
        )
        | desk.effects.pair_only,
        most=desk.effects.most,
        due={},
        unfairness=0.0,
    )
    windows = team_windows(desk.days, shifts)
    return week_scene(doors, windows, shifts, wishes, walks, desk.settings)


def _minutes(desk: Desk) -> Callable[[str, str, float], float]:
    def minutes(a: str, b: str, slow: float) -> float:
        if a == b:
            return 0.0
        return min(
            float(leg_times([a, b], [slow], desk.walks, desk.settings).minutes[0, 0, 1]), FAR
        )

    return minutes


def _welcoming(places: Mapping[str, Place], rules: Effects) -> dict[str, Place]:
    return {key: replace(p, avoided=key in rules.avoided) for key, p in places.items()}


def _sessions(found: WeekOutcome, scene: WeekScene, desk: Desk) -> list[Session]:
    rules = desk.settings.week
    coming = _coming_permanences(desk)
    fixed = [fixed_session(a, half_day(a.start_min, rules)) for a in desk.agenda.appointments]
    made = [
        outing(r, walked, scene, coming, desk.walks, rules.maraude_min_min)
        for r, walked in enumerate(found.routes)
        if walked.visits
    ]
    points = {d.option.zone.zone_id: d.option.point_id for d in scene.doors
              if d.option.zone is not None and d.option.place is None}  # fmt: skip
    sources = desk.sources
    return [*fixed, *sheltered(made, sources.places, desk.walks, sources.calendar, points)]


def _coming_permanences(desk: Desk) -> list[Appointment]:
    """Return the permanences of this week and the next, where a round may send people."""
    after = tuple(d + timedelta(days=7) for d in desk.days)
    both = [*desk.agenda.appointments, *agenda(after, desk.sources).appointments]
    return [a for a in both if a.kind == "permanence" and a.place_id]


def _numbered(week: str, sessions: Sequence[Session]) -> tuple[Session, ...]:
    ordered = sorted(sessions, key=lambda s: (s.on, s.start_min, s.agents, s.kind, s.title))
    return tuple(replace(s, session_id=f"{week}-{n:02d}") for n, s in enumerate(ordered, start=1))


def _warnings(desk: Desk) -> tuple[str, ...]:
    team, rules = desk.sources.team, desk.settings.week
    empty = [] if team else [explain.nobody()]
    return (*empty, *assumed_hours(team, desk.sources.slots, rules), *desk.agenda.warnings)
