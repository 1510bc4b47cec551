"""Thousands of lines or squares as small integers painted on canvas: a town in one megabyte."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

DECIMALS = 5  # 1e-5 degree, about one metre


def pack(geometries: NDArray[np.object_]) -> dict[str, Any]:
    """
    Return lines or polygons [n], WGS84 longitude and latitude, as base64 deltas for map_packed.js.

    Every line or ring is one part; `n` counts its points, `owner` says which geometry it belongs to
    (absent when parts and geometries are the same), `xy` holds differences between successive
    points in 1e-5 degree, 16 bits when they fit and 32 otherwise, starting from `origin`.
    """
    parts, owner = _parts(geometries)
    points, of_part = shapely.get_coordinates(parts, return_index=True)
    whole = np.round(points * 10**DECIMALS).astype(np.int32)
    keep = _moves(whole, of_part)
    whole, of_part = whole[keep], of_part[keep]
    steps = np.diff(whole, axis=0, prepend=whole[:1])
    narrow = bool(len(steps) == 0 or np.abs(steps).max() < 2**15)
    packed: dict[str, Any] = {
        "decimals": DECIMALS,
        "origin": whole[0].tolist() if len(whole) else [0, 0],
        "wide": not narrow,
        "n": _base64(np.bincount(of_part, minlength=len(parts)).astype("<u2")),
        "xy": _base64(steps.astype("<i2" if narrow else "<i4")),
    }
    if not np.array_equal(owner, np.arange(len(geometries))):
        packed["owner"] = _base64(owner.astype("<u4"))
    return packed


def pack_classes(classes: NDArray[np.uint8]) -> str:
    """Return `classes`, uint8 [geometries], as base64 text."""
    return _base64(np.asarray(classes, dtype=np.uint8))


def _parts(geometries: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    simple, owner = shapely.get_parts(np.asarray(geometries, dtype=object), return_index=True)
    if len(simple) and (shapely.get_type_id(simple) == shapely.GeometryType.POLYGON).all():
        rings, of_simple = shapely.get_rings(simple, return_index=True)
        return rings, owner[of_simple]
    return simple, owner


def _moves(whole: NDArray[np.int32], of_part: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mark the points to keep: those that differ, once rounded, from the one before in the part."""
    keep = np.ones(len(whole), dtype=bool)
    same = (whole[1:] == whole[:-1]).all(axis=1) & (of_part[1:] == of_part[:-1])
    keep[1:] = ~same
    return keep


def _base64(values: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()
