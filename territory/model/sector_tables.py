"""Column contracts of what sectors rest on: the hours a week that each unit asks of a team."""

from __future__ import annotations

from territory.model.tables import REAL, Column, TableContract

HOUR_PARTS = {
    "outings_h": "avec le public, en sortie",
    "walk_inside_h": "marche pendant les sorties",
    "walk_to_h": "marche pour y aller et revenir",
    "permanences_h": "permanences tenues",
    "contacts_h": "suites données aux contacts",
}

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
