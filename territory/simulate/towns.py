"""The towns that can be drawn, each a function of a generator and a side in cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.simulate.streets import Town, crossed_at, lattice

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

CELL_M = 200.0
CROSSINGS = (0.15, 0.5, 0.85)


def grid_town(rng: np.random.Generator, side_cells: int) -> Town:
    """Draw blocks cut in two by a sinuous barrier that three streets cross."""
    nodes, edges = lattice(rng, 2 * side_cells, 2 * side_cells)
    side_m = side_cells * CELL_M
    below = nodes[:, 1] < _wave(nodes[:, 0], side_m)
    across = np.array(CROSSINGS) * side_m
    places = np.column_stack([across, _wave(across, side_m)])
    return _even(nodes, crossed_at(nodes, edges, below, list(places)), (side_cells, side_cells))


def open_town(rng: np.random.Generator, side_cells: int) -> Town:
    """Draw the same blocks without the barrier."""
    nodes, edges = lattice(rng, 2 * side_cells, 2 * side_cells)
    return _even(nodes, edges, (side_cells, side_cells))


def _wave(x_m: NDArray[np.float64], side_m: float) -> NDArray[np.float64]:
    return side_m * (0.5 + 0.12 * np.sin(2 * np.pi * x_m / side_m))


def _even(nodes: NDArray[np.float64], edges: NDArray[np.int64], shape: tuple[int, int]) -> Town:
    """Return a town where every cell is inhabited alike."""
    n = shape[0] * shape[1]
    return Town(nodes, edges, shape, np.ones(n, bool), np.ones(n), np.zeros(n))


TOWNS: dict[str, Callable[[np.random.Generator, int], Town]] = {
    "grid": grid_town,
    "open": open_town,
}
