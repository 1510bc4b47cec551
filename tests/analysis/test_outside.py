"""People outside tax households: in their cell, with their source, and never traceable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point

from territory.analysis.need import TOLD, cell_need
from territory.analysis.outside import outside_by_cell, outside_places, outside_totals
from territory.model.tables import PLACES, conform, empty_table
from territory.outputs.map_cells import cell_figures, need_theme
from territory.settings import Need
from tests.analysis import town

if TYPE_CHECKING:
    import geopandas as gpd


def places(**changes: object) -> gpd.GeoDataFrame:
    data = {
        "name": ["Foyer A", "Foyer B", "Terrain", "Caché", "Foyer loin", "Foyer muet", "Gare"],
        "kind": ["foyer", "foyer", "bidonville", "foyer", "foyer", "foyer", "gare"],
        "crowd": [120, 30, 60, 80, 10, None, 900],
        "crowd_source": ["gestionnaire", None, "équipe", "équipe", "équipe", "équipe", "équipe"],
        "sensitive": [False, None, False, True, False, False, False],
        "geometry": [Point(50, 50), Point(1100, 100), Point(500, 500), Point(300, 300),
                     Point(2000, 100), Point(300, 300), Point(50, 50)],
    }  # fmt: skip
    return conform(pd.DataFrame(data | changes, index=list("abcdefg")), PLACES)


def outside(**changes: object) -> pd.DataFrame:
    return outside_places(places(**changes), town.cells(), max_m=250)


def test_each_place_goes_to_its_cell_or_to_the_nearest_one_near_enough() -> None:
    found = outside()
    assert found.index.tolist() == list("abcdef")  # a station houses nobody
    assert found["cell_id"].tolist()[:4] == ["c00", "c40", "c22", "c11"]
    assert pd.isna(found.loc["e", "cell_id"])
    assert found["sensitive"].tolist() == [False, False, True, True, False, False]
    narrow = outside_places(places(), town.cells(), max_m=50)
    assert pd.isna(narrow.loc["b", "cell_id"])


def test_a_place_on_a_border_goes_to_one_cell_whatever_the_order() -> None:
    border = places(geometry=[Point(200, 200)] * 7)
    first = outside_places(border, town.cells(), max_m=250)
    again = outside_places(border.iloc[::-1], town.cells().iloc[::-1], max_m=250)
    pd.testing.assert_frame_equal(first, again)
    assert set(first["cell_id"]) == {"c00"}


def test_people_have_their_own_column_and_source_and_join_the_target() -> None:
    without = cell_need(town.cells(), town.iris(), town.zones())
    need = cell_need(town.cells(), town.iris(), town.zones(), outside=outside())
    assert need["outside_households"].dropna().to_dict() == {"c00": 120, "c40": 30}
    assert need["outside_source"].dropna().to_dict() == {
        "c00": "gestionnaire",
        "c40": "source inconnue",
    }
    more = need["target"] - without["target"]
    assert more[more > 0].to_dict() == pytest.approx({"c00": 120, "c40": 30})
    pd.testing.assert_series_equal(need["target_rate"], without["target_rate"])
    assert need.loc["c00", "target_low"] > 80
    assert (
        need.loc["c00", "target_low"] < need.loc["c00", "target"] < need.loc["c00", "target_high"]
    )


def test_two_places_of_one_cell_add_up_with_both_sources() -> None:
    table = outside(geometry=[Point(50, 50)] * 7)
    assert outside_by_cell(table).loc["c00"].tolist() == [
        160.0,
        "gestionnaire ; source inconnue ; équipe",
    ]


def test_the_share_of_the_settings_is_what_joins_the_target() -> None:
    half = Need(outside_share=0.5, cohorts=())
    none = cell_need(town.cells(), town.iris(), town.zones(), settings=half)
    need = cell_need(town.cells(), town.iris(), town.zones(), outside=outside(), settings=half)
    assert need.loc["c00", "target"] - none.loc["c00", "target"] == pytest.approx(60)
    assert need.loc["c00", "outside_households"] == 120


def test_people_told_where_nothing_else_is_known_are_a_need() -> None:
    cells = town.cells()
    names = ["residents", "residents_18_64", "households", "poor_households"]
    cells.loc["c00", names] = np.nan
    need = cell_need(cells, town.iris(), town.zones(), outside=outside()).loc["c00"]
    assert (need["target"], need["basis"]) == (120, TOLD)
    assert need["target_low"] < 120 < need["target_high"]


def test_the_totals_tell_everybody_apart() -> None:
    totals = outside_totals(outside(), 0.5)
    assert (totals.people_shown, totals.people_in_target) == (150, 75)
    assert totals.people_kept_out == 140
    assert totals.people_unplaced == 10
    assert (totals.places_told, totals.places_without_estimate) == (6, 1)


def test_no_place_is_nobody_told_and_not_zero() -> None:
    nothing = outside_places(empty_table(PLACES), town.cells(), max_m=250)
    need = cell_need(town.cells(), town.iris(), town.zones(), outside=nothing)
    assert need["outside_households"].isna().all()
    pd.testing.assert_frame_equal(need, cell_need(town.cells(), town.iris(), town.zones()))
    assert outside_totals(nothing, 1.0).people_shown == 0


def test_a_sensitive_place_changes_nothing_that_is_shown() -> None:
    """Same figures, same colours, same bytes: nothing to subtract."""
    told = outside().drop(index=["c", "d"])
    plain = cell_need(town.cells(), town.iris(), town.zones(), outside=told)
    need = cell_need(town.cells(), town.iris(), town.zones(), outside=outside())
    pd.testing.assert_frame_equal(need, plain)
    access = pd.DataFrame(
        {"minutes_permanence": 5.0, "structures_near": 1, "slots_near": 1}, index=town.IDS
    )
    effort = pd.DataFrame({"contacts": 0.0, "expected": 1.0, "months_since": 2.0}, index=town.IDS)
    shown = [cell_figures(town.cells(), n, access, effort, ()) for n in (plain, need)]
    assert shown[0] == shown[1]
    themes = [need_theme(town.cells(), n).classes.tolist() for n in (plain, need)]
    assert themes[0] == themes[1]


def test_a_closed_hostel_houses_nobody() -> None:
    assert outside(status=["inactive", *["active"] * 6]).index.tolist() == list("bcdef")
