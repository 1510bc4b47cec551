"""One outing as GPX 1.1: the walk as a track, the stops as a route, for a telephone or a watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpxpy.gpx import (
    GPX,
    GPXRoute,
    GPXRoutePoint,
    GPXTrack,
    GPXTrackPoint,
    GPXTrackSegment,
    GPXWaypoint,
)
from pyproj import Transformer

from territory.outputs.french import clock

if TYPE_CHECKING:
    from territory.model.week_results import Session, Stop

WGS84 = 4326


def session_track(session: Session, epsg: int) -> str:
    """
    Return the GPX text of an outing: the walk as a track, the stops as waypoints and as a route.

    Coordinates of the session are in EPSG:`epsg` (metres); a GPX file is in WGS84 degrees, here
    with six decimals (10 cm). Each stop says its hours, as « 9 h 30 – 9 h 50 », and the
    vehicles that lead there. No moment of writing; same outing, same text. Source:
    topografix.com/GPX/1/1.
    """
    degrees = Transformer.from_crs(epsg, WGS84, always_xy=True)

    def at(x: float, y: float) -> tuple[float, float]:
        longitude, latitude = degrees.transform(x, y)
        return round(latitude, 6), round(longitude, 6)

    gpx = GPX()
    gpx.creator = "territory"
    gpx.name = session.title
    route = GPXRoute(name=session.title)
    for stop in session.stops:
        spot, told = at(stop.x, stop.y), {"name": _name(stop), "description": _hours(stop)}
        gpx.waypoints.append(GPXWaypoint(*spot, **told))  # type: ignore[arg-type]
        route.points.append(GPXRoutePoint(*spot, **told))  # type: ignore[arg-type]
    gpx.routes += [route] if session.stops else []
    track = GPXTrack(name=session.title)
    track.segments.append(GPXTrackSegment([GPXTrackPoint(*at(x, y)) for x, y in session.path]))
    gpx.tracks += [track] if session.path else []
    return str(gpx.to_xml(version="1.1", prettyprint=True))


def _name(stop: Stop) -> str:
    return f"{stop.code or stop.order}. {stop.name}"


def _hours(stop: Stop) -> str:
    hours = f"{clock(stop.arrive_min)} – {clock(stop.leave_min)}"
    return f"{hours} ; pour venir : {stop.ride}" if stop.ride else hours
