"""The lowest of several planes above the people of each row, summed by group of rows."""

from __future__ import annotations

import numpy as np

from territory.network.hierarchy.kernel import Ints, Longs, Reals, inner, kernel

ROUNDING = 1e-13
LEAST_OPEN = 0.01
TURNS = 60  # of a root that is found in a handful
SMOOTH, LINEAR, FIRST, SECOND = range(4)  # the planes


@inner
def _staying(values: Reals, taken: Reals, away: float) -> float:
    """
    Return the share that stays away in the linear model of choice, from nobody staying upwards.

    An option takes min(pull / away x those who stay, what it draws alone x how open it is).
    """
    stay = 0.0
    for _ in range(TURNS):
        free, capped = 1.0, 0.0
        for q in range(len(values)):
            most = values[q] / (away + values[q]) * taken[q]
            if values[q] / away * stay >= most:
                capped += most
            else:
                free += values[q] / away
        after = (1.0 - capped) / free
        if abs(after - stay) < ROUNDING:
            return after
        stay = after
    return stay


@inner
def _first(values: Reals, taken: Reals, away: float, open_from: float) -> tuple[float, float]:
    """Return the plane through the set of options open: those it lacks add what they add to it."""
    held = 0.0
    for q in range(len(values)):
        if taken[q] > open_from:
            held += values[q]
    come = held / (away + held)
    for q in range(len(values)):
        if taken[q] <= open_from:
            after = held + values[q]
            come += (after / (away + after) - held / (away + held)) * taken[q]
    return come, held


@inner
def _second(values: Reals, taken: Reals, away: float, held: float, open_from: float) -> float:
    """Return the plane through the same set: those it holds take away what only they bring."""
    come = held / (away + held)
    for q in range(len(values)):
        if taken[q] > open_from:
            less = held - values[q]
            come -= (held / (away + held) - less / (away + less)) * (1.0 - taken[q])
        else:
            come += values[q] / (away + values[q]) * taken[q]
    return come


@inner
def _slopes(
    kind: int, values: Reals, taken: Reals, away: float, at: tuple[float, float, float, float],
    out: Reals,
) -> None:  # fmt: skip
    """Write the slopes of plane `kind`; `at`: summed pull, staying, pull held, open from."""
    summed, stay, held, open_from = at
    free = 1.0
    if kind == LINEAR:
        for q in range(len(values)):
            if values[q] / away * stay < values[q] / (away + values[q]) * taken[q]:
                free += values[q] / away
    for q in range(len(values)):
        alone = values[q] / (away + values[q])
        if kind == SMOOTH:
            out[q] = values[q] * away / (away + summed) ** 2
        elif kind == LINEAR:
            out[q] = alone / free if values[q] / away * stay >= alone * taken[q] else 0.0
        elif taken[q] <= open_from:
            after = held + values[q]
            out[q] = alone if kind == SECOND else after / (away + after) - held / (away + held)
        else:
            less = held - values[q]
            out[q] = held / (away + held) - less / (away + less) if kind == SECOND else 0.0


@kernel
def planes(
    starts: Ints, columns: Ints, pull: Reals, away: Reals, gain: Reals, group: Longs,
    taken: Reals, entry: Ints, slopes: Reals,
) -> Reals:  # fmt: skip
    """
    Add the slopes of the lowest planes at `taken` to `slopes` [entries]; return people [groups].

    `entry` [pulls] is the place in `slopes` of the group and option of each pull. The rows of a
    group are summed: its people are at most what is returned + slopes (x - taken).
    """
    come = np.zeros(group.max() + 1 if len(group) else 0)
    steep = np.empty(len(taken))
    for i in range(len(away)):
        first, last = starts[i], starts[i + 1]
        values, here = pull[first:last], np.empty(last - first)
        summed = 0.0
        for q in range(last - first):
            here[q] = taken[columns[first + q]]
            summed += values[q] * here[q]
        kind, best = SMOOTH, summed / (away[i] + summed)
        kept, open_from = 0.0, 0.5
        stay = _staying(values, here, away[i])
        if 1.0 - stay < best - 1e-12:
            kind, best = LINEAR, 1.0 - stay
        for q in range(last - first):  # the sets of all that are as open as one of them
            if here[q] <= LEAST_OPEN:
                continue
            level = here[q] - 1e-12
            come_first, held = _first(values, here, away[i], level)
            if come_first < best - 1e-12:
                kind, best, kept, open_from = FIRST, come_first, held, level
            come_second = _second(values, here, away[i], held, level)
            if come_second < best - 1e-12:
                kind, best, kept, open_from = SECOND, come_second, held, level
        _slopes(kind, values, here, away[i], (summed, stay, kept, open_from), steep)
        g = group[i]
        come[g] += gain[i] * best
        for q in range(last - first):
            slopes[entry[first + q]] += gain[i] * steep[q]
    return come
