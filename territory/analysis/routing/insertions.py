"""Where a visit could be put in a plan that stands, and what little each place of it lacks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from territory.analysis.routing.relaxed import LADDERS, Change, Kind, possible
from territory.analysis.routing.week_judge import charged, timetable
from territory.analysis.routing.week_problem import NOBODY, Walked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from territory.analysis.routing.relaxed import Room
    from territory.analysis.routing.week_problem import WeekProblem


class Lack(NamedTuple):
    """What an insertion misses: `amount` (minutes, metres, days, half-days, units) of a rule."""

    kind: Kind
    amount: int
    target: int  # as in Change; TAKEN: the route that uses the time; HELD, NOON: the route
    route: int  # where it lacks
    at: int = -1  # minutes: FINISH end of the route, CLOSING the visit, HELD the other, NOON lunch


class Insertion(NamedTuple):
    """A visit put in a route, the rest of the plan untouched, and what it lacks (none: it fits)."""

    visit: int
    route: int
    walked: Walked
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan that stands, in lists that are quick to read."""

    problem: WeekProblem
    routes: tuple[Walked, ...]
    minutes: list[list[list[int]]]
    metres: list[list[list[int]]]
    visits: dict[str, list[int]]
    windows: dict[str, list[int]]
    walked_m: dict[tuple[int, int], int]  # (walker, day)
    halves: dict[int, int]  # by walker
    route_m: list[int]
    zone_routes: dict[int, frozenset[int]]
    charged: list[int]  # of each budget

    @property
    def used(self) -> list[int]:
        """The routes that are walked."""
        return [r for r, walked in enumerate(self.routes) if walked.visits]


_OF_TIME = (Kind.FINISH, Kind.CLOSING, Kind.HELD, Kind.NOON)
_VISIT = ("point", "opens", "latest", "service")
_WINDOW = (
    "day", "start", "end", "begin", "finish", "pace", "half_days", "lunch_min", "lunch_opens",
    "lunch_latest",
)  # fmt: skip


def standing(problem: WeekProblem, routes: tuple[Walked, ...]) -> Standing:
    """Return the plan with the sums that insertions need."""
    walked_m: dict[tuple[int, int], int] = defaultdict(int)
    halves: dict[int, int] = defaultdict(int)
    zones: dict[int, set[int]] = defaultdict(set)
    route_m = [timetable(problem, r, w).metres if w.visits else 0 for r, w in enumerate(routes)]
    for r in (r for r, walked in enumerate(routes) if walked.visits):
        for m in _team(problem, r):
            walked_m[m, int(problem.windows.day[r])] += route_m[r]
            halves[m] += int(problem.windows.half_days[r])
        for v in routes[r].visits:
            zones[int(problem.groups.zone[problem.visits.group[v]])].add(r)
    return Standing(
        problem=problem,
        routes=routes,
        minutes=problem.legs.minutes.tolist(),
        metres=problem.legs.metres.tolist(),
        visits={n: getattr(problem.visits, n).tolist() for n in _VISIT},
        windows={n: getattr(problem.windows, n).tolist() for n in _WINDOW},
        walked_m=walked_m,
        halves=halves,
        route_m=route_m,
        zone_routes={z: frozenset(seen) for z, seen in zones.items()},
        charged=charged(problem, routes).tolist(),
    )  # fmt: skip


def allowed(problem: WeekProblem, group: int) -> list[tuple[int, int]]:
    """Return the (visit, route) of a place that are on one day and not forbidden."""
    mine = np.flatnonzero(problem.visits.group == group)
    same = problem.visits.day[mine][:, None] == problem.windows.day[None, :]
    rows, routes = np.nonzero(same & np.isfinite(problem.value[mine]))
    return [(int(mine[i]), int(r)) for i, r in zip(rows, routes, strict=True)]


