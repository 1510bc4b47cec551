"""Quarters of every producer and generation, each flaw counted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path  # noqa: TC003 - a fixture type
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from shapely.geometry import Polygon, box

from territory.errors import UnknownKind
from territory.io.admin import read_communes
from territory.io.zones import read_zones
from territory.model.tables import ZONES, check_table
from tests.real_data import real_file

if TYPE_CHECKING:
    from territory.model.issues import ReadReport

X, Y = 660_000, 6_865_000
EST_ENSEMBLE = frozenset(
    ("93006", "93008", "93010", "93045", "93048", "93053", "93055", "93061", "93063")
)


def square(east_m: float, side_m: float = 500.0) -> Polygon:
    return box(X + east_m, Y, X + east_m + side_m, Y + side_m)


def write(path: Path, columns: dict, shapes: list) -> Path:
    gpd.GeoDataFrame(columns, geometry=shapes, crs=2154).to_file(path)
    return path


def counts(report: ReadReport) -> Counter:
    return Counter(i.code for i in report.issues)


@pytest.fixture(scope="module")
def communes() -> gpd.GeoDataFrame:
    return read_communes(real_file("admin/bondy_limites.gpkg"), codes=EST_ENSEMBLE)[0]


def test_the_2015_file_of_ile_de_france_with_every_flaw_counted() -> None:
    zones, report = read_zones(real_file("qpv/qpv_2015_ile_de_france.geojson"))
    check_table(zones, ZONES)
    assert (report.read, report.kept) == (301, 289)
    assert counts(report) == {"E-GEOM": 6, "E-NATURE": 5, "W-DOUBLON": 2}
    assert zones["name"].notna().all()  # one row lacks its town's name, which is never read
    assert zones["kind"].value_counts().to_dict() == {"qpv": 267, "qva": 22}
    assert set(zones.loc[zones["kind"] == "qpv", "generation"]) == {2015}
    assert zones.loc[zones["kind"] == "qva", "generation"].isna().all()
    assert sorted(i.line for i in report.issues if i.code == "E-GEOM") == [
        93, 111, 167, 197, 200, 257,
    ]  # fmt: skip


def test_duplicate_codes_are_merged_or_told_apart() -> None:
    zones, report = read_zones(real_file("qpv/qpv_2015_ile_de_france.geojson"))
    assert zones.area["QP094035"] == pytest.approx(396_229 + 194_523, abs=1)
    assert {"QV000750", "QV000750-2"} <= set(zones.index)
    said = [i.problem for i in report.issues if i.code == "W-DOUBLON"]
    assert any("les contours sont réunis" in text for text in said)
    assert any("un suffixe" in text for text in said)


def test_quarters_are_joined_to_communes_by_their_shape(communes) -> None:
    zones, _ = read_zones(
        real_file("qpv/qpv_2015_ile_de_france.geojson"),
        communes=communes,
        inside=communes.geometry.union_all(),
    )
    assert zones["commune_codes"]["QP093014"] == "93008|93010|93053"
    assert zones["commune_codes"]["QP093012"] == "93010"


def test_quarters_elsewhere_are_counted_apart_and_not_refused(communes) -> None:
    zones, report = read_zones(
        real_file("qpv/qpv_2015_ile_de_france.geojson"),
        communes=communes,
        inside=communes.geometry.union_all(),
    )
    notes = [i.problem for i in report.issues if i.code == "I-HORS"]
    assert len(notes) == 1
    assert "non gardés" in notes[0]
    assert counts(report)["E-GEOM"] == 0  # six have no shape, but their communes are elsewhere
    assert report.refused == 0
    assert report.kept == len(zones)


def test_a_quarter_without_shape_is_a_fault_only_where_it_could_be_ours(tmp_path: Path) -> None:
    columns = {"code_qp": ["QN09301N", "QN09302N", "QN09303N", "QN07501N"],
               "insee_com": ["93010", "93010, 93053", "93066, 93059", "75113"]}  # fmt: skip
    path = write(tmp_path / "q.gpkg", columns, [square(0), None, None, None])
    towns = gpd.GeoDataFrame(index=["93010"], geometry=[square(0, 2_000)], crs=2154)
    inside = towns.geometry.union_all()
    _, report = read_zones(path, communes=towns, inside=inside)
    assert [i.line for i in report.issues if i.code == "E-GEOM"] == [2]
    assert (report.read, report.kept) == (2, 1)
    paris = towns.set_axis(["75056"])  # a district may be of the whole city, and the reverse
    _, report = read_zones(path, communes=paris, inside=inside)
    assert [i.line for i in report.issues if i.code == "E-GEOM"] == [4]


def test_the_clip_without_codes_is_given_some(communes) -> None:
    zones, report = read_zones(real_file("qpv/qp_2024_bondy_clip.geojson"), communes=communes)
    check_table(zones, ZONES)
    assert list(zones.index) == [f"SANS-CODE-{n}" for n in (1, 2, 3, 4)]
    assert (zones.area / 1e4).round(1).tolist() == [21.0, 5.7, 128.3, 0.3]
    assert zones["generation"].isna().all()
    assert zones["name"].isna().all()
    assert counts(report) == {"W-CODE": 4, "W-NOM": 4, "W-SURFACE": 1}
    assert next(i.line for i in report.issues if i.code == "W-SURFACE") == 4


def test_the_generation_follows_the_code_and_not_the_name_of_the_layer() -> None:
    zones, _ = read_zones(real_file("admin/bondy_limites.gpkg"), layer="neauQPV_2024")
    assert list(zones.index) == ["QP093012", "QP093013", "QP093014"]
    assert set(zones["generation"]) == {2015}


def test_official_2024_and_2015_shapefile_columns(tmp_path: Path) -> None:
    new = write(
        tmp_path / "a.geojson",
        {"fid": [1.0], "code_qp": ["QN09301N"], "lib_qp": ["Les Fleurs"], "insee_com": ["93010"]},
        [square(0)],
    )
    old = write(tmp_path / "b.shp", {"CODE_QP": ["QP093001"], "NOM_QP": ["Été"]}, [square(0)])
    (zones, _), (before, _) = read_zones(new), read_zones(old)
    assert zones.loc["QN09301N", ["name", "kind", "generation"]].tolist() == [
        "Les Fleurs", "qpv", 2024,
    ]  # fmt: skip
    assert before.loc["QP093001", ["name", "generation"]].tolist() == ["Été", 2015]
    assert zones["commune_codes"].isna().all()


@pytest.mark.parametrize("code", ["code_qva", "code", "id"])
@pytest.mark.parametrize("name", ["nom_qva", "nom", "lib", "libelle"])
def test_the_qva_file_of_a_user(tmp_path: Path, code: str, name: str) -> None:
    path = write(tmp_path / "a.geojson", {code: ['="V1"'], name: ["Le Bois"]}, [square(0)])
    zones, _ = read_zones(path)
    assert zones.loc["V1", ["name", "kind"]].tolist() == ["Le Bois", "qva"]
    assert zones["generation"].isna().all()


def test_bad_rows_are_named_and_the_others_kept(tmp_path: Path) -> None:
    bow = Polygon([(X, Y), (X + 900, Y + 900), (X + 900, Y), (X, Y + 900)])
    path = write(
        tmp_path / "a.geojson",
        {"code_qp": ["QN1A", "QN2A", None, "QN4A"], "lib_qp": ["a", "b", "c", None]},
        [bow, None, square(2000), square(4000)],
    )
    zones, report = read_zones(path)
    assert list(zones.index) == ["QN1A", "QN4A", "SANS-CODE-1"]
    assert [(i.line, i.code) for i in report.issues] == [
        (1, "W-GEOM"), (2, "E-GEOM"), (3, "W-CODE"), (4, "W-NOM"),
    ]  # fmt: skip


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    columns = {"code_qp": ["QN1A", "QN1A", None, None, "QN1A"], "lib_qp": ["b", "a", "c", "d", "a"]}
    shapes = [square(d) for d in (0, 1000, 2000, 3000, 4000)]
    first, _ = read_zones(write(tmp_path / "a.geojson", columns, shapes))
    back = {k: v[::-1] for k, v in columns.items()}
    second, _ = read_zones(write(tmp_path / "b.geojson", back, shapes[::-1]))
    assert first["name"].equals(second["name"])
    assert first.geom_equals(second).all()


def test_a_neighbour_below_one_percent_is_not_a_commune_of_the_zone(tmp_path: Path) -> None:
    path = write(tmp_path / "a.geojson", {"code_qp": ["QN1A"], "lib_qp": ["a"]}, [square(0, 1000)])
    towns = gpd.GeoDataFrame(
        geometry=[square(-5000, 5004), square(4, 5000), square(990, 5000)],
        index=["93001", "93002", "93003"],
        crs=2154,
    )
    zones, _ = read_zones(path, communes=towns)
    assert zones["commune_codes"].tolist() == ["93002"]
    assert read_zones(path, communes=towns, inside=square(999.5))[0].empty


def test_surfaces_that_are_not_quarters_are_refused(tmp_path: Path) -> None:
    for columns in ({"insee": ["93010"], "nom": ["Bondy"]}, {"nom": ["un quartier"]}):
        with pytest.raises(UnknownKind):
            read_zones(write(tmp_path / "a.geojson", columns, [square(0)]))
