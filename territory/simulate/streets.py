"""Pieces of which towns are drawn: lattice, rings, barriers with crossings, cul-de-sacs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CELL_M = 200.0
BLOCK_M = 100.0
JITTER_M = 25.0
LOST = 0.12  # share of the streets of a lattice that are not there


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """
    Streets as drawn, and who lives where.

    `nodes` [nodes, 2] in metres, `edges` [edges, 2]; `shape` rows and columns of cells, `land` bool
    [cells]; `density` and `poverty` [n] of the cells of `land` (see Ground).
    """

    nodes: NDArray[np.float64]
    edges: NDArray[np.int64]
    shape: tuple[int, int]
    land: NDArray[np.bool_]
    density: NDArray[np.float64]
    poverty: NDArray[np.float64]


def cell_centres(shape: tuple[int, int]) -> NDArray[np.float64]:
    """Return the centres [cells, 2], in metres, of `shape` rows and columns of cells."""
    x, y = np.meshgrid((np.arange(shape[1]) + 0.5) * CELL_M, (np.arange(shape[0]) + 0.5) * CELL_M)
    return np.column_stack([x.ravel(), y.ravel()])


def lattice(
    rng: np.random.Generator, rows: int, columns: int, *, lost: float = LOST
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """
    Draw blocks of 100 m: nodes [rows * columns, 2] shaken by 25 m, edges [edges, 2] less some.

    `lost` is the share of edges that are missing, at random.
    """
    x, y = np.meshgrid((np.arange(columns) + 0.5) * BLOCK_M, (np.arange(rows) + 0.5) * BLOCK_M)
    nodes = np.column_stack([x.ravel(), y.ravel()])
    nodes = nodes + rng.uniform(-JITTER_M, JITTER_M, nodes.shape)
    ids = np.arange(rows * columns).reshape(rows, columns)
    along = np.column_stack([ids[:, :-1].ravel(), ids[:, 1:].ravel()])
    upward = np.column_stack([ids[:-1].ravel(), ids[1:].ravel()])
    edges = np.concatenate([along, upward])
    return nodes, edges[rng.random(len(edges)) >= lost]


def crossed_at(
    nodes: NDArray[np.float64],
    edges: NDArray[np.int64],
    side: NDArray[np.bool_],
    places: Sequence[NDArray[np.float64]],
) -> NDArray[np.int64]:
    """
    Return the edges [edges, 2] without those that change `side` [nodes], but the nearest to places.

    `nodes` [nodes, 2] and each of `places` [2] are metres; one crossing is left for each place.
    """
    over = np.flatnonzero(side[edges[:, 0]] != side[edges[:, 1]])
    kept = np.ones(len(edges), bool)
    kept[over] = False
    middles = nodes[edges[over]].mean(axis=1)
    for place in places if len(over) else ():
        kept[over[np.linalg.norm(middles - place, axis=1).argmin()]] = True
    return edges[kept]


def rings(
    centre: NDArray[np.float64], radius_m: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """
    Draw an old town: a square, rings every 100 m up to `radius_m`, lanes from ring to ring.

    Ring k holds 6 k nodes; returns nodes [nodes, 2] around `centre` [2], metres, and edges
    [edges, 2].
    """
    nodes, edges = [centre], []
    inner = np.array([0])
    for k in range(1, int(radius_m // BLOCK_M) + 1):
        angle = 2 * np.pi * np.arange(6 * k) / (6 * k)
        ring = len(nodes) + np.arange(6 * k)
        nodes += list(centre + k * BLOCK_M * np.column_stack([np.cos(angle), np.sin(angle)]))
        _, nearest = cKDTree(np.array(nodes)[inner]).query(np.array(nodes)[ring])
        edges += [
            np.column_stack([ring, np.roll(ring, 1)]),
            np.column_stack([ring, inner[nearest]]),
        ]
        inner = ring
    return np.array(nodes), np.concatenate(edges)


def joined(
    first: tuple[NDArray[np.float64], NDArray[np.int64]],
    second: tuple[NDArray[np.float64], NDArray[np.int64]],
    ends: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """
    Return both drawings as one (nodes [nodes, 2] in metres, edges [edges, 2]).

    `ends` [k] of the second are tied to the nearest node of the first that has a street.
    """
    used = np.unique(first[1])
    _, nearest = cKDTree(first[0][used]).query(second[0][ends])
    shift = len(first[0])
    ties = np.column_stack([used[nearest], ends + shift])
    nodes = np.concatenate([first[0], second[0]])
    return nodes, np.concatenate([first[1], second[1] + shift, ties])


def kept_where(edges: NDArray[np.int64], dry: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the edges [edges, 2] of which both ends are `dry` [nodes]."""
    return edges[dry[edges].all(axis=1)]


def bridge(
    nodes: NDArray[np.float64],
    edges: NDArray[np.int64],
    banks: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    place: NDArray[np.float64],
) -> NDArray[np.int64]:
    """
    Return edges [edges, 2] with one more: between the nodes of both banks nearest to `place` [2].

    `nodes` [nodes, 2] are metres, each of `banks` bool [nodes].
    """
    used = np.zeros(len(nodes), bool)
    used[edges] = True
    ends = []
    for bank in banks:
        some = np.flatnonzero(bank & used)
        ends.append(some[np.linalg.norm(nodes[some] - place, axis=1).argmin()])
    return np.concatenate([edges, np.array([ends], np.int64)])


def cul_de_sacs(
    rng: np.random.Generator, edges: NDArray[np.int64], inside: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Return edges [edges, 2] of which those `inside` [nodes] make no loop any more (random)."""
    own = inside[edges].all(axis=1)
    weights = rng.uniform(1, 2, int(own.sum()))
    shape = (len(inside), len(inside))
    tree = minimum_spanning_tree(coo_array((weights, tuple(edges[own].T)), shape=shape).tocsr())
    return np.concatenate([edges[~own], np.column_stack(tree.nonzero()).astype(np.int64)])
