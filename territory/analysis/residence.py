"""
Where a fact lies for the politique de la ville: QPV, QVA, grande proximité, autre, or unknown.

Classes are exclusive, in that order. The perimeters are those in force at the date of the fact:
2015 until the end of 2023, 2024 since (décret n° 2023-1314; overseas one year later). A layer that
was not given makes a class unknown and never « hors QPV ».
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray
    from shapely.geometry.base import BaseGeometry

QPV, QVA, NEAR, OTHER, UNKNOWN = "qpv", "qva", "proximite", "autre", "inconnue"
CLASSES = (QPV, QVA, NEAR, OTHER, UNKNOWN)
NEAR_M = 300.0
SPOTS = 200  # points of the disc that stands for an uncertain position
_SINCE = {2015: date(2015, 1, 1), 2024: date(2024, 1, 1)}
_ARCS = 64  # a quarter of circle in 64 chords is right to 2 cm at 300 m
_GOLDEN = np.pi * (3 - np.sqrt(5))


@dataclass(frozen=True, slots=True)
class ResidenceRules:
    """
    How classes are told: `near_m` metres around QPV and QVA, `sigma_m` of the positions (metres).

    `no_qva` says that the territory has no QVA at all; otherwise a missing QVA layer leaves every
    fact outside the QPV unknown. `overseas` moves the 2024 perimeters to 2025.
    """

    near_m: float = NEAR_M
    sigma_m: float = 0.0
    no_qva: bool = False
    overseas: bool = False


@dataclass(frozen=True, slots=True)
class _Perimeters:
    """The surfaces of one generation; None = the layer was not given."""

    qpv: BaseGeometry | None
    qva: BaseGeometry | None


def residence_classes(
    facts: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    rules: ResidenceRules,
    *,
    walked_m: ArrayLike | None = None,
) -> pd.DataFrame:
    """
    Return the class of each fact and the probability of each class, on the index of `facts`.

    `facts` has `on` (day) and points (NA or empty = not located), `zones` keeps tables.ZONES, both
    in one metric CRS. `walked_m` [facts], metres on foot to the nearest QPV or QVA, replaces the
    straight distance; NaN is a walk not known, so unknown outside QPV and QVA. Columns: residence
    (likeliest class, ties in the order of the classes), p_qpv, p_qva, p_proximite, p_autre,
    p_inconnue, adding up to 1. A point on a border is inside.
    """
    walked = None if walked_m is None else np.asarray(walked_m, float)
    found = np.zeros((len(facts), len(CLASSES)))
    found[:, -1] = 1.0
    years = generations_of(facts["on"], rules)
    for year in sorted({y for y in years if y is not None}):
        surfaces = _perimeters(zones, int(year), rules)
        rows = np.flatnonzero((years == year) & _located(facts))
        points = facts.geometry.to_numpy()[rows]
        walks = None if walked is None else walked[rows]
        found[rows] = _shares(points, surfaces, rules, walks)
    table = pd.DataFrame(found, index=facts.index, columns=[f"p_{name}" for name in CLASSES])
    classes = np.array(CLASSES, object)[found.argmax(axis=1)]
    table.insert(0, "residence", pd.Series(classes, index=facts.index, dtype="string"))
    return table


def near_surfaces(
    facts: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, rules: ResidenceRules
) -> list[tuple[NDArray[np.intp], BaseGeometry]]:
    """
    Return (rows of `facts` [k], surface of the QPV and QVA then in force), one pair a generation.

    `facts` and `zones` as `residence_classes`, in one metric CRS. Facts of a time whose QPV or QVA
    were not given are in no pair.
    """
    years = generations_of(facts["on"], rules)
    found = []
    for year in sorted({y for y in years if y is not None}):
        surfaces = _perimeters(zones, int(year), rules)
        if surfaces.qpv is not None and surfaces.qva is not None:
            both = shapely.union(surfaces.qpv, surfaces.qva)
            found.append((np.flatnonzero(years == year), both))
    return found


def are_overseas(commune_codes: Iterable[str]) -> bool:
    """Whether all these communes are overseas (codes in 97): other dates hold there."""
    codes = list(commune_codes)
    return bool(codes) and all(code.startswith("97") for code in codes)


def count_interval(probabilities: ArrayLike, *, level: float = 0.95) -> tuple[int, int]:
    """
    Return the least and most facts of a class, at `level`: the exact law of the sum of draws.

    `probabilities` [facts] are those of one class (Poisson-binomial law, by convolution).
    """
    law = np.ones(1)
    for p in np.asarray(probabilities, float):
        law = np.convolve(law, [1 - p, p])
    below = np.cumsum(law)
    tail = (1 - level) / 2
    low = int(np.searchsorted(below, tail, side="right"))
    high = int(np.searchsorted(below, 1 - tail, side="left"))
    return low, min(high, len(law) - 1)


def rounded_shares(counts: ArrayLike) -> NDArray[np.int64]:
    """
    Return whole percentages [classes] that add up to 100, by the largest remainder.

    `counts` [classes] are numbers of facts; nothing counted gives zeros.
    """
    numbers = np.asarray(counts, float)
    if not numbers.sum():
        return np.zeros(len(numbers), np.int64)
    exact = 100 * numbers / numbers.sum()
    whole: NDArray[np.int64] = np.floor(exact + 1e-9).astype(np.int64)
    missing = 100 - int(whole.sum())
    order = np.lexsort((np.arange(len(exact)), -(exact - whole)))
    whole[order[:missing]] += 1
    return whole


def _located(facts: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    points = facts.geometry.to_numpy()
    located: NDArray[np.bool_] = ~(shapely.is_missing(points) | shapely.is_empty(points))
    return located


def generation_of(day: date | pd.Timestamp, rules: ResidenceRules) -> int | None:
    """Return the year of the QPV in force on a day, None before any or without a day."""
    if pd.isna(day):
        return None
    on = pd.Timestamp(day).date()
    since = {**_SINCE, 2024: date(2025, 1, 1)} if rules.overseas else _SINCE
    return max((year for year, first in since.items() if on >= first), default=None)


def generations_of(days: pd.Series, rules: ResidenceRules) -> NDArray[np.object_]:
    """Return `generation_of` each day [facts], None where there is none."""
    which, each = days.factorize()
    of_each = np.array([*(generation_of(day, rules) for day in each), None], object)
    found: NDArray[np.object_] = of_each[which]
    return found


def _perimeters(zones: gpd.GeoDataFrame, year: int, rules: ResidenceRules) -> _Perimeters:
    qpv = zones[(zones["kind"] == QPV) & (zones["generation"] == year).fillna(value=False)]
    qva = zones[zones["kind"] == QVA]
    none = shapely.MultiPolygon() if rules.no_qva else None
    return _Perimeters(
        qpv.geometry.union_all() if len(qpv) else None,
        qva.geometry.union_all() if len(qva) else none,
    )


def _shares(
    points: NDArray[np.object_],
    surfaces: _Perimeters,
    rules: ResidenceRules,
    walked: NDArray[np.float64] | None,
) -> NDArray[np.float64]:
    """Return the share of each class [points, classes] over the spots of each point."""
    disc = _disc(rules.sigma_m)
    xy = shapely.get_coordinates(points)[:, None, :] + disc[None, :, :]
    walks = None if walked is None else np.repeat(walked, len(disc))
    classes = _classes(xy.reshape(-1, 2), surfaces, rules.near_m, walks)
    classes = classes.reshape(len(points), len(disc))
    return np.stack([(classes == k).mean(axis=1) for k in range(len(CLASSES))], axis=1)


def _disc(sigma_m: float) -> NDArray[np.float64]:
    """Return spots [n, 2] of equal weight under a Gaussian of `sigma_m`, on a golden spiral."""
    if sigma_m <= 0:
        return np.zeros((1, 2))
    rank = (np.arange(SPOTS) + 0.5) / SPOTS
    radius = sigma_m * np.sqrt(-2 * np.log1p(-rank))
    turn = np.arange(SPOTS) * _GOLDEN
    return np.column_stack([radius * np.cos(turn), radius * np.sin(turn)])


def _classes(
    xy: NDArray[np.float64],
    surfaces: _Perimeters,
    near_m: float,
    walks: NDArray[np.float64] | None,
) -> NDArray[np.int64]:
    """Return the position in CLASSES of each spot."""
    if surfaces.qpv is None:
        return np.full(len(xy), CLASSES.index(UNKNOWN))
    in_qpv = _covered(surfaces.qpv, xy)
    if surfaces.qva is None:
        return np.where(in_qpv, 0, CLASSES.index(UNKNOWN))
    in_qva = _covered(surfaces.qva, xy)
    around = shapely.buffer(shapely.union(surfaces.qpv, surfaces.qva), near_m, quad_segs=_ARCS)
    close = _covered(around, xy) if walks is None else walks <= near_m
    unsure = np.zeros(len(xy), bool) if walks is None else np.isnan(walks)
    tests = [in_qpv, in_qva, unsure, close]
    found: NDArray[np.int64] = np.select(tests, [0, 1, CLASSES.index(UNKNOWN), 2], default=3)
    return found


def _covered(surface: BaseGeometry, xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which spots [n, 2] lie in a surface, its border included."""
    shapely.prepare(surface)
    inside: NDArray[np.bool_] = shapely.intersects_xy(surface, xy[:, 0], xy[:, 1])
    return inside
