from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.analysis.siting import p_median
from territory.model.results import Ending
from tests.analysis.siting.medians import drawn, every_choice, published


@settings(max_examples=150)
@given(st.integers(0, 10**6), st.booleans())
def test_median_equals_enumeration(seed: int, whole: bool) -> None:
    case = drawn(seed, whole=whole)
    choices = every_choice(case)
    got = p_median(case.weights, case.cost, case.p, fixed=case.fixed, forbidden=case.forbidden)
    if not choices:
        assert (got.ending, got.chosen) == (Ending.IMPOSSIBLE, ())
        return
    assert got.ending is Ending.OPTIMAL
    assert got.objective == pytest.approx(choices[0][0])
    assert got.chosen in [c for v, c in choices if v <= choices[0][0] + 1e-9]
    assert got.bound == pytest.approx(got.objective)
    assert got.bound <= got.objective


@pytest.mark.parametrize("name", ["pmed1", "pmed6", "pmed9", "pmed16", "pmed34"])
def test_published_medians_are_proved(name: str) -> None:
    cost, p, optimum = published(name)
    got = p_median(np.ones(len(cost)), cost, p)
    assert (got.objective, got.bound, got.ending) == (optimum, optimum, Ending.OPTIMAL)
