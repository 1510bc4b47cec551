"""Effort by meeting place: counts held where they were made, pooled on foot, outing by outing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from territory.analysis.effort import EffortTotals, cell_effort
from territory.analysis.effort_pooled import clumping, pooled, ratios, walk_kernel
from territory.analysis.need import cell_need
from territory.model.tables import ACTIVITIES, conform
from tests.analysis import town

if TYPE_CHECKING:
    import geopandas as gpd

TODAY = date(2026, 11, 1)
MIDDLE = {c: s.centroid for c, s in zip(town.IDS, town.SQUARES, strict=True)}


def outings(*rows: tuple[str | Point | None, int | None, str]) -> gpd.GeoDataFrame:
    """Realised outings: (cell or point, people informed, day)."""
    data = {
        "on": pd.to_datetime([day for _, _, day in rows]),
        "state": "realise",
        "n_informed": [n for _, n, _ in rows],
        "geometry": [MIDDLE.get(p, p) if isinstance(p, str) else p for p, _, _ in rows],
    }
    return conform(pd.DataFrame(data, index=[f"a{k:03d}" for k in range(len(rows))]), ACTIVITIES)


def effort(done: gpd.GeoDataFrame, **more: object) -> tuple[pd.DataFrame, EffortTotals]:
    given = {"between": town.minutes(town.cells().assign(geometry=town.cells().centroid))}
    given |= {"cells": town.cells()} | more
    need = cell_need(town.cells(), town.iris(), town.zones())
    usual = {"months": 12, "half_life_months": 9.0, "kernel_min": 4.0, "reach_min": 10.0}
    return cell_effort(done, town.minutes(done), need, reference=TODAY, **usual, **given)


def test_met_is_whole_and_never_spread() -> None:
    spots = (("c11", 7, "2026-10-01"), ("c11", 3, "2026-09-01"), ("c30", 5, "2026-10-01"))
    table, totals = effort(outings(*spots, (Point(1200, 100), 4, "2026-10-01")))
    assert table["met"].dtype == "int64"
    assert table.loc[["c11", "c30"], "met"].tolist() == [10, 5]
    assert table["met"].sum() == 15
    assert table["outings_met"].sum() == 3
    assert totals.contacts_outside == 4
    assert table["contacts"].sum() == pytest.approx(19)
    without, _ = effort(outings(*spots), cells=None)
    assert without["met"].isna().all()


def test_a_point_on_a_border_is_met_once() -> None:
    table, _ = effort(outings((Point(200, 100), 6, "2026-10-01")))
    assert table["met"].to_dict()["c00"] == 6
    assert table["met"].sum() == 6


def test_n_eff_is_that_of_kish() -> None:
    table, _ = effort(outings(("c11", 8, "2026-11-01"), ("c11", 8, "2026-02-01")))
    old = 0.5 ** ((pd.Timestamp(TODAY) - pd.Timestamp("2026-02-01")).days / (365.25 / 12) / 9)
    share = table.loc["c11", "contacts"] / 16
    assert table.loc["c11", "contacts_recent"] == pytest.approx(8 * share * (1 + old))
    assert table.loc["c11", "n_eff"] == pytest.approx(8 * share * (1 + old) ** 2 / (1 + old**2))
    assert (table["n_eff"] <= table["contacts"] + 1e-9).all()


def test_pooling_by_hand() -> None:
    walk = pd.DataFrame([[0, 4.0], [4.0, 0]], index=["a", "b"], columns=["a", "b"])
    counts, expected = pd.Series([6.0, 0], index=["a", "b"]), pd.Series([2.0, 4], index=["a", "b"])
    k = np.exp(-0.5)
    got = pooled(counts, expected, walk_kernel(walk, 4, 10))
    scale = (2 + 4 * k) / (2 + 4 * k * k)
    assert got.loc["a"].tolist() == pytest.approx([6 * scale, (2 + 4 * k) * scale])
    alone = pooled(counts, expected, walk_kernel(walk, 4, 3))
    assert alone["contacts_pooled"].tolist() == [6, 0]
    assert pooled(counts, expected, None)["expected_pooled"].tolist() == [2, 4]


def test_a_cell_tied_to_no_street_keeps_its_own() -> None:
    far = pd.DataFrame(np.inf, index=["a", "b"], columns=["a", "b"])
    got = pooled(
        pd.Series([6.0, 1], ["a", "b"]), pd.Series([2.0, 3], ["a", "b"]), walk_kernel(far, 4, 10)
    )
    assert got["contacts_pooled"].tolist() == [6, 1]


def test_clumping_by_hand() -> None:
    assert clumping([1, 1, 1]) == 1
    assert clumping([10, 10]) == 10
    assert clumping([2, 4, np.nan]) == pytest.approx(20 / 6)
    assert clumping([]) == clumping([0, 0]) == clumping([np.nan]) == 1


def test_people_met_together_weigh_less() -> None:
    """Twelve people of one outing tell places apart less than twelve met one by one."""
    cells = ("c11", "c30", "c42")
    together, _ = effort(outings(*((c, 12, "2026-10-01") for c in cells)))
    days = pd.date_range("2026-03-01", periods=12).strftime("%Y-%m-%d")
    apart, _ = effort(outings(*((c, 1, d) for d in days for c in cells)))
    assert together["contacts"].sum() == pytest.approx(apart["contacts"].sum())
    assert np.ptp(together["theta"]) < np.ptp(apart["theta"])


def test_what_was_not_counted_is_held_against_nobody() -> None:
    spots = [("c00", 9, "2026-10-01"), ("c01", 8, "2026-10-02"), ("c03", 9, "2026-10-03")]
    silent = [("c41", None, f"2026-09-{d:02d}") for d in range(1, 9)]
    less, _ = effort(outings(*spots))
    table, totals = effort(outings(*spots, *silent))
    assert totals.activities_uncounted == 8
    assert table.loc["c41", "outings_uncounted"] == 8
    assert table.loc["c41", "p_below_half"] < less.loc["c41", "p_below_half"]
    assert table.loc["c41", "ratio_high"] > less.loc["c41", "ratio_high"]
    assert table.loc["c41", "contacts"] == less.loc["c41", "contacts"]


def test_nothing_done_says_nothing_against_anybody() -> None:
    for done in (outings(), outings(("c11", None, "2026-10-01")), outings((None, 4, "2026-10-01"))):
        table, totals = effort(done)
        assert table["contacts"].sum() == table["met"].sum() == 0
        assert table["p_below_half"].max() < 0.05
        assert totals.contacts_located == 0


def test_unknown_need_is_unknown_effort() -> None:
    need = cell_need(town.cells(), town.iris(), town.zones())
    need.loc["c22", "target"] = np.nan
    done = outings(("c11", 7, "2026-10-01"))
    table, _ = cell_effort(
        done, town.minutes(done), need, reference=TODAY, months=12, half_life_months=9,
        kernel_min=4, reach_min=10,
    )  # fmt: skip
    assert table.loc["c22", ["expected", "theta", "p_below_half"]].isna().all()
    assert table.drop("c22")["theta"].notna().all()


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    spots = [(str(c), int(n), "2026-10-01") for c, n in
             zip(rng.choice(town.IDS, 9), rng.integers(0, 12, 9), strict=True)]  # fmt: skip
    done = outings(*spots)
    first, totals = effort(done)
    again, same = effort(done.sample(frac=1, random_state=seed), cells=town.cells().iloc[::-1])
    pd.testing.assert_frame_equal(first, again)
    assert totals == same
    assert first["ratio_low"].le(first["theta"]).all()
    assert first["theta"].le(first["ratio_high"]).all()
    assert first["p_below_half"].between(0, 1).all()


def test_the_interval_of_clumped_counts_covers_the_truth_where_people_one_by_one_do_not() -> None:
    """Outings at random, 1 to 15 people each, true ratios drawn from a gamma."""
    rng = np.random.default_rng(11)
    held = {"outing": [], "person": []}
    for _ in range(20):
        expected = rng.gamma(2.0, 30.0, 150)
        true = rng.gamma(4.0, 0.25, 150)
        met = [rng.integers(1, 16, rng.poisson(e * t / 8)) for e, t in zip(expected, true, strict=True)]  # fmt: skip  # noqa: E501
        counts = pd.Series([float(n.sum()) for n in met])
        windows = pooled(counts, pd.Series(expected), None)
        for name, clump in (("outing", clumping(np.concatenate(met))), ("person", 1.0)):
            table, _ = ratios(windows, clump=clump, counted=pd.Series(1.0, index=counts.index))
            held[name].append(((table["ratio_low"] <= true) & (true <= table["ratio_high"])).mean())
    assert 0.93 < np.mean(held["outing"]) < 0.97
    assert np.mean(held["person"]) < 0.75
