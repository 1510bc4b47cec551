"""What must hold whatever the town: access, zones of one order, sectors, sites."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.analysis.access import cell_access, weekly_permanences
from territory.analysis.need import cell_need
from territory.analysis.siting import max_cover
from tests.analysis import town


@settings(max_examples=15, deadline=None)
@given(st.floats(1, 20), st.floats(0, 10))
def test_more_minutes_never_lower_the_counts(far: float, more: float) -> None:
    walk, permanences = town.minutes(town.places()), weekly_permanences(town.availability())
    short = cell_access(walk, permanences, town.places(), far_min=far)
    long = cell_access(walk, permanences, town.places(), far_min=far + more)
    columns = ["structures_far", "slots_near"]
    assert (long[columns] >= short[columns]).all(axis=None)


def test_one_more_permanence_never_lengthens_the_walk() -> None:
    walk, slots = town.minutes(town.places()), town.availability()
    more = pd.concat([slots, slots.assign(place_id="p2").set_axis(["s3", "s4"])])
    before = cell_access(walk, weekly_permanences(slots), town.places())
    after = cell_access(walk, weekly_permanences(more), town.places())
    assert (after["minutes_permanence"] <= before["minutes_permanence"]).all()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_shuffled_rows_give_the_same_need(seed: int) -> None:
    mixed = town.cells().sample(frac=1, random_state=seed)
    expected = cell_need(town.cells(), town.iris(), town.zones())
    got = cell_need(mixed, town.iris().iloc[::-1], town.zones())
    pd.testing.assert_frame_equal(got, expected)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5))
def test_more_sites_never_cover_less(seed: int, p: int) -> None:
    rng = np.random.default_rng(seed)
    covers, weights = rng.random((12, 6)) < 0.3, rng.random(12)
    fewer = max_cover(weights, covers, p).objective
    assert max_cover(weights, covers, p + 1).objective >= fewer - 1e-9
