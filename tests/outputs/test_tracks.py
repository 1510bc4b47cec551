"""The GPX track is as long as the walk and its waypoints are the stops, in order."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import gpxpy
import pytest
from pyproj import Transformer

from territory.outputs.french import clock
from territory.outputs.tracks import session_track
from territory.planning.codes import coded
from tests.outputs.map_town import outing, plan

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


def test_the_route_comes_back_equal_to_the_plan() -> None:
    session = coded(plan()).sessions[0]
    (route,) = gpxpy.parse(session_track(session, LAMBERT)).routes
    metres = Transformer.from_crs(4326, LAMBERT, always_xy=True)
    assert [p.name for p in route.points] == [f"{s.code}. {s.name}" for s in session.stops]
    assert [p.description for p in route.points] == [
        f"{clock(s.arrive_min)} – {clock(s.leave_min)}" for s in session.stops
    ]
    for point, stop in zip(route.points, session.stops, strict=True):
        x, y = metres.transform(point.longitude, point.latitude)
        assert (x, y) == pytest.approx((stop.x, stop.y), abs=0.2)


def test_the_file_keeps_the_rules_of_gpx_1_1() -> None:
    """Order of elements, required attributes and ranges of the schema topografix.com/GPX/1/1."""
    root = ET.fromstring(session_track(outing(), LAMBERT))  # noqa: S314 - our own file
    space = "{http://www.topografix.com/GPX/1/1}"
    assert root.tag == f"{space}gpx"
    assert (root.attrib["version"], root.attrib["creator"]) == ("1.1", "territory")
    names = [child.tag.removeprefix(space) for child in root]
    assert names == ["metadata", "wpt", "wpt", "rte", "trk"]
    for kind in ("wpt", "rtept", "trkpt"):
        points = list(root.iter(f"{space}{kind}"))
        assert points
        assert all(-90 <= float(p.attrib["lat"]) <= 90 for p in points)
        assert all(-180 <= float(p.attrib["lon"]) < 180 for p in points)
        order = ["ele", "time", "name", "cmt", "desc"]
        told = [[c.tag.removeprefix(space) for c in p] for p in points]
        assert all(t == sorted(t, key=order.index) for t in told)


def test_an_appointment_has_neither_track_nor_route() -> None:
    found = gpxpy.parse(session_track(outing(stops=(), path=()), LAMBERT))
    assert (found.routes, found.tracks, found.waypoints) == ([], [], [])
