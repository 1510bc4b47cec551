"""Which rule keeps a place out of a plan: read from what its insertions lack."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.insertions import allowed
from territory.analysis.routing.relaxed import Kind, effort
from territory.analysis.routing.week_problem import NOBODY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.analysis.routing.insertions import Insertion, Lack
    from territory.analysis.routing.week_problem import WeekProblem

_TAKEN_MIN = 120.0  # a half-day used otherwise is farther than any hour too long


class Rule(StrEnum):
    """What keeps a place out; the codes are those of the rules printed."""

    HOURS = "R-HEURES"  # never open while somebody is out
    COMMUNE = "R-COMMUNE"  # nobody may go there
    PAIR = "R-BINOME"  # pairs only, and no pair can be formed
    TIME = "R-TEMPS"  # fits in no route with what is there
    CLOSING = "R-FERME"  # the visit would end after closing
    LUNCH = "R-MIDI"  # the lunch does not allow it
    WALK = "R-MARCHE"  # too much walking
    QUOTA = "R-QUOTA"  # no half-day of outings left
    SPACING = "R-ESPACEMENT"  # too few days after or before another visit
    WORTH = "R-VALEUR"  # it fits, for less than it displaces or asks
    BUDGET = "R-PLAFOND"  # a common budget of the week is used up
    SERVED = "R-DEJA"  # another route visits its zone that day


_RULES = {
    Kind.FINISH: Rule.TIME,
    Kind.BEGIN: Rule.TIME,
    Kind.TAKEN: Rule.TIME,
    Kind.HELD: Rule.TIME,
    Kind.LUNCH: Rule.LUNCH,
    Kind.NOON: Rule.LUNCH,
    Kind.CLOSING: Rule.CLOSING,
    Kind.WALK: Rule.WALK,
    Kind.QUOTA: Rule.QUOTA,
    Kind.BUDGET: Rule.BUDGET,
    Kind.APART: Rule.SPACING,
    Kind.ZONE: Rule.SPACING,
    Kind.HELPER: Rule.PAIR,
}


def never(problem: WeekProblem, group: int) -> Rule | None:
    """
    Return the rule that keeps a place out of every plan, whatever the others do; None: no such one.

    A visit with routes on its day, none of which may make it, is R-COMMUNE: who wrote the values
    knows more (another commune, a pair that nobody can form, a place seen too lately).
    """
    days = problem.visits.day[problem.visits.group == group]
    if not np.isin(days, problem.windows.day).any():
        return Rule.HOURS
    ways = allowed(problem, group)
    if not ways:
        return Rule.COMMUNE
    v, r = np.array(ways).T
    w, visits = problem.windows, problem.visits
    begins = np.maximum(visits.opens[v], w.begin[r])
    meets = (begins <= visits.latest[v]) & (begins + visits.service[v] <= w.finish[r])
    if not meets.any():
        return Rule.HOURS
    return Rule.BUDGET if (problem.charge[group] > problem.budgets).any() else None


def pairs_only(problem: WeekProblem, group: int) -> bool:
    """Return whether only pairs may visit the place."""
    routes = [r for _, r in allowed(problem, group)]
    return bool(routes) and bool((problem.windows.walkers[routes, 1] != NOBODY).all())


def nearest(ways: Sequence[Insertion]) -> Lack | None:
    """Return what lacks most in the insertion that lacks least; None: there is no insertion."""
    lacking = [way.lacks for way in ways if way.lacks]
    if not lacking:
        return None
    best = min(lacking, key=lambda lacks: (len({k.kind for k in lacks}), sum(map(_far, lacks))))
    return max(best, key=_far)


def _far(lack: Lack) -> float:
    return _TAKEN_MIN if lack.kind is Kind.TAKEN else effort(lack.kind, lack.amount)


def binding(problem: WeekProblem, group: int, kind: Kind | None, lack: Lack | None) -> Rule:
    """Return the rule told: of a place out for good, of the `kind` to loosen, of what lacks."""
    always = never(problem, group)
    if always is not None:
        return always
    if kind is None and lack is None:
        return Rule.WORTH
    told = lack.kind if lack is not None and kind is None else kind
    out = lack is not None and lack.kind in (Kind.TAKEN, Kind.QUOTA, Kind.HELPER)
    if told is Kind.HELPER or (out and pairs_only(problem, group)):
        return Rule.PAIR
    if told is Kind.ZONE and lack is not None and lack.kind is Kind.ZONE:
        apart = int(problem.groups.zone_apart[problem.groups.zone[group]])
        return Rule.SERVED if lack.amount == apart else Rule.SPACING
    return _RULES[Kind(told)] if told is not None else Rule.WORTH
