"""Latitude and longitude cells to points in metres: swapped, Lambert-93, out of France."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Transformer

from territory.io.values import read_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry import Point

    from territory.io.rows import Row

_WGS84, _LAMBERT_93 = 4326, 2154
_LAT, _LON = (41.0, 51.5), (-5.5, 9.9)
_X, _Y = (100_000.0, 1_300_000.0), (6_000_000.0, 7_200_000.0)
_OVERSEAS = (
    ((15.7, 16.6), (-62.0, -60.9)),
    ((14.2, 15.0), (-61.4, -60.7)),
    ((2.0, 6.0), (-54.8, -51.4)),
    ((-21.6, -20.7), (55.0, 56.0)),
    ((-13.2, -12.5), (44.9, 45.4)),
)
_DECIMALS = 2  # centimetres: what is written in degrees comes back the same


@dataclass(frozen=True, slots=True)
class Spot:
    """Coordinates as read: x (or longitude), y (or latitude), metres or degrees of EPSG:`epsg`."""

    x: float
    y: float
    epsg: int


def read_spot(row: Row, *, required: bool = False) -> Spot | None:
    """
    Return the coordinates of a line (columns lat and lon), None when absent or out of France.

    Adds W-SWAP, W-L93 or E-COORD to the line, which is kept unless they are `required`. LOG_FORMAT
    section 3.1.
    """
    faulty = row.refuse if required else row.note
    then = "Ligne ignorée." if required else "Ligne gardée, absente des cartes."
    texts = row.text("lat"), row.text("lon")
    if texts == (None, None):
        if required:
            row.required("lat")
        return None
    lat, lon = (None if text is None else row.meaning(read_number, text) for text in texts)
    if lat is None or lon is None:
        faulty("E-COORD", "lat", "les coordonnées sont incomplètes ou illisibles.", then)
        return None
    spot = _spot(row, lat, lon)
    if spot is None:
        problem = f"les coordonnées {texts[0]} ; {texts[1]} sont hors de France."
        faulty("E-COORD", "lat", problem, then)
    return spot


def _spot(row: Row, lat: float, lon: float) -> Spot | None:
    if in_france(lat, lon):
        return Spot(lon, lat, _WGS84)
    if in_france(lon, lat):
        row.note("W-SWAP", "lat", "latitude et longitude semblaient inversées : corrigées.")
        return Spot(lat, lon, _WGS84)
    for x, y in ((lon, lat), (lat, lon)):
        if _between(x, _X) and _between(y, _Y):
            row.note("W-L93", "lat", "coordonnées lues comme Lambert-93.")
            return Spot(x, y, _LAMBERT_93)
    return None


def in_france(lat: float, lon: float) -> bool:
    """Tell whether a latitude and a longitude in degrees (WGS84) are near France or overseas."""
    boxes = ((_LAT, _LON), *_OVERSEAS)
    return any(_between(lat, one) and _between(lon, other) for one, other in boxes)


def _between(value: float, ends: tuple[float, float]) -> bool:
    return ends[0] <= value <= ends[1]


def to_points(spots: Sequence[Spot | None], epsg: int) -> list[Point | None]:
    """
    Return points in EPSG:`epsg`, rounded to the centimetre; None where there is none.

    A spot that cannot be projected there is None too.
    """
    points: list[Point | None] = [None] * len(spots)
    for source in sorted({s.epsg for s in spots if s}):
        here = [(n, s) for n, s in enumerate(spots) if s is not None and s.epsg == source]
        change = Transformer.from_crs(source, epsg, always_xy=True)
        xs, ys = change.transform([s.x for _, s in here], [s.y for _, s in here])
        xy: NDArray[np.float64] = np.round(np.column_stack([xs, ys]), _DECIMALS)
        known = np.flatnonzero(np.isfinite(xy).all(axis=1))
        found = np.asarray(shapely.points(xy[known]), dtype=object)
        for at, point in zip(known, found, strict=True):
            points[here[at][0]] = point
    return points


def to_degrees(points: Sequence[Point | None], epsg: int) -> list[tuple[float, float] | None]:
    """Return (latitude, longitude) in WGS84 of points in EPSG:`epsg`, nine decimals (0.1 mm)."""
    change = Transformer.from_crs(epsg, _WGS84, always_xy=True)
    found: list[tuple[float, float] | None] = []
    for point in points:
        if point is None:
            found.append(None)
            continue
        lon, lat = change.transform(point.x, point.y)
        found.append((round(float(lat), 9), round(float(lon), 9)))
    return found
