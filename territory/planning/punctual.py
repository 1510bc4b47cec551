"""The hours of an outing set by the real timetable: a visit starts when the bus is there."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from territory.planning.legs import on_streets, patrolled_m
from territory.planning.riding import Going, Taken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.planning.outings import Visit
    from territory.planning.week_scene import WeekScene


def goings(route: int, visits: Sequence[Visit], scene: WeekScene) -> list[Going]:
    """Return the legs of an outing as the plan reckons them, the way back included."""
    w, legs, window = scene.problem.windows, scene.problem.legs, scene.windows[route]
    pace = w.pace[route]
    points = [w.start[route], *(scene.problem.visits.point[v.node] for v in visits), w.end[route]]
    found = []
    for a, b in pairwise(int(p) for p in points):
        metres = int(legs.metres[pace, a, b]) - patrolled_m(scene.points[a])
        names = on_streets(scene.points[a]), on_streets(scene.points[b])
        minutes = int(legs.minutes[pace, a, b])
        found.append(Going(window.on, *names, window.slowness, minutes, metres))
    return found


def on_time(route: int, made: tuple[Visit, ...], scene: WeekScene) -> tuple[Visit, ...]:
    """
    Return the visits, each begun later when what one rides to it comes later, if doors allow it.

    Where they do not, the visit keeps its hour.
    """
    legs, riding = goings(route, made, scene), scene.riding
    found: list[Visit] = []
    leave = int(scene.problem.windows.begin[route])
    for visit, leg in zip(made, legs, strict=False):
        moved = max(visit.arrive_min, riding.arrival_min(leg, leave))
        if moved > int(scene.problem.visits.latest[visit.node]):
            moved = visit.arrive_min
        lasts = visit.leave_min - visit.arrive_min
        found.append(replace(visit, arrive_min=moved, leave_min=moved + lasts))
        leave = found[-1].leave_min
    return tuple(found)


def taken(route: int, visits: Sequence[Visit], scene: WeekScene) -> tuple[Taken, ...]:
    """Return how to go to each visit and back: minutes, metres walked, vehicles to take."""
    (first, *others), riding, w = goings(route, visits, scene), scene.riding, scene.problem.windows
    by = visits[0].arrive_min
    left = riding.leaving_min(first, by, int(w.begin[route]))
    found = [replace(riding.taken(first, left, by), minutes=by - left)]
    bys = [*(v.arrive_min for v in visits[1:]), int(w.finish[route])]
    for visit, leg, by_min in zip(visits, others, bys, strict=True):
        found.append(riding.taken(leg, visit.leave_min, by_min))
    return tuple(found)
