"""Compiled repair of a week: the visit of most value for the minutes it moves, again and again."""

from __future__ import annotations

import numpy as np

from territory.analysis.routing.dice_kernel import drawn
from territory.analysis.routing.path_kernel import NEVER, drop, fit, insert
from territory.analysis.routing.tally_kernel import (
    admitted,
    count,
    forget,
    gain,
    open_or_close,
    walk,
)
from territory.analysis.routing.week_layout import (
    BANNED,
    BEGIN,
    BEGUN,
    BEST,
    CLASHING,
    DAY_M,
    FINISH,
    FIRST,
    FITS,
    FITTING,
    FROZEN,
    HELD_BY,
    LAST,
    LATEST,
    LUNCH_AFTER,
    MORE_M,
    OPENS,
    PARTNER,
    PROMISE,
    ROUTE_DAY,
    SCORE,
    SERVICE,
    SIZE,
    SPOT,
    STALE,
    TENTHS,
    TIGHT,
    VISIT,
    WALK_MAX_M,
    WALKED,
    WALKER,
    Week,
)
from territory.network.hierarchy.kernel import inner, pasted

DETOUR = 3  # tenths of a minute moved, what a minute of detour counts for
LEAST_TENTHS = 20.0  # added to them: a visit that moves nothing is not infinitely good
NEARLY = 0.9  # of the gain promised: near enough to take the visit


@inner
def _refresh(r: int, w: Week) -> None:
    """
    Look where each candidate best fits in route `r`: all if it is stale, or those that fitted.

    After one more visit, what did not fit does not fit any more (but for a detour shorter than the
    way: left to a later look).
    """
    begin, end, fitting = w.route[r, FIRST], w.route[r, FIRST], 0
    room: int = np.int64(NEVER)  # type: ignore[assignment]  # typed, not compiled once more
    again = w.route[r, STALE] == 0
    if again:
        end += w.route[r, FITTING]
    else:
        end = w.route[r + 1, FIRST] if r + 1 < len(w.route) else len(w.candidate)
        w.route[r, STALE] = w.route[r, TIGHT] = 0
    for x in range(WALKER, PARTNER + 1):
        m = w.route[r, x]
        if m >= 0:
            room = min(room, w.walker[m, WALK_MAX_M] - w.walker[m, DAY_M + w.route[r, ROUTE_DAY]])
    for x in range(begin, end):
        e = w.candidate[x, FITS] if again else x
        if w.visit[w.candidate[e, VISIT], HELD_BY] != r and _best_place(e, room, r, w):
            w.candidate[begin + fitting, FITS] = e
            fitting += 1
    w.route[r, FITTING] = fitting


@pasted
def _best_place(e: int, room: int, r: int, w: Week) -> bool:
    """Find where candidate `e` moves least minutes in route `r`; return whether it fits."""
    v, size, lunch = w.candidate[e, VISIT], w.route[r, SIZE], w.route[r, LUNCH_AFTER]
    least, direct = NEVER, w.route[r, WALKED] if size == 0 else 0
    opens, latest, service = w.visit[v, OPENS], w.visit[v, LATEST], w.visit[v, SERVICE]
    for k in range(size + 1):
        ready, last = w.route[r, BEGIN], w.route[r, FINISH]
        if k > 0:
            before = w.order[r, k - 1]
            ready = w.visit[before, BEGUN] + w.visit[before, SERVICE]
        if ready > latest:
            break
        if k < size:
            last = w.visit[w.order[r, k], LAST]
        if max(ready, opens) + service > last:  # even without any way to go
            continue
        for after in range(2 if k == lunch else 1):
            moved, detour, metres = fit(v, k, after == 1, r, w)
            tenths = max(10 * moved + DETOUR * detour, 0)
            if moved >= NEVER or tenths >= least:
                continue
            if metres + direct > room:
                w.route[r, TIGHT] = 1
                continue
            least = tenths
            w.candidate[e, SPOT], w.candidate[e, TENTHS] = 2 * k + after, tenths
            w.candidate[e, MORE_M] = metres + direct
    return least < NEVER


@inner
def _score(r: int, power: int, noise: float, w: Week) -> None:
    """Choose the candidate of route `r` that brings most for its minutes, with some chance."""
    best, most = -1, 0.0
    if w.route[r, SIZE] > 0 or (w.route[r, BANNED] == 0 and w.route[r, CLASHING] == 0):
        for x in range(w.route[r, FIRST], w.route[r, FIRST] + w.route[r, FITTING]):
            e = w.candidate[x, FITS]
            v, metres = w.candidate[e, VISIT], w.candidate[e, MORE_M]
            if not admitted(v, r, metres, w):
                continue
            gained = gain(v, r, metres, w)
            if gained <= 0:
                continue
            score = (gained if power > 0 else 1.0) * (1.0 if power == 1 else np.sqrt(gained))
            score *= (1.0 - noise * drawn(w)) / (w.candidate[e, TENTHS] + LEAST_TENTHS)
            if score > most:
                best, most = e, score
                w.real[r, PROMISE] = gained
    w.route[r, BEST], w.real[r, SCORE] = best, most


@inner
def cut(first: int, some: int, r: int, w: Week) -> None:
    """Take `some` visits out of route `r` from its `first` on; its times may hold no more."""
    if some == 0:
        return
    walk(-w.route[r, WALKED], r, w)
    for k in range(first, first + some):
        forget(w.order[r, k], r, w)
    drop(first, some, r, w)
    w.route[r, STALE] = 1
    if w.route[r, SIZE] > 0:
        walk(w.route[r, WALKED], r, w)
    else:
        open_or_close(r, w)


@inner
def repair(power: int, noise: float, w: Week) -> None:
    """
    Add visits until none brings anything, each time where value^(power/2 + 1/2) / minutes is most.

    What a candidate brings only falls while visits are added: a route is scored again when it
    changed, or when its best candidate falls short of what it promised.
    """
    for r in range(len(w.route)):
        usable = w.route[r, SIZE] > 0 or (w.route[r, CLASHING] == 0 and w.route[r, BANNED] == 0)
        if usable and w.route[r, STALE] > 0 and w.route[r, FROZEN] == 0:
            _refresh(r, w)
        _score(r, power, noise, w)
    r = _next(w)
    while r >= 0:
        e = w.route[r, BEST]
        v, metres = w.candidate[e, VISIT], w.candidate[e, MORE_M]
        if admitted(v, r, metres, w) and gain(v, r, metres, w) >= NEARLY * w.real[r, PROMISE]:
            _add(e, r, w)
            _refresh(r, w)
        _score(r, power, noise, w)
        r = _next(w)


@inner
def _next(w: Week) -> int:
    """Return the route whose best candidate scores most, -1 when none has any."""
    found = -1
    for r in range(len(w.route)):
        if w.route[r, BEST] >= 0 and (found < 0 or w.real[r, SCORE] > w.real[found, SCORE]):
            found = r
    return found


@inner
def _add(e: int, r: int, w: Week) -> None:
    """Put candidate `e` where it best fits in route `r`."""
    v, spot, opening = w.candidate[e, VISIT], w.candidate[e, SPOT], w.route[r, SIZE] == 0
    if not opening:
        walk(-w.route[r, WALKED], r, w)
    insert(v, spot // 2, spot % 2 == 1, r, w)
    if opening:
        open_or_close(r, w)
    walk(w.route[r, WALKED], r, w)
    count(v, r, w)
