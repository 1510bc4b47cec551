"""Who may walk where, tag by tag; one-way walks, light, squares and what stops walkers."""

from __future__ import annotations

import pytest

from territory.io.street_access import is_shut, is_walkable
from territory.io.street_tags import is_lit, is_square, obstacle_kind, one_way, turned_back


def tags(text: str) -> dict[str, str]:
    """Read « highway=path|foot=no »."""
    return dict(part.split("=", 1) for part in text.split("|") if part)


@pytest.mark.parametrize("highway", [
    "footway", "path", "pedestrian", "living_street", "residential", "service", "unclassified",
    "tertiary", "secondary_link", "primary", "steps", "track", "cycleway", "bridleway", "road",
    "platform",
])  # fmt: skip
def test_streets_are_walked_unless_told_otherwise(highway: str) -> None:
    assert is_walkable({"highway": highway})
    assert not is_walkable({"highway": highway, "foot": "no"})
    assert not is_walkable({"highway": highway, "access": "private"})
    assert is_walkable({"highway": highway, "access": "no", "foot": "designated"})


@pytest.mark.parametrize("highway", [
    "motorway", "motorway_link", "construction", "proposed", "raceway", "abandoned", "razed",
    "escape", "bus_guideway", "via_ferrata", "no",
])  # fmt: skip
def test_some_are_never_walked(highway: str) -> None:
    assert not is_walkable({"highway": highway, "foot": "yes", "access": "yes"})


@pytest.mark.parametrize("highway", ["trunk", "corridor", "elevator", "busway", "rest_area"])
def test_others_need_a_permission(highway: str) -> None:
    assert not is_walkable({"highway": highway})
    assert is_walkable({"highway": highway, "foot": "yes"})


@pytest.mark.parametrize(
    ("text", "walkable"),
    [
        ("highway=trunk|sidewalk=both", True),
        ("highway=trunk|sidewalk:left=yes", True),
        ("highway=trunk|sidewalk=separate", False),
        ("highway=trunk|access=yes", False),  # said of vehicles
        ("highway=trunk|sidewalk=both|motorroad=yes", False),
        ("highway=primary|sidewalk=separate", True),
        ("highway=primary|sidewalk=no", True),
        ("highway=primary|foot=use_sidepath", False),
        ("highway=primary|motorroad=yes|foot=designated", True),
        ("highway=corridor|indoor=yes|access=yes", True),
        ("highway=footway|indoor=yes|tunnel=yes", True),
        ("highway=service|service=driveway", True),
        ("highway=service|service=parking_aisle|access=customers", True),
        ("highway=service|access=delivery", True),
        ("highway=service|access=destination", True),
        ("highway=track|access=agricultural", True),
        ("highway=track|access=forestry", True),
        ("highway=service|access=permit", False),
        ("highway=service|access=military", False),
        ("highway=service|access=residents", False),
        ("highway=residential|construction=yes", False),
        ("highway=residential|construction=minor", True),
        ("highway=footway|route=ferry|foot=yes", False),
        ("route=ferry|foot=yes", False),
        ("railway=platform|foot=yes", False),
        ("highway=path|access=no|access:conditional=yes @ (08:00-20:00)", True),
        ("highway=path|foot=no|foot:conditional=yes @ (sunrise-sunset)", True),
        ("highway=path|foot=private|foot:conditional=no @ (22:00-06:00)", False),
        ("highway=path|foot:conditional=no @ (22:00-06:00)", True),
        ("highway=path|access=no|foot:conditional=yes @ (08:00-20:00)", False),
        ("highway=path|foot=yes;permissive", True),
        ("highway=path|foot=no;yes", False),
    ],
)
def test_ways_tag_by_tag(text: str, walkable: bool) -> None:
    assert is_walkable(tags(text)) is walkable


@pytest.mark.parametrize(
    ("text", "shut"),
    [
        ("barrier=gate", False),
        ("barrier=gate|access=private", True),
        ("barrier=gate|access=no", True),
        ("barrier=gate|access=private|foot=yes", False),
        ("barrier=gate|foot=private", True),
        ("barrier=gate|locked=yes", True),
        ("barrier=gate|locked=yes|foot=permissive", False),
        ("barrier=gate|access=customers", False),
        ("barrier=gate|access=no|access:conditional=yes @ (07:00-21:00)", False),
        ("barrier=kissing_gate", False),
        ("barrier=stile", False),
        ("barrier=turnstile", False),
        ("barrier=bollard", False),
        ("barrier=bollard|access=no", False),  # of vehicles
        ("barrier=bollard|foot=no", True),
        ("barrier=lift_gate|access=private", False),
        ("barrier=cycle_barrier|access=private", False),
        ("barrier=wall", True),
        ("barrier=fence", True),
        ("barrier=hedge", True),
        ("barrier=wall|foot=yes", False),
        ("barrier=wall|access=yes", False),
        ("barrier=entrance", False),
        ("barrier=no", False),
        ("barrier=yes", False),
        ("highway=crossing|access=private", False),
    ],
)
def test_barriers_on_nodes(text: str, shut: bool) -> None:
    assert is_shut(tags(text)) is shut


@pytest.mark.parametrize(
    ("text", "sense"),
    [
        ("highway=footway|oneway=yes", 0),
        ("highway=residential|oneway=-1", 0),
        ("highway=footway|oneway:foot=yes", 1),
        ("highway=footway|oneway:foot=-1", -1),
        ("highway=steps|conveying=forward", 1),
        ("highway=steps|conveying=backward", -1),
        ("highway=steps|conveying=reversible", 0),
        ("highway=steps|conveying=yes", 0),
        ("highway=steps|conveying=forward|oneway:foot=no", 0),
    ],
)
def test_only_what_binds_people_on_foot_is_one_way(text: str, sense: int) -> None:
    assert one_way(tags(text)) == sense
    assert one_way(turned_back(tags(text))) == -sense


@pytest.mark.parametrize(
    ("value", "lit"),
    [
        ("yes", True), ("24/7", True), ("automatic", True), ("sunset-sunrise", True),
        ("limited", True), ("Mo-Su 18:00-23:00", True), ("no", False), ("disused", False),
        ("unknown", None), ("", None),
    ],
)  # fmt: skip
def test_light_is_yes_no_or_unknown(value: str, lit: bool | None) -> None:
    assert is_lit({"lit": value}) is lit
    assert is_lit({}) is None


def test_a_square_is_an_area_that_is_walked() -> None:
    assert is_square({"highway": "pedestrian", "area": "yes"})
    assert not is_square({"highway": "pedestrian"})  # a ring of streets
    assert not is_square({"highway": "pedestrian", "area": "yes", "access": "private"})


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("railway=rail", "rail"),
        ("railway=light_rail", "rail"),
        ("railway=subway|tunnel=no", "rail"),
        ("railway=subway|tunnel=yes", ""),
        ("railway=rail|bridge=viaduct", ""),
        ("railway=tram", ""),
        ("railway=abandoned", ""),
        ("waterway=canal", "water"),
        ("waterway=river|tunnel=culvert", ""),
        ("waterway=ditch", ""),
        ("natural=water", "water"),
        ("natural=wood", ""),
        ("highway=motorway", "motorway"),
        ("highway=trunk_link", "motorway"),
        ("highway=trunk|foot=yes", ""),
        ("highway=primary|motorroad=yes", "motorway"),
        ("highway=primary", ""),
    ],
)
def test_what_stops_people_on_foot(text: str, kind: str) -> None:
    assert obstacle_kind(tags(text)) == kind
