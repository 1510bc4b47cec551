"""Reasons told: from the figures of an admission, a loss or a requirement to French sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.binding import Rule
from territory.analysis.routing.relaxed import Kind
from territory.model.results import Ending
from territory.planning import reasons_words as words
from territory.planning.explain import listed

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from territory.analysis.routing.admissions import Admission
    from territory.analysis.routing.insertions import Lack
    from territory.analysis.routing.losses import Loss
    from territory.analysis.routing.relaxed import Change
    from territory.analysis.routing.required import Requirement
    from territory.analysis.routing.week_problem import Walked, WeekProblem
    from territory.planning.reasons_words import Names

    People: TypeAlias = Callable[[tuple[Walked, ...]], float]


@dataclass(frozen=True, slots=True)
class WhyOut:
    """
    Why a place is out and what would admit it, in French; `rule` is the code of what keeps it out.

    `by_placing`: asking for it is enough, no rule has to change.
    """

    reason: str
    remedy: str
    rule: str
    by_placing: bool


def why_out(problem: WeekProblem, why: Admission, names: Names, people: People) -> WhyOut:
    """
    Return why a place is out and what would admit it.

    `people` tells how many more a plan expects than the one explained.
    """
    remedy = " ".join(_remedies(problem, why, names, people))
    return WhyOut(
        _lacking(problem, why, names), remedy, why.rule.value, by_placing=why.exchange is not None
    )


def why_in(loss: Loss, names: Names, people: People) -> str:
    """Return what the week would be without a stop, as a French sentence; `people` as `why_out`."""
    several = len(loss.instead) > 1
    return words.worth_keeping(
        -people(loss.without), loss.loss, loss.freed_min, names.place(loss.instead),
        several=several,
    )  # fmt: skip


def why_impossible(problem: WeekProblem, found: Requirement, names: Names) -> tuple[str, ...]:
    """Return what cannot be kept of what is required and the rules to loosen; () all is kept."""
    if not found.groups and not found.zones:
        return ()
    zones = [f"la zone « {names.zones[z]} »" for z in found.zones]
    missed = words.not_all(listed([*(f"« {names.places[g]} »" for g in found.groups), *zones]))
    if found.plan is None:
        return missed, words.nothing_holds(proved=found.ending is Ending.IMPOSSIBLE)
    clauses = [clause(problem, change, names) for change in found.changes]
    return missed, words.all_hold(clauses, fewest=found.ending is Ending.OPTIMAL)


def _lacking(problem: WeekProblem, why: Admission, names: Names) -> str:
    """Return the sentence of the rule that keeps the place out."""
    plain = {
        Rule.HOURS: words.never_open,
        Rule.COMMUNE: words.nobody_goes,
        Rule.PAIR: words.no_pair,
        Rule.WORTH: words.not_worth_it,
    }
    if why.rule in plain:
        return plain[why.rule]()
    if why.rule is Rule.BUDGET:
        return _used_up(problem, _budget(problem, why), names)
    if why.lack is None:
        return words.not_worth_it()
    zone = int(problem.groups.zone[why.group])
    if why.rule is Rule.SERVED:
        return words.zone_served(names.zones[zone])
    return _short_of(problem, why.lack, names)


def _budget(problem: WeekProblem, why: Admission) -> int:
    """Return the budget that keeps a place out: that of what lacks or changes, its smallest."""
    for one in (why.change, why.lack):
        if one is not None and one.kind is Kind.BUDGET:
            return one.target
    own = np.flatnonzero(problem.charge[why.group] > 0)
    return int(own[problem.budgets[own].argmin()])


def _used_up(problem: WeekProblem, budget: int, names: Names) -> str:
    return words.kind_used_up(names.kinds[budget], int(problem.budgets[budget]))


def _short_of(problem: WeekProblem, lack: Lack, names: Names) -> str:
    """Return the sentence of what lacks in the nearest insertion."""
    if lack.kind is Kind.TAKEN:
        return words.all_taken()
    if lack.kind in (Kind.WALK, Kind.QUOTA):
        return _tired(problem, lack, names.walkers[lack.target])
    if lack.kind is Kind.ZONE:
        return words.too_soon(names.zones[lack.target], lack.amount)
    if lack.kind is Kind.BUDGET:
        return _used_up(problem, lack.target, names)
    if lack.kind is Kind.HELD:
        return words.others_wait(lack.amount, names.routes[lack.route])
    timed = {
        Kind.FINISH: words.too_short,
        Kind.CLOSING: words.closes_early,
        Kind.NOON: words.lunch_late,
    }
    return timed[lack.kind](lack.amount, names.routes[lack.route], lack.at)


def _tired(problem: WeekProblem, lack: Lack, walker: str) -> str:
    if lack.kind is Kind.WALK:
        return words.too_much_walking(walker, lack.amount)
    return words.no_half_day_left(walker, int(problem.team.half_days_most[lack.target]))


def _remedies(problem: WeekProblem, why: Admission, names: Names, people: People) -> list[str]:
    """Return the sentences of what would admit the place."""
    told = []
    if why.change is not None and why.plan is not None:
        own = why.lack is not None and why.lack.route == why.change.target
        holds = words.then_holds(names.place(why.moved), people(why.plan.routes))
        told.append(clause(problem, why.change, names, own=own) + holds)
    if why.exchange is not None:
        dropped, fewer = why.exchange.dropped, -people(why.exchange.plan.routes)
        told.append(
            words.exchange_price(
                names.place(dropped), fewer, why.exchange.price, several=len(dropped) > 1
            )
        )
    return told or [words.no_remedy()]


def clause(problem: WeekProblem, change: Change, names: Names, *, own: bool = False) -> str:
    """
    Return « Si M2 finit à 17 h 45 » for a change of the problem.

    `own`: the route was just named, its team is enough.
    """
    if change.kind in (Kind.FINISH, Kind.BEGIN):
        return _stretched(problem, change, names, own=own)
    if change.kind in (Kind.LUNCH, Kind.HELPER):
        return _eased(problem, change, names)
    if change.kind in (Kind.WALK, Kind.QUOTA):
        return _asked_more(problem, change, names)
    if change.kind is Kind.BUDGET:
        most = int(problem.budgets[change.target]) + change.amount
        return words.if_more_visits(names.kinds[change.target], most)
    if change.kind in (Kind.ZONE, Kind.APART):
        return _nearer(problem, change, names)
    return words.if_open(names.places[change.target], change.amount)


def _nearer(problem: WeekProblem, change: Change, names: Names) -> str:
    groups, t = problem.groups, change.target
    if change.kind is Kind.ZONE:
        return words.if_closer(names.zones[t], int(groups.zone_apart[t]) - change.amount)
    return words.if_closer_visits(names.places[t], int(groups.apart[t]) - change.amount)


def _stretched(problem: WeekProblem, change: Change, names: Names, *, own: bool) -> str:
    w, r = problem.windows, change.target
    team = [names.walkers[int(m)] for m in w.walkers[r] if m >= 0]
    who, several = (listed(team), len(team) > 1) if own else (names.routes[r], False)
    if change.kind is Kind.FINISH:
        return words.if_finish(who, int(w.finish[r]) + change.amount, several=several)
    return words.if_begin(who, int(w.begin[r]) - change.amount, several=several)


def _eased(problem: WeekProblem, change: Change, names: Names) -> str:
    route = names.routes[change.target]
    if change.kind is Kind.HELPER:
        return words.if_helper(names.walkers[change.walker], route)
    usual = int(problem.windows.lunch_min[change.target])
    return words.if_lunch(route, usual - change.amount, usual)


def _asked_more(problem: WeekProblem, change: Change, names: Names) -> str:
    team, m = problem.team, change.target
    if change.kind is Kind.WALK:
        return words.if_walk(names.walkers[m], int(team.walk_max_m[m]) + change.amount)
    return words.if_half_day(names.walkers[m], int(team.half_days_most[m]) + change.amount)
