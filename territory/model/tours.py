"""The table of tours: walks that patrol the streets of a zone and come back, ready for a week."""

from __future__ import annotations

from territory.model.tables import REAL, TEXT, Column, TableContract

TOURS = TableContract(
    "tours",
    "tour_id",
    (
        Column("zone_id", TEXT, "zone (or quarter whose turn it is) whose streets are patrolled"),
        Column("half_day", TEXT, "matin or apres-midi: who walks by is not the same"),
        Column("minutes", REAL, "patrol asked for"),
        Column("node", "int64", "position of the crossroads it starts from and comes back to"),
        Column("seconds", REAL, "how long it lasts, turns included"),
        Column("value", REAL, "people in need expected to walk by, relative"),
        Column("bound", REAL, "what no tour of that length could exceed"),
        Column("streets", TEXT, "names of the streets in order, joined by |"),
        Column("length_m", REAL, "metres of the whole walk"),
    ),
    ("LineString",),
)
