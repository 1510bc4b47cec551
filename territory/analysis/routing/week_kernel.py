"""Compiled search of a week: take visits out, put better ones in, keep what chance accepts."""

from __future__ import annotations

import numpy as np

from territory.analysis.routing.dice_kernel import drawn
from territory.analysis.routing.path_kernel import timed
from territory.analysis.routing.removal_kernel import remove
from territory.analysis.routing.repair_kernel import cut, repair
from territory.analysis.routing.tally_kernel import count, open_or_close, plan_value, walk
from territory.analysis.routing.week_layout import (
    END,
    KEPT,
    KEPT_LUNCH,
    KEPT_SIZE,
    LAID_OUT,
    LUNCH_AFTER,
    LUNCH_MIN,
    MINUTES,
    PACE,
    POINT,
    ROUTE_DAY,
    SIZE,
    STALE,
    START,
    TIGHT,
    TOUCHED,
    WALKED,
    Week,
)
from territory.network.hierarchy.kernel import Longs, Reals, inner, kernel

# Mean values: the losses accepted first and last, as of simulated annealing.
HOT, COLD = 0.14, 0.015


@inner
def _keep(r: int, kept: Longs, w: Week) -> None:
    kept[r, KEPT_SIZE], kept[r, KEPT_LUNCH] = w.route[r, SIZE], w.route[r, LUNCH_AFTER]
    for k in range(w.route[r, SIZE]):
        kept[r, KEPT + k] = w.order[r, k]


@inner
def _back(kept: Longs, w: Week) -> None:
    """Make the routes touched again what was kept of them."""
    first: int = np.int64(0)  # type: ignore[assignment]  # typed, not compiled once more
    for r in range(len(w.route)):
        if w.route[r, TOUCHED] > 0:
            cut(first, w.route[r, SIZE], r, w)
    for r in range(len(w.route)):
        if w.route[r, TOUCHED] == 0:
            continue
        w.route[r, STALE], w.route[r, SIZE] = 1, kept[r, KEPT_SIZE]
        w.route[r, LUNCH_AFTER] = kept[r, KEPT_LUNCH]
        if kept[r, KEPT_SIZE] == 0:
            w.route[r, LUNCH_AFTER] = 0 if w.route[r, LUNCH_MIN] > 0 else -1
        for k in range(kept[r, KEPT_SIZE]):
            w.order[r, k] = kept[r, KEPT + k]
            count(kept[r, KEPT + k], r, w)
        timed(r, w)
        if kept[r, KEPT_SIZE] > 0:
            open_or_close(r, w)
            walk(w.route[r, WALKED], r, w)


@inner
def _differing(kept: Longs, w: Week) -> bool:
    """Mark the routes that are not as kept; say whether there are any."""
    differs = False
    for r in range(len(w.route)):
        size = w.route[r, SIZE]
        other = size != kept[r, KEPT_SIZE]
        if size > 0 and not other:
            other = w.route[r, LUNCH_AFTER] != kept[r, KEPT_LUNCH]
            for k in range(size):
                other |= w.order[r, k] != kept[r, KEPT + k]
        w.route[r, TOUCHED] = 1 if other else 0
        differs |= other
    return differs


@inner
def _loosen(w: Week) -> None:
    """Look again where the walking cap refused a place and a route of the same day has changed."""
    for r in range(len(w.route)):
        if w.route[r, TIGHT] > 0 and w.route[r, STALE] == 0:
            for other in range(len(w.route)):
                if (
                    w.route[other, TOUCHED] > 0
                    and w.route[other, ROUTE_DAY] == w.route[r, ROUTE_DAY]
                ):
                    w.route[r, STALE] = 1


@inner
def _going(w: Week) -> float:
    """Return the minutes on the way of all routes walked."""
    minutes = 0
    for r in range(len(w.route)):
        size, pace, at = w.route[r, SIZE], w.route[r, PACE], w.route[r, START]
        for k in range(size):
            there = w.visit[w.order[r, k], POINT]
            minutes += w.legs[MINUTES, pace, at, there]
            at = there
        if size > 0:
            minutes += w.legs[MINUTES, pace, at, w.route[r, END]]
    return float(minutes)


@kernel
def improve(
    w: Week, kept: Longs, best: Longs, values: Reals, iterations: int, begun: float, ended: float
) -> None:
    """
    Make `iterations` more of the search, in place, from the plan `kept`.

    `values` are those of the plans kept and best, the mean of a visit, the minutes on the way of
    the plan kept, and what one of them counts for, in heats; `begun` and `ended` the shares of the
    whole search done before and after. Each iteration takes visits out and repairs (large
    neighbourhoods: Pisinger and Ropke 2007, « A general heuristic for vehicle routing »). Of plans
    near in value, those that spend less on the way are kept more often: they have more room. A plan
    better than the best is always kept.
    """
    if w.total[LAID_OUT] == 0:
        for r in range(len(w.route)):
            w.route[r, TOUCHED] = 1
        _back(kept, w)
        w.total[LAID_OUT] = 1
        values[3] = _going(w)
    for i in range(iterations):
        done = begun + (ended - begun) * i / iterations
        heat = values[2] * HOT * (COLD / HOT) ** done
        remove(w)
        _loosen(w)
        repair(int(3 * drawn(w)), 0.6 * drawn(w), w)
        if not _differing(kept, w):
            continue
        value, going = plan_value(w), _going(w)
        likely = (value - values[0]) / heat - values[4] * (going - values[3])
        if value <= values[1] and likely < 0 and drawn(w) >= np.exp(likely):
            _back(kept, w)
            _loosen(w)
            continue
        values[0], values[3] = value, going
        for r in range(len(w.route)):
            if w.route[r, TOUCHED] > 0:
                _keep(r, kept, w)
        if value > values[1]:
            values[1] = value
            for r in range(len(w.route)):
                _keep(r, best, w)
