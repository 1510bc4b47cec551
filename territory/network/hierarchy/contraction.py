"""
Shortcuts of the hierarchy: which ones (elimination), how long (triangles), and which are needless.

Customisable contraction hierarchies (Dibbelt, Strasser, Wagner 2016): the fill of a symbolic
elimination, lower triangles upwards for the lengths, upper ones downwards to prune what is longer
than the way round.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.network.hierarchy.kernel import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.network.hierarchy.kernel import Ints, Longs, Marks, Reals

    Arcs = tuple[NDArray[np.int64], NDArray[np.int32]]
    Streets = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]

_ALIKE, _BOTH = 1, 2  # streets walked both ways alike, or each way apart


def eliminated(start: NDArray[np.int64], head: NDArray[np.int32]) -> Arcs:
    """
    Return the upward arcs of the elimination of `start`, `head` (upward arcs of the graph, ranks).

    CSR: rows [n + 1], heads [arcs] ascending in a row. Each row is the union of its own arcs and of
    those of its children in the elimination tree (Liu 1990): nothing numeric, so nothing lost.
    """
    n = len(start) - 1
    rows, heads = np.zeros(n + 1, np.int64), np.empty(4 * n + 1024, np.int32)
    trees = np.full((3, n), -1, np.int32)
    done = 0
    while (done := _merged(start, head, done, rows, heads, *trees)) < n:
        heads = np.resize(heads, 2 * len(heads) + n)
    turned, tails, _ = transposed(rows, heads[: rows[-1]])
    return transposed(turned, tails)[:2]


@dataclass(frozen=True, slots=True, eq=False)
class Lengths:
    """
    Length of every upward arc walked up and down (seconds, inf = no way), and what it stands for.

    `up_over`, `down_over` [arcs]: the rank a shortcut leads over, -1 for a street; `needed` [arcs]
    marks the arcs that shortest walks use. Up and down are the same arrays when streets are walked
    both ways alike.
    """

    up: NDArray[np.float64]
    down: NDArray[np.float64]
    up_over: NDArray[np.int32]
    down_over: NDArray[np.int32]
    needed: NDArray[np.bool_]


def customised(
    rows: NDArray[np.int64], heads: NDArray[np.int32], up: Streets, down: Streets
) -> Lengths:
    """
    Return the lengths [arcs] of the arcs `rows`, `heads` of an elimination; which are needed.

    `up` and `down` are the streets as (start, head, seconds), CSR by their lower rank: walked to
    the higher one, or from it. The same object stands for both when nothing is one-way. Raises
    ValueError for a street the elimination does not know.
    """
    turned, at = transposed(rows, heads), np.zeros(len(rows) - 1, np.int32)
    climbing = _own_lengths(rows, heads, at, up)
    climbed_over = np.full(len(heads), -1, np.int32)
    falling, fallen_over = climbing, climbed_over
    if down is not up:
        falling, fallen_over = _own_lengths(rows, heads, at, down), climbed_over.copy()
    ways = _ALIKE if down is up else _BOTH
    _relax_upwards(rows, heads, *turned, at, climbing, falling, climbed_over, fallen_over, ways)
    least_up = climbing.copy()
    least_down = least_up if down is up else falling.copy()
    _relax_downwards(rows, heads, *turned, at, least_up, least_down, ways)
    needed = (least_up >= climbing) & np.isfinite(climbing)
    needed |= (least_down >= falling) & np.isfinite(falling)
    _keep_parts(rows, heads, climbed_over, fallen_over, needed)
    return Lengths(climbing, falling, climbed_over, fallen_over, needed)


def _own_lengths(
    rows: NDArray[np.int64], heads: NDArray[np.int32], at: NDArray[np.int32], streets: Streets
) -> NDArray[np.float64]:
    lengths = np.full(len(heads), np.inf)
    if not _streets_found(rows, heads, at, *streets, lengths):
        raise ValueError("a street is unknown to this elimination")
    return lengths


def transposed(
    rows: NDArray[np.int64], heads: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Return the CSR of the arcs turned round: rows [n + 1], tails ascending, position [arcs]."""
    counts = np.bincount(heads, minlength=len(rows) - 1)
    turned = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    tails, arcs = np.empty(len(heads), np.int32), np.empty(len(heads), np.int32)
    _turned(rows, heads, turned[:-1].copy(), tails, arcs)
    return turned, tails, arcs


