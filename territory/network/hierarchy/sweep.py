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

from territory.network.hierarchy.kernel import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.network.hierarchy.build import Hierarchy
    from territory.network.hierarchy.kernel import Ints, Lists, Longs, Reals, Table

FAR = np.int32(1 << 30)  # out of reach; twice as much still fits in 32 bits
# Sources swept side by side. Their number is no constant of the kernel: numba then makes a loop of
# vectors of it, three times as fast as the same loop unrolled.
_WIDE, _VECTOR = 64, 8


def times_between(
    hierarchy: Hierarchy, sources: NDArray[np.int32], targets: NDArray[np.int32]
) -> NDArray[np.float32]:
    """
    Return seconds [sources, targets], float32, inf where no way leads; both are node ids.

    The sides may be exchanged (walks are the same both ways): fewer sources are faster.
    """
    out = np.empty((len(sources), len(targets)), np.float32)
    starts, ends = hierarchy.rank[sources], hierarchy.rank[targets]
    above = _closed_upwards(hierarchy.rows, hierarchy.heads, ends)
    local = np.full(hierarchy.n, -1, np.int32)
    local[above] = np.arange(len(above), dtype=np.int32)
    part = _restricted(hierarchy.rows, hierarchy.heads, hierarchy.units, above, local)
    climb = (hierarchy.rows, hierarchy.heads, hierarchy.units, hierarchy.parent)
    wide = min(_WIDE, -(-max(len(sources), 1) // _VECTOR) * _VECTOR)
    blocks, workers = -(-len(sources) // wide), cores()

    def sweep(first: int) -> None:
        _sweep(
            *climb, local, *part, starts, local[ends], out, first, workers, wide, hierarchy.per_s
        )

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
    units, which = _nearest(
        hierarchy.rows, hierarchy.heads, hierarchy.units, hierarchy.rank[targets]
    )
    seconds = np.where(units < FAR, units / hierarchy.per_s, np.inf).astype(np.float32)
    return seconds[hierarchy.rank], which[hierarchy.rank]


@kernel
def depths(rows: Longs, heads: Ints, lengths: Reals) -> Reals:
    """Return the time [n] of each rank from the root of its piece (float64 lengths)."""
    n = len(rows) - 1
    far = np.zeros(n)
    for r in range(n - 1, -1, -1):
        if rows[r] < rows[r + 1]:
            far[r] = np.inf
        for i in range(rows[r], rows[r + 1]):
            far[r] = min(far[r], far[heads[i]] + lengths[i])
    return far


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@kernel
def _closed_upwards(rows: Longs, heads: Ints, ranks: Ints) -> Ints:
    """Return `ranks` and all ranks above them, ascending."""
    n = len(rows) - 1
    inside = np.zeros(n, np.bool_)
    for r in ranks:
        inside[r] = True
    count = 0
    for r in range(n):
        if inside[r]:
            count += 1
            for i in range(rows[r], rows[r + 1]):
                inside[heads[i]] = True
    found, k = np.empty(count, np.int32), 0
    for r in range(n):
        if inside[r]:
            found[k] = r
            k += 1
    return found


@kernel
def _restricted(
    rows: Longs, heads: Ints, units: Ints, above: Ints, local: Ints
) -> tuple[Longs, Ints, Ints]:
    """Return the arcs of the ranks `above`, numbered among them."""
    total = 0
    for r in above:
        total += rows[r + 1] - rows[r]
    starts = np.zeros(len(above) + 1, np.int64)
    ends, lengths = np.empty(total, np.int32), np.empty(total, np.int32)
    k = 0
    for a in range(len(above)):
        r = above[a]
        for i in range(rows[r], rows[r + 1]):
            ends[k], lengths[k] = local[heads[i]], units[i]
            k += 1
        starts[a + 1] = k
    return starts, ends, lengths


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
    wide: int,
    per_s: float,
) -> None:
    """Fill the rows of `out` for blocks first, first + step...: up one by one, down together."""
    up = np.full(len(parent), FAR, np.int32)
    times = np.empty((len(starts) - 1, wide), np.int32)
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


@kernel
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
def _nearest(rows: Longs, heads: Ints, units: Ints, targets: Ints) -> tuple[Ints, Ints]:
    n = len(rows) - 1
    best, which = np.full(n, FAR, np.int32), np.full(n, -1, np.int32)
    for k in range(len(targets) - 1, -1, -1):
        best[targets[k]], which[targets[k]] = 0, k
    for r in range(n):
        if best[r] < FAR:
            for i in range(rows[r], rows[r + 1]):
                x, there = heads[i], best[r] + units[i]
                if there < best[x] or (there == best[x] and which[r] < which[x]):
                    best[x], which[x] = there, which[r]
    for r in range(n - 1, -1, -1):
        for i in range(rows[r], rows[r + 1]):
            x = heads[i]
            there = best[x] + units[i]
            if best[x] < FAR and (there < best[r] or (there == best[r] and which[x] < which[r])):
                best[r], which[r] = there, which[x]
    return best, which
