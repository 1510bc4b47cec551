"""Areas shared with large grounds: the same as cutting every pair."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.analysis.shared_area import shared_area

SQUARES = np.array(
    [shapely.box(x, y, x + 2, y + 2) for x in range(0, 12, 2) for y in range(0, 12, 2)]
)
CORNER = st.integers(0, 12)


@settings(max_examples=60)
@given(st.lists(st.tuples(CORNER, CORNER, CORNER, CORNER), min_size=1, max_size=5))
def test_as_when_every_pair_is_cut(corners: list[tuple[int, int, int, int]]) -> None:
    """Squares inside, on the edge, cut, and grounds with a hole or of several parts."""
    boxes = [shapely.box(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in corners]
    solid = [one for one in boxes if one.area > 0]
    pierced = reduce(shapely.symmetric_difference, solid, shapely.box(1, 1, 11, 11))
    grounds = np.array([*solid, pierced])
    ground, shape, area = shared_area(grounds, SQUARES)
    found = np.zeros((len(grounds), len(SQUARES)))
    found[ground, shape] = area
    slow = [[one.intersection(square).area for square in SQUARES] for one in grounds]
    assert found == pytest.approx(np.array(slow))


def test_nothing_meets_nothing() -> None:
    far = np.array([shapely.box(50, 50, 60, 60)])
    assert [len(part) for part in shared_area(far, SQUARES)] == [0, 0, 0]
    assert [len(part) for part in shared_area(far[:0], SQUARES)] == [0, 0, 0]
