"""Cohorts: the same method for a part of the public, and what nobody knows said so."""

from __future__ import annotations

import geopandas as gpd  # noqa: TC002 - read by the tests' annotations
import numpy as np
import pandas as pd
import pytest

from territory.analysis.cohorts import cohort_columns
from territory.analysis.need import cell_need
from territory.analysis.shrinkage import shrunken_rates
from territory.errors import BadSettings
from territory.settings import COHORTS, FILE_NAME, Cohort, Need, read_settings
from tests.analysis import town

YOUNG = "cohort_jeunes"


def aged_cells() -> gpd.GeoDataFrame:
    young = np.arange(20) % 5 * 3.0
    return town.cells().assign(
        residents_18_24=young,
        residents_25_39=25.0,
        residents_40_54=20.0,
        residents_55_64=15 - young,
    )


def aged_iris() -> gpd.GeoDataFrame:
    return town.iris().assign(
        residents_15_24=[200.0, 100.0], residents_25_54=[600.0, 300.0],
        residents_55_64=[200.0, 100.0], women_15_64=[520.0, 260.0], men_15_64=[480.0, 240.0],
        unemployed_15_24=[30.0, 20.0], unemployed_25_54=[60.0, 100.0],
        unemployed_55_64=[10.0, 30.0], unemployed_women=[50.0, 80.0], unemployed_men=[50.0, 70.0],
    )  # fmt: skip


def test_the_mass_of_a_cohort_in_an_iris_is_kept_and_lives_where_its_ages_do() -> None:
    cells = aged_cells()
    need = cell_need(cells, aged_iris(), town.zones())
    rates = shrunken_rates([30, 20], [200, 100])
    first = [c for c in need.index if c < "c3"]
    # 12 cells of 60 adults for 1,000 residents of the census: the part the grid knows
    assert need.loc[first, YOUNG].sum() == pytest.approx(rates[0] * 200 * 720 / 1000)
    alike = cells[cells["poor_households"] == 4.0].index.intersection(first)
    assert need.loc[alike, YOUNG].to_numpy() == pytest.approx(need.loc[alike[0], YOUNG])
    nobody = cells.index[cells["residents_18_24"] == 0]
    assert (need.loc[nobody, [YOUNG, f"{YOUNG}_high"]] == 0).all(axis=None)


def test_cohorts_that_share_the_public_out_add_up_to_it() -> None:
    cells, iris = aged_cells().assign(residents_18_24=10.0, residents_55_64=10.0), aged_iris()
    figures = iris.columns.difference(["name", "commune_code", "geometry"])
    iris.loc["I2", figures] = iris.loc["I1", figures]  # equal rates: nothing is shrunk
    everyone = Need(
        cohorts=(
            COHORTS[0],
            COHORTS[2],
            Cohort(name="milieu", ages=(25, 54), unemployed=("CHOM2554",), residents=("POP2554",),
                   grid=("ind_25_39", "ind_40_54")),
        )
    )  # fmt: skip
    need = cell_need(cells, iris, town.zones(), settings=everyone)
    parts = need[["cohort_jeunes", "cohort_milieu", "cohort_seniors"]].sum(axis=1)
    assert parts.sum() == pytest.approx(need["target"].sum())


def test_a_cohort_has_its_interval_and_says_what_was_counted() -> None:
    need = cell_need(aged_cells(), aged_iris(), town.zones())
    for cohort in COHORTS:
        middle, low, high, basis = cohort_columns(cohort.code)
        assert (need[low] <= need[middle]).all()
        assert (need[middle] <= need[high]).all()
        assert need[basis].notna().all()
    assert need["cohort_jeunes_basis"].unique().tolist() == [
        "16 à 25 ans visés ; comptés : chômeurs de 15 à 24 ans (recensement par IRIS), répartis "
        "selon les habitants de 18 à 24 ans du carroyage"
    ]
    assert "18 à 64 ans" in need["cohort_femmes_basis"].iloc[0]


def test_a_cohort_without_data_is_unknown_and_never_zero() -> None:
    need = cell_need(town.cells(), town.iris(), town.zones())
    assert need["target"].notna().all()
    assert need[[YOUNG, f"{YOUNG}_low", f"{YOUNG}_high"]].isna().all(axis=None)
    assert need[f"{YOUNG}_basis"].unique().tolist() == [
        "inconnu : les données du recensement ne distinguent pas ce public"
    ]


def test_one_iris_without_figures_leaves_only_its_cells_unknown() -> None:
    iris = aged_iris()
    iris.loc["I2", "unemployed_15_24"] = np.nan
    need = cell_need(aged_cells(), iris, town.zones())
    lost = need[YOUNG].isna()
    assert set(need.index[lost]) == {c for c in need.index if c >= "c3"}
    assert need.loc[lost, f"{YOUNG}_basis"].unique().tolist() == [
        "inconnu : aucun recensement utilisable pour cet IRIS"
    ]


def test_a_grid_without_ages_shares_by_all_adults_and_says_so() -> None:
    need = cell_need(town.cells(), aged_iris(), town.zones())
    assert need[YOUNG].gt(0).all()
    assert need[f"{YOUNG}_basis"].str.contains("le carroyage n’a pas d’âges ici").all()


def test_cohorts_are_settings(tmp_path: object) -> None:
    text = (
        '[[besoin.cohortes]]\nnom = "Mères isolées"\nages = [27, 49]\nchomeurs = ["FCHOM1564"]\n'
        'habitants = ["F1564"]\ncarreaux = ["ind_25_39", "ind_40_54"]\n'
    )
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
    wished = read_settings(tmp_path).need
    assert [c.code for c in wished.cohorts] == ["meres_isolees"]
    need = cell_need(aged_cells(), aged_iris(), town.zones(), settings=wished)
    assert need["cohort_meres_isolees"].notna().all()
    assert "cohort_jeunes" not in need


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ('chomeurs = ["CHOM1830"]', "colonne inconnue : CHOM1830 ; colonnes possibles : CHOM1564"),
        ("chomeurs = []", "colonne inconnue : aucune"),
        ("ages = [60, 20]", "deux âges, le plus petit d'abord"),
        ('nom = "!"', "valeur non comprise"),
    ],
)
def test_an_impossible_cohort_is_refused_in_french(
    tmp_path: object, change: str, message: str
) -> None:
    lines = {
        "nom": 'nom = "a"', "ages": "ages = [16, 25]", "chomeurs": 'chomeurs = ["CHOM1524"]',
        "habitants": 'habitants = ["POP1524"]', "carreaux": 'carreaux = ["ind_18_24"]',
    }  # fmt: skip
    lines[change.partition(" ")[0]] = change
    text = "\n".join(["[[besoin.cohortes]]", *lines.values()])
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(BadSettings, match=message):
        read_settings(tmp_path)


def test_two_cohorts_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="same name"):
        Need(cohorts=(COHORTS[0], COHORTS[0]))


def test_a_cohort_does_not_move_the_figures_of_the_others() -> None:
    both = cell_need(aged_cells(), aged_iris(), town.zones())
    one = cell_need(aged_cells(), aged_iris(), town.zones(), settings=Need(cohorts=COHORTS[:1]))
    pd.testing.assert_frame_equal(both[list(one.columns)], one)
