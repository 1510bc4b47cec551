"""Going from one point to another: on foot, by bus when far, at once when nobody knows."""

from __future__ import annotations

from territory.planning.legs import BUS_WALK_M, FAR, Pace, leg_times
from territory.planning.team_windows import ANYWHERE
from territory.settings import Settings
from tests.planning.town import rules, town_walks

POINTS = ["p:B", "p:C", "c:z3a", "c:nowhere", ANYWHERE]


def test_walks_are_rounded_up_at_the_pace_of_the_team() -> None:
    legs = leg_times(POINTS, [Pace(1.0), Pace(1.5)], town_walks(), Settings())
    assert legs.minutes[:, 0, 1].tolist() == [6, 9]  # 450 m at 75 m a minute
    assert legs.metres[:, 0, 1].tolist() == [450, 450]


def test_a_bus_is_taken_when_far_and_faster() -> None:
    legs = leg_times(POINTS, [Pace(1.0)], town_walks(), Settings())
    assert legs.minutes[0, 0, 2] == 10 + 30  # 6 km at 12 km/h, and the wait; 80 min on foot
    assert legs.metres[0, 0, 2] == BUS_WALK_M
    on_foot = leg_times(POINTS, [Pace(1.0)], town_walks(), rules(bus_from_m=None))
    assert (on_foot.minutes[0, 0, 2], on_foot.metres[0, 0, 2]) == (80, 6000)


def test_no_way_is_far_and_anywhere_is_at_hand() -> None:
    legs = leg_times(POINTS, [Pace(1.0)], town_walks(), Settings())
    assert legs.minutes[0, 0, 3] == legs.metres[0, 0, 3] == FAR
    assert legs.minutes[0, 4].tolist() == [0] * 5
    assert legs.minutes[0].diagonal().tolist() == [0] * 5


def test_metres_patrolled_count_when_one_leaves() -> None:
    legs = leg_times(["p:C", "c:z1a+850"], [Pace(1.0)], town_walks(), Settings())
    assert legs.metres[0].tolist() == [[0, 150], [150 + 850, 850]]
    assert legs.minutes[0, 1, 0] == legs.minutes[0, 0, 1] == 2
