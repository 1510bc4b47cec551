"""Classes of residence: nested, dated, unknown when a layer is missing, and honest about doubt."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box

from territory.analysis.residence import (
    CLASSES,
    ResidenceRules,
    are_overseas,
    count_interval,
    near_surfaces,
    residence_classes,
    rounded_shares,
)
from territory.analysis.walked_near import metres_to_surface
from territory.io.admin import read_communes
from territory.io.zones import read_zones
from territory.model.tables import NODES, SEGMENTS, conform
from territory.network.walk import WalkNetwork, build_walk
from tests.real_data import real_file

RULES = ResidenceRules()
NOW, BEFORE = date(2026, 3, 1), date(2022, 3, 1)


def zones(*rows: tuple[str, int | None, tuple[float, float, float, float]]) -> gpd.GeoDataFrame:
    data = {
        "kind": [kind for kind, *_ in rows],
        "generation": pd.array([year for _, year, _ in rows], dtype="Int64"),
    }
    return gpd.GeoDataFrame(data, geometry=[box(*b) for *_, b in rows], crs=2154)


TOWN = zones(
    ("qpv", 2015, (0, 0, 100, 100)),
    ("qpv", 2024, (200, 0, 300, 100)),
    ("qva", None, (250, 0, 400, 100)),
)


def facts(*rows: tuple[float, float] | None, on: date = NOW) -> gpd.GeoDataFrame:
    known = [xy is not None for xy in rows]
    points = np.full(len(rows), None)
    points[known] = shapely.points(np.array([xy for xy in rows if xy is not None]))
    return gpd.GeoDataFrame({"on": pd.to_datetime([on] * len(rows))}, geometry=points, crs=2154)


def classes(*rows: tuple[float, float] | None, on: date = NOW, **rules: object) -> list[str]:
    return residence_classes(facts(*rows, on=on), TOWN, ResidenceRules(**rules))[
        "residence"
    ].tolist()


def test_classes_are_nested_and_follow_the_date_of_the_fact() -> None:
    spots = ((50, 50), (260, 50), (350, 50), (600, 50), (900, 50))
    assert classes(*spots) == ["proximite", "qpv", "qva", "proximite", "autre"]
    assert classes(*spots, on=BEFORE) == ["qpv", "qva", "qva", "proximite", "autre"]
    assert classes(*spots, on=date(2010, 1, 1)) == ["inconnue"] * 5


def test_borders_are_inside_and_the_distance_is_a_setting() -> None:
    assert classes((200, 50), (700, 50), (700.1, 50)) == ["qpv", "proximite", "autre"]
    assert classes((500, 50), near_m=50) == ["autre"]


def test_overseas_perimeters_change_a_year_later() -> None:
    assert classes((50, 50), on=date(2024, 6, 1)) == ["proximite"]
    assert classes((50, 50), on=date(2024, 6, 1), overseas=True) == ["qpv"]


def test_a_territory_is_overseas_when_all_its_communes_are() -> None:
    assert are_overseas(["97105", "97120"])
    assert not are_overseas(["93010"])
    assert not are_overseas([])


def test_a_missing_layer_is_unknown_and_never_outside() -> None:
    spots = facts((50, 50), (5000, 5000), None)
    no_qpv = residence_classes(spots, TOWN[TOWN["kind"] == "qva"], RULES)
    assert no_qpv["residence"].tolist() == ["inconnue"] * 3
    only_old = residence_classes(spots, TOWN[TOWN["generation"] == 2015], RULES)
    assert only_old["residence"].tolist() == ["inconnue"] * 3
    no_qva = residence_classes(facts((250, 50), (900, 50)), TOWN[TOWN["kind"] == "qpv"], RULES)
    assert no_qva["residence"].tolist() == ["qpv", "inconnue"]
    said = ResidenceRules(no_qva=True)
    none = residence_classes(facts((250, 50), (900, 50)), TOWN[TOWN["kind"] == "qpv"], said)
    assert none["residence"].tolist() == ["qpv", "autre"]


def test_walked_metres_replace_the_straight_ones() -> None:
    found = residence_classes(facts((600, 50), (600, 50)), TOWN, RULES, walked_m=[200, 800])
    assert found["residence"].tolist() == ["proximite", "autre"]


def test_an_unknown_walk_or_an_empty_point_is_unknown_and_never_outside() -> None:
    spots = facts((600, 50), (210, 50), (350, 50))
    found = residence_classes(spots, TOWN, RULES, walked_m=[np.nan] * 3)
    assert found["residence"].tolist() == ["inconnue", "qpv", "qva"]
    nowhere = facts((50, 50), (50, 50)).set_geometry([Point(), Point(50, 50)], crs=2154)
    found = residence_classes(nowhere, TOWN, RULES)
    assert found["residence"].tolist() == ["inconnue", "proximite"]


@given(st.floats(-500, 900), st.floats(-500, 600), st.floats(0, 200))
def test_probabilities_add_up_to_one(x: float, y: float, sigma: float) -> None:
    found = residence_classes(facts((x, y)), TOWN, ResidenceRules(sigma_m=sigma))
    assert found.iloc[0, 1:].sum() == pytest.approx(1)
    assert found["residence"].iloc[0] in CLASSES


def test_the_disc_agrees_with_a_great_many_draws() -> None:
    rng = np.random.default_rng(5)
    for xy in rng.uniform((-100, -100), (500, 200), (12, 2)):
        drawn = facts(*(xy + rng.normal(0, 60, (20_000, 2))))
        truth = residence_classes(drawn, TOWN, RULES)["residence"].value_counts(normalize=True)
        found = residence_classes(facts(tuple(xy)), TOWN, ResidenceRules(sigma_m=60)).iloc[0]
        for name in CLASSES:
            assert found[f"p_{name}"] == pytest.approx(truth.get(name, 0.0), abs=0.02)


def test_the_interval_of_the_qpv_count_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(6)
    sigma, seen, inside = 50.0, [], []
    for _ in range(500):
        true = rng.uniform((50, -150), (450, 250), (300, 2))
        seen.append(true + rng.normal(0, sigma, true.shape))
        inside.append(
            (true[:, 0] >= 200) & (true[:, 0] <= 300) & (true[:, 1] >= 0) & (true[:, 1] <= 100)
        )
    found = residence_classes(facts(*np.concatenate(seen)), TOWN, ResidenceRules(sigma_m=sigma))
    chances = np.split(found["p_qpv"].to_numpy(), 500)
    ends = [count_interval(each) for each in chances]
    held = sum(low <= int(i.sum()) <= high for (low, high), i in zip(ends, inside, strict=True))
    assert 0.93 <= held / 500 <= 0.97


def test_intervals_by_hand() -> None:
    assert count_interval([1, 1, 0]) == (2, 2)
    assert count_interval([0.5] * 4, level=0.5) == (1, 3)
    assert count_interval([]) == (0, 0)


def test_shares_add_up_to_a_hundred() -> None:
    assert rounded_shares([350, 96, 256, 298]).tolist() == [35, 9, 26, 30]
    assert rounded_shares([1, 1, 1]).tolist() == [34, 33, 33]
    assert rounded_shares([0, 0]).tolist() == [0, 0]


@given(st.lists(st.integers(0, 500), min_size=1, max_size=6).filter(any))
def test_any_shares_add_up_to_a_hundred(counts: list[int]) -> None:
    shares = rounded_shares(counts)
    assert shares.sum() == 100
    assert (abs(shares - 100 * np.array(counts) / sum(counts)) < 1).all()


def test_real_quarters_of_bondy_in_2022() -> None:
    communes, _ = read_communes(real_file("admin/bondy_limites.gpkg"), codes=frozenset({"93010"}))
    town = communes.geometry.union_all()
    found, _ = read_zones(
        real_file("qpv/qpv_2015_ile_de_france.geojson"), communes=communes, inside=town
    )
    inside = found.geometry["QP093012"].representative_point()
    spots = facts((inside.x, inside.y), on=BEFORE)
    assert residence_classes(spots, found, RULES)["residence"].tolist() == ["qpv"]
    assert residence_classes(spots.assign(on=pd.Timestamp(NOW)), found, RULES)[
        "residence"
    ].tolist() == ["inconnue"]  # the perimeters of 2024 were not given


def crossing() -> WalkNetwork:
    """A street of 1 km from west to east, one of 400 m joined at 300 m, an island; QPV 200-300."""
    lines = [[(0, 50), (600, 50)], [(600, 50), (1000, 50)], [(600, 50), (600, 450)],
             [(280, 500), (280, 700)]]  # fmt: skip
    segments = gpd.GeoDataFrame(
        {
            "way_id": range(4), "tail": [0, 1, 1, 4], "head": [1, 2, 3, 5],
            "length_m": [600.0, 400.0, 400.0, 200.0], "highway": "residential", "name": None,
            "steps": False,
        },
        geometry=[LineString(c) for c in lines], crs=2154,
    )  # fmt: skip
    ends = [(0, 50), (600, 50), (1000, 50), (600, 450), (280, 500), (280, 700)]
    nodes = pd.DataFrame({"osm_id": range(6), "x": [e[0] for e in ends], "y": [e[1] for e in ends]})
    spots = {"in": (250, 50), "west": (100, 50), "east": (450, 80), "side": (600, 250),
             "off": (5000, 5000)}  # fmt: skip
    doors = [Point(p) for p in spots.values()]
    points = gpd.GeoDataFrame(geometry=doors, index=list(spots), crs=2154)
    return build_walk(conform(segments, SEGMENTS), conform(nodes, NODES), points)


def test_metres_on_foot_end_where_the_street_enters_the_quarter() -> None:
    quarter = box(200, 0, 300, 100)
    found = metres_to_surface(crossing(), ["in", "west", "east", "side", "off"], quarter)
    assert found[:4] == pytest.approx([0.001, 100, 150 + 30, 300 + 200], abs=0.01)
    assert np.isnan(found[4])  # tied to no street: unknown, not far
    nowhere = metres_to_surface(crossing(), ["in"], box(9000, 0, 9100, 100))
    assert np.isinf(nowhere).all()


def test_walked_and_straight_proximity_differ_where_the_street_turns() -> None:
    there = facts((600, 250), (450, 80))
    straight = residence_classes(there, TOWN, RULES)["residence"].tolist()
    walks = metres_to_surface(crossing(), ["side", "east"], box(200, 0, 400, 100))
    walked = residence_classes(there, TOWN, RULES, walked_m=walks)["residence"].tolist()
    assert straight == ["proximite", "proximite"]
    assert walked == ["autre", "proximite"]


def test_the_surface_is_that_of_the_day() -> None:
    mixed = gpd.GeoDataFrame(pd.concat([facts((0, 0), on=BEFORE), facts((0, 0), on=NOW)]))
    pairs = near_surfaces(mixed, TOWN, RULES)
    assert [(rows.tolist(), surface.bounds[2]) for rows, surface in pairs] == [
        ([0], 400),
        ([1], 400),
    ]
    assert [surface.covers(Point(50, 50)) for _, surface in pairs] == [True, False]
    assert near_surfaces(mixed, TOWN[TOWN["kind"] == "qpv"], RULES) == []
