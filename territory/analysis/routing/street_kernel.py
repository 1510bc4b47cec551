"""
Compiled search of a tour of streets: items taken out and put back, in either direction.

Each item of the tour keeps its earliest start and the latest from which what follows still holds,
so that one more is tried in constant time (Savelsbergh 1992). Large neighbourhood search (Shaw
1998) with a randomised ratio of value to time, 2-opt on directed items, and annealing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from territory.network.hierarchy.kernel import Longs, Marks, Reals, inner, kernel

SLACK_S = 1e-6
NEVER = 1e18
VALUE, SERVICE, OPENS, LATEST, LEAST = 0, 1, 2, 3, 4
RUN, NEAR = 0.5, 0.8  # draws below: a run is taken out, those near one item; else at random
NEARLY = 0.97  # of the value of the tour searched from: what may be kept
AFRESH = 0.1  # times when the whole tour may go
FOCUSED, FADING = 0.5, 60.0  # how often, and how strongly, one place is filled first
TRIED = 150.0  # items outside that are tried, besides those taken out
MOST_NEAR = 0.7  # of those near, the share taken out


class Scene(NamedTuple):
    """What does not change: `leg` [codes + 2, codes + 2], `items` [items, 5], budget; seconds."""

    leg: Reals
    items: Reals  # value, service, first and last start, the least that putting it in adds
    budget: float


class Trip(NamedTuple):
    """A tour, changed in place: codes in `order` [items], its `times` [items + 1, 2], its items."""

    order: Longs
    times: Reals  # earliest start of each, latest from which what follows holds; then the end
    inside: Marks


def no_trip(n: int) -> Trip:
    """Return the tour that holds none of `n` items."""
    return Trip(np.zeros(n, np.int64), np.zeros((n + 1, 2)), np.zeros(n, np.bool_))


@inner
def _draw(state: Longs) -> float:
    """Return the next number between 0 and 1 (Park and Miller 1988)."""
    state[0] = state[0] * 48271 % 2147483647
    return float(state[0] / 2147483647.0)


@inner
def _timed(size: int, scene: Scene, trip: Trip) -> float:
    """Compute the starts of the items; return when the tour ends, NEVER when it breaks a rule."""
    leg, at, now, holds = scene.leg, len(scene.leg) - 2, 0.0, True
    for k in range(size):
        c = trip.order[k]
        now = max(now + leg[at, c], scene.items[c >> 1, OPENS])
        holds &= now <= scene.items[c >> 1, LATEST] + SLACK_S
        trip.times[k, 0] = now
        now += scene.items[c >> 1, SERVICE]
        at = c
    ended = now + leg[at, len(leg) - 1]
    by, there = scene.budget, len(leg) - 1
    for k in range(size - 1, -1, -1):
        c = trip.order[k]
        by = min(by - leg[c, there] - scene.items[c >> 1, SERVICE], scene.items[c >> 1, LATEST])
        trip.times[k, 1] = by
        there = c
    return ended if holds and ended <= scene.budget + SLACK_S else NEVER


@inner
def _fit(c: int, k: int, size: int, scene: Scene, trip: Trip) -> float:
    """Return the seconds that code `c` adds before the k-th; NEVER when it does not fit."""
    leg, a, ready = scene.leg, len(scene.leg) - 2, 0.0
    if k > 0:
        a = trip.order[k - 1]
        ready = trip.times[k - 1, 0] + scene.items[a >> 1, SERVICE]
    begun = max(ready + leg[a, c], scene.items[c >> 1, OPENS])
    free = begun + scene.items[c >> 1, SERVICE]
    b, last = len(leg) - 1, scene.budget
    if k < size:
        b, last = trip.order[k], trip.times[k, 1]
    if begun > scene.items[c >> 1, LATEST] + SLACK_S or free + leg[c, b] > last + SLACK_S:
        return NEVER
    return float(free - ready + leg[c, b] - leg[a, b])


@inner
def _refill(size: int, weight: Reals, scene: Scene, trip: Trip,
            extra: Reals, where: Longs, code: Longs) -> int:  # fmt: skip
    """Put items in, the best by weight to seconds first, until none fits; return the size."""
    n, new, chosen = len(weight), -1, 0
    while chosen >= 0:
        chosen, most = -1, 0.0
        trip.times[-1, 0] = _timed(size, scene, trip)
        room = scene.budget + SLACK_S - trip.times[-1, 0]
        for i in range(n):
            if new < 0:
                where[i] = 0 if weight[i] > 0.0 and not trip.inside[i] else -1
            if scene.items[i, LEAST] > room:
                where[i] = -1  # for good: what is known of it is not kept up any more
            if where[i] < 0:
                continue
            first, beyond = new, new + 2  # only where the last one came in is new
            if new >= 0 and where[i] != new:
                where[i] += where[i] > new
                extra[i] = _fit(code[i], where[i], size, scene, trip)
            else:
                extra[i] = NEVER
            if extra[i] >= NEVER:
                where[i], first, beyond = -1, 0, size + 1
            for x in range(2 * first, 2 * beyond):
                c = 2 * i + (x & 1)
                added = _fit(c, x >> 1, size, scene, trip)
                if added < extra[i]:
                    extra[i], where[i], code[i] = added, x >> 1, c
            worth = weight[i] / (max(extra[i], 0.0) + 1.0)
            if where[i] >= 0 and worth > most:
                chosen, most = i, worth
        if chosen >= 0:
            new = where[chosen]
            for x in range(size, new, -1):
                trip.order[x] = trip.order[x - 1]
            trip.order[new] = code[chosen]
            trip.inside[chosen] = True
            where[chosen] = -1
            size += 1
    return size


@inner
def _flip(first: int, last: int, trip: Trip) -> None:
    """Walk the items `first` .. `last` of the tour the other way round."""
    i, j = first, last
    while i <= j:
        c = trip.order[i]
        trip.order[i] = trip.order[j] ^ 1
        trip.order[j] = c ^ 1 if i < j else trip.order[j]
        i += 1
        j -= 1


@inner
def _untangle(size: int, scene: Scene, trip: Trip) -> bool:
    """Turn parts of the tour round while it becomes shorter (2-opt); say whether it did."""
    leg, changed, again = scene.leg, False, True
    while again:
        again = False
        for i in range(size):
            a = trip.order[i - 1] if i > 0 else len(leg) - 2
            for j in range(i, size):
                b = trip.order[j + 1] if j + 1 < size else len(leg) - 1
                p, q = trip.order[i], trip.order[j]
                if leg[a, q ^ 1] + leg[p ^ 1, b] < leg[a, p] + leg[q, b] - SLACK_S:
                    _flip(i, j, trip)
                    ended = _timed(size, scene, trip)
                    if ended < trip.times[-1, 0] - SLACK_S:
                        trip.times[-1, 0] = ended
                        changed = again = True
                    else:  # a door would be closed
                        _flip(i, j, trip)
    return changed


@inner
def _take_out(size: int, scene: Scene, trip: Trip, state: Longs) -> int:
    """Take out a run of items, or some near one of them, or some at random; return the size."""
    share = 1.0 if _draw(state) < AFRESH else 0.35 * _draw(state)
    count = 1 + int(_draw(state) + share * size)
    first, kind = int(_draw(state) * size), _draw(state)
    one, other = trip.order[first], trip.order[int(_draw(state) * size)]
    reach = 0.4 * scene.leg[one, other]
    left = 0
    for k in range(size):
        c = trip.order[k]
        if kind < RUN:
            out = first <= k < first + count
        elif kind < NEAR:
            out = k == first or (scene.leg[one, c] <= reach and _draw(state) < MOST_NEAR)
        else:
            out = _draw(state) * size < count
        trip.inside[c >> 1] = not out
        if not out:
            trip.order[left] = c
            left += 1
    return left


@inner
def _kept(source: Trip, target: Trip) -> None:
    for k in range(len(source.order)):
        target.order[k] = source.order[k]
        target.inside[k] = source.inside[k]


@kernel
def improve(scene: Scene, now: Trip, trial: Trip, best: Trip, sizes: Longs, worths: Reals,
            state: Longs, plan: Reals, reals: Reals, longs: Longs) -> None:  # fmt: skip
    """
    Search on from the tour `now`, keep the best met in `best`; `sizes` and `worths` are of both.

    `plan`: iterations, temperature, price of a second; `reals`, `longs` [2, items]: room to work.
    """
    n, extra, weight, where, code = len(scene.items), reals[0], reals[1], longs[0], longs[1]
    for _ in range(int(plan[0])):
        _kept(now, trial)
        size = _take_out(sizes[0], scene, trial, state)
        noise, power = 2.0 * _draw(state) ** 2, 0.8 + 0.6 * _draw(state)
        around = 2 * int(
            _draw(state) * n
        )  # where to fill first: an insertion alone sees no cluster
        fading = _draw(state) * FADING / scene.budget if _draw(state) < FOCUSED else 0.0
        for i in range(n):
            drawn = noise * (_draw(state) - 0.5) - fading * scene.leg[around, 2 * i]
            weight[i] = np.exp(power * np.log(scene.items[i, VALUE]) + drawn)
            if _draw(state) * n > TRIED and not now.inside[i]:
                weight[i] = 0.0
        worth = worths[0]
        for _ in range(2):  # then, when it may be kept, with all that lies on the way
            if worth < NEARLY * worths[0]:
                break
            tangled = True
            while tangled:
                size = _refill(size, weight, scene, trial, extra, where, code)
                tangled = _untangle(size, scene, trial)
            worth = -plan[2] * trial.times[-1, 0]
            for k in range(size):
                worth += scene.items[trial.order[k] >> 1, VALUE]
            for i in range(n):
                weight[i] = scene.items[i, VALUE]
        if worth >= worths[0] + plan[1] * np.log(_draw(state)):
            _kept(trial, now)
            sizes[0], worths[0] = size, worth
        if worth > worths[1] + 1e-12:
            _kept(trial, best)
            sizes[1], worths[1] = size, worth


@kernel
def exact(scene: Scene, earliest: Reals, before: Longs) -> None:
    """
    Fill `earliest` [subsets, codes]: the soonest end of the subset's items, `code` the last one.

    And `before`, the code walked just before (-1: the first); Held and Karp 1962 with directions.
    """
    codes = earliest.shape[1]
    for subset in range(1, len(earliest)):
        for c in range(codes):
            i = c >> 1
            earliest[subset, c] = NEVER
            if not (subset >> i) & 1:
                continue
            rest = subset ^ (1 << i)
            for p in range(codes if rest else 1):
                ready = earliest[rest, p] + scene.leg[p, c] if rest else scene.leg[codes, c]
                begun = max(ready, scene.items[i, OPENS])
                if begun > scene.items[i, LATEST] + SLACK_S:
                    continue
                ended = begun + scene.items[i, SERVICE]
                if ended < earliest[subset, c] and ended <= scene.budget + SLACK_S:
                    earliest[subset, c] = ended
                    before[subset, c] = p if rest else -1
