"""Contracts of the tables of a team: its members, their hours, its rules and its sectors."""

from __future__ import annotations

from territory.model.contracts import COUNT, DAY, REAL, TEXT, Column, TableContract

TEAM = TableContract(
    "team",
    "agent_code",
    (
        Column("role", TEXT, "mediateur, charge_projet, coordinateur, adulte_relais, partenaire"),
        Column("weekly_hours", REAL, "hours worked a week"),
        Column("communes", TEXT, "commune codes covered, joined by |; NA = all"),
        Column("start_place_id", TEXT, "place the rounds leave from"),
        Column("walk_kmh", REAL, "walking speed, km/h"),
        Column("walk_max_m", REAL, "longest walk in one outing, metres"),
        Column("unit", TEXT, "territorial unit covered, when no commune is given"),
        Column("active_from", DAY, "first day in the team; NA = always"),
        Column("active_to", DAY, "last day in the team; NA = always"),
        Column("languages", TEXT, "languages of the worker joined by |"),
    ),
)
AVAILABILITY = TableContract(
    "availability",
    "slot_id",
    (
        Column("agent_code", TEXT, "worker"),
        Column("weekday", COUNT, "0 Monday ... 6 Sunday; NA for dated absences"),
        Column("from_on", DAY, "first day it applies; NA = always"),
        Column("to_on", DAY, "last day it applies; NA = always"),
        Column("start_min", COUNT, "start, minutes after midnight"),
        Column("end_min", COUNT, "end, minutes after midnight"),
        Column("weeks", TEXT, "toutes, paire, impaire (ISO week number)"),
        Column("kind", TEXT, "code of words.SLOT_KINDS"),
        Column("place_id", TEXT, "place of a permanence, of a visit or of an event"),
        Column("recurrence", TEXT, "days it comes back, as recurrence_words writes; NA = all"),
        Column("headcount", COUNT, "people an appointment needs; NA = those of its lines"),
        Column("partners", TEXT, "codes of the other teams that come along, joined by |"),
    ),
)
CONSTRAINTS = TableContract(
    "constraints",
    "rule_id",
    (
        Column("kind", TEXT, "code of words.CONSTRAINT_KINDS"),
        Column("value", TEXT, "1/0, a number, minutes after midnight, start-end, or a name"),
        Column("weekday", COUNT, "0 Monday ... 6 Sunday; NA = every day"),
        Column("start_min", COUNT, "start, minutes after midnight"),
        Column("end_min", COUNT, "end, minutes after midnight"),
        Column("agent_code", TEXT, "worker; NA = all"),
        Column("commune_code", TEXT, "commune; NA = all"),
        Column("place_id", TEXT, "place it concerns"),
        Column("strength", TEXT, "obligatoire, souhait"),
        Column("from_on", DAY, "first day it holds; NA = always"),
        Column("to_on", DAY, "last day it holds; NA = always"),
    ),
)
SECTORS = TableContract(
    "sectors",
    "sector_id",
    (
        Column("commune_code", TEXT, "commune"),
        Column("unit", TEXT, "territorial unit"),
        Column("agent_code", TEXT, "worker who covers it"),
    ),
)
