"""Changes of a week put to work: slots, shut doors, wanted visits, and outings kept as they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.week_judge import week_faults
from territory.analysis.routing.week_problem import Walked
from territory.model.week_edits import EditKind
from territory.planning.explain import lock_moved
from territory.planning.outings import timed_visits
from territory.planning.records import DAY_MIN, Slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from territory.model.week_edits import WeekEdit
    from territory.model.week_results import Session, WeekPlan
    from territory.planning.visit_options import DoorOpen
    from territory.planning.week_scene import WeekScene

STAY_PEOPLE = 3.0  # moving a stop that the team was told of must bring more than that
SAME_HOURS_PEOPLE = 0.1  # a window that keeps the hours told, beside another of the same half-day
WANTED_PEOPLE = 500.0  # a visit the coordinator asked for: before all but guarantees
NOT_MADE = -np.inf


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a search starts: `begin` [routes], routes `frozen`, titles of locks that broke."""

    begin: tuple[Walked, ...]
    frozen: NDArray[np.bool_]
    broken: tuple[str, ...]


def edit_slots(edits: Mapping[int, WeekEdit]) -> tuple[Slot, ...]:
    """Return the absences and appointments added to a week, as lines of availability."""
    kinds = {EditKind.ABSENCE: "absent", EditKind.APPOINTMENT: "reunion"}
    return tuple(
        Slot(
            f"changement-{n}", e.agent, None, e.on, e.on,
            0 if e.start_min is None else e.start_min,
            DAY_MIN if e.end_min is None else e.end_min,
            "toutes", kinds[e.kind], e.target or None,
        )
        for n, e in sorted(edits.items())
        if e.kind in kinds
    )  # fmt: skip


def open_after(doors: Sequence[DoorOpen], edits: Iterable[WeekEdit]) -> tuple[DoorOpen, ...]:
    """Return the doors that no exclusion shuts; one may shut a place, a zone, for a time or all."""
    shut = [e for e in edits if e.kind is EditKind.EXCLUDE]
    return tuple(d for d in doors if not any(_concerns(e, d) and not e.half_day for e in shut))


def edit_bonus(
    scene: WeekScene, edits: Iterable[WeekEdit], before: WeekPlan | None
) -> NDArray[np.float64]:
    """
    Return what changes the worth of visits, people [visits, routes].

    What was asked for is worth much more, what is excluded in a half-day is not made, and a stop
    that stays with the same team in the same half-day as in the plan `before` is worth a little
    more than elsewhere; half of that without the other team that came along, or with one more.
    """
    bonus = np.zeros(scene.problem.value.shape)
    for edit in edits:
        if edit.kind is EditKind.PLACE:
            bonus += WANTED_PEOPLE * _where(edit, scene)
        elif edit.kind is EditKind.EXCLUDE and edit.half_day:
            bonus[_where(edit, scene)] = NOT_MADE
    if before is not None:
        for session in (s for s in before.sessions if not s.fixed):
            same = _of_session(session, scene)
            whole = np.array([w.partners == session.partners for w in scene.windows], bool)
            bonus += STAY_PEOPLE * same * np.where(whole, 1.0, 0.5)
    return bonus


def hours_bonus(scene: WeekScene, kept: Kept) -> NDArray[np.float64]:
    """Return what the visits of the outings kept are worth more [visits, routes] at their hours."""
    bonus = np.zeros(scene.problem.value.shape)
    for r, walked in enumerate(kept.begin):
        bonus[list(walked.visits), r] = SAME_HOURS_PEOPLE
    return bonus


def kept_routes(
    scene: WeekScene, edits: Iterable[WeekEdit], before: WeekPlan | None, least_min: int
) -> Kept:
    """
    Return the outings of the plan `before` as routes of the scene, those locked frozen.

    An outing that no window holds any more is not begun with; when it was locked, its title is in
    `broken`. Locked outings come first, so that no other takes their place. Outings shorter than
    `least_min` minutes walk their streets longer.
    """
    locked = {e.target for e in edits if e.kind is EditKind.LOCK}
    begin = [Walked()] * scene.problem.n_routes
    frozen, broken = np.zeros(scene.problem.n_routes, bool), []
    sessions = [] if before is None else [s for s in before.sessions if not s.fixed]
    for session in sorted(sessions, key=lambda s: (s.session_id not in locked, s.session_id)):
        held = session.session_id in locked
        route = _route_of(session, scene, begin, least_min, locked=held)
        if route is not None:
            begin[route[0]] = route[1]
            frozen[route[0]] = held
        elif held:
            broken.append(session.title)
    return Kept(tuple(begin), frozen, tuple(broken))


def stop_key(place_id: str | None, zone_id: str | None) -> str:
    """Return the key of the option behind a stop."""
    return place_id if place_id is not None else f"z:{zone_id}"


def _concerns(edit: WeekEdit, door: DoorOpen) -> bool:
    zone, place = door.option.zone, door.option.place
    names = {zone.zone_id if zone else None, place.place_id if place else None}
    return edit.target in names and edit.on in {None, door.on}


