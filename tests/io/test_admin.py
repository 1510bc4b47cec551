"""Outlines of communes and IRIS, census figures and addresses, each flaw counted."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - a fixture type

import geopandas as gpd
import pytest
from shapely.geometry import Point, Polygon, box

from territory.errors import UnknownKind
from territory.io.addresses import read_addresses
from territory.io.admin import join_census, read_census, read_communes, read_iris
from territory.model.tables import COMMUNES, IRIS, check_table
from tests.real_data import real_file

X, Y = 660_000, 6_865_000
EST_ENSEMBLE = frozenset(
    ("93006", "93008", "93010", "93045", "93048", "93053", "93055", "93061", "93063")
)


def square(east_m: float = 0.0, side_m: float = 1000.0) -> Polygon:
    return box(X + east_m, Y, X + east_m + side_m, Y + side_m)


def write(path: Path, columns: dict, shapes: list) -> Path:
    gpd.GeoDataFrame(columns, geometry=shapes, crs=2154).to_file(path)
    return path


@pytest.mark.parametrize(
    ("name", "n_all"),
    [
        ("admin/mgp_com.shp", 150),
        ("admin/communes-93-seine-saint-denis.geojson", 40),
        ("admin/bondy_limites.gpkg", 9),
    ],
)
def test_the_nine_communes_come_out_of_every_file(name: str, n_all: int) -> None:
    table, report = read_communes(real_file(name), codes=EST_ENSEMBLE)
    check_table(table, COMMUNES)
    assert set(table.index) == EST_ENSEMBLE
    assert table.area.sum() / 1e6 == pytest.approx(39.2, abs=0.05)
    assert report.refused == 0
    whole, _ = read_communes(real_file(name))
    assert len(whole) == n_all


def test_a_commune_asked_for_and_absent_is_said() -> None:
    table, report = read_communes(
        real_file("admin/bondy_limites.gpkg"), layer="bondy", codes=frozenset({"93010", "17300"})
    )
    assert list(table.index) == ["93010"]
    assert [i.problem for i in report.issues if i.code == "W-ABSENTE"] == [
        "la commune 17300 est demandée mais absente de ce fichier."
    ]


@pytest.mark.parametrize("layer", ["quartier2", "EPT", "iris"])
def test_other_layers_are_not_communes(layer: str) -> None:
    with pytest.raises(UnknownKind):
        read_communes(real_file("admin/bondy_limites.gpkg"), layer=layer)


def test_lost_zeros_bad_codes_and_repeats_are_named(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.geojson",
        {"code": ["1053", "2A004", "93010", "93010", "99", "93008"], "nom": list("abccde")},
        [square(d * 1000) for d in range(5)] + [None],
    )
    table, report = read_communes(path)
    assert list(table.index) == ["01053", "2A004", "93010"]
    assert table.area["93010"] == pytest.approx(2e6)
    assert [(i.code, i.line) for i in report.issues] == [
        ("E-GEOM", 6), ("W-ZERO", 1), ("E-CODE", 5), ("W-DOUBLON", 4),
    ]  # fmt: skip
    assert "complété à 5 caractères" in report.issues[1].problem
    assert (report.read, report.kept) == (6, 3)


def test_a_city_is_not_counted_twice_with_its_arrondissements(tmp_path: Path) -> None:
    columns = {"code": ["75056", "75101", "75102"], "nom": ["Paris", "1er", "2e"]}
    path = write(tmp_path / "a.geojson", columns, [square(0, 2000), square(), square(1000)])
    assert list(read_communes(path)[0].index) == ["75101", "75102"]
    assert list(read_communes(path, codes=frozenset({"75056"}))[0].index) == ["75056"]


@pytest.mark.parametrize(
    ("name", "n"), [("iris/mgp_iris.shp", 161), ("admin/bondy_limites.gpkg", 20)]
)
def test_real_iris(name: str, n: int) -> None:
    table, report = read_iris(real_file(name), codes=EST_ENSEMBLE)
    check_table(table, IRIS)
    assert len(table) == n
    assert table["unemployed"].isna().all()
    assert report.refused == 0


def test_census_of_est_ensemble() -> None:
    iris, _ = read_iris(real_file("iris/mgp_iris.shp"), codes=EST_ENSEMBLE)
    census, report = read_census(real_file("iris/base-ic-activite-residents-2016-idf.csv"))
    assert (report.read, report.kept, report.issues) == (5258, 5258, ())
    joined, issues = join_census(iris, census)
    check_table(joined, IRIS)
    assert issues == []
    assert joined["residents_15_64"].sum() == pytest.approx(276_026, abs=1)
    assert joined["unemployed"].sum() == pytest.approx(39_497, abs=1)
    assert joined["unemployed"].sum() / joined["active"].sum() == pytest.approx(0.191, abs=0.001)


def test_two_iris_of_bondy_have_no_outline_in_the_town_s_file() -> None:
    iris, _ = read_iris(real_file("admin/bondy_limites.gpkg"))
    census, _ = read_census(real_file("iris/base-ic-activite-residents-2016-idf.csv"))
    _, issues = join_census(iris, census)
    assert [i.problem for i in issues] == [
        "IRIS du recensement sans contour ici, chiffres non utilisés : 2."
    ]


def test_an_iris_without_figures_is_unknown_and_not_zero(tmp_path: Path) -> None:
    columns = {"CODE_IRIS": ["10530101", "930100102"], "NOM_IRIS": ["a", "b"]}
    iris, report = read_iris(write(tmp_path / "a.shp", columns, [square(), square(1000)]))
    assert list(iris.index) == ["010530101", "930100102"]
    assert iris["commune_code"].tolist() == ["01053", "93010"]
    assert [i.code for i in report.issues] == ["W-ZERO"]
    path = tmp_path / "c.csv"
    path.write_text("IRIS;P21_POP1564;P21_ACT1564;P21_CHOM1564\n930100102;10,5;8;1\n")
    joined, issues = join_census(iris, read_census(path)[0])
    assert joined["residents_15_64"].isna().tolist() == [True, False]
    assert "1 sur 2" in issues[0].problem


def test_census_tables_of_every_year_and_decimal(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(
        "IRIS;P16_POP1564;P21_POP1564;P21_ACT1564;P21_CHOM1564\n"
        "930100101;1;1 234,5;600.25;100\n930100102;1;;x;-3\n930100101;1;1;1;1\n9;1;1;1;1\n"
        "930100103;1;50;20;30\n"
    )
    table, report = read_census(path)
    known = ["residents_15_64", "active", "unemployed"]
    assert table.loc["930100101", known].tolist() == [1234.5, 600.25, 100.0]
    assert table.drop(columns=known).isna().all(axis=None)  # ages and sexes it does not hold
    assert table.loc["930100102"].isna().all()
    assert sorted((i.code, i.line) for i in report.issues) == [
        ("E-CODE", 5), ("E-DOUBLON", 4), ("W-ECART", 6), ("W-NUM", 3), ("W-NUM", 3),
    ]  # fmt: skip
    assert (report.read, report.kept) == (5, 3)


def test_ages_and_sexes_of_the_census_add_up() -> None:
    census, _ = read_census(real_file("iris/base-ic-activite-residents-2016-idf.csv"))
    ages = census[["unemployed_15_24", "unemployed_25_54", "unemployed_55_64"]]
    sexes = census[["unemployed_men", "unemployed_women"]]
    assert (ages.sum(axis=1) - census["unemployed"]).abs().max() <= 2  # the file is rounded
    assert (sexes.sum(axis=1) - census["unemployed"]).abs().max() <= 2
    assert (
        census["women_15_64"] + census["men_15_64"] - census["residents_15_64"]
    ).abs().max() <= 2


def test_an_unreadable_count_of_an_age_is_unknown_and_named(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    head = "IRIS;P21_POP1564;P21_ACT1564;P21_CHOM1564;P21_CHOM1524;P21_FCHOM1564\n"
    path.write_text(head + "930100101;9;8;3;x;2,5\n")
    table, report = read_census(path)
    assert table["unemployed_15_24"].isna().all()
    assert table["unemployed_women"].tolist() == [2.5]
    assert [(i.code, i.column) for i in report.issues] == [("W-NUM", "P21_CHOM1524")]


def test_another_table_is_not_a_census(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("IRIS;P21_POP1564\n930100101;1\n")
    with pytest.raises(UnknownKind, match="il manque P21_ACT1564, P21_CHOM1564"):
        read_census(tmp_path / "c.csv")


def test_addresses_of_bondy_and_their_repeats() -> None:
    table, report = read_addresses(real_file("partners/ban_adresses_bondy.geojson"))
    assert len(table) == report.kept == 8399
    assert table.index.is_unique
    assert table.crs.to_epsg() == 2154
    assert [i.code for i in report.issues] == ["W-DOUBLON"]
    assert report.issues[0].problem.startswith("794 adresses répètent")


def test_addresses_from_a_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "id;numero;rep;nom_voie;code_insee;lon;lat\n"
        "x;2;bis;Rue Haute;1053;5.2;46.2\ny;4;;Rue Haute;1053;;\n"
    )
    table, report = read_addresses(path)
    assert table[["number", "street", "commune_code"]].to_numpy().tolist() == [
        ["2bis", "Rue Haute", "01053"]
    ]
    assert [(i.code, i.line) for i in report.issues] == [("E-GEOM", 2)]


def test_addresses_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    columns = {"numero": [1, 1, 2], "nom_voie": ["a", "a", "a"]}
    points = [Point(X + d, Y) for d in (0, 50, 100)]
    first, _ = read_addresses(write(tmp_path / "a.geojson", columns, points))
    back = {k: v[::-1] for k, v in columns.items()}
    second, _ = read_addresses(write(tmp_path / "b.geojson", back, points[::-1]))
    assert list(first.index) == ["1 a", "1 a (2)", "2 a"]
    assert first.geom_equals_exact(second, 1e-6).all()
