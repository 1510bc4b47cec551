"""A week made ready for the compiled search: flat arrays, candidates stored by route."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.repair_kernel import Spots
from territory.analysis.routing.route_kernel import Plan, Scene
from territory.analysis.routing.tally_kernel import Rules, Tally
from territory.analysis.routing.week_kernel import Kept, improve
from territory.analysis.routing.week_problem import Walked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from territory.analysis.routing.week_problem import Flags, Ints, Reals, WeekProblem

STIR = 0x9E3779B97F4A7C15  # the golden ratio in 64 bits: near seeds start far apart


@dataclass(slots=True, eq=False)
class Search:
    """One search of a week: its plan, the best one, and what is needed to go on."""

    scene: Scene
    rules: Rules
    plan: Plan
    tally: Tally
    spots: Spots
    kept: Kept
    best: Kept
    values: Reals  # of the plan kept, of the best, and the mean of a visit
    dice: NDArray[np.uint64]

    def go(self, iterations: int, begun: float, ended: float) -> None:
        """Make `iterations` more, `begun` and `ended` being shares (0-1) of the whole search."""
        improve(self.scene, self.plan, self.rules, self.tally, self.spots, self.kept, self.best,
                self.values, self.dice, iterations, np.array([begun, ended]))  # fmt: skip

    @property
    def routes(self) -> tuple[Walked, ...]:
        """The best plan found."""
        found = []
        for order, size, lunch in zip(*self.best, strict=True):
            visits = tuple(int(v) for v in order[:size])
            found.append(Walked(visits, int(lunch)) if visits else Walked())
        return tuple(found)


def search_of(
    problem: WeekProblem, frozen: Flags, routes: Sequence[Walked], value: float, seed: int
) -> Search:
    """Return a search that starts from the plan `routes`, worth `value`; `frozen` ones stay."""
    scene, rules = _scene(problem), rules_of(problem, frozen)
    kept = _kept(problem, rules, routes)
    allowed = rules.candidate_value[rules.candidate_value > 0]
    mean = float(allowed.mean()) if len(allowed) else 1.0
    dice = np.array([(seed * 2 + 1) * STIR % 2**64 or 1], np.uint64)
    return Search(scene, rules, _plan(problem, kept), tally_of(rules), _spots(rules), kept,
                  Kept(*(a.copy() for a in kept)), np.array([value, value, mean]),
                  dice)  # fmt: skip


def _longs(values: ArrayLike) -> Ints:
    return np.array(values, np.int64, order="C", ndmin=1)


def _reals(values: ArrayLike) -> Reals:
    return np.array(values, np.float64, order="C", ndmin=1)


def _scene(problem: WeekProblem) -> Scene:
    legs, v, w = problem.legs, problem.visits, problem.windows
    parts = (legs.minutes, legs.metres, v.point, v.opens, v.latest, v.service, w.start, w.end,
             w.begin, w.finish, w.pace, w.lunch_min, w.lunch_opens, w.lunch_latest)  # fmt: skip
    return Scene(*(_longs(part) for part in parts))


def rules_of(problem: WeekProblem, frozen: Flags) -> Rules:
    """Return the rules of a week, days counted from its first one."""
    v, g, w, t = problem.visits, problem.groups, problem.windows, problem.team
    may = np.isfinite(problem.value) & (v.day[:, None] == w.day[None, :]) & ~frozen[None, :]
    route, candidate = np.nonzero(may.T)
    first = np.searchsorted(route, np.arange(problem.n_routes + 1))
    day0 = min((int(d.min()) for d in (v.day, w.day) if len(d)), default=0)
    clash = np.array(problem.windows.clash | problem.windows.clash.T, np.bool_, order="C")
    np.fill_diagonal(clash, False)
    return Rules(
        _longs(first), _longs(candidate), _reals(problem.value[candidate, route]),
        _reals(problem.value), _longs(v.group), _longs(v.day - day0), _longs(g.zone[v.group]),
        _reals(v.burden), _longs(g.most), _longs(g.apart), _reals(g.repeat), _longs(g.zone_apart),
        _reals(g.zone_bonus), _longs(w.day - day0), _longs(w.half_days), _longs(w.walkers), clash,
        np.array(frozen, np.bool_), _longs(t.walk_max_m), _longs(t.half_days_most), _reals(t.due),
        _reals([problem.walk_price, t.unfairness, problem.pair_price]), _longs([problem.pairs]),
    )  # fmt: skip


def tally_of(rules: Rules) -> Tally:
    """Return the accounts of an empty plan."""
    visits, groups, zones = len(rules.group), len(rules.most), len(rules.zone_bonus)
    routes, walkers = len(rules.route_day), len(rules.due)
    days = int(max(rules.day.max(initial=0), rules.route_day.max(initial=0))) + 1
    asked = np.bincount(rules.group, minlength=max(groups, 1)).max(initial=0)
    none = np.zeros
    return Tally(
        np.full(visits, -1, np.int64), none(visits), none((groups, int(asked) + 1), np.int64),
        none(groups, np.int64), none(zones, np.int64), none((zones, routes), np.int64),
        none((zones, days), np.int64), none(routes, np.int64), none(walkers, np.int64),
        none((walkers, days), np.int64), none(walkers), none(1, np.int64),
    )  # fmt: skip


def _spots(rules: Rules) -> Spots:
    entries, routes = len(rules.candidate), len(rules.route_day)
    none = np.zeros
    return Spots(none(entries, np.int64), none(entries), none(entries, np.int64),
                 none(routes, np.bool_), none(routes, np.bool_), none(routes, np.bool_),
                 none(routes, np.int64), none(routes), none(routes))  # fmt: skip


def _kept(problem: WeekProblem, rules: Rules, routes: Sequence[Walked]) -> Kept:
    """Return `routes` as arrays; those of the frozen ones are all that they will ever hold."""
    n = problem.n_routes
    longest = max([len(walked.visits) for walked in routes], default=0)
    room = max(int(np.diff(rules.first).max(initial=0)), longest) + 1
    kept = Kept(np.zeros((n, room), np.int64), np.zeros(n, np.int64), np.full(n, -1, np.int64))
    for r, walked in enumerate(routes):
        kept.order[r, : len(walked.visits)] = walked.visits
        kept.size[r], kept.lunch_after[r] = len(walked.visits), walked.lunch_after
    return kept


def _plan(problem: WeekProblem, kept: Kept) -> Plan:
    n, visits = problem.n_routes, problem.n_visits
    none = np.zeros
    return Plan(np.zeros_like(kept.order), none(n, np.int64), none(n, np.int64),
                none(visits, np.int64), none(visits, np.int64), none(n, np.int64),
                none(n, np.int64), none(n, np.int64))  # fmt: skip
