"""
Streets that face each other and are far apart on foot: sides mapped apart, missing crossings.

Every street is sampled; from each sample one looks left and right for the nearest street that runs
the same way, and walks there on the graph. Long walks are gathered into places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import scipy
import shapely
from scipy import sparse
from scipy.sparse import csgraph

from territory.network.audit.ground import Ground, along, metres_between, points_at
from territory.network.audit.people import by_people, residents_near
from territory.network.audit.words import barrier_between, facing_name, street_near

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE, CROSSING = "side", "crossing"
EVERY_M = 25.0  # a sample of each street
ACROSS_M = 40.0  # farther apart, two streets are not two sides of one thing
SIDE_M = 20.0  # nearer than this, they are the sides of one street
DETOUR = 5.0  # walked / straight beyond which the way round is too long
EXTRA_M = 100.0  # a way round shorter than this is no trouble, however near the other side is
LONG_M = 50.0  # sides unlinked for less than this are not listed
_PLACE_M = 60.0  # samples nearer than this, between the same streets, are one place
_SAME_WAY, _FACING = np.cos(np.radians(30)), np.cos(np.radians(60))


@dataclass(frozen=True, slots=True, eq=False)
class FacedPairs:
    """
    Pairs of points facing each other: street of each, metres apart and walked (inf: unlinked).

    `street`, `facing` [pairs] are positions of streets; `start`, `end` [pairs, 2] metres in the
    metric CRS of the network; `straight_m`, `walked_m` [pairs]; `every_m` [pairs], metres of street
    that the sample stands for.
    """

    street: NDArray[np.int64]
    facing: NDArray[np.int64]
    start: NDArray[np.float64]
    end: NDArray[np.float64]
    straight_m: NDArray[np.float64]
    walked_m: NDArray[np.float64]
    every_m: NDArray[np.float64]


def too_long(walked_m: NDArray[np.float64], straight_m: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which walks [k] are more than 5 times the straight line, and 100 m longer: bool [k]."""
    return (walked_m > DETOUR * straight_m) & (walked_m > straight_m + EXTRA_M)


def far_sides(ground: Ground) -> FacedPairs:
    """
    Return the pairs of facing points of the main piece whose walk is too long, walks exact.

    Points are at most 40 m apart, on streets that run the same way within 30 degrees, seen square
    from the street within 30 degrees; only the nearest street on each side counts.
    """
    pairs = _facing(ground)
    near = _walked(ground, pairs, max(DETOUR * ACROSS_M, ACROSS_M + EXTRA_M))
    far = _taken(pairs, too_long(near, pairs.straight_m))
    whole = _walked(ground, far, np.inf)
    return FacedPairs(
        far.street, far.facing, far.start, far.end, far.straight_m, whole, far.every_m
    )


def faced_places(
    ground: Ground,
    pairs: FacedPairs,
    cells: gpd.GeoDataFrame | None,
    barriers: gpd.GeoDataFrame | None,
) -> gpd.GeoDataFrame:
    """
    Gather `pairs` into places between the same two streets, most residents first, named first.

    Columns: kind (side: 20 m apart or less; crossing), street, facing (names, NA when unnamed),
    near (nearest named street), faced_m (metres of street concerned, one side), straight_m,
    walked_m and extra_min of the longest walk, barrier_kind and barrier crossed (NA: none known),
    residents within 100 m (NA without cells), geometry (the lines across, metric CRS).
    """
    place = _places(ground, pairs)
    worst = _worst(pairs, place)
    lines = _links(pairs)
    rows = pd.Series(lines).groupby(place)
    shapes = np.array([shapely.multilinestrings(list(g)) for _, g in rows], dtype=object)
    straight = pd.Series(pairs.straight_m).groupby(place).median().to_numpy(float)
    table = gpd.GeoDataFrame(
        {
            "kind": np.where(straight <= SIDE_M, SIDE, CROSSING),
            "street": facing_name(ground.streets, pairs.street[worst]),
            "facing": facing_name(ground.streets, pairs.facing[worst]),
            "near": street_near(ground.streets, lines[worst]),
            "faced_m": pd.Series(pairs.every_m).groupby(place).sum().to_numpy(float) / 2,
            "straight_m": pairs.straight_m[worst],
            "walked_m": pairs.walked_m[worst],
            "extra_min": (pairs.walked_m - pairs.straight_m)[worst] / ground.minute_m,
            "residents": residents_near(cells, shapes),
        },
        geometry=shapes,
        crs=ground.streets.crs,
    )
    table = table.join(barrier_between(barriers, lines[worst]))
    told = (table["kind"] == CROSSING) | (table["faced_m"] >= LONG_M)
    table["named"] = table[["street", "facing"]].notna().sum(axis=1)
    return by_people(table[told], "named", "extra_min").drop(columns="named")


def _facing(ground: Ground) -> FacedPairs:
    main = np.flatnonzero(ground.piece_of_streets(ground.piece) == 0)
    lines = ground.lines[main]
    street, spots, ways, every = _samples(lines)
    sample, other = shapely.STRtree(lines).query(spots, predicate="dwithin", distance=ACROSS_M)
    apart = street[sample] != other
    sample, other = sample[apart], other[apart]
    at = shapely.line_locate_point(lines[other], spots[sample])
    feet, start = _spots(lines[other], at), shapely.get_coordinates(spots)[sample]
    straight, turn, square = _seen(feet - start, ways[sample])
    same_way = np.zeros(len(square), bool)  # asked of the few seen square: it costs most
    their_ways = _way(lines[other[square]], at[square])
    same_way[square] = np.abs((their_ways * ways[sample[square]]).sum(axis=1)) >= _SAME_WAY
    kept = _nearest_each_side(sample, turn, straight, other, np.flatnonzero(same_way))
    sample, other = sample[kept], other[kept]
    return FacedPairs(
        main[street[sample]], main[other], start[kept], feet[kept], straight[kept],
        np.full(len(kept), np.nan), every[sample],
    )  # fmt: skip


