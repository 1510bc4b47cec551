"""Changes that bring what is missing into a plan, one after the other: few, not the fewest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from territory.analysis.routing.insertions import insertions, remedies, standing
from territory.analysis.routing.relaxed import LADDERS, Change, possible, relaxed
from territory.analysis.routing.week_judge import week_faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from territory.analysis.routing.insertions import Insertion, Standing
    from territory.analysis.routing.relaxed import Room
    from territory.analysis.routing.week_problem import Walked, WeekProblem

Patched = tuple[tuple[Change, ...], tuple["Walked", ...]]


def patched(
    problem: WeekProblem,
    routes: tuple[Walked, ...],
    missing: Iterable[Sequence[int]],
    room: Room,
) -> Patched | None:
    """
    Return changes, and the plan with a visit of one place of each of `missing` put in.

    The plan's own visits stay where they are. Each missing one takes the smallest change (or the
    fewest) that lets it in beside the ones before. None: one of them finds no such change.
    """
    changes: tuple[Change, ...] = ()
    for groups in missing:
        entered = _entered(problem, routes, changes, groups, room)
        if entered is None:
            return None
        changes, routes = entered
    return changes, routes


def _entered(
    problem: WeekProblem,
    routes: tuple[Walked, ...],
    changes: tuple[Change, ...],
    groups: Sequence[int],
    room: Room,
) -> Patched | None:
    """Return the changes and the plan with one place more, None where nothing simple lets it in."""
    plan = standing(relaxed(problem, changes), routes)
    ways = [way for group in groups for way in insertions(plan, group)]
    for way in (way for way in ways if not way.lacks):
        return changes, _put(routes, way)
    for offer, way in _offers(plan, ways, room):
        more = _added(changes, offer)
        if more is not None and not week_faults(relaxed(problem, more), _put(routes, way)):
            return more, _put(routes, way)
    return None


def _offers(
    plan: Standing, ways: Sequence[Insertion], room: Room
) -> Iterator[tuple[tuple[Change, ...], Insertion]]:
    """Yield the changes that let a visit in: single ones by size, then one for all that lacks."""
    single = [((change,), way) for way in ways for change in remedies(plan, way, room)]
    yield from sorted(single, key=lambda o: (o[0][0].size, o[0][0].target))
    several = [(mended, way) for way in ways if (mended := _mended(plan, way, room))]
    yield from sorted(several, key=lambda o: (len(o[0]), sum(c.size for c in o[0])))


def _mended(plan: Standing, way: Insertion, room: Room) -> tuple[Change, ...]:
    """Return one change for each thing that lacks; () where one of them cannot be mended."""
    changes = []
    for lack in way.lacks:
        steps = [step for step in LADDERS.get(lack.kind, ()) if step >= lack.amount]
        change = Change(lack.kind, steps[0], lack.target) if steps else None
        if change is None or not possible(plan.problem, change, room):
            return ()
        changes.append(change)
    return tuple(changes)


def _put(routes: tuple[Walked, ...], way: Insertion) -> tuple[Walked, ...]:
    return (*routes[: way.route], way.walked, *routes[way.route + 1 :])


def _added(changes: tuple[Change, ...], offer: tuple[Change, ...]) -> tuple[Change, ...] | None:
    """Return the changes with others, a step of its ladder even where one adds to another."""
    for change in offer:
        same = [c for c in changes if (c.kind, c.target) == (change.kind, change.target)]
        amount = change.amount + sum(c.amount for c in same)
        steps = [step for step in LADDERS[change.kind] if step >= amount]
        if not steps:
            return None
        changes = (*(c for c in changes if c not in same), replace(change, amount=steps[0]))
    return changes
