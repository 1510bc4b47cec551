"""Hours of permanence a head, whether methods agree, and what the border does to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import box

from territory.analysis.access_edge import at_edge, near_edge, outside_demand
from territory.analysis.access_supply import SUPPLY_TITLES, agreement, cell_supply
from territory.model.tables import CELLS, COMMUNES, conform, empty_table
from tests.analysis import town

if TYPE_CHECKING:
    import geopandas as gpd

HOURS = pd.Series({"p1": 3.0, "p2": 6.0}).rename_axis("place_id")
PEOPLE = pd.Series(20.0, index=town.IDS)


def test_hours_a_head_by_hand() -> None:
    minutes = pd.DataFrame({"p": [0.0, 10.0, 30.0]}, index=["a", "b", "c"])
    people = pd.Series({"a": 100.0, "b": 200.0, "c": 50.0})
    table = cell_supply(people, minutes, pd.Series({"p": 4.0}))
    # 4 hours for 100 + 200 / 2 people: 0.02 at the door, half of it at 10 min
    assert table["e2sfca_h_1000"].tolist() == pytest.approx([20, 10, 0])
    assert table["captured_h"].tolist() == pytest.approx([2, 2, 0])
    assert table["two_step_h_1000"].tolist() == pytest.approx([4000 / 300, 4000 / 300, 0])
    assert list(table.columns) == list(SUPPLY_TITLES)


def test_unknown_people_hosts_and_walks_never_make_a_nan() -> None:
    minutes = town.minutes(town.places())
    minutes.loc["c00"] = np.nan
    minutes.loc["c01"] = np.inf
    people = PEOPLE.astype("Float64")
    people["c02"] = pd.NA
    table = cell_supply(people, minutes, pd.concat([HOURS, pd.Series({"ailleurs": 9.0})]))
    assert np.isfinite(table.to_numpy()).all()
    assert (table.loc[["c00", "c01"]] == 0).all(axis=None)
    assert table.loc["c02", "e2sfca_h_1000"] > 0
    assert table.loc["c02", "captured_h"] == 0
    assert table["captured_h"].sum() == pytest.approx(9)


@pytest.mark.parametrize("empty", ["hours", "cells", "people"])
def test_nothing_offered_or_nobody_is_zero(empty: str) -> None:
    minutes = town.minutes(town.places())
    hours = HOURS.iloc[:0] if empty == "hours" else HOURS
    minutes = minutes.iloc[:0] if empty == "cells" else minutes
    people = PEOPLE * 0 if empty == "people" else PEOPLE
    table = cell_supply(people, minutes, hours)
    assert (table == 0).all(axis=None)
    assert table.index.name == "cell_id"
    said = agreement(table, people)
    assert said["rank_agreement"].isna().all()


def test_the_order_of_rows_and_hosts_changes_nothing() -> None:
    minutes = town.minutes(town.places())
    mixed = minutes.sample(frac=1, random_state=3)[["p2", "p1"]]
    first = cell_supply(PEOPLE, minutes, HOURS)
    second = cell_supply(PEOPLE.sample(frac=1, random_state=4), mixed, HOURS.iloc[::-1])
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_neighbours_who_come_take_their_share() -> None:
    minutes = town.minutes(town.places())
    alone = cell_supply(PEOPLE, minutes, HOURS)
    across = pd.DataFrame({"p1": [np.inf], "p2": [4.0]}, index=["voisin"])
    people = pd.concat([PEOPLE, pd.Series({"voisin": 500.0})])
    shared = cell_supply(people, pd.concat([minutes, across]), HOURS).loc[town.IDS]
    assert (shared["e2sfca_h_1000"] < alone["e2sfca_h_1000"]).any()
    assert (shared["e2sfca_h_1000"] <= alone["e2sfca_h_1000"]).all()


def test_agreement_of_the_same_and_of_the_opposite() -> None:
    values = np.arange(20.0)
    supply = pd.DataFrame({"e2sfca_h_1000": values, "captured_h": 0.0, "same": values * 3 + 1,
                           "opposite": -values}, index=town.IDS)  # fmt: skip
    said = agreement(supply, PEOPLE)
    assert said.loc["same"].tolist() == [1, 1, 1]
    assert said.loc["opposite"].tolist() == [-1, 0, 0]
    assert said.index.tolist() == ["same", "opposite"]


def test_equal_cells_stay_together_and_empty_ones_do_not_vote() -> None:
    supply = pd.DataFrame({"e2sfca_h_1000": [0, 0, 0, 0, 5.0, 9.0], "captured_h": 0.0,
                           "other": [0, 0, 1, 2, 5.0, 9.0]}, index=list("abcdef"))  # fmt: skip
    people = pd.Series([10, 10, 10, 10, 10, 0.0], index=list("abcdef"))
    said = agreement(supply, people).loc["other"]
    assert said["least_overlap"] == pytest.approx(20 / 40)
    assert said["best_overlap"] == 1


def slow_overlap(one: list[float], other: list[float], people: list[float]) -> float:
    """The lowest tenth taken cell by cell."""

    def tenth(values: list[float]) -> set[int]:
        taken: set[int] = set()
        for level in sorted(set(values)):
            if sum(people[i] for i in taken) >= 0.1 * sum(people):
                break
            taken |= {i for i, v in enumerate(values) if v == level}
        return taken

    mine = tenth(one)
    return sum(people[i] for i in mine & tenth(other)) / sum(people[i] for i in mine)


@pytest.mark.parametrize("seed", range(5))
def test_overlap_cell_by_cell(seed: int) -> None:
    draw = np.random.default_rng(seed)
    one, other = draw.integers(0, 9, (2, 40)).astype(float)
    people = draw.integers(1, 30, 40).astype(float)
    names = [f"c{i:02d}" for i in range(40)]
    supply = pd.DataFrame({"e2sfca_h_1000": one, "captured_h": 0.0, "other": other}, index=names)
    said = agreement(supply, pd.Series(people, index=names)).loc["other"]
    assert said["least_overlap"] == pytest.approx(slow_overlap(one, other, people))
    assert said["best_overlap"] == pytest.approx(slow_overlap(-one, -other, people))


def squares(x_from: int, x_to: int, y_to: int, **values: object) -> gpd.GeoDataFrame:
    shapes = {
        f"s{x:+06d}{y:+06d}": box(x, y, x + 200, y + 200)
        for x in range(x_from, x_to, 200)
        for y in range(0, y_to, 200)
    }
    data = {"residents": 100.0, "households": 40.0, "poor_households": 10.0} | values
    table = pd.DataFrame(data | {"geometry": list(shapes.values())}, index=list(shapes))
    return conform(table, CELLS)


def land(side_m: int) -> gpd.GeoDataFrame:
    table = pd.DataFrame({"name": ["Ville"], "geometry": [box(0, 0, side_m, side_m)]})
    return conform(table.set_axis(["93001"]), COMMUNES)


def test_cells_near_a_border_with_nothing_known_beyond() -> None:
    cells = squares(0, 3000, 3000)
    edge = at_edge(cells, land(3000), empty_table(CELLS))
    middle = shapely.get_coordinates(cells.geometry.centroid.to_numpy())
    gap = np.minimum(middle, 3000 - middle).min(axis=1)
    assert edge[gap < 700].all()
    assert not edge[gap > 800].any()


def test_known_neighbours_lift_the_flag_on_their_side_only() -> None:
    cells = squares(0, 3000, 3000)
    edge = at_edge(cells, land(3000), squares(3000, 5000, 3000))
    x, y = shapely.get_coordinates(cells.geometry.centroid.to_numpy()).T
    away = (y > 800) & (y < 2200)
    assert not edge[away & (x > 2200)].any()
    assert edge[away & (x < 700)].all()


def test_a_sliver_of_a_border_square_is_not_knowledge() -> None:
    cells = squares(0, 3000, 3000)
    sliver = squares(3000, 3200, 3000)
    thin = sliver.set_geometry(
        [shapely.clip_by_rect(g, 3000, 0, 3020, 3000) for g in sliver.geometry]
    )
    assert at_edge(cells, land(3000), thin.set_crs(2154))["s+02800+01400"]


def test_neighbours_are_counted_as_our_own_poor_households() -> None:
    cells = squares(0, 400, 400)
    need = pd.DataFrame({"target": [5.0, 15.0, np.nan, 0.0]}, index=cells.index)
    around = squares(400, 1000, 200, poor_households=[3.0, np.nan, np.nan],
                     residents=[1.0, 60.0, np.nan])  # fmt: skip
    got = outside_demand(around, cells, need)
    assert got.iloc[0] == pytest.approx(3 * 20 / 30)
    assert got.iloc[1] == pytest.approx(60 * 20 / 300)
    assert np.isnan(got.iloc[2])
    assert outside_demand(around.iloc[:0], cells, need).empty
    assert outside_demand(around, cells, need.iloc[:0]).isna().all()


def test_a_card_says_what_the_border_hides() -> None:
    edge = pd.Series({"a": True, "b": False})
    said = near_edge(edge, pd.Series({"a": 30.0, "b": 10.0}))
    assert said is not None
    assert said.startswith("75\u202f% de la zone est à moins de 800\u202fm")
    assert near_edge(edge, pd.Series({"a": pd.NA, "b": 0}, dtype="Float64")).startswith("50")
    assert near_edge(~edge & edge, pd.Series({"a": 1.0, "b": 1.0})) is None