def _seen(
    across: NDArray[np.float64], ways: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return metres across, side (-1 or 1) and whether it is seen square, for each pair [k]."""
    straight = np.hypot(*across.T)
    square = np.abs((across * ways).sum(axis=1)) <= _FACING * straight
    turn = ways[:, 0] * across[:, 1] - ways[:, 1] * across[:, 0]
    return straight, np.sign(turn), square & (straight > 1.0)


def _samples(
    lines: NDArray[np.object_],
) -> tuple[NDArray[np.int64], NDArray[np.object_], NDArray[np.float64], NDArray[np.float64]]:
    """Return the street of each sample, its point, its heading (unit vector), its metres."""
    length = shapely.length(lines)
    count = np.where(length > 0, np.maximum(np.ceil(length / EVERY_M), 1), 0).astype(np.int64)
    street = np.repeat(np.arange(len(lines)), count)
    rank = np.arange(len(street)) - np.repeat(np.cumsum(count) - count, count)
    every = (length / np.maximum(count, 1))[street]
    at = (rank + 0.5) * every
    return street, shapely.line_interpolate_point(lines[street], at), _way(lines[street], at), every


def _spots(lines: NDArray[np.object_], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the coordinates [k, 2] of each line `at` metres along it."""
    points = shapely.line_interpolate_point(lines, at)
    return shapely.get_coordinates(points).reshape(-1, 2)


def _way(lines: NDArray[np.object_], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the heading of each line one metre around `at`, unit vectors [k, 2], 0 if none."""
    before, after = np.maximum(at - 1, 0), np.minimum(at + 1, shapely.length(lines))
    way = _spots(lines, after) - _spots(lines, before)
    unit: NDArray[np.float64] = way / np.maximum(np.hypot(*way.T), 1e-9)[:, None]
    return unit


def _nearest_each_side(
    sample: NDArray[np.int64],
    side: NDArray[np.float64],
    straight: NDArray[np.float64],
    other: NDArray[np.int64],
    kept: NDArray[np.int64],
) -> NDArray[np.int64]:
    order = kept[np.lexsort((other[kept], straight[kept], side[kept], sample[kept]))]
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(sample[order]) != 0) | (np.diff(side[order]) != 0)
    return order[first]


def _walked(ground: Ground, pairs: FacedPairs, limit_m: float) -> NDArray[np.float64]:
    """Return the metres walked between the points of each pair, through the ends of streets."""
    starts = along(ground, pairs.street, points_at(pairs.start))
    ends = along(ground, pairs.facing, points_at(pairs.end))
    nodes = ground.streets[["tail", "head"]].to_numpy(np.int32)
    a = np.concatenate([nodes[pairs.street, i] for i in (0, 0, 1, 1)])
    b = np.concatenate([nodes[pairs.facing, j] for j in (0, 1, 0, 1)])
    ways = metres_between(ground.metres, a, b, limit_m).reshape(4, -1)
    added = [starts[i] + ends[j] for i, j in ((0, 0), (0, 1), (1, 0), (1, 1))]
    shortest: NDArray[np.float64] = (ways + added).min(axis=0)
    return shortest


def _taken(pairs: FacedPairs, kept: NDArray[np.bool_]) -> FacedPairs:
    return FacedPairs(
        pairs.street[kept], pairs.facing[kept], pairs.start[kept], pairs.end[kept],
        pairs.straight_m[kept], pairs.walked_m[kept], pairs.every_m[kept],
    )  # fmt: skip


def _places(ground: Ground, pairs: FacedPairs) -> NDArray[np.int64]:
    """Return the place of each pair: same two names, each pair near the next one."""
    names = ground.streets["name"].fillna("").to_numpy(str)
    both = np.sort(np.stack([names[pairs.street], names[pairs.facing]], axis=1), axis=1)
    named = pd.MultiIndex.from_arrays(both.T).factorize()[0]
    middle = (pairs.start + pairs.end) / 2
    if not len(middle):
        return np.zeros(0, np.int64)
    near = scipy.spatial.KDTree(middle).query_pairs(_PLACE_M, output_type="ndarray")
    near = near[named[near[:, 0]] == named[near[:, 1]]]
    ones = np.ones(len(near), np.int8)
    touch = sparse.coo_array((ones, tuple(near.T)), shape=(len(middle), len(middle)))
    labels: NDArray[np.int64] = csgraph.connected_components(touch, directed=False)[1]
    return labels


def _worst(pairs: FacedPairs, place: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the pair with the longest walk of each place (ties by where it starts and ends)."""
    order = np.lexsort((*pairs.end.T, *pairs.start.T, -pairs.walked_m.round(3), place))
    _, first = np.unique(place[order], return_index=True)
    return order[first]


def _links(pairs: FacedPairs) -> NDArray[np.object_]:
    lines: NDArray[np.object_] = np.asarray(
        shapely.linestrings(np.stack([pairs.start, pairs.end], axis=1)), object
    )
    return lines.reshape(-1)
