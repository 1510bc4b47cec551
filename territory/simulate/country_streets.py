"""Streets of one town of a drawn country: as many nodes as planned, in columns, ready to write."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt
from typing import TYPE_CHECKING

import numpy as np
import shapely

from territory.errors import WrongUsage
from territory.simulate.country_plan import area_m2
from territory.simulate.country_statistics import CHOSEN
from territory.simulate.streets import BLOCK_M, crossed_at, lattice

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely import Polygon

    from territory.simulate.country_plan import TownPlan

_SCALE = CHOSEN.block_m / BLOCK_M
_BEND_M, _BLIND_M = 3.0, (25.0, 70.0)
_RIVER, _RIVER_WAVE = 0.62, 0.05  # where it flows, of the height of the town
_RANKS = ((5, 2), (13, 6), (13, 0))  # one line in so many: tertiary, secondary, primary
_PLAIN, _SHARES = (
    ("residential", "service", "living_street", "unclassified", "pedestrian"),
    (0.66, 0.17, 0.05, 0.08, 0.04),
)


@dataclass(frozen=True, slots=True, eq=False)
class DrawnStreets:
    """
    Ways in columns, their nodes in metres of EPSG:2154.

    `xy` [nodes, 2]; way k goes through `node`[start[k]:start[k + 1]], positions in `xy`; `kind`
    [ways] its value of « highway », `line` [ways] the number of its street, -1 without name;
    `river` the corners [k, 2] of a waterway.
    """

    xy: NDArray[np.float64]
    node: NDArray[np.int64]
    start: NDArray[np.int64]
    kind: NDArray[np.str_]
    line: NDArray[np.int64]
    river: NDArray[np.float64]


def outline(plan: TownPlan) -> Polygon:
    """Return the limits of a town (EPSG:2154), uneven, inside the square kept for it."""
    draw = plan.stream(0)
    angle = np.linspace(0, 2 * np.pi, 97)[:-1]
    reach = (np.abs(np.cos(angle)) ** 3.4 + np.abs(np.sin(angle)) ** 3.4) ** (-1 / 3.4)
    for k in (3, 5, 8):
        reach *= 1 + 0.025 * np.sin(k * angle + draw.uniform(0, 2 * np.pi))
    shape = np.column_stack([reach * np.cos(angle), reach * np.sin(angle)])
    size = sqrt(area_m2(plan.nodes) / float(shapely.area(shapely.polygons(shape))))
    centre = np.array([plan.x, plan.y]) + plan.side_m / 2
    return shapely.Polygon(np.round(centre + size * shape, 2))


def draw_streets(plan: TownPlan, limits: Polygon) -> DrawnStreets:
    """
    Draw the streets inside `limits` (EPSG:2154): blocks, blind ways, ways through, a river.

    They have `plan.nodes` nodes exactly, the river's apart. Raises WrongUsage (French) when that is
    too few for the town's blocks.
    """
    draw = plan.stream(1)
    blocks = _blocks(plan, limits, draw)
    blind = np.flatnonzero(draw.random(len(blocks.edges)) < _odds(CHOSEN.blind, blocks))
    through = blocks.pairs[
        draw.random(len(blocks.pairs)) < _odds(CHOSEN.through, blocks, pairs=True)
    ]
    fixed = len(blocks.xy) + len(blocks.edges) + 2 * len(blind) + len(through)
    if fixed > plan.nodes:
        raise WrongUsage(f"Ville dessinée « {plan.name} » : trop peu de nœuds pour ses rues.")
    weight = draw.gamma(1.5, size=len(blocks.edges))
    bends = 1 + draw.multinomial(plan.nodes - fixed, weight / weight.sum())
    inner, middle = _bent(blocks, bends, draw)
    xy = np.concatenate([blocks.xy, inner])
    ends = _blind_ends(xy, middle[blind], blocks.edges[blind], draw)
    halves = xy[middle[through]].mean(axis=1) + draw.normal(0, _BEND_M, (len(through), 2))
    ways = _ways(blocks, bends, middle, (blind, through))
    return DrawnStreets(
        np.concatenate([xy, *ends, halves]), *ways, *_told(blocks, (blind, through), draw),
        _river(plan),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Blocks:
    """Corners [n, 2], sides of blocks [e, 2], their street line [e], opposite sides [p, 2]."""

    xy: NDArray[np.float64]
    edges: NDArray[np.int64]
    line: NDArray[np.int64]
    pairs: NDArray[np.int64]


def _blocks(plan: TownPlan, limits: Polygon, draw: np.random.Generator) -> _Blocks:
    """Return the blocks inside `limits`, few of their sides crossing the river."""
    count = ceil(plan.side_m / CHOSEN.block_m) + 1
    xy, edges = lattice(draw, count, count, lost=CHOSEN.missing)
    xy = xy * _SCALE
    xy = xy + 30 * np.sin(xy[:, ::-1] / np.array([410.0, 520.0])) + np.array([plan.x, plan.y])
    inside = shapely.contains_xy(limits, xy[:, 0], xy[:, 1])
    edges = edges[inside[edges].all(axis=1)]
    river = _river(plan)
    north = xy[:, 1] > np.interp(xy[:, 0], *river.T)
    bridges = np.arange(plan.x, plan.x + plan.side_m, CHOSEN.crossing_m) + CHOSEN.crossing_m / 2
    places = np.column_stack([bridges, np.interp(bridges, *river.T)])
    edges = crossed_at(xy, edges, north, list(places))
    row, column = np.divmod(edges[:, 0], count)
    along = edges[:, 1] == edges[:, 0] + 1
    line = np.where(along, 2 * row, 2 * column + 1)
    pairs = _opposite(edges[:, 0], along, count)
    pairs = pairs[north[edges[pairs[:, 0], 0]] == north[edges[pairs[:, 1], 0]]]
    used, flat = np.unique(edges, return_inverse=True)
    return _Blocks(xy[used], flat.reshape(edges.shape), line, pairs)


def _opposite(tail: NDArray[np.int64], along: NDArray[np.bool_], count: int) -> NDArray[np.int64]:
    """Return the positions [p, 2] of the south and north sides of the blocks that have both."""
    lying = np.flatnonzero(along)
    _, south, north = np.intersect1d(tail[lying] + count, tail[lying], return_indices=True)
    return np.column_stack([lying[south], lying[north]])


def _river(plan: TownPlan) -> NDArray[np.float64]:
    """Return the corners [k, 2] of the river, west to east, beyond the town on both sides."""
    x = np.linspace(-0.05, 1.05, 60)
    y = _RIVER + _RIVER_WAVE * np.sin(7 * x + plan.number)
    return np.round(np.array([plan.x, plan.y]) + plan.side_m * np.column_stack([x, y]), 2)


def _odds(share: float, blocks: _Blocks, *, pairs: bool = False) -> float:
    """Return the chance of each side (or pair of sides) when `share` are wanted a corner."""
    return share * len(blocks.xy) / max(len(blocks.pairs if pairs else blocks.edges), 1)


def _bent(
    blocks: _Blocks, bends: NDArray[np.int64], draw: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the bends of every side [sum of bends, 2] and the number of the middle one [e]."""
    owner = np.repeat(np.arange(len(bends)), bends)
    where = draw.random(len(owner))
    where = where[np.lexsort((where, owner))][:, None]
    tail, head = blocks.xy[blocks.edges[owner, 0]], blocks.xy[blocks.edges[owner, 1]]
    over = (
        (head - tail)[:, ::-1]
        * np.array([-1.0, 1.0])
        / np.linalg.norm(head - tail, axis=1)[:, None]
    )
    bow = draw.normal(0, _BEND_M, len(bends))[owner][:, None]
    off = bow * np.sin(np.pi * where) + draw.normal(0, 0.4, where.shape)
    first = len(blocks.xy) + np.r_[0, np.cumsum(bends)[:-1]]
    return tail + where * (head - tail) + off * over, first + (bends - 1) // 2


