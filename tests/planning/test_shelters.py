"""Plans B: an indoor place, open then, near by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from territory.model.french_calendar import FrenchCalendar
from territory.model.week_results import Session, Stop
from territory.planning.records import place_records
from territory.planning.shelters import sheltered
from tests.planning.town import PLACE_ROWS, places_table, town_walks

THURSDAY = date(2026, 11, 26)
ROWS = {**PLACE_ROWS, "L": {"name": "Médiathèque", "kind": "mediatheque", "at": (450, 150),
                            "opening_hours": "Th 10:00-16:00"}}  # fmt: skip
STREETS = Stop(1, None, "Tour de rue : Zone 1", "tour_de_rue", 840, 880, 300, 240, 300.0, 0.0,
               None, "", zone_id="Z1")  # fmt: skip
OUTING = Session("2026-W48-01", THURSDAY, "apres-midi", "maraude", ("A1",), 836, 900, "Maraude",
                 "B", "Z1", (STREETS,), (), (), 600, "", fixed=False)  # fmt: skip


def plans(outing: Session) -> list[tuple[str, int]]:
    places = place_records(places_table(ROWS), THURSDAY)
    (found,) = sheltered([outing], places, town_walks(ROWS), FrenchCalendar(), {"Z1": "c:z1a"})
    return [(s.name, s.closes_min) for s in found.shelters]


def test_the_nearest_open_indoor_places() -> None:
    assert plans(OUTING) == [("Centre", 960), ("Base", 1020)]


def test_not_one_that_closes_too_soon_nor_on_another_day() -> None:
    late = replace(OUTING, stops=(replace(STREETS, arrive_min=930, leave_min=970),))
    assert plans(late) == [("Base", 1020)]
    friday = replace(OUTING, on=date(2026, 11, 27))
    assert ("Médiathèque", 960) not in plans(friday)


def test_only_for_outings_with_something_outdoors() -> None:
    indoors = replace(OUTING, stops=(replace(STREETS, kind="mediatheque", place_id="L"),))
    assert plans(indoors) == []
    assert plans(replace(OUTING, fixed=True)) == []
