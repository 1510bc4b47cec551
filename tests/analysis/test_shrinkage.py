"""Rates drawn to the mean: as published, never the wrong way, whatever is given."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.analysis.effort import shrunken_rates
from territory.analysis.shrinkage import shrunken_shares
from territory.errors import WrongUsage
from tests.real_data import reference_file

MAPS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 500)), min_size=1, max_size=30)


def test_sids_rates_and_their_parameters() -> None:
    table = pd.read_csv(reference_file("eb_rates_sids/sids2.csv"))
    case = json.loads(reference_file("eb_rates_sids/expected.json").read_text("utf-8"))
    got = shrunken_rates(table["SID74"], table["BIR74"])
    assert got[:5] == pytest.approx(case["empirical_bayes_first5"], abs=5e-8)
    a, m = case["eb_params"]["a"], case["eb_params"]["m"]
    raw, people = table["SID74"] / table["BIR74"], table["BIR74"]
    assert got == pytest.approx((m + (raw - m) * a / (a + m / people)).to_numpy(), abs=1e-9)


def test_huddersfield_shares() -> None:
    table = pd.read_csv(reference_file("eb_rates_huddersfield/huddersfield.csv"))
    expected = pd.read_csv(reference_file("eb_rates_huddersfield/expected_binomial_eb.csv"))
    got = 100 * shrunken_shares(table["cases"], table["total"])
    assert np.abs(got - expected["eb_pct"]).max() <= 0.0051  # printed with two decimals


@given(MAPS)
def test_rates_are_never_drawn_the_wrong_way(pairs: list[tuple[int, int]]) -> None:
    events, people = np.array(pairs, float).T
    got, known = shrunken_rates(events, people), people > 0
    if not known.any():
        assert np.isnan(got).all()
        return
    mean = events[known].sum() / people[known].sum()
    raw = np.where(known, events / np.where(known, people, 1), mean)
    assert ((got - mean) * (raw - mean) >= -1e-12).all()
    assert (np.abs(got - mean) <= np.abs(raw - mean) + 1e-12).all()
    assert (got >= 0).all()


@given(MAPS)
def test_shares_are_never_drawn_the_wrong_way(pairs: list[tuple[int, int]]) -> None:
    trials = np.array([b for _, b in pairs], float)
    events = np.minimum([a for a, _ in pairs], trials)
    got, known = shrunken_shares(events, trials), trials > 0
    if not known.any():
        assert np.isnan(got).all()
        return
    mean = events[known].sum() / trials[known].sum()
    raw = np.where(known, events / np.where(known, trials, 1), mean)
    assert ((got - mean) * (raw - mean) >= -1e-12).all()
    assert (np.abs(got - mean) <= np.abs(raw - mean) + 1e-12).all()


def test_one_constant_rate_is_never_reversed() -> None:
    """The case where an unfloored variance is negative every other time."""
    rng = np.random.default_rng(1)
    for _ in range(200):
        events = rng.poisson(1.3, 60)
        got = shrunken_rates(events, np.full(60, 1000))
        assert np.corrcoef(np.append(got, [0, 1]), np.append(events / 1000, [0, 1]))[0, 1] > 0
        assert (np.sign(got - got.mean()) * np.sign(events - events.mean()) >= 0).all() or (
            np.ptp(got) < 1e-12
        )
        assert got.min() >= 0


@pytest.mark.parametrize("shrink", [shrunken_rates, shrunken_shares])
def test_hostile_inputs(shrink) -> None:
    assert shrink([], []).tolist() == []
    assert shrink([1], [4]).tolist() == [0.25]
    assert shrink(1, 4).tolist() == [0.25]
    assert shrink([0, 0], [5, 7]).tolist() == [0, 0]
    assert np.isnan(shrink([1, 2], [0, 0])).all()
    assert np.isnan(shrink([np.nan], [5])).all()
    assert shrink([1, np.nan, 3, 1], [4, 5, np.inf, 0])[1:] == pytest.approx([0.25] * 3)
    assert shrink(pd.Series([1, None], dtype="Int64"), (4, 4)) == pytest.approx([0.25, 0.25])
    with pytest.raises(WrongUsage, match="longueur"):
        shrink([1], [4, 5])
    with pytest.raises(WrongUsage, match="négatif"):
        shrink([-1], [4])


def test_more_cases_than_people_are_no_share() -> None:
    with pytest.raises(WrongUsage, match="100 %"):
        shrunken_shares([5], [4])


def test_what_is_given_is_left_as_it_was() -> None:
    events, people = np.array([1.0, np.nan, 4.0]), np.array([5.0, 5.0, 0.0])
    before = events.copy(), people.copy()
    shrunken_rates(events, people)
    np.testing.assert_array_equal(events, before[0])
    np.testing.assert_array_equal(people, before[1])
