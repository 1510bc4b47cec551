"""
Blocks of cells as the units that sectors share, where there are too many cells for each to be one.

Walks between all cells grow with the square of a territory: here cells are known by the walks to
their neighbours alone, and only the middles of blocks by all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy import sparse

from territory.analysis.access_capacity import place_hours
from territory.analysis.sectors.adjacency import joined_parts, walked_neighbours
from territory.analysis.sectors.cell_links import TOUCH_M, joined_links
from territory.analysis.sectors.sector_load import by_unit, known_load, unit_load
from territory.analysis.sectors.sector_plan import Units
from territory.network.near import near_walks
from territory.network.tiles import shares
from territory.network.times import nearest_times
from territory.network.walk import minutes_between
from territory.pipeline.sector_people import sector_team
from territory.pipeline.sector_units import (
    RIDE_MIN,
    CellGround,
    cell_ground,
    hops_of,
    starts_of,
    week_work,
)
from territory.pipeline.walking import network_of

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from territory.network.walk import WalkNetwork
    from territory.pipeline.sector_units import Sources
    from territory.pipeline.workspace import Territory

    Reals = NDArray[np.float64]
    Longs = NDArray[np.int64]

MANY_CELLS = 4000  # more of them are shared by blocks
BLOCKS = 2000
_NEAR_MIN = 12.0  # beyond, two cells that touch are apart for any purpose
_MET_S = 1e-6  # two cells at one spot: a walk all the same


def shared_ground(territory: Territory, sources: Sources) -> CellGround:
    """Return the ground of sectors: its cells, or blocks of them where there are many."""
    many = len(sources.ground.tables["cells"]) > MANY_CELLS
    return (block_ground if many else cell_ground)(territory, sources)


def block_ground(territory: Territory, sources: Sources) -> CellGround:
    """
    Return the territory as `cell_ground` does, units being blocks of cells of one commune.

    Loads are those of the cells, added up. Raises WrongUsage as `network_of` and `unit_load`.
    """
    cells, network = sources.ground.tables["cells"].sort_index(), network_of(sources.walk)
    team = sector_team(sources.activity.tables["team"], territory.today)
    work = week_work(territory, sources.activity.tables["activities"], team)
    staffing = sources.access.tables["staffing"]
    people = sources.need.tables["need"]["target"].reindex(cells.index)
    near = _near(network, cells.index)
    holder = _holder(network, cells.index, sources.places.tables["places"].index)
    held, lost = by_unit(place_hours(staffing), holder)
    hops = hops_of(_hop(near, people), territory.settings.week.street_min, work)
    load = unit_load(
        people,
        _to_base(network, cells.index, starts_of(team, staffing)),
        pd.Series(hops, people.index),
        held if len(staffing) else None,
        work,
    )
    return CellGround(_blocks(network, cells, load, near), work, holder, lost, load)


def _blocks(
    network: WalkNetwork, cells: gpd.GeoDataFrame, load: pd.DataFrame, near: sparse.csr_array
) -> Units:
    """Return blocks of cells (metric CRS) as units: hours added up, walks between their middles."""
    balanced, _ = known_load(load, cells["commune_code"])
    towns = cells["commune_code"].fillna("").to_numpy(object)
    areas = cells.geometry.to_numpy()
    xy = shapely.get_coordinates(cells.geometry.representative_point().to_numpy())
    of = blocks_of(xy, towns)
    middle = _middles(xy, of)
    names = cells.index.to_numpy(object)
    order = np.argsort(of, kind="stable")
    parts = np.split(names[order], np.flatnonzero(np.diff(of[order])) + 1)
    unit_id = names[middle]
    return Units(
        load.groupby(unit_id[of]).sum(min_count=1).reindex(unit_id).rename_axis("unit_id"),
        np.bincount(of, balanced.to_numpy(float)).astype(np.float64),
        towns[middle],
        tuple(tuple(str(c) for c in part) for part in parts),
        _between(network, unit_id),
        xy[middle],
        joined_links(_links(areas, near), of),
    )


def blocks_of(xy: Reals, towns: NDArray[np.object_]) -> Longs:
    """
    Return the block [cells] of each cell, of one commune, of about as many cells each.

    `xy` [cells, 2] metres, `towns` [cells] communes. Blocks are in the order of their first cell.
    """
    of, count = np.zeros(len(xy), np.int64), 0
    for town in sorted(set(towns)):
        mine = np.flatnonzero(towns == town)
        for part in shares(xy[mine], max(1, round(BLOCKS * len(mine) / len(xy)))):
            of[mine[part]], count = count, count + 1
    _, first, flat = np.unique(of, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[flat]


def _middles(xy: Reals, of: Longs) -> Longs:
    """Return the cell of each block nearest to the mean of its cells, the first on ties."""
    size = np.bincount(of)
    mean = np.column_stack([np.bincount(of, xy[:, axis]) / size for axis in (0, 1)])
    away = np.round(np.linalg.norm(xy - mean[of], axis=1), 6)
    order = np.lexsort((np.arange(len(of)), away, of))
    return order[np.r_[0, np.cumsum(size)[:-1]]]


def _near(network: WalkNetwork, cells: pd.Index) -> sparse.csr_array:
    """Return the minutes between cells near each other, the longer way; not kept: farther."""
    names = [f"c:{i}" for i in cells]
    walks = near_walks(network, names, names, limit_min=_NEAR_MIN)
    found = walks.minutes.astype(float) + _MET_S
    table = sparse.csr_array((found, walks.column, walks.begins), shape=walks.shape)
    return sparse.csr_array(table.maximum(table.T))


def _links(areas: NDArray[np.object_], near: sparse.csr_array) -> Longs:
    """Return the pairs [pairs, 2] of cells one passes between on foot, all of them holding."""
    pairs = shapely.STRtree(areas).query(areas, predicate="dwithin", distance=TOUCH_M).T
    x, y = shapely.get_coordinates(shapely.centroid(areas)).T
    walked = walked_neighbours(x, y, pairs[pairs[:, 0] < pairs[:, 1]], near)
    return np.concatenate([walked, joined_parts(x, y, walked)])


def _hop(near: sparse.csr_array, people: pd.Series) -> Reals:
    """Return minutes from each cell to the nearest other one that is lived in, inf: none near."""
    lived = people.fillna(0.0).to_numpy(float) > 0
    row = np.repeat(np.arange(near.shape[0]), np.diff(near.indptr))
    other = lived[near.indices] & (row != near.indices)
    hop = np.full(near.shape[0], np.inf)
    np.minimum.at(hop, row[other], near.data[other])
    return hop


def _holder(network: WalkNetwork, cells: pd.Index, places: pd.Index) -> pd.Series:
    """Return the nearest cell of each place on foot, NA for a place that is not on the map."""
    found = pd.Series(pd.NA, index=places, dtype="object")
    cell, place = (_nodes(network, letter, ids) for letter, ids in (("c", cells), ("p", places)))
    known = np.flatnonzero(cell >= 0)
    _, which = nearest_times(network.graph, cell[known])
    near = (place >= 0) & (which[place] >= 0)
    found[near] = cells.to_numpy(object)[known[which[place[near]]]]
    return found


def _to_base(network: WalkNetwork, cells: pd.Index, starts: list[str]) -> pd.Series:
    """Return minutes to the nearest start, RIDE_MIN at most, inf where none can be walked to."""
    cell, start = _nodes(network, "c", cells), _nodes(network, "p", pd.Index(starts))
    seconds, _ = nearest_times(network.graph, start[start >= 0])
    minutes = np.where(cell >= 0, seconds[cell].astype(float) / 60, np.inf)
    return pd.Series(np.where(np.isfinite(minutes), np.minimum(minutes, RIDE_MIN), np.inf), cells)


def _between(network: WalkNetwork, middles: NDArray[np.object_]) -> Reals:
    """Return minutes [blocks, blocks] between their middles, the longer way."""
    names = [f"c:{i}" for i in middles]
    minutes = minutes_between(network, names, names).to_numpy(float)
    both: Reals = np.maximum(minutes, minutes.T)
    np.fill_diagonal(both, 0.0)
    return both


def _nodes(network: WalkNetwork, letter: str, ids: pd.Index) -> NDArray[np.int32]:
    named = network.points["node"].reindex([f"{letter}:{i}" for i in ids]).fillna(-1)
    nodes: NDArray[np.int32] = named.to_numpy(np.int32)
    return nodes
