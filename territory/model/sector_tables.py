"""Column contracts of what sectors rest on: the hours a week that each unit asks of a team."""

from __future__ import annotations

from territory.model.marked import marked
from territory.model.tables import COUNT, REAL, Column, TableContract

HOUR_PARTS = {
    "outings_h": marked("avec le public, en sortie"),
    "walk_inside_h": marked("marche pendant les sorties"),
    "walk_to_h": marked("marche pour y aller et revenir"),
    "permanences_h": marked("permanences tenues"),
    "contacts_h": marked("suites données aux contacts"),
}
OUTSIDE_PARTS = ("outings_h", "walk_inside_h", "walk_to_h", "permanences_h")

SECTOR_LOAD = TableContract(
    "sector_load",
    "unit_id",
    (
        Column("people", REAL, "target residents; NA unknown"),
        Column("outings_h", REAL, "hours a week of the team with people, in outings"),
        Column("walk_inside_h", REAL, "hours a week walked during those outings"),
        Column("walk_to_h", REAL, "hours a week walked to the unit and back; NA out of reach"),
        Column("permanences_h", REAL, "hours a week of staff of the permanences held there"),
        Column("contacts_h", REAL, "hours a week spent after contacts, for those expected there"),
        Column("load_h", REAL, "sum of the parts known somewhere; NA when one is unknown here"),
    ),
)

_FIGURES = (
    ("presence_h", "hours a week somebody is within a walk of a person of the public, a mean"),
    ("without", "share, 0-1, of the public with less than the least presence"),
    ("travel_h", "hours a week of the whole team lost on the way to outings and back"),
    ("contacts_year", "contacts expected in a year; NA when the log counts none"),
    ("contacts_ratio", "the same beside the first organisation, at equal luck; 1 is as many"),
    ("absent_worst", "share, 0-1, of the public with nobody when the worst post is absent"),
    ("absent_mean", "the same, mean over the posts"),
    ("load_deviation", "largest |load of a post / mean load - 1|; NA without load"),
    ("compact_min", "minutes on foot from the middle of an area to its public, a mean"),
)
FIGURES = tuple(name for name, _ in _FIGURES)

ORGANISATIONS = TableContract(
    "organisations",
    "organisation",
    (
        Column("posts", COUNT, "workers"),
        Column("covered", REAL, "share, 0-1, of the public living in the area of a post"),
        *(
            Column(name + end, REAL, meaning + said)
            for name, meaning in _FIGURES
            for end, said in (("", ""), ("_low", ", 2.5 %"), ("_high", ", 97.5 %"))
        ),
    ),
)
