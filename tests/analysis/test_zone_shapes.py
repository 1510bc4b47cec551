"""Zones drawn along their streets: apart, inside their cells, holding their streets."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon, box

from territory.analysis.zone_shapes import BESIDE_M, zone_shapes

CRS = 2154
SIDE = 200.0
SQUARES = [(c, r) for c in range(4) for r in range(4)]


def cells(bad: Polygon | None = None) -> gpd.GeoDataFrame:
    shapes = [box(SIDE * c, SIDE * r, SIDE * (c + 1), SIDE * (r + 1)) for c, r in SQUARES]
    names = [f"c{c}{r}" for c, r in SQUARES]
    if bad is not None:
        shapes, names = [*shapes, bad], [*names, "bad"]
    return gpd.GeoDataFrame({"geometry": shapes}, index=names, crs=CRS)


def lines(*paths: list[tuple[float, float]]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"geometry": [LineString(p) for p in paths]}, crs=CRS)


def test_a_street_is_forty_metres_wide_on_each_side() -> None:
    (shape,) = zone_shapes({"z": ["c00"]}, cells(), lines([(-50, 100), (250, 100)]))
    assert shapely.equals(shape, box(0, 100 - BESIDE_M, 200, 100 + BESIDE_M))


def test_blocks_are_closed_and_large_holes_stay() -> None:
    ring = [(110, 110), (290, 110), (290, 290), (110, 290), (110, 110)]
    zone = {"z": ["c00", "c10", "c01", "c11"]}
    (block,) = zone_shapes(zone, cells(), lines(ring))
    assert len(block.interiors) == 0
    wide = [(40, 40), (360, 40), (360, 360), (40, 360), (40, 40)]
    (court,) = zone_shapes(zone, cells(), lines(wide))
    assert [round(shapely.polygons(r).area) for r in court.interiors] == [240 * 240]


def test_a_hole_is_not_closed_over_what_is_not_of_the_zone() -> None:
    around = {"z": ["c00", "c10", "c20", "c01", "c21", "c02", "c12", "c22"]}
    (shape,) = zone_shapes(around, cells(), None)
    assert shape.area == 8 * SIDE * SIDE
    tall = cells(box(0, 0, 1, 1).difference(box(0, 0, 0.5, 0.5)))
    (corner,) = zone_shapes({"z": ["bad"]}, tall, None)
    assert corner.area == pytest.approx(0, abs=1)  # dust is not drawn


def test_a_cell_without_street_is_whole_and_an_unknown_one_is_passed_over() -> None:
    found = zone_shapes(
        {"z": ["c00", "nowhere"], "y": []}, cells(), lines([(500, 500), (600, 500)])
    )
    assert list(found.index) == ["z", "y"]
    assert found.crs.to_epsg() == CRS
    assert shapely.equals(found["z"], box(0, 0, SIDE, SIDE))
    assert found["y"].is_empty


def test_a_street_outside_or_touching_a_corner_draws_nothing() -> None:
    outside = lines([(-10, 0), (-10, 200)], [(0, 400), (200, 200)], [(10, 100), (190, 100)])
    (shape,) = zone_shapes({"z": ["c00"]}, cells(), outside)
    assert shape.bounds == (0, 60, 200, 140)


@st.composite
def towns(draw: st.DrawFn) -> tuple[dict[str, list[str]], gpd.GeoDataFrame]:
    owners = draw(st.lists(st.sampled_from("abc-"), min_size=16, max_size=16))
    zones: dict[str, list[str]] = {z: [] for z in "abc"}
    for owner, (c, r) in zip(owners, SQUARES, strict=True):
        if owner != "-":
            zones[owner].append(f"c{c}{r}")
    point = st.tuples(st.integers(-50, 850), st.integers(-50, 850))
    paths = draw(st.lists(st.lists(point, min_size=2, max_size=4, unique=True), max_size=12))
    return zones, lines(*paths)


@given(towns())
@settings(max_examples=30, deadline=None)
def test_outlines_are_apart_inside_their_cells_and_hold_their_streets(town: tuple) -> None:
    zones, streets = town
    squares = cells()
    found = zone_shapes(zones, squares, streets)
    for name, members in zones.items():
        whole = shapely.union_all(squares.geometry.loc[members].to_numpy())
        assert found[name].is_valid
        assert shapely.difference(found[name], whole).area < 1e-6
        inside = shapely.intersection(streets.geometry.to_numpy(), whole)
        if len(inside):
            held = found[name].buffer(1e-6)
            assert shapely.length(shapely.difference(inside, held)).sum() < 1e-3
    for one, other in (("a", "b"), ("a", "c"), ("b", "c")):
        assert shapely.intersection(found[one], found[other]).area < 1e-6
    back = {z: zones[z][::-1] for z in reversed(zones)}
    again = zone_shapes(back, squares.iloc[::-1], streets.iloc[::-1])
    for name in zones:
        assert shapely.equals_exact(found[name], again[name], 1e-6) or shapely.equals(
            found[name], again[name]
        )


def test_a_cell_asked_twice_goes_to_one_zone() -> None:
    shared = zone_shapes({"b": ["c00", "c10"], "a": ["c00"]}, cells(), None)
    assert shared["a"].area == shared["b"].area == SIDE * SIDE
    assert np.isclose(shapely.intersection(shared["a"], shared["b"]).area, 0)
