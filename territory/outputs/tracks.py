"""One outing as a GPX track with numbered waypoints, for a telephone or a watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpxpy.gpx import GPX, GPXTrack, GPXTrackPoint, GPXTrackSegment, GPXWaypoint
from pyproj import Transformer

if TYPE_CHECKING:
    from territory.model.week_results import Session

WGS84 = 4326


def session_track(session: Session, epsg: int) -> str:
    """
    Return the GPX text of an outing: the walk as a track, the stops as waypoints.

    Coordinates of the session are in EPSG:`epsg` (metres); a GPX file is in WGS84 degrees, here
    with six decimals. No moment of writing.
    """
    degrees = Transformer.from_crs(epsg, WGS84, always_xy=True)
    gpx = GPX()
    gpx.creator = "territory"
    gpx.name = session.title
    segment = GPXTrackSegment()
    for x, y in session.path:
        lon, lat = degrees.transform(x, y)
        segment.points.append(GPXTrackPoint(round(lat, 6), round(lon, 6)))
    track = GPXTrack(name=session.title)
    track.segments.append(segment)
    gpx.tracks.append(track)
    for stop in session.stops:
        lon, lat = degrees.transform(stop.x, stop.y)
        name = f"{stop.order}. {stop.name}"
        gpx.waypoints.append(GPXWaypoint(round(lat, 6), round(lon, 6), name=name))
    return str(gpx.to_xml(prettyprint=True))
