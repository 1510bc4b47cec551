"""Limits around the rate of all: what chance alone does, and what it does not."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from territory.analysis.funnel import (
    overdispersion,
    poisson_limits,
    rate_funnel,
    share_funnel,
)


def test_chance_alone_is_inside_nineteen_times_in_twenty() -> None:
    rng = np.random.default_rng(4)
    exposure = rng.uniform(2, 400, 4000)
    counts = rng.poisson(3.0 * exposure).astype(float)
    funnel = rate_funnel(counts, exposure)
    rate = counts / exposure
    out = (rate < funnel.limits_95[:, 0]) | (rate > funnel.limits_95[:, 1])
    assert funnel.spread == 1.0
    assert out.mean() == pytest.approx(0.05, abs=0.012)
    far = (rate < funnel.limits_998[:, 0]) | (rate > funnel.limits_998[:, 1])
    assert far.mean() == pytest.approx(0.002, abs=0.003)
    assert np.array_equal(out, np.abs(funnel.z) > 1.959963984540054)


def test_shares_too() -> None:
    rng = np.random.default_rng(5)
    wholes = rng.integers(20, 3000, 4000).astype(float)
    parts = rng.binomial(wholes.astype(int), 0.3).astype(float)
    funnel = share_funnel(parts, wholes)
    share = parts / wholes
    out = (share < funnel.limits_95[:, 0]) | (share > funnel.limits_95[:, 1])
    assert out.mean() == pytest.approx(0.05, abs=0.012)
    assert funnel.overall == pytest.approx(0.3, abs=0.005)


def test_a_small_team_is_not_the_worst_by_chance_but_a_large_one_may_be() -> None:
    counts = np.array([0.0, 60.0, *[100.0] * 20])
    exposure = np.array([2.0, 100.0, *[100.0] * 20])
    funnel = rate_funnel(counts, exposure)
    assert abs(funnel.z[0]) < 1.96  # nobody met out of 2 expected
    assert funnel.z[1] < -3.09  # 60 met out of 100


def test_more_than_chance_widens_the_limits() -> None:
    rng = np.random.default_rng(6)
    exposure = rng.uniform(50, 100, 200)
    counts = rng.poisson(rng.gamma(4, 1 / 4, 200) * exposure).astype(float)
    funnel = rate_funnel(counts, exposure)
    assert funnel.spread > 5
    assert (np.abs(funnel.z) > 1.96).mean() < 0.15
    assert overdispersion(np.array([])) == 1.0
    assert overdispersion(np.full(30, 0.2)) == 1.0


def test_unknown_stays_unknown() -> None:
    funnel = rate_funnel(np.array([np.nan, 4.0, 5.0]), np.array([10.0, 10.0, np.nan]))
    assert np.isnan(funnel.z).tolist() == [True, False, True]
    assert funnel.overall == pytest.approx(0.4)
    nobody = share_funnel(np.array([np.nan]), np.array([np.nan]))
    assert np.isnan(nobody.overall)


def test_poisson_limits_are_those_of_garwood() -> None:
    found = poisson_limits(np.array([0.0, 10.0, np.nan]))
    assert found[0] == pytest.approx([0.0, 3.6888794541])
    assert found[1] == pytest.approx(
        [scipy.stats.chi2.ppf(0.025, 20) / 2, scipy.stats.chi2.ppf(0.975, 22) / 2]
    )
    assert np.isnan(found[2]).all()
