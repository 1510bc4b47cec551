"""
Times from many places to many: up from each source, then down once for a block of sources.

PHAST and RPHAST (Delling, Goldberg, Nowatzyk, Werneck 2011): only the ranks above some target are
swept, up to 64 sources side by side, so that the processor adds and compares whole rows.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from territory.network.hierarchy.kernel import inner, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.network.hierarchy.kernel import Ints, Lists, Longs, Marks, Reals, Table
    from territory.network.hierarchy.model import Hierarchy

FAR = np.int32((1 << 30) - 1)  # out of reach; twice as much still fits in 32 bits
# Sources swept side by side. Their number is no constant of the kernel: numba then makes a loop of
# vectors of it, three times as fast as the same loop unrolled.
_WIDE, _VECTOR = 64, 8


def times_between(
    hierarchy: Hierarchy, sources: NDArray[np.int32], targets: NDArray[np.int32]
) -> NDArray[np.float32]:
    """
    Return seconds [sources, targets], float32, inf where no way leads; both are node ids.

    Fewer sources are faster: for the other side ask `hierarchy.turned`, and turn the answer.
    """
    out = np.empty((len(sources), len(targets)), np.float32)
    starts, ends = hierarchy.rank[sources], hierarchy.rank[targets]
    above = closed_upwards(hierarchy, ends)
    local = np.full(hierarchy.n, -1, np.int32)
    local[above] = np.arange(len(above), dtype=np.int32)
    part = _restricted(hierarchy, above, local)
    climb = (hierarchy.rows, hierarchy.heads, hierarchy.up_units, hierarchy.parent)
    wide = min(_WIDE, -(-max(len(sources), 1) // _VECTOR) * _VECTOR)
    blocks, workers = -(-len(sources) // wide), cores()

    def sweep(first: int) -> None:
        up, times = np.full(hierarchy.n, FAR), np.empty((len(above), wide), np.int32)
        _sweep(
            *climb, local, *part, starts, local[ends], out, first, workers, up, times,
            hierarchy.per_s,
        )  # fmt: skip

    if blocks <= 1 or workers == 1:
        workers = 1
        sweep(0)
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(sweep, range(workers)))
    return out


def nearest(
    hierarchy: Hierarchy, targets: NDArray[np.int32]
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """
    Return seconds [n] from each node to its nearest target, and the position of that target.

    The smallest position when times are equal; inf and -1 where no way leads to any.
    """
    units, which = np.full(hierarchy.n, FAR), np.full(hierarchy.n, -1, np.int32)
    starts = hierarchy.rank[targets]
    units[starts[::-1]], which[starts[::-1]] = 0, np.arange(len(targets), dtype=np.int32)[::-1]
    _nearest(
        hierarchy.rows, hierarchy.heads, hierarchy.up_units, hierarchy.down_units, units, which
    )
    seconds = np.where(units < FAR, units / hierarchy.per_s, np.inf).astype(np.float32)
    return seconds[hierarchy.rank], which[hierarchy.rank]


def depths(
    rows: NDArray[np.int64], heads: NDArray[np.int32], lengths: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the time [n] of each rank from the root of its piece (float64 lengths)."""
    far = np.where(np.diff(rows) > 0, np.inf, 0.0)
    _deepened(rows, heads, lengths, far)
    return far


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def closed_upwards(hierarchy: Hierarchy, ranks: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return `ranks` and all ranks above them, ascending: int32 [ranks]."""
    inside = np.zeros(hierarchy.n, np.bool_)
    inside[ranks] = True
    _spread_upwards(hierarchy.rows, hierarchy.heads, inside)
    return np.flatnonzero(inside).astype(np.int32)


def _restricted(
    hierarchy: Hierarchy, above: NDArray[np.int32], local: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Return the arcs down from the ranks `above`, numbered among them."""
    sizes = np.diff(hierarchy.rows)[above]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    arcs = np.repeat(hierarchy.rows[above] - starts[:-1], sizes) + np.arange(starts[-1])
    return starts, local[hierarchy.heads[arcs]], hierarchy.down_units[arcs]


@kernel
def _deepened(rows: Longs, heads: Ints, lengths: Reals, far: Reals) -> None:
    for r in range(len(rows) - 2, -1, -1):
        for i in range(rows[r], rows[r + 1]):
            far[r] = min(far[r], far[heads[i]] + lengths[i])


@kernel
def _spread_upwards(rows: Longs, heads: Ints, inside: Marks) -> None:
    for r in range(len(rows) - 1):
        if inside[r]:
            for i in range(rows[r], rows[r + 1]):
                inside[heads[i]] = True


@kernel
def _sweep(
    rows: Longs,
    heads: Ints,
    units: Ints,
    parent: Ints,
    local: Ints,
    starts: Longs,
    ends: Ints,
    lengths: Ints,
    sources: Ints,
    targets: Ints,
    out: Table,
    first: int,
    step: int,
    up: Ints,
    times: Lists,
    per_s: float,
) -> None:
    """Fill the rows of `out` for blocks first, first + step...: up one by one, down together."""
    wide = times.shape[1]
    for block in range(first, (len(sources) + wide - 1) // wide, step):
        low = block * wide
        width = min(wide, len(sources) - low)
        times[:] = FAR
        for q in range(width):
            _climb(rows, heads, units, parent, local, up, sources[low + q], times, q)
        for a in range(len(starts) - 2, -1, -1):
            own = times[a]
            for i in range(starts[a], starts[a + 1]):
                other, more = times[ends[i]], lengths[i]
                for q in range(wide):
                    own[q] = min(own[q], other[q] + more)
        for t in range(len(targets)):
            found = times[targets[t]]
            for q in range(width):
                out[low + q, t] = found[q] / per_s if found[q] < FAR else np.inf


@inner
def _climb(
    rows: Longs,
    heads: Ints,
    units: Ints,
    parent: Ints,
    local: Ints,
    up: Ints,
    source: int,
    times: Lists,
    q: int,
) -> None:
    """Write in column `q` of `times` the walks that only go up from `source`."""
    up[source] = 0
    r = source
    while r != -1:
        here = up[r]
        up[r] = FAR
        if here < FAR:
            for i in range(rows[r], rows[r + 1]):
                up[heads[i]] = min(up[heads[i]], here + units[i])
            if local[r] >= 0:
                times[local[r], q] = here
        r = parent[r]


@kernel
def _nearest(rows: Longs, heads: Ints, up: Ints, down: Ints, best: Ints, which: Ints) -> None:
    """Search back from the targets: down the arcs they are reached by, then up those they leave."""
    n = len(rows) - 1
    for r in range(n):
        if best[r] < FAR:
            for i in range(rows[r], rows[r + 1]):
                x, there = heads[i], best[r] + down[i]
                if there < best[x] or (there == best[x] and which[r] < which[x]):
                    best[x], which[x] = there, which[r]
    for r in range(n - 1, -1, -1):
        for i in range(rows[r], rows[r + 1]):
            x = heads[i]
            there = best[x] + up[i]
            if there < best[r] or (there == best[r] and which[x] < which[r]):
                best[r], which[r] = there, which[x]
