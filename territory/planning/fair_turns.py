"""Evenings, difficult places and kilometres shared out: what one more costs who had their share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.week_judge import timetable, week_value
from territory.planning.days import EVENING_MIN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    import pandas as pd

    from territory.analysis.routing.week_problem import (
        Flags,
        Reals,
        Walked,
        WeekOutcome,
        WeekProblem,
    )
    from territory.planning.week_scene import WeekScene
    from territory.settings import Week

    class Search(Protocol):
        """A search for the best plan of a problem, from the plan `begin` when there is one."""

        def __call__(
            self, problem: WeekProblem, begin: Sequence[Walked] | None = None
        ) -> WeekOutcome:
            """Return the best plan found."""


KINDS = EVENINGS, HARD, KM = 0, 1, 2
COLUMNS = ("evenings", "difficult", "walk_m")  # of a ledger
UNITS = np.array([1.0, 1.0, 1000.0])
MOST = np.array([1.0, 1.0, 15.0])  # of a gap that counts: no debt costs the whole outing
OUTING_MIN = 60.0  # of visits in an outing: each one pays as much of an evening, or of a walk
ROUNDS = 3  # searches more, with the prices of the plan found


@dataclass(frozen=True, slots=True)
class Shares:
    """
    What is shared out, in order of KINDS: `past` [kinds, workers] what each one had before.

    `share` [kinds, workers] by contract among those who can have any this week (0: they cannot);
    `price` [kinds] people for a squared gap of one; `hard` [visits] to difficult places, `late`
    [routes] that may end in the evening, `km` [visits, routes] about how far a visit makes one
    walk, `team` [routes, workers] who goes (0-1).
    """

    past: Reals
    share: Reals
    price: Reals
    hard: Flags
    late: Flags
    km: Reals
    team: Reals

    def gap(self, more: Reals) -> Reals:
        """Return what each has above their share [kinds, workers] once `more` is added."""
        had = np.where(self.share > 0, self.past + more, 0.0)
        return np.asarray(had - self.share * had.sum(axis=1, keepdims=True))

    def cost(self, more: Reals) -> float:
        """Return what all gaps cost with `more` [kinds, workers], people."""
        return float((self.price * (self.gap(more) ** 2).sum(axis=1)).sum())


def shares_of(scene: WeekScene, carried: pd.DataFrame, rules: Week) -> Shares:
    """Return what a week shares out after a `ledger`; a walk nobody knows is not shared out."""
    problem, codes = scene.problem, [a.code for a in scene.agents]
    rows = carried.reindex(codes)
    past = rows.reindex(columns=list(COLUMNS)).to_numpy(float).T / UNITS[:, None]
    known = np.isfinite(past).all(axis=1)
    walkers = problem.windows.walkers
    team = (walkers[:, :, None] == np.arange(len(codes))).any(axis=1).astype(float)
    late = problem.windows.finish > EVENING_MIN
    kinds = [d.option.place.kind if d.option.place else "" for d in scene.doors]
    hard = np.isin(kinds, list(rules.difficult_kinds)) & bool(kinds)
    open_to = np.isfinite(problem.value)
    able = np.stack([late & open_to.any(axis=0), open_to[hard].any(axis=0), open_to.any(axis=0)])
    share = rows["share"].fillna(0.0).to_numpy(float) * ((able @ team) > 0)
    whole = share.sum(axis=1, keepdims=True)
    prices = np.array([rules.evening_turns, rules.difficult_turns, rules.walk_turns])
    return Shares(
        np.nan_to_num(past), share / np.where(whole > 0, whole, 1.0), prices * known, hard, late,
        _about_km(problem), team,
    )  # fmt: skip


def _about_km(problem: WeekProblem) -> Reals:
    """Return the way there and back [visits, routes], km, each visit paying its part of it."""
    legs, w, point = problem.legs.metres, problem.windows, problem.visits.point
    there = legs[w.pace[None, :], w.start[None, :], point[:, None]]
    back = legs[w.pace[None, :], point[:, None], w.end[None, :]]
    return np.asarray((there + back) / 1000 * _part(problem)[:, None])


def _part(problem: WeekProblem) -> Reals:
    """Return how much of an outing each visit is [visits], 0-1."""
    return np.minimum(problem.visits.service / OUTING_MIN, 1.0)


def had_of(scene: WeekScene, shares: Shares, routes: Sequence[Walked]) -> Reals:
    """Return evenings, difficult days and km [kinds, days, workers] of a plan [routes]."""
    days = np.unique(scene.problem.windows.day)
    had = np.zeros((len(KINDS), len(days), shares.team.shape[1]))
    for r, walked in enumerate(routes):
        if walked.visits:
            on, team = np.searchsorted(days, scene.problem.windows.day[r]), shares.team[r]
            times = timetable(scene.problem, r, walked)
            late, hard = times.end > EVENING_MIN, shares.hard[list(walked.visits)].any()
            had[EVENINGS, on] = np.maximum(had[EVENINGS, on], team * late)
            had[HARD, on] = np.maximum(had[HARD, on], team * hard)
            had[KM, on] += team * times.metres / 1000
    return had


def charge(scene: WeekScene, shares: Shares, routes: Sequence[Walked] = ()) -> Reals:
    """
    Return what each visit costs in each route [visits, routes], people, for turns to come out even.

    That is the slope of `Shares.cost` at the plan `routes`, below 0 for those who had less than
    their share: the first evening of a worker in the plan costs what the weeks before say, the
    second one more, and an evening on another day as much as one more after them all.
    """
    problem = scene.problem
    had = had_of(scene, shares, routes)
    week = had.sum(axis=1)
    before = shares.gap(week) - week
    earlier = np.where(had > 0, had.cumsum(axis=1) - had, week[:, None])
    above = (before[:, None] + earlier) * (shares.share > 0)[:, None]
    most = MOST[:, None, None]
    slope = 2 * shares.price[:, None, None] * np.clip(above, -most, most)
    on = np.searchsorted(np.unique(problem.windows.day), problem.windows.day)
    price = (slope[:, on] * shares.team).sum(axis=2)  # [kinds, routes]
    late = np.where(price[EVENINGS] > 0, shares.late, _in_the_evening(problem))
    told = price[EVENINGS] * late * _part(problem)[:, None]
    told = told + price[HARD] * shares.hard[:, None] + price[KM] * shares.km
    return np.where(np.isfinite(problem.value), told, 0.0)


def _in_the_evening(problem: WeekProblem) -> Flags:
    """Say which visits [visits, routes] end in the evening however early the outing goes there."""
    starts = np.maximum(problem.visits.opens[:, None], problem.windows.begin)
    return np.asarray(starts + problem.visits.service[:, None] > EVENING_MIN)


def evened(scene: WeekScene, shares: Shares | None, search: Search) -> tuple[Reals, WeekOutcome]:
    """
    Return the charges of turns [visits, routes], and the best plan that `search` finds with them.

    Charges of the weeks before first; then, as two evenings of one worker in a week cost more than
    twice one, those of the plan found, for as long as the week gets better. None: no charge.
    """
    problem = scene.problem
    if shares is None:
        return np.zeros(problem.value.shape), search(problem)

    def searched(begin: Sequence[Walked]) -> tuple[float, Reals, WeekOutcome]:
        cost = charge(scene, shares, begin)
        found = search(replace(problem, value=problem.value - cost), begin or None)
        had = had_of(scene, shares, found.routes).sum(axis=1)
        return week_value(problem, found.routes) - shares.cost(had), cost, found

    best = searched(())
    for _ in range(ROUNDS):
        if not _uneven(shares, had_of(scene, shares, best[2].routes).sum(axis=1)):
            break
        again = searched(best[2].routes)
        if again[0] <= best[0]:
            break
        best = again
    return best[1], best[2]


def _uneven(shares: Shares, had: Reals) -> bool:
    """Whether who is more than one evening or difficult day above another has any to hand over."""
    able, gap = shares.share > 0, shares.gap(had)
    high, low = np.where(able, gap, -np.inf), np.where(able, gap, np.inf)
    apart = high.max(axis=1, initial=-np.inf) - low.min(axis=1, initial=np.inf)
    some = (had * (high == high.max(axis=1, keepdims=True, initial=-np.inf))).any(axis=1)
    return bool(((apart > 1.0) & some & (shares.price > 0))[[EVENINGS, HARD]].any())
