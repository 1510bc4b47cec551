"""The towns that can be drawn, each a function of a generator and a side in cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.simulate.streets import (
    BLOCK_M,
    CELL_M,
    Town,
    bridge,
    cell_centres,
    crossed_at,
    cul_de_sacs,
    joined,
    kept_where,
    lattice,
    rings,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

CROSSINGS = (0.15, 0.5, 0.85)
WATER_M = 120.0  # half width of the river
BRIDGES, SMALL_BANK_POVERTY = (0.3, 0.72), 0.5
OLD_TOWN, STATIONS, SUBURB_M = 0.18, (-0.42, -0.27, 0.27, 0.42), 550.0  # shares of the side
UNDERPASSES = (-0.1, 0.0, 0.1)
COUNTRY_LOST, SUBURB_POVERTY = 0.38, 0.5  # country: blocks with many streets missing
ESTATE_M, ESTATE_CELLS, ESTATE_DENSITY, ESTATE_POVERTY = 600.0, 110, 3.0, 0.9
SHORE_M, RAVINES = 600.0, (0.25, 0.5, 0.75)


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


def river_town(rng: np.random.Generator, side_cells: int) -> Town:
    """Draw a large bank and a small, poorer one, two bridges between them."""
    shape, side_m = (side_cells, side_cells), side_cells * CELL_M
    nodes, edges = lattice(rng, 2 * side_cells, 2 * side_cells)
    above = nodes[:, 1] - _river(nodes[:, 0], side_m)
    banks = above > WATER_M, above < -WATER_M
    edges = kept_where(edges, banks[0] | banks[1])
    edges = crossed_at(nodes, edges, banks[0], [])
    for x in np.array(BRIDGES) * side_m:
        edges = bridge(nodes, edges, banks, np.array([x, _river(x, side_m)]))
    xy = cell_centres(shape)
    high = xy[:, 1] - _river(xy[:, 0], side_m)
    poverty = np.where(high < 0, SMALL_BANK_POVERTY, 0.0)
    return _peopled(nodes, edges, shape, np.abs(high) > WATER_M, (np.ones(len(xy)), poverty))


def radial_town(rng: np.random.Generator, side_cells: int) -> Town:
    """Draw an old town of rings, a railway through it, suburbs around the stations, country."""
    shape, side_m = (side_cells, side_cells), side_cells * CELL_M
    centre = np.array([0.5, 0.5]) * side_m
    radius_m = OLD_TOWN * side_m
    suburbs = centre + np.array(STATIONS)[:, None] * side_m * _rail(1.0)
    nodes, edges = lattice(rng, 2 * side_cells, 2 * side_cells)
    near = _close(nodes, suburbs) < 2 * SUBURB_M
    outside = np.linalg.norm(nodes - centre, axis=1) > radius_m
    lost = rng.random(len(edges)) < COUNTRY_LOST
    edges = kept_where(edges[~lost | near[edges].all(axis=1)], outside)
    old = rings(centre, radius_m)
    nodes, edges = joined((nodes, edges), old, np.arange(len(old[0]))[-_last_ring(radius_m) :])
    crossings = np.array([*STATIONS, *UNDERPASSES])[:, None] * side_m * _rail(1.0) + centre
    side = (nodes - centre) @ np.array([-_rail(1.0)[1], _rail(1.0)[0]]) > 0
    edges = crossed_at(nodes, edges, side, list(crossings))
    xy = cell_centres(shape)
    town = np.exp(-((np.linalg.norm(xy - centre, axis=1) / radius_m) ** 2))
    suburb = np.exp(-((_close(xy, suburbs) / SUBURB_M) ** 2))
    density = 0.25 + 1.5 * town + 1.8 * suburb
    return _peopled(nodes, edges, shape, np.ones(len(xy), bool), (density, SUBURB_POVERTY * suburb))


def estates_town(rng: np.random.Generator, side_cells: int) -> Town:
    """Draw blocks cut by three motorways, and estates of cul-de-sacs with two gates each."""
    shape, side_m = (side_cells, side_cells), side_cells * CELL_M
    nodes, edges = lattice(rng, 2 * side_cells, 2 * side_cells)
    for axis, at, gates in ((0, 0.34, (0.25, 0.75)), (0, 0.67, (0.2, 0.8)), (1, 0.5, CROSSINGS)):
        places = [np.array([at, g] if axis == 0 else [g, at]) * side_m for g in gates]
        edges = crossed_at(nodes, edges, nodes[:, axis] < at * side_m, places)
    xy = cell_centres(shape)
    estate = np.zeros(len(xy), bool)
    for _ in range(max(1, len(xy) // ESTATE_CELLS)):
        corner = np.round(rng.uniform(0, side_m - ESTATE_M, 2) / CELL_M) * CELL_M
        inside = _in_square(nodes, corner)
        doors = corner + rng.uniform(0, ESTATE_M, (2, 2))
        edges = cul_de_sacs(rng, crossed_at(nodes, edges, inside, list(doors)), inside)
        estate |= _in_square(xy, corner)
    density = np.where(estate, ESTATE_DENSITY, 1.0)
    poverty = np.where(estate, ESTATE_POVERTY, 0.0)
    return _peopled(nodes, edges, shape, np.ones(len(xy), bool), (density, poverty))


def coast_town(rng: np.random.Generator, side_cells: int) -> Town:
    """Draw a town four times as long as deep between sea and hills, cut by three ravines."""
    shape = (max(side_cells // 2, 6), 2 * side_cells)
    wide_m = shape[1] * CELL_M
    nodes, edges = lattice(rng, 2 * shape[0], 2 * shape[1])
    dry = nodes[:, 1] > _shore(nodes[:, 0], shape)
    x = np.arange(50.0, wide_m, 100.0)
    quay = np.column_stack([x, _shore(x, shape) + 30.0])
    ids = np.arange(len(x))
    road = quay, np.column_stack([ids[:-1], ids[1:]])
    nodes, edges = joined((nodes, kept_where(edges, dry)), road, ids[::3])
    for k, at in enumerate(np.array(RAVINES) * wide_m):
        places = [np.array([at, _shore(at, shape) + 30.0])]
        places += [np.array([at, 0.8 * shape[0] * CELL_M])] if k == 1 else []
        edges = crossed_at(nodes, edges, nodes[:, 0] < at, places)
    xy = cell_centres(shape)
    inland_m = xy[:, 1] - _shore(xy[:, 0], shape)
    density = 0.5 + 1.2 * np.exp(-np.maximum(inland_m, 0) / SHORE_M)
    poverty = np.where(inland_m > 2 * SHORE_M, 0.3, 0.0)
    return _peopled(nodes, edges, shape, inland_m > 0, (density, poverty))


def _wave(x_m: NDArray[np.float64], side_m: float) -> NDArray[np.float64]:
    return side_m * (0.5 + 0.12 * np.sin(2 * np.pi * x_m / side_m))


def _river(x_m: NDArray[np.float64], side_m: float) -> NDArray[np.float64]:
    return side_m * (0.32 + 0.09 * np.sin(3 * np.pi * x_m / side_m))


def _shore(x_m: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.float64]:
    deep_m, wide_m = shape[0] * CELL_M, shape[1] * CELL_M
    return deep_m * (0.12 + 0.08 * np.sin(4 * np.pi * x_m / wide_m))


def _rail(length: float) -> NDArray[np.float64]:
    """Return a vector along the railway."""
    return length * np.array([np.cos(0.5), np.sin(0.5)])


def _last_ring(radius_m: float) -> int:
    return 6 * int(radius_m // BLOCK_M)


def _close(xy: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return metres to the nearest place."""
    apart: NDArray[np.float64] = np.linalg.norm(xy[:, None] - places[None], axis=2).min(axis=1)
    return apart


def _in_square(xy: NDArray[np.float64], corner: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(((xy >= corner) & (xy < corner + ESTATE_M)).all(axis=1), bool)


def _even(nodes: NDArray[np.float64], edges: NDArray[np.int64], shape: tuple[int, int]) -> Town:
    """Return a town where every cell is inhabited alike."""
    n = shape[0] * shape[1]
    return Town(nodes, edges, shape, np.ones(n, bool), np.ones(n), np.zeros(n))


def _peopled(
    nodes: NDArray[np.float64],
    edges: NDArray[np.int64],
    shape: tuple[int, int],
    land: NDArray[np.bool_],
    people: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> Town:
    """Return a town of density (mean made 1 on land) and poverty, both given for all cells."""
    density, poverty = people[0][land], people[1][land]
    return Town(nodes, edges, shape, land, density / density.mean(), poverty)


TOWNS: dict[str, Callable[[np.random.Generator, int], Town]] = {
    "grid": grid_town,
    "open": open_town,
    "river": river_town,
    "radial": radial_town,
    "estates": estates_town,
    "coast": coast_town,
}