def insertions(plan: Standing, group: int) -> Iterator[Insertion]:
    """Yield every way to put one visit of a place into the plan, in the order of arrays."""
    for visit, r in allowed(plan.problem, group):
        if visit in plan.routes[r].visits:
            continue
        fixed = _team_lacks(plan, r, int(plan.problem.groups.zone[group]))
        fixed += over_budget(plan, group, r)
        for walked in _placed(plan, r, visit):
            lacks = (*fixed, *shortfalls(plan, r, walked, visit))
            yield Insertion(visit, r, walked, lacks)


def remedies(plan: Standing, insertion: Insertion, room: Room) -> Iterator[Change]:
    """Yield the single changes, of the smallest step that will do, that make an insertion fit."""
    lacks = insertion.lacks
    if len(lacks) == 1 and lacks[0].kind in LADDERS:
        steps = (s for s in LADDERS[lacks[0].kind] if s >= lacks[0].amount)
        for step in steps:
            yield from _sensible(plan, Change(lacks[0].kind, step, lacks[0].target), room)
            break
    if lacks and all(k.kind in _OF_TIME for k in lacks):
        for kind in (Kind.BEGIN, Kind.LUNCH):
            yield from _retimed(plan, insertion, kind, room)
    yield from _helped(plan, insertion)


def _retimed(plan: Standing, insertion: Insertion, kind: Kind, room: Room) -> Iterator[Change]:
    """Yield the smallest earlier begin or shorter lunch that mends the times of a route."""
    r = insertion.route
    if kind is Kind.LUNCH and insertion.walked.lunch_after < 0:
        return
    *_, most = LADDERS[kind]
    if not _mended(plan, insertion, kind, most):  # then no smaller step does: times only come later
        return
    for step in LADDERS[kind]:
        if _mended(plan, insertion, kind, step):
            yield from _sensible(plan, Change(kind, step, r), room)
            return


def _mended(plan: Standing, insertion: Insertion, kind: Kind, step: int) -> bool:
    """Whether the times of a route lack nothing more after a step of an earlier begin or lunch."""
    sooner, shorter = (step, 0) if kind is Kind.BEGIN else (0, step)
    way = insertion.route, insertion.walked, insertion.visit
    return not _time_lacks(plan, *way, sooner=sooner, shorter=shorter)[0]


def _sensible(plan: Standing, change: Change, room: Room) -> Iterator[Change]:
    if possible(plan.problem, change, room):
        yield change


def _helped(plan: Standing, insertion: Insertion) -> Iterator[Change]:
    """Yield the helper who frees one walker of a pair, where that walker is all that lacks."""
    team = _team(plan.problem, insertion.route)
    if len(team) < 2:  # noqa: PLR2004 - a pair
        return
    walkers = plan.problem.windows.walkers
    for stays, freed in (team, team[::-1]):
        if insertion.lacks and all(
            _of_other(lack, stays, freed, walkers) for lack in insertion.lacks
        ):
            yield Change(Kind.HELPER, 1, insertion.route, stays)


def _of_other(lack: Lack, stays: int, freed: int, walkers: np.ndarray) -> bool:
    """Whether what lacks comes only from the walker whom a helper frees."""
    if lack.kind is Kind.TAKEN:
        return stays not in walkers[lack.target]
    return lack.kind in (Kind.QUOTA, Kind.WALK) and lack.target == freed


def _team(problem: WeekProblem, r: int) -> list[int]:
    return [int(m) for m in problem.windows.walkers[r] if m != NOBODY]


def _placed(plan: Standing, r: int, visit: int) -> Iterator[Walked]:
    """Yield the route with the visit at each position, lunch near where it was."""
    order = plan.routes[r].visits
    for k in range(len(order) + 1):
        visits = (*order[:k], visit, *order[k:])
        yield from (Walked(visits, lunch) for lunch in lunches(plan, r, len(visits)))


def lunches(plan: Standing, r: int, size: int) -> list[int]:
    """Return where the lunch could go among `size` visits, at most two places from where it is."""
    if plan.windows["lunch_min"][r] == 0:
        return [-1]
    now = max(plan.routes[r].lunch_after, 0)
    near = [k for k in (now, now + 1, now - 1, now + 2) if 0 <= k <= size]
    return near or [size]


