"""Calibration on counts: a simulated truth is found again, and what cannot be said is refused."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from shapely.geometry import LineString, Point

from territory.analysis.passage_fit import _fitted, counts_on_streets, fit_passage
from territory.errors import NoAnswer, WrongUsage
from territory.model.walking import PURPOSES, slots, walks_in

CODES = ("courses", "transports", "ecole", "voisinage")
TRUTH = {"courses": 2.0, "transports": 0.5, "ecole": 1.2, "voisinage": 0.0}


def loads(seed: int = 0, streets: int = 60) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    index = pd.Index(range(streets), name="segment_id")
    table = pd.DataFrame(draw.lognormal(5, 1.5, (streets, len(CODES))), index, list(CODES))
    return pd.concat([table, pd.DataFrame(np.nan, pd.Index([900], name="segment_id"), list(CODES))])


def counted(n: int, *, seed: int = 1, truth: dict[str, float] = TRUTH) -> pd.DataFrame:
    """Counts of one hour drawn from Poisson at the true rates."""
    draw, table, week = np.random.default_rng(seed), loads(), list(slots())
    named = {p.code: p for p in PURPOSES}
    rows = []
    for _ in range(n):
        street, (slot, day, period) = int(draw.integers(60)), week[draw.integers(len(week))]
        rate = sum(
            truth[c] * table.loc[street, c] * walks_in(named[c], day, period) / period.hours
            for c in CODES
        )
        rows.append((street, slot, float(draw.poisson(rate)), 1.0))
    return pd.DataFrame(rows, columns=["segment_id", "slot", "walkers_per_hour", "hours"])


def test_a_simulated_truth_is_found_again() -> None:
    fit = fit_passage(loads(), counted(200))
    for code, value in TRUTH.items():
        assert fit.coefficients[code] == pytest.approx(value, abs=0.12)
    assert fit.dispersion == pytest.approx(1.0, abs=0.3)
    assert fit.error < 0.35 < fit.error_scale_only


def test_more_counts_come_nearer_the_truth() -> None:
    def wrong(n: int) -> float:
        fits = [fit_passage(loads(), counted(n, seed=s)).coefficients for s in range(4)]
        return float(np.mean([abs(f[c] - TRUTH[c]) for f in fits for c in CODES]))

    assert wrong(160) < 0.6 * wrong(16)


def test_the_fit_is_the_largest_likelihood() -> None:
    """Against a general optimiser, where the pull is too weak to be seen."""
    draw = np.random.default_rng(4)
    rates = draw.lognormal(4, 1, (50, 3))
    seen = draw.poisson(rates @ [1.0, 0.3, 2.0]).astype(float)
    judge = minimize(
        lambda b: (rates @ b - seen * np.log(rates @ b)).sum(),
        np.ones(3),
        bounds=[(1e-9, None)] * 3,
    )
    assert _fitted(rates, seen) == pytest.approx(judge.x, rel=0.02)


def test_a_purpose_the_counts_do_not_see_keeps_the_common_scale() -> None:
    table = loads()
    table.loc[:59, "ecole"] = 0.0
    fit = fit_passage(table, counted(100, truth={**TRUTH, "ecole": 0.0}))
    assert fit.coefficients["ecole"] == pytest.approx(fit.scale, rel=1e-6)


def test_same_fit_whatever_the_order_of_counts() -> None:
    counts = counted(40)
    assert fit_passage(loads(), counts) == fit_passage(loads(), counts.iloc[::-1])


def test_counted_longer_weighs_more() -> None:
    counts = counted(30)
    twice = pd.concat([counts, counts], ignore_index=True)
    longer = counts.assign(hours=2.0)
    one, other = (fit_passage(loads(), c).coefficients for c in (twice, longer))
    assert one == pytest.approx(other, rel=1e-6)


@pytest.mark.parametrize("n", [0, 9])
def test_too_few_counts_are_refused(n: int) -> None:
    with pytest.raises(NoAnswer, match=f"au moins 10 comptages.*il y en a {n}"):
        fit_passage(loads(), counted(n))


def test_counts_where_nothing_is_known_are_left_out() -> None:
    counts = counted(12).assign(segment_id=900)
    with pytest.raises(NoAnswer, match="il y en a 0"):
        fit_passage(loads(), counts)


def test_counts_of_nobody_say_nothing() -> None:
    with pytest.raises(NoAnswer, match="ne disent rien"):
        fit_passage(loads(), counted(12).assign(walkers_per_hour=0.0))


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("walkers_per_hour", -1.0, "n'est pas possible"),
        ("walkers_per_hour", np.nan, "n'est pas possible"),
        ("hours", 0.0, "n'est pas possible"),
        ("slot", "lundi_nuit", "une période"),
    ],
)
def test_impossible_counts_are_refused(column: str, value: object, message: str) -> None:
    with pytest.raises(WrongUsage, match=message):
        fit_passage(loads(), counted(12).assign(**{column: value}))


def test_counts_are_tied_to_the_nearest_street() -> None:
    lines = [LineString([(0, 0), (100, 0)]), LineString([(0, 50), (100, 50)])]
    streets = gpd.GeoDataFrame(index=pd.Index([7, 3], name="segment_id"), geometry=lines, crs=2154)
    spots = [Point(10, 5), Point(10, 48), Point(10, 500), Point(10, 25)]
    counts = gpd.GeoDataFrame({"n": [1, 2, 3, 4]}, geometry=spots, crs=2154)
    assert counts_on_streets(counts, streets).to_numpy().tolist() == [[1, 7], [2, 3]]
    both = counts_on_streets(counts, streets, max_m=30)
    assert both["segment_id"].tolist() == [7, 3, 3]  # the smallest when as near
