"""A week that cannot keep all that is required: the fewest rules to loosen, the best without."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from territory.analysis.routing.binding import pairs_only
from territory.analysis.routing.insertions import allowed
from territory.analysis.routing.ladders import needed
from territory.analysis.routing.patches import patched
from territory.analysis.routing.relaxed import (
    LADDERS,
    Change,
    Kind,
    free_room,
    possible,
    relaxed,
    targets,
)
from territory.analysis.routing.resolve import judged, made, required, without
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from territory.analysis.routing.relaxed import Room
    from territory.analysis.routing.resolve import Solver
    from territory.analysis.routing.week_problem import Walked, WeekOutcome, WeekProblem


@dataclass(frozen=True, slots=True)
class Requirement:
    """
    Whether what is required can be kept, and the rules to loosen when it cannot.

    `partial` is the best plan found with no rule changed: it misses `groups` and `zones`. `plan`
    keeps everything under `changes` (None: no such set found). Ending « optimal »: proved to be the
    fewest changes (none: all is kept); « time_up »: a set that was found, perhaps not the fewest;
    « impossible »: proved that even all changes together do not do; « failed »: none was found.
    `irreducible`: proved that no change of the set can be left out or take a smaller step.
    """

    partial: WeekOutcome
    groups: tuple[int, ...]
    zones: tuple[int, ...]
    changes: tuple[Change, ...]
    plan: WeekOutcome | None
    ending: Ending
    irreducible: bool


class _Try(NamedTuple):
    """A plan under some changes, whether it keeps all, whether the search was exhaustive."""

    changes: tuple[Change, ...]
    plan: WeekOutcome
    keeps: bool
    exact: bool


@dataclass(slots=True)
class _Asked:
    """What is required of a week, and the searches it may still take."""

    problem: WeekProblem
    groups: tuple[int, ...]
    zones: tuple[int, ...]
    solve: Solver
    left: int

    def tried(self, changes: Iterable[Change], begin: WeekOutcome | None = None) -> _Try:
        """Plan again under the changes, for as much of what is required as can be."""
        changes, self.left = tuple(changes), self.left - 1
        loose = relaxed(self.problem, changes)
        forced = required(loose, dict.fromkeys(self.groups, 1), self.zones)
        found = self.solve(forced, begin=begin.routes if begin is not None else None)
        plan = judged(loose, found.routes, found) or replace(found, value=float("-inf"))
        keeps = not any(self.lacking(plan)) and plan.value > float("-inf")
        return _Try(changes, plan, keeps, found.ending is Ending.OPTIMAL)

    def insisted(self, changes: Iterable[Change], begin: WeekOutcome | None = None) -> _Try:
        """Plan again from what was found, as long as that keeps more."""
        now = self.tried(changes, begin)
        while not (now.keeps or now.exact) and self.left > 0:
            again = self.tried(now.changes, now.plan)
            if self._missed(again) >= self._missed(now):
                break
            now = again
        return now

    def _missed(self, found: _Try) -> int:
        groups, zones = self.lacking(found.plan)
        return len(groups) + len(zones)

    def lacking(self, plan: WeekOutcome) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the required places and zones that a plan misses."""
        seen = made(self.problem, plan.routes)
        zones = {int(self.problem.groups.zone[g]) for g in seen}
        missed = tuple(g for g in self.groups if not seen[g])
        return missed, tuple(z for z in self.zones if z not in zones)


def smallest_relaxation(
    problem: WeekProblem,
    groups: Iterable[int],
    zones: Iterable[int],
    solve: Solver,
    *,
    room: Room | None = None,
    solves: int = 60,
) -> Requirement:
    """
    Return the fewest rules to loosen so that all `groups` and `zones` are visited, planned again.

    What the best plan misses is let in by one change after the other; where that fails, by all of
    them. Of these, changes without which another plan does are left out (deletion, as of minimal
    correction sets: Marques-Silva et al. 2013, « On computing minimal correction subsets »); then
    smaller sets are tried, fewest first, until about `solves` searches are made.
    """
    asked = _Asked(problem, tuple(sorted(set(groups))), tuple(sorted(set(zones))), solve, solves)
    now = asked.insisted(())
    if now.keeps:
        return _told(asked, now, now, Ending.OPTIMAL, irreducible=True)
    if _hopeless(asked):
        return _told(asked, now, None, Ending.IMPOSSIBLE)
    room = room or free_room(problem)
    offers = tuple(_offers(asked, room))
    if found := _patched(asked, now, room):
        return _fewest(asked, now, offers, found)
    loose = asked.insisted(offers, now.plan)
    if not loose.keeps:
        return _told(asked, now, None, Ending.IMPOSSIBLE if loose.exact else Ending.FAILED)
    return _fewest(asked, now, offers, _used(asked, loose, offers))


def _patched(asked: _Asked, now: _Try, room: Room) -> _Try | None:
    """Return a plan with all that is missed put in, under a change for each; None: not so."""
    groups, zones = asked.lacking(now.plan)
    of_zone = asked.problem.groups.zone
    inside = [[int(g) for g in np.flatnonzero(of_zone == z)] for z in zones]
    missed = [*([g] for g in groups), *inside]
    for begin in (now.plan.routes, _bare(asked, now.plan.routes)):
        found = patched(asked.problem, begin, missed, room)
        plan = judged(relaxed(asked.problem, found[0]), found[1], now.plan) if found else None
        if found is not None and plan is not None and not any(asked.lacking(plan)):
            start = now._replace(changes=found[0], plan=plan, keeps=True, exact=False)
            again = asked.tried(found[0], plan)
            return _used(asked, again if again.keeps else start, found[0])
    return None


