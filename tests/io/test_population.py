"""Residents on the 200 m grid: whole cells, cut cells, every vintage."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path  # noqa: TC003 - a fixture type

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon, box

from territory.errors import DataProblem, UnknownKind
from territory.io.admin import read_communes
from territory.io.layers import read_layer
from territory.io.population import read_cells
from territory.model.tables import CELLS, check_table
from tests.real_data import real_file

E0, N0 = 3_770_000, 2_892_000  # a corner of the grid, EPSG:3035
AGES = ("ind_18_24", "ind_25_39", "ind_40_54", "ind_55_64")
BONDY = "grid/filosofi2019_carreaux_200m_bondy.gpkg"
PARIS = "grid/filosofi2015_carreaux_200m_paris.gpkg"


def cell_id(column: int, row: int = 0) -> str:
    return f"CRS3035RES200mN{N0 + 200 * row}E{E0 + 200 * column}"


def square(column: float, width: float = 1.0) -> Polygon:
    east = E0 + 200 * column
    return box(east, N0, east + 200 * width, N0 + 200)


def towns(*spans: tuple[float, float]) -> gpd.GeoDataFrame:
    """Communes 93001, 93002... as spans of columns of the grid, in Lambert-93."""
    shapes = [box(E0 + 200 * a, N0 - 900, E0 + 200 * b, N0 + 900) for a, b in spans]
    codes = [f"9300{n}" for n in range(1, len(spans) + 1)]
    return gpd.GeoDataFrame(geometry=shapes, index=codes, crs=3035).to_crs(2154)


def rows(n: int, **columns: list) -> pd.DataFrame:
    plain = {"i_est_200": [0] * n, "ind": [100.5] * n, "men": [40.0] * n, "men_pauv": [10.0] * n}
    ages = {a: [10.0] * n for a in AGES}
    return pd.DataFrame({"idcar_200m": [cell_id(c) for c in range(n)], **plain, **ages} | columns)


def write(path: Path, table: pd.DataFrame, shapes: list | None = None) -> Path:
    if shapes is None:
        table.to_csv(path, index=False)
    else:
        gpd.GeoDataFrame(table, geometry=shapes, crs=3035).to_crs(2154).to_file(path, layer="c")
    return path


def codes(report: object) -> list[str]:
    return [i.code for i in report.issues]


def test_squares_of_a_csv_are_built_from_their_ids(tmp_path: Path) -> None:
    cells, report = read_cells(write(tmp_path / "a.csv", rows(3)), communes=towns((-1, 9)))
    check_table(cells, CELLS)
    corners = cells.to_crs(3035).geometry[cell_id(1)].bounds
    assert corners == pytest.approx((E0 + 200, N0, E0 + 400, N0 + 200), abs=1e-3)
    assert cells["inside_share"].tolist() == [1.0, 1.0, 1.0]
    assert cells["residents"].tolist() == [100.5] * 3  # counts may have decimals
    assert cells["residents_18_64"].tolist() == [40.0] * 3
    assert report.issues == ()


def test_a_border_cell_counts_for_its_part_inside(tmp_path: Path) -> None:
    cells, report = read_cells(write(tmp_path / "a.csv", rows(4)), communes=towns((0, 1.5)))
    assert list(cells.index) == [cell_id(0), cell_id(1)]
    assert cells["inside_share"].tolist() == pytest.approx([1, 0.5], abs=1e-4)
    assert cells["residents"].tolist() == pytest.approx([100.5, 50.25], abs=1e-2)
    assert cells["poor_households"].tolist() == pytest.approx([10, 5], abs=1e-3)
    assert [i.problem for i in report.issues] == ["carreaux hors du territoire, non gardés : 2."]
    assert (report.read, report.kept) == (2, 2)


def test_each_age_counts_for_its_part_inside_and_is_unknown_without(tmp_path: Path) -> None:
    table = rows(2, ind_65_79=[8.0, 8.0], men_fmp=[4.0, 4.0], ind_snv=[2e6, 2e6])
    path = write(tmp_path / "a.csv", table)
    cells, _ = read_cells(path, communes=towns((0, 1.5)))
    assert cells["residents_18_24"].tolist() == pytest.approx([10, 5], abs=1e-3)
    assert cells["residents_65_79"].tolist() == pytest.approx([8, 4], abs=1e-3)
    assert cells["single_parents"].tolist() == pytest.approx([4, 2], abs=1e-3)
    assert cells["living_sum"].tolist() == pytest.approx([2e6, 1e6], rel=1e-4)
    without = write(tmp_path / "b.csv", rows(2).drop(columns=[*AGES]))
    cells, _ = read_cells(without, communes=towns((-1, 9)))
    assert cells[["residents_18_24", "residents_18_64", "single_parents"]].isna().all(axis=None)


def test_a_file_already_cut_is_treated_the_same_way(tmp_path: Path) -> None:
    cut = write(tmp_path / "a.gpkg", rows(2), [square(0), square(1, 0.25)])
    cells, report = read_cells(cut, communes=towns((-1, 9)))
    assert cells["inside_share"].tolist() == pytest.approx([1, 0.25], abs=1e-5)
    assert cells["residents"].sum() == pytest.approx(100.5 * 1.25, abs=1e-2)
    assert codes(report) == ["I-DECOUPE"]


def test_pieces_of_one_cell_are_counted_once(tmp_path: Path) -> None:
    table = rows(3, idcar_200m=[cell_id(0), cell_id(0), cell_id(1)])
    path = write(tmp_path / "a.gpkg", table, [square(0, 0.5), square(0.5, 0.5), square(1)])
    cells, report = read_cells(path, communes=towns((-1, 9)))
    assert cells["residents"].tolist() == pytest.approx([100.5, 100.5])
    assert codes(report) == ["W-DOUBLON"]
    other = write(tmp_path / "b.csv", rows(2, idcar_200m=[cell_id(0)] * 2, ind=[1.0, 2.0]))
    assert codes(read_cells(other, communes=towns((-1, 9)))[1]) == ["W-DOUBLON", "W-ECART"]


def test_a_lost_id_is_found_again_from_the_position(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", rows(2, idcar_200m=["", "?"]), [square(0), square(1, 0.3)])
    cells, report = read_cells(path, communes=towns((-1, 9)))
    assert list(cells.index) == [cell_id(0), cell_id(1)]
    assert [(i.code, i.line) for i in report.issues][:2] == [("W-ID", 1), ("W-ID", 2)]


def test_a_csv_row_without_id_is_refused_and_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", rows(2, idcar_200m=["", cell_id(1)]))
    cells, report = read_cells(path, communes=towns((-1, 9)))
    assert list(cells.index) == [cell_id(1)]
    assert [(i.code, i.line) for i in report.issues] == [("E-ID", 2)]
    assert (report.read, report.kept) == (2, 1)


def test_unknown_is_not_zero(tmp_path: Path) -> None:
    table = rows(2, ind=["12", "secret"], i_est_200=[1, 0]).drop(columns=["men_pauv", AGES[0]])
    cells, report = read_cells(write(tmp_path / "a.csv", table), communes=towns((-1, 9)))
    assert cells["residents"].isna().tolist() == [False, True]
    assert cells[["poor_households", "residents_18_64"]].isna().all(axis=None)
    assert cells["imputed"].tolist() == [True, False]
    assert codes(report) == ["W-NUM", "I-IMPUTE"]


def test_the_commune_holding_most_of_a_cell(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", rows(3))
    cells, _ = read_cells(path, communes=towns((0, 1.3), (1.3, 3)))
    assert cells["commune_code"].tolist() == ["93001", "93002", "93002"]
    assert cells["inside_share"].tolist() == pytest.approx([1, 1, 1], abs=1e-4)


def test_capital_letters_of_2015_and_2017(tmp_path: Path) -> None:
    names = {"idcar_200m": "IdINSPIRE", "i_est_200": "I_est_cr", "ind": "Ind"}
    path = write(tmp_path / "a.csv", rows(1).rename(columns=names))
    assert read_cells(path, communes=towns((-1, 9)))[0]["residents"].tolist() == [100.5]


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    table = rows(4, ind=[1.0, 2.0, 3.0, 4.0], idcar_200m=[cell_id(c) for c in (0, 1, 2, 2)])
    place = towns((0, 1.6), (1.6, 9))
    first, _ = read_cells(write(tmp_path / "a.csv", table.iloc[:3]), communes=place)
    second, _ = read_cells(write(tmp_path / "b.csv", table.iloc[2::-1]), communes=place)
    pd.testing.assert_frame_equal(pd.DataFrame(first), pd.DataFrame(second))


def test_other_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownKind, match="il manque idcar_200m ou idinspire"):
        read_cells(write(tmp_path / "a.csv", pd.DataFrame({"a": [1]})), communes=towns((0, 1)))
    big = rows(1, idcar_200m=[f"CRS3035RES1000mN{N0}E{E0}"])
    with pytest.raises(DataProblem, match="200 m"):
        read_cells(write(tmp_path / "b.csv", big), communes=towns((0, 1)))
    unknown = rows(1, idcar_200m=[f"CRS335RES200mN{N0}E{E0}"])  # a digit was lost
    with pytest.raises(DataProblem, match="la même grille"):
        read_cells(write(tmp_path / "c.csv", unknown), communes=towns((0, 1)))


def test_sums_made_again_by_a_town_are_not_cells() -> None:
    for layer in ("perimetre", "resteBondy"):
        with pytest.raises(UnknownKind):
            read_cells(real_file(BONDY), layer=layer, communes=towns((0, 1)))


def test_bondy_2019_counts_the_part_inside_and_not_the_plain_sum() -> None:
    raw = read_layer(real_file(BONDY), "bondy")
    assert raw["ind"].sum() == pytest.approx(65_548)
    assert (raw["ind"] * raw.area / 40_000).sum() == pytest.approx(54_955, abs=1)
    around = raw.geometry.union_all().convex_hull.buffer(100)
    whole = gpd.GeoDataFrame(geometry=[around], index=["93010"], crs=2154)
    cells, report = read_cells(real_file(BONDY), communes=whole)
    check_table(cells, CELLS)
    assert (len(cells), report.refused) == (164, 0)
    # a 200 m square of the grid measures 39,994 m2 in Lambert-93: 8 people of difference
    assert cells["residents"].sum() == pytest.approx(54_955, abs=10)
    assert int(cells["imputed"].sum()) == 14
    said = {i.code: i.problem for i in report.issues}
    assert set(said) == {"W-CRS", "I-DECOUPE", "I-IMPUTE"}
    assert said["I-DECOUPE"].startswith("63 carreaux sur 164")
    assert said["I-IMPUTE"].startswith("14 carreaux sur 164 (")


def test_bondy_2019_inside_its_own_outline() -> None:
    communes, _ = read_communes(real_file("admin/bondy_limites.gpkg"), layer="bondy")
    cells, _ = read_cells(real_file(BONDY), communes=communes)
    assert cells["residents"].sum() == pytest.approx(54_620, abs=1)
    assert cells.area.sum() <= communes.area.sum() + 1
    assert set(cells["commune_code"]) == {"93010"}


def test_paris_2015_with_its_imputed_cells_and_empty_old_ids() -> None:
    path = real_file(PARIS)
    codes_asked = frozenset(f"751{n:02d}" for n in range(1, 21))
    communes, _ = read_communes(real_file("admin/mgp_com.shp"), codes=codes_asked)
    cells, report = read_cells(path, communes=communes)
    check_table(cells, CELLS)
    assert len(cells) == 1977
    assert read_layer(path)["ind"].sum() == pytest.approx(2_101_351)
    assert cells["residents"].sum() == pytest.approx(2_101_351, rel=2e-3)
    assert int(cells["imputed"].sum()) == 127
    assert cells["residents_18_64"].notna().all()
    said = {i.code: i.problem for i in report.issues}
    assert "28" in said["I-ID"]
    assert said["I-IMPUTE"].startswith("127 carreaux sur 1977")


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(0.05, 5.9), min_size=1, max_size=3, unique=True))
def test_communes_side_by_side_share_the_residents_without_loss(
    tmp_path_factory: pytest.TempPathFactory, borders: list[float]
) -> None:
    path = write(tmp_path_factory.mktemp("g") / "a.csv", rows(6))
    edges = [-1.0, *sorted(borders), 7.0]
    parts = [read_cells(path, communes=towns(s))[0] for s in pairwise(edges)]
    assert sum(p["residents"].sum() for p in parts) == pytest.approx(603, rel=1e-3)
    assert all(p["inside_share"].between(0, 1, inclusive="right").all() for p in parts)
