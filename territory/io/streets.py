"""
OpenStreetMap streets, in the six forms people have them, to walkable segments cut where ways meet.

Names of contributors are never read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from territory.errors import UnreadableFile
from territory.io.street_access import is_walkable
from territory.io.street_cut import cut, parted
from territory.io.street_formats import is_street_file, read_ways
from territory.io.street_tags import obstacle_kind
from territory.model.issues import Issue, ReadReport
from territory.model.streets import Streets
from territory.model.tables import BARRIERS, NODES, SEGMENTS, conform, empty_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from territory.io.street_ways import Found, Ways

WGS84 = 4326
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

    Ways are cut at nodes met twice and parted at closed gates (see `parted`); squares are walked
    along their outline and straight across (see `crossings`); loops, parallel and zero-length
    segments are kept. With `inside` (same CRS) only ways and barriers that come within `margin_m`
    metres of it are kept; none is an issue `E-RUES` and empty tables. Segments are numbered by
    (way_id, position), whatever the order of the file. Raises UnreadableFile (French) when nothing
    walkable is found, or when coordinates are not degrees.
    """
    found = read_ways(path)
    walkable, stopping = (_chosen(found.ways, used) for used in (is_walkable, obstacle_kind))
    if not len(walkable):
        raise UnreadableFile(f"« {path.name} » ne contient aucune rue où marcher. {_REMEDY}")
    near = _near(_in_metres(walkable, epsg, path.name), inside, margin_m)
    barriers = _barriers(_near(_in_metres(stopping, epsg, path.name), inside, margin_m), epsg)
    tables = (empty_table(SEGMENTS, epsg=epsg), empty_table(NODES))
    if len(near):
        tables = cut(parted(near, found.shut), found.relations, epsg)
    streets = Streets(*tables, barriers)
    issues = tuple(_issues(path.name, found, near, streets, len(walkable) - len(near)))
    return streets, ReadReport(path.name, "rues", found.total, found.total, issues)


def _chosen(ways: Ways, used: Callable[[Mapping[str, str]], object]) -> Ways:
    """Return the ways whose tags are `used`, sorted by number."""
    kinds = np.array([bool(used(tags)) for tags in ways.kinds], bool)
    rows = np.flatnonzero(kinds[ways.kind])
    return ways.taken(rows[np.argsort(ways.way_id[rows], kind="stable")])


def _in_metres(ways: Ways, epsg: int, name: str) -> Ways:
    """Return the ways that `epsg` can place, in metres."""
    if not (np.abs(ways.xy) <= (180, 90)).all():
        raise UnreadableFile(
            f"« {name} » : les coordonnées ne sont pas des degrés (WGS 84). Exportez les rues "
            "en EPSG:4326."
        )
    place = Transformer.from_crs(WGS84, epsg, always_xy=True).transform
    placed = replace(ways, xy=np.column_stack(place(*ways.xy.T)))
    lost = np.unique(placed.owner()[~np.isfinite(placed.xy).all(axis=1)])
    return placed.taken(np.setdiff1d(np.arange(len(placed)), lost)) if len(lost) else placed


def _near(ways: Ways, inside: BaseGeometry | None, margin_m: float) -> Ways:
    """Return the ways that come within `margin_m` of `inside`."""
    if inside is None:
        return ways
    area = inside.buffer(margin_m)
    shapely.prepare(area)
    return ways.taken(np.flatnonzero(shapely.intersects(area, ways.lines())))


def _barriers(ways: Ways, epsg: int) -> gpd.GeoDataFrame:
    if not len(ways):
        return empty_table(BARRIERS, epsg=epsg)
    kinds = np.array([obstacle_kind(tags) for tags in ways.kinds], object)
    data = {"kind": kinds[ways.kind], "name": pd.array(ways.name, dtype="string")}
    return conform(pd.DataFrame(data).assign(geometry=ways.lines()), BARRIERS, epsg=epsg)


def _issues(name: str, found: Found, kept: Ways, streets: Streets, outside: int) -> Iterator[Issue]:
    cut_in = len(streets.segments)
    if not len(kept):
        yield Issue("E-RUES", name, "aucune rue près du territoire.", _REMEDY)
    else:
        ways = len(np.unique(kept.way_id))
        told = (
            f"{found.total} voies lues, {ways} gardées pour marcher, coupées en {cut_in} tronçons."
        )
        yield Issue("I-RUES", name, told)
    if found.dangling:
        problem = f"{found.dangling} points cités par des voies manquent dans l'extrait."
        yield Issue("W-OSM", name, problem, "Les voies sont coupées à ces endroits.")
    if outside:
        yield Issue("I-LOIN", name, f"{outside} voies laissées : trop loin du territoire.")
