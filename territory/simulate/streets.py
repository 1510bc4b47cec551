"""Pieces of which streets are drawn: a lattice, a barrier with crossings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

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
