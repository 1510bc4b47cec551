"""The judge: doors, zones, legs, tours, locks and exclusions broken are found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from shapely.geometry import LineString

from territory.model.tables import conform
from territory.model.tours import TOURS
from territory.model.week_edits import EditKind, WeekEdit
from territory.planning.rule_effects import Effects, Shut
from tests.planning.town import gap, places_table, rules, team_table, town_walks
from tests.planning.week_by_hand import (
    FRIDAY,
    STOPS,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    faults_of,
    fixed,
    later,
    outing,
    street,
    visit,
    week,
)

if TYPE_CHECKING:
    from datetime import date

    from territory.model.week_results import Session, Stop, WeekPlan

Given = dict[str, Any]
SOUND = week(outing(), fixed())
STREETS = ("rue Droite", "rue Haute")


def with_stops(*stops: Stop, **changes: object) -> WeekPlan:
    """Return the week with other stops on Wednesday morning."""
    return week(outing(stops=stops, **changes), fixed())


def places(key: str, **columns: object) -> Given:
    """Return the places of the town, one of them changed."""
    table = places_table()
    for name, value in columns.items():
        table.loc[key, name] = value
    return {"places": table}


def tour(**columns: object) -> Given:
    """Return one drawn tour of zone Z1, 40 minutes long, from a node of its streets."""
    row = {"zone_id": "Z1", "half_day": "matin", "minutes": 40.0, "node": 7, "seconds": 2390.0,
           "value": 1.0, "bound": 1.0, "streets": "|".join(STREETS), "length_m": 2000.0,
           "geometry": LineString([(300, 75), (375, 75)]), **columns}  # fmt: skip
    walks = town_walks()
    walks.points["n:7"] = (300, 75)
    return {"tours": conform(pd.DataFrame([row], index=["T"]), TOURS), "walks": walks}


def toured(arrive: int = 545, **changes: object) -> Session:
    stops = (street(arrive, 375, streets=STREETS, **changes), *STOPS[1:])
    return outing(stops=stops, walk_m=3200)


def far(arrive: int, walk_m: int) -> WeekPlan:
    """Return an outing to zone Z3, 6 km away, by bus or on foot."""
    stop = street(arrive, walk_m, zone_id="Z3", x=6000.0, y=0.0)
    whole = outing(stops=(stop,), end_min=stop.leave_min + 45, walk_m=2 * walk_m, zone_id="Z3")
    return week(whole, fixed())


FAR = {"gaps": [gap(3, ("z3a",))], "settings": rules()}
BEFORE = week(outing(), fixed())
LOCK = {"edits": (WeekEdit(EditKind.LOCK, "2026-W48-3M-A1.A2"),), "before": BEFORE}
HELD = outing(locked=True)
MOVED = later(30, locked=True)


def exclude(target: str, on: date | None = None, half_day: str = "") -> Given:
    """Return the exclusion of a place or a zone."""
    return {"edits": (WeekEdit(EditKind.EXCLUDE, target, on=on, half_day=half_day),)}


def second(day: date, **changes: object) -> Session:
    """Return another outing in the streets of zone Z2."""
    stop = street(548, 600, zone_id="Z2", name="Tour de rue : Zone 2", x=-600.0, y=0.0)
    made = outing(on=day, stops=(stop,), end_min=600, walk_m=1200, zone_id="Z2", agents=("A1",))
    return replace(made, **changes)  # type: ignore[arg-type]


AT_THE_CENTRE = second(TUESDAY, stops=(visit("C", 850, 450, zone_id="Z2"),), start_min=840,
                       end_min=880, walk_m=900)  # fmt: skip
MOVED_SAID = (
    "La sortie verrouillée « Maraude : Zone 1 » garde ses arrêts mais change d’heure : début à "
    "9 h 30 au lieu de 9 h."
)
BROKEN: dict[str, tuple[WeekPlan, Given, str]] = {
    "sensitive": (with_stops(STOPS[0], visit("S", 590, 75)), {}, "arrêt n° 1 dans un lieu qui"),
    "refused": (with_stops(STOPS[0], visit("R", 590, 75)), {}, "dans un lieu qui n’accueille pas"),
    "unknown place": (SOUND, {"places": places_table().drop("K")}, "un lieu qui n’accueille pas"),
    "avoided": (
        SOUND, {"effects": Effects(avoided=frozenset({"K"}))},
        "un lieu qui n’accueille pas",
    ),
    "closed that day": (
        week(outing(on=TUESDAY), fixed()), {}, "« Marché » n’est pas ouvert de 9 h 47 à 10 h 07",
    ),
    "before it opens": (
        SOUND, places("M", opening_hours="We 10:00-13:00"), "« Marché » n’est pas ouvert",
    ),
    "past closing": (
        SOUND, places("M", opening_hours="We 08:00-10:00"), "« Marché » n’est pas ouvert",
    ),
    "between two openings": (
        SOUND, places("M", opening_hours="We 08:00-10:00,10:05-13:00"),
        "« Marché » n’est pas ouvert",
    ),
    "closing hour told wrong": (
        SOUND, places("M", opening_hours="We 08:00-12:30"), "heure de fermeture de « Marché » mal",
    ),
    "temporary closure": (
        SOUND, places("K", closures="2026-11-20/2026-11-25"), "« Boutique » est en fermeture",
    ),
    "unknown hours, unsaid": (
        with_stops(*STOPS[:2], visit("K", 609, 150, reason="Dans la zone.")), {},
        "horaires inconnus de « Boutique » sans que l’arrêt le dise",
    ),
    "a short visit": (
        with_stops(*STOPS[:2], visit("K", 609, 150, leave_min=615)), {},
        "visite de « Boutique » plus courte que 20 min",
    ),
    "a short round": (
        SOUND, {"settings": rules(street_min=60)},
        "« Tour de rue : Zone 1 » plus court",
    ),
    "no stop": (with_stops(), {}, "aucun arrêt"),
    "alone where two go": (
        week(outing(agents=("A1",)), fixed()), {"settings": rules(pair_kinds=("marche",))},
        "« Marché » ne se visite qu’à deux",
    ),
    "alone by a rule": (
        week(outing(agents=("A1",)), fixed()), {"effects": Effects(pair_only=frozenset({"K"}))},
        "« Boutique » ne se visite qu’à deux",
    ),
    "commune of a place": (
        SOUND,
        {**places("M", commune_code="93002"), "team": team_table("A1", "A2", communes="93001")},
        "« Marché » hors des communes de A1",
    ),
    "commune of a zone": (
        SOUND, {"team": team_table("A1", "A2", communes="93002")},
        "« Tour de rue : Zone 1 » hors des communes de A2",
    ),
    "a zone nobody knows": (
        SOUND, {"gaps": [gap(2, ("z2a",))]},
        "la zone de « Marché » n’existe pas",
    ),
    "a place twice": (
        with_stops(*STOPS, visit("K", 640, 0)), {}, "« Boutique » est visité plus d’une fois",
    ),
    "streets twice": (
        week(second(TUESDAY), second(FRIDAY), fixed()), {},
        "les rues de la zone Z2 sont parcourues",
    ),
    "a zone too soon": (
        week(second(TUESDAY), outing(stops=(replace(STOPS[0], zone_id="Z2"), *STOPS[1:])), fixed()),
        {}, "la zone Z2 reçoit deux sorties trop proches (1 au lieu de 3 jours)",
    ),
    "two teams in a zone": (
        week(second(TUESDAY), second(TUESDAY, agents=("A2",)), fixed()), {},
        "la zone Z2 reçoit deux sorties le même jour",
    ),
    "a zone shut": (
        SOUND, {"effects": Effects(shut={"Z1": Shut(THURSDAY, "Fermée.")})},
        "la zone de « Marché » est fermée à cette date",
    ),
    "a rushed leg": (
        with_stops(STOPS[0], visit("M", 585, 75), STOPS[2]), {}, "trajet n° 2 impossible en 0 min",
    ),
    "a slow walker": (
        SOUND, {"team": team_table("A1", "A2", walk_kmh=2.25)},
        "trajet n° 1 impossible",
    ),
    "no way back": (
        week(outing(end_min=630), fixed()), {}, "trajet n° 4 impossible en 1 min",
    ),
    "metres too few": (
        with_stops(*STOPS[:2], visit("K", 609, 20)), {},
        "trajet n° 3 plus long que ce qui est dit (0 km au lieu de 0,1 km)",
    ),
    "stops out of the outing": (
        week(outing(start_min=550), fixed()), {}, "un arrêt hors des heures de la sortie",
    ),
    "a stop that ends before": (
        with_stops(*STOPS[:2], visit("K", 609, 150, leave_min=600)), {}, "finit avant de commencer",
    ),
    "too far for a bus": (far(575, 500), FAR, "trajet n° 1 impossible en 35 min"),
    "no bus": (
        far(580, 500), FAR | {"settings": rules(bus_from_m=None)},
        "trajet n° 1 impossible en 40 min",
    ),
    "no street": (
        far(580, 500), FAR | {"walks": town_walks({"S": {"at": (0, 0)}})}, "trajet n° 1 impossible",
    ),
    "a tour nobody drew": (
        week(toured(), fixed()), tour(streets="rue Basse"), "arrêt n° 1 : tour de rue inconnu",
    ),
    "a tour cut short": (week(toured(), fixed()), tour(seconds=2500.0), "plus court que 42 min"),
    "a tour of the afternoon": (
        week(toured(), fixed()), tour(half_day="apres-midi"),
        "tour de rue prévu pour un après-midi",
    ),
    "excluded place": (SOUND, exclude("K"), "« Boutique » était exclu"),
    "excluded zone": (SOUND, exclude("Z1", WEDNESDAY, "matin"), "« Marché » était exclu"),
    "a lock forgotten": (week(fixed()), LOCK, "verrouillée et pourtant changée"),
    "a lock with another stop": (
        week(replace(HELD, stops=STOPS[:2]), fixed()), LOCK, "verrouillée et pourtant changée",
    ),
    "a lock at other hours": (week(MOVED, fixed()), LOCK, "verrouillée et pourtant changée"),
}  # fmt: skip
LAWFUL: dict[str, tuple[WeekPlan, Given]] = {
    "by bus": (far(580, 500), FAR),
    "two openings": (SOUND, places("M", opening_hours="We 08:00-09:00,09:30-13:00")),
    "a closure that is over": (SOUND, places("K", closures="2026-11-20/2026-11-24")),
    "two where two go": (SOUND, {"settings": rules(pair_kinds=("marche",))}),
    "communes covered": (SOUND, {"team": team_table("A1", "A2", communes="93001|93002")}),
    "a zone days apart": (week(outing(), fixed(), second(FRIDAY), AT_THE_CENTRE), {}),
    "a zone open again": (SOUND, {"effects": Effects(shut={"Z1": Shut(WEDNESDAY, "Fermée.")})}),
    "a drawn tour": (week(toured(), fixed()), tour()),
    "excluded elsewhere": (SOUND, exclude("Z1", WEDNESDAY, "apres-midi")),
    "excluded another day": (SOUND, exclude("K", TUESDAY)),
    "a lock held": (week(HELD, fixed()), LOCK),
    "a lock at other hours, said": (week(MOVED, fixed(), warnings=(MOVED_SAID,)), LOCK),
    "a lock that cannot hold, said": (
        week(fixed(), warnings=("La sortie verrouillée « Maraude : Zone 1 » ne tient plus.",)),
        LOCK,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LAWFUL)
def test_a_lawful_week_has_no_fault(name: str) -> None:
    plan, given = LAWFUL[name]
    assert faults_of(plan, **given) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_found(name: str) -> None:
    plan, given, sentence = BROKEN[name]
    faults = faults_of(plan, **given)
    assert any(sentence in fault for fault in faults), faults


def test_without_zones_the_metres_told_are_held_to_a_straight_line() -> None:
    """Nobody says where in Z1 the streets are walked: the outing itself says it, roughly."""
    assert faults_of(SOUND, gaps=()) == []
    hurried = with_stops(STOPS[1], street(608, 20, x=300.0, y=800.0), visit("K", 660, 700))
    assert any("trajet n° 2 impossible en 1 min" in f for f in faults_of(hurried, gaps=()))
