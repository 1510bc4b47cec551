"""Target residents: mass of each IRIS, intervals that hold, ranks that say what they hang on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from scipy.stats import gamma, rankdata

from territory.analysis.need import CENSUS, cell_need
from territory.analysis.need_draws import (
    Allocated,
    draw_allocated,
    draw_shares,
    interval,
    percentile_draws,
)
from territory.analysis.need_rank import robust_ranks
from territory.analysis.shrinkage import gamma_shapes, shrunken_rates
from territory.model.tables import CELLS, IRIS, ZONES, conform, empty_table
from territory.settings import Need
from tests.analysis import town

ALONE = Need(cohorts=(), draws=100)


def random(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_the_posterior_of_a_rate_is_the_conjugate_one() -> None:
    events, people = np.array([30.0, 90.0, 60.0]), np.array([1000.0, 1000.0, 1000.0])
    mean, spread = 0.06, ((0.03**2 + 0.03**2 + 0) / 3 - 0.06 / 1000)
    shapes, rates = gamma_shapes(events, people), shrunken_rates(events, people)
    assert shapes == pytest.approx(mean**2 / spread + events)
    assert shapes / (mean / spread + people) == pytest.approx(rates)


def test_a_sampled_count_is_worth_less_and_equal_places_lend_no_more_than_they_have() -> None:
    assert gamma_shapes([40], [900], sampled=0.4) == pytest.approx([40 * 0.4 / 0.6])
    assert gamma_shapes([10, 10], [100, 100]) == pytest.approx([20, 20])  # no spread: the total
    assert np.isnan(gamma_shapes([np.nan], [100])).all()
    assert gamma_shapes([], []).shape == (0,)


def test_draws_keep_the_mass_of_each_area_draw_by_draw() -> None:
    area, people = np.array([1, 0, 1, -1, 0]), np.array([10.0, 5, 20, 7, 0])
    known = Allocated(area, people, np.array([np.inf, np.inf]), np.full(5, 0.3))
    drawn = draw_allocated(known, 200, random())
    assert drawn[:, [0, 2]].sum(axis=1) == pytest.approx(np.full(200, 30.0))
    assert drawn[:, [1, 4]].sum(axis=1) == pytest.approx(np.full(200, 5.0))
    assert (drawn[:, 4] == 0).all()  # nobody stays nobody
    assert np.isnan(drawn[:, 3]).all()  # unknown stays unknown
    assert drawn[:, 0].mean() == pytest.approx(10, abs=1)


def test_the_total_of_an_area_follows_its_gamma_posterior() -> None:
    given_ = Allocated(np.zeros(3, int), np.array([10.0, 20, 30]), np.array([40.0]), np.zeros(3))
    total = draw_allocated(given_, 4000, random()).sum(axis=1)
    wanted = gamma.ppf([0.05, 0.5, 0.95], 40, scale=60 / 40)
    assert np.quantile(total, [0.05, 0.5, 0.95]) == pytest.approx(wanted, rel=0.03)


def test_without_error_nor_doubt_only_chance_is_left() -> None:
    given_ = Allocated(np.zeros(2, int), np.array([30.0, 70]), np.array([np.inf]), np.zeros(2))
    drawn = draw_allocated(given_, 4000, random())
    assert drawn[:, 0].std() == pytest.approx(np.sqrt(100 * 0.3 * 0.7), rel=0.05)  # a binomial


def test_shares_of_households_give_people_and_their_doubt() -> None:
    drawn = draw_shares([4, 0, 5, np.nan], [40, 10, 0, 9], [60, 50, 9, 9], 0.0, 4000, random())
    assert drawn[:, 0].mean() == pytest.approx(6, abs=0.2)
    assert (drawn[:, 1] == 0).all()
    assert np.isnan(drawn[:, 2:]).all()


def test_percentiles_are_those_of_pandas_draw_by_draw() -> None:
    draws = random().gamma(1, 5, (20, 30)).round()
    draws[draws < 2] = 0
    draws += np.where(draws > 0, random(1).random(draws.shape), 0)
    area = np.linspace(1, 3, 30)
    expected = pd.DataFrame(draws / area).rank(axis=1, pct=True) * 100
    assert percentile_draws(draws, area) == pytest.approx(expected.to_numpy())
    draws[:, 3] = np.nan
    found = percentile_draws(draws, area)
    assert np.isnan(found[:, 3]).all()
    assert not np.isnan(found[:, :3]).any()


@pytest.mark.parametrize("shape", [(0, 0), (5, 0), (0, 4)])
def test_nothing_to_draw_is_nothing(shape: tuple[int, int]) -> None:
    empty = np.empty(shape)
    assert percentile_draws(empty, np.ones(shape[1])).shape == shape
    assert interval(empty, np.ones(shape[1]))[0].shape == (shape[1],)


def test_an_interval_is_always_around_the_figure() -> None:
    low, high = interval(np.full((10, 2), 5.0), [4.0, np.nan])
    assert (low[0], high[0]) == (4, 5)
    assert np.isnan([low[1], high[1]]).all()


def test_every_cell_has_its_intervals() -> None:
    need = cell_need(town.cells(), town.iris(), town.zones())
    for name in ("target", "percentile"):
        assert (need[f"{name}_low"] <= need[name]).all()
        assert (need[name] <= need[f"{name}_high"]).all()
        assert (need[f"{name}_low"] < need[f"{name}_high"]).all()
    assert need["percentile_high"].max() <= 100
    assert need["target_low"].min() >= 0
    assert set(need["basis"]) == {CENSUS}
    assert need.index.name == "cell_id"


def test_the_same_seed_gives_the_same_need_whatever_the_order_of_rows() -> None:
    cells, iris = town.cells(), town.iris()
    first = cell_need(cells, iris, town.zones(), seed=3)
    again = cell_need(cells.sample(frac=1, random_state=1), iris.iloc[::-1], town.zones(), seed=3)
    pd.testing.assert_frame_equal(first, again)
    other = cell_need(cells, iris, town.zones(), seed=4)
    assert (other["target"] == first["target"]).all()
    assert (other["target_low"] != first["target_low"]).any()


def test_no_cell_no_iris_no_zone_is_no_need() -> None:
    cells, iris, zones = (empty_table(t) for t in (CELLS, IRIS, ZONES))
    assert cell_need(cells, iris, zones).empty
    alone = cell_need(town.cells(), iris, zones)
    assert alone["target_low"].notna().all()
    assert alone["in_qva"].isna().all()  # no perimeter given: unknown, not outside


def test_unknown_cells_have_no_interval_and_no_rank() -> None:
    cells = town.cells()
    cells.loc["c00", ["residents", "residents_18_64", "households", "poor_households"]] = np.nan
    need = cell_need(cells, town.iris(), town.zones()).loc["c00"]
    names = ["target", "target_low", "target_high", "percentile_low", "rank", "top_decile_share"]
    assert need[names].isna().all()
    assert pd.isna(need["basis"])


def test_a_cell_without_adults_holds_nobody_for_sure() -> None:
    cells = town.cells()
    cells.loc["c00", ["residents", "residents_18_64", "households", "poor_households"]] = 0.0
    need = cell_need(cells, town.iris(), town.zones()).loc["c00"]
    assert need[["target", "target_low", "target_high"]].tolist() == [0, 0, 0]
    assert pd.isna(need["rank"])


def test_a_handful_of_households_has_a_need_and_no_rank() -> None:
    cells = town.cells()
    cells.loc["c00", ["residents", "residents_18_64", "households", "poor_households"]] = [
        20.0, 12.0, 8.0, 8.0,
    ]  # fmt: skip
    need = cell_need(cells, town.iris(), town.zones())
    assert need.loc["c00", "target"] > 0
    assert need.loc["c00", ["rank", "top_decile_share"]].isna().all()
    assert need["rank"].max() <= 19


def test_quarters_are_a_label_and_change_no_estimate() -> None:
    zones = town.zones()
    watched = pd.concat([zones, zones.assign(kind="qva").set_axis(["QVA1"])])
    plain = cell_need(town.cells(), town.iris(), empty_table(ZONES))
    told = cell_need(town.cells(), town.iris(), conform(watched, ZONES))
    assert told["in_qva"]["c40"] == pytest.approx(0.5)
    same = [c for c in told if c not in {"in_qpv", "in_qva"}]
    pd.testing.assert_frame_equal(plain[same], told[same])


@example_settings(max_examples=12, deadline=None)
@given(st.integers(0, 19), st.floats(1, 40))
def test_more_poor_households_never_mean_less_need(cell: int, more: float) -> None:
    cells = town.cells()
    before = cell_need(cells, town.iris(), town.zones(), settings=ALONE)["target"]
    cells.loc[town.IDS[cell], "poor_households"] += more
    after = cell_need(cells, town.iris(), town.zones(), settings=ALONE)["target"]
    assert after[town.IDS[cell]] >= before[town.IDS[cell]] - 1e-9
    assert after.sum() == pytest.approx(before.sum())  # the mass of each IRIS is kept


def test_more_unemployed_in_an_iris_mean_more_need_in_its_cells() -> None:
    iris = town.iris()
    before = cell_need(town.cells(), iris, town.zones(), settings=ALONE)
    iris.loc["I1", "unemployed"] = 140.0
    after = cell_need(town.cells(), iris, town.zones(), settings=ALONE)
    inside = [c for c in town.IDS if c < "c3"]
    assert (after["target"] >= before["target"])[inside].all()
    assert (after["target_high"] > before["target_high"])[inside].sum() >= 0.8 * len(inside)


def test_imputed_cells_are_less_sure() -> None:
    cells = town.cells()
    spread = {}
    for imputed in (False, True):
        cells["imputed"] = pd.array([imputed] * len(cells), dtype="boolean")
        need = cell_need(cells, town.iris(), town.zones(), settings=ALONE)
        spread[imputed] = (need["target_high"] - need["target_low"]).sum()
    assert spread[True] > spread[False]


def planted(seed: int, log_sd: float) -> tuple[pd.Series, pd.DataFrame]:
    """Draw a town whose truth is known; return true target residents, and what is estimated."""
    draw = random(seed)
    n, per_iris = 40, 10
    n_iris, ids = n // per_iris * 10, [f"c{k:04d}" for k in range(n * 10)]
    squares = [town.box(200 * k, 0, 200 * k + 200, 200) for k in range(n * 10)]
    residents = np.round(draw.gamma(3, 120, n * 10))
    adults, homes = np.round(0.6 * residents), np.maximum(np.round(residents / 2.3), 1)
    poor = draw.binomial(homes.astype(int), np.clip(draw.beta(2, 7, n * 10), 0, 1)).astype(float)
    of = np.repeat(np.arange(n_iris), per_iris)
    level = (np.bincount(of, poor) / np.bincount(of, homes))[of]
    pull = (0.5 + poor / homes / level) * np.exp(log_sd * draw.standard_normal(n * 10))
    iris_rate = 0.09 * draw.gamma(9, 1 / 9, n_iris)
    mean = np.bincount(of, adults * pull) / np.bincount(of, adults)
    truth = draw.binomial(adults.astype(int), np.clip(iris_rate[of] * pull / mean[of], 0, 1))
    found = draw.binomial(np.bincount(of, truth).astype(int), 0.4) / 0.4  # the census samples
    cells = {"residents": residents, "residents_18_64": adults, "households": homes,
             "poor_households": poor, "imputed": False, "geometry": squares}  # fmt: skip
    wide = 200 * per_iris
    areas = [town.box(wide * k, 0, wide * k + wide, 200) for k in range(n_iris)]
    iris = {
        "residents_15_64": np.bincount(of, adults), "unemployed": found, "geometry": areas,
    }  # fmt: skip
    need = cell_need(
        conform(pd.DataFrame(cells, index=ids), CELLS),
        conform(pd.DataFrame(iris, index=[f"I{k:03d}" for k in range(n_iris)]), IRIS),
        empty_table(ZONES),
        settings=Need(cohorts=(), allocation_sd=log_sd),
        seed=seed,
    )
    return pd.Series(truth, index=ids), need


@pytest.mark.parametrize("log_sd", [0.0, 0.17, 0.4])
def test_nine_intervals_in_ten_hold_the_truth(log_sd: float) -> None:
    held, placed, n = 0, 0, 0
    for seed in range(5):
        truth, need = planted(seed, log_sd)
        held += truth.between(need["target_low"], need["target_high"]).sum()
        place = 100 * truth.rank(pct=True)
        placed += place.between(need["percentile_low"], need["percentile_high"]).sum()
        n += len(need)
    assert 0.85 <= held / n <= 0.95
    assert 0.85 <= placed / n <= 0.95


def test_ranks_are_those_of_a_plain_count() -> None:
    draw = random(5)
    themes = {name: [pd.Series(draw.random(30).round(1))] for name in "abc"}
    found = robust_ranks(themes, 300, random(1))
    score = sum((s.rank() - 0.5).div(30).clip(0.05, 0.95) for (s,) in themes.values())
    assert found["rank"].tolist() == rankdata(-score.round(9), method="min").astype(int).tolist()
    weights = random(1).dirichlet(np.ones(3), size=300)
    parts = np.column_stack([(s.rank() - 0.5).div(30).clip(0.05, 0.95) for (s,) in themes.values()])
    slow = np.array([rankdata(-(parts @ w).round(9), method="min") for w in weights])
    assert found["top_decile_share"].tolist() == pytest.approx((slow <= 3).mean(axis=0))
    assert (found["rank_low"] <= found["rank"]).all()
    assert (found["rank"] <= found["rank_high"]).all()


def test_themes_that_agree_leave_no_doubt_and_extremes_count_no_more() -> None:
    values = pd.Series(np.arange(20.0))
    found = robust_ranks({"a": [values], "b": [values * 2]}, 200, random())
    assert (found["rank_low"] == found["rank_high"]).all()
    assert found["top_decile_share"].tolist() == [0.0] * 18 + [1.0] * 2
    values.iloc[-1] = 1e9
    pd.testing.assert_frame_equal(
        found, robust_ranks({"a": [values], "b": [values * 2]}, 200, random())
    )


def test_a_theme_unknown_in_a_cell_leaves_its_weight_to_the_others() -> None:
    first, second = pd.Series([1.0, 2, 3, np.nan]), pd.Series([np.nan, 2, 3, np.nan])
    found = robust_ranks({"a": [first], "b": [second]}, 100, random())
    assert found["rank"].tolist()[:3] == [3, 2, 1]
    assert found.iloc[3].isna().all()


def test_nobody_to_rank_is_an_empty_answer() -> None:
    nothing = pd.Series([np.nan, np.nan])
    assert robust_ranks({"a": [nothing]}, 100, random()).isna().all(axis=None)
    assert robust_ranks({"a": [nothing.iloc[:0]]}, 100, random()).empty
