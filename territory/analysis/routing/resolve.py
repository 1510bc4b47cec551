"""Planning again: the search it needs, what must be kept, what is forbidden, what has changed."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from territory.analysis.routing.week_judge import week_faults, week_value
from territory.analysis.routing.week_problem import Visits, Walked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from territory.analysis.routing.week_problem import Flags, Ints, Reals, WeekOutcome, WeekProblem

Item = TypeVar("Item")
Answer = TypeVar("Answer")
EPSILON = 1e-6  # two values closer than this are the same


class Solver(Protocol):
    """A search of the week: `best_week` with its limits set, or an exhaustive one."""

    def __call__(
        self,
        problem: WeekProblem,
        *,
        begin: tuple[Walked, ...] | None = None,
        frozen: Flags | None = None,
    ) -> WeekOutcome:
        """Return the best plan found from `begin`; routes `frozen` [routes] do not change."""
        ...


def spread(work: Callable[[Item], Answer], items: Iterable[Item], cores: int) -> list[Answer]:
    """Return the answers of independent searches, in order, `cores` of them at a time."""
    if cores <= 1:
        return [work(item) for item in items]
    with ThreadPoolExecutor(cores) as pool:
        return list(pool.map(work, items))


def keeps(routes: Sequence[Walked], before: Sequence[Walked], frozen: Flags | None) -> bool:
    """Say whether a plan leaves the routes `frozen` [routes] (None: none) as they were."""
    pairs = zip(routes, before, strict=True)
    return frozen is None or all(
        now == old for (now, old), f in zip(pairs, frozen, strict=True) if f
    )


def made(problem: WeekProblem, routes: Sequence[Walked]) -> Counter[int]:
    """Return how many visits of each place a plan makes."""
    return Counter(int(problem.visits.group[v]) for walked in routes for v in walked.visits)


def without(
    problem: WeekProblem, routes: Sequence[Walked], groups: Collection[int]
) -> tuple[Walked, ...]:
    """
    Return the plan less the visits of some places; it keeps every rule that the plan kept.

    Where the legs break the triangle inequality, a route may hold no more without a visit: it is
    then left out.
    """
    left = tuple(_less(problem, walked, groups) for walked in routes)
    for r, walked in enumerate(left):
        if walked != routes[r] and week_faults(problem, left):
            left = (*left[:r], Walked(), *left[r + 1 :])
    return left


def _less(problem: WeekProblem, walked: Walked, groups: Collection[int]) -> Walked:
    stays = [int(problem.visits.group[v]) not in groups for v in walked.visits]
    visits = tuple(v for v, stay in zip(walked.visits, stays, strict=True) if stay)
    if not visits:
        return Walked()
    lunch = walked.lunch_after
    return Walked(visits, sum(stays[:lunch]) if lunch >= 0 else -1)


def forbidden(problem: WeekProblem, groups: Iterable[int]) -> WeekProblem:
    """Return the week where places may not be visited."""
    gone = np.isin(problem.visits.group, list(groups))
    return replace(problem, value=np.where(gone[:, None], -np.inf, problem.value))


def only(problem: WeekProblem, groups: Iterable[int]) -> tuple[WeekProblem, Ints]:
    """Return the week where only these places exist, and which visits [kept] it still has."""
    kept = np.flatnonzero(np.isin(problem.visits.group, sorted(groups)))
    v = problem.visits
    visits = Visits(**{f.name: getattr(v, f.name)[kept] for f in fields(Visits)})
    return replace(problem, visits=visits, value=problem.value[kept]), kept


def renamed(routes: Iterable[Walked], names: Mapping[int, int]) -> tuple[Walked, ...]:
    """Return the plan with its visits called otherwise."""
    return tuple(replace(w, visits=tuple(names[v] for v in w.visits)) for w in routes)


def required(
    problem: WeekProblem,
    counts: Mapping[int, int],
    zones: Collection[int] = (),
    *,
    bonus: float | None = None,
) -> WeekProblem:
    """
    Return the week where `counts` visits of places, and one of each zone, are worth all the rest.

    Its best plan makes as many of them as can be made (of a given `bonus`: if nothing else is worth
    as much). The bonus goes to each of the visits asked; of a place asked once, a second visit is
    still worth about what it was. Values are to be judged again on the true problem.
    """
    bonus = all_else(problem) if bonus is None else bonus
    value = problem.value.copy()
    repeat, most = problem.groups.repeat.copy(), problem.groups.most.copy()
    zone_bonus = problem.groups.zone_bonus.copy()
    for group, count in counts.items():
        mine = problem.visits.group == group
        best = max(float(problem.value[mine].max(initial=0.0)), 0.0)
        value[mine] += bonus
        if count > 1:
            repeat[group], most[group] = 1.0, count
        else:
            repeat[group] *= best / (best + bonus)
    zone_bonus[list(zones)] += bonus
    groups = replace(problem.groups, repeat=repeat, most=most, zone_bonus=zone_bonus)
    return replace(problem, groups=groups, value=value)


def all_else(problem: WeekProblem) -> float:
    """Return more than the values of any two plans can differ by."""
    finite = np.where(np.isfinite(problem.value), problem.value, 0.0)
    spread = finite.max(axis=1, initial=0.0) - finite.min(axis=1, initial=0.0)
    gains = _most_of(problem, spread) + float(np.abs(problem.groups.zone_bonus).sum())
    team, days = problem.team, len(np.unique(problem.windows.day))
    metres = float(np.minimum(team.walk_max_m, 100_000).sum()) * days
    load = _most_of(problem, problem.visits.burden)
    unfair = float(np.maximum((load - team.due) ** 2, team.due**2).sum())
    pairs = problem.n_routes + max(problem.pairs, 0)
    costs = problem.walk_price * metres + team.unfairness * unfair + problem.pair_price * pairs
    return 1.0 + gains + costs


def _most_of(problem: WeekProblem, each: Reals) -> float:
    """Return the sum over places of their most visits at the largest of `each` [visits]."""
    largest = np.zeros(len(problem.groups.most))
    np.maximum.at(largest, problem.visits.group, each)
    return float((largest * problem.groups.most).sum())


def judged(
    problem: WeekProblem, routes: tuple[Walked, ...], found: WeekOutcome
) -> WeekOutcome | None:
    """Return the plan with its true value on `problem`, None where it breaks a rule."""
    if week_faults(problem, routes):
        return None
    return replace(found, routes=routes, value=week_value(problem, routes), bound=np.inf)


def missing(
    problem: WeekProblem, before: Sequence[Walked], after: Sequence[Walked]
) -> tuple[int, ...]:
    """Return the places that a plan visits less often than the one before, sorted."""
    return tuple(sorted(made(problem, before) - made(problem, after)))


def moved(
    problem: WeekProblem, before: Sequence[Walked], after: Sequence[Walked]
) -> tuple[int, ...]:
    """Return the places as often visited, not all by the same team on the same half-day."""
    count = made(problem, after)
    shifted = _where(problem, before) - _where(problem, after)
    return tuple(sorted({g for g, _ in shifted if made(problem, before)[g] <= count[g]}))


def _where(problem: WeekProblem, routes: Sequence[Walked]) -> Counter[tuple[int, int]]:
    return Counter(
        (int(problem.visits.group[v]), r) for r, w in enumerate(routes) for v in w.visits
    )
