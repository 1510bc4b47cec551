"""What else the tags of an OpenStreetMap way say: direction on foot, light, square, obstacle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.io.street_access import ACCESS_TAGS, is_walkable

if TYPE_CHECKING:
    from collections.abc import Mapping

# All that is read of a way beside its name.
TAGS = (
    *ACCESS_TAGS, "area", "oneway:foot", "conveying", "lit", "railway", "waterway", "natural",
    "tunnel", "bridge",
)  # fmt: skip
_FORWARD, _BACKWARD = {"yes", "1", "true"}, {"-1", "reverse"}
_DARK = {"no", "disused"}
_LIT = {
    "yes", "24/7", "automatic", "limited", "interval", "sunset-sunrise", "dusk-dawn",
    "operating_times", "good", "poor", "both", "left", "right",
}  # fmt: skip
_RAILS = {"rail", "light_rail", "subway", "narrow_gauge", "funicular"}
_WATERS = {"river", "canal"}
_MOTORWAYS = {"motorway", "motorway_link", "trunk", "trunk_link"}


def one_way(tags: Mapping[str, str]) -> int:
    """
    Return 1 when people on foot may only go along the way, -1 only against it, 0 both ways.

    Only `oneway:foot` and the run of an escalator (`conveying`) bind them; plain `oneway` is for
    vehicles (OSM wiki, « Key:oneway »).
    """
    told, conveying = tags.get("oneway:foot", ""), tags.get("conveying", "")
    if told in _FORWARD or (not told and conveying == "forward"):
        return 1
    return -1 if told in _BACKWARD or (not told and conveying == "backward") else 0


def turned_back(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the tags of the same way drawn from its other end."""
    sense = one_way(tags)
    kept = {k: v for k, v in tags.items() if k not in {"oneway:foot", "conveying"}}
    return kept | {"oneway:foot": "-1" if sense > 0 else "yes"} if sense else kept


def is_lit(tags: Mapping[str, str]) -> bool | None:
    """
    Tell whether the way is lit at night, at least at some hours; None when unknown.

    Source: OSM wiki, « Key:lit », also hours (« Mo-Su 18:00-23:00 »).
    """
    told = tags.get("lit", "").strip()
    if told in _DARK:
        return False
    return True if told in _LIT or ":" in told else None


def is_square(tags: Mapping[str, str]) -> bool:
    """Tell whether the closed way is an area walked in every direction, not only around."""
    return tags.get("area") == "yes" and is_walkable(tags)


def obstacle_kind(tags: Mapping[str, str]) -> str:
    """
    Return what the way stops people on foot with: rail, water, motorway; "" when it does not.

    Tracks of their own (tramways are crossed on foot), rivers, canals, outlines of water, fast
    roads where nobody walks; not what goes under (tunnel) or over (bridge) the ground.
    """
    if tags.get("tunnel", "no") != "no" or tags.get("bridge", "no") != "no":
        return ""
    if tags.get("railway") in _RAILS:
        return "rail"
    if tags.get("waterway") in _WATERS or tags.get("natural") == "water":
        return "water"
    fast = tags.get("highway") in _MOTORWAYS or tags.get("motorroad") == "yes"
    return "motorway" if fast and not is_walkable(tags) else ""
