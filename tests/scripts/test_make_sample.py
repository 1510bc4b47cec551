"""The fictional town: same bytes, counts as promised, streets to walk, a truth that holds."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import osmium
import pandas as pd
import pytest
from openpyxl import load_workbook
from pyproj import Transformer
from shapely.geometry import LineString

from scripts.fictional_town import build_town, settings_toml, write_town

ROOT = Path(__file__).resolve().parents[2]
TO_METRES = Transformer.from_crs(4326, 2154, always_xy=True)
METRES_A_MINUTE = 75.0
WALKED = {
    "primary", "secondary", "residential", "living_street", "pedestrian", "service", "footway",
    "steps",
}  # fmt: skip


@dataclass(frozen=True)
class Osm:
    """What the street file holds: positions in metres, tags of nodes, ways."""

    xy: dict[int, tuple[float, float]]
    node_tags: list[dict[str, str]]
    ways: list[tuple[list[int], dict[str, str]]]

    def walked(self) -> nx.Graph:
        graph = nx.Graph()
        for nodes, tags in self.ways:
            if tags.get("highway") in WALKED and tags.get("access") != "private":
                for a, b in pairwise(nodes):
                    graph.add_edge(a, b, length=np.hypot(*np.subtract(self.xy[a], self.xy[b])))
        return graph

    def lines(self, key: str, value: str) -> list[LineString]:
        return [
            LineString([self.xy[n] for n in nodes])
            for nodes, tags in self.ways
            if tags.get(key) == value
        ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("town")
    write_town(build_town(60_000, 2026), out)
    return out


@pytest.fixture(scope="module")
def osm(folder: Path) -> Osm:
    xy: dict[int, tuple[float, float]] = {}
    node_tags, ways = [], []
    for item in osmium.FileProcessor(str(folder / "rues_valfictif.osm.pbf")):
        if item.is_node():
            xy[item.id] = TO_METRES.transform(item.lon, item.lat)
            node_tags.append(dict(item.tags))
        elif item.is_way():
            ways.append(([n.ref for n in item.nodes], dict(item.tags)))
    return Osm(xy, node_tags, ways)


@pytest.fixture(scope="module")
def cells(folder: Path) -> pd.DataFrame:
    table = pd.read_csv(folder / "filosofi2021_carreaux_200m.csv", dtype={"lcog_geo": str})
    north, east = table["idcar_200m"].str.extract(r"N(\d+)E(\d+)").astype(float).to_numpy().T
    back = Transformer.from_crs(3035, 2154, always_xy=True)
    table["x"], table["y"] = back.transform(east + 100, north + 100)
    return table.set_index("idcar_200m", drop=False)


@pytest.fixture(scope="module")
def partners(folder: Path) -> pd.DataFrame:
    return pd.read_csv(
        folder / "partenaires.csv",
        sep=";",
        decimal=",",
        dtype={"code_postal": str},
        encoding="utf-8-sig",
    )


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, object]:
    return json.loads((folder / "verite_plantee.json").read_text(encoding="utf-8"))


def sheet(folder: Path, name: str, skip: int = 0) -> pd.DataFrame:
    return pd.read_excel(
        folder / "suivi_aller_vers.xlsx", sheet_name=name, header=skip, engine="openpyxl"
    )


def activities(folder: Path) -> pd.DataFrame:
    top = pd.read_excel(
        folder / "suivi_aller_vers.xlsx",
        sheet_name="activites",
        header=None,
        nrows=5,
        engine="openpyxl",
    )
    row = next(k for k, values in enumerate(top.to_numpy().tolist()) if "date" in values)
    return sheet(folder, "activites", skip=row)


def digests(folder: Path) -> dict[str, str]:
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(folder.iterdir())}


def test_same_bytes_again_even_over_another_town(folder: Path, tmp_path: Path) -> None:
    write_town(build_town(20_000, 7), tmp_path)
    older = digests(tmp_path)
    write_town(build_town(60_000, 2026), tmp_path)
    ours = digests(tmp_path)
    assert ours == digests(folder)
    assert {name for name in ours if older[name] == ours[name]} == {"README.md"}


def test_the_committed_town_is_the_one_the_program_writes(folder: Path) -> None:
    kept = ROOT / "data" / "raw"
    if not (kept / "communes.geojson").exists():
        pytest.skip("data/raw was not generated here")
    ours = digests(folder)
    assert {name: d for name, d in digests(kept).items() if name in ours} == ours


def test_the_whole_town_is_small(folder: Path) -> None:
    assert sum(f.stat().st_size for f in folder.iterdir()) < 3_000_000


def test_the_command_writes_only_where_it_is_told(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b" / "c"
    program = ROOT / "scripts" / "make_sample.py"
    subprocess.run(
        [sys.executable, str(program), "--out", str(out), "--residents", "20000"],
        check=True,
        capture_output=True,
    )
    assert (out / "communes.geojson").exists()
    outside = [p for p in tmp_path.rglob("*") if p.is_file() and p.parent != out]
    assert outside == []


def test_communes_are_fictional_and_at_sea(folder: Path) -> None:
    communes = gpd.read_file(folder / "communes.geojson")
    assert dict(zip(communes["code"], communes["nom"], strict=True)) == {
        "00101": "Valfictif",
        "00102": "Brume-sur-Canal",
        "00103": "Les Hauts-Inventés",
    }
    west, south, east, north = communes.to_crs(2154).total_bounds
    assert 245_000 < west < east < 260_000
    assert 6_545_000 < south < north < 6_560_000
    assert communes.geometry.is_valid.all()


def test_quarters_keep_the_official_columns_and_one_is_astride(folder: Path) -> None:
    quarters = gpd.read_file(folder / "qpv_2024_valfictif.geojson")
    assert list(quarters.columns) == [
        "fid", "code_qp", "lib_qp", "insee_reg", "lib_reg", "insee_dep", "lib_dep", "insee_com",
        "lib_com", "siren_epci", "geometry",
    ]  # fmt: skip
    assert len(quarters) == 5
    assert quarters["code_qp"].str.fullmatch(r"QN[0-9AB]{3}[0-9]{2}[A-Z]").all()
    astride = quarters[quarters["insee_com"].str.contains(",")]
    assert astride["insee_com"].tolist() == ["00101, 00102"]
    communes = gpd.read_file(folder / "communes.geojson").to_crs(2154).set_index("code")
    over = communes.intersection(astride.to_crs(2154).geometry.iloc[0]).area
    assert (over[["00101", "00102"]] / over.sum() > 0.2).all()


def test_one_quarter_in_veille_active(folder: Path) -> None:
    qva = gpd.read_file(folder / "qva.gpkg")
    assert list(qva.columns) == ["code_qva", "nom_qva", "geometry"]
    assert len(qva) == 1
    assert qva.crs.to_epsg() == 2154


def test_iris_hold_two_to_four_thousand_people_and_tile_the_communes(
    folder: Path, cells: pd.DataFrame
) -> None:
    iris = gpd.read_file(folder / "iris.gpkg")
    assert list(iris.columns) == ["CODE_IRIS", "NOM_IRIS", "CODE_COM", "NOM_COM", "geometry"]
    assert iris["CODE_IRIS"].str.fullmatch(r"00\d{7}").all()
    points = gpd.GeoDataFrame(
        cells[["ind"]], geometry=gpd.points_from_xy(cells["x"], cells["y"]), crs=2154
    )
    people = points.sjoin(iris).groupby("CODE_IRIS")["ind"].sum()
    assert people.between(1_800, 4_300).all()
    town = gpd.read_file(folder / "communes.geojson").to_crs(2154).union_all()
    assert iris.area.sum() == pytest.approx(town.area, rel=0.002)


def test_census_uses_decimal_commas_and_unemployment_is_higher_in_the_quarters(
    folder: Path,
) -> None:
    path = folder / "base-ic-activite-residents-2021.csv"
    assert path.read_text(encoding="utf-8").splitlines()[0] == (
        "IRIS;COM;TYP_IRIS;LAB_IRIS;P21_POP1564;P21_ACT1564;P21_ACTOCC1564;P21_CHOM1564;"
        "P21_INACT1564;P21_ETUD1564;P21_POP1524;P21_POP2554;P21_POP5564;P21_H1564;P21_F1564;"
        "P21_CHOM1524;P21_CHOM2554;P21_CHOM5564;P21_HCHOM1564;P21_FCHOM1564"
    )
    census = pd.read_csv(path, sep=";", decimal=",", dtype={"IRIS": str}).set_index("IRIS")
    parts = census["P21_ACTOCC1564"] + census["P21_CHOM1564"]
    assert np.allclose(parts, census["P21_ACT1564"], atol=0.01)
    rate = census["P21_CHOM1564"] / census["P21_ACT1564"]
    iris = gpd.read_file(folder / "iris.gpkg").set_index("CODE_IRIS")
    quarters = gpd.read_file(folder / "qpv_2024_valfictif.geojson").to_crs(2154).union_all()
    inside = iris.intersection(quarters).area / iris.area
    assert rate[inside > 0.3].mean() > 1.3 * rate[inside < 0.05].mean()
    assert rate.between(0.04, 0.4).all()


def test_cells_keep_the_header_of_2021_and_sum_to_the_town(cells: pd.DataFrame) -> None:
    assert list(cells.columns[:8]) == [
        "idcar_200m", "idcar_1km", "idcar_nat", "i_est_200", "i_est_1km", "lcog_geo", "ind", "men",
    ]  # fmt: skip
    assert cells.columns.get_loc("ind_inc") == 33
    assert cells["ind"].sum() == pytest.approx(60_000, rel=0.02)
    assert (cells["ind"] > 0).all()
    assert cells["ind"].mod(1).gt(0).any()
    bands = cells.loc[:, "ind_0_3":"ind_inc"]
    assert np.allclose(bands.sum(axis=1), cells["ind"], atol=0.01)
    assert (bands >= 0).all(axis=None)
    assert 0.05 < cells["i_est_200"].mean() < 0.15
    assert (cells["men_pauv"] <= cells["men"]).all()


def test_cell_ids_are_true_squares_of_the_european_grid(folder: Path, cells: pd.DataFrame) -> None:
    assert cells["idcar_200m"].str.fullmatch(r"CRS3035RES200mN\d+E\d+").all()
    corner = cells["idcar_200m"].str.extract(r"N(\d+)E(\d+)").astype(int)
    assert (corner % 200 == 0).all(axis=None)
    town = gpd.read_file(folder / "communes.geojson").to_crs(2154).union_all()
    near = gpd.GeoSeries(gpd.points_from_xy(cells["x"], cells["y"]), crs=2154).distance(town)
    assert near.max() < 150


def test_partners_are_a_table_as_excel_saves_it(folder: Path, partners: pd.DataFrame) -> None:
    raw = (folder / "partenaires.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == raw.count(b"\n") == 101
    assert partners["id_partenaire"].tolist() == [f"P{k:04d}" for k in range(1, 101)]
    assert partners["nom_structure"].is_unique
    assert partners["latitude"].between(43, 47).all()
    assert set(partners["accueille_permanence"].dropna()) == {"oui", "non"}
    assert partners["accueille_permanence"].isna().any()


def test_partners_follow_the_funnel_of_the_programmes(partners: pd.DataFrame) -> None:
    met = partners["statut"].isin(["rencontrée", "active"]).mean()
    assert 0.48 <= met <= 0.68  # 145 met of 250 listed
    hours = partners["horaires"]
    assert hours.str.contains("lun-ven", na=False).mean() > 0.3
    assert hours.str.contains("Mo-Fr|Tu-Sa", na=False).any()
    assert 0.03 < hours.isna().mean() < 0.4


def test_france_services_hold_twenty_rows_and_two_buses(folder: Path) -> None:
    table = pd.read_csv(folder / "france_services.csv", dtype=str)
    assert list(table.columns) == [
        "id_fs", "insee_dep", "lib_fs", "adresse", "complement_adresse", "insee_com", "code_postal",
        "lib_com", "latitude", "longitude", "mail", "telephone", "h_lundi", "h_mardi", "h_mercredi",
        "h_jeudi", "h_vendredi", "h_samedi", "prise_rdv", "commentaire", "type_fs", "format_fs",
        "groupe_fs", "labellisation_fs",
    ]  # fmt: skip
    assert len(table) == 20
    assert (table["format_fs"] == "Bus_équivalent").sum() == 2
    assert table["mail"].isna().all()
    assert table["telephone"].isna().all()


def test_streets_are_nearly_all_joined(osm: Osm) -> None:
    graph = osm.walked()
    lengths = [
        sum(d["length"] for *_, d in graph.subgraph(part).edges(data=True))
        for part in nx.connected_components(graph)
    ]
    assert max(lengths) / sum(lengths) > 0.97
    assert sum(lengths) > 80_000


@pytest.mark.parametrize(("key", "value"), [("waterway", "canal"), ("railway", "rail")])
def test_few_streets_cross_canal_and_railway(osm: Osm, key: str, value: str) -> None:
    barrier = osm.lines(key, value)[0]
    graph = osm.walked()
    crossing = [
        (a, b) for a, b in graph.edges if LineString([osm.xy[a], osm.xy[b]]).intersects(barrier)
    ]
    assert 3 <= len(crossing) <= 4


def test_the_street_file_has_the_traps_of_a_real_one(osm: Osm) -> None:
    found = {tags["highway"] for _, tags in osm.ways if "highway" in tags}
    assert found >= WALKED | {"motorway"}
    assert sum(tags.get("access") == "private" for _, tags in osm.ways) >= 1
    assert any(tags.get("area") == "yes" and n[0] == n[-1] for n, tags in osm.ways)
    assert {t.get("highway") for t in osm.node_tags} >= {"crossing", "bus_stop"}
    degree = pd.Series(dict(osm.walked().degree))
    assert (degree == 1).sum() > 20


def test_blocks_are_irregular_and_of_town_size(osm: Osm) -> None:
    graph = osm.walked()
    corners = [n for n, d in graph.degree if d >= 3]
    spread = np.array([osm.xy[n] for n in corners])
    gaps = np.hypot(*(spread[:, None] - spread[None]).transpose(2, 0, 1))
    np.fill_diagonal(gaps, np.inf)
    nearest = gaps.min(axis=1)
    assert 45 < np.median(nearest) < 130
    assert nearest.std() > 8


def test_the_workbook_has_the_coordinator_s_sheets(folder: Path) -> None:
    book = load_workbook(folder / "suivi_aller_vers.xlsx")
    assert {"activites", "contacts", "lieux", "equipe", "disponibilites", "LISEZ-MOI"} <= set(
        book.sheetnames
    )
    header = [cell.value for cell in book["activites"][1]]
    assert "date" not in header  # a title row stands above the header
    assert pd.api.types.is_datetime64_any_dtype(activities(folder)["date"])


def test_eighteen_months_of_outings_fewer_in_winter(folder: Path) -> None:
    table = activities(folder)
    done = table[table["date"] <= pd.Timestamp(2026, 10, 31)]
    assert 600 <= len(done) <= 720
    assert done["date"].min() >= pd.Timestamp(2025, 5, 1)
    assert done["date"].max() <= pd.Timestamp(2026, 10, 30)
    outside = done[done["type_activite"].isin(["maraude", "tour de rue"])]
    months = outside["date"].dt.to_period("M").value_counts()
    winter = months.reindex(pd.period_range("2025-12", "2026-02", freq="M"), fill_value=0)
    summer = months.reindex(pd.period_range("2026-04", "2026-06", freq="M"), fill_value=0)
    assert winter.mean() < 0.8 * summer.mean()
    assert done["nb_informes"].isna().any()
    assert set(done["type_activite"]) >= {"maraude", "permanence", "événement", "visite partenaire"}


def test_six_things_are_already_promised_for_the_week_to_plan(folder: Path) -> None:
    table = activities(folder)
    week = table[table["date"] > pd.Timestamp(2026, 10, 31)]
    assert len(week) == 6
    assert set(week["date"].dt.isocalendar().week) == {45}
    friday = week[(week["type_activite"] == "événement") & (week["date"].dt.day_of_week == 4)]
    assert friday["heure_debut"].tolist() == ["14h"]
    assert (week["type_activite"] == "visite partenaire").any()
    assert week["nb_informes"].isna().all()


def test_nothing_names_a_person(folder: Path) -> None:
    done = activities(folder)
    assert done["agents"].str.fullmatch(r"M\d(\|M\d)*").all()
    assert sheet(folder, "equipe")["code_agent"].tolist() == ["M1", "M2", "M3", "M4"]
    titles = re.compile(r"\b(M\.|Mme|Monsieur|Madame|Docteur|Dr|Saint|Sainte|Jean|Pierre|Marie)\b")
    book = load_workbook(folder / "suivi_aller_vers.xlsx")
    written = [
        (folder / "partenaires.csv").read_text(encoding="utf-8-sig"),
        (folder / "france_services.csv").read_text(encoding="utf-8"),
        *(str(cell.value) for page in book for row in page.iter_rows() for cell in row),
    ]
    assert not [m.group() for text in written for m in titles.finditer(text)]
    assert not {"nom", "prenom", "prénom", "commentaire"} & set(done.columns)


def test_counts_keep_their_order(folder: Path) -> None:
    table = activities(folder).dropna(subset=["nb_informes"])
    for name in ("nb_accroches", "nb_diagnostics", "nb_orientes"):
        assert (table[name].dropna() <= table["nb_informes"].loc[table[name].dropna().index]).all()
    assert (table["nb_femmes"] + table["nb_hommes"] <= table["nb_informes"]).all()


def test_outings_say_where_to_about_a_hundred_metres(folder: Path) -> None:
    table = activities(folder)
    out = table[table["type_activite"].isin(["maraude", "tour de rue"])]
    assert out[["lieu", "commune", "latitude", "longitude"]].notna().all(axis=None)
    assert np.allclose(out["latitude"], out["latitude"].round(3))
    assert np.allclose(out["longitude"], out["longitude"].round(3))


def test_the_week_of_the_team(folder: Path, partners: pd.DataFrame) -> None:
    slots = sheet(folder, "disponibilites")
    weekly = slots[slots["type"] == "permanence"]
    assert 5 <= len(weekly) <= 6
    assert set(weekly["id_partenaire"]) <= set(partners["id_partenaire"])
    assert ((weekly["jour"] == "mercredi") & (weekly["debut"] == "9h")).any()
    assert ((weekly["jour"] == "jeudi") & (weekly["debut"] == "14h")).any()
    assert (slots["type"] == "reunion").any()
    back = slots.set_index("code_agent")["recurrence"].dropna()
    assert back["M1|M2|M3|M4"] == "toutes les 6 semaines à partir du 13/01/2026"
    desk = slots[slots["code_agent"] == "M1|M3"].iloc[0]
    assert (desk["type"], desk["effectif"]) == ("evenement", 2)
    assert desk["id_partenaire"] in set(sheet(folder, "lieux")["id_lieu"])
    start = sheet(folder, "equipe")["point_depart"]
    assert set(start) <= set(partners["id_partenaire"])
    hosts = partners.set_index("id_partenaire").loc[sorted(set(weekly["id_partenaire"]))]
    assert (hosts["accueille_permanence"] == "oui").all()


def test_lively_places(folder: Path) -> None:
    places = sheet(folder, "lieux").set_index("nom_lieu")
    assert places.loc["Marché du mercredi", "moment"] == "mercredi 8h-13h"
    assert {"foyer", "gare"} <= set(places["type_lieu"])
    assert (places["lieu_sensible"] == "oui").sum() == 1


def hosts_xy(folder: Path, partners: pd.DataFrame) -> np.ndarray:
    slots = sheet(folder, "disponibilites")
    held = slots.loc[slots["type"] == "permanence", "id_partenaire"]
    hosts = partners.set_index("id_partenaire").loc[held.unique()]
    return np.column_stack(TO_METRES.transform(hosts["longitude"], hosts["latitude"]))


def share_of(ids: list[str], need: pd.Series) -> float:
    return float(need[ids].sum() / need.sum())


@pytest.fixture(scope="module")
def need(folder: Path, cells: pd.DataFrame) -> pd.Series:
    """Adults of the cell times unemployed among residents of its IRIS: what a reader can know."""
    iris = gpd.read_file(folder / "iris.gpkg")[["CODE_IRIS", "geometry"]]
    census = pd.read_csv(
        folder / "base-ic-activite-residents-2021.csv", sep=";", decimal=",", dtype={"IRIS": str}
    ).set_index("IRIS")
    points = gpd.GeoDataFrame(
        cells[[]], geometry=gpd.points_from_xy(cells["x"], cells["y"]), crs=2154
    )
    code = points.sjoin_nearest(iris)["CODE_IRIS"]
    code = code[~code.index.duplicated()]
    rate = (census["P21_CHOM1564"] / census["P21_POP1564"]).reindex(code).to_numpy()
    adults = cells.loc[code.index, ["ind_18_24", "ind_25_39", "ind_40_54", "ind_55_64"]].sum(axis=1)
    return adults * rate


def test_planted_zones_are_small_needy_and_far_from_every_permanence(
    folder: Path,
    truth: dict[str, object],
    cells: pd.DataFrame,
    partners: pd.DataFrame,
    need: pd.Series,
) -> None:
    hosts = hosts_xy(folder, partners)
    zones = truth["zones"]
    assert len(zones) == 3
    for zone in zones:
        assert 0.015 <= zone["share_of_need"] <= 0.03
        assert 0.011 <= share_of(zone["cells"], need) <= 0.036
        middle = np.array([zone["x"], zone["y"]])
        squares = cells.loc[zone["cells"], ["x", "y"]].to_numpy()
        assert (np.hypot(*(squares - middle).T) <= zone["radius_m"]).all()
        for point in [middle, *squares]:
            assert np.hypot(*(hosts - point).T).min() / METRES_A_MINUTE >= 9
        inside = cells.loc[zone["cells"]]
        # an IRIS is bigger than a zone and blurs its unemployment: the squares tell the poverty
        assert need[zone["cells"]].sum() / inside["ind"].sum() > need.sum() / cells["ind"].sum()
        poverty = inside["men_pauv"].sum() / inside["men"].sum()
        assert poverty > 1.4 * cells["men_pauv"].sum() / cells["men"].sum()


def met_within(folder: Path, x: float, y: float, radius_m: float) -> tuple[float, float]:
    """Return people informed around a point and in all, outings and events only."""
    table = activities(folder)
    table = table[table["date"] <= pd.Timestamp(2026, 10, 31)].dropna(
        subset=["latitude", "nb_informes"]
    )
    east, north = TO_METRES.transform(table["longitude"], table["latitude"])
    close = np.hypot(east - x, north - y) <= radius_m
    return float(table.loc[close, "nb_informes"].sum()), float(table["nb_informes"].sum())


def test_the_team_hardly_goes_to_the_planted_zones_and_serves_the_decoy(
    folder: Path,
    truth: dict[str, object],
    partners: pd.DataFrame,
    cells: pd.DataFrame,
    need: pd.Series,
) -> None:
    hosts = hosts_xy(folder, partners)
    ratios = []
    for zone in truth["zones"]:
        near = np.hypot(cells["x"] - zone["x"], cells["y"] - zone["y"]) <= zone["radius_m"]
        met, total = met_within(folder, zone["x"], zone["y"], zone["radius_m"])
        ratios.append(met / total / (need[near].sum() / need.sum()))
    assert np.mean(ratios) < 0.45
    assert max(ratios) < 0.6
    decoy = truth["decoy"]
    point = np.array([decoy["x"], decoy["y"]])
    assert np.hypot(*(hosts - point).T).min() / METRES_A_MINUTE >= 9
    near = np.hypot(cells["x"] - decoy["x"], cells["y"] - decoy["y"]) <= decoy["radius_m"]
    met, total = met_within(folder, *point, decoy["radius_m"])
    assert met / total > need[near].sum() / need.sum()


def test_the_truth_says_it_is_not_read(truth: dict[str, object]) -> None:
    assert truth["note"] == "what was planted; not read by the tool"


def test_the_settings_are_read_by_the_tool(tmp_path: Path) -> None:
    settings = pytest.importorskip("territory.settings")
    (tmp_path / "territory.toml").write_text(settings_toml(build_town(60_000, 2026)), "utf-8")
    ground = settings.read_settings(tmp_path).ground
    assert ground.communes == ("00101", "00102", "00103")
    assert ground.fictional
    assert ground.seed == 2026
    assert str(ground.reference_date) == "2026-10-31"
    assert ground.name == "Valfictif (ville fictive)"


def test_the_census_by_age_and_sex_adds_up(folder: Path) -> None:
    path = folder / "base-ic-activite-residents-2021.csv"
    census = (
        pd.read_csv(path, sep=";", decimal=",").filter(like="P21_").rename(columns=lambda c: c[4:])
    )
    for what in ("POP", "CHOM"):
        total = sum(census[what + age] for age in ("1524", "2554", "5564"))
        assert total.to_numpy() == pytest.approx(census[what + "1564"].to_numpy(), abs=1e-3)
    assert (census["HCHOM1564"] + census["FCHOM1564"]).to_numpy() == pytest.approx(
        census["CHOM1564"].to_numpy(), abs=1e-3
    )
    share = census["CHOM1524"] / census["CHOM1564"]
    assert share.between(0.15, 0.30).all()
    assert share.max() - share.min() > 0.02  # a cohort must be able to live elsewhere


def test_a_small_town_has_the_people_asked() -> None:
    assert build_town(20_000, 1).people.cells["ind"].sum() == pytest.approx(20_000, rel=0.02)


def test_nine_communes_at_full_size() -> None:
    town = build_town(450_000, 2026)
    assert list(town.ground.communes) == [f"{code:05d}" for code in range(101, 110)]
    assert town.people.cells["ind"].sum() == pytest.approx(450_000, rel=0.02)
    assert all(0.015 <= zone.share_of_need <= 0.03 for zone in town.places.planted.missed)
    assert town.places.partners["nom_structure"].is_unique


def test_nobody_of_the_team_is_in_two_places_at_once() -> None:
    activities = build_town(60_000, 2026).logs.activities
    spans = [
        (agent, row["date"], *(_minutes(row[name]) for name in ("heure_debut", "heure_fin")))
        for row in activities.to_dict("records")
        for agent in str(row["agents"]).split("|")
    ]
    for one, after in pairwise(sorted(spans)):
        assert one[:2] != after[:2] or one[3] <= after[2]


def _minutes(said: str) -> int:
    hours, minutes = said.split("h")
    return int(hours) * 60 + int(minutes or 0)
