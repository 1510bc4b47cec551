"""
Where OpenStreetMap lets people on foot go: ways, and the gates and walls met on them.

Sources: OSM wiki, « Key:access », « OSM tags for routing/Access restrictions », « Conditional
restrictions », « Barriers »; in France the signs behind access=agricultural, forestry, delivery or
destination (B0, B7) stop vehicles, never people on foot.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCESS_TAGS = (
    "highway", "foot", "access", "foot:conditional", "access:conditional", "motorroad", "route",
    "construction", "sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right",
)  # fmt: skip
_WALKED = {
    "footway", "path", "pedestrian", "living_street", "residential", "service", "unclassified",
    "tertiary", "secondary", "primary", "tertiary_link", "secondary_link", "primary_link", "steps",
    "track", "cycleway", "bridleway", "road", "platform",
}  # fmt: skip
_NEVER = {
    "motorway", "motorway_link", "construction", "proposed", "planned", "raceway", "abandoned",
    "razed", "disused", "demolished", "dismantled", "removed", "escape", "bus_guideway",
    "via_ferrata", "no", "none",
}  # fmt: skip
_EXPRESS = {"trunk", "trunk_link"}  # most are dual carriageways: only where a walker is foreseen
_CLOSED = {
    "no", "private", "use_sidepath", "military", "emergency", "employees", "residents", "permit",
    "restricted",
}  # fmt: skip
_OPEN = {"yes", "designated", "permissive", "official", "destination", "public", "customers"}
_SOLID = {
    "wall", "fence", "city_wall", "retaining_wall", "hedge", "ditch", "guard_rail",
    "cable_barrier", "barrier_board", "spikes",
}  # fmt: skip
# They stop vehicles and leave room beside: only `foot` closes them.
_FOR_VEHICLES = {
    "bollard", "block", "kerb", "lift_gate", "swing_gate", "cycle_barrier", "motorcycle_barrier",
    "chain", "height_restrictor", "width_restrictor", "bus_trap", "sump_buster", "toll_booth",
    "jersey_barrier", "cattle_grid", "bump_gate", "rising_bollard", "planter", "entrance",
}  # fmt: skip
_AT_TIMES = re.compile(r"([a-z_]+)\s*@")


def is_walkable(tags: Mapping[str, str]) -> bool:
    """
    Tell whether a way with these OSM `tags` may be walked, at least at some hours.

    `foot` decides when it is set; then `access` and `motorroad`; then the kind of `highway`. What
    a « :conditional » opens at certain hours is open, what it closes stays open: hours of streets
    are not kept. Car parks, driveways, bus platforms and separate sidewalks do not close a street.
    Kinds not listed (corridor, elevator, busway...) need an explicit permission, trunk roads that
    or a sidewalk; motorways, works and ferries (a timetable, not a walk) never qualify.
    """
    highway, foot = tags.get("highway", ""), _permission(tags, "foot")
    if not highway or highway in _NEVER or tags.get("route") == "ferry":
        return False
    if tags.get("construction") == "yes" or foot in _CLOSED:
        return False
    if foot in _OPEN:
        return True
    access = _permission(tags, "access")
    if access in _CLOSED or tags.get("motorroad") == "yes":
        return False
    if highway in _EXPRESS:
        return _has_sidewalk(tags)
    return highway in _WALKED or access in _OPEN


def is_shut(tags: Mapping[str, str]) -> bool:
    """
    Tell whether the `barrier` node with these OSM `tags` lets nobody on foot through.

    `foot` decides, then `access` and `locked` (not for what stops vehicles only: bollards, lift
    gates...), then the kind: walls, fences and hedges are shut, gates and kinds not listed are not.
    """
    kind, foot = tags.get("barrier", ""), _permission(tags, "foot")
    if not kind or kind == "no" or foot in _OPEN:
        return False
    if foot in _CLOSED:
        return True
    if kind in _FOR_VEHICLES:
        return False
    access = _permission(tags, "access")
    if access in _CLOSED or tags.get("locked") == "yes":
        return True
    return kind in _SOLID and access not in _OPEN


def _permission(tags: Mapping[str, str], key: str) -> str:
    """Return the value of `key`, or what opens it at certain hours when it is closed."""
    value = tags.get(key, "").partition(";")[0].strip()
    if value in _CLOSED:
        at_times = _AT_TIMES.findall(tags.get(f"{key}:conditional", ""))
        return next((v for v in at_times if v in _OPEN), value)
    return value


def _has_sidewalk(tags: Mapping[str, str]) -> bool:
    sides = ("sidewalk:both", "sidewalk:left", "sidewalk:right")
    return tags.get("sidewalk") in {"both", "left", "right", "yes"} or any(
        tags.get(side) == "yes" for side in sides
    )
