"""The audit of the network: towns checked by hand, judges, and what must never change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pandas.testing import assert_frame_equal
from shapely.geometry import Point

from territory.network.audit import audit_network
from territory.network.audit.faced import CROSSING, SIDE, far_sides
from territory.network.audit.gaps import small_gaps
from territory.network.audit.ground import ground_of, metres_between
from territory.network.audit.people import residents_near
from territory.network.times import walk_times
from tests.network import audit_towns
from tests.network.audit_towns import barrier, doors, grid, judged_walk, squares, town

if TYPE_CHECKING:
    from territory.network.audit import NetworkAudit
    from territory.network.audit.faced import FacedPairs

MINUTE_M = 75.0  # metres in a minute at 4.5 km/h

# two parallel streets, 30 m apart, cut by a railway with one bridge at the west end
NORTH = ("rue du Nord", [(0, 30), (200, 30), (400, 30)])
SOUTH = ("rue du Sud", [(0, 0), (200, 0), (400, 0)])
BRIDGE = ("pont de l'Ouest", [(0, 0), (0, 30)])
RAILWAY = barrier(("rail", "ligne 4", [(-50, 15), (450, 15)]))


def checked(
    *streets: audit_towns.Street,
    cells: gpd.GeoDataFrame | None = None,
    places: gpd.GeoDataFrame | None = None,
    barriers: gpd.GeoDataFrame | None = None,
    **options: float,
) -> NetworkAudit:
    points = {} if cells is None else doors(cells)
    if places is not None:
        points |= {str(i): (p.x, p.y) for i, p in places.geometry.items()}
    walk = town(streets, points, **options)
    return audit_network(walk, cells=cells, places=places, barriers=barriers)


def test_two_streets_cut_by_a_railway_are_one_crossing_missing() -> None:
    cells = squares({(300, 0): 120, (1000, 1000): 5000})
    found = checked(NORTH, SOUTH, BRIDGE, cells=cells, barriers=RAILWAY).faced
    assert len(found) == 1
    row = found.iloc[0]
    assert {row["street"], row["facing"]} == {"rue du Nord", "rue du Sud"}
    assert (row["kind"], row["barrier_kind"], row["barrier"]) == (CROSSING, "rail", "ligne 4")
    # the last sample is 12.5 m from the east end: 387.5 m to the bridge, 30 m over it, and back
    assert row["walked_m"] == pytest.approx(2 * 387.5 + 30)
    assert row["straight_m"] == pytest.approx(30)
    assert row["extra_min"] == pytest.approx(2 * 387.5 / MINUTE_M)
    # walks of more than 5 times 30 m, samples at 12.5, 37.5 ...: from 62.5 m on, the first of
    # which 2 * 62.5 + 30 = 155 m
    assert row["faced_m"] == pytest.approx(400 - 50)
    assert row["residents"] == 120


def test_a_second_bridge_shortens_what_is_missing_and_a_ladder_ends_it() -> None:
    east = ("pont de l'Est", [(400, 0), (400, 30)])
    middle = ("passerelle", [(200, 0), (200, 30)])
    one = checked(NORTH, SOUTH, BRIDGE).faced
    two = checked(NORTH, SOUTH, BRIDGE, east).faced
    three = checked(NORTH, SOUTH, BRIDGE, middle, east).faced
    assert two["walked_m"].max() == pytest.approx(2 * 187.5 + 30)
    assert three["walked_m"].max() == pytest.approx(2 * 87.5 + 30)
    assert one["faced_m"].sum() > two["faced_m"].sum() > three["faced_m"].sum()


def test_a_sidewalk_mapped_apart_is_an_isolated_side() -> None:
    street = ("rue Longue", [(0, 0), (300, 0)])
    sidewalk = (None, [(0, 0), (10, 8), (300, 8)])
    row = checked(street, sidewalk).faced.iloc[0]
    assert row["kind"] == SIDE
    assert row["straight_m"] == pytest.approx(8)
    assert row["near"] == "rue Longue"
    assert row["walked_m"] > 500
    linked = [(None, [(x, 0), (x, 8)]) for x in (50, 100, 150, 200, 250, 300)]
    street = ("rue Longue", [(x, 0) for x in range(0, 301, 50)])
    sidewalk = (None, [(0, 0), *[(x, 8) for x in range(50, 301, 50)]])
    assert len(checked(street, sidewalk, *linked).faced) == 0


def test_a_street_crossing_over_another_is_no_pair_of_sides() -> None:
    under = ("rue Basse", [(-200, 0), (200, 0)])
    over = ("pont", [(0, -200), (0, 200)])
    around = ("tour", [(200, 0), (200, 200), (0, 200)])
    assert len(checked(under, over, around).faced) == 0


def test_a_piece_apart_says_its_streets_its_people_and_how_far_it_is() -> None:
    main = ("rue A", [(0, 0), (500, 0), (1000, 0)])
    island = ("allée B", [(0, 308), (300, 308)])
    cells = squares({(0, 300): 40, (200, 280): 60, (800, 0): 500})
    places = gpd.GeoDataFrame(
        {"name": ["Mairie"]}, geometry=[Point(50, 300)], index=["p:1"], crs=audit_towns.CRS
    )
    found = checked(main, island, cells=cells, places=places)
    piece = found.pieces.iloc[0]
    assert len(found.pieces) == 1
    assert (piece["length_km"], piece["off_m"]) == (pytest.approx(0.3), pytest.approx(308))
    assert (piece["residents"], piece["places"], piece["names"]) == (100, 1, "allée B")
    reasons = found.unreached.set_index("cell_id")["reason"].to_dict()
    assert reasons == {"c:0_300": "untied", "c:200_280": "untied"}
    near = checked(main, island, cells=cells, places=places, snap_max_m=400).unreached
    assert near.loc[near["residents"] < 500, "reason"].tolist() == ["cut_off", "cut_off"]


def test_people_too_far_from_every_place_are_counted() -> None:
    street = ("rue A", [(0, 0), (2500, 0)])
    cells = squares({(0, 0): 10, (2300, 0): 30, (2400, 100): 0})
    places = gpd.GeoDataFrame(
        {"name": ["Mairie"]}, geometry=[Point(50, 5)], index=["p:1"], crs=audit_towns.CRS
    )
    found = checked(street, cells=cells, places=places).unreached
    assert found[["cell_id", "reason", "residents"]].to_numpy().tolist() == [
        ["c:2300_0", "far", 30]
    ]
    assert found["minutes"].iloc[0] == pytest.approx((50 + 2300 + 5) / MINUTE_M, abs=1e-3)
    assert len(checked(street, cells=cells).unreached) == 0, "no place: nobody is far from all"


def test_a_gap_of_eight_metres_would_be_joined_at_ten() -> None:
    main = ("rue A", [(0, 0), (500, 0), (1000, 0)])
    stub = ("allée B", [(500, 8), (500, 200)])
    cells = squares({(450, 100): 70, (900, 0): 30})
    gap = checked(main, stub, cells=cells).gaps
    assert len(gap) == 1
    assert gap.iloc[0][["joined", "asked_m", "gap_m", "residents"]].tolist() == [False, 10, 8, 70]
    assert gap.iloc[0]["length_km"] == pytest.approx(0.192)
    joined = checked(main, stub, cells=cells, join_gaps_m=9.0)
    assert joined.gaps["joined"].tolist() == [True]
    assert joined.gaps["residents"].tolist() == [70]
    assert len(joined.pieces) == 0


@pytest.mark.parametrize("seed", range(4))
def test_listed_gaps_are_those_the_network_would_join(seed: int) -> None:
    draw = np.random.default_rng(seed)
    starts = draw.uniform(0, 120, (25, 2)).round(1)
    streets = [
        (None, [tuple(s), tuple(s + d)])
        for s, d in zip(starts, draw.uniform(-20, 20, (25, 2)).round(1), strict=True)
    ]
    walk = town(streets)
    told = small_gaps(walk, ground_of(walk), None)
    for asked in (5.0, 10.0, 20.0):
        joins = town(streets, join_gaps_m=asked).joins
        listed = told[told["asked_m"] <= asked]
        ends = joins[["x", "y", "to_x", "to_y"]].to_numpy().reshape(-1, 2, 2)
        made = {frozenset(map(tuple, link)) for link in ends.tolist()}
        said = {frozenset(g.coords) for g in listed.geometry}
        assert made <= said
        assert listed["gap_m"].max() <= asked or not len(listed)


def test_a_dead_end_at_a_canal_names_it_and_the_way_round() -> None:
    north = ("quai Nord", [(0, 60), (500, 60), (1000, 60)])
    south = ("quai Sud", [(0, -60), (500, -60), (1000, -60)])
    dead = ("impasse du Canal", [(500, -60), (500, -15)])
    bridge = ("pont", [(0, -60), (0, 60), (0, 200), (1000, 200), (1000, 60), (1000, -60)])
    canal = barrier(("water", "canal de l'Ourcq", [(-100, 10), (1100, 10)]))
    cells = squares({(450, -60): 80})
    found = checked(north, south, dead, bridge, cells=cells, barriers=canal).cut_streets
    assert len(found) == 1
    row = found.iloc[0]
    assert (row["street"], row["facing"]) == ("impasse du Canal", "quai Nord")
    assert (row["barrier_kind"], row["barrier"]) == ("water", "canal de l'Ourcq")
    assert [row[c] for c in ("length_m", "barrier_m", "straight_m")] == pytest.approx(
        [45, 25, 75], abs=0.01
    )
    assert row["walked_m"] == pytest.approx(45 + 500 + 120 + 500)
    assert row["residents"] == pytest.approx(80)
    footbridge = ("passerelle", [(500, -15), (500, 60)])
    assert len(checked(north, south, dead, bridge, footbridge, barriers=canal).cut_streets) == 0
    assert len(checked(north, south, dead, bridge, barriers=canal[:0]).cut_streets) == 0
    far = barrier(("water", None, [(-100, 50), (1100, 50)]))
    assert len(checked(north, south, dead, bridge, barriers=far).cut_streets) == 0


def test_metres_to_streets_are_weighed_by_residents() -> None:
    street = ("rue A", [(0, 0), (1000, 0)])
    cells = squares({(0, -50): 900, (500, 100): 90, (900, 300): 10})
    found = checked(street, cells=cells)
    assert found.snap.loc[0.5].tolist() == pytest.approx([150, 0])
    assert found.snap.loc[0.99, "residents"] == pytest.approx(150)
    assert found.snap.loc[1.0].tolist() == pytest.approx([350, 350])
    listed = found.far_points[["point_id", "tied", "residents"]].to_numpy().tolist()
    assert listed == [["c:500_100", True, 90], ["c:900_300", False, 10]]
    assert found.far_points["off_m"].tolist() == pytest.approx([150, 350])


def test_unknown_residents_stay_unknown() -> None:
    cells = squares({(300, 0): float("nan")})
    found = checked(NORTH, SOUTH, BRIDGE, cells=cells)
    assert np.isnan(found.residents)
    assert found.faced["residents"].isna().all()
    assert checked(NORTH, SOUTH, BRIDGE).faced["residents"].isna().all()


def test_residents_count_by_the_share_of_their_square() -> None:
    cells = squares({(0, 0): 100, (100, 0): 40})
    shapes = np.array([shapely.box(0, 0, 150, 100), Point(-500, 0)], dtype=object)
    assert residents_near(cells, shapes, 0.0).tolist() == pytest.approx([120, 0])


@pytest.mark.parametrize("seed", range(1, 5))
def test_long_walks_are_those_of_a_brute_force_by_networkx(seed: int) -> None:
    walk = town(grid(seed))
    pairs = far_sides(ground_of(walk))
    assert len(pairs.straight_m), "the towns drawn must have something to find"
    assert ends_of(pairs) == audit_towns.judged_far_sides(walk)
    for start, end, walked in zip(
        pairs.start[::7], pairs.end[::7], pairs.walked_m[::7], strict=True
    ):
        assert walked == pytest.approx(judged_walk(walk, tuple(start), tuple(end)), abs=0.01)


@pytest.mark.parametrize("seed", range(6))
def test_a_crossing_more_never_adds_a_long_walk(seed: int) -> None:
    streets = grid(seed)
    before = town(streets)
    n = len(before.component)
    corners = np.column_stack([before.graph.x[:n], before.graph.y[:n]])[before.component == 0]
    a, b = np.random.default_rng(seed).choice(corners, 2, replace=False)
    after = town([*streets, ("passage", [tuple(a), tuple(b)])])
    old, new = (far_sides(ground_of(walk)) for walk in (before, after))
    passage = shapely.LineString([a, b])
    on_it = [shapely.distance(passage, shapely.points(xy)) < 1e-6 for xy in (new.start, new.end)]
    added = {pair for pair, on in zip(listed(new), on_it[0] | on_it[1], strict=True) if not on}
    assert added <= ends_of(old)
    longest = dict(zip(listed(old), old.walked_m, strict=True))
    for pair, walked in zip(listed(new), new.walked_m, strict=True):
        assert pair not in added or walked <= longest[pair] + 1e-6


def listed(pairs: FacedPairs) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    return [
        (tuple(a), tuple(b)) for a, b in zip(pairs.start.tolist(), pairs.end.tolist(), strict=True)
    ]


def ends_of(pairs: FacedPairs) -> set[tuple[tuple[float, float], tuple[float, float]]]:
    return set(listed(pairs))


@pytest.mark.parametrize("limit", [np.inf, 60.0])
def test_metres_between_pairs_are_those_of_the_engine(limit: float) -> None:
    ground = ground_of(town(grid(3, side=9)))
    draw = np.random.default_rng(1)
    a, b = draw.integers(0, ground.metres.n, (2, 700)).astype(np.int32)
    whole = walk_times(ground.metres, np.arange(ground.metres.n), np.arange(ground.metres.n))
    expected = np.where(whole <= limit, whole, np.inf)[a, b]
    np.testing.assert_allclose(metres_between(ground.metres, a, b, limit), expected, atol=1e-3)


def test_the_order_of_rows_changes_nothing() -> None:
    streets = [
        *grid(5),
        ("rue Est", [(157, 0), (600, 0), (700, 0)]),
        ("cour", [(153, 150), (153, 190)]),
    ]
    cells = squares({(x, y): x + y + 1 for x in (0, 100, 600) for y in (0, 100)})
    lines = barrier(
        ("rail", None, [(-9, 45), (200, 45)]), ("water", "Ourcq", [(75, -9), (75, 200)])
    )
    walk = town(streets, doors(cells))
    one = audit_network(walk, cells=cells, barriers=lines)
    two = audit_network(
        town(streets, doors(cells), turn=-1),
        cells=cells.iloc[::-1],
        barriers=lines.iloc[::-1],
    )
    for name in ("pieces", "faced", "cut_streets", "far_points", "unreached", "gaps"):
        assert_frame_equal(getattr(one, name), getattr(two, name))
    assert len(one.faced)
    assert len(one.gaps)


def test_nothing_given_is_nothing_found() -> None:
    empty = checked(("rue A", [(0, 0), (10, 0)]))
    tables = (empty.pieces, empty.faced, empty.cut_streets, empty.far_points, empty.unreached)
    assert [len(t) for t in (*tables, empty.gaps)] == [0] * 6
    assert not empty.barriers_known
    assert np.isnan(empty.residents)
