"""The table of numbers kept in the code, beside the files it was measured on."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import Transformer

from territory.io.street_access import is_walkable
from territory.io.street_formats import read_ways
from territory.simulate.country_statistics import (
    ADULTS,
    AGES,
    BONDY,
    COMMUNE_NODES,
    IRIS_ADULTS,
    OFFICIAL_ADULTS,
    QUANTILES,
    QUARTERS,
    QUARTERS_PER_COMMUNE,
    STREETS,
    TOWN_LOG_SD,
    UNEMPLOYED_IRIS,
)
from tests.real_data import real_file

CENSUS = "iris/base-ic-activite-residents-2016-idf.csv"
FILES = {
    "bondy": ("osm/bondy_highways_2023.geojson", 2154),
    "heidelberg": ("osm/heidelberg.osm.pbf", 25832),
    "porto": ("osm/porto_portugal.osm.pbf", 3763),
}


@pytest.mark.parametrize("town", FILES)
def test_streets(town: str) -> None:
    name, epsg = FILES[town]
    ways = read_ways(real_file(name)).ways
    walked = np.array([is_walkable(tags) for tags in ways.kinds], bool)[ways.kind]
    ways = ways.taken(np.flatnonzero(walked))
    place = Transformer.from_crs(4326, epsg, always_xy=True)
    xy = np.column_stack(place.transform(*ways.xy.T))
    owner = ways.owner()
    same = owner[1:] == owner[:-1]
    step_m = np.linalg.norm(np.diff(xy, axis=0), axis=1)[same]
    ids, flat = np.unique(np.r_[ways.node[:-1][same], ways.node[1:][same]], return_inverse=True)
    degree = np.bincount(flat)
    shares = np.bincount(degree) / len(ids)
    _, first = np.unique(ways.node, return_index=True)
    cells = len(np.unique(xy[first] // 200, axis=0)) * 0.04
    highway = np.array([tags.get("highway") for tags in ways.kinds])[ways.kind]
    found, kept = STREETS[town], {"abs": 0.001}
    assert found.density_km2 == pytest.approx(len(ids) / cells, abs=1)
    assert (found.ends, found.bends, found.threes, found.fours) == pytest.approx(
        tuple(shares[1:5]), **kept
    )
    assert found.step_m == pytest.approx(tuple(np.quantile(step_m, QUANTILES)), abs=0.1)
    assert found.step_mean_m == pytest.approx(step_m.mean(), abs=0.1)
    ends = degree[degree != 2].sum() / 2
    assert found.segment_m == pytest.approx(step_m.sum() / ends, abs=0.1)
    assert found.way_nodes == pytest.approx(np.diff(ways.start).mean(), abs=0.1)
    assert found.stairs == pytest.approx((highway == "steps").mean(), **kept)
    if town == "bondy":
        assert len(ids) == COMMUNE_NODES


def test_cells_of_bondy_and_paris() -> None:
    bondy = gpd.read_file(real_file("grid/filosofi2019_carreaux_200m_bondy.gpkg"), layer="bondy")
    whole = bondy[bondy.area > 39_000]
    residents = np.quantile(whole["ind"], QUANTILES)
    assert BONDY.residents == pytest.approx(tuple(residents), abs=0.1)
    assert BONDY.residents_mean == pytest.approx(whole["ind"].mean(), abs=0.1)
    poor = whole["men_pauv"] / whole["men"]
    assert BONDY.poor == pytest.approx(tuple(np.quantile(poor, QUANTILES)), abs=0.006)
    assert BONDY.household == pytest.approx(bondy["ind"].sum() / bondy["men"].sum(), abs=0.01)
    people = bondy["ind"].sum()
    for name, share in AGES.items():
        assert share == pytest.approx(bondy[name].sum() / people, abs=0.001), name
    adults = [share for name, share in AGES.items() if name in {
        "ind_18_24", "ind_25_39", "ind_40_54", "ind_55_64"}]  # fmt: skip
    assert pytest.approx(sum(adults) + 3 / 7 * AGES["ind_11_17"], abs=0.001) == ADULTS
    paris = gpd.read_file(real_file("grid/filosofi2015_carreaux_200m_paris.gpkg"))
    city = gpd.read_file(real_file("admin/communes-75-paris.geojson")).to_crs(2154)
    assert BONDY.inhabited == pytest.approx(len(paris) * 0.04 / (city.area.sum() / 1e6), abs=0.01)
    assert BONDY.imputed == pytest.approx((paris["I_est_cr"] == 1).mean(), abs=0.001)


def test_quarters_of_ile_de_france() -> None:
    drawn = gpd.read_file(real_file("qpv/qpv_2015_ile_de_france.geojson"))
    drawn = drawn[(drawn["c_nat_qpv"] == "NQPV") & drawn.geometry.notna()].to_crs(2154)
    log_ha = np.log(drawn.area / 1e4)
    assert QUARTERS.log_ha == pytest.approx((log_ha.mean(), log_ha.std(ddof=0)), abs=0.002)
    compact = 4 * np.pi * drawn.area / drawn.length**2
    assert QUARTERS.compact == pytest.approx(tuple(np.quantile(compact, QUANTILES)), abs=0.006)
    filled = drawn.area / drawn.convex_hull.area
    assert QUARTERS.filled == pytest.approx(tuple(np.quantile(filled, QUANTILES)), abs=0.006)
    corners = drawn.get_coordinates().groupby(level=0).size()
    assert corners.median() == pytest.approx(QUARTERS.corners, abs=1)
    paris = gpd.read_file(real_file("grid/filosofi2015_carreaux_200m_paris.gpkg"))
    people, poor = _inside(drawn, paris)
    assert QUARTERS.share_of_people == pytest.approx(people, abs=0.002)
    assert QUARTERS.poverty_ratio == pytest.approx(poor, abs=0.02)


def _inside(quarters: gpd.GeoDataFrame, paris: gpd.GeoDataFrame) -> tuple[float, float]:
    """Return the share of people in quarters the cells cover, their poverty over the town's."""
    near = quarters[quarters.intersects(paris.union_all())].reset_index(names="q")
    parts = gpd.overlay(
        near[["q", "geometry"]],
        paris.assign(whole=paris.area)[["Ind", "Men", "Men_pauv", "whole", "geometry"]],
    )
    share = parts.area / parts["whole"]
    sums = parts[["Ind", "Men", "Men_pauv"]].mul(share, axis=0).assign(area=parts.area)
    sums = sums.groupby(parts["q"]).sum()
    covered = sums["area"] / near.set_index("q").area
    sums, town = sums[covered > 0.7].sum(), paris[["Ind", "Men", "Men_pauv"]].sum()
    poverty = [v["Men_pauv"] / v["Men"] for v in (sums, town)]
    return sums["Ind"] / town["Ind"], poverty[0] / poverty[1]


