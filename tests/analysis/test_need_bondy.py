"""The need of Bondy on real files: every cell has its doubt, cohorts their census."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from territory.analysis.cohorts import cohort_columns
from territory.analysis.need import cell_need
from territory.io.admin import join_census, read_census, read_communes, read_iris
from territory.io.population import read_cells
from territory.io.zones import read_zones
from territory.settings import COHORTS
from tests.real_data import real_file

CODES = frozenset({"93010"})


@pytest.fixture(scope="module")
def bondy() -> tuple[pd.DataFrame, pd.DataFrame]:
    communes, _ = read_communes(real_file("admin/mgp_com.shp"), codes=CODES)
    outlines, _ = read_iris(real_file("iris/mgp_iris.shp"), codes=CODES)
    census, _ = read_census(real_file("iris/base-ic-activite-residents-2016-idf.csv"))
    iris, _ = join_census(outlines, census)
    grid = real_file("grid/filosofi2019_carreaux_200m_bondy.gpkg")
    cells, _ = read_cells(grid, layer="bondy", communes=communes)
    zones, _ = read_zones(real_file("qpv/qp_2024_bondy_clip.geojson"), communes=communes)
    return cell_need(cells, iris, zones, seed=1), pd.DataFrame(iris)


def test_every_cell_has_an_interval_and_the_town_its_unemployed(bondy: tuple) -> None:
    need, iris = bondy
    assert (
        need[["target_low", "target_high", "percentile_low", "percentile_high"]]
        .notna()
        .all(axis=None)
    )
    lived = need[need["target"] >= 20]
    width = (lived["target_high"] - lived["target_low"]) / lived["target"]
    assert 0.4 < width.median() < 1.2  # known within a third or so, not to the unit
    # the grid holds 93.5 % of the adults of the census
    assert need["target"].sum() / iris["unemployed"].sum() == pytest.approx(0.91, abs=0.02)


@pytest.mark.parametrize(
    ("code", "column"),
    [
        ("jeunes", "unemployed_15_24"),
        ("femmes", "unemployed_women"),
        ("seniors", "unemployed_55_64"),
    ],
)
def test_cohorts_hold_their_census_and_no_more_than_everybody(
    bondy: tuple, code: str, column: str
) -> None:
    need, iris = bondy
    assert code in {c.code for c in COHORTS}
    middle, *_ = cohort_columns(code)
    held = need["target"].sum() / iris["unemployed"].sum()
    assert need[middle].sum() / iris[column].sum() == pytest.approx(held, abs=0.03)
    assert (need[middle] <= need["target"] + 1e-9).mean() > 0.98


def test_the_first_cells_are_lived_in_and_poor(bondy: tuple) -> None:
    need, _ = bondy
    first = need[need["top_decile_share"] >= 0.9]
    assert 3 <= len(first) <= 16
    assert first["residents"].min() > 200
    assert first["poverty_share"].min() > need["poverty_share"].median()
    assert np.isclose(need["in_qpv"], 0).any()
