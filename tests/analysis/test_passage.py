"""Where people walk: a town small enough to count walkers by hand, and what must always hold."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box

from territory.analysis.homes import doors, homes
from territory.analysis.passage import (
    INDEX,
    RANK,
    WEEKLY,
    day_type,
    gravity_trips,
    passage_table,
    purpose_loads,
    relative_index,
    street_values,
)
from territory.errors import WrongUsage
from territory.model.tables import CELLS, NODES, SEGMENTS, conform
from territory.model.walking import DAY_TYPES, PERIODS, PURPOSES, Purpose, slots, walks_in
from territory.model.words import PLACE_KINDS
from territory.network.flow_streets import nearest_nodes, segment_loads, street_metres
from territory.network.graph import WalkGraph
from territory.network.walk import WalkNetwork, build_walk

MINUTE_M = 75.0  # at 4.5 km/h
WALKS = {d.code: (10.0, 20.0, 0.0, 0.0, 30.0) for d in DAY_TYPES}
SHOPS = Purpose("courses", "courses", {"commerce": 1.0}, 5.0, WALKS, "")


def street(a: tuple[float, float], b: tuple[float, float], tail: int, head: int) -> dict:
    line = LineString([a, b])
    return {
        "way_id": tail, "tail": tail, "head": head, "length_m": line.length,
        "highway": "residential", "name": "rue", "steps": False, "geometry": line,
    }  # fmt: skip


def segments() -> gpd.GeoDataFrame:
    """A street of four crossings 300 m apart, a dead end south of the second, and an island."""
    rows = [
        street((0, 0), (300, 0), 0, 1),
        street((300, 0), (600, 0), 1, 2),
        street((600, 0), (900, 0), 2, 3),
        street((300, 0), (300, -150), 1, 4),
        street((5000, 0), (5100, 0), 5, 6),
    ]
    return conform(pd.DataFrame(rows), SEGMENTS)


def nodes() -> pd.DataFrame:
    xy = [(0, 0), (300, 0), (600, 0), (900, 0), (300, -150), (5000, 0), (5100, 0)]
    return conform(pd.DataFrame(xy, columns=["x", "y"]).assign(osm_id=-1), NODES)


def cells(*boxes: tuple[float, float, float, float, float]) -> gpd.GeoDataFrame:
    """Squares (west, south, east, north, residents)."""
    rows = [{"residents": r, "geometry": box(w, s, e, n)} for w, s, e, n, r in boxes]
    return conform(pd.DataFrame(rows, index=[f"c{i}" for i in range(len(rows))]), CELLS)


@cache
def network() -> WalkNetwork:
    """The streets with a place tied to the middle of the third piece, 30 m from it."""
    points = gpd.GeoDataFrame(
        geometry=gpd.GeoSeries([Point(750, 30)], index=["p:shop"], crs=2154).rename_axis("point_id")
    )
    return build_walk(segments(), nodes(), points)


def shops(*where: int, weight: float = 1.0) -> pd.DataFrame:
    return pd.DataFrame({"kind": "commerce", "node": list(where), "weight": weight})


def test_walkers_counted_by_hand() -> None:
    """100 people at the west end, the shop 780 m away: 100 x exp(-10.4 / 5), all by one street."""
    door = int(network().points.loc["p:shop", "node"])
    west = cells((-50, -50, 50, 50, 100.0))
    loads, known = purpose_loads(network(), segments(), west, shops(door), purposes=[SHOPS])
    walked = 100 * np.exp(-780 / MINUTE_M / 5)
    assert loads["courses"].tolist()[:4] == pytest.approx([walked, walked, walked / 2, 0.0])
    assert np.isnan(loads["courses"].iloc[4])  # the island: nobody is tied there
    assert (known[0].places, known[0].made) == (1, pytest.approx(walked / 100))
    table = passage_table(loads, segments()["length_m"], purposes=[SHOPS])
    assert table["semaine_07h00"].iloc[0] == pytest.approx(walked * 0.10 / 2)  # two hours
    assert table["semaine_09h00"].iloc[0] == pytest.approx(walked * 0.20 / 3)
    assert table[WEEKLY].iloc[0] == pytest.approx(walked * 0.60 * 7)
    assert table[RANK].tolist()[:4] == [1, 1, 3, 4]
    assert table[INDEX].tolist()[:4] == pytest.approx([100.0, 100.0, 100 * 150 / 450, 0.0])
    assert table.iloc[4].isna().all()


def test_residents_stand_on_the_streets_of_their_square() -> None:
    lived = homes(network(), cells((-50, -10, 310, 10, 90.0), (290, -160, 310, -140, 7.0)))
    assert lived.groupby("cell_id")["residents"].sum().tolist() == pytest.approx([90.0, 7.0])
    weights = street_metres(network())[[0, 1]]
    assert weights.tolist() == [150.0, 375.0]
    first = lived[lived["cell_id"] == "c0"]
    assert first["node"].tolist() == [0, 1]
    assert first["residents"].to_numpy() == pytest.approx(90 * weights / weights.sum())


def test_a_square_without_street_goes_to_the_nearest_and_far_away_nowhere() -> None:
    near, far = (-150.0, 0.0, -140.0, 10.0, 5.0), (-900.0, 0.0, -890.0, 10.0, 5.0)
    lived = homes(network(), cells(near, far))
    assert lived[["node", "cell_id", "residents"]].to_numpy().tolist() == [[0, "c0", 5.0]]
    empty = homes(network(), cells((0.0, 0.0, 10.0, 10.0, 0.0), (0.0, 0.0, 10.0, 10.0, np.nan)))
    assert empty.empty


def test_visits_end_at_four_spots_a_square() -> None:
    lived = pd.DataFrame(
        {
            "node": [1, 2, 3, 9],
            "cell_id": ["a", "a", "a", "b"],
            "residents": [10.0, 20.0, 10.0, 8.0],
        }
    )
    found = doors(lived)
    assert found.to_numpy().tolist() == [[1, 10.0], [2, 20.0], [3, 10.0], [9, 8.0]]


def test_walks_are_shared_as_they_should() -> None:
    """Two places at 5 and 10 minutes, the farther twice as attractive."""
    graph = WalkGraph.from_edges([0, 1, 0], [1, 2, 3], [300, 300, 6000], np.arange(4.0), np.ones(4))
    trips = gravity_trips(graph, [0, 3], [40.0, 9.0], [1, 2], [1.0, 2.0], decay_min=5.0).toarray()
    assert trips[0].sum() == pytest.approx(40 * np.exp(-1))
    assert trips[0, 1] / trips[0, 0] == pytest.approx(2 * np.exp(-1))
    assert trips[1].tolist() == [0.0, 0.0]  # 100 minutes away: they do not walk


def test_more_places_draw_more_walks_and_nearer_ones_too() -> None:
    people = cells((-50, -200, 950, 50, 500.0))

    def made(*where: int) -> float:
        return purpose_loads(network(), segments(), people, shops(*where), purposes=[SHOPS])[1][
            0
        ].made

    assert made(3) < made(1) < made(1, 3) <= 1.0


def test_nothing_known_of_a_purpose_is_not_zero() -> None:
    loads, known = purpose_loads(
        network(), segments(), cells((-50, -50, 50, 50, 100.0)), shops(-1), purposes=[SHOPS]
    )
    assert list(loads.columns) == []
    assert known[0].places == 0
    assert passage_table(loads, segments()["length_m"], purposes=[SHOPS]).isna().all(axis=None)


def test_same_table_whatever_the_order_of_rows() -> None:
    people = cells((-50, -50, 320, 50, 100.0), (500, -50, 950, 50, 30.0))
    places = shops(1, 2, 3).assign(weight=[1.0, 2.0, 0.5])
    one = purpose_loads(network(), segments(), people, places)[0]
    other = purpose_loads(network(), segments()[::-1], people[::-1], places[::-1])[0]
    pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_two_streets_drawn_at_the_same_spot_have_the_same_walkers() -> None:
    twice = pd.concat([segments(), segments().iloc[[1]]], ignore_index=True)
    twice = conform(twice, SEGMENTS)
    points = gpd.GeoDataFrame(geometry=gpd.GeoSeries([], crs=2154).rename_axis("point_id"))
    doubled = build_walk(twice, nodes(), points)
    table = doubled.graph.matrix.tocoo()
    arcs = ((table.row == 1) & (table.col == 2)).astype(float)
    found = segment_loads(doubled, twice).of(arcs)
    assert found[[0, 1, 5]].tolist() == [0.0, 1.0, 1.0]


def test_nearest_nodes_of_the_main_piece() -> None:
    spots = np.array([[10.0, 0.0], [5000.0, 0.0], [300.0, -160.0]])
    assert nearest_nodes(network(), spots, 100.0).tolist() == [0, -1, 4]


def test_relative_index_of_unknown_and_of_equals() -> None:
    values = pd.Series([1.0, np.nan, 3.0, 1.0], index=list("abcd"))
    metres = pd.Series(10.0, index=list("abcd"))
    assert relative_index(values, metres).fillna(-1).tolist() == [0.0, -1.0, 100.0, 0.0]
    assert relative_index(values * 0, metres).dropna().tolist() == [0.0, 0.0, 0.0]


def test_street_values_between_two_times() -> None:
    slot = {s: 1.0 for s, _, _ in slots()} | {"mercredi_09h00": 4.0, "mercredi_12h00": 10.0}
    table = pd.DataFrame(slot, index=pd.Index([7], name="segment_id"))

    def value(day: str, start: int, end: int) -> float:
        return float(street_values(table, day, start, end)[7])

    assert value("mercredi", 540, 720) == 4.0
    assert value("mercredi", 660, 840) == pytest.approx((60 * 4 + 120 * 10) / 180)
    assert value("mercredi", 300, 420 + 60) == 1.0  # before 7 h nothing is described
    assert np.isnan(value("dimanche", 1200, 1320))
    for day, start, end in (("lundi", 540, 600), ("samedi", 600, 600)):
        with pytest.raises(WrongUsage, match="le jour n'est pas connu"):
            street_values(table, day, start, end)


def test_types_of_days() -> None:
    week = [day_type(date(2026, 11, 23 + k)) for k in range(7)]
    assert week == ["semaine", "semaine", "mercredi", "semaine", "semaine", "samedi", "dimanche"]
    assert day_type(date(2026, 5, 1), holiday=True) == "dimanche"


def test_the_table_of_purposes_is_whole() -> None:
    kinds = {w.code for w in PLACE_KINDS} | {"arret", "habitants"}
    assert sum(d.days for d in DAY_TYPES) == 7
    assert all(a.end_min == b.start_min for a, b in pairwise(PERIODS))
    for purpose in PURPOSES:
        assert set(purpose.walks) == {d.code for d in DAY_TYPES}
        assert all(len(row) == len(PERIODS) for row in purpose.walks.values())
        assert set(purpose.attraction) <= kinds
        assert sum(walks_in(purpose, d, p) for _, d, p in slots()) > 0
    drawn = [k for p in PURPOSES for k in p.attraction]
    assert len(drawn) == len(set(drawn))  # a kind serves one purpose
    assert not {"bidonville", "lieu_culte", "foyer", "residence"} & set(drawn)
