"""First sectors: centres, balanced transport to them, then every sector in one piece."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.highs import Programme, solve
from territory.analysis.sectors.compact import costs, costs_to
from territory.analysis.sectors.problem import FREE, pieces_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.sectors.problem import Ground, Reals

    Sectors = NDArray[np.int32]

LLOYD, TRANSPORTS = 8, 2


def first_sectors(ground: Ground, rng: np.random.Generator, *, time_limit_s: float) -> Sectors:
    """
    Return sectors [units] balanced within the tolerance as nearly as whole units and pieces allow.

    Weighted k-means, then transport of loads to its centres (a linear programme: at most k - 1
    units are split, each goes where most of it goes), then repair of the pieces.
    """
    cost = _drawn_costs(ground, rng)
    sector = _nearest(ground, cost)
    for _ in range(LLOYD):
        sector = _nearest(ground, costs(ground, _filled(ground, sector, cost)))
    for _ in range(TRANSPORTS):
        cost = costs(ground, _filled(ground, sector, cost))
        sector = transport(ground, cost, time_limit_s)
    return in_one_piece(ground, sector, cost)


def _drawn_costs(ground: Ground, rng: np.random.Generator) -> Reals:
    """Draw centres far from each other (k-means++), those of locked sectors first."""
    n, chosen = len(ground.load), []
    locked = [np.flatnonzero(ground.locks == s) for s in range(ground.k)]
    near = np.full(n, np.inf)
    for mine in sorted(locked, key=lambda m: len(m) == 0):
        if len(mine):
            one = int(mine[ground.weight[mine].argmax()])
        else:
            one = _drawn(ground.weight * np.where(np.isfinite(near), near, 1.0), rng)
        chosen.append(one)
        near = np.minimum(near, _away(ground, one))
    order = sorted(range(ground.k), key=lambda s: len(locked[s]) == 0)
    centres = np.empty(ground.k, int)
    centres[order] = chosen
    return costs_to(ground, middles=centres)


def _away(ground: Ground, one: int) -> Reals:
    if ground.minutes is not None:
        return np.asarray(ground.minutes[one] ** 2)
    return np.asarray(((ground.points - ground.points[one]) ** 2).sum(axis=1))


def _drawn(mass: Reals, rng: np.random.Generator) -> int:
    total = mass.sum()
    return int(rng.choice(len(mass), p=mass / total if total > 0 else None))


def _nearest(ground: Ground, cost: Reals) -> Sectors:
    sector = cost.argmin(axis=1).astype(np.int32)
    return np.where(ground.locks >= 0, ground.locks, sector).astype(np.int32)


def _filled(ground: Ground, sector: Sectors, cost: Reals) -> Sectors:
    """Give every empty sector the free unit that costs it least, from a sector that has others."""
    sector = sector.copy()
    sizes = np.bincount(sector, minlength=ground.k)
    for s in np.flatnonzero(sizes == 0):
        may = (ground.locks == FREE) & (sizes[sector] > 1)
        one = int(np.where(may, cost[:, s], np.inf).argmin())
        sizes[sector[one]] -= 1
        sizes[s], sector[one] = 1, s
    return sector


def transport(ground: Ground, cost: Reals, time_limit_s: float) -> Sectors:
    """
    Return sectors [units] that cost least, loads within the tolerance but for units cut.

    `cost` [units, sectors]. Where locks forbid the tolerance, loads are what they are.
    """
    n, k = cost.shape
    unit, to = np.repeat(np.arange(n), k), np.tile(np.arange(k), n)
    cells = np.arange(n * k)
    rows = sp.csr_matrix(
        (np.r_[np.ones(n * k), ground.load[unit]], (np.r_[unit, n + to], np.r_[cells, cells]))
    )
    rows.resize(n + k, n * k)
    loose = ground.tolerance * ground.share
    must = (ground.locks[unit] == to).astype(float)
    can = ((ground.locks[unit] == FREE) | (must > 0)).astype(float)
    scale = cost.max() or 1.0
    for wide in (loose, np.inf):
        programme = Programme(
            (cost / scale).ravel(), rows, np.r_[np.ones(n), np.full(k, ground.share - wide)],
            np.r_[np.ones(n), np.full(k, ground.share + wide)], must, can, np.zeros(n * k, bool),
        )  # fmt: skip
        solved = solve(programme, time_limit_s=time_limit_s)
        if solved.values is not None:
            return np.asarray(solved.values.reshape(n, k).argmax(axis=1), np.int32)
    return _nearest(ground, cost)


def in_one_piece(ground: Ground, sector: Sectors, cost: Reals) -> Sectors:
    """
    Return sectors [units] whose pieces are joined: the heaviest is kept, the rest given around.

    `sector` [units] may have any pieces and empty sectors, `cost` [units, sectors] says who takes
    what is left. Locked units are joined by the shortest ways first; when others bar these, their
    pieces stay.
    """
    kept = _cores(ground)
    sector = np.where(kept >= 0, kept, _filled(ground, sector, cost)).astype(np.int32)
    piece = pieces_of(ground.links, sector)
    mass = np.bincount(piece, ground.weight)
    for s in range(ground.k):
        mine = np.flatnonzero(sector == s)
        core = np.unique(piece[mine[kept[mine] == s]])
        if len(core) == 0 and len(mine):
            core = piece[mine][mass[piece[mine]].argmax()]
        inside = mine[np.isin(piece[mine], core)]
        kept[inside] = s
    return _grown(ground, _seeded(ground, kept, cost), cost)


def _cores(ground: Ground) -> Sectors:
    """Join the units locked in one sector by shortest ways through units free of others."""
    kept = ground.locks.copy()
    for s in range(ground.k):
        mine = np.flatnonzero(ground.locks == s)
        joined = {int(mine[0])} if len(mine) else set()
        for one in mine[1:]:
            way = _way(ground, kept, s, (int(one), joined))
            kept[way] = s
            joined |= {int(one), *way}
    return kept


def _way(ground: Ground, kept: Sectors, s: int, ends: tuple[int, set[int]]) -> list[int]:
    """Return units from one to the nearest of a set, through free ones; empty when barred."""
    one, joined = ends
    came, front = {one: one}, [one]
    for u in front:
        if u in joined:
            way = [u]
            while way[-1] != one:
                way.append(came[way[-1]])
            return way
        row = ground.links.indices[ground.links.indptr[u] : ground.links.indptr[u + 1]]
        new = [int(v) for v in row if v not in came and kept[v] in (FREE, s)]
        came.update(dict.fromkeys(new, u))
        front.extend(new)
    return []


def _seeded(ground: Ground, kept: Sectors, cost: Reals) -> Sectors:
    """Give sectors that kept nothing one unit, taken where nothing is cut."""
    for s in sorted(set(range(ground.k)) - set(kept.tolist())):
        may = (ground.locks == FREE) & ((kept == FREE) | _spare(ground, kept))
        kept[int(np.where(may, cost[:, s], np.inf).argmin())] = s
    return kept


def _spare(ground: Ground, kept: Sectors) -> NDArray[np.bool_]:
    """Mark the kept units without which their sector holds together and is not empty."""
    sizes = np.bincount(kept[kept >= 0], minlength=ground.k)
    spare = np.zeros(len(kept), bool)
    for i in np.flatnonzero(kept >= 0):
        mine = np.flatnonzero((kept == kept[i]) & (np.arange(len(kept)) != i))
        if sizes[kept[i]] > 1:
            inside = ground.links[mine][:, mine]
            spare[i] = sp.csgraph.connected_components(inside, directed=False)[0] == 1
    return spare


def _grown(ground: Ground, kept: Sectors, cost: Reals) -> Sectors:
    """Give each unit left to a sector beside it, the cheapest for its weight first."""
    starts, heads = ground.links.indptr, ground.links.indices
    queue: list[tuple[float, int, int]] = []

    def offer(i: int) -> None:
        for j in heads[starts[i] : starts[i + 1]]:
            if kept[j] == FREE:
                s = int(kept[i])
                heapq.heappush(queue, (float(cost[j, s] / ground.weight[j]), int(j), s))

    for i in np.flatnonzero(kept >= 0):
        offer(int(i))
    while queue:
        _, j, s = heapq.heappop(queue)
        if kept[j] == FREE:
            kept[j] = s
            offer(j)
    alone = kept == FREE
    kept[alone] = cost[alone].argmin(axis=1)
    return kept
