"""Residents in reach of a place, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from territory.analysis.transit_access import residents_in_reach
from territory.errors import WrongUsage

FOOT, TRAM = [300, 900, 1800, np.inf], [300, 600, 900, 2000]


def test_people_are_counted_up_to_each_limit() -> None:
    found = residents_in_reach([FOOT, TRAM], [10, 20, 30, 40], [5, 15, 40])
    assert found.tolist() == [[10, 30, 60], [10, 60, 100]]


def test_unknown_people_are_counted_nowhere() -> None:
    found = residents_in_reach([FOOT], [np.nan, 20, 30, 40], [1, 5, 15])
    assert found[0, 0] == 0  # nobody lives so near
    assert np.isnan(found[0, 1])  # somebody may
    assert found[0, 2] == 20


def test_lengths_must_agree() -> None:
    with pytest.raises(WrongUsage, match="même longueur"):
        residents_in_reach([FOOT], [1, 2], [5])
