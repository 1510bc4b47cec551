"""
Shortcuts of the hierarchy: which ones (elimination), how long (triangles), and which are needless.

Customisable contraction hierarchies (Dibbelt, Strasser, Wagner 2016): the fill of a symbolic
elimination, lower triangles upwards for the lengths, upper ones downwards to prune what is longer
than the way round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.network.hierarchy.kernel import kernel, widened

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.network.hierarchy.kernel import Ints, Longs, Reals

    Arcs = tuple[NDArray[np.int64], NDArray[np.int32]]


def eliminated(start: NDArray[np.int64], head: NDArray[np.int32]) -> Arcs:
    """
    Return the upward arcs of the elimination of `start`, `head` (upward arcs of the graph, ranks).

    CSR: rows [n + 1], heads [arcs] ascending in a row. Each row is the union of its own arcs and of
    those of its children in the elimination tree (Liu 1990): nothing numeric, so nothing lost.
    """
    rows, heads = _merged(start, head)
    turned, tails, _ = _transposed(rows, heads)
    return _transposed(turned, tails)[:2]


def customised(
    rows: NDArray[np.int64], heads: NDArray[np.int32], graph: Arcs, seconds: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """
    Return the length of each upward arc [arcs] (seconds, inf when no way), and which are needed.

    `rows`, `heads` come from `eliminated`, `graph` and `seconds` are the upward arcs it was given.
    """
    turned = _transposed(rows, heads)
    lengths = _own_lengths(rows, heads, *graph, seconds)
    _relax_upwards(rows, heads, *turned, lengths)
    shortest = lengths.copy()
    _relax_downwards(rows, heads, *turned, shortest)
    needed: NDArray[np.bool_] = (shortest >= lengths) & np.isfinite(lengths)
    return lengths, needed


@kernel
def _merged(start: Longs, head: Ints) -> tuple[Longs, Ints]:
    n, total = len(start) - 1, 0
    rows, heads = np.zeros(n + 1, np.int64), np.empty(4 * n + 1024, np.int32)
    child, sibling = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    seen = np.full(n, -1, np.int32)
    for r in range(n):
        most = start[r + 1] - start[r]
        c = child[r]
        while c != -1:
            most += rows[c + 1] - rows[c]
            c = sibling[c]
        if total + most > len(heads):
            heads = widened(heads, total, max(len(heads) * 3 // 2, total + most))
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
    return rows, widened(heads, total, total)


@kernel
def _transposed(rows: Longs, heads: Ints) -> tuple[Longs, Ints, Ints]:
    """Return the CSR of the arcs turned round, tails ascending, and the position of each arc."""
    n = len(rows) - 1
    turned = np.zeros(n + 2, np.int64)
    for x in heads:
        turned[x + 2] += 1
    for r in range(n):
        turned[r + 2] += turned[r + 1]
    tails, arcs = np.empty(len(heads), np.int32), np.empty(len(heads), np.int32)
    for r in range(n):
        for i in range(rows[r], rows[r + 1]):
            at = turned[heads[i] + 1]
            tails[at], arcs[at] = r, i
            turned[heads[i] + 1] = at + 1
    return turned[: n + 1].copy(), tails, arcs


@kernel
def _own_lengths(rows: Longs, heads: Ints, start: Longs, head: Ints, seconds: Reals) -> Reals:
    lengths = np.full(len(heads), np.inf)
    at = np.zeros(len(rows) - 1, np.int32)
    for r in range(len(rows) - 1):
        for i in range(rows[r], rows[r + 1]):
            at[heads[i]] = i
        for j in range(start[r], start[r + 1]):
            i = at[head[j]]
            lengths[i] = min(lengths[i], seconds[j])
    return lengths


@kernel
def _relax_upwards(
    rows: Longs, heads: Ints, down: Longs, tails: Ints, arcs: Ints, lengths: Reals
) -> None:
    """Shorten x-y by r-x + r-y, for x from the lowest: the arcs of r < x are final by then."""
    n = len(rows) - 1
    at = np.zeros(n, np.int32)
    for x in range(n):
        for i in range(rows[x], rows[x + 1]):
            at[heads[i]] = i
        for k in range(down[x], down[x + 1]):
            i = arcs[k]
            first = lengths[i]
            for j in range(i + 1, rows[tails[k] + 1]):
                t = at[heads[j]]
                lengths[t] = min(lengths[t], first + lengths[j])


@kernel
def _relax_downwards(
    rows: Longs, heads: Ints, down: Longs, tails: Ints, arcs: Ints, lengths: Reals
) -> None:
    """Shorten r-x and r-y by way of each other, for x from the highest: x-y is final by then."""
    n = len(rows) - 1
    at = np.zeros(n, np.int32)
    for x in range(n - 1, -1, -1):
        for i in range(rows[x], rows[x + 1]):
            at[heads[i]] = i
        for k in range(down[x], down[x + 1]):
            i = arcs[k]
            for j in range(i + 1, rows[tails[k] + 1]):
                across = lengths[at[heads[j]]]
                lengths[j] = min(lengths[j], lengths[i] + across)
                lengths[i] = min(lengths[i], lengths[j] + across)