def _blind_ends(
    xy: NDArray[np.float64],
    start: NDArray[np.int64],
    edges: NDArray[np.int64],
    draw: np.random.Generator,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the bends and the ends, [b, 2] each, of blind ways square to the sides they leave."""
    ahead = xy[edges[:, 1]] - xy[edges[:, 0]]
    unit = ahead / np.linalg.norm(ahead, axis=1)[:, None]
    side = draw.choice([-1.0, 1.0], len(edges)) * draw.uniform(*_BLIND_M, len(edges))
    step = unit[:, ::-1] * np.array([-1.0, 1.0]) * side[:, None]
    return xy[start] + 0.5 * step + draw.normal(0, 1.5, step.shape), xy[start] + step


def _ways(
    blocks: _Blocks,
    bends: NDArray[np.int64],
    middle: NDArray[np.int64],
    more: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return `node` and `start` of all ways: sides of blocks, blind ways, ways through blocks."""
    blind, through = more
    size = np.concatenate([bends + 2, np.full(len(blind) + len(through), 3)])
    start = np.r_[0, np.cumsum(size)]
    sides = np.empty(int(start[len(bends)]), np.int64)
    first, last = start[: len(bends)], start[1 : len(bends) + 1] - 1
    between = np.ones(len(sides), bool)
    between[first] = between[last] = False
    corners, total = len(blocks.xy), len(blocks.xy) + int(bends.sum())
    sides[first], sides[last] = blocks.edges.T
    sides[between] = np.arange(corners, total)
    b, t = np.arange(len(blind)), np.arange(len(through))
    turns = np.column_stack([middle[blind], total + b, total + len(blind) + b])
    cuts = middle[through]
    cuts = np.column_stack([cuts[:, 0], total + 2 * len(blind) + t, cuts[:, 1]])
    return np.concatenate([sides, turns.ravel(), cuts.ravel()]), start


def _told(
    blocks: _Blocks, more: tuple[NDArray[np.int64], NDArray[np.int64]], draw: np.random.Generator
) -> tuple[NDArray[np.str_], NDArray[np.int64]]:
    """Return the kind and the street line of all ways."""
    blind, through = more
    kind = draw.choice(_PLAIN, len(blocks.edges), p=_SHARES).astype("U16")
    rank = blocks.line // 2
    for (every, at), name in zip(_RANKS, ("tertiary", "secondary", "primary"), strict=True):
        kind[rank % every == at] = name
    stairs = CHOSEN.stairs
    rest = (1 - stairs) * 0.7
    others = (
        draw.choice(("service", "residential"), len(blind), p=(0.6, 0.4)),
        draw.choice(
            ("steps", "footway", "path"), len(through), p=(stairs, rest, 1 - stairs - rest)
        ),
    )
    unnamed = np.full(len(blind) + len(through), -1)
    return np.concatenate([kind, *others]), np.concatenate([blocks.line, unnamed])
