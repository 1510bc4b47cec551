"""The week of a team as arrays, and what each number of them stands for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.week_problem import (
    NOBODY,
    Groups,
    Limits,
    Team,
    Visits,
    WeekProblem,
    Windows,
)
from territory.planning.calendar import OUTINGS
from territory.planning.joint_windows import joint_clashes
from territory.planning.legs import FAR, Pace, leg_times, on_streets, paces_of, patrolled_m
from territory.planning.riding import Riding
from territory.planning.team_windows import ANYWHERE, Shifts, TeamWindow, lunch_left
from territory.planning.yield_values import mode_of, slot_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from territory.model.results import Gap
    from territory.planning.lead_up import LeadUp
    from territory.planning.records import Agent
    from territory.planning.visit_options import DoorOpen, Option
    from territory.planning.walks import Walks
    from territory.planning.yield_values import Yields
    from territory.settings import Settings

PAIR_PRICE = 50.0  # people: no plan gives up a wanted pair for less
WALK_PRICE = 0.0005  # people for a metre: a kilometre more is worth half a person
REPEAT = 0.5  # a second visit in the week beside the first


@dataclass(frozen=True, slots=True)
class WeekScene:
    """
    The problem and its meaning: `doors` [visits], `windows` [routes], `points` names [points].

    `people` [visits, routes] are those expected at a visit; `groups` the keys of options, `zones`
    the zone_ids, `agents` the workers, in the order of the arrays of the problem; `yields` what was
    learned of places (None: nothing); `riding` the timetable that legs rest on; `kinds` of places
    of which only so many visits are allowed, in the order of the budgets of the problem.
    """

    problem: WeekProblem
    doors: tuple[DoorOpen, ...]
    windows: tuple[TeamWindow, ...]
    points: tuple[str, ...]
    groups: tuple[str, ...]
    zones: tuple[str, ...]
    agents: tuple[Agent, ...]
    people: np.ndarray
    yields: Yields | None = None
    riding: Riding = field(default_factory=Riding)
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """
    What makes a visit worth more or less beside the people expected.

    `zone_people` by zone_id for a round of `usual_min` minutes in its streets, less for a shorter
    one; `required` by zone_id for any such round; `bonus` [visits, routes] more people (None:
    none); `pair_only` place_ids; `most` outings of the week by agent; `yields` people learned
    (None: nothing was). `lead_up`: what a round before a permanence near by is worth more (None:
    nothing), `joint` what an hour of stops with another team is.
    """

    zone_people: Mapping[str, float]
    usual_min: int
    required: Mapping[str, float]
    bonus: np.ndarray | None
    pair_only: frozenset[str]
    most: Mapping[str, int]
    lead_up: LeadUp | None = None
    yields: Yields | None = None
    joint: float = 0.0


def week_scene(
    doors: Sequence[DoorOpen],
    windows: Sequence[TeamWindow],
    shifts: Shifts,
    wishes: Wishes,
    walks: Walks,
    settings: Settings,
) -> WeekScene:
    """Return the scene of a week; the order of its parts depends on their contents only."""
    teams = sorted(shifts.sources.team, key=lambda a: a.code)
    routes = tuple(w for w in windows if _keeps_lunch([w], shifts))
    points = sorted({p for w in routes for p in (w.start_id, w.end_id)}
                    | {d.option.point_id for d in doors})  # fmt: skip
    pace = paces_of(routes, walks)
    paces = sorted(set(pace), key=Pace.order)
    groups = sorted({d.option.key for d in doors})
    zones = sorted({d.option.zone.zone_id for d in doors if d.option.zone is not None})
    week, people = settings.week, _people(doors, routes, wishes)
    problem = WeekProblem(
        legs=leg_times(points, paces, walks, settings),
        visits=_visits(doors, points, groups),
        groups=_groups(doors, groups, zones, week.spacing_days),
        windows=_windows(routes, points, [paces.index(p) for p in pace], teams, shifts),
        team=_team(teams, shifts, wishes, settings),
        value=_values(doors, routes, (*teams, *shifts.sources.partners), wishes, people),
        walk_price=WALK_PRICE,
        pairs=-1 if week.pairs_week is None else week.pairs_week,
        pair_price=PAIR_PRICE,
        limits=_limits(doors, groups, week.kind_most),
    )
    return WeekScene(
        problem, tuple(doors), routes, tuple(points), tuple(groups), tuple(zones), tuple(teams),
        people, wishes.yields, Riding(walks, settings.walk.speed_kmh * 1000 / 60),
        tuple(sorted(week.kind_most)),
    )  # fmt: skip


def _visits(doors: Sequence[DoorOpen], points: Sequence[str], groups: Sequence[str]) -> Visits:
    at, key = _places_in(points), _places_in(groups)
    starts = np.array([d.start_span for d in doors], np.int64).reshape(-1, 2)
    service = np.array([d.option.service_min for d in doors], np.int64)
    return Visits(
        point=np.array([at[d.option.point_id] for d in doors], np.int64),
        group=np.array([key[d.option.key] for d in doors], np.int64),
        day=np.array([d.on.toordinal() for d in doors], np.int64),
        opens=starts[:, 0].copy(),
        latest=starts[:, 1].copy(),
        service=service,
        burden=service / 60.0,
    )


def _places_in(names: Sequence[str]) -> dict[str, int]:
    return {name: i for i, name in enumerate(names)}


def _groups(
    doors: Sequence[DoorOpen],
    groups: Sequence[str],
    zones: Sequence[str],
    apart: int,
) -> Groups:
    at = _places_in(zones)
    zone = {d.option.key: at[d.option.zone.zone_id] if d.option.zone else NOBODY for d in doors}
    return Groups(
        most=np.ones(len(groups), np.int64),
        repeat=np.full(len(groups), REPEAT),
        apart=np.zeros(len(groups), np.int64),
        zone=np.array([zone[g] for g in groups], np.int64),
        zone_bonus=np.zeros(len(zones)),
        zone_apart=np.full(len(zones), apart, np.int64),
    )


def _limits(
    doors: Sequence[DoorOpen], groups: Sequence[str], most: Mapping[str, int]
) -> Limits | None:
    """Return the visits allowed of each kind of place, in the order of kinds; None: no limit."""
    if not most:
        return None
    kind = {d.option.key: d.option.place.kind for d in doors if d.option.place is not None}
    charge = [[kind.get(g) == k for k in sorted(most)] for g in groups]
    return Limits(
        np.array(charge, np.int64).reshape(len(groups), len(most)),
        np.array([most[k] for k in sorted(most)], np.int64),
    )


def _windows(
    routes: Sequence[TeamWindow],
    points: Sequence[str],
    pace: Sequence[int],
    teams: Sequence[Agent],
    shifts: Shifts,
) -> Windows:
    at = _places_in(points)
    who = {a.code: i for i, a in enumerate(teams)}
    none = np.zeros(len(routes), np.int64)
    walkers = np.full((len(routes), 2), NOBODY, np.int64)
    for r, w in enumerate(routes):
        walkers[r, : len(w.agents)] = [who[c] for c in w.agents]
    return Windows(
        day=np.array([w.on.toordinal() for w in routes], np.int64),
        start=np.array([at[w.start_id] for w in routes], np.int64),
        end=np.array([at[w.end_id] for w in routes], np.int64),
        begin=np.array([w.begin_min for w in routes], np.int64),
        finish=np.array([w.finish_min for w in routes], np.int64),
        pace=np.array(pace, np.int64),
        walkers=walkers,
        half_days=np.ones(len(routes), np.int64),
        lunch_min=none,
        lunch_opens=none,
        lunch_latest=none,
        clash=_clashes(routes, shifts),
    )


def _clashes(routes: Sequence[TeamWindow], shifts: Shifts) -> np.ndarray:
    """
    Two windows of one worker clash when they overlap, leave no lunch, or no time between.

    Those of one half-day also where one is in between is not known.
    """
    clash = joint_clashes(routes, shifts.minutes)
    by_day: dict[date, list[int]] = {}
    for r, w in enumerate(routes):
        by_day.setdefault(w.on, []).append(r)
    for same_day in by_day.values():
        for a, b in combinations(same_day, 2):
            if set(routes[a].agents) & set(routes[b].agents):
                clash[a, b] |= not _follow(routes[a], routes[b], shifts)
                clash[b, a] = clash[a, b]
    return clash


def _follow(a: TeamWindow, b: TeamWindow, shifts: Shifts) -> bool:
    first, then = sorted((a, b), key=lambda w: w.begin_min)
    if first.finish_min > then.begin_min:
        return False
    nowhere = ANYWHERE in (first.end_id, then.start_id)
    if nowhere and first.half_day == then.half_day:  # how far one goes in between is not known
        return False
    slow = max(a.slowness, b.slowness)
    between = shifts.minutes(first.end_id, then.start_id, slow)
    return first.finish_min + between <= then.begin_min and _keeps_lunch([a, b], shifts)


def _keeps_lunch(windows: Sequence[TeamWindow], shifts: Shifts) -> bool:
    """Whether everybody of these windows still has lunch; nobody is asked whose day had none."""
    on = windows[0].on
    for agent in {code for w in windows for code in w.agents}:
        kept = [a.span for a in shifts.agenda.appointments if a.on == on and agent in a.agents]
        own = [(w.begin_min, w.finish_min) for w in windows if agent in w.agents]
        if lunch_left(kept, shifts.lunch) and not lunch_left([*kept, *own], shifts.lunch):
            return False
    return True


def _team(teams: Sequence[Agent], shifts: Shifts, wishes: Wishes, settings: Settings) -> Team:
    out = Counter(g for a in shifts.agenda.appointments if a.kind in OUTINGS for g in a.agents)
    week, usual = settings.week, settings.week.maraudes_per_agent
    most = [max(0, min(usual, wishes.most.get(a.code, usual)) - out[a.code]) for a in teams]
    walk = [min(week.walk_max_m, a.walk_max_m or FAR) for a in teams]
    return Team(
        walk_max_m=np.array(walk, np.int64),
        half_days_most=np.array(most, np.int64),
        due=np.zeros(len(teams)),
    )


def _values(
    doors: Sequence[DoorOpen],
    routes: Sequence[TeamWindow],
    teams: Sequence[Agent],
    wishes: Wishes,
    people: np.ndarray,
) -> np.ndarray:
    priority = np.array([_priority(d.option, wishes) for d in doors], float)
    priority += WALK_PRICE * np.array([patrolled_m(d.option.point_id) for d in doors], float)
    day = np.array([d.on.toordinal() for d in doors], np.int64)
    alone = np.array([len(w.agents) == 1 for w in routes], bool)
    to_pair = np.array([_needs_pair(d.option, wishes) for d in doors], bool)
    covered = np.array([_covered(d, routes, teams) for d in doors], bool)
    allowed = day[:, None] == np.array([w.on.toordinal() for w in routes], np.int64)[None, :]
    allowed &= covered.reshape(allowed.shape) & ~(to_pair[:, None] & alone[None, :])
    at_an_end = [[d.option.point_id in (w.start_id, w.end_id) for w in routes] for d in doors]
    allowed &= ~np.array(at_an_end, bool).reshape(allowed.shape)  # one is there anyway
    hours = np.array([d.option.service_min / 60 for d in doors], float)
    joint = np.array([bool(w.partner) for w in routes], bool)
    value = people + priority[:, None] + wishes.joint * hours[:, None] * joint[None, :]
    if wishes.bonus is not None:
        value = value + wishes.bonus
    return np.where(allowed, value, -np.inf)


def _people(doors: Sequence[DoorOpen], routes: Sequence[TeamWindow], wishes: Wishes) -> np.ndarray:
    """Return people expected at each visit in each route; nothing learned: those of its kind."""
    people = np.repeat(
        np.array([d.option.people for d in doors], float)[:, None], len(routes), axis=1
    )
    if wishes.lead_up is not None:
        people *= 1.0 + _lead_ups(doors, routes, wishes.lead_up)
    learned = wishes.yields
    if learned is None:
        return people
    slots = [(w.on, slot_of(w.on, w.half_day), mode_of(w.agents)) for w in routes]
    for v, door in enumerate(doors):
        place = door.option.place
        if place is not None:
            for r, (on, slot, mode) in enumerate(slots):
                if on == door.on:
                    people[v, r] = learned.people[place.place_id, slot, mode] * door.option.factor
    return people


def _lead_ups(doors: Sequence[DoorOpen], routes: Sequence[TeamWindow], lead: LeadUp) -> np.ndarray:
    """Return the share more of each round in each route, 0 for places."""
    more = np.zeros((len(doors), len(routes)))
    for v, door in enumerate(doors):
        point = on_streets(door.option.point_id)
        if door.option.place is None and point in lead.near:
            more[v] = [lead.more(point, w.on, w.finish_min) for w in routes]
    return more


def _priority(option: Option, wishes: Wishes) -> float:
    """Return what a round is worth beside the people met: the zone lacks a presence, not a stop."""
    if option.place is not None or option.zone is None:
        return 0.0
    zone_id = option.zone.zone_id
    whole = wishes.zone_people.get(zone_id, 0.0) * min(option.service_min / wishes.usual_min, 1.0)
    return whole + wishes.required.get(zone_id, 0.0)


def _needs_pair(option: Option, wishes: Wishes) -> bool:
    return option.place is not None and option.place.place_id in wishes.pair_only


def _covered(door: DoorOpen, routes: Sequence[TeamWindow], teams: Sequence[Agent]) -> list[bool]:
    """Say for each route whether all who walk it cover the commune of the option."""
    able = {a.code for a in teams if covers(a, commune_of(door.option))}
    return [able.issuperset((*w.agents, *w.partners)) for w in routes]


def commune_of(option: Option) -> str | None:
    """Return the commune of an option, None when unknown."""
    if option.place is not None and option.place.commune is not None:
        return option.place.commune
    return option.zone.commune_code if option.zone is not None else None


def covers(agent: Agent, commune: str | None) -> bool:
    """Whether a worker goes to a commune: those of the team table, all when none is written."""
    return not agent.communes or commune is None or commune in agent.communes


def zone_people(zones: Sequence[Gap], people: float) -> dict[str, float]:
    """Return what going at all to each zone is worth, people: `people` for the highest score."""
    top = max((g.score for g in zones), default=0.0)
    return {g.zone_id: people * (max(g.score, 0.0) / top if top > 0 else 1.0) for g in zones}
