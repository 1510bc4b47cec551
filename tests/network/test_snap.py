"""Streets cut where points are tied to them, against shapely's way of one piece at a time."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.ops import substring

from territory.network.snap import CONNECTOR, attach

LAMBERT = 2154


def streets(seed: int, count: int = 12, corners: int = 7) -> tuple[gpd.GeoDataFrame, np.ndarray]:
    """Return broken streets, each between two nodes of its own, and where nodes are."""
    random = np.random.default_rng(seed)
    lines = [
        shapely.linestrings(np.cumsum(random.integers(-40, 60, (corners, 2)), axis=0) + 500.0 * k)
        for k in range(count)
    ]
    edges = gpd.GeoDataFrame(
        {
            "tail": np.arange(0, 2 * count, 2, dtype=np.int32),
            "head": np.arange(1, 2 * count, 2, dtype=np.int32),
            "length_m": [1.1 * line.length for line in lines],  # as a slope would make it
            "name": pd.array([f"rue {k}" for k in range(count)], dtype="string"),
            "kind": "rue",
        },
        geometry=lines,
        crs=LAMBERT,
    )
    ends = [np.asarray(line.coords)[[0, -1]] for line in lines]
    return edges, np.concatenate(ends)


def points(edges: gpd.GeoDataFrame, seed: int, count: int = 60) -> gpd.GeoDataFrame:
    """Return points beside the streets, some at their corners, some at the same place."""
    random = np.random.default_rng(seed)
    corners = shapely.get_coordinates(edges.geometry.to_numpy())
    spots = corners[random.integers(len(corners), size=count)]
    spots[: count // 2] += random.normal(0, 15, (count // 2, 2))
    spots[-5:] = spots[:5]
    names = pd.Index([f"p{k:03}" for k in range(count)])
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(*spots.T), index=names, crs=LAMBERT)


def judged(edges: gpd.GeoDataFrame, tied: gpd.GeoDataFrame) -> list[tuple[str, shapely.Geometry]]:
    """Return name and piece, one at a time, of each street that a point is nearest to."""
    nearest = [int(edges.distance(spot).to_numpy().argmin()) for spot in tied.geometry]
    pieces: list[tuple[str, shapely.Geometry]] = []
    for at in sorted(set(nearest)):
        line = edges.geometry.iloc[at]
        mine = [spot for spot, k in zip(tied.geometry, nearest, strict=True) if k == at]
        stops = [0.0, *sorted(line.project(spot) for spot in mine), line.length]
        for start, end in pairwise(stops):
            piece = substring(line, start, end)
            pieces.append((edges["name"].iloc[at], piece))
    return pieces


def corners_of(piece: shapely.Geometry) -> list[tuple[float, float]]:
    """Return the corners of a piece, those repeated once."""
    held = [tuple(xy) for xy in shapely.get_coordinates(piece)]
    return [xy for k, xy in enumerate(held) if k == 0 or xy != held[k - 1]]


@pytest.mark.parametrize("seed", range(8))
def test_streets_are_cut_as_one_piece_at_a_time(seed: int) -> None:
    edges, xy = streets(seed)
    tied = points(edges, seed + 100)
    joined, nodes, table = attach(edges, xy, np.zeros(len(xy), np.int32), tied, 1e4)
    wanted = judged(edges, tied)
    cut = joined[joined["name"].isin([name for name, _ in wanted])]
    assert len(cut) == len(wanted)
    for row, (name, piece) in zip(cut.itertuples(), wanted, strict=True):
        assert row.name == name
        assert corners_of(row.geometry) == corners_of(piece)
        assert row.length_m == pytest.approx(1.1 * shapely.length(piece), abs=1e-6)
    for name, parts in cut.groupby("name"):  # a chain from end to end
        was = edges[edges["name"] == name].iloc[0]
        assert [was["tail"], *parts["head"]] == [*parts["tail"], was["head"]]
        assert parts["length_m"].sum() == pytest.approx(was["length_m"])
        tips = shapely.get_coordinates(shapely.get_point(parts.geometry.to_numpy(), -1))
        assert np.allclose(tips, nodes[parts["head"]], atol=1e-6)
    doors = joined[joined["kind"] == CONNECTOR]
    assert sorted(doors["tail"]) == sorted(table["node"])


def test_columns_keep_their_kind_whether_a_street_is_cut_or_not() -> None:
    edges, xy = streets(1)
    edges = edges.assign(lit=pd.array([True, None] * 6, dtype="boolean"))
    nowhere = points(edges, 3).iloc[:0]
    for tied in (points(edges, 3), nowhere):
        joined, _, _ = attach(edges, xy, np.zeros(len(xy), np.int32), tied, 1e4)
        assert (
            joined.dtypes[edges.columns].astype(str).tolist() == edges.dtypes.astype(str).tolist()
        )
        assert joined.crs == edges.crs
