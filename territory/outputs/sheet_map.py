"""The plans printed on a sheet: streets, zone, walk, stops; one plan each side of a bus ride."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING

import shapely
from shapely.geometry import LineString, Point

from territory.outputs.street_plan import (
    INK,
    WIDTH,
    Spot,
    View,
    area,
    extent,
    furniture,
    labels,
    long_first,
    named_pieces,
    outline,
    page,
    polyline,
    reserved,
    streets,
    text,
    view_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from territory.model.week_results import Session, Stop

SQUAT, LOWEST, HIGHEST = 600, 780, 1120  # drawing units: 61, 80 and 114 mm on the sheet
GAP = 30  # drawing units between two plans
_ONE_PLAN_M = 1700.0  # wider ground is drawn in pieces when a ride divides it
_MOST_PLANS = 3
_WALKED_M = 15.0  # a street piece this near the walk over half its length is walked
_ARROW_EVERY, _ARROW_CLEAR = 190.0, 60.0  # drawing units between arrows, and from any stop
_TEXT, _AROUND = 40, 38  # drawing units: 11.6 points, 11 for the streets around
_AROUND_STOP = 6  # small streets named around a stop that one rides to
_RADIUS = 32.0  # of a stop
_WALK, _HALO = 13, 23
_MAIN = ("primary", "secondary", "tertiary")

Points = tuple[Spot, ...]  # metres


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan: its SVG, its width in drawing units, the stops and what else it shows."""

    svg: str
    width: int
    stops: tuple[Stop, ...]
    start: bool
    permanences: bool
    zone: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What is walked without a ride: stops, way on foot (metres), whether the outing starts it."""

    stops: tuple[Stop, ...]
    path: Points
    starts: bool

    @property
    def spots(self) -> list[Spot]:
        """All the points to show, in metres."""
        return [*self.path, *((s.x, s.y) for s in self.stops)]


def sheet_maps(
    session: Session,
    segments: gpd.GeoDataFrame,
    zone: BaseGeometry | None,
    *,
    permanences: Mapping[str, Spot] | None = None,
    heights: tuple[int, int] = (LOWEST, HIGHEST),
    drawn: bool = True,
) -> list[Plan]:
    """
    Return the plans of an outing, side by side on the sheet: same outing, same text.

    Session, `segments` (SEGMENTS), `zone` and `permanences` (by place_id) share one metric CRS;
    the order of rows tells nothing. There is one plan unless a ride leads too far for its streets
    to be read. Names are written where they hide neither stop nor other name; those that find no
    room are left to the table. The height fits the outing within `heights` (drawing units). Plans
    that are not `drawn` say and take up as much, on bare ground.
    """
    parts = _parts(session, heights)
    return [
        _plan(session, part, view, segments if drawn else None, zone, permanences or {})
        for part, view in zip(parts, _views(parts, heights), strict=True)
    ]


def _parts(session: Session, heights: tuple[int, int]) -> list[Part]:
    """Return the pieces that rides divide, all in one where they are near each other."""
    starts = bool(session.path) and not (session.stops and session.stops[0].ride)
    whole = Part(session.stops, session.path, starts)
    if _views([whole], heights)[0].scale >= WIDTH / _ONE_PLAN_M:
        return [whole]
    return _divided(whole)


def _divided(whole: Part) -> list[Part]:
    parts: list[Part] = []
    path, stops = whole.path, list(whole.stops[:1])
    for stop in whole.stops[1:]:
        if stop.ride and len(parts) < _MOST_PLANS - 1:
            cut = _cut(path, stops[-1], stop)
            parts.append(Part(tuple(stops), path[:cut], whole.starts and not parts))
            path, stops = path[cut:], []
        stops.append(stop)
    return [*parts, Part(tuple(stops), path, whole.starts and not parts)]


def _cut(path: Points, before: Stop, after: Stop) -> int:
    """Return how many points of a way are walked before the ride between two stops."""
    gaps = [
        hypot(a[0] - before.x, a[1] - before.y) + hypot(b[0] - after.x, b[1] - after.y)
        for a, b in pairwise(path)
    ]
    if gaps and min(gaps) < hypot(before.x - after.x, before.y - after.y) / 2:
        return gaps.index(min(gaps)) + 1
    return len(path) if _away(path, before) <= _away(path, after) else 0


def _away(path: Points, stop: Stop) -> float:
    return min((hypot(x - stop.x, y - stop.y) for x, y in path), default=0.0)


def _views(parts: Sequence[Part], heights: tuple[int, int]) -> list[View]:
    """Return what each plan shows: a lone stop takes half the width of a walk."""
    shares = [1 if len(p.spots) == 1 else 2 for p in parts]
    room = WIDTH - GAP * (len(parts) - 1)
    widths = [round(room * share / sum(shares)) for share in shares]
    sides = [extent(p.spots) for p in parts]
    wanted = [w * (y1 - y0) / (x1 - x0) for w, (x0, y0, x1, y1) in zip(widths, sides, strict=True)]
    least, most = heights
    height = round(min(max(*wanted, least), most))
    return [view_of(p.spots, width, height) for p, width in zip(parts, widths, strict=True)]


def _plan(
    session: Session,
    part: Part,
    view: View,
    segments: gpd.GeoDataFrame | None,
    zone: BaseGeometry | None,
    permanences: Mapping[str, Spot],
) -> Plan:
    stops = _spread([view.at(s.x, s.y) for s in part.stops], [])
    start = [view.at(*spot) for spot in part.path[:1]] if part.starts else []
    signs = _spread(_desks(part, permanences, view), [*stops, *start])
    shown = (
        _drawn(session, part, view, segments, zone, (stops, start, signs))
        if segments is not None
        else ()
    )
    inside = zone is not None and zone.intersects(view.ground)
    return Plan(page(view, shown), view.width, part.stops, bool(start), bool(signs), inside)


def _drawn(
    session: Session,
    part: Part,
    view: View,
    segments: gpd.GeoDataFrame,
    zone: BaseGeometry | None,
    marks: tuple[list[Spot], list[Spot], list[Spot]],
) -> Iterator[str]:
    """Yield all that is drawn on the ground; `marks`: where stops, start and permanences are."""
    stops, start, signs = marks
    near = view.near(segments)
    spared = [
        *(Point(spot).buffer(_RADIUS + 4) for spot in (*stops, *signs, *start)),
        *reserved(view, _TEXT),
    ]
    yield from area(zone, view)
    yield from streets(near, view)
    yield from outline(zone, view)
    yield from _walk([view.at(x, y) for x, y in part.path], stops)
    yield from (mark for spot in start for mark in _start(*spot))
    yield from _written(session, part, near, view, spared, start)
    yield from (mark for spot in signs for mark in _desk(*spot))
    yield from _stops(part, stops, view)
    yield from furniture(view, _TEXT)


def _desks(part: Part, permanences: Mapping[str, Spot], view: View) -> list[Spot]:
    """Return where the permanences seen are drawn, but those that are stops themselves."""
    stopped = {s.place_id for s in part.stops}
    seen = [view.at(*permanences[k]) for k in sorted(permanences) if k not in stopped]
    inside = shapely.box(_RADIUS, _RADIUS, view.width - _RADIUS, view.height - _RADIUS)
    free = inside.difference(shapely.union_all(reserved(view, _TEXT)).buffer(_RADIUS))
    return [spot for spot in dict.fromkeys(seen) if free.contains(Point(spot))]


def _written(
    session: Session,
    part: Part,
    near: gpd.GeoDataFrame,
    view: View,
    spared: list[BaseGeometry],
    start: list[Spot],
) -> Iterator[str]:
    """Yield the words of a plan: start, lunch, streets walked (longest first), main ones around."""
    walk = LineString([view.at(x, y) for x, y in part.path] if len(part.path) > 1 else [])
    pauses = [view.at(s.x, s.y) for s in _before_lunch(session) if s in part.stops]
    marks = [("départ", _beside(spot)) for spot in start]
    marks += [("déjeuner", _beside(spot)) for spot in pauses]
    said, taken = labels(marks, spared, _TEXT, view, walk, "bold")
    walked = _walked_pieces(near, session, part, view)
    names, taken = labels(walked, taken, _TEXT, view, walk, "bold")
    others = near[near["highway"].isin(_MAIN) & near["name"].notna()]
    around = sorted(set(others["name"].astype(str)) - {name for name, _ in walked})
    more, taken = labels(named_pieces(others, around, view), [*taken, walk], _AROUND, view)
    known = {name for name, _ in walked} | set(around)
    small = [] if walked else labels(_nearest(near, part, known, view), taken, _AROUND, view)[0]
    yield from (*said, *names, *more, *small)


def _nearest(
    near: gpd.GeoDataFrame, part: Part, known: set[str], view: View
) -> list[tuple[str, list[LineString]]]:
    """Return the small streets around stops that no walk leads to, the nearest first."""
    others = near[near["name"].notna() & ~near["name"].isin(known)]
    stops = shapely.MultiPoint([(s.x, s.y) for s in part.stops])
    away = others.geometry.distance(stops).groupby(others["name"].astype(str)).min()
    ranked = sorted((metres, str(name)) for name, metres in away.items())
    return named_pieces(others, [name for _, name in ranked[:_AROUND_STOP]], view)


def _beside(spot: Spot) -> list[LineString]:
    """Return where the word of a sign may stand: above it, below it, on either side."""
    (x, y), away = spot, _RADIUS + 6
    around = ((x, y - away), (x, y + away), (x + away, y), (x - away, y))
    return [LineString([at, at]) for at in around]


def _before_lunch(session: Session) -> list[Stop]:
    """Return the stop after which the outing pauses, [] when it does not, or before any stop."""
    if session.lunch_min is None:
        return []
    return [s for s in session.stops if s.arrive_min < session.lunch_min][-1:]


def _walk(walk: list[Spot], stops: list[Spot]) -> Iterator[str]:
    if len(walk) < 2:  # noqa: PLR2004 - a line has two ends
        return
    points = " ".join(f"{x},{y}" for x, y in walk)
    yield polyline(points, "#fff", _HALO)
    yield polyline(points, INK, _WALK)
    for arrow in _arrows(walk, [walk[0], *stops]):
        yield f'<polygon points="{arrow}" fill="{INK}" stroke="#fff" stroke-width="4"/>'


def _start(x: float, y: float) -> Iterator[str]:
    """Draw where the outing starts: a square in a square, which no letter of a stop looks like."""
    for half, fill in ((24, "#fff"), (12, INK)):
        yield _square(x, y, half, fill)


def _desk(x: float, y: float) -> Iterator[str]:
    """Draw a permanence: the P of the maps, in a square."""
    yield _square(x, y, 26, "#fff")
    style = 'text-anchor="middle" font-weight="bold"'
    yield text("P", x, y + 14, size=_TEXT, style=style)


def _square(x: float, y: float, half: int, fill: str) -> str:
    box = f'x="{x - half:.1f}" y="{y - half:.1f}" width="{2 * half}" height="{2 * half}"'
    return f'<rect {box} fill="{fill}" stroke="{INK}" stroke-width="5"/>'


def _arrows(walk: list[Spot], kept_clear: list[Spot]) -> Iterator[str]:
    """Yield triangles that point the way walked, at even distances, away from the stops."""
    since = _ARROW_EVERY / 2
    for (x0, y0), (x1, y1) in pairwise(walk):
        length = hypot(x1 - x0, y1 - y0)
        at = _ARROW_EVERY - since
        while at < length:
            dx, dy = (x1 - x0) / length, (y1 - y0) / length
            x, y = x0 + at * dx, y0 + at * dy
            if all(hypot(x - a, y - b) > _ARROW_CLEAR for a, b in kept_clear):
                yield _triangle(x, y, dx, dy)
            at += _ARROW_EVERY
        since = length - (at - _ARROW_EVERY)


def _triangle(x: float, y: float, dx: float, dy: float) -> str:
    corners = ((26, 0), (-16, 21), (-16, -21))
    spots = ((x + a * dx - b * dy, y + a * dy + b * dx) for a, b in corners)
    return " ".join(f"{u:.1f},{v:.1f}" for u, v in spots)


def _walked_pieces(
    near: gpd.GeoDataFrame, session: Session, part: Part, view: View
) -> list[tuple[str, list[LineString]]]:
    """Return walked street names, longest walked first, with their pieces in drawing units."""
    named = near[near["name"].isin(list(dict.fromkeys(session.streets)))]
    if len(part.path) < 2 or not len(named):  # noqa: PLR2004 - a line has two ends
        return []
    beside = LineString(part.path).buffer(_WALKED_M)
    pieces: dict[str, list[BaseGeometry]] = {}
    for name, line in zip(named["name"], named.geometry, strict=True):
        if line.intersection(beside).length >= line.length / 2:
            pieces.setdefault(str(name), []).append(line)
    ranked = sorted(pieces.items(), key=lambda p: (-sum(g.length for g in p[1]), p[0]))
    return [(n, [view.drawn(g) for g in sorted(p, key=long_first)]) for n, p in ranked]


def _spread(spots: list[Spot], others: Sequence[Spot]) -> list[Spot]:
    """Return the places of the signs: those that would hide another are moved to the right."""
    placed: list[Spot] = []
    for spot in spots:
        x, y = spot
        while any(hypot(x - a, y - b) < 2 * _RADIUS for a, b in (*others, *placed)):
            x += 2 * _RADIUS + 2
        placed.append((round(x, 1), y))
    return placed


def _stops(part: Part, spots: list[Spot], view: View) -> Iterable[str]:
    for stop, (x, y) in zip(part.stops, spots, strict=True):
        true_x, true_y = view.at(stop.x, stop.y)
        if true_x != x:
            ends = f'x1="{true_x}" y1="{true_y}" x2="{x}" y2="{y}"'
            yield f'<line {ends} stroke="{INK}" stroke-width="4"/>'
        ring = f'fill="{INK}" stroke="#fff" stroke-width="5"'
        yield f'<circle cx="{x}" cy="{y}" r="{_RADIUS:.0f}" {ring}/>'
        number = 'text-anchor="middle" font-weight="bold" class="stop"'
        name = stop.code or str(stop.order)
        yield text(name, x, y + 15, size=_TEXT, style=number, colour="#fff")
