"""Compiled removals of a week: which visits make room for others."""

from __future__ import annotations

import numpy as np

from territory.analysis.routing.dice_kernel import below, drawn
from territory.analysis.routing.path_kernel import timed
from territory.analysis.routing.repair_kernel import cut
from territory.analysis.routing.week_layout import (
    BANNED,
    BEGUN,
    DAY,
    DAY_M,
    ENDED,
    FROZEN,
    GOING,
    HALF_DAYS,
    HALF_DAYS_MOST,
    LATEST,
    LUNCH_AFTER,
    MINUTES,
    OPENS,
    OUTINGS,
    PACE,
    PARTNER,
    POINT,
    ROUTE_DAY,
    SIZE,
    TOUCHED,
    WALK_MAX_M,
    WALKER,
    Week,
)
from territory.network.hierarchy.kernel import inner

SEGMENT, ROUTE, NEAR, WALKERS, DAYS, ANY, OTHER = range(7)
OFTEN = (0.35, 0.5, 0.75, 0.8, 0.85, 0.92, 1.0)  # chances of the kinds, added up
HALF, ELSEWHERE = 0.5, 0.1  # how often: a route is kept empty, near means soon too; a lunch moves
FAR = 1e18


@inner
def remove(w: Week) -> None:
    """Take visits out in one of seven ways; mark the routes that changed."""
    for v in range(len(w.visit)):
        w.visit[v, GOING] = 0
    for r in range(len(w.route)):
        w.route[r, BANNED] = w.route[r, TOUCHED] = 0
    kind, draw = 0, drawn(w)
    while draw >= OFTEN[kind]:
        kind += 1
    if kind == NEAR:
        _near(w)
    elif kind == OTHER:
        _other(w)
    elif kind <= ROUTE:
        _pieces(kind, w)
    else:
        _share(kind, w)
    for r in range(len(w.route)):
        if w.route[r, SIZE] > 0 and w.route[r, FROZEN] == 0:
            _without(r, w)


@inner
def _walked(w: Week) -> int:
    """Return a walked route, drawn among those that may change; -1 none."""
    begin = below(len(w.route), w)
    for more in range(len(w.route)):
        r = (begin + more) % len(w.route)
        if w.route[r, SIZE] > 0 and w.route[r, FROZEN] == 0:
            return r
    return -1


@inner
def _pieces(kind: int, w: Week) -> None:
    """Mark segments of one to three routes, or one or two whole ones."""
    for _ in range(1 + below(3 if kind == SEGMENT else 2, w)):
        r = _walked(w)
        if r < 0:
            return
        some = w.route[r, SIZE]
        if kind == SEGMENT:
            some = 1 + below(some, w)
        elif drawn(w) < HALF:
            w.route[r, BANNED] = 1
        first = below(w.route[r, SIZE] - some + 1, w)
        for k in range(first, first + some):
            w.visit[w.order[r, k], GOING] = 1


@inner
def _share(kind: int, w: Week) -> None:
    """Mark a share of the visits: of one walker, of one day, of all."""
    share = 0.05 + 0.25 * drawn(w) if kind == ANY else 0.3 + 0.5 * drawn(w)
    r = _walked(w)
    if r < 0:
        return
    m, day = w.route[r, WALKER], w.route[r, ROUTE_DAY]
    for other in range(len(w.route)):
        of = w.route[other, WALKER] == m or w.route[other, PARTNER] == m
        if (kind == WALKERS and not of) or (kind == DAYS and w.route[other, ROUTE_DAY] != day):
            continue
        for k in range(w.route[other, SIZE]):
            if drawn(w) < share:
                w.visit[w.order[other, k], GOING] = 1