def shortfalls(plan: Standing, r: int, walked: Walked, new: int) -> list[Lack]:
    """Return what times and metres lack when a route becomes `walked`, with the visit `new`."""
    times, metres = _time_lacks(plan, r, walked, new)
    return [*times, *_walk_lacks(plan, r, metres)]


def _team_lacks(plan: Standing, r: int, zone: int) -> list[Lack]:
    """Return what the team, its half-days and the zone lack, wherever the visit is put."""
    problem, lacks = plan.problem, []
    if not plan.routes[r].visits:
        clash = problem.windows.clash
        lacks = [Lack(Kind.TAKEN, 0, s, r) for s in plan.used if clash[r, s] or clash[s, r]]
        for m in _team(problem, r):
            over = plan.halves.get(m, 0) + plan.windows["half_days"][r]
            over -= int(problem.team.half_days_most[m])
            lacks += [Lack(Kind.QUOTA, over, m, r)] if over > 0 else []
    seen = plan.zone_routes.get(zone, frozenset())
    apart = int(problem.groups.zone_apart[zone]) if zone >= 0 else 0
    if r not in seen and apart:
        day = plan.windows["day"]
        gaps = [abs(day[s] - day[r]) for s in seen]
        near = min(gaps, default=apart)
        lacks += [Lack(Kind.ZONE, apart - near, zone, r)] if near < apart else []
    return lacks


def over_budget(plan: Standing, group: int, r: int) -> list[Lack]:
    """Return what budgets lack for one more visit of a place."""
    charge, most = plan.problem.charge[group].tolist(), plan.problem.budgets.tolist()
    over = [c and taken + c - m for c, taken, m in zip(charge, plan.charged, most, strict=True)]
    return [Lack(Kind.BUDGET, n, b, r) for b, n in enumerate(over) if n > 0]


def _walk_lacks(plan: Standing, r: int, metres: int) -> Iterator[Lack]:
    for m in _team(plan.problem, r):
        there = plan.walked_m.get((m, plan.windows["day"][r]), 0) - plan.route_m[r] + metres
        over = there - int(plan.problem.team.walk_max_m[m])
        if over > 0:
            yield Lack(Kind.WALK, over, m, r)


def _time_lacks(
    plan: Standing,
    r: int,
    walked: Walked,
    new: int,
    *,
    sooner: int = 0,
    shorter: int = 0,
) -> tuple[list[Lack], int]:
    """Return what the times of a route lack with the visit `new` in it, and its metres."""
    w, v, pace = plan.windows, plan.visits, plan.windows["pace"][r]
    point, opens, latest, service = v["point"], v["opens"], v["latest"], v["service"]
    minutes, metres, lunch_after = plan.minutes[pace], plan.metres[pace], walked.lunch_after
    at, now, length, lacks = w["start"][r], w["begin"][r] - sooner, 0, list[Lack]()
    for k, visit in enumerate((*walked.visits, -1)):
        if k == lunch_after:
            now = max(now, w["lunch_opens"][r])
            if (over := now - w["lunch_latest"][r]) > 0:
                lacks.append(Lack(Kind.NOON, over, r, r, now))
            now += w["lunch_min"][r] - shorter
        there = w["end"][r] if visit < 0 else point[visit]
        now += minutes[at][there]
        length += metres[at][there]
        at = there
        if visit >= 0:
            now = max(now, opens[visit])
            if (over := now - latest[visit]) > 0:
                lacks.append(_late(plan, r, visit, new, now))
            now += service[visit]
    if (over := now - w["finish"][r]) > 0:
        lacks.append(Lack(Kind.FINISH, over, r, r, now))
    return lacks, length


def _late(plan: Standing, r: int, visit: int, new: int, now: int) -> Lack:
    """Return what the hours of a visit lack that would start at `now`."""
    over = now - plan.visits["latest"][visit]
    if visit != new:
        return Lack(Kind.HELD, over, r, r, now)
    return Lack(Kind.CLOSING, over, int(plan.problem.visits.group[new]), r, now)
