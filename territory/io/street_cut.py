"""Walkable ways to segments: cut where they meet, parted at closed gates, squares crossed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from territory.io.street_squares import Crossings, crossings
from territory.io.street_tags import is_lit, one_way
from territory.model.tables import NODES, SEGMENTS, conform

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray
    from pandas.api.extensions import ExtensionArray

    from territory.io.street_ways import Relation, Ways

_SIDES = -(1 << 62)  # numbers of the two sides of a closed gate start here, downwards
_ARMS = 2  # of a node along a street, at neither a junction nor a dead end


def parted(ways: Ways, shut: NDArray[np.int64]) -> Ways:
    """
    Return the ways cut at the nodes `shut` [nodes], the two sides no longer joined.

    A barrier where more than two arms meet is ignored: it is unknown which it closes (OSM wiki,
    « Barriers »: never at a junction), and a lane's gate would cut the street it opens on.
    """
    edge = np.zeros(len(ways.node), bool)
    edge[ways.start[:-1]] = edge[ways.start[1:] - 1] = True
    arms = pd.Series(np.where(edge, 1, 2)).groupby(ways.node).transform("sum").to_numpy()
    closed = np.isin(ways.node, shut) & (arms <= _ARMS)
    doubled = closed & ~edge
    corner = np.repeat(np.arange(len(ways.node)), 1 + doubled)
    second = np.r_[False, corner[1:] == corner[:-1]][: len(corner)]
    node, sides = ways.node[corner], closed[corner]
    node[sides] = _SIDES - np.arange(sides.sum())
    owner = ways.owner()[corner]
    first = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]][: len(corner)] | second)
    row = owner[first]
    return replace(
        ways,
        way_id=ways.way_id[row],
        start=np.r_[first, len(corner)],
        node=node,
        xy=ways.xy[corner],
        kind=ways.kind[row],
        name=ways.name[row],
    )


def cut(
    ways: Ways, relations: Sequence[Relation], epsg: int
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """
    Return segments (SEGMENTS) and nodes (NODES) of `ways` placed in metres of EPSG:`epsg`.

    Ways are cut at their ends, at nodes met twice, by one or by two, and where a straight walk
    across a square ends; those walks follow the segments of its outline.
    """
    ids, first, node, uses = np.unique(
        ways.node, return_index=True, return_inverse=True, return_counts=True
    )
    across = crossings(ways, node, uses, relations)
    stop = (uses > 1)[node]
    stop[ways.start[:-1]] = stop[ways.start[1:] - 1] = True
    stop |= np.isin(node, across.ends)
    at = np.flatnonzero(stop)
    owner = ways.owner()
    same = owner[at[:-1]] == owner[at[1:]]
    start, end = at[:-1][same], at[1:][same]
    kept = np.unique(node[at])
    streets = _segments(ways, owner[start]).assign(tail=node[start], head=node[end])
    streets["geometry"] = _between(ways.xy, start, end)
    walks = _walks(ways, across, ways.xy[first])
    table = pd.concat([streets, walks], ignore_index=True) if len(walks) else streets
    table = table.sort_values("way_id", kind="stable", ignore_index=True)
    table["length_m"] = shapely.length(table["geometry"].to_numpy())
    table[["tail", "head"]] = np.searchsorted(kept, table[["tail", "head"]].to_numpy())
    spots = pd.DataFrame({"osm_id": np.where(ids < 0, -1, ids)[kept]})
    spots[["x", "y"]] = ways.xy[first[kept]]
    return conform(table, SEGMENTS, epsg=epsg), conform(spots, NODES)


def _segments(ways: Ways, row: NDArray[np.int64]) -> pd.DataFrame:
    """Return what segments of the ways `row` take from them."""
    kind = ways.kind[row]
    highway = np.array([tags.get("highway", "") for tags in ways.kinds], object)
    data = {
        "way_id": ways.way_id[row],
        "highway": highway[kind],
        "name": pd.array(ways.name, dtype="string").take(row),
        "steps": (highway == "steps")[kind],
        "one_way": np.array([one_way(tags) for tags in ways.kinds], np.int8)[kind],
        "lit": _lit(ways, kind),
    }
    return pd.DataFrame(data)


def _walks(ways: Ways, across: Crossings, spots: NDArray[np.float64]) -> pd.DataFrame:
    """Return the straight walks across squares, both ways, named and lit as their square."""
    data = {
        "way_id": across.number,
        "highway": "pedestrian",
        "name": pd.array(across.name, dtype="string"),
        "steps": False,
        "one_way": np.int8(0),
        "lit": _lit(ways, across.kind),
        "tail": across.ends[0],
        "head": across.ends[1],
        "geometry": np.asarray(shapely.linestrings(spots[across.ends.T]), object),
    }
    return pd.DataFrame(data)


def _lit(ways: Ways, kind: NDArray[np.int32]) -> ExtensionArray:
    return pd.array([is_lit(tags) for tags in ways.kinds], dtype="boolean").take(kind)


def _between(
    xy: NDArray[np.float64], start: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.object_]:
    """Return the line through the corners start..end of each segment."""
    size = end - start + 1
    owner = np.repeat(np.arange(len(size)), size)
    before = np.cumsum(size) - size
    corner = np.arange(size.sum()) + np.repeat(start - before, size)
    return np.asarray(shapely.linestrings(xy[corner], indices=owner), object)