def _where(edit: WeekEdit, scene: WeekScene) -> NDArray[np.bool_]:
    """Say which visits [visits] in which routes [routes] a change speaks of."""
    doors = np.array([_concerns(edit, d) for d in scene.doors], bool)
    routes = np.array(
        [
            edit.on in {None, w.on}
            and edit.half_day in {"", w.half_day}
            and (not edit.agent or edit.agent in w.agents)
            for w in scene.windows
        ],
        bool,
    )
    both: NDArray[np.bool_] = np.logical_and(doors[:, np.newaxis], routes[np.newaxis, :])
    return both


def _of_session(session: Session, scene: WeekScene) -> NDArray[np.bool_]:
    keys = {stop_key(s.place_id, s.zone_id) for s in session.stops}
    doors = np.array([d.option.key in keys and d.on == session.on for d in scene.doors], bool)
    routes = np.array([_same_team(session, w) for w in scene.windows], bool)
    both: NDArray[np.bool_] = np.logical_and(doors[:, np.newaxis], routes[np.newaxis, :])
    return both


def _same_team(session: Session, window: object) -> bool:
    told = (session.on, session.half_day, session.agents)
    return told == (window.on, window.half_day, window.agents)  # type: ignore[attr-defined]


def _route_of(
    session: Session, scene: WeekScene, begun: Sequence[Walked], least_min: int, *, locked: bool
) -> tuple[int, Walked] | None:
    """
    Return the route and its visits that repeat an outing with every rule kept, None if none.

    The one whose hours are the nearest: people were told when to expect somebody. With the same
    other team, which only an outing that is not `locked` may lose.
    """
    found = []
    for r, window in enumerate(scene.windows):
        if begun[r].visits or not _same_team(session, window):
            continue
        other = window.partners != session.partners
        if other and locked:
            continue
        for walked in _visits_of(session, scene):
            plan = list(begun)
            plan[r] = walked
            if not week_faults(scene.problem, plan):
                moved = _moved_min(session, r, walked, scene, least_min)
                found.append(((other, moved), r, walked))
    nearest = min(found, key=lambda f: f[0], default=None)
    return None if nearest is None else nearest[1:]


def _moved_min(
    session: Session, route: int, walked: Walked, scene: WeekScene, least_min: int
) -> int:
    """Return by how many minutes the stops of an outing move when a route repeats it."""
    now = timed_visits(route, walked, scene, least_min)
    return sum(
        abs(v.arrive_min - s.arrive_min) + abs(v.leave_min - s.leave_min)
        for v, s in zip(now, session.stops, strict=True)
    )


def _visits_of(session: Session, scene: WeekScene) -> Iterable[Walked]:
    """Yield the stops of an outing as visits, rounds in the streets nearest in length first."""
    found: list[list[int]] = []
    for stop in session.stops:
        key = stop_key(stop.place_id, stop.zone_id)
        same = [v for v, d in enumerate(scene.doors) if d.option.key == key and d.on == session.on
                and d.start_span[0] <= stop.arrive_min <= d.start_span[1]]  # fmt: skip
        lasting = stop.leave_min - stop.arrive_min
        found.append(
            sorted(same, key=lambda v: (abs(scene.doors[v].option.service_min - lasting), v))
        )
    if all(found):
        most = max(len(f) for f in found)
        for k in range(most):
            yield Walked(tuple(f[min(k, len(f) - 1)] for f in found))


def added_worth(bonus: NDArray[np.float64], routes: Sequence[Walked]) -> float:
    """Return how much of the value of a plan [routes] is what changes added, not its own worth."""
    return sum(float(bonus[v, r]) for r, walked in enumerate(routes) for v in walked.visits)


def is_excluded(edits: Iterable[WeekEdit], zone_id: str) -> bool:
    """Whether a change leaves a zone out of the whole week."""
    return any(
        e.kind is EditKind.EXCLUDE and e.target == zone_id and e.on is None and not e.half_day
        for e in edits
    )


def locks_moved(plan: WeekPlan, edits: Iterable[WeekEdit], before: WeekPlan | None) -> list[str]:
    """Return a French sentence for each outing under lock that is no more at its hours."""
    locked = {e.target for e in edits if e.kind is EditKind.LOCK}
    old = {s.session_id: s for s in before.sessions} if before is not None else {}
    return [
        lock_moved(old[s.session_id].title, (old[s.session_id].start_min, s.start_min))
        for s in plan.sessions
        if s.session_id in locked & set(old) and _hours(s) != _hours(old[s.session_id])
    ]


def _hours(session: Session) -> list[tuple[int, int]]:
    return [(s.arrive_min, s.leave_min) for s in session.stops]


def with_locks(plan: WeekPlan, edits: Iterable[WeekEdit]) -> WeekPlan:
    """Return the plan with the outings under lock marked so."""
    locked = {e.target for e in edits if e.kind is EditKind.LOCK}
    marked = tuple(replace(s, locked=s.session_id in locked) for s in plan.sessions)
    return replace(plan, sessions=marked)
