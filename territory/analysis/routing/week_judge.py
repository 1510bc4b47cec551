"""What a week plan is worth and which rules it breaks: slow, obvious, knows nothing of a search."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations, pairwise
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from territory.analysis.routing.week_problem import Ints, Walked, WeekProblem


class Timetable(NamedTuple):
    """Start of each visit, of lunch (-1 none) and end of the route, minutes; metres walked."""

    starts: tuple[int, ...]
    lunch: int
    end: int
    metres: int


def timetable(problem: WeekProblem, route: int, walked: Walked) -> Timetable:
    """Return when each visit starts, as early as it can, whether or not rules are kept."""
    w, legs, at = problem.windows, problem.legs, problem.windows.start.item(route)
    pace, now, lunch, metres = w.pace.item(route), w.begin.item(route), -1, 0
    starts: list[int] = []
    for k, visit in enumerate((*walked.visits, None)):
        if k == walked.lunch_after:
            lunch = max(now, w.lunch_opens.item(route))
            now = lunch + w.lunch_min.item(route)
        there = w.end.item(route) if visit is None else problem.visits.point.item(visit)
        now += legs.minutes.item(pace, at, there)
        metres += legs.metres.item(pace, at, there)
        at = there
        if visit is not None:
            starts.append(max(now, problem.visits.opens.item(visit)))
            now = starts[-1] + problem.visits.service.item(visit)
    return Timetable(tuple(starts), lunch, now, metres)


def week_value(problem: WeekProblem, routes: Sequence[Walked]) -> float:
    """Return the value of a plan [routes], as WeekProblem defines it."""
    visits, metres, pairs = 0.0, 0, 0
    burden = [0.0] * len(problem.team.due)
    gained, zones = defaultdict(list), set()
    for r, walked in enumerate(routes):
        if not walked.visits:
            continue
        team = [m for m in problem.windows.walkers[r].tolist() if m >= 0]
        pairs += len(team) > 1
        metres += timetable(problem, r, walked).metres
        for v in walked.visits:
            group = problem.visits.group.item(v)
            gained[group].append(float(problem.value.item(v, r)))
            zones.add(problem.groups.zone.item(group))
            for m in team:
                burden[m] += problem.visits.burden.item(v)
    for group in sorted(gained):
        repeat = float(problem.groups.repeat.item(group))
        ordered = sorted(gained[group], reverse=True)
        visits += sum(value * repeat**k for k, value in enumerate(ordered))
    visits += sum(float(problem.groups.zone_bonus[z]) for z in sorted(zones) if z >= 0)
    gap = 0 if problem.pairs < 0 else abs(pairs - problem.pairs)
    unfair = problem.team.unfairness * float(((np.array(burden) - problem.team.due) ** 2).sum())
    return visits - problem.walk_price * metres - unfair - problem.pair_price * gap


def charged(problem: WeekProblem, routes: Sequence[Walked]) -> Ints:
    """Return what the visits of a plan take of each budget [budgets]."""
    visits = np.array([v for walked in routes for v in walked.visits], np.int64)
    return np.asarray(problem.charge[problem.visits.group[visits]].sum(axis=0))


def week_faults(problem: WeekProblem, routes: Sequence[Walked]) -> list[str]:
    """Return the rules that a plan breaks, in words for developers; none: it holds."""
    used = [r for r, walked in enumerate(routes) if walked.visits]
    times = {r: timetable(problem, r, routes[r]) for r in used}
    faults = [f for r in used for f in _route_faults(problem, r, routes[r], times[r])]
    visits = Counter(v for r in used for v in routes[r].visits)
    faults += [f"visit {v} is made {n} times" for v, n in sorted(visits.items()) if n > 1]
    faults += [
        f"routes {a} and {b} clash"
        for a, b in combinations(used, 2)
        if problem.windows.clash.item(a, b) or problem.windows.clash.item(b, a)
    ]
    over = np.flatnonzero(charged(problem, routes) > problem.budgets)
    faults += [f"budget {budget} is exceeded" for budget in over]
    return [*faults, *_team_faults(problem, times), *_place_faults(problem, routes, used)]


def _route_faults(problem: WeekProblem, r: int, walked: Walked, times: Timetable) -> Iterator[str]:
    w, visits = problem.windows, problem.visits
    for v, start in zip(walked.visits, times.starts, strict=True):
        if not isfinite(problem.value.item(v, r)) or visits.day.item(v) != w.day.item(r):
            yield f"route {r}: visit {v} is not allowed"
        if not visits.opens.item(v) <= start <= visits.latest.item(v):
            yield f"route {r}: visit {v} starts at {start}"
    if times.end > w.finish[r]:
        yield f"route {r} ends at {times.end}"
    if (w.lunch_min[r] > 0) != (walked.lunch_after >= 0):
        yield f"route {r}: lunch missing or not asked"
    if walked.lunch_after >= 0 and times.lunch > w.lunch_latest[r]:
        yield f"route {r}: lunch at {times.lunch}"
    if walked.lunch_after > len(walked.visits):
        yield f"route {r}: lunch after nothing"


def _team_faults(problem: WeekProblem, times: Mapping[int, Timetable]) -> Iterator[str]:
    metres: Counter[tuple[int, int]] = Counter()
    halves: Counter[int] = Counter()
    for r, walk in times.items():
        for m in (m for m in problem.windows.walkers[r].tolist() if m >= 0):
            metres[m, problem.windows.day.item(r)] += walk.metres
            halves[m] += problem.windows.half_days.item(r)
    for (m, day), walked_m in sorted(metres.items()):
        if walked_m > problem.team.walk_max_m[m]:
            yield f"walker {m} walks {walked_m} m on day {day}"
    for m, count in sorted(halves.items()):
        if count > problem.team.half_days_most[m]:
            yield f"walker {m} has {count} half-days"


def _place_faults(
    problem: WeekProblem, routes: Sequence[Walked], used: Sequence[int]
) -> Iterator[str]:
    made, zones = defaultdict(list), defaultdict(set)
    for r in used:
        for v in routes[r].visits:
            group = problem.visits.group.item(v)
            made[group].append(problem.visits.day.item(v))
            zones[problem.groups.zone.item(group)].add((problem.windows.day.item(r), r))
    for group, days in sorted(made.items()):
        if len(days) > problem.groups.most.item(group):
            yield f"group {group} is visited {len(days)} times"
        apart = problem.groups.apart.item(group)
        if any(b - a < apart for a, b in pairwise(sorted(days))):
            yield f"group {group} is visited on days {sorted(days)}"
    for zone, seen in sorted(zones.items()):
        apart = problem.groups.zone_apart.item(zone) if zone >= 0 else 0
        if any(b[0] - a[0] < apart for a, b in pairwise(sorted(seen))):
            yield f"zone {zone} has routes on days {sorted(d for d, _ in seen)}"