@kernel
def _merged(
    start: Longs,
    head: Ints,
    first: int,
    rows: Longs,
    heads: Ints,
    child: Ints,
    sibling: Ints,
    seen: Ints,
) -> int:
    """Fill the rows from `first` on; return the first for which `heads` may be too short."""
    n, total = len(rows) - 1, rows[first]
    for r in range(first, n):
        most = start[r + 1] - start[r]
        c = child[r]
        while c != -1:
            most += rows[c + 1] - rows[c]
            c = sibling[c]
        if total + most > len(heads):
            return r
        parent = n
        for j in range(start[r], start[r + 1]):
            seen[head[j]] = r
            heads[total] = head[j]
            total += 1
            parent = min(parent, head[j])
        c = child[r]
        while c != -1:
            for j in range(rows[c], rows[c + 1]):
                x = heads[j]
                if x != r and seen[x] != r:
                    seen[x] = r
                    heads[total] = x
                    total += 1
                    parent = min(parent, x)
            c = sibling[c]
        rows[r + 1] = total
        if parent < n:
            sibling[r] = child[parent]
            child[parent] = r
    return n


@kernel
def _turned(rows: Longs, heads: Ints, next_of: Longs, tails: Ints, arcs: Ints) -> None:
    for r in range(len(rows) - 1):
        for i in range(rows[r], rows[r + 1]):
            at = next_of[heads[i]]
            tails[at], arcs[at] = r, i
            next_of[heads[i]] = at + 1


@kernel
def _streets_found(
    rows: Longs, heads: Ints, at: Ints, start: Longs, head: Ints, seconds: Reals, lengths: Reals
) -> bool:
    """Write the seconds of each street on its arc; say whether all have one."""
    for r in range(len(rows) - 1):
        for i in range(rows[r], rows[r + 1]):
            at[heads[i]] = i
        for j in range(start[r], start[r + 1]):
            i = at[head[j]]
            if i < rows[r] or i >= rows[r + 1] or heads[i] != head[j]:
                return False
            lengths[i] = min(lengths[i], seconds[j])
    return True


@kernel
def _relax_upwards(
    rows: Longs,
    heads: Ints,
    turned: Longs,
    tails: Ints,
    arcs: Ints,
    at: Ints,
    up: Reals,
    down: Reals,
    up_over: Ints,
    down_over: Ints,
    ways: int,
) -> None:
    """
    Shorten x-y by way of r, for x from the lowest: the arcs of r < x are final by then.

    With `ways` _ALIKE, `up` and `down` are the same and done at once.
    """
    for x in range(len(rows) - 1):
        for i in range(rows[x], rows[x + 1]):
            at[heads[i]] = i
        for k in range(turned[x], turned[x + 1]):
            r, i = tails[k], arcs[k]
            for j in range(i + 1, rows[r + 1]):
                t = at[heads[j]]
                if down[i] + up[j] < up[t]:
                    up[t], up_over[t] = down[i] + up[j], r
                if ways == _BOTH and down[j] + up[i] < down[t]:
                    down[t], down_over[t] = down[j] + up[i], r


@kernel
def _relax_downwards(
    rows: Longs,
    heads: Ints,
    turned: Longs,
    tails: Ints,
    arcs: Ints,
    at: Ints,
    up: Reals,
    down: Reals,
    ways: int,
) -> None:
    """Shorten r-x and r-y by way of each other, for x from the highest: x-y is final by then."""
    for x in range(len(rows) - 2, -1, -1):
        for i in range(rows[x], rows[x + 1]):
            at[heads[i]] = i
        for k in range(turned[x], turned[x + 1]):
            i = arcs[k]
            for j in range(i + 1, rows[tails[k] + 1]):
                t = at[heads[j]]
                up[j] = min(up[j], up[i] + up[t])
                up[i] = min(up[i], up[j] + down[t])
                if ways == _BOTH:
                    down[j] = min(down[j], down[t] + down[i])
                    down[i] = min(down[i], up[t] + down[j])


@kernel
def _keep_parts(rows: Longs, heads: Ints, up_over: Ints, down_over: Ints, needed: Marks) -> None:
    """Mark what needed shortcuts are made of: sums that tie may have left a part out."""
    for x in range(len(rows) - 2, -1, -1):
        for t in range(rows[x], rows[x + 1]):
            for way in range(2):
                r = up_over[t] if way == 0 else down_over[t]
                if needed[t] and r >= 0:
                    for i in range(rows[r], rows[r + 1]):
                        if heads[i] == x or heads[i] == heads[t]:
                            needed[i] = True
