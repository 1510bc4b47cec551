"""Gamma-Poisson by maximum likelihood: as a direct search, and sane at every border."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import nbinom

from territory.analysis.counted import FAR_APART
from territory.analysis.gamma_poisson import GammaPoisson, fit_gamma_poisson
from territory.errors import WrongUsage


def drawn(seed: int, places: int, *, mean: float, shape: float) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    expected = rng.gamma(1.0, 5.0, places) + 0.01
    return rng.poisson(rng.gamma(shape, mean / shape, places) * expected), expected


def judge(counts: np.ndarray, expected: np.ndarray) -> float:
    """Return the best log-likelihood a plain search finds over mean and shape."""

    def cost(logs: np.ndarray) -> float:
        mean, shape = np.exp(np.clip(logs, -20, 9))
        return -nbinom.logpmf(counts, shape, shape / (shape + mean * expected)).sum()

    starts = [(m, s) for m in (-0.5, 0.5) for s in (-1.0, 2.0)]
    options = {"xatol": 1e-8, "fatol": 1e-10, "maxiter": 600}
    return -min(minimize(cost, s, method="Nelder-Mead", options=options).fun for s in starts)


@pytest.mark.parametrize("shape", [0.3, 1.0, 4.0, 50.0])
@pytest.mark.parametrize("places", [4, 200])
def test_no_plain_search_does_better(places: int, shape: float) -> None:
    for seed in range(2):
        counts, expected = drawn(seed, places, mean=0.8, shape=shape)
        law = fit_gamma_poisson(counts, expected)
        assert law.loglik >= judge(counts, expected) - 1e-5


def test_the_truth_is_found_again() -> None:
    found = [fit_gamma_poisson(*drawn(s, 1000, mean=0.8, shape=2.0)) for s in range(20)]
    assert np.mean([f.mean for f in found]) == pytest.approx(0.8, rel=0.02)
    assert np.median([f.shape for f in found]) == pytest.approx(2.0, rel=0.05)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    expected = rng.gamma(1.0, 4.0, 3000)
    true = rng.gamma(2.0, 0.5, 3000)
    counts = rng.poisson(true * expected)
    law = fit_gamma_poisson(counts, expected)
    mean, low, high = law.posterior(counts, expected)
    assert 0.94 < ((low <= true) & (true <= high)).mean() < 0.96
    assert (low <= mean).all()
    assert (mean <= high).all()
    below = law.below(counts, expected)
    said = [below[true < 0.5].mean(), (true < 0.5).mean(), below.mean()]
    assert said[1] == pytest.approx(said[2], abs=0.02)  # calibrated on the whole
    assert said[0] > said[1]


def test_counts_steadier_than_chance_are_poisson() -> None:
    law = fit_gamma_poisson([5, 5, 5, 5], [5, 5, 5, 5])
    assert (law.mean, law.shape) == (1.0, np.inf)
    mean, low, high = law.posterior([0, 9], [5, 5])
    assert mean.tolist() == low.tolist() == high.tolist() == [1, 1]
    assert law.below([0], [5]).tolist() == [0]
    wary = law.at_least_dispersed(0.05)
    assert wary.shape == pytest.approx(20)
    assert wary.below([0], [50])[0] > 0.99


@pytest.mark.parametrize(
    ("observed", "expected", "mean", "places"),
    [
        ([3], [2], 1.5, 1),
        (3, 2, 1.5, 1),
        ([0, 0, 0], [1, 2, 3], 0.0, 3),
        ([2, 9], [4, 0], 0.5, 1),
        ([2, np.nan, 5], [4, 1, np.inf], 0.5, 1),
        ([2, 7], [4, 1e-320], 0.5, 1),
        (pd.Series([2, None], dtype="Int64"), [4, 4], 0.5, 1),
        ([2, None], [4, 4], 0.5, 1),
    ],
)
def test_hostile_counts(observed, expected, mean: float, places: int) -> None:
    law = fit_gamma_poisson(observed, expected)
    assert (law.mean, law.shape, law.places) == (pytest.approx(mean), np.inf, places)


def test_nothing_known_is_nothing_said() -> None:
    for observed, expected in (([], []), ([1], [0]), ([np.nan], [1])):
        law = fit_gamma_poisson(observed, expected)
        assert np.isnan([law.mean, law.shape]).all()
        assert np.isnan(law.below([1], [1])).all()
        assert np.isnan(law.posterior([1], [1])).all()


@pytest.mark.parametrize(
    ("observed", "expected", "message"),
    [
        ([1, 2], [1], "longueur"),
        ([-1], [1], "négatif"),
        ([1], [-1], "négatif"),
        ([[1]], [[1]], "dimension"),
    ],
)
def test_misfits_are_refused(observed, expected, message: str) -> None:
    with pytest.raises(WrongUsage, match=message):
        fit_gamma_poisson(observed, expected)


def test_a_place_that_expects_nothing_is_told_by_the_law_alone() -> None:
    law = GammaPoisson(0.8, 2.0, 0.0, 10)
    assert law.posterior([4], [0])[0] == pytest.approx([0.8])
    assert law.posterior([6], [8])[0] == pytest.approx([(2 + 6) / (2.5 + 8)])


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.just(0.0) | st.floats(1e-300, 40)), max_size=12),
    st.randoms(),
)
def test_any_map_gives_a_law_whatever_the_order(pairs: list[tuple[int, float]], mixer) -> None:
    law = fit_gamma_poisson([p[0] for p in pairs], [p[1] for p in pairs])
    mixed = list(pairs)
    mixer.shuffle(mixed)
    again = fit_gamma_poisson([p[0] for p in mixed], [p[1] for p in mixed])
    assert again.loglik == pytest.approx(law.loglik, abs=1e-6)
    useful = [n for n, e in pairs if e > 0 and n < FAR_APART * e]
    assert law.places == len(useful)
    if useful:
        assert law.mean >= 0
        assert law.shape > 0
