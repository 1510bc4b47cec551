"""People of one town of a drawn country: cells of 200 m, quarters, communes, IRIS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Transformer
from scipy.spatial import cKDTree

from territory.simulate.country_statistics import (
    ACTIVE,
    ADULTS,
    BONDY,
    IRIS_ADULTS,
    QUANTILES,
    QUARTERS,
    UNEMPLOYED,
)
from territory.simulate.people import smooth_field

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely import Polygon

    from territory.simulate.country_plan import TownPlan

GRID_EPSG, METRIC_EPSG, SIDE_M = 3035, 2154, 200
_SMOOTH_CELLS, _SMOOTH_SHARE = 2.0, 0.35  # neighbours are alike as in Paris: 0.3 to 0.4 at 200 m
_PARK_CELLS = 1.5
_POORER, _DENSER, _AROUND_M = 1.3, 0.5, 150.0  # what a quarter adds to both fields, and how far
_CORNERS, _WAVES, _UNEVEN = 54, np.arange(2, 9), 0.45
_HA, _MOST_HA, _MOST_SHARE = 1e4, 150.0, 0.25
_STEEP = 0.8  # unemployment beside poverty


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """
    Cells of 200 m whose centre lies in the town, n of them, in rows from the south-west.

    `shape` (rows, columns) and `land` as in `geography.Ground`; `east`, `north` [n] the south-west
    corner in EPSG:3035, `xy` [n, 2] the centre in EPSG:2154; `residents` [n], `poor` [n] share of
    poor households, `target` [n] unemployed residents to be expected, `commune` [n] position in the
    communes of the town.
    """

    shape: tuple[int, int]
    land: NDArray[np.bool_]
    east: NDArray[np.int64]
    north: NDArray[np.int64]
    xy: NDArray[np.float64]
    residents: NDArray[np.float64]
    poor: NDArray[np.float64]
    target: NDArray[np.float64]
    commune: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class DrawnPeople:
    """Cells, shapes of communes [c] and quarters [q]; of each IRIS [i] shape, commune, people."""

    cells: Cells
    communes: NDArray[np.object_]
    quarters: NDArray[np.object_]
    iris: NDArray[np.object_]
    iris_commune: NDArray[np.int64]
    iris_adults: NDArray[np.float64]
    iris_unemployed: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """Where the cells are."""

    shape: tuple[int, int]
    land: NDArray[np.bool_]
    east: NDArray[np.int64]
    north: NDArray[np.int64]
    xy: NDArray[np.float64]


def draw_people(plan: TownPlan, limits: Polygon) -> DrawnPeople:
    """Settle people inside `limits` (EPSG:2154), poorer and denser in `plan.quarters` quarters."""
    draw, grid = plan.stream(2), _grid(limits)
    park = smooth_field(grid, draw, _PARK_CELLS)
    inhabited = park <= np.quantile(park, BONDY.inhabited)
    crowd, poverty = _field(grid, draw), _field(grid, draw)
    quarters = _quarters(plan, limits, grid.xy, np.where(inhabited, poverty, -np.inf), draw)
    near = _closeness(grid.xy, quarters)
    residents = np.zeros(len(near))
    residents[inhabited] = _ranked((crowd + _DENSER * near)[inhabited], BONDY.residents)
    residents = np.round(2 * residents) / 2
    poor = np.round(_ranked(poverty + _POORER * near, BONDY.poor), 4)
    rate = np.clip(UNEMPLOYED * (poor / poor.mean()) ** _STEEP, 0.02, 0.6)
    target = residents * ADULTS * ACTIVE * rate
    commune, boxes = halved(grid.xy, residents, len(plan.communes), limits.bounds)
    cells = Cells(
        grid.shape, grid.land, grid.east, grid.north, grid.xy, residents, poor, target, commune
    )
    shapes = _inside(boxes, limits)
    return DrawnPeople(cells, shapes, quarters, *_iris(cells, boxes, limits))


def halved(
    xy: NDArray[np.float64],
    weight: NDArray[np.float64],
    count: int,
    bounds: tuple[float, float, float, float],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """
    Cut a box in `count` boxes of about the same weight, each time across the longer side.

    Returns the box [n] of each point of `xy` [n, 2] and the boxes [count, 4].
    """
    label = np.zeros(len(xy), np.int64)
    boxes: list[tuple[float, ...]] = []
    todo = [(np.arange(len(xy)), count, bounds)]
    while todo:
        rows, parts, (x0, y0, x1, y1) = todo.pop()
        if parts == 1 or len(rows) < 2:  # noqa: PLR2004
            label[rows] = len(boxes)
            boxes.append((x0, y0, x1, y1))
            continue
        axis = int(y1 - y0 > x1 - x0)
        order = rows[np.argsort(xy[rows, axis], kind="stable")]
        filled = np.cumsum(weight[order] + 1e-9)
        at = int(np.searchsorted(filled, filled[-1] * (parts // 2) / parts))
        at = min(max(at, 1), len(order) - 1)
        cut = float(xy[order[at - 1 : at + 1], axis].mean())
        low, high = ((x0, y0, cut, y1), (cut, y0, x1, y1)) if axis == 0 else (
            (x0, y0, x1, cut), (x0, cut, x1, y1)
        )  # fmt: skip
        todo += [(order[at:], parts - parts // 2, high), (order[:at], parts // 2, low)]
    return label, np.array(boxes)


def _grid(limits: Polygon) -> _Grid:
    """Return the squares of the European grid whose centre lies in `limits`."""
    there = Transformer.from_crs(METRIC_EPSG, GRID_EPSG, always_xy=True)
    east, north = there.transform(*shapely.get_coordinates(limits).T)
    spans = [np.arange(v.min() // SIDE_M * SIDE_M, v.max() + SIDE_M, SIDE_M) for v in (east, north)]
    e, n = (v.ravel() for v in np.meshgrid(*spans))
    back = Transformer.from_crs(GRID_EPSG, METRIC_EPSG, always_xy=True)
    xy = np.column_stack(back.transform(e + SIDE_M / 2, n + SIDE_M / 2))
    land = shapely.contains_xy(limits, xy[:, 0], xy[:, 1])
    shape = len(spans[1]), len(spans[0])
    return _Grid(shape, land, e[land].astype(np.int64), n[land].astype(np.int64), xy[land])


def _field(grid: _Grid, draw: np.random.Generator) -> NDArray[np.float64]:
    """Return a field [n] of variance 1: neighbours are alike, each cell has its own luck."""
    smooth = smooth_field(grid, draw, _SMOOTH_CELLS)
    field: NDArray[np.float64] = np.sqrt(_SMOOTH_SHARE) * smooth + np.sqrt(
        1 - _SMOOTH_SHARE
    ) * draw.normal(size=len(smooth))
    return field


def _ranked(field: NDArray[np.float64], quantiles: tuple[float, ...]) -> NDArray[np.float64]:
    """Return values of these quantiles (see QUANTILES) in the order of `field` [n]."""
    rank = (np.argsort(np.argsort(field, kind="stable"), kind="stable") + 0.5) / len(field)
    at = np.array([0.0, *QUANTILES, 1.0])
    values = np.array([0.4 * quantiles[0], *quantiles, 1.6 * quantiles[-1]])
    return np.asarray(np.interp(rank, at, values))


def _quarters(
    plan: TownPlan,
    limits: Polygon,
    xy: NDArray[np.float64],
    poverty: NDArray[np.float64],
    draw: np.random.Generator,
) -> NDArray[np.object_]:
    """Return `plan.quarters` perimeters [q] around the poorest cells, none over another."""
    mean, sd = QUARTERS.log_ha
    area = np.minimum(np.exp(draw.normal(mean, sd, plan.quarters)), _MOST_HA) * _HA
    area *= min(1.0, _MOST_SHARE * limits.area / area.sum())
    area = np.sort(area)[::-1]
    shapes = _outlines(area, draw)
    reach = np.linalg.norm(shapes, axis=2).max(axis=1)
    found = _apart(xy, poverty, reach, limits)
    whole = shapely.polygons(np.round(shapes + xy[found][:, None], 2))
    return np.asarray(shapely.intersection(whole, limits), object)


def _outlines(area: NDArray[np.float64], draw: np.random.Generator) -> NDArray[np.float64]:
    """Return the corners [q, corners, 2] around (0, 0) of uneven shapes of these square metres."""
    angle = np.linspace(0, 2 * np.pi, _CORNERS + 1)[:-1]
    size = draw.normal(0, _UNEVEN, (len(area), len(_WAVES))) / np.sqrt(_WAVES)
    turn = draw.uniform(0, 2 * np.pi, (len(area), len(_WAVES)))
    waves = np.cos(_WAVES[None, :, None] * angle + turn[:, :, None])
    reach = np.exp((size[:, :, None] * waves).sum(axis=1))
    shapes = np.stack([reach * np.cos(angle), reach * np.sin(angle)], axis=2)
    drawn = shapely.area(shapely.polygons(shapes))
    grown: NDArray[np.float64] = shapes * np.sqrt(area / drawn)[:, None, None]
    return grown


def _apart(
    xy: NDArray[np.float64],
    poverty: NDArray[np.float64],
    reach: NDArray[np.float64],
    limits: Polygon,
) -> NDArray[np.int64]:
    """
    Return a cell for each quarter, the poorest free one; `reach` [q] is how far it goes, metres.

    Where no cell is free any more, the one farthest from what it would touch.
    """
    edge = shapely.distance(shapely.points(xy), limits.boundary)
    order = np.argsort(-poverty, kind="stable")
    free_m = np.where(np.isfinite(poverty), edge, 0.0)[order]
    tree, found = cKDTree(xy[order]), []
    for need in reach:
        able = free_m >= need
        chosen = int(able.argmax()) if able.any() else int(free_m.argmax())
        found.append(order[chosen])
        here = xy[order[chosen]]
        near = np.array(tree.query_ball_point(here, need + float(reach[0])), np.int64)
        gap = np.linalg.norm(xy[order[near]] - here, axis=1) - need
        free_m[near] = np.minimum(free_m[near], gap)
    return np.array(found, np.int64)


def _closeness(xy: NDArray[np.float64], quarters: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return 1 inside a quarter, 0 from 150 m on, [n]."""
    points = np.asarray(shapely.points(xy), object)
    tree = shapely.STRtree(quarters)
    (cell, quarter) = tree.query(points, predicate="dwithin", distance=_AROUND_M)
    near = np.zeros(len(xy))
    away = shapely.distance(points[cell], quarters[quarter])
    np.maximum.at(near, cell, 1 - away / _AROUND_M)
    return near


