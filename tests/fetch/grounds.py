"""A square commune of 1 km near Paris, and small files around it, drawn by hand."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import geopandas as gpd
import shapely

from territory.fetch.area import Area, area_of

if TYPE_CHECKING:
    from pathlib import Path

CODE = "93010"
WEST, SOUTH = 660_000.0, 6_867_000.0  # Lambert-93
SIDE_M = 1000.0


def square() -> gpd.GeoDataFrame:
    """The commune: 1 km by 1 km, EPSG:2154."""
    shape = shapely.box(WEST, SOUTH, WEST + SIDE_M, SOUTH + SIDE_M)
    return gpd.GeoDataFrame({"name": ["Carré"]}, geometry=[shape], crs=2154, index=[CODE])


def area() -> Area:
    return area_of(square(), frozenset({CODE}))


def degrees(east_m: float, north_m: float) -> tuple[float, float]:
    """Longitude and latitude of a point counted from the south-west corner of the commune."""
    point = gpd.GeoSeries.from_xy([WEST + east_m], [SOUTH + north_m], crs=2154).to_crs(4326)[0]
    return point.x, point.y


def outline(code: str, name: str, *, east_m: float = 0.0) -> dict:
    """One commune of 1 km as a GeoJSON feature, `east_m` from the first one."""
    shape = shapely.box(WEST + east_m, SOUTH, WEST + east_m + SIDE_M, SOUTH + SIDE_M)
    there = gpd.GeoSeries([shape], crs=2154).to_crs(4326)[0]
    geometry = json.loads(shapely.to_geojson(there))
    return {"type": "Feature", "properties": {"code": code, "nom": name}, "geometry": geometry}


def collection(*features: dict) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def zipped(path: Path, **members: bytes) -> Path:
    """Write a zip; a member « a__b » is named « a.b »."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return path


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path
