"""No exact point of a street encounter is stored: the middle of its 100 m square stands for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from territory.io.coarse_points import STREET_KINDS, coarsened, square_middles
from territory.io.logs import read_activities
from territory.model.words import ACTIVITY_KINDS
from tests.io.tables import save

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "date;type_activite;latitude;longitude;id_partenaire"


@settings(max_examples=40, deadline=None)
@given(st.floats(100_000, 1_240_000), st.floats(6_050_000, 7_110_000))
def test_middles_are_near_steady_and_of_the_insee_grid(x: float, y: float) -> None:
    here = np.array([[x, y]])
    middle = square_middles(here, 2154)
    assert np.hypot(*(middle - here)[0]) < 75  # half a diagonal, and the stretch of the projection
    assert np.array_equal(square_middles(middle, 2154), middle)
    to_grid = Transformer.from_crs(2154, 3035, always_xy=True)
    east, north = to_grid.transform(*middle[0])
    assert (east % 100, north % 100) == pytest.approx((50, 50), abs=0.02)


def test_all_points_of_a_square_become_one() -> None:
    back = Transformer.from_crs(3035, 2154, always_xy=True)
    corners = [(3_770_801, 2_893_801), (3_770_899, 2_893_899), (3_770_850, 2_893_810)]
    xy = np.array([back.transform(*corner) for corner in corners])
    assert len(np.unique(square_middles(xy, 2154), axis=0)) == 1
    assert square_middles(np.array([[340_012.0, 7_650_099.0]]), 2975).tolist() == [
        [340_050.0, 7_650_050.0]
    ]


@pytest.mark.parametrize("kind", [w.code for w in ACTIVITY_KINDS])
def test_only_points_of_the_street_are_moved(tmp_path: Path, kind: str) -> None:
    rows = f"05/03/2024;{kind};48,90213;2,48317;\n05/03/2024;{kind};48,90213;2,48317;P1\n"
    table, _ = read_activities(save(tmp_path, f"{HEAD}\n{rows}"))
    points = table.assign(partner=table["place_id"].notna()).set_index("partner").geometry
    exact = points[True]
    assert points[False].equals(exact) == (kind not in STREET_KINDS)
    assert points[False].distance(exact) < 75


def test_without_any_street_point_nothing_changes(tmp_path: Path) -> None:
    path = save(tmp_path, f"{HEAD}\n05/03/2024;maraude;;;\n05/03/2024;permanence;48,9;2,48;\n")
    table, _ = read_activities(path)
    pd.testing.assert_frame_equal(pd.DataFrame(coarsened(table)), pd.DataFrame(table))
