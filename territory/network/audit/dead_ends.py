"""Streets that stop at a railway, a canal or a motorway, with the other bank near and far away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from territory.network.audit.faced import too_long
from territory.network.audit.ground import along, metres_between, node_points
from territory.network.audit.people import by_people, residents_near
from territory.network.audit.words import barrier_between, facing_name, street_near

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.network.audit.ground import Ground

LONG_M = 40.0  # a shorter stub is a driveway
BARRIER_M = 60.0  # from the tip to the barrier
BANK_M = 120.0  # from the tip to a street beyond it


def cut_streets(
    ground: Ground, barriers: gpd.GeoDataFrame | None, cells: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame:
    """
    Return the dead ends that a barrier cuts from a near street, most residents first, named first.

    A dead end of the main piece counts from 40 m, within 60 m of the barrier; the street beyond is
    the nearest whose straight link crosses it, within 120 m; the exact walk is 5 times longer.
    `barriers`: kind (rail, water, motorway), name, lines; one metric CRS for all. Columns: street
    (name of the dead end, NA), near (nearest named street), facing (street beyond, NA), length_m of
    the dead end, barrier_m from its tip, straight_m, walked_m, extra_min, barrier_kind, barrier,
    residents within 100 m of the tip (NA without cells), geometry (tip to street beyond).
    """
    known = np.zeros(0, object) if barriers is None else barriers.geometry.to_numpy()
    tips = _tips(ground, known)
    tip, street, links = _other_banks(ground, tips, known)
    feet = shapely.get_point(links, 1)
    walked = _walked(ground, tip, street, feet)
    far = too_long(walked, shapely.length(links)) & np.isfinite(walked)
    table = _table(ground, tip[far], links[far], cells, barriers)
    table["facing"] = facing_name(ground.streets, street[far])
    table["walked_m"] = walked[far]
    table["extra_min"] = (walked[far] - table["straight_m"]) / ground.minute_m
    table["named"] = table[["street", "facing"]].notna().sum(axis=1)
    long = table[table["length_m"] >= LONG_M]
    return by_people(long, "named", "extra_min").drop(columns="named")


def _tips(ground: Ground, barriers: NDArray[np.object_]) -> NDArray[np.int64]:
    """Return the nodes of the main piece with one street only and a barrier near."""
    graph = ground.metres
    degree = np.diff(graph.matrix.indptr)
    tips = np.flatnonzero((degree == 1) & (ground.piece == 0))
    spots = node_points(ground, tips)
    near = shapely.STRtree(barriers).query(spots, predicate="dwithin", distance=BARRIER_M)[0]
    found: NDArray[np.int64] = tips[np.unique(near)]
    return found


def _other_banks(
    ground: Ground, tips: NDArray[np.int64], barriers: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.object_]]:
    """Return per tip that has one: the tip, the nearest street across, the straight link."""
    main = np.flatnonzero(ground.piece_of_streets(ground.piece) == 0)
    lines = ground.lines[main]
    spots = node_points(ground, tips)
    row, street = shapely.STRtree(lines).query(spots, predicate="dwithin", distance=BANK_M)
    links = shapely.shortest_line(spots[row], lines[street])
    crossing = np.zeros(len(links), bool)
    crossing[shapely.STRtree(barriers).query(links, predicate="intersects")[0]] = True
    row, street, links = row[crossing], street[crossing], links[crossing]
    order = np.lexsort((street, shapely.length(links).round(3), row))
    rows, first = np.unique(row[order], return_index=True)
    best = order[first]
    return tips[rows], main[street[best]], links[best]


def _walked(
    ground: Ground,
    tip: NDArray[np.int64],
    street: NDArray[np.int64],
    feet: NDArray[np.object_],
) -> NDArray[np.float64]:
    nodes = ground.streets[["tail", "head"]].to_numpy(np.int32)[street]
    a = np.concatenate([tip, tip]).astype(np.int32)
    ways = metres_between(ground.metres, a, np.concatenate([nodes[:, 0], nodes[:, 1]]))
    shortest: NDArray[np.float64] = (
        ways.reshape(2, -1) + np.stack(along(ground, street, feet))
    ).min(axis=0)
    return shortest


def _table(
    ground: Ground,
    tip: NDArray[np.int64],
    links: NDArray[np.object_],
    cells: gpd.GeoDataFrame | None,
    barriers: gpd.GeoDataFrame | None,
) -> gpd.GeoDataFrame:
    spots = node_points(ground, tip)
    table = gpd.GeoDataFrame(
        {
            "street": _street_of(ground, tip),
            "near": street_near(ground.streets, spots),
            "facing": pd.array([pd.NA] * len(tip), dtype="string"),
            "length_m": [_length_m(ground, int(t)) for t in tip],
            "barrier_m": _to_barrier(spots, barriers),
            "straight_m": shapely.length(links),
            "walked_m": np.full(len(tip), np.nan),
            "extra_min": np.full(len(tip), np.nan),
            "residents": residents_near(cells, spots),
        },
        geometry=links,
        crs=ground.streets.crs,
    )
    return table.join(barrier_between(barriers, links))


def _to_barrier(
    spots: NDArray[np.object_], barriers: gpd.GeoDataFrame | None
) -> NDArray[np.float64]:
    """Return the metres from each spot to the nearest barrier: there are no spots without one."""
    if barriers is None or not len(spots):
        return np.zeros(0)
    tree = shapely.STRtree(barriers.geometry.to_numpy())
    metres: NDArray[np.float64] = tree.query_nearest(
        spots, all_matches=False, return_distance=True
    )[1]
    return metres


def _street_of(ground: Ground, tip: NDArray[np.int64]) -> pd.Series:
    """Return the name of the only street of each tip."""
    ends = ground.streets[["tail", "head"]].to_numpy()
    of_node = np.full(ground.metres.n, -1, np.int64)
    for end in ends.T:
        of_node[end] = np.arange(len(ends))
    return facing_name(ground.streets, of_node[tip])


def _length_m(ground: Ground, tip: int) -> float:
    """Return the metres from a tip to the first fork, or to the other end of a lone street."""
    matrix, before, node, walked = ground.metres.matrix, -1, tip, 0.0
    while True:
        arcs = slice(matrix.indptr[node], matrix.indptr[node + 1])
        onward = [(n, m) for n, m in zip(matrix.indices[arcs], matrix.data[arcs], strict=True)
                  if n != before]  # fmt: skip
        if len(onward) != 1:
            return walked
        before, (node, metres) = node, onward[0]
        walked += float(metres)
