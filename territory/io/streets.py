"""
OpenStreetMap streets, in the six forms people have them, to walkable segments cut where ways meet.

Names of contributors are never read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from territory.errors import UnreadableFile
from territory.io.street_access import is_walkable
from territory.io.street_formats import is_street_file, read_ways
from territory.model.issues import Issue, ReadReport
from territory.model.streets import Streets
from territory.model.tables import NODES, SEGMENTS, conform

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from territory.io.street_ways import Way, Ways

WGS84 = 4326
_T = TypeVar("_T")
_REMEDY = "Vérifiez l'extrait OpenStreetMap : les voies « highway » doivent y être."


def is_streets(path: Path) -> bool:
    """
    Tell from the content whether `path` holds OpenStreetMap streets.

    Raises OSError when it cannot be opened.
    """
    return is_street_file(path)


def read_streets(
    path: Path,
    *,
    epsg: int = 2154,
    inside: BaseGeometry | None = None,
    margin_m: float = 2000.0,
) -> tuple[Streets, ReadReport]:
    """
    Read the walkable streets of `path` (see `is_walkable`), in EPSG:`epsg` (metres).

    Ways are cut at nodes met twice; outlines of pedestrian squares are streets; loops, parallel and
    zero-length segments are kept. With `inside` (same CRS) only ways that come within `margin_m`
    metres of it are kept; none is an issue `E-RUES` and empty tables. Segments are numbered by
    (way_id, position), whatever the order of the file. Raises UnreadableFile (French) when nothing
    walkable is found, or when coordinates are not degrees.
    """
    found = read_ways(path)
    walkable = sorted((w for w in found.ways if is_walkable(w.tags)), key=lambda w: w.way_id)
    if not walkable:
        raise UnreadableFile(f"« {path.name} » ne contient aucune rue où marcher. {_REMEDY}")
    ways, corners = _in_metres(walkable, epsg, path)
    near = _near(corners, inside, margin_m)
    ways, corners = _taken(ways, near), _taken(corners, near)
    streets = _cut(ways, corners, epsg)
    issues = tuple(_issues(path, found, ways, streets, len(walkable) - len(near)))
    return streets, ReadReport(path.name, "rues", found.total, found.total, issues)


def _in_metres(
    ways: list[Way], epsg: int, path: Path
) -> tuple[list[Way], list[NDArray[np.float64]]]:
    """Return the ways that `epsg` can place, and their corners [k, 2] in metres."""
    lonlat = np.concatenate([w.coords for w in ways])
    if not (np.abs(lonlat) <= (180, 90)).all():
        raise UnreadableFile(
            f"« {path.name} » : les coordonnées ne sont pas des degrés (WGS 84). Exportez les rues "
            "en EPSG:4326."
        )
    x, y = Transformer.from_crs(WGS84, epsg, always_xy=True).transform(lonlat[:, 0], lonlat[:, 1])
    stops = np.cumsum([len(w.coords) for w in ways])[:-1]
    corners = np.split(np.column_stack([x, y]), stops)
    placed = [k for k, xy in enumerate(corners) if np.isfinite(xy).all()]
    return _taken(ways, placed), _taken(corners, placed)


def _near(
    corners: list[NDArray[np.float64]], inside: BaseGeometry | None, margin_m: float
) -> list[int]:
    """Return the positions of the lines that come within `margin_m` of `inside`."""
    if inside is None or not corners:
        return list(range(len(corners)))
    area = inside.buffer(margin_m)
    shapely.prepare(area)
    hits = shapely.intersects(area, _lines(corners))
    return [int(k) for k in np.flatnonzero(hits)]


def _cut(ways: list[Way], corners: list[NDArray[np.float64]], epsg: int) -> Streets:
    """Cut every way at its ends and at the nodes met twice, by it or by another."""
    if not ways:
        return Streets(conform(_no_segments(), SEGMENTS, epsg=epsg), conform(_no_nodes(), NODES))
    xy = np.concatenate(corners)
    way = np.repeat(np.arange(len(ways)), [len(c) for c in corners])
    ids, first, node, uses = np.unique(
        np.concatenate([w.nodes for w in ways]),
        return_index=True, return_inverse=True, return_counts=True,
    )  # fmt: skip
    turn = np.flatnonzero(np.diff(way)) + 1
    stop = uses[node] > 1
    stop[np.r_[0, turn]] = stop[np.r_[turn - 1, len(way) - 1]] = True
    at = np.flatnonzero(stop)
    same = way[at[:-1]] == way[at[1:]]
    start, end = at[:-1][same], at[1:][same]
    kept = np.unique(node[at])
    ends = np.searchsorted(kept, node[start]), np.searchsorted(kept, node[end])
    segments = _segments([ways[k] for k in way[start]], ends, _between(xy, start, end), epsg)
    spots = pd.DataFrame({"osm_id": np.where(ids < 0, -1, ids)[kept]})
    spots[["x", "y"]] = xy[first[kept]]
    return Streets(segments, conform(spots, NODES))


def _segments(
    ways: list[Way],
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
    lines: NDArray[np.object_],
    epsg: int,
) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(
        {
            "way_id": np.array([w.way_id for w in ways], np.int64),
            "tail": ends[0].astype(np.int32),
            "head": ends[1].astype(np.int32),
            "length_m": shapely.length(lines),
            "highway": [w.tags["highway"] for w in ways],
            "name": pd.array([w.tags.get("name", pd.NA) for w in ways], dtype="string"),
            "steps": [w.tags["highway"] == "steps" for w in ways],
        },
        geometry=lines,
        crs=epsg,
    )
    return conform(frame, SEGMENTS, epsg=epsg)


def _between(
    xy: NDArray[np.float64], start: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.object_]:
    """Return the line through the corners start..end of each segment."""
    return _lines([xy[a : b + 1] for a, b in zip(start, end, strict=True)])


def _lines(parts: list[NDArray[np.float64]]) -> NDArray[np.object_]:
    owner = np.repeat(np.arange(len(parts)), [len(p) for p in parts])
    return np.asarray(shapely.linestrings(np.concatenate(parts), indices=owner), object)


def _no_segments() -> pd.DataFrame:
    return pd.DataFrame(columns=SEGMENTS.names())


def _no_nodes() -> pd.DataFrame:
    return pd.DataFrame(columns=NODES.names())


def _taken(items: list[_T], positions: list[int]) -> list[_T]:
    return [items[k] for k in positions]


def _issues(
    path: Path, found: Ways, ways: list[Way], streets: Streets, outside: int
) -> Iterator[Issue]:
    cut = len(streets.segments)
    if not ways:
        yield Issue("E-RUES", path.name, "aucune rue près du territoire.", _REMEDY)
    else:
        kept = len({w.way_id for w in ways})
        told = f"{found.total} voies lues, {kept} gardées pour marcher, coupées en {cut} tronçons."
        yield Issue("I-RUES", path.name, told)
    if found.dangling:
        problem = f"{found.dangling} points cités par des voies manquent dans l'extrait."
        yield Issue("W-OSM", path.name, problem, "Les voies sont coupées à ces endroits.")
    if outside:
        yield Issue("I-LOIN", path.name, f"{outside} voies laissées : trop loin du territoire.")
