"""Points tied after the network was built walk as if they had been there from the start."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import Point

from territory.network.more_points import with_points
from territory.network.pace import USUAL, Pace
from territory.network.walk import minutes_between, network_from_tables, network_tables
from tests.network.test_walk import network

OLD = {"a": (75.0, 30.0), "b": (225.0, 0.0)}
NEW = {"v:c": (100.0, -20.0), "v:d": (320.0, 80.0), "w:loin": (9000.0, 9000.0)}


def spots(points: dict[str, tuple[float, float]]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        geometry=[Point(p) for p in points.values()], index=list(points), crs=2154
    )


def test_later_points_walk_as_those_of_the_beginning() -> None:
    together, later = network(OLD | NEW), with_points(
        network(OLD), spots(NEW), pace=USUAL, snap_max_m=250
    )  # fmt: skip
    names = [*OLD, *NEW]
    np.testing.assert_allclose(
        minutes_between(later, names, names), minutes_between(together, names, names), rtol=1e-6
    )
    assert np.isinf(minutes_between(later, ["w:loin"], ["a"]).to_numpy()).all()


def test_nobody_is_tied_to_the_way_to_somebody_else_s_door() -> None:
    wider = with_points(network({"a": (75, 200)}), spots({"v:c": (75, 190)}), pace=USUAL,
                        snap_max_m=250)  # fmt: skip
    assert wider.points.loc["v:c", "off_m"] == 190


def test_those_already_there_walk_as_before_and_keep_their_names() -> None:
    before = network_from_tables(network_tables(network(OLD)))
    after = with_points(before, spots(NEW), pace=USUAL, snap_max_m=250)
    names = list(OLD)
    np.testing.assert_allclose(
        minutes_between(after, names, names), minutes_between(before, names, names), rtol=1e-6
    )
    assert after.points.loc[names, "node"].tolist() == before.points["node"].tolist()
    assert before.points.index.tolist() == names


def test_the_order_of_points_changes_nothing_and_none_is_the_network_itself() -> None:
    plain = network(OLD)
    mixed = dict(reversed(NEW.items()))
    one, two = (with_points(plain, spots(n), pace=USUAL, snap_max_m=250) for n in (NEW, mixed))
    assert one.points.equals(two.points)
    assert with_points(plain, spots({}), pace=USUAL, snap_max_m=250) is plain


def test_the_pace_is_that_of_the_network_and_names_are_unique() -> None:
    slow = Pace(speed_kmh=2.25)
    walk = with_points(network(OLD, pace=slow), spots(NEW), pace=slow, snap_max_m=250)
    usual = with_points(network(OLD), spots(NEW), pace=USUAL, snap_max_m=250)
    got, want = (minutes_between(n, ["a"], ["v:c"]).iloc[0, 0] for n in (walk, usual))
    assert got == pytest.approx(2 * want)
    with pytest.raises(ValueError, match="overlap"):
        with_points(network(OLD), spots({"a": (0, 0)}), pace=USUAL, snap_max_m=250)
