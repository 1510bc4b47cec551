"""Real cities cut in tiles: the walks of the whole, to the last bit, across every border."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csgraph

from territory.io.streets import read_streets
from territory.network.near import near_walks
from territory.network.tiles import cut
from territory.network.walk import build_walk, minutes_between, nodes_of
from tests.real_data import real_file

if TYPE_CHECKING:
    from territory.network.walk import WalkNetwork

CITIES = {"heidelberg": ("heidelberg.osm.pbf", 25832), "porto": ("porto_portugal.osm.pbf", 3763)}
LIMIT_MIN = 15.0
EXACT_S = 0.002  # the precision of the hierarchy, which may answer for the whole
_GRID_M, _CELLS, _PLACES = 200, 2_000, 200


@pytest.fixture(scope="module", params=CITIES)
def city(request: pytest.FixtureRequest) -> WalkNetwork:
    """
    The streets of a city, with points drawn on a grid of 200 m (« c: ») and places (« p: »).

    Both as dense as the streets are.
    """
    name, epsg = CITIES[request.param]
    streets, _ = read_streets(real_file(f"osm/{name}"), epsg=epsg)
    draw, xy = np.random.default_rng(10), streets.nodes[["x", "y"]].to_numpy(float)
    corners, streets_there = np.unique(np.floor(xy / _GRID_M), axis=0, return_counts=True)
    share = streets_there / streets_there.sum()
    cells = (corners[draw.choice(len(corners), _CELLS, replace=False, p=share)] + 0.5) * _GRID_M
    places = xy[draw.integers(0, len(xy), _PLACES)] + draw.normal(0, 30, (_PLACES, 2))
    names = [f"c:{k}" for k in range(_CELLS)] + [f"p:{k}" for k in range(_PLACES)]
    points = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(*np.concatenate([cells, places]).T),
        index=pd.Index(names, name="point_id"),
        crs=epsg,
    )
    return build_walk(streets.segments, streets.nodes, points)


@pytest.mark.parametrize("ends", ["c", "p"])
def test_a_city_in_4_9_or_16_tiles_walks_as_the_whole(city: WalkNetwork, ends: str) -> None:
    origins = list(city.points.index)
    places = [name for name in origins if name.startswith(ends)]
    whole = minutes_between(city, origins, places, limit_min=LIMIT_MIN + EXACT_S).to_numpy()
    exact = searched(city, origins, places)
    for tiles in (1, 4, 9, 16):
        found = near_walks(city, origins, places, limit_min=LIMIT_MIN, tiles=tiles)
        gap_s = np.abs(found.minutes - whole[found.row, found.column]).max() * 60
        print(f"{tiles} tiles, {len(found.minutes)} walks, within {gap_s:.6f} s")  # noqa: T201
        assert gap_s <= EXACT_S
        assert found.table().to_numpy().tobytes() == exact.tobytes()


@pytest.mark.parametrize("tiles", [4, 9, 16])
def test_tiles_overlap_where_walks_cross_their_borders(city: WalkNetwork, tiles: int) -> None:
    nodes = nodes_of(city, list(city.points.index))
    origins = np.unique(nodes[nodes >= 0])
    found = list(cut(city.graph, origins, tiles, LIMIT_MIN * 60))
    assert len(found) == tiles
    own = [len(tile.origins) for tile in found]
    assert max(own) - min(own) <= 1
    assert sum(own) == len(origins)
    others = [(tile.positions(origins) >= 0).sum() - len(tile.origins) for tile in found]
    times = sum(tile.graph.n for tile in found) / city.graph.n
    print(f"{tiles} tiles, {times:.2f} times the nodes")  # noqa: T201
    assert min(others) > 0


def searched(city: WalkNetwork, origins: list[str], places: list[str]) -> np.ndarray:
    """Return the minutes of one search of the whole for each of the fewer, as the tiles make it."""
    froms, tos = nodes_of(city, origins), nodes_of(city, places)
    turned = len(np.unique(tos[tos >= 0])) < len(np.unique(froms[froms >= 0]))
    matrix = city.graph.turned.matrix if turned else city.graph.matrix
    sources, targets = (tos, froms) if turned else (froms, tos)
    seconds = np.full((len(sources), len(targets)), np.inf, np.float32)
    known = targets >= 0
    for block in np.array_split(np.flatnonzero(sources >= 0), 40):
        rows = csgraph.dijkstra(matrix, indices=sources[block], limit=LIMIT_MIN * 60)
        seconds[np.ix_(block, known)] = rows[:, targets[known]]
    return np.ascontiguousarray(seconds.T if turned else seconds) / 60
