"""A place admitted with no rule changed: what leaves the plan for it, planned again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from territory.analysis.routing.binding import never
from territory.analysis.routing.insertions import allowed, lunches, shortfalls
from territory.analysis.routing.resolve import all_else, judged, made, missing, moved, required
from territory.analysis.routing.week_judge import week_faults, week_value
from territory.analysis.routing.week_problem import NOBODY, Walked
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from territory.analysis.routing.insertions import Standing
    from territory.analysis.routing.ladders import Case
    from territory.analysis.routing.week_problem import WeekOutcome

_TRIED = 6  # swaps of least loss, judged on the whole week


@dataclass(frozen=True, slots=True)
class Exchange:
    """
    The week with a place in it and no rule changed, planned again.

    `price` is the value it costs, at most (exact when `proved`); `dropped` are places that leave
    the plan, `moved` those that change team or half-day.
    """

    plan: WeekOutcome
    price: float
    dropped: tuple[int, ...]
    moved: tuple[int, ...]
    proved: bool


class _Swap(NamedTuple):
    """A plan where visits gave way to the place, and about what it loses."""

    loss: float
    routes: tuple[Walked, ...]


def exchanged(
    case: Case, plan: Standing, known: WeekOutcome | None
) -> tuple[Exchange | None, WeekOutcome | None]:
    """
    Return the best plan found that visits the place, and the best lawful plan met (None: no plan).

    The search starts from the swap in one route that loses least. The place gets a bonus just above
    the price of the best plan `known` with it: the best plan then visits it, or is better than the
    plan explained.
    """
    problem, base = case.problem, case.outcome
    if never(problem, case.group) is not None:
        return None, None
    begin = known.routes if known is not None else _swapped(case, plan)
    price = base.value - week_value(problem, begin) if begin is not None else 0.0
    bonus = max(price, 0.0) + 1.0 if begin is not None else all_else(problem)
    found = case.solve(required(problem, {case.group: 1}, bonus=bonus), begin=begin or base.routes)
    plans = [judged(problem, found.routes, found)]
    plans += [judged(problem, begin, found)] if begin is not None else []
    lawful = [p for p in plans if p is not None]
    visiting = [p for p in lawful if made(problem, p.routes)[case.group]]
    most = max(lawful, key=lambda p: p.value, default=None)
    best = max(visiting, key=lambda p: p.value, default=None)
    return (_told(case, best) if best is not None else None), most


def _told(case: Case, best: WeekOutcome) -> Exchange:
    problem, base = case.problem, case.outcome
    exact = base.ending is Ending.OPTIMAL and best.ending is Ending.OPTIMAL
    return Exchange(
        plan=best,
        price=base.value - best.value,
        dropped=missing(problem, base.routes, best.routes),
        moved=moved(problem, base.routes, best.routes),
        proved=exact and int(problem.groups.most[case.group]) == 1,
    )


def _swapped(case: Case, plan: Standing) -> tuple[Walked, ...] | None:
    """Return the lawful plan where least gives way to the place; None: none is that simple."""
    swaps = [*_in_routes(case, plan), *_in_new_routes(case, plan)]
    swaps = sorted(swaps, key=lambda s: s.loss)[:_TRIED]
    lawful = [s.routes for s in swaps if not week_faults(case.problem, s.routes)]
    return max(lawful, key=lambda routes: week_value(case.problem, routes), default=None)


def _in_routes(case: Case, plan: Standing) -> Iterator[_Swap]:
    """Yield the cheapest swap of consecutive visits for the place, in each route walked."""
    for visit, r in allowed(case.problem, case.group):
        order = plan.routes[r].visits
        if not order or visit in order:
            continue
        worth = [float(case.problem.value[v, r]) for v in order]
        cuts = [(i, j) for i in range(len(order) + 1) for j in range(i, len(order) + 1)]
        for i, j in sorted(cuts, key=lambda cut: sum(worth[cut[0] : cut[1]])):
            walked = _holding(plan, r, (*order[:i], visit, *order[j:]), visit)
            if walked is not None and _affordable(case, plan, order[i:j]):
                loss = sum(worth[i:j]) - float(case.problem.value[visit, r])
                yield _Swap(loss, (*plan.routes[:r], walked, *plan.routes[r + 1 :]))
                break


def _affordable(case: Case, plan: Standing, gone: Sequence[int]) -> bool:
    """Say whether budgets allow the place when the visits `gone` are made no more."""
    charge = case.problem.charge
    more = charge[case.group] - charge[case.problem.visits.group[list(gone)]].sum(axis=0)
    over = np.array(plan.charged, np.int64) + more > case.problem.budgets
    return not (over & (more > 0)).any()


def _holding(plan: Standing, r: int, visits: tuple[int, ...], new: int) -> Walked | None:
    """Return the visits as a route of which times and metres hold, lunch near where it was."""
    for lunch in lunches(plan, r, len(visits)):
        walked = Walked(visits, lunch)
        if not shortfalls(plan, r, walked, new):
            return walked
    return None


def _in_new_routes(case: Case, plan: Standing) -> Iterator[_Swap]:
    """Yield the place alone in a route not walked, those that clash or fill the quota emptied."""
    w = case.problem.windows
    for visit, r in allowed(case.problem, case.group):
        if plan.routes[r].visits:
            continue
        walked = _holding(plan, r, (visit,), visit)
        if walked is None:
            continue
        emptied = {s for s in plan.used if w.clash[r, s] or w.clash[s, r]}
        emptied |= set(_over_quota(case, plan, r, emptied))
        gone = [v for s in emptied for v in plan.routes[s].visits]
        if not _affordable(case, plan, gone):
            continue
        routes = [Walked() if s in emptied else now for s, now in enumerate(plan.routes)]
        routes[r] = walked
        loss = sum(_worth(case, plan, s) for s in emptied) - float(case.problem.value[visit, r])
        yield _Swap(loss, tuple(routes))


def _over_quota(case: Case, plan: Standing, r: int, emptied: set[int]) -> Iterator[int]:
    """Yield the least route of each walker of `r` who would have too many half-days."""
    w = case.problem.windows
    for m in (int(m) for m in w.walkers[r] if m != NOBODY):
        own = [s for s in plan.used if m in w.walkers[s] and s not in emptied]
        halves = sum(int(w.half_days[s]) for s in own) + int(w.half_days[r])
        if own and halves > int(case.problem.team.half_days_most[m]):
            yield min(own, key=lambda s: (_worth(case, plan, s), s))


def _worth(case: Case, plan: Standing, r: int) -> float:
    return sum(float(case.problem.value[v, r]) for v in plan.routes[r].visits)