def _bare(asked: _Asked, routes: tuple[Walked, ...]) -> tuple[Walked, ...]:
    """Return the plan with no more than what is required, that more may enter."""
    of_zone = asked.problem.groups.zone
    spare = {
        g
        for g in made(asked.problem, routes)
        if g not in asked.groups and int(of_zone[g]) not in asked.zones
    }
    return without(asked.problem, routes, spare)


def _told(
    asked: _Asked, now: _Try, found: _Try | None, ending: Ending, *, irreducible: bool = False
) -> Requirement:
    groups, zones = asked.lacking(now.plan)
    plan = found.plan if found is not None else None
    changes = found.changes if found is not None else ()
    return Requirement(now.plan, groups, zones, changes, plan, ending, irreducible)


def _hopeless(asked: _Asked) -> bool:
    """Say whether a place or a zone required may be visited by nobody, whatever is loosened."""
    of_zone = Counter(
        int(asked.problem.groups.zone[g])
        for g in range(len(asked.problem.groups.most))
        if allowed(asked.problem, g)
    )
    lost = not all(allowed(asked.problem, g) for g in asked.groups)
    return lost or not all(of_zone[z] for z in asked.zones)


def _offers(asked: _Asked, room: Room) -> Iterator[Change]:
    """Yield the largest change of each rule of the team, of each place and zone required."""
    problem, wanted = asked.problem, asked.groups
    in_zones = [int(g) for g in range(len(problem.groups.most)) if problem.groups.zone[g] >= 0]
    own = sorted({*wanted, *(g for g in in_zones if int(problem.groups.zone[g]) in asked.zones)})
    seen: set[tuple[Kind, int]] = set()
    for kind, ladder in LADDERS.items():
        if kind is Kind.HELPER and not any(pairs_only(problem, g) for g in own):
            continue
        if kind is Kind.APART:
            continue  # each place is asked once
        of = own if kind in (Kind.CLOSING, Kind.ZONE, Kind.BUDGET) else own[:1]
        for change in (c for g in of for c in _largest(problem, kind, ladder, g, room)):
            if (kind, change.target) not in seen:
                seen.add((kind, change.target))
                yield change


def _largest(
    problem: WeekProblem, kind: Kind, ladder: Sequence[int], group: int, room: Room
) -> Iterator[Change]:
    """Yield the largest change that makes sense of each target of a kind."""
    for change in targets(problem, kind, ladder[0], group):
        steps = [replace(change, amount=amount) for amount in ladder]
        fitting = [step for step in steps if possible(problem, step, room)]
        yield from fitting[-1:]


def _used(asked: _Asked, found: _Try, changes: Sequence[Change]) -> _Try:
    """Return the plan under no more of the changes than it uses, valued under them."""
    used = needed(asked.problem, found.plan.routes, changes)
    plan = judged(relaxed(asked.problem, used), found.plan.routes, found.plan)
    return found._replace(changes=used, plan=plan or found.plan)


def _fewest(asked: _Asked, now: _Try, offers: tuple[Change, ...], found: _Try) -> Requirement:
    """Return a set from which nothing can be taken away, or a smaller one."""
    found, irreducible = _thinned(asked, found)
    fewer, proved = _smaller(asked, offers, found)
    if len(fewer.changes) < len(found.changes):
        found, irreducible = _lowered(asked, fewer)
        irreducible &= proved
    return _told(
        asked, now, found, Ending.OPTIMAL if proved else Ending.TIME_UP, irreducible=irreducible
    )


def _thinned(asked: _Asked, found: _Try) -> tuple[_Try, bool]:
    """Leave out every change without which all is still kept; whether each refusal is proved."""
    proved = True
    for change in sorted(found.changes, key=lambda c: -c.size):
        if change not in found.changes or asked.left <= 0:
            proved &= asked.left > 0
            continue
        rest = asked.tried(c for c in found.changes if c != change)
        found = _used(asked, rest, rest.changes) if rest.keeps else found
        proved &= rest.keeps or rest.exact
    lowered, low = _lowered(asked, found)
    return lowered, proved and low


def _lowered(asked: _Asked, found: _Try) -> tuple[_Try, bool]:
    """Take the smallest step of each change of the set; whether the ones below are proved vain."""
    proved = True
    for key in [(c.kind, c.target) for c in found.changes]:
        while (less := _step_below(found.changes, key)) is not None and asked.left > 0:
            lower = asked.tried(less)
            if not lower.keeps:
                proved &= lower.exact
                break
            found = _used(asked, lower, less)
        proved &= asked.left > 0 or less is None
    return found, proved


def _step_below(changes: tuple[Change, ...], key: tuple[Kind, int]) -> tuple[Change, ...] | None:
    """Return the set with one change a step smaller; None: it is not there or at its least."""
    for k, change in enumerate(changes):
        below = [a for a in LADDERS[change.kind] if a < change.amount]
        if (change.kind, change.target) == key and below:
            return (*changes[:k], replace(change, amount=below[-1]), *changes[k + 1 :])
    return None


def _smaller(asked: _Asked, offers: tuple[Change, ...], found: _Try) -> tuple[_Try, bool]:
    """Return a plan under fewer of the offers if there is one; whether fewer are proved vain."""
    proved = True
    for size in range(1, len(found.changes)):
        for changes in combinations(sorted(offers, key=lambda c: c.size), size):
            if asked.left <= 0:
                return found, False
            fewer = asked.tried(changes)
            if fewer.keeps:
                return _used(asked, fewer, changes), proved
            proved &= fewer.exact
    return found, proved
