"""The loops of the search on places and half-days: the best addition, removal or swap, again."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from territory.network.hierarchy.kernel import Ints, Longs, Marks, Reals, inner, kernel

Columns: TypeAlias = tuple[Ints, Ints, Reals]  # starts, rows, values of a sparse table by column
People: TypeAlias = tuple[Reals, Reals]  # weights, outside [rows]
Options: TypeAlias = tuple[Reals, Reals, Marks]  # capacity, least, may leave [options]
Limits: TypeAlias = tuple[Columns, Reals, Columns, Reals]  # most, high, need, low
LEAST_GAIN = 1e-9


@inner
def _drawn(picked: Longs, pull: Columns, outside: Reals, total: Reals) -> None:
    starts, rows, values = pull
    for i in range(len(outside)):
        total[i] = outside[i]
    for k in picked:
        for q in range(starts[k], starts[k + 1]):
            total[rows[q]] += values[q]


@inner
def _coming(k: int, pull: Columns, weights: Reals, total: Reals, more: Reals) -> float:
    """Return who comes to `k` when each row is drawn by `total` + `more`."""
    starts, rows, values = pull
    summed = 0.0
    for q in range(starts[k], starts[k + 1]):
        i = rows[q]
        summed += weights[i] * values[q] / (total[i] + more[i])
    return summed


@inner
def _use(k: int, columns: Columns, used: Reals, sign: float) -> None:
    starts, rows, values = columns
    for q in range(starts[k], starts[k + 1]):
        used[rows[q]] += sign * values[q]


@inner
def _fits(k: int, columns: Columns, used: Reals, high: Reals) -> bool:
    starts, rows, values = columns
    for q in range(starts[k], starts[k + 1]):
        if used[rows[q]] + values[q] > high[rows[q]] + 1e-9:
            return False
    return True


@inner
def _missed_with(k: int, columns: Columns, got: Reals, low: Reals, missed: float) -> float:
    """Return what the guarantees lack once `k` is added."""
    starts, rows, values = columns
    for q in range(starts[k], starts[k + 1]):
        lack = low[rows[q]] - got[rows[q]]
        if lack > 0:
            missed -= min(values[q], lack)
    return missed


@inner
def _lacking(got: Reals, low: Reals) -> float:
    lack = 0.0
    for g in range(len(low)):
        lack += max(low[g] - got[g], 0.0)
    return lack


@inner
def _everybody(weights: Reals) -> float:
    """Return more people than there are: what a rule that is missed costs."""
    summed = 1.0
    for i in range(len(weights)):
        summed += weights[i]
    return summed


@inner
def _scored(
    picked: Longs, pull: Columns, people: People, options: Options, total: Reals, more: Reals
) -> tuple[float, float]:
    """Return people served and options below their least, of the options `picked`."""
    capacity, least, _ = options
    served, short = 0.0, 0.0
    for k in picked:
        came = _coming(k, pull, people[0], total, more)
        served += min(came, capacity[k])
        short += 1.0 if came < least[k] - 1e-9 else 0.0
    return served, short


@inner
def _best_added(
    picked: Longs, order: Longs, inside: Marks, problem: tuple[Columns, People, Options, Limits],
    state: tuple[Reals, Reals, Reals, Reals], best: float,
) -> tuple[int, float]:  # fmt: skip
    """
    Return the option whose addition to `picked` scores most, and its score; -1 below `best`.

    Without overflow the people of all are those of the sums alone; an option that overflows is
    counted again, and the least attendance is looked at only for what would be the best.
    """
    pull, people, options, (most, high, need, low) = problem
    total, more, used, got = state
    weights, outside = people
    capacity, least, _ = options
    starts, rows, values = pull
    found, big = -1, _everybody(weights)
    base, careful = 0.0, False
    for k in picked:
        came = _coming(k, pull, weights, total, more)
        careful = careful or came > capacity[k] or least[k] > 0
        base += min(came, capacity[k])
    lacking = _lacking(got, low)
    for k in order:
        if inside[k] or not _fits(k, most, used, high):
            continue
        missed = _missed_with(k, need, got, low, lacking)
        came, grown = 0.0, 0.0
        for q in range(starts[k], starts[k + 1]):
            i = rows[q]
            after = total[i] + values[q]
            came += weights[i] * values[q] / after
            grown += weights[i] * outside[i] * values[q] / (total[i] * after)
        if came < least[k] - 1e-9 or base + min(came, capacity[k]) - big * missed <= best:
            continue
        score = base + grown - max(came - capacity[k], 0.0) - big * missed
        if careful:
            for q in range(starts[k], starts[k + 1]):
                more[rows[q]] = values[q]
            score = min(came, capacity[k]) - big * missed
            served, short = _scored(picked, pull, people, options, total, more)
            score += served - big * short
            for q in range(starts[k], starts[k + 1]):
                more[rows[q]] = 0.0
        if score > best:
            found, best = k, score
    return found, best


@inner
def _stock(
    inside: Marks, room: Longs, limits: Limits, used: Reals, got: Reals,
) -> int:  # fmt: skip
    """Write the options chosen into `room`, what they use and what they give; return how many."""
    most, high, need, low = limits
    for r in range(len(high)):
        used[r] = 0.0
    for g in range(len(low)):
        got[g] = 0.0
    count = 0
    for k in range(len(inside)):
        if inside[k]:
            room[count] = k
            count += 1
            _use(k, most, used, 1.0)
            _use(k, need, got, 1.0)
    return count


@kernel  # not inner: it makes an array
def _best_without(
    p: int, picked: Longs, order: Longs, inside: Marks,
    problem: tuple[Columns, People, Options, Limits],
    state: tuple[Reals, Reals, Reals, Reals], best: float,
) -> tuple[int, bool, float]:  # fmt: skip
    """Return the option that best takes the place of the p-th (-1: none), if better, its score."""
    pull, people, options, (most, _high, need, low) = problem
    total, more, used, got = state
    s, found, better = int(picked[p]), -1, False
    others = np.empty(len(picked) - 1, np.int64)
    for other in range(len(others)):
        others[other] = picked[other + (other >= p)]
    _use(s, most, used, -1.0)
    _use(s, need, got, -1.0)
    _drawn(others, pull, people[1], total)
    served, short = _scored(others, pull, people, options, total, more)
    left = served - _everybody(people[0]) * (short + _lacking(got, low))
    if left > best:
        best, better = left, True
    k, gained = _best_added(others, order, inside, problem, state, best)
    if k >= 0:
        best, better, found = gained, True, k
    _use(s, most, used, 1.0)
    _use(s, need, got, 1.0)
    return found, better, best


@kernel
def improve(
    inside: Marks, order: Longs, problem: tuple[Columns, People, Options, Limits], moves: int
) -> tuple[float, bool]:
    """
    Make up to `moves` best moves on `inside` (in place); return the score, and whether it is done.

    A move adds, takes away or swaps one option; the score is the people served, less more than all
    people for each guarantee or least attendance missed. `order` says which of equals comes first.
    """
    pull, people, options, limits = problem
    total, more = np.empty(len(people[0])), np.zeros(len(people[0]))
    used, got = np.zeros(len(limits[1])), np.zeros(len(limits[3]))
    room, score = np.empty(len(inside), np.int64), 0.0
    state = (total, more, used, got)
    for turn in range(moves + 1):
        picked = room[: _stock(inside, room, limits, used, got)]
        _drawn(picked, pull, people[1], total)
        served, short = _scored(picked, pull, people, options, total, more)
        score = served - _everybody(people[0]) * (short + _lacking(got, limits[3]))
        if turn == moves:
            break
        out = -1
        enter, best = _best_added(picked, order, inside, problem, state, score + LEAST_GAIN)
        for p in range(len(picked)):
            if options[2][picked[p]]:
                k, better, best = _best_without(p, picked, order, inside, problem, state, best)
                if better:
                    enter, out = k, int(picked[p])
        if enter < 0 and out < 0:
            return score, True
        if out >= 0:
            inside[out] = False
        if enter >= 0:
            inside[enter] = True
    return score, False
