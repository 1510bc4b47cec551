"""A ground in several parts: each has its sectors, so that none is in two."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.sectors.nearest import nearest_links
from territory.analysis.sectors.problem import FREE

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from territory.analysis.sectors.problem import Ground

    Sectors = NDArray[np.int32]
    Parts = NDArray[np.int64]


def by_components(ground: Ground, solve: Callable[[Ground], Sectors]) -> Sectors:
    """
    Return sectors [units] of a ground whose links may leave several parts, `solve` sharing one.

    As many parts as sectors or fewer: sectors are given to parts by load, at least one each. More
    parts: whole parts are shared. Locks that ask for one sector in two parts: parts are joined by
    their nearest units, and that sector is in two pieces.
    """
    count, part = sp.csgraph.connected_components(ground.links, directed=False)
    part = part.astype(np.int64)
    if count == 1:
        return solve(ground)
    if count > ground.k:
        return _whole_parts(ground, part, solve)
    posts = posts_of(ground, part, count)
    if posts is None:
        return solve(replace(ground, links=joined(ground)))
    return each_alone(ground, part, posts, solve)


def can_hold(ground: Ground) -> bool:
    """Say whether parts and locks alone let every sector be in one piece."""
    count, part = sp.csgraph.connected_components(ground.links, directed=False)
    return count <= ground.k and posts_of(ground, part.astype(np.int64), count) is not None


def posts_of(ground: Ground, part: Parts, count: int) -> list[list[int]] | None:
    """Return the sectors of each part [units], locked ones first; None when locks forbid it."""
    sizes = np.bincount(part)
    mass = np.bincount(part, ground.load)
    locked = ground.locks >= 0
    pairs = {(int(p), int(s)) for p, s in zip(part[locked], ground.locks[locked], strict=True)}
    mine = [sorted(s for p, s in pairs if p == q) for q in range(count)]
    taken = {s for _, s in pairs}
    free = [s for s in range(ground.k) if s not in taken]
    empty = [q for q in range(count) if not mine[q]]
    if len(taken) != len(pairs) or len(empty) > len(free):
        return None
    room = [_room(ground, part == q) for q in range(count)]
    for q in empty:
        mine[q].append(free.pop(0))
    for s in free:
        able = [q for q in range(count) if len(mine[q]) < min(room[q], sizes[q])]
        if not able:
            return None
        mine[max(able, key=lambda q: (mass[q] / len(mine[q]), -q))].append(s)
    return mine


def _room(ground: Ground, inside: NDArray[np.bool_]) -> int:
    locks = ground.locks[inside]
    return int((locks == FREE).sum()) + len(np.unique(locks[locks >= 0]))


def each_alone(
    ground: Ground, part: Parts, posts: list[list[int]], solve: Callable[[Ground], Sectors]
) -> Sectors:
    """Share each part of `part` [units] among its own sectors `posts`, `solve` sharing one."""
    sector = np.empty(len(part), np.int32)
    for q, labels in enumerate(posts):
        inside = np.flatnonzero(part == q)
        sector[inside] = np.array(labels, np.int32)[solve(_of(ground, inside, labels))]
    return sector


def _of(ground: Ground, inside: Parts, labels: list[int]) -> Ground:
    """Return some units as a ground of their own, whose sectors are numbered from 0."""
    number = np.full(ground.k + 1, FREE, np.int32)  # the last answers to -1
    number[labels] = np.arange(len(labels))
    minutes, moving = ground.minutes, ground.moving
    return replace(
        ground,
        load=ground.load[inside],
        weight=ground.weight[inside],
        points=ground.points[inside],
        minutes=None if minutes is None else minutes[np.ix_(inside, inside)],
        links=ground.links[inside][:, inside].tocsr(),
        k=len(labels),
        locks=number[ground.locks[inside]],
        group=np.unique(ground.group[inside], return_inverse=True)[1].astype(np.int32),
        moving=None if moving is None else moving[inside][:, labels],
    )


def _whole_parts(ground: Ground, part: Parts, solve: Callable[[Ground], Sectors]) -> Sectors:
    """Share whole parts; those locked in two sectors are left to be cut."""
    block = blocks(ground, part)
    merged = merge(ground, block)
    n = len(merged.load)
    near = sp.csr_matrix(~np.eye(n, dtype=bool))
    return solve(replace(merged, links=near))[block]


def blocks(ground: Ground, part: Parts) -> Parts:
    """Return `part` [units] numbered from 0, parts locked in two sectors left as single units."""
    block = part.copy()
    for q in np.unique(part):
        locks = ground.locks[part == q]
        if len(np.unique(locks[locks >= 0])) > 1:
            inside = np.flatnonzero(part == q)
            block[inside] = part.max() + 1 + inside
    return np.unique(block, return_inverse=True)[1].astype(np.int64)


def merge(ground: Ground, block: Parts) -> Ground:
    """
    Return the blocks of units `block` [units] as the units of a smaller ground.

    A block is at the weighted mean of its units, minutes are weighted means; its lock is theirs.
    """
    count = int(block.max()) + 1
    member = sp.csr_matrix((np.ones(len(block)), (block, np.arange(len(block)))))
    weight = member @ ground.weight
    share = sp.diags(1.0 / weight) @ member @ sp.diags(ground.weight)
    near = (member @ ground.links.astype(float) @ member.T).tolil()
    near.setdiag(0)
    locks = np.full(count, FREE, np.int32)
    np.maximum.at(locks, block, ground.locks)
    minutes = None if ground.minutes is None else share @ ground.minutes @ share.T
    return replace(
        ground,
        load=member @ ground.load,
        weight=weight,
        points=share @ ground.points,
        minutes=minutes,
        links=sp.csr_matrix(near.tocsr() != 0),
        locks=locks,
        group=np.arange(count, dtype=np.int32),
        moving=None if ground.moving is None else member @ ground.moving,
    )


def joined(ground: Ground) -> sp.csr_matrix:
    """Return the links [units, units] with parts joined by the shortest ways."""
    links = ground.links.tolil()
    for a, b in nearest_links(ground.points, ground.links, ground.minutes):
        links[a, b] = links[b, a] = True
    return links.tocsr()
