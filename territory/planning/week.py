"""The week of the team: appointments kept, outings in the free time where they bring most."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.week import best_week
from territory.model.week_results import WeekPlan
from territory.planning import explain
from territory.planning.calendar import agenda, assumed_hours, half_day
from territory.planning.desk import Asks, Desk, week_desk, weeks_since_visits
from territory.planning.ledger import dues
from territory.planning.left_out import zones_left
from territory.planning.outings import outing
from territory.planning.sessions import fixed_session
from territory.planning.shelters import sheltered
from territory.planning.team_windows import Shifts, team_windows
from territory.planning.visit_options import doors_open, place_options, street_options
from territory.planning.walks import Walks, network_walks
from territory.planning.week_scene import Wishes, week_scene, zone_people

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from territory.analysis.routing.week_problem import WeekOutcome
    from territory.model.results import Gap
    from territory.model.week_results import Session
    from territory.planning.calendar import Appointment
    from territory.planning.rule_effects import Effects
    from territory.planning.week_scene import WeekScene
    from territory.settings import Settings

__all__ = ["Asks", "Walks", "network_walks", "plan_week"]
REQUIRED_PEOPLE = 1000.0  # what going to a zone that must be visited is worth: before all else
USUAL_OUTING_H = 1.5  # of visits in an outing, for the hours that a week may hold


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
    asks: Asks | None = None,
    seed: int = 0,
) -> WeekPlan:
    """
    Return the plan of one ISO week (« 2026-W48 »).

    Appointments (weekly permanences, meetings, trainings, activities of state `prevu`) are kept
    as they are. In what is left free, places and streets are visited where they bring most
    (`best_week`), zones of `gaps` first. Every zone not visited is listed with the rule that kept
    it out. `effects` are those of the team's own rules, `asks` what is asked beside; `facts`
    (facts.FACT_TABLE) tell which hours are old. `need` (index cell_id) gives `target`, people;
    `walks` gives minutes and paths in metres, metric CRS. Same input, in any row order, and same
    `seed`, same plan. Raises WrongUsage when `week` is no ISO week.
    """
    desk = week_desk(
        week, places=places, team=team, availability=availability, activities=activities,
        walks=walks, settings=settings, facts=facts, effects=effects, asks=asks,
    )  # fmt: skip
    since = weeks_since_visits(activities, desk.days[0])
    scene = drawn_scene(desk, sorted(gaps, key=lambda g: (g.rank, g.zone_id)), need, since)
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


def drawn_scene(
    desk: Desk, ranked: Sequence[Gap], need: pd.DataFrame, since: Mapping[str, float]
) -> WeekScene:
    """Return the scene of a week: windows of teams, doors that open, and what all is worth."""
    rules = desk.settings.week
    shifts = Shifts(desk.agenda, desk.sources, rules, desk.settings.walk.speed_kmh, desk.minutes)
    options = (
        *street_options(ranked, need, rules),
        *place_options(desk.sources.places, ranked, desk.walks, rules, since),
    )
    doors = doors_open(options, desk.days, desk.sources.calendar, desk.effects)
    windows = team_windows(desk.days, shifts)
    return week_scene(doors, windows, shifts, _wishes(desk, ranked), desk.walks, desk.settings)


def _wishes(desk: Desk, ranked: Sequence[Gap]) -> Wishes:
    rules, carried = desk.settings.week, desk.asks.carried
    must = dict.fromkeys(desk.asks.required, REQUIRED_PEOPLE)
    hours = USUAL_OUTING_H * rules.maraudes_per_agent * len(desk.sources.team)
    to_pair = {key for key, p in desk.sources.places.items() if p.kind in rules.pair_kinds}
    return Wishes(
        zone_people=zone_people(ranked, rules.zone_people) | must,
        bonus=None,
        pair_only=frozenset(to_pair) | desk.effects.pair_only,
        most=desk.effects.most,
        due={} if carried is None else dues(carried, hours),
        unfairness=0.0 if carried is None else rules.unfairness,
    )


def _sessions(found: WeekOutcome, scene: WeekScene, desk: Desk) -> list[Session]:
    rules, sources = desk.settings.week, desk.sources
    coming = _coming_permanences(desk)
    fixed = [fixed_session(a, half_day(a.start_min, rules)) for a in desk.agenda.appointments]
    made = [
        outing(r, walked, scene, coming, desk.walks, rules.maraude_min_min)
        for r, walked in enumerate(found.routes)
        if walked.visits
    ]
    points = {d.option.zone.zone_id: d.option.point_id for d in scene.doors
              if d.option.zone is not None and d.option.place is None}  # fmt: skip
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
