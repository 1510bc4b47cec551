"""Real territories: quarters of the census, with their odd shapes and their gaps."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from territory.analysis.sectors import balanced_sectors, joined_parts, sector_indices
from tests.analysis.sectors.judges import Pairs, deviation, pieces
from tests.real_data import real_file

if TYPE_CHECKING:
    import numpy as np

BORDER_MIN_M = 10.0
ARRONDISSEMENTS = [f"751{n:02d}" for n in range(5, 21) if n != 6]
TERRITORIES = [f"T{n}" for n in (3, 5, 6, 7, 8, 9, 11)]


@cache
def quarters() -> gpd.GeoDataFrame:
    shapes = gpd.read_file(real_file("iris/mgp_iris.shp")).set_crs(2154, allow_override=True)
    file = real_file("iris/base-ic-activite-residents-2016-idf.csv")
    people = pd.read_csv(file, sep=";", dtype={"IRIS": str}, usecols=["IRIS", "P16_CHOM1564"])
    return shapes.merge(people, left_on="CODE_IRIS", right_on="IRIS").sort_values("CODE_IRIS")


def neighbours(shapes: np.ndarray) -> Pairs:
    found = shapely.STRtree(shapes).query(shapes, predicate="intersects").T
    edges = [(int(a), int(b)) for a, b in found if a < b]
    border = [shapely.length(shapely.intersection(shapes[a], shapes[b])) for a, b in edges]
    return [e for e, m in zip(edges, border, strict=True) if m > BORDER_MIN_M]


@pytest.mark.parametrize("name", [*ARRONDISSEMENTS, *TERRITORIES])
def test_spread_of_unemployed_is_small_and_sectors_hold(name: str) -> None:
    every = quarters()
    ept = every["CODE_EPT"].str.split().str[0]
    town = every[(every["CODE_COM"] == name) | (ept == name)]
    centre = town.geometry.representative_point()
    x, y, load = centre.x.to_numpy(), centre.y.to_numpy(), town["P16_CHOM1564"].to_numpy(float)
    pairs = neighbours(town.geometry.to_numpy())
    pairs += [(int(a), int(b)) for a, b in joined_parts(x, y, pairs)]
    got = balanced_sectors(load, x, y, pairs, 3, tolerance=0.02)
    assert pieces(got.sector.tolist(), pairs) == 0
    assert deviation(load, got.sector, 3) == pytest.approx(got.load_deviation)
    assert sector_indices(load, x, y, pairs, got.sector).spread <= 0.05
