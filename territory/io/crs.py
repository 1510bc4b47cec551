"""Coordinates put in the metric CRS and geometry put right, with every doubt reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import MultiPolygon

from territory.errors import DataProblem
from territory.model.issues import Issue

if TYPE_CHECKING:
    import pandas as pd
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

LAMBERT_93 = 2154
DEGREES = 4326

Box = tuple[float, float, float, float]
_LAMBERT_BOX: Box = (90_000.0, 6_000_000.0, 1_260_000.0, 7_150_000.0)
_FRANCE_DEGREES: tuple[Box, ...] = (
    (-5.6, 41.0, 10.0, 51.6),  # metropolitan France and Corsica
    (-62.0, 15.7, -60.9, 16.6),  # Guadeloupe
    (-61.4, 14.2, -60.7, 15.0),  # Martinique
    (-54.8, 2.0, -51.4, 6.0),  # Guyane
    (55.0, -21.6, 56.0, -20.7),  # La Réunion
    (44.9, -13.2, 45.4, -12.5),  # Mayotte
)
_SWAPPED_BOX: Box = (41.0, -5.6, 51.6, 10.0)  # latitude written before longitude
_LAMBERT_93_PARAMETERS = {
    "lat_0": 46.5,
    "lon_0": 3.0,
    "lat_1": 49.0,
    "lat_2": 44.0,
    "x_0": 700_000.0,
    "y_0": 6_600_000.0,
}
_AREA_TYPES = frozenset({3, 6})  # shapely: Polygon, MultiPolygon
_EARTH = (180.0, 90.0, 180.0, 90.0)  # degrees, west, south, east, north, without sign


def to_metric(
    layer: gpd.GeoDataFrame, *, file: str, epsg: int = LAMBERT_93
) -> tuple[gpd.GeoDataFrame, list[Issue]]:
    """
    Return `layer` in EPSG:`epsg` (metres), and the corrections made to its declared CRS.

    The declared CRS is believed unless the coordinates contradict it: Lambert-93 metres under a
    geographic or undefined CRS, degrees under a projected one. A missing CRS is deduced from the
    coordinates when they are degrees in France or Lambert-93 metres. Raises DataProblem (French)
    when the coordinates cannot be placed.
    """
    if bool(layer.geometry.is_empty.all() | layer.geometry.isna().all()):
        return layer.set_crs(epsg, allow_override=True), []
    bounds = _bounds(layer)
    source, issues = _true_crs(layer.crs, bounds, file)
    if source is None:
        return layer.to_crs(epsg), issues
    return layer.set_crs(source, allow_override=True).to_crs(epsg), issues


def _bounds(layer: gpd.GeoDataFrame) -> Box:
    x0, y0, x1, y1 = (float(v) for v in layer.total_bounds)
    return x0, y0, x1, y1


def _true_crs(declared: CRS | None, bounds: Box, file: str) -> tuple[int | None, list[Issue]]:
    """Return the EPSG code to believe (None: the declared one) and what to report."""
    if _within(bounds, _LAMBERT_BOX):
        return _lambert_crs(declared, file)
    if any(_within(bounds, box) for box in _FRANCE_DEGREES):
        return _degree_crs(declared, file)
    if declared is None or not _plausible(declared, bounds):
        raise DataProblem(_no_place(declared, bounds, file))
    return None, []


def _lambert_crs(declared: CRS | None, file: str) -> tuple[int | None, list[Issue]]:
    if declared is not None and declared.is_projected:
        if declared.to_epsg() is not None or not _is_lambert_93(declared):
            return None, []
        note = "le système de coordonnées est Lambert-93 mais sans son code."
        return LAMBERT_93, [Issue("I-CRS", file, note, "EPSG:2154 est utilisé.")]
    return LAMBERT_93, [_crs_issue(declared, file, "des mètres Lambert-93", LAMBERT_93)]


def _degree_crs(declared: CRS | None, file: str) -> tuple[int | None, list[Issue]]:
    if declared is not None and declared.is_geographic:
        return None, []
    return DEGREES, [_crs_issue(declared, file, "des degrés (longitude, latitude)", DEGREES)]


def _crs_issue(declared: CRS | None, file: str, seen: str, epsg: int) -> Issue:
    said = (
        "aucun système de coordonnées n'est indiqué et les coordonnées sont"
        if declared is None
        else "le système de coordonnées indiqué est faux : les coordonnées sont"
    )
    remedy = f"EPSG:{epsg} est utilisé ; vérifiez la carte ou demandez le fichier corrigé."
    return Issue("W-CRS", file, f"{said} {seen}.", remedy)


def _is_lambert_93(crs: CRS) -> bool:
    """Compare projection parameters: some producers write Lambert-93 without its code."""
    operation = crs.coordinate_operation
    if operation is None or "Lambert Conic Conformal (2SP)" not in operation.method_name:
        return False
    found = sorted(round(float(p.value), 3) for p in operation.params)
    return found == sorted(_LAMBERT_93_PARAMETERS.values())


def _plausible(declared: CRS, bounds: Box) -> bool:
    if declared.is_geographic:
        return _within(bounds, (-180, -90, 180, 90)) and not _within(bounds, _SWAPPED_BOX)
    small = max(abs(v) for v in bounds) <= 180  # noqa: PLR2004 - degrees
    return declared.is_projected and declared.to_epsg() != LAMBERT_93 and not small


def _no_place(declared: CRS | None, bounds: Box, file: str) -> str:
    if _within(bounds, _SWAPPED_BOX):
        return (
            f"« {file} » : latitude et longitude semblent inversées. "
            "Remettez la longitude en premier, puis redonnez le fichier."
        )
    if declared is None:
        return (
            f"« {file} » n'indique pas son système de coordonnées et ses coordonnées ne sont ni "
            "des degrés en France ni des mètres Lambert-93. Exportez-le en EPSG:4326 ou EPSG:2154."
        )
    return (
        f"« {file} » : les coordonnées ne correspondent pas au système de coordonnées indiqué. "
        "Exportez-le de nouveau en EPSG:4326 ou EPSG:2154."
    )


def _within(bounds: Box, box: Box) -> bool:
    x0, y0, x1, y1 = bounds
    return box[0] <= x0 and box[1] <= y0 and x1 <= box[2] and y1 <= box[3]


def repair_geometry(
    layer: gpd.GeoDataFrame, *, file: str, areas: bool = True
) -> tuple[gpd.GeoDataFrame, list[Issue]]:
    """
    Return the rows of `layer` with a usable flat geometry, and what was refused or repaired.

    The CRS is kept. `layer` must still have the integer index of its reading: the line of an issue
    is this number plus one (the first feature is line 1). Rows without geometry, empty, or (with
    `areas`) that are not surfaces are refused (E-GEOM); invalid surfaces are rebuilt with
    make_valid keeping their polygons (W-GEOM). Slivers are kept.
    """
    shapes = shapely.force_2d(np.asarray(layer.geometry.array, dtype=object))
    shapes = _located(shapes, degrees=layer.crs is not None and layer.crs.is_geographic)
    issues: list[Issue] = []
    invalid = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    repaired = [_rebuilt(s) if bad and areas else s for s, bad in zip(shapes, invalid, strict=True)]
    fixed = np.array(repaired, dtype=object)
    faults = _faults(fixed, areas=areas)
    for line, fault, bad in zip(layer.index + 1, faults, invalid, strict=True):
        if fault or bad:
            issues.append(_geometry_issue(file, int(line), fault))
    kept = np.array([not fault for fault in faults], dtype=bool)
    return layer.set_geometry(gpd.GeoSeries(fixed, index=layer.index, crs=layer.crs))[kept], issues


def _located(shapes: np.ndarray, *, degrees: bool) -> np.ndarray:
    """
    Return `shapes` with None where a coordinate is infinite or no number: it lies nowhere.

    In degrees, one wider than half of the Earth is cut by the antimeridian and would cover France.
    """
    coordinates, at = shapely.get_coordinates(shapes, return_index=True)
    lost = np.zeros(len(shapes), dtype=bool)
    lost[at[~np.isfinite(coordinates).all(axis=1)]] = True
    if degrees:  # as declared: metres declared as degrees are told apart by the caller
        bounds = shapely.bounds(shapes)
        on_earth = (np.abs(bounds) <= np.array(_EARTH)).all(axis=1)
        lost |= on_earth & (bounds[:, 2] - bounds[:, 0] > _EARTH[0])
    located = shapes.copy()
    located[lost] = None
    return located


def _faults(shapes: np.ndarray, *, areas: bool) -> list[str]:
    kinds = shapely.get_type_id(shapes)
    missing, empty = shapely.is_missing(shapes), shapely.is_empty(shapes)
    wrong = ~np.isin(kinds, list(_AREA_TYPES)) & areas
    names = (
        "géométrie absente ou illisible",
        "géométrie vide",
        "la géométrie n'est pas une surface",
    )
    rows = zip(missing, empty, wrong, strict=True)
    return [next((n for n, f in zip(names, row, strict=True) if f), "") for row in rows]


def _geometry_issue(file: str, line: int, fault: str) -> Issue:
    if fault:
        remedy = "Ligne laissée de côté : redessinez ce contour ou demandez-le au producteur."
        return Issue("E-GEOM", file, f"{fault}.", remedy, line)
    note = "contour croisé ou mal fermé, réparé automatiquement."
    return Issue("W-GEOM", file, note, "Vérifiez ce contour sur la carte.", line)


def _rebuilt(shape: BaseGeometry) -> BaseGeometry:
    return polygons_only(shapely.make_valid(shape))


def polygons_only(shape: BaseGeometry) -> BaseGeometry:
    """Return the surfaces of `shape` (CRS unchanged), dropping stray lines and points."""
    if shapely.get_type_id(shape) in _AREA_TYPES or shape.is_empty:
        return shape
    parts = [p for p in shapely.get_parts(shape) if shapely.get_type_id(p) in _AREA_TYPES]
    flat = [p for part in parts for p in shapely.get_parts(part)]
    return flat[0] if len(flat) == 1 else MultiPolygon(flat)


def merged(layer: gpd.GeoDataFrame, keys: pd.Series) -> gpd.GeoDataFrame:
    """Return one row per value of `keys`: first attributes met, union of geometries (same CRS)."""
    if keys.is_unique:
        return layer
    first = layer[~keys.duplicated()]
    shapes = layer.geometry.groupby(keys.to_numpy(), sort=False).agg(
        lambda parts: polygons_only(shapely.union_all(parts.to_numpy()))
    )
    wanted = shapes.loc[keys[first.index]].to_numpy()
    return first.set_geometry(gpd.GeoSeries(wanted, index=first.index, crs=layer.crs))