def test_communes_and_iris_of_ile_de_france() -> None:
    census = pd.read_csv(real_file(CENSUS), sep=";", dtype={"IRIS": str, "COM": str})
    adults = census.groupby("COM")["P16_POP1564"].sum()
    quarters = gpd.read_file(real_file("qpv/qpv_2015_ile_de_france.geojson"))
    quarters = quarters[quarters["c_nat_qpv"] == "NQPV"]
    held = quarters["c_cainsee"].dropna().astype(str).str.extract(r"(\d{5})")[0].value_counts()
    some = adults.reindex(held.index).dropna()
    spread = np.log(some).std(), np.log(adults).std()
    assert pytest.approx(spread, abs=0.001) == TOWN_LOG_SD
    assert pytest.approx(held.mean(), abs=0.01) == QUARTERS_PER_COMMUNE
    paris = gpd.read_file(real_file("iris/mgp_iris.shp"))
    joined = paris.merge(census, left_on="CODE_IRIS", right_on="IRIS")
    assert pytest.approx(joined["P16_POP1564"].mean(), abs=1) == IRIS_ADULTS
    rate = joined["P16_CHOM1564"] / joined["P16_ACT1564"]
    assert np.nanquantile(rate, QUANTILES) == pytest.approx(np.array(UNEMPLOYED_IRIS), abs=0.001)
    ours = joined[joined["CODE_EPT"].astype(str).str.contains("T8")]
    assert len(ours) == 161
    assert pytest.approx(ours["P16_POP1564"].sum(), abs=1) == OFFICIAL_ADULTS
