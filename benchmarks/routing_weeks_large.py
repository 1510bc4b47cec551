"""A drawn week of eight mediators and 400 places: pairs, quotas, zones, spacing, fairness."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from routing_weeks_town import BASE, DAY, LUNCH, town

from territory.analysis.routing.week_problem import (
    Groups,
    Legs,
    Team,
    Visits,
    WeekProblem,
    Windows,
)

NOON = 780  # where a half-day ends and the next begins
HALVES = {"day": DAY, "morning": (DAY[0], NOON), "afternoon": (NOON, DAY[1])}


def large(seed: int, mediators: int = 8, places: int = 400, days: int = 5) -> WeekProblem:
    """
    Draw a week where each half-day may be walked alone or by two.

    Each mediator may walk a day (lunch inside) or a half-day, alone or (half-days only) with any
    other. A tenth of the places are for pairs only; all may be visited twice, two days apart, for
    half; eight zones ask for one route a day at most in the two last, and pay for a first visit.
    """
    drawn, draw = town(seed, days, mediators, places, each=0), np.random.default_rng(seed)
    copies = drawn.copies
    point = np.array([c.place for c in copies])
    day = np.array([c.day for c in copies])
    visits = Visits(
        point, point - 1, day, np.array([c.opens for c in copies]),
        np.array([c.latest for c in copies]), drawn.service[point],
        draw.choice([0.5, 1.0, 2.0], places)[point - 1],
    )  # fmt: skip
    windows = _windows(days, mediators)
    pair = windows.walkers[:, 1] >= 0
    only = draw.random(places) < 0.1
    value = drawn.prize[point][:, None] * np.where(pair, 1.1, 1.0)[None, :]
    allowed = (day[:, None] == windows.day[None]) & (pair[None, :] | ~only[point - 1][:, None])
    zone = (np.arange(places) * 8) // places
    apart = np.array([0] * 6 + [1] * 2)
    two = np.full(places, 2)
    groups = Groups(two, np.full(places, 0.5), two, zone, np.full(8, 10.0), apart)
    most = np.where(np.arange(mediators) % 4 == 3, 6, 10)
    team = Team(np.full(mediators, 9000), most, most * 2.0, 0.05)
    legs = Legs(drawn.minutes[None], drawn.metres[None])
    return WeekProblem(legs, visits, groups, windows, team, np.where(allowed, value, -np.inf),
                       0.0005, 10, 15.0)  # fmt: skip


def _windows(days: int, mediators: int) -> Windows:
    """Return all the ways to use every half-day."""
    teams = [(m, -1) for m in range(mediators)]
    ways = [(d, h, t) for d in range(days) for h in HALVES for t in teams]
    pairs = list(combinations(range(mediators), 2))
    ways += [(d, h, t) for d in range(days) for h in ("morning", "afternoon") for t in pairs]
    n, half = len(ways), [h for _, h, _ in ways]
    day = np.array([d for d, _, _ in ways])
    walkers = np.array([t for _, _, t in ways])
    span = np.array([HALVES[h] for h in half])
    whole = np.array([h == "day" for h in half])
    shared = (walkers[:, None, :, None] == walkers[None, :, None, :]) & (
        walkers[:, None, :, None] >= 0
    )
    over = (span[:, None, 0] < span[None, :, 1]) & (span[None, :, 0] < span[:, None, 1])
    clash = shared.any(axis=(2, 3)) & over & (day[:, None] == day[None]) & ~np.eye(n, dtype=bool)
    base = np.full(n, BASE)
    return Windows(
        day, base, base, span[:, 0], span[:, 1], np.zeros(n, int), walkers, whole + 1,
        np.where(whole, LUNCH[2], 0), np.full(n, LUNCH[0]), np.full(n, LUNCH[1]), clash,
    )  # fmt: skip
