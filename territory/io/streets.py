"""
OpenStreetMap streets, in the six forms people have them, to walkable segments cut where ways meet.

Walkable: every `highway` a pedestrian may use (OSM practice): not motorways, not what is private or
forbidden on foot unless foot says otherwise, not what is only planned or being built. One-way is
ignored on foot. Names of contributors are never read.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from territory.errors import UnreadableFile
from territory.io.street_formats import Way, is_street_file, read_ways
from territory.model.issues import Issue, ReadReport
from territory.model.streets import Streets
from territory.model.tables import NODES, SEGMENTS, conform

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

WGS84 = 4326
_CLOSED = {
    "motorway", "motorway_link", "trunk_link", "construction", "proposed", "raceway", "escape",
    "bus_guideway", "abandoned", "razed", "rest_area", "services", "platform", "elevator", "no",
}  # fmt: skip
_FORBIDDEN = {"no", "private", "use_sidepath"}
_ALLOWED = {"yes", "designated", "permissive", "official", "destination"}


def is_streets(path: Path) -> bool:
    """Tell from the content whether `path` holds OpenStreetMap streets."""
    return is_street_file(path)


def is_walkable(tags: dict[str, str]) -> bool:
    """Tell whether a way with these OSM tags may be walked."""
    highway, foot = tags.get("highway", ""), tags.get("foot", "")
    if not highway or highway in _CLOSED or foot in _FORBIDDEN:
        return False
    if foot in _ALLOWED:
        return True
    closed_access = tags.get("access", "") in _FORBIDDEN
    fast = highway == "trunk" or tags.get("motorroad") == "yes"
    return not (closed_access or fast)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Ways cut at shared nodes: ends and coordinates of each piece."""

    way: list[int]
    ends: list[tuple[int, int]]
    coords: list[NDArray[np.float64]]


def read_streets(
    path: Path,
    *,
    epsg: int = 2154,
    inside: BaseGeometry | None = None,
    margin_m: float = 2000.0,
) -> tuple[Streets, ReadReport]:
    """
    Read the walkable streets of `path`, in metres of `epsg`.

    With `inside` (same CRS) only ways that come within `margin_m` of it are kept. Segment numbers
    follow (way_id, position), whatever the order of the file. Raises UnreadableFile (French) when
    nothing walkable is found.
    """
    found = read_ways(path)
    ways = sorted((w for w in found.ways if is_walkable(w.tags)), key=lambda w: w.way_id)
    if not ways:
        raise UnreadableFile(
            f"« {path.name} » ne contient aucune rue où marcher. Vérifiez l'extrait "
            "OpenStreetMap (les voies « highway » doivent y être)."
        )
    metric = _near(_projected(ways, epsg), inside, margin_m)
    streets = _streets(metric, epsg)
    return streets, _report(path, found.total, len(metric), len(streets.segments), found.dangling)


def _projected(ways: list[Way], epsg: int) -> list[Way]:
    """Return the ways with coordinates in metres, all projected in one call."""
    lonlat = np.concatenate([w.coords for w in ways])
    x, y = Transformer.from_crs(WGS84, epsg, always_xy=True).transform(lonlat[:, 0], lonlat[:, 1])
    stops = np.cumsum([len(w.coords) for w in ways])[:-1]
    parts = np.split(np.column_stack([x, y]), stops)
    return [w.moved(xy) for w, xy in zip(ways, parts, strict=True)]


def _near(ways: list[Way], inside: BaseGeometry | None, margin_m: float) -> list[Way]:
    if inside is None:
        return ways
    area = inside.buffer(margin_m)
    shapely.prepare(area)
    hits = [area.intersects(shapely.LineString(w.coords)) for w in ways]
    return [w for w, hit in zip(ways, hits, strict=True) if hit]


def _streets(ways: list[Way], epsg: int) -> Streets:
    cut = _cut(ways)
    ids = sorted({n for ends in cut.ends for n in ends})
    number = {n: k for k, n in enumerate(ids)}
    lines = [shapely.LineString(c) for c in cut.coords]
    tags = [ways[k].tags for k in cut.way]
    names = [t.get("name") or pd.NA for t in tags]
    frame = gpd.GeoDataFrame(
        {
            "way_id": np.array([ways[k].way_id for k in cut.way], np.int64),
            "tail": np.array([number[a] for a, _ in cut.ends], np.int32),
            "head": np.array([number[b] for _, b in cut.ends], np.int32),
            "length_m": np.array([line.length for line in lines], float),
            "highway": pd.array([t["highway"] for t in tags], dtype="string"),
            "name": pd.array(names, dtype="string"),
            "steps": np.array([t["highway"] == "steps" for t in tags], bool),
        },
        geometry=lines,
        crs=epsg,
    )
    return Streets(conform(frame, SEGMENTS, epsg=epsg), _nodes(cut, ids))


def _cut(ways: list[Way]) -> _Cut:
    """Cut every way at the nodes it shares with another or meets twice, and at its ends."""
    uses: dict[int, int] = {}
    for way in ways:
        for node in way.nodes:
            uses[node] = uses.get(node, 0) + 1
    cut = _Cut([], [], [])
    for k, way in enumerate(ways):
        last = len(way.nodes) - 1
        stops = [i for i, n in enumerate(way.nodes) if i in {0, last} or uses[n] > 1]
        for start, end in pairwise(stops):
            cut.way.append(k)
            cut.ends.append((way.nodes[start], way.nodes[end]))
            cut.coords.append(way.coords[start : end + 1])
    return cut


def _nodes(cut: _Cut, ids: list[int]) -> pd.DataFrame:
    where: dict[int, NDArray[np.float64]] = {}
    for (tail, head), coords in zip(cut.ends, cut.coords, strict=True):
        where[tail], where[head] = coords[0], coords[-1]
    xy = np.array([where[n] for n in ids]).reshape(-1, 2)
    frame = pd.DataFrame({"osm_id": np.array(ids, np.int64), "x": xy[:, 0], "y": xy[:, 1]})
    return conform(frame, NODES)


def _report(path: Path, total: int, kept: int, segments: int, dangling: int) -> ReadReport:
    issues = [
        Issue(
            "I-RUES",
            path.name,
            f"{total} voies lues, {kept} où l'on peut marcher, coupées en {segments} tronçons.",
        )
    ]
    if dangling:
        problem = f"{dangling} points cités par des voies manquent dans l'extrait."
        issues.append(Issue("W-OSM", path.name, problem, "Les voies sont gardées sans eux."))
    return ReadReport(path.name, "rues", total, total, tuple(issues))