@inner
def _near(w: Week) -> None:
    """Mark visits near a visit drawn at random, in place and, half of the time, in day and hour."""
    middle = below(len(w.visit), w)
    at, around = w.visit[middle, POINT], (w.visit[middle, OPENS] + w.visit[middle, LATEST]) / 2.0
    timely = drawn(w) < HALF
    for _ in range(2 + int(10 * drawn(w))):
        found, least = -1, FAR
        for r in range(len(w.route)):
            other_day = w.route[r, ROUTE_DAY] != w.visit[middle, DAY]
            if w.route[r, FROZEN] > 0 or (timely and other_day):
                continue
            for k in range(w.route[r, SIZE]):
                v = w.order[r, k]
                if w.visit[v, GOING] > 0:
                    continue
                far = w.legs[MINUTES, w.route[r, PACE], at, w.visit[v, POINT]] + 1.0
                if timely:
                    far += 0.1 * abs(w.visit[v, BEGUN] - around)
                far *= 0.6 + 0.8 * drawn(w)
                if far < least:
                    found, least = v, far
        if found < 0:
            return
        w.visit[found, GOING] = 1


@inner
def _other(w: Week) -> None:
    """Mark all visits of the routes that keep a route, drawn at random, from being walked."""
    routes = len(w.route)
    wanted = below(routes, w)
    for r in range(routes):
        if w.clash[r, wanted] > 0:
            _whole(r, w)
    for x in range(WALKER, PARTNER + 1):
        m = w.route[wanted, x]
        if (
            m < 0
            or w.walker[m, OUTINGS] + w.route[wanted, HALF_DAYS] <= (w.walker[m, HALF_DAYS_MOST])
        ):
            continue
        begin = below(routes, w)
        for more in range(routes):
            r = (begin + more) % routes
            of = w.route[r, WALKER] == m or w.route[r, PARTNER] == m
            if of and w.route[r, SIZE] > 0 and r != wanted and w.route[r, FROZEN] == 0:
                _whole(r, w)
                break


@inner
def _whole(r: int, w: Week) -> None:
    w.route[r, BANNED] = 1
    for k in range(w.route[r, SIZE]):
        w.visit[w.order[r, k], GOING] = 1


@inner
def _without(r: int, w: Week) -> None:
    """
    Take the visits marked out of route `r`.

    Then see to its lunch, and without a way shorter than a detour to its times and metres.
    """
    before = w.route[r, SIZE]
    k: int = np.int64(0)  # type: ignore[assignment]  # typed, not compiled once more
    while k < w.route[r, SIZE]:
        some = 0
        while k + some < w.route[r, SIZE] and w.visit[w.order[r, k + some], GOING] > 0:
            some += 1
        cut(k, some, r, w)
        k += 1
    if w.route[r, SIZE] == before:
        return
    w.route[r, TOUCHED] = 1
    while w.route[r, SIZE] > 0:
        holds = _relunch(r, drawn(w) < ELSEWHERE, w)
        for x in range(WALKER, PARTNER + 1):
            m, day = w.route[r, x], w.route[r, ROUTE_DAY]
            holds &= m < 0 or w.walker[m, DAY_M + day] <= w.walker[m, WALK_MAX_M]
        if holds:
            return
        half = w.route[r, SIZE] // 2
        cut(half, w.route[r, SIZE] - half, r, w)


@inner
def _relunch(r: int, anywhere: bool, w: Week) -> bool:  # noqa: FBT001
    """
    Take the lunch of route `r` where the route ends first, or somewhere that holds (`anywhere`).

    Return whether times hold.
    """
    found, least = w.route[r, LUNCH_AFTER], FAR
    for k in range(w.route[r, SIZE] + 2):
        w.route[r, LUNCH_AFTER] = k
        if found < 0 or k > w.route[r, SIZE]:  # no lunch, or all places tried: the times that stay
            w.route[r, LUNCH_AFTER] = found
            break
        if timed(r, w):
            ended = drawn(w) if anywhere else float(w.route[r, ENDED])
            if ended < least:
                found, least = k, ended
    return timed(r, w)
