"""Team orienteering among few places, exactly: every set of places that one route can visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.routing.orienteering_pool import Pool

if TYPE_CHECKING:
    from territory.analysis.routing.orienteering_problem import Asked, Ints, Route

FEW = 10  # places
LATE = 1 << 60


def among_few(asked: Asked, time_limit_s: float, seed: int) -> tuple[tuple[Route, ...], bool]:
    """Return the best routes and whether that is proved (HiGHS had the time to choose)."""
    pool = Pool(asked)
    pool.add(_every_route(asked))
    return pool.packed(time_limit_s, seed)


def _every_route(asked: Asked) -> list[Route]:
    """Return a route for each set of places that one can visit (Held & Karp 1962)."""
    place = asked.place
    count = len(place)
    begun = np.full((1 << count, count), LATE)  # earliest start at the last place of a set
    came = np.full((1 << count, count), -1)
    for j, v in enumerate(place):
        begun[1 << j, j] = max(asked.go[asked.start, v], asked.opens[v])
        if begun[1 << j, j] > asked.closes[v]:
            begun[1 << j, j] = LATE
    sets = np.arange(1 << count)
    sizes = np.array([s.bit_count() for s in sets.tolist()])
    for size in range(1, count):
        for j, v in enumerate(place):
            _extended(sets[(sizes == size) & (sets >> j & 1 == 0)], j, int(v), asked, begun, came)
    ended = begun + asked.go[place, asked.end]
    last = ended.argmin(axis=1)
    return [
        _route(s, int(last[s]), place, came)
        for s in sets[1:].tolist()
        if ended[s, last[s]] <= asked.finish
    ]


def _extended(sets: Ints, j: int, v: int, asked: Asked, begun: Ints, came: Ints) -> None:
    """Visit the j-th place `v` after each of `sets` [k], from the best last one."""
    reached = begun[sets] + asked.go[asked.place, v]
    before = reached.argmin(axis=1)
    start = np.maximum(reached[np.arange(len(sets)), before], asked.opens[v])
    fine = start <= asked.closes[v]
    begun[sets[fine] | 1 << j, j] = start[fine]
    came[sets[fine] | 1 << j, j] = before[fine]


def _route(s: int, last: int, place: Ints, came: Ints) -> Route:
    """Return the route that visits set `s` and ends at its place `last`."""
    back = []
    while last >= 0:
        back.append(int(place[last]))
        s, last = s & ~(1 << last), int(came[s, last])
    return tuple(back[::-1])
