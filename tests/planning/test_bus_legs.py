"""Legs by the real timetable: a street one can hold in one's head, and its buses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from territory.network.transit_rides import ride_times
from territory.network.transit_trip import earliest_trip
from territory.planning.checker import check_plan
from territory.planning.checker_rides import ridden
from territory.planning.days import week_days
from territory.planning.legs import Pace, leg_times, paces_of, sure_minutes
from territory.planning.ride_words import ride_words, with_stand_in
from territory.planning.riding import Going, Riding
from territory.planning.team_windows import TeamWindow
from territory.planning.week import plan_week
from tests.io.feeds import every, run
from tests.planning.bus_town import MONDAY, NAMES, WORKED, bus_walks
from tests.planning.town import judged, places_table, rules, week_of

if TYPE_CHECKING:
    from pathlib import Path

    from territory.model.week_results import WeekPlan

MORNING = Pace(1.0, MONDAY, 9 * 60, 12 * 60)
A_TO_H = every(20, "7", "AH", hop=15)  # at 6:00, 6:20... and a quarter of an hour to H
POINTS = list(NAMES.values())


def test_most_departures_hold_in_the_minutes_of_the_pace(tmp_path: Path) -> None:
    walks = bus_walks(tmp_path, A_TO_H)
    legs = leg_times(POINTS, [MORNING], walks, rules())
    # One waits 1 to 20 min 59: 9 departures out of 10, tried every 5 min, need 16 + 15 at most.
    waits = [(-t - 1) % 20 + 1 for t in range(0, 181, 5)]
    most = sorted(waits)[int(np.ceil(0.9 * len(waits))) - 1]
    assert legs.minutes[0, 0, 7] == most + 15
    assert legs.metres[0, 0, 7] == 0  # both ends stand at a stop
    assert legs.minutes[0, 7, 0] == 94  # nothing runs back: 7 km on foot
    assert (legs.minutes[0, 0, 1], legs.metres[0, 0, 1]) == (14, 1000)


def test_without_a_bus_the_timetable_is_believed_and_legs_are_walked(tmp_path: Path) -> None:
    walks = bus_walks(tmp_path, [run("x", "7", "A20:00:00", "H20:15:00")])
    legs = leg_times(POINTS, [MORNING], walks, rules())
    assert (legs.minutes[0, 0, 7], legs.metres[0, 0, 7]) == (94, 7000)


def test_never_slower_than_walking_whatever_the_share(tmp_path: Path) -> None:
    walks = bus_walks(tmp_path, every(60, "7", "AH", hop=40))
    for share in (0.5, 0.9, 1.0):
        legs = leg_times(POINTS, [MORNING], walks, rules(bus_on_time=share))
        afoot = np.ceil(np.abs(np.subtract.outer(range(8), range(8))) * 1000 / 75)
        assert (legs.minutes[0] <= afoot).all()
    slow = leg_times(POINTS, [MORNING], walks, rules(bus_from_m=None))
    assert slow.minutes[0, 0, 7] == 94


def test_an_appointment_is_reached_whatever_the_hour(tmp_path: Path) -> None:
    walks = bus_walks(tmp_path, A_TO_H)
    sure = sure_minutes("p:A", "p:H", 1.0, walks, rules())
    needed = max(
        ridden(walks.rides, (["p:A"], ["p:H"]), 1.0, (MONDAY, m))[0] for m in range(540, 1050)
    )
    assert needed <= sure <= needed + 2


def test_a_team_is_paced_by_its_half_day_and_kind_of_day(tmp_path: Path) -> None:
    walks = bus_walks(tmp_path, A_TO_H)
    first = TeamWindow(MONDAY, "matin", ("M1",), 540, 720, "p:A", "p:A", 1.0, 540, 720)
    later = TeamWindow(WORKED[3], "apres-midi", ("M1",), 800, 1000, "p:A", "p:A", 1.0, 800, 1000)
    assert paces_of([first, later], walks) == (
        Pace(1.0, MONDAY, 540, 720), Pace(1.0, MONDAY, 800, 1000),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_three_travellers_agree(tmp_path: Path, seed: int) -> None:
    """The compiled scan, the one that tells the trip, and the judge that follows vehicles."""
    draw = np.random.default_rng(seed)
    runs = []
    for n in range(40):
        ways = sorted(draw.choice(8, 4, replace=False))
        letters = ["ABCDEFGH"[k] for k in (ways if n % 2 else ways[::-1])]
        times = np.cumsum([int(draw.integers(540, 720)), *draw.integers(1, 9, 3)])
        told = [f"{s}{t // 60}:{t % 60:02d}:00" for s, t in zip(letters, times, strict=True)]
        runs.append(run(f"t{n}", str(n % 5), *told))
    walks = bus_walks(tmp_path, runs)
    rides = walks.rides
    moments = 60.0 * np.arange(545, 640, 31)
    for k, (lasts, _) in enumerate(ride_times(rides, POINTS, MONDAY, moments, 1.2)):
        for m, at in enumerate(moments):
            for q in range(8):
                if abs(k - q) < 2:
                    continue
                trip = earliest_trip(rides, POINTS[k], POINTS[q], MONDAY, float(at), 1.2)
                judged = ridden(rides, ([POINTS[k]], [POINTS[q]]), 1.2, (MONDAY, int(at // 60)))
                if trip is None:
                    assert judged is None
                    continue
                assert lasts[m, q] == pytest.approx(trip.arrive_s - at)
                assert judged is not None
                assert judged[0] == int(np.ceil(lasts[m, q] / 60 - 1e-6))


def test_the_bus_to_take_is_told(tmp_path: Path) -> None:
    rides = bus_walks(
        tmp_path, [*A_TO_H, run("z", "9", "B10:20:00", "C10:25:00", "H10:30:00")]
    ).rides
    trip = earliest_trip(rides, "p:A", "p:H", MONDAY, 60.0 * 605, 1.0)
    assert trip is not None
    assert trip.foot_s == 0
    assert ride_words(
        trip
    ) == "tram 7 vers Arrêt H, de « Arrêt A » à 10 h 20 à « Arrêt H » à 10 h 35".replace(
        " vers Arrêt H", ""
    )
    assert earliest_trip(rides, "p:A", "p:H", date(2026, 6, 8), 86_000.0, 1.0) is None


def test_who_would_be_late_is_told_to_leave_earlier(tmp_path: Path) -> None:
    riding = Riding(bus_walks(tmp_path, A_TO_H))
    leg = Going(MONDAY, "p:A", "p:H", 1.0, 31, 0)
    assert riding.arrival_min(leg, 600) == 635  # the bus of 10:00 is just missed
    assert riding.arrival_min(leg, 610) == 641
    assert riding.leaving_min(leg, 631, 540) == 599
    taken = riding.taken(leg, 600, 631)
    assert taken.words.startswith("partez dès 9 h 59 : tram 7, de « Arrêt A » à 10 h ")
    assert taken.words.endswith("arrivée à 10 h 35 pour 10 h 31)")


def test_without_a_timetable_the_ride_is_told_as_reckoned(tmp_path: Path) -> None:
    walks = bus_walks(tmp_path, A_TO_H)
    bare = type(walks)(walks.points, None)
    legs = leg_times(POINTS, [Pace(1.0)], bare, rules())
    leg = Going(MONDAY, "p:A", "p:D", 1.0, int(legs.minutes[0, 0, 3]), 500)
    assert leg.minutes == 10 + 15  # 3 km at 12 km/h
    taken = Riding(bare).taken(leg, 600, 650)
    assert (taken.words, taken.minutes) == ("trajet en bus estimé, sans horaires", 25)


PLACES = {
    "B": {"name": "Base", "kind": "maison_emploi", "at": (0, 0)},
    "C": {"name": "Centre", "kind": "centre_social", "at": (7000, 0),
          "opening_hours": "Mo-Fr 09:00-17:00"},
}  # fmt: skip


def planned(folder: Path, week: str = "2026-W24") -> tuple[WeekPlan, dict[str, Any]]:
    """Return the plan of a team whose only place is 7 km away, and what it was made of."""
    both_ways = [*A_TO_H, *every(20, "8", "HA", hop=15)]
    walks = bus_walks(folder, both_ways, week_days(week), at={"p:B": 0, "p:C": 7})
    settings = rules(visit_min=60, iterations=20, bound_turns=0, explained=0)
    made = week_of(gaps=(), places=places_table(PLACES), walks=walks, settings=settings)
    return plan_week(week, **made), made


def test_a_week_goes_by_the_timetable_and_its_judge_agrees(tmp_path: Path) -> None:
    plan, made = planned(tmp_path)
    (outing, *_) = [s for s in plan.sessions if s.stops]
    (stop,) = outing.stops
    assert check_plan(plan, **judged(made)) == []
    assert stop.ride.startswith("tram 7, de « Arrêt A » à ")
    assert outing.ride_back.startswith("tram 8, de « Arrêt H » à ")
    assert (outing.walk_m, stop.walk_m) == (0, 0)
    assert stop.arrive_min - outing.start_min <= 35
    assert with_stand_in(plan, made["walks"].rides) is plan


def test_the_judge_refuses_a_leg_that_no_vehicle_makes(tmp_path: Path) -> None:
    plan, made = planned(tmp_path)
    (outing, *rest) = [s for s in plan.sessions if s.stops]
    hurried = replace(outing, start_min=outing.stops[0].arrive_min - 12)
    faults = check_plan(replace(plan, sessions=(hurried, *rest)), **judged(made))
    assert any("trajet n° 1 impossible en 12 min, il en faut" in f for f in faults)


def test_a_week_that_the_feed_does_not_cover_says_so(tmp_path: Path) -> None:
    plan, made = planned(tmp_path, "2026-W48")
    assert check_plan(plan, **judged(made)) == []
    assert any(s.ride_back for s in plan.sessions)
    told = with_stand_in(plan, made["walks"].rides).notes
    assert "lus sur des jours habituels (lundi 15 juin 2026, " in told[-1]
