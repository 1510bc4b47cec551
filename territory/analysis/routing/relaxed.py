"""Weeks with one rule loosened: each change is small, named, and gives a new problem."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.week_problem import NOBODY, Limits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from territory.analysis.routing.week_problem import Flags, Ints, WeekProblem

LUNCH_LEAST_MIN = 20  # a break the law asks for (Code du travail, L3121-16)
_STRETCH = (5, 10, 15, 20, 30, 45, 60)


class Kind(StrEnum):
    """What may be loosened; the last three cannot be, and say what stands in the way."""

    FINISH = "finish"  # a route ends later, minutes
    BEGIN = "begin"  # a route begins earlier, minutes
    LUNCH = "lunch"  # a shorter lunch in a route, minutes
    CLOSING = "closing"  # visits of a place may start later, minutes
    WALK = "walk"  # a walker walks more a day, metres
    APART = "apart"  # visits of a place closer in time, days
    ZONE = "zone"  # routes of a zone closer in time, days
    QUOTA = "quota"  # a walker goes out one more half-day
    BUDGET = "budget"  # visits take more of a common budget
    HELPER = "helper"  # somebody of another team goes out with one walker of a pair
    TAKEN = "taken"  # another route uses the time of the team
    HELD = "held"  # another visit would come too late
    NOON = "noon"  # the lunch would start too late


LADDERS: dict[Kind, tuple[int, ...]] = {
    Kind.FINISH: _STRETCH,
    Kind.BEGIN: _STRETCH,
    Kind.LUNCH: (5, 10, 15),
    Kind.CLOSING: _STRETCH,
    Kind.WALK: (250, 500, 750, 1000, 1250, 1500, 1750, 2000),
    Kind.APART: (1, 2, 3, 4, 5, 6, 7),
    Kind.ZONE: (1, 2, 3, 4, 5, 6, 7),
    Kind.QUOTA: (1,),
    Kind.BUDGET: (1, 2, 3),
    Kind.HELPER: (1,),
}
# what one unit asks of people, in minutes of work: only to try the lightest change first
_WEIGHTS = {
    Kind.FINISH: 1.0,
    Kind.BEGIN: 1.01,
    Kind.LUNCH: 1.02,
    Kind.CLOSING: 1.5,
    Kind.WALK: 0.02,
    Kind.APART: 90.0,
    Kind.ZONE: 90.0,
    Kind.QUOTA: 200.0,
    Kind.BUDGET: 120.0,
    Kind.HELPER: 240.0,
    Kind.NOON: 3.0,
    Kind.HELD: 4.0,
    Kind.TAKEN: 1.0,
}


@dataclass(frozen=True, slots=True)
class Change:
    """
    One rule loosened by `amount` (minutes, metres, days, half-days or units of a budget).

    `target` is a route (FINISH, BEGIN, LUNCH, HELPER), a walker (WALK, QUOTA), a place (CLOSING,
    APART), a zone (ZONE) or a budget (BUDGET). `walker` is who goes out with the helper (HELPER;
    else -1).
    """

    kind: Kind
    amount: int
    target: int
    walker: int = NOBODY

    @property
    def size(self) -> float:
        """How much it asks of people, minutes of work: an order of preference, not a measure."""
        return effort(self.kind, self.amount)


def effort(kind: Kind, amount: int) -> float:
    """Return about how many minutes of work an amount of one kind asks of people."""
    return amount * _WEIGHTS[kind]


@dataclass(frozen=True, slots=True)
class Room:
    """How far routes may be stretched [routes], minutes of the day: appointments never give way."""

    earliest: Ints
    latest: Ints


def free_room(problem: WeekProblem) -> Room:
    """
    Return how far each route may be stretched before it meets another one of its walkers.

    Appointments are not in the problem: who knows them passes a tighter Room.
    """
    w = problem.windows
    mates = _mates(problem) & ~w.clash & (w.day[:, None] == w.day[None, :])
    after = np.where(mates & (w.begin[None, :] >= w.finish[:, None]), w.begin[None, :], 24 * 60)
    before = np.where(mates & (w.finish[None, :] <= w.begin[:, None]), w.finish[None, :], 0)
    return Room(
        before.max(axis=1, initial=0).astype(np.int64),
        np.maximum(after.min(axis=1, initial=24 * 60), w.finish).astype(np.int64),
    )


def _mates(problem: WeekProblem) -> Flags:
    """Whether two routes [routes, routes] share a walker."""
    a = problem.windows.walkers
    same = (a[:, None, :, None] == a[None, :, None, :]) & (a[:, None, :, None] >= 0)
    shared: Flags = same.any(axis=(2, 3))
    np.fill_diagonal(shared, val=False)
    return shared


def possible(problem: WeekProblem, change: Change, room: Room) -> bool:
    """Return whether the change makes sense: no appointment, no lawful break, no floor broken."""
    w, t, by = problem.windows, change.target, change.amount
    if change.kind is Kind.FINISH:
        return int(w.finish[t]) + by <= int(room.latest[t])
    if change.kind is Kind.BEGIN:
        return int(w.begin[t]) - by >= int(room.earliest[t])
    if change.kind is Kind.LUNCH:
        return int(w.lunch_min[t]) - by >= LUNCH_LEAST_MIN
    if change.kind is Kind.ZONE:
        return int(problem.groups.zone_apart[t]) >= by
    if change.kind is Kind.APART:
        return int(problem.groups.apart[t]) >= by
    return True


def targets(problem: WeekProblem, kind: Kind, amount: int, group: int) -> tuple[Change, ...]:
    """Return the changes of one step that could help a place: every route, walker, or its own."""
    if kind is Kind.HELPER:
        pairs = np.argwhere((problem.windows.walkers >= 0).all(axis=1))[:, 0]
        return tuple(
            Change(kind, amount, int(r), int(m)) for r in pairs for m in problem.windows.walkers[r]
        )
    if kind in (Kind.FINISH, Kind.BEGIN, Kind.LUNCH):
        return tuple(Change(kind, amount, r) for r in range(problem.n_routes))
    if kind in (Kind.WALK, Kind.QUOTA):
        return tuple(Change(kind, amount, m) for m in range(len(problem.team.due)))
    if kind is Kind.BUDGET:
        return tuple(
            Change(kind, amount, int(b)) for b in np.flatnonzero(problem.charge[group] > 0)
        )
    if kind is Kind.ZONE:
        zone = int(problem.groups.zone[group])
        return (Change(kind, amount, zone),) if zone >= 0 else ()
    return (Change(kind, amount, group),)


def relaxed(problem: WeekProblem, changes: Iterable[Change]) -> WeekProblem:
    """Return the problem with every change made."""
    for change in changes:
        problem = _LOOSEN[change.kind](problem, change)
    return problem


def longer_route(problem: WeekProblem, route: int, minutes: int) -> WeekProblem:
    """Return the week where a route may end `minutes` later."""
    finish = _added(problem.windows.finish, route, minutes)
    return replace(problem, windows=replace(problem.windows, finish=finish))


def earlier_route(problem: WeekProblem, route: int, minutes: int) -> WeekProblem:
    """Return the week where a route may begin `minutes` earlier."""
    begin = _added(problem.windows.begin, route, -minutes)
    return replace(problem, windows=replace(problem.windows, begin=begin))


def shorter_lunch(problem: WeekProblem, route: int, minutes: int) -> WeekProblem:
    """Return the week where the lunch of a route is `minutes` shorter."""
    lunch_min = _added(problem.windows.lunch_min, route, -minutes)
    return replace(problem, windows=replace(problem.windows, lunch_min=lunch_min))


def later_closing(problem: WeekProblem, group: int, minutes: int) -> WeekProblem:
    """Return the week where a place stays open `minutes` longer."""
    latest = problem.visits.latest + minutes * (problem.visits.group == group)
    return replace(problem, visits=replace(problem.visits, latest=latest))


def more_walking(problem: WeekProblem, walker: int, metres: int) -> WeekProblem:
    """Return the week where a walker may walk `metres` more each day."""
    walk_max_m = _added(problem.team.walk_max_m, walker, metres)
    return replace(problem, team=replace(problem.team, walk_max_m=walk_max_m))


def more_half_days(problem: WeekProblem, walker: int, half_days: int) -> WeekProblem:
    """Return the week where a walker may go out `half_days` more."""
    most = _added(problem.team.half_days_most, walker, half_days)
    return replace(problem, team=replace(problem.team, half_days_most=most))


def closer_visits(problem: WeekProblem, group: int, days: int) -> WeekProblem:
    """Return the week where visits of a place may be `days` closer."""
    apart = _added(problem.groups.apart, group, -days)
    return replace(problem, groups=replace(problem.groups, apart=apart))


def closer_routes(problem: WeekProblem, zone: int, days: int) -> WeekProblem:
    """Return the week where routes that visit a zone may be `days` closer."""
    zone_apart = _added(problem.groups.zone_apart, zone, -days)
    return replace(problem, groups=replace(problem.groups, zone_apart=zone_apart))


def larger_budget(problem: WeekProblem, budget: int, units: int) -> WeekProblem:
    """Return the week where visits may take `units` more of a budget."""
    most = _added(problem.budgets, budget, units)
    return replace(problem, limits=Limits(problem.charge, most))


def with_helper(problem: WeekProblem, route: int, walker: int) -> WeekProblem:
    """Return the week where `walker` makes a pair route with somebody of another team."""
    w = problem.windows
    walkers, clash = w.walkers.copy(), w.clash.copy()
    walkers[route] = (walker, NOBODY)
    both = w.walkers[route]
    other = both[both != walker]  # who stays: a clash of neither has another cause
    freed = np.isin(w.walkers, other).any(axis=1) & ~(w.walkers == walker).any(axis=1)
    clash[route, freed] = clash[freed, route] = False
    return replace(problem, windows=replace(w, walkers=walkers, clash=clash))


def _added(values: Ints, at: int, amount: int) -> Ints:
    changed = values.copy()
    changed[at] += amount
    return changed


_LOOSEN = {
    Kind.FINISH: lambda p, c: longer_route(p, c.target, c.amount),
    Kind.BEGIN: lambda p, c: earlier_route(p, c.target, c.amount),
    Kind.LUNCH: lambda p, c: shorter_lunch(p, c.target, c.amount),
    Kind.CLOSING: lambda p, c: later_closing(p, c.target, c.amount),
    Kind.WALK: lambda p, c: more_walking(p, c.target, c.amount),
    Kind.APART: lambda p, c: closer_visits(p, c.target, c.amount),
    Kind.ZONE: lambda p, c: closer_routes(p, c.target, c.amount),
    Kind.QUOTA: lambda p, c: more_half_days(p, c.target, c.amount),
    Kind.BUDGET: lambda p, c: larger_budget(p, c.target, c.amount),
    Kind.HELPER: lambda p, c: with_helper(p, c.target, c.walker),
}
