"""The audit of a real town: the canal is found, and a footbridge mends it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal

from territory.io.streets import read_streets
from territory.network.audit import audit_network
from territory.network.audit.faced import CROSSING, far_sides
from territory.network.audit.ground import ground_of
from territory.network.times import shortest_path
from territory.network.walk import build_walk
from tests.real_data import real_file

if TYPE_CHECKING:
    from territory.model.streets import Streets
    from territory.network.walk import WalkNetwork

BANKS = {"Chemin de Halage", "Quai Hubertine Auclert"}


@pytest.fixture(scope="module")
def streets() -> Streets:
    return read_streets(real_file("osm/bondy_highways_2023.geojson"))[0]


def bare(segments: gpd.GeoDataFrame, nodes: pd.DataFrame) -> WalkNetwork:
    index = pd.Index([], name="point_id")
    return build_walk(segments, nodes, gpd.GeoDataFrame(geometry=[], index=index, crs=2154))


@pytest.fixture(scope="module")
def walk(streets: Streets) -> WalkNetwork:
    return bare(streets.segments, streets.nodes)


def test_the_banks_of_the_canal_are_found_far_apart(walk: WalkNetwork) -> None:
    found = audit_network(walk).faced
    found = found[found["kind"] == CROSSING]
    banks = found[[{a, b} == BANKS for a, b in zip(found["street"], found["facing"], strict=True)]]
    assert len(banks)
    assert (banks["straight_m"].between(20, 40)).all()
    assert banks["walked_m"].max() > 500
    assert banks["faced_m"].sum() > 800


def test_long_walks_are_paths_of_the_network(walk: WalkNetwork) -> None:
    ground = ground_of(walk)
    pairs = far_sides(ground)
    tail, head = (ground.streets[end].to_numpy() for end in ("tail", "head"))
    for k in range(0, len(pairs.straight_m), 60):
        ends = [(tail[s], head[s]) for s in (pairs.street[k], pairs.facing[k])]
        ways = [shortest_path(ground.metres, u, v) for u in ends[0] for v in ends[1]]
        metres = [sum(ground.metres.matrix[a, b] for a, b in pairwise(w)) for w in ways]
        lengths = ground.streets["length_m"].to_numpy()
        spare = lengths[pairs.street[k]] + lengths[pairs.facing[k]]
        assert min(metres) <= pairs.walked_m[k] <= min(metres) + spare + 1e-6
        assert pairs.walked_m[k] > 5 * pairs.straight_m[k]


def test_a_footbridge_shortens_the_banks_and_lengthens_nothing(streets, walk) -> None:
    before = far_sides(ground_of(walk))
    names = walk.edges["name"].fillna("").to_numpy(str)
    both = zip(names[before.street], names[before.facing], strict=True)
    on_banks = np.array([{a, b} == BANKS for a, b in both])
    worst = np.flatnonzero(on_banks)[np.argmax(before.walked_m[on_banks])]
    edges = walk.edges.iloc[[before.street[worst], before.facing[worst]]]
    a, b = int(edges["tail"].iloc[0]), int(edges["tail"].iloc[1])
    xy = streets.nodes[["x", "y"]].to_numpy()[[a, b]]
    bridge = streets.segments.iloc[[0]].assign(
        tail=np.int32(a), head=np.int32(b), length_m=np.hypot(*(xy[0] - xy[1])), name="passerelle"
    )
    bridge = bridge.set_geometry([shapely.LineString(xy)]).set_crs(2154, allow_override=True)
    bridge.index = [streets.segments.index.max() + 1]
    mended = far_sides(ground_of(bare(pd.concat([streets.segments, bridge]), streets.nodes)))
    old = dict(zip(keys(before), before.walked_m, strict=True))
    on_bridge = shapely.distance(bridge.geometry.iloc[0], shapely.points(mended.start)) < 1e-6
    new = dict(zip(keys(mended), mended.walked_m, strict=True))
    kept = [k for k, on in zip(keys(mended), on_bridge, strict=True) if not on and k in old]
    assert all(new[k] <= old[k] + 1e-6 for k in kept)
    assert sum(new[k] for k in kept) < sum(old[k] for k in kept)


def keys(pairs) -> list[tuple[float, ...]]:
    return [tuple(row) for row in np.hstack([pairs.start, pairs.end]).round(6).tolist()]


def test_shuffled_streets_give_the_same_faults(streets, walk) -> None:
    mixed = (t.sample(frac=1, random_state=1) for t in (streets.segments, streets.nodes))
    shuffled = bare(*mixed)
    one, two = audit_network(walk), audit_network(shuffled)
    for name in ("pieces", "faced", "gaps"):
        assert_frame_equal(getattr(one, name), getattr(two, name))