def _iris(
    cells: Cells, boxes: NDArray[np.float64], limits: Polygon
) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the IRIS of all communes: shapes, communes, residents 15-64, unemployed ones."""
    adults = cells.residents * ADULTS
    order = np.argsort(cells.commune, kind="stable")
    parts = np.split(order, np.searchsorted(cells.commune[order], np.arange(1, len(boxes))))
    shapes, communes, sums = [], [], []
    for k, rows in enumerate(parts):
        count = max(1, round(float(adults[rows].sum()) / IRIS_ADULTS))
        label, inner = halved(cells.xy[rows], adults[rows], count, tuple(boxes[k]))
        shapes.append(inner)
        communes.append(np.full(len(inner), k))
        both = (np.bincount(label, v[rows], len(inner)) for v in (adults, cells.target))
        sums.append(np.column_stack([*both]))
    told: NDArray[np.float64] = np.concatenate(sums)
    drawn = _inside(np.concatenate(shapes), limits)
    return drawn, np.concatenate(communes).astype(np.int64), told[:, 0], told[:, 1]


def _inside(boxes: NDArray[np.float64], limits: Polygon) -> NDArray[np.object_]:
    """Return the part of each box [k, 4] that lies in `limits`, [k]."""
    return np.asarray(shapely.intersection(shapely.box(*boxes.T), limits), object)
