"""The ground of a drawn territory: streets, cells of 200 m, walking minutes between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from territory.errors import WrongUsage
from territory.network.graph import WalkGraph, components
from territory.network.times import walk_times
from territory.simulate.streets import cell_centres
from territory.simulate.towns import TOWNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.simulate.streets import Town

WALKED_M_MIN = 75.0  # 4.5 km/h
SINUOSITY = 1.15  # a street is longer than the straight line between its ends
LEAST_SIDE = 8

GEOGRAPHIES = tuple(TOWNS)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """
    Cells where people may live, and the streets between them.

    `shape` (rows, columns) of the whole drawing, `land` bool [rows * columns] its cells kept, n of
    them; `xy` [n, 2] their centres in metres of the drawing, `minutes` [n, n] on foot, float32;
    `density` [n] multiplies residents, `poverty` [n] is added to the smooth field of poverty (unit:
    its standard deviation).
    """

    name: str
    graph: WalkGraph
    shape: tuple[int, int]
    land: NDArray[np.bool_]
    xy: NDArray[np.float64]
    minutes: NDArray[np.float32]
    density: NDArray[np.float64]
    poverty: NDArray[np.float64]


def draw_ground(name: str, rng: np.random.Generator, *, side_cells: int = 32) -> Ground:
    """
    Draw the geography `name` (one of GEOGRAPHIES) over about side_cells^2 cells.

    Every cell is tied to the nearest node of the largest piece of streets. Raises WrongUsage
    (French) for an unknown name or a side under eight cells.
    """
    if name not in TOWNS:
        raise WrongUsage(f"Simulation : la géographie est l'une de {', '.join(TOWNS)}.")
    if side_cells < LEAST_SIDE:
        raise WrongUsage(f"Simulation : le côté a au moins {LEAST_SIDE} carreaux.")
    town = TOWNS[name](rng, side_cells)
    graph = _graph(town)
    xy = cell_centres(town.shape)[town.land]
    minutes = _minutes(graph, xy)
    return Ground(name, graph, town.shape, town.land, xy, minutes, town.density, town.poverty)


def _graph(town: Town) -> WalkGraph:
    tail, head = town.edges.T
    length_m = np.linalg.norm(town.nodes[tail] - town.nodes[head], axis=1) * SINUOSITY
    return WalkGraph.from_edges(tail, head, length_m / WALKED_M_MIN * 60, *town.nodes.T)


def _minutes(graph: WalkGraph, xy: NDArray[np.float64]) -> NDArray[np.float32]:
    main = np.flatnonzero(components(graph) == 0)
    off_m, nearest = cKDTree(np.column_stack([graph.x, graph.y])[main]).query(xy)
    door = (off_m / WALKED_M_MIN).astype(np.float32)
    node = main[nearest]
    seconds = walk_times(graph, node, node)
    minutes: NDArray[np.float32] = seconds / np.float32(60) + door[:, None] + door[None]
    np.fill_diagonal(minutes, 0.0)
    return minutes
