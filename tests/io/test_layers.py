"""Geographic files recognised from what they hold, whatever their name."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path  # noqa: TC003 - a fixture type

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, box

from territory.errors import TerritoryError, UnknownKind, UnreadableFile
from territory.io.layers import (
    choose_layer,
    clean_codes,
    padded,
    read_layer,
    read_text_table,
    recognise_layers,
    unknown_layers,
)
from territory.io.recognise import recognise
from tests.real_data import real_file

HERE = box(2.46, 48.88, 2.48, 48.90)


def write(path: Path, columns: dict, shape: object = HERE, **options: object) -> Path:
    gpd.GeoDataFrame({k: [v] for k, v in columns.items()}, geometry=[shape], crs=4326).to_file(
        path, **options
    )
    return path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("qpv/qpv_2015_ile_de_france.geojson", [("qpv", None)]),
        ("qpv/qp_2024_bondy_clip.geojson", [("qpv", None)]),
        ("admin/mgp_com.shp", [("communes", None)]),
        ("admin/mgp_ept.shp", []),
        ("admin/communes-93-seine-saint-denis.geojson", [("communes", None)]),
        ("iris/mgp_iris.shp", [("iris", None)]),
        (
            "grid/filosofi2015_carreaux_200m_paris.gpkg",
            [("cells", "Filosofi2015_carreaux_200m_paris")],
        ),
        ("grid/filosofi2019_carreaux_200m_bondy.gpkg", [("cells", "bondy")]),
        ("osm/bondy_highways_2023.geojson", [("streets", None)]),
        ("partners/bibliotheques_ile_de_france.geojson", [("libraries", None)]),
        ("partners/ban_adresses_bondy.geojson", [("addresses", None)]),
        ("partners/conseillers_numeriques_2021.json", [("digital_advisers", None)]),
        ("partners/adultes_relais_2023.json", []),
        ("partners/paris_wifi_sites.geojson", []),
        ("gtfs/heidelberg_vrn_gtfs_cut.zip", []),
    ],
)
def test_real_files_are_recognised(name: str, expected: list) -> None:
    assert recognise_layers(real_file(name)) == expected


def test_the_six_layers_of_bondy() -> None:
    path = real_file("admin/bondy_limites.gpkg")
    assert recognise_layers(path) == [
        ("communes", "communesEPT"),
        ("communes", "bondy"),
        ("iris", "iris"),
        ("qpv", "neauQPV_2024"),
    ]
    problems = [issue.problem for issue in unknown_layers(path)]
    assert problems[0].startswith("la couche « quartier2 » n'est pas reconnue (5 objets ; colonnes")
    assert problems[1].startswith("la couche « EPT » n'est pas reconnue (1 objets ; colonnes")


def test_the_outline_of_nine_communes_is_not_bagnolet() -> None:
    with pytest.raises(UnknownKind, match="ne contient pas la couche attendue"):
        choose_layer(real_file("admin/bondy_limites.gpkg"), "EPT", {"communes"})


def test_the_name_of_the_file_says_nothing(tmp_path: Path) -> None:
    source = real_file("qpv/qpv_2015_ile_de_france.geojson")
    copy = shutil.copy(source, tmp_path / "communes_iris_2024.json")
    assert recognise_layers(copy) == [("qpv", None)]


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        ({"CODE_QP": "QP093001", "NOM_QP": "A"}, "qpv"),
        ({"code_qp": "QN09301N", "lib_qp": "A", "insee_com": "93010"}, "qpv"),
        ({"code_qva": "1", "nom_qva": "A"}, "qva"),
        ({"code": "QVA001", "nom": "A"}, "qva"),
        ({"insee": "93010", "nom": "Bondy"}, "communes"),
        ({"code": "1053", "nom": "Bourg"}, "communes"),
        ({"code_insee": "93010", "code_iris": "930100101", "nom_iris": "A"}, "iris"),
        ({"Idcar_200m": "x", "I_est_200": 0, "Ind": 1.5}, "cells"),
        ({"nom": "un quartier"}, None),
        ({"idcar_200m": "x", "ind": 1.5}, None),
    ],
)
def test_columns_and_values_tell_the_kind(tmp_path: Path, columns: dict, kind: str | None) -> None:
    found = recognise_layers(write(tmp_path / "x.geojson", columns))
    assert found == ([(kind, None)] if kind else [])


def test_streets_are_lines_with_a_highway(tmp_path: Path) -> None:
    line = LineString([(2.46, 48.88), (2.47, 48.88)])
    assert recognise_layers(write(tmp_path / "a.geojson", {"highway": "steps"}, line)) == [
        ("streets", None)
    ]
    assert recognise_layers(write(tmp_path / "b.geojson", {"highway": "steps"})) == []


@pytest.mark.parametrize("content", ["[]", "[1, 2]", "{}", '{"elements": []}', "3", '"texte"'])
def test_json_that_is_not_a_map_is_unknown_and_harmless(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(content)
    assert recognise_layers(path) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.geojson", b"<html>404</html>"), ("a.gpkg", b"non"), ("a.shp", b"x"), ("a.json", b"\xff")],
)
def test_a_file_that_is_not_what_it_claims_is_unreadable(tmp_path, name, content) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="n'est pas lisible comme fichier géographique"):
        recognise_layers(path)


def test_a_shapefile_alone_is_told_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "a.shp").write_bytes(b"x")
    with pytest.raises(UnreadableFile, match=r"\.shx, \.dbf et \.prj"):
        recognise_layers(tmp_path / "a.shp")


def test_a_zip_gives_its_fullest_content_of_each_kind(tmp_path: Path) -> None:
    rows = {"code_qp": ["QN09301N", "QN09302N"], "lib_qp": ["A", "B"]}
    both = gpd.GeoDataFrame(rows, geometry=[HERE, HERE.buffer(0.1)], crs=4326)
    both.iloc[:1].to_file(tmp_path / "un.geojson")
    both.to_file(tmp_path / "deux.gpkg", layer="quartiers")
    with zipfile.ZipFile(tmp_path / "qpv.zip", "w") as archive:
        archive.write(tmp_path / "un.geojson", "GEOJSON/un.geojson")
        archive.write(tmp_path / "deux.gpkg", "GPKG/deux.gpkg")
    path = tmp_path / "qpv.zip"
    assert recognise_layers(path) == [("qpv", "GPKG/deux.gpkg::quartiers")]
    assert len(choose_layer(path, None, {"qpv"})) == 2
    assert len(read_layer(path, "GEOJSON/un.geojson")) == 1


def test_a_broken_zip_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"7z")
    with pytest.raises(UnreadableFile, match="archive zip"):
        recognise_layers(tmp_path / "a.zip")


def test_another_kind_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.geojson", {"insee": "93010", "nom": "Bondy"})
    with pytest.raises(UnknownKind):
        choose_layer(path, None, {"qpv", "qva"})


def test_a_ring_that_cannot_be_built_is_left_missing(tmp_path: Path) -> None:
    ring = {"type": "Polygon", "coordinates": [[[2.4, 48.8], [2.5, 48.8]]]}
    good = {"type": "Polygon", "coordinates": [[list(p) for p in HERE.exterior.coords]]}
    features = [{"type": "Feature", "properties": {}, "geometry": g} for g in (good, ring)]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    read = read_layer(path)
    assert len(read) == 2
    assert list(read.is_valid) == [True, False]


@pytest.mark.parametrize("encoding", ["UTF-8", "CP1252"])
def test_old_shapefiles_without_encoding_keep_their_accents(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "a.shp", {"CODE_COM": "93031", "NOM_COM": "Épinay"}, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    assert read_layer(path)["nom_com"].tolist() == ["Épinay"]


def test_codes_are_cleaned_as_text() -> None:
    raw = pd.Series(['="60057"', " 93010 ", "1053.0", "", None, "2A004"])
    assert clean_codes(raw).fillna("?").tolist() == ["60057", "93010", "1053", "?", "?", "2A004"]
    assert padded(clean_codes(raw), 5).fillna("?").tolist()[2] == "01053"


@pytest.mark.parametrize(("separator", "encoding"), [(";", "cp1252"), (",", "utf-8-sig")])
def test_text_tables_of_every_hand(tmp_path: Path, separator: str, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"Code{separator}Nom\n01053{separator}Épinay\n", encoding=encoding)
    assert read_text_table(path).to_dict("list") == {"code": ["01053"], "nom": ["Épinay"]}


def test_an_empty_text_table_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("")
    with pytest.raises(UnreadableFile, match="tableau CSV"):
        read_text_table(tmp_path / "a.csv")


def test_two_columns_that_differ_by_case_are_survived(tmp_path: Path) -> None:
    ring = [[2.48, 48.90], [2.49, 48.90], [2.49, 48.91], [2.48, 48.90]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    facts = {"nom": {"a": 1}, "NOM": "Bondy", "code": "93010"}
    feature = {"type": "Feature", "properties": facts, "geometry": shape}
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert len(read_layer(path)) == 1


def test_columns_that_differ_by_their_capitals_are_one(tmp_path: Path) -> None:
    ring = [[2.48, 48.9], [2.49, 48.9], [2.49, 48.91], [2.48, 48.9]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    facts = {"geomeTry": "x", "Code_QP": "QN09301N", "code_qp": "autre"}
    feature = {"type": "Feature", "properties": facts, "geometry": shape}
    path = tmp_path / "q.geojson"
    content = {"type": "FeatureCollection", "features": [feature]}
    path.write_text(json.dumps(content), encoding="utf-8")
    layer = read_layer(path)
    assert list(layer.columns) == ["code_qp", "geometry"]
    assert layer["code_qp"].tolist() == ["QN09301N"]
    assert layer.geometry.notna().all()


def test_shapes_written_as_a_property_are_not_shapes(tmp_path: Path) -> None:
    """Found by the guided fuzzer: « geomeTry » made two columns of the same name."""
    path = tmp_path / "q.geojson"
    feature = {"type": "Feature", "properties": None, "geomeTry": {"type": "Polygon"}}
    path.write_text(
        json.dumps({"type": "Featurecollection", "features": [feature]}), encoding="utf-8"
    )
    with pytest.raises(TerritoryError):
        recognise(path)
