"""The GPX track is as long as the walk and its waypoints are the stops, in order."""

from __future__ import annotations

import gpxpy
import pytest

from territory.outputs.tracks import session_track
from tests.outputs.map_town import outing

LAMBERT = 2154


def test_the_track_is_as_long_as_the_walk() -> None:
    session = outing()  # 600 + 500 + 400 m by hand
    length = gpxpy.parse(session_track(session, LAMBERT)).length_2d()
    assert session.walk_m == 1500
    assert length == pytest.approx(session.walk_m, rel=0.01)


def test_stops_are_numbered_waypoints_in_france() -> None:
    points = gpxpy.parse(session_track(outing(), LAMBERT)).waypoints
    assert [p.name for p in points] == ["1. Centre social Les Lilas", "2. rue Droite"]
    assert all(48 < p.latitude < 50 and 2 < p.longitude < 3 for p in points)


def test_special_characters_come_back() -> None:
    text = session_track(outing(title="Tour <b> & « été »"), LAMBERT)
    assert gpxpy.parse(text).name == "Tour <b> & « été »"


def test_no_moment_is_written_and_nothing_changes() -> None:
    text = session_track(outing(), LAMBERT)
    assert "<time>" not in text
    assert text == session_track(outing(), LAMBERT)
