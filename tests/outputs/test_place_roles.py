"""Existing, possible, asked for and left out are told apart, in words and in drawings."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box

from territory.model.requests import Ask, Decision
from territory.model.results import Ending, Site, SitePlan
from territory.outputs.place_roles import (
    CANDIDATE,
    CLOSING,
    FORBIDDEN,
    HELD,
    PROPOSED,
    REQUIRED,
    asked_places,
    place_roles,
)
from territory.outputs.role_marks import role_marks
from territory.outputs.site_plan_map import site_drawing

ON = date(2026, 3, 1)


def options() -> pd.DataFrame:
    rows = [("a", True, True), ("b", True, True), ("c", False, True), ("d", False, True),
            ("e", False, True), ("f", False, True), ("s", False, False)]  # fmt: skip
    return pd.DataFrame(rows, columns=["place_id", "present", "named"])


def roles() -> pd.Series:
    site = Site(1, "c", "Mairie <C>", "mairie", None, 1, 1, 2, 3, "")
    plan = SitePlan((site,), 15, Ending.OPTIMAL, 1.0)
    decided = [
        Decision(ON, "Ville", Ask.REQUIRE, "d", "lundi matin", "x"),
        Decision(ON, "Ville", Ask.FORBID, "e", None, "x"),
        Decision(ON, "Ville", Ask.FORBID, "f", "lundi matin", "x"),
    ]
    return place_roles(options(), plan, asked_places(decided, [], []), [0, 2])


def places() -> gpd.GeoDataFrame:
    points = [Point(100 * n, 100 * n) for n in range(6)]
    names = [f"Lieu {c}" for c in "abcdef"]
    return gpd.GeoDataFrame({"name": names}, index=list("abcdef"), geometry=points, crs=2154)


def test_each_place_has_one_role_and_unnamed_ones_have_none() -> None:
    assert roles().to_dict() == {
        "a": HELD, "b": CLOSING, "c": PROPOSED, "d": REQUIRED, "e": FORBIDDEN, "f": CANDIDATE
    }  # fmt: skip


def test_settings_ask_too() -> None:
    asked = asked_places([], ["x:lundi matin"], ["y", "z:lundi matin"])
    assert asked == {"x": Ask.REQUIRE, "y": Ask.FORBID}


def test_the_map_tells_those_that_are_neither_held_nor_proposed() -> None:
    marks = {m.key: m for m in role_marks(roles(), places())}
    assert set(marks) == {"lieu-b", "lieu-d", "lieu-e", "lieu-f"}
    assert "écarté" in str(marks["lieu-e"].note)
    assert role_marks(None, places()) == []


def test_the_drawing_names_only_roles_that_are_there_and_escapes_names() -> None:
    communes = gpd.GeoDataFrame(geometry=[box(0, 0, 600, 600)], crs=2154)
    streets = gpd.GeoDataFrame(
        {"highway": ["primary"]}, geometry=[LineString([(0, 0), (600, 600)])], crs=2154
    )
    text = site_drawing(roles(), places(), communes, streets, labels={"c": "Mairie <C>"})
    assert "Mairie &lt;C&gt;" in text
    assert all(word in text for word in (HELD, CLOSING, PROPOSED, REQUIRED, FORBIDDEN, CANDIDATE))
    few = site_drawing(roles()[["a"]], places(), communes, streets, labels={})
    assert HELD in few
    assert PROPOSED not in few


@pytest.mark.parametrize("missing", ["d", "e"])
def test_a_place_without_a_point_is_left_out(missing: str) -> None:
    known = places().drop(index=missing)
    assert f"lieu-{missing}" not in {m.key for m in role_marks(roles(), known)}
