"""The vehicles of a leg in French, for the sheet of an outing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from territory.planning.explain import clock, day_words

if TYPE_CHECKING:
    from territory.model.week_results import WeekPlan
    from territory.network.transit_rides import Rides
    from territory.network.transit_trip import Ride, Trip

ESTIMATED = "trajet en bus estimé, sans horaires"


def ride_words(trip: Trip) -> str:
    """Return « bus 143 vers Gare, de « Mairie » à 14 h 07 à « Église » à 14 h 19 », and changes."""
    return ", puis ".join(map(_ride, trip.rides))


def late_words(words: str, there_min: int, by_min: int, earlier: tuple[int, str] | None) -> str:
    """Return a ride that comes after `by_min`, and what to take instead, leaving earlier."""
    late = f"{words} : arrivée à {clock(there_min)} pour {clock(by_min)}"
    if earlier is None:
        return f"{late}, prévenez"
    leave_min, instead = earlier
    return f"partez dès {clock(leave_min)} : {instead} ({late})"


def with_stand_in(plan: WeekPlan, rides: Rides | None) -> WeekPlan:
    """Return the plan, told what its rides rest on when no timetable covers the whole week."""
    ridden = any(s.ride_back or any(t.ride for t in s.stops) for s in plan.sessions)
    if rides is None or not rides.stand_in or not ridden:
        return plan
    days = ", ".join(f"{day_words(on)} {on.year}" for on in rides.stand_in)
    note = (
        "Trajets en transports : le fichier d’horaires ne couvre pas toute la semaine ; ils sont "
        f"lus sur des jours habituels ({days}). Vérifiez les heures."
    )
    return replace(plan, notes=(*plan.notes, note))


def _ride(ride: Ride) -> str:
    towards = f" vers {ride.direction}" if ride.direction not in {"", ride.to_name} else ""
    return (
        f"{ride.mode} {ride.line}{towards}, de « {ride.from_name} » à {_hour(ride.depart_s)} "
        f"à « {ride.to_name} » à {_hour(ride.arrive_s)}"
    )


def _hour(seconds: float) -> str:
    return clock(int(seconds // 60))
