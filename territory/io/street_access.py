"""Which OpenStreetMap ways may be walked: the usual French rules, one-way ignored."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_WALKED = {
    "footway", "path", "pedestrian", "living_street", "residential", "service", "unclassified",
    "tertiary", "secondary", "primary", "tertiary_link", "secondary_link", "primary_link", "steps",
    "track", "cycleway", "bridleway", "road",
}  # fmt: skip
_NEVER = {
    "motorway", "motorway_link", "construction", "proposed", "planned", "raceway", "abandoned",
    "razed", "disused", "escape", "bus_guideway", "no",
}  # fmt: skip
_CLOSED = {"no", "private"}
_OPEN = {"yes", "designated", "permissive", "official", "destination", "public"}


def is_walkable(tags: Mapping[str, str]) -> bool:
    """
    Tell whether a way with these OSM `tags` may be walked.

    `foot` decides when it is set; then `access` and `motorroad`; then the kind of `highway`. Kinds
    not listed (trunk, corridor, platform...) need an explicit permission, motorways never qualify.
    Source: OSM wiki, « OSM tags for routing/Access restrictions », France.
    """
    highway, foot = tags.get("highway", ""), tags.get("foot", "")
    if not highway or highway in _NEVER or foot in _CLOSED:
        return False
    if foot in _OPEN:
        return True
    if tags.get("access", "") in _CLOSED or tags.get("motorroad") == "yes":
        return False
    return highway in _WALKED or (highway != "trunk" and tags.get("access", "") in _OPEN)
