"""Flaws counted in real published files that no other module of tests already meets."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path  # noqa: TC003 - a fixture type
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest
from shapely.geometry import box

from territory.errors import UnknownKind
from territory.io.admin import read_communes
from territory.io.intake import open_raw, read_people_places
from territory.io.layers import read_layer
from territory.io.new_territory import create_territory
from territory.io.official_places import (
    read_digital_advisers,
    read_france_services,
    read_libraries,
    read_pmi,
)
from territory.io.population import read_cells
from territory.io.raw_folder import add_raw
from territory.io.recognise import recognise
from territory.io.streets import read_streets
from territory.io.zones import read_zones
from territory.settings import Settings
from tests.real_data import real_file

if TYPE_CHECKING:
    from territory.model.issues import ReadReport

QPV_2015 = "qpv/qpv_2015_ile_de_france.geojson"
ADVISERS = "partners/conseillers_numeriques_2021.json"
HEIDELBERG = "osm/heidelberg.osm.pbf"


def problems(report: ReadReport, code: str) -> list[str]:
    return [issue.problem for issue in report.issues if issue.code == code]


def test_quarters_filed_under_another_department_are_kept() -> None:
    features = json.loads(real_file(QPV_2015).read_text(encoding="utf-8"))["features"]
    facts = [f["properties"] for f in features]
    strays = [
        f["c_nqpv"] for f in facts if f["c_nqpv"].startswith("QP093") and str(f["c_dep"]) != "93"
    ]
    assert sorted(strays) == ["QP093030", "QP093031", "QP093057"]
    zones, _ = read_zones(real_file(QPV_2015))
    assert set(strays) <= set(zones.index)


def test_quarters_are_where_their_shape_is_and_not_where_a_column_says() -> None:
    zones, _ = read_zones(real_file(QPV_2015))  # geo_point_2d is [lat, lon] there
    ile_de_france = box(580_000, 6_780_000, 745_000, 6_910_000)
    assert zones.within(ile_de_france).all()


def test_names_published_without_accents_are_shown_as_they_are() -> None:
    zones, _ = read_zones(real_file(QPV_2015))
    assert zones["name"].str.isascii().all()


def test_the_clip_of_2024_repeats_the_quarters_of_2015() -> None:
    clip, _ = read_zones(real_file("qpv/qp_2024_bondy_clip.geojson"))
    old, _ = read_zones(real_file("admin/bondy_limites.gpkg"), layer="neauQPV_2024")
    common_ha = clip.geometry.iloc[0].intersection(old.geometry["QP093012"]).area / 1e4
    assert common_ha == pytest.approx(20.8, abs=0.05)
    nearest = [old.geometry.intersection(shape).area.idxmax() for shape in clip.geometry[:3]]
    assert nearest == ["QP093012", "QP093013", "QP093014"]


def test_accents_survive_a_shapefile_that_does_not_say_its_encoding() -> None:
    path = real_file("admin/mgp_com.shp")
    assert not path.with_suffix(".cpg").exists()
    names = set(read_communes(path)[0]["name"])
    assert {"Le Pré-Saint-Gervais", "Asnières-sur-Seine", "Châtillon"} <= names


def test_the_twelve_territories_of_grand_paris_are_not_communes() -> None:
    with pytest.raises(UnknownKind, match="contenu n'est pas reconnu"):
        recognise(real_file("admin/mgp_ept.shp"))


def test_paris_in_one_polygon_cannot_answer_for_an_arrondissement() -> None:
    path = real_file("admin/communes-75-paris.geojson")
    whole, _ = read_communes(path)
    assert list(whole.index) == ["75056"]
    none, report = read_communes(path, codes=frozenset({"75118"}))
    assert none.empty
    assert problems(report, "W-ABSENTE") == [
        "l'arrondissement 75118 est demandé mais ce fichier n'a que la ville entière (75056)."
    ]


def test_communes_published_without_their_article_answer_to_their_name(tmp_path: Path) -> None:
    name = "admin/communes-17-charente-maritime.geojson"
    table, report = read_communes(real_file(name))
    assert (len(table), report.refused) == (466, 0)
    assert table.loc["17300", "name"] == "Rochelle"
    partners = tmp_path / "partenaires.csv"
    partners.write_text(
        "nom_structure;commune;type_structure\nMission locale;La Rochelle;mission locale\n",
        encoding="utf-8",
    )
    create_territory(tmp_path / "t", name="Essai", communes=["17300"])
    for path in (real_file(name), partners):
        add_raw(tmp_path / "t", path, recognise(path))
    raw = open_raw(tmp_path / "t")
    places = read_people_places(raw, table.loc[["17300"]], Settings()).tables["places"]
    assert places["commune_code"].tolist() == ["17300"]


def test_land_of_a_quarter_without_cells_stays_without_figures() -> None:
    path = real_file("grid/filosofi2015_carreaux_200m_paris.gpkg")
    arrondissements = frozenset(f"751{n:02d}" for n in range(1, 21))
    communes, _ = read_communes(real_file("admin/mgp_com.shp"), codes=arrondissements)
    cells, _ = read_cells(path, communes=communes)
    paris = communes.geometry.union_all()
    zones, _ = read_zones(real_file(QPV_2015), communes=communes, inside=paris)
    qpv = zones[zones.index.str.startswith("QP075")]
    assert len(qpv) == 20
    covered = qpv.intersection(cells.union_all()).area.sum() / qpv.area.sum()
    assert covered == pytest.approx(0.88, abs=0.02)
    assert (cells["residents"] > 0).all()  # uninhabited squares are absent, not zeros


def test_crossings_and_lamps_among_the_streets_are_not_streets() -> None:
    path = real_file("osm/bondy_highways_2023.geojson")
    kinds = read_layer(path).geom_type.value_counts().to_dict()
    assert kinds == {"LineString": 1557, "Point": 800, "Polygon": 14}
    streets, report = read_streets(path)
    assert report.read == 1557 + 14
    assert set(streets.segments.geom_type) == {"LineString"}


@pytest.mark.parametrize(
    "name", ["osm/bondy_pasteur_2022.osm", "osm/paris_9e_10e_gare_du_nord_2021.osm"]
)
def test_no_contributor_of_openstreetmap_is_kept(name: str) -> None:
    path = real_file(name)
    users = set(re.findall(r' user="([^"]{6,})"', path.read_text(encoding="utf-8")))
    assert users
    streets, report = read_streets(path)
    kept = streets.segments.drop(columns="geometry").to_csv() + str(report)
    assert [user for user in users if user in kept] == []


def test_nodes_far_from_their_city_do_not_enlarge_it() -> None:
    city = gpd.GeoSeries([box(8.584, 49.343, 8.844, 49.506)], crs=4326).to_crs(25832)
    streets, report = read_streets(real_file(HEIDELBERG), epsg=25832, inside=city.iloc[0])
    west, south, east, north = streets.segments.total_bounds
    box_w, box_s, box_e, box_n = city.total_bounds
    margin_m = 15_000  # a way that touches the city is kept whole
    assert west > box_w - margin_m
    assert south > box_s - margin_m
    assert east < box_e + margin_m
    assert north < box_n + margin_m
    assert report.read == 25_359


def test_a_day_without_hours_is_left_out_of_the_week_and_not_invented() -> None:
    path = real_file("partners/france_services_2024-08-01.csv")
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    silent = [f"fs-{r['id_fs']}" for r in rows if not r["h_lundi"]]
    assert len(silent) == 342
    assert sum(not r["telephone"] for r in rows) == 4
    table, _ = read_france_services(path)
    hours = table.loc[silent, "opening_hours"]
    assert not hours.fillna("").str.contains("Mo").any()
    assert "telephone" not in table.columns


def test_advisers_their_shared_points_weak_places_and_silent_columns() -> None:
    path = real_file(ADVISERS)
    records = json.loads(path.read_text(encoding="utf-8"))
    points = [(r.get("longitude"), r.get("latitude")) for r in records]
    assert len(points) - len(set(points)) == 49  # of which 11 repeat « no coordinates »
    assert sum(not r.get("qpv") for r in records) == 792
    table, report = read_digital_advisers(path)
    assert table["commune_code"].str.fullmatch(r"\d[0-9AB]\d{3}").all()
    assert table["commune_code"].str.startswith("0").sum() > 100  # zeros lost in code_postal
    assert "qpv" not in table.columns  # an empty « qpv » must never be read as « hors QPV »
    line = 1 + next(k for k, r in enumerate(records) if r["raison_sociale"] == "COMMUNE DE BONDY")
    weak = {i.line: i.problem for i in report.issues if i.code == "W-GEO"}
    assert weak[line] == "adresse placée avec un score de 0,46 (à vérifier)."


def test_libraries_without_identifier_or_hours() -> None:
    path = real_file("partners/bibliotheques_ile_de_france.geojson")
    facts = [f["properties"] for f in json.loads(path.read_text(encoding="utf-8"))["features"]]
    assert sum(not f.get("sql_6") for f in facts) == 10
    assert not any(f.get("geo") for f in facts)
    assert sum(not f.get("heuresouverture") for f in facts) == 40
    table, _ = read_libraries(path)
    assert table.index.is_unique
    assert table["opening_hours"].isna().sum() >= 40 - 5  # unknown, never closed


def test_pmi_that_share_a_point_or_a_name_are_all_kept_apart() -> None:
    table, report = read_pmi(real_file("partners/pmi_ile_de_france_2025-07.csv"))
    assert table.geometry.to_wkb().duplicated().sum() == 2
    assert table["name"].duplicated().sum() == 7
    assert table.index.is_unique
    assert problems(report, "W-POINT") == ["lieux au même point qu'un autre : 2."]


@pytest.mark.parametrize(
    ("name", "records", "ours"),
    [("adultes_relais_2023.json", 5416, 213), ("postes_fonjep_2023.json", 1478, 54)],
)
def test_lists_without_any_place_are_not_taken_for_places(
    name: str, records: int, ours: int
) -> None:
    path = real_file(f"partners/{name}")
    rows = json.loads(path.read_text(encoding="utf-8"))
    assert len(rows) == records
    assert sum("93" in map(str, row.values()) for row in rows) >= ours
    assert not any({"latitude", "lat", "adresse"} & set(row) for row in rows)
    with pytest.raises(UnknownKind, match="Vérifiez les noms de colonnes"):
        recognise(path)


def test_wifi_sites_are_a_kind_nobody_reads_yet() -> None:
    path = real_file("partners/paris_wifi_sites.geojson")
    sites = read_layer(path)
    assert len(sites) == 277
    assert sites["idpw"].isna().sum() == 2
    assert sites.geometry.to_wkb().duplicated().sum() == 2
    with pytest.raises(UnknownKind, match="contenu n'est pas reconnu"):
        recognise(path)
