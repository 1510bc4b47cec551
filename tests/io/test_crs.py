"""Coordinates put in metres and geometry put right, each correction said."""

from __future__ import annotations

import geopandas as gpd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS
from shapely.geometry import GeometryCollection, LineString, Point, Polygon, box

from territory.errors import DataProblem
from territory.io.crs import merged, polygons_only, repair_geometry, to_metric
from territory.io.layers import read_layer
from tests.real_data import real_file

LAMBERT = box(660_000, 6_865_000, 661_000, 6_866_000)
DEGREES = box(2.46, 48.88, 2.48, 48.90)
BOW_TIE = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])


def layer(*shapes: object, crs: object = None) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=list(shapes), crs=crs)


def codes(issues: list) -> list[str]:
    return [i.code for i in issues]


@pytest.mark.parametrize("shape", [LAMBERT, DEGREES])
def test_a_missing_crs_is_deduced_in_france_and_said(shape: Polygon) -> None:
    metric, issues = to_metric(layer(shape), file="a.geojson")
    assert metric.crs.to_epsg() == 2154
    assert 600_000 < metric.total_bounds[0] < 700_000
    assert codes(issues) == ["W-CRS"]
    assert "aucun système de coordonnées" in issues[0].problem


def test_a_missing_crs_elsewhere_is_refused() -> None:
    with pytest.raises(DataProblem, match=r"« a\.shp » n'indique pas son système de coordonnées"):
        to_metric(layer(box(0, 0, 500, 500)), file="a.shp")


def test_metres_declared_as_degrees_are_recognised() -> None:
    metric, issues = to_metric(layer(LAMBERT, crs=4326), file="a")
    assert metric.geometry.iloc[0].equals(LAMBERT)
    assert "indiqué est faux" in issues[0].problem


def test_degrees_declared_as_metres_are_recognised() -> None:
    metric, issues = to_metric(layer(DEGREES, crs=2154), file="a")
    expected = layer(DEGREES, crs=4326).to_crs(2154)
    assert metric.geom_equals_exact(expected, 1e-6).all()
    assert codes(issues) == ["W-CRS"]


def test_latitude_written_first_is_refused() -> None:
    with pytest.raises(DataProblem, match="latitude et longitude semblent inversées"):
        to_metric(layer(box(48.88, 2.46, 48.90, 2.48), crs=4326), file="a")


def test_coordinates_that_contradict_their_crs_are_refused() -> None:
    with pytest.raises(DataProblem, match="ne correspondent pas au système"):
        to_metric(layer(box(3e6, 2e6, 3.1e6, 2.1e6), crs=4326), file="a")


def test_a_correct_crs_says_nothing() -> None:
    for crs, shape in ((2154, LAMBERT), (4326, DEGREES)):
        assert to_metric(layer(shape, crs=crs), file="a")[1] == []


def test_lambert_93_without_its_code_is_lambert_93() -> None:
    crs = CRS.from_wkt(
        'PROJCS["sans code",GEOGCS["sans nom",DATUM["inconnu",SPHEROID["GRS80",6378137,'
        '298.257222101]],PRIMEM["Greenwich",0],UNIT["Degree",0.017453292519943295]],'
        'PROJECTION["Lambert_Conformal_Conic_2SP"],PARAMETER["latitude_of_origin",46.5],'
        'PARAMETER["central_meridian",3],PARAMETER["standard_parallel_1",49],'
        'PARAMETER["standard_parallel_2",44],PARAMETER["false_easting",700000],'
        'PARAMETER["false_northing",6600000],UNIT["Meter",1]]'
    )
    assert crs.to_epsg() is None
    metric, issues = to_metric(layer(LAMBERT, crs=crs), file="a")
    assert metric.geometry.iloc[0].equals(LAMBERT)
    assert codes(issues) == ["I-CRS"]


def test_an_empty_layer_has_the_metric_crs() -> None:
    assert to_metric(layer(), file="a")[0].crs.to_epsg() == 2154


@pytest.mark.parametrize(
    ("name", "table", "code"),
    [
        ("admin/mgp_com.shp", None, "I-CRS"),
        ("iris/mgp_iris.shp", None, "I-CRS"),
        ("admin/bondy_limites.gpkg", "communesEPT", "W-CRS"),
        ("grid/filosofi2019_carreaux_200m_bondy.gpkg", "bondy", "W-CRS"),
    ],
)
def test_real_files_with_a_wrong_crs_land_in_the_east_of_paris(name, table, code) -> None:
    raw = read_layer(real_file(name), table)
    metric, issues = to_metric(raw, file=name)
    assert raw.crs.to_epsg() is None
    assert metric.crs.to_epsg() == 2154
    assert metric.total_bounds == pytest.approx(raw.total_bounds)
    assert codes(issues) == [code]


def test_missing_empty_and_linear_rows_are_named_and_refused() -> None:
    kept, issues = repair_geometry(
        layer(LAMBERT, None, Polygon(), LineString([(0, 0), (1, 1)]), LAMBERT), file="a"
    )
    assert list(kept.index) == [0, 4]
    assert [(i.line, i.problem) for i in issues] == [
        (2, "géométrie absente ou illisible."),
        (3, "géométrie vide."),
        (4, "la géométrie n'est pas une surface."),
    ]


def test_a_bow_tie_is_rebuilt_and_said() -> None:
    kept, issues = repair_geometry(layer(BOW_TIE), file="a")
    assert kept.geometry.iloc[0].is_valid
    assert kept.area.iloc[0] == pytest.approx(50)
    assert codes(issues) == ["W-GEOM"]
    assert issues[0].line == 1
    assert "réparé" in issues[0].problem


def test_height_is_dropped_and_points_pass_when_asked() -> None:
    kept, issues = repair_geometry(layer(Point(1, 2, 3)), file="a", areas=False)
    assert not kept.has_z.any()
    assert issues == []


def test_arguments_are_left_alone() -> None:
    given_layer = layer(BOW_TIE, crs=2154)
    repair_geometry(given_layer, file="a")
    assert given_layer.geometry.iloc[0].equals_exact(BOW_TIE, 0)


def test_only_surfaces_are_kept_of_a_mixture() -> None:
    mixture = GeometryCollection([box(0, 0, 1, 1), LineString([(0, 0), (5, 5)])])
    assert polygons_only(mixture).area == 1
    assert polygons_only(LineString([(0, 0), (1, 1)])).is_empty


def test_parts_with_one_key_become_one_row() -> None:
    parts = layer(box(0, 0, 1, 1), box(5, 5, 6, 6), box(1, 0, 2, 1)).assign(key=["a", "b", "a"])
    one = merged(parts, parts["key"])
    assert list(one["key"]) == ["a", "b"]
    assert list(one.area) == [2, 1]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=7))
def test_whatever_the_polygon_what_is_kept_is_a_valid_surface(corners) -> None:
    kept, issues = repair_geometry(layer(Polygon(corners)), file="a")
    assert kept.is_valid.all()
    assert set(kept.geom_type) <= {"Polygon", "MultiPolygon"}
    assert len(kept) + sum(i.refused for i in issues) == 1
