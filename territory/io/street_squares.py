"""
Squares crossed: straight walks inside an area, between the places where streets reach it.

The shortest walk in an area with holes bends only at its corners (visibility graph, Lozano-Pérez
and Wesley 1979): where two entries do not see each other, the corners that stand in the way are
joined too.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from territory.io.street_access import is_walkable
from territory.io.street_tags import is_square

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from territory.io.street_ways import Relation, Ways

_ENDS = 2  # corners that a line between two always meets
MOST = 40  # places of one square that are joined; beyond, evenly spread along its outline

_NONE = np.empty((2, 0), np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Crossings:
    """
    Straight walks: `ends` [2, walks] (positions of nodes, smaller first), `kind` as in `Ways`.

    `number` is that of the square (minus that of the relation when several ways draw it), `name`
    its name or None.
    """

    ends: NDArray[np.int64]
    kind: NDArray[np.int32]
    number: NDArray[np.int64]
    name: NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class _Square:
    """A square, drawn by the ways `rows`."""

    number: int
    kind: int
    name: str | None
    rows: NDArray[np.int64]


def crossings(
    ways: Ways, node: NDArray[np.int64], uses: NDArray[np.int64], relations: Sequence[Relation]
) -> Crossings:
    """
    Return the walks across the squares of `ways`, placed in metres and sorted by way_id.

    `node` [corners] are positions among the nodes, `uses` [nodes] how many corners each has. A
    square is a closed way with area=yes, or a multipolygon of `relations`, that may be walked;
    one whose outline is open or crosses itself is left. Joined are the nodes where other streets
    arrive and, if two of them do not see each other, the corners that bend inwards: MOST at most,
    entries first.
    """
    squares = list(_squares(ways, relations))
    ends = [_walks_in(ways, node, uses, square) for square in squares]
    of = np.repeat(np.arange(len(squares)), [pairs.shape[1] for pairs in ends])
    return Crossings(
        np.concatenate([_NONE, *ends], axis=1),
        np.array([s.kind for s in squares], np.int32)[of],
        np.array([s.number for s in squares], np.int64)[of],
        np.fromiter((s.name for s in squares), object, len(squares))[of],
    )


def _squares(ways: Ways, relations: Sequence[Relation]) -> Iterator[_Square]:
    joined = [r for r in relations if is_walkable(ways.kinds[r.kind])]
    members = np.array([way for r in joined for way in r.members], np.int64)
    flat = np.array([is_square(tags) for tags in ways.kinds], bool)
    rows = np.flatnonzero(flat[ways.kind] & ~np.isin(ways.way_id, members))
    for group in np.split(rows, np.flatnonzero(np.diff(ways.way_id[rows])) + 1):
        if len(group):
            k = group[0]
            yield _Square(int(ways.way_id[k]), int(ways.kind[k]), ways.name[k], group)
    for relation in joined:
        group = np.flatnonzero(np.isin(ways.way_id, relation.members))
        if len(group):
            yield _Square(-relation.number, relation.kind, relation.name, group)


def _walks_in(
    ways: Ways, node: NDArray[np.int64], uses: NDArray[np.int64], square: _Square
) -> NDArray[np.int64]:
    """Return the ends [2, walks] of the straight walks in one square, smaller first."""
    corner = np.concatenate([np.arange(*ways.start[k : k + 2]) for k in square.rows])
    numbers = node[corner]
    own, count = np.unique(numbers, return_counts=True)
    reached = set(own[uses[own] > count].tolist())
    if len(reached) <= 1:
        return _NONE
    drawn = ways.taken(square.rows)
    shape: Any = shapely.build_area(shapely.multilinestrings(drawn.lines()))
    if shapely.is_empty(shape) or not shapely.is_valid(shape):
        return _NONE
    rings = _rings(shape)
    known = dict(zip(map(tuple, drawn.xy.tolist()), numbers.tolist(), strict=True))
    outline = {known[spot]: bend for ring in rings for spot, bend in _corners(ring)}
    spots = {number: spot for spot, number in known.items()}
    entries = _spread([n for n in outline if n in reached], MOST)
    bends = _spread([n for n in outline if outline[n] and n not in reached], MOST - len(entries))
    sides = set(zip(numbers[:-1].tolist(), numbers[1:].tolist(), strict=True))
    walks, all_seen = _straight(shape, rings, _pairs(entries, sides), spots)
    if not all_seen:
        walks, _ = _straight(shape, rings, _pairs([*entries, *bends], sides), spots)
    return walks


def _pairs(places: list[int], sides: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pairs of places, smaller first, but those that a side joins: walked already."""
    return [p for p in combinations(sorted(places), 2) if not {p, p[::-1]} & sides]


def _straight(
    shape: BaseGeometry,
    rings: list[NDArray[np.float64]],
    pairs: list[tuple[int, int]],
    spots: dict[int, tuple[float, ...]],
) -> tuple[NDArray[np.int64], bool]:
    """Return the pairs [2, k] joined by a line inside `shape`, and whether all of them are."""
    if not pairs:
        return _NONE, True
    inside = _inside(shape, rings, np.array([[spots[a], spots[b]] for a, b in pairs]))
    return np.array(pairs, np.int64).T[:, inside], bool(inside.all())


def _inside(
    shape: BaseGeometry, rings: list[NDArray[np.float64]], lines: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """
    Tell which `lines` [k, 2, 2], between corners of the `rings` of `shape`, leave it nowhere.

    One that crosses no side lies all inside or all outside, as its middle does; those that touch
    other corners on their way, rare, are asked of GEOS, which is slower.
    """
    a, b = lines[:, None, 0], lines[:, None, 1]
    crossed, met = np.zeros(len(lines), bool), np.zeros(len(lines), int)
    for ring in rings:
        p, q = ring[:-1], ring[1:]
        side = _turn(b - a, ring - a)
        apart = _turn(q - p, a - p) * _turn(q - p, b - p) < 0
        crossed |= ((side[:, :-1] * side[:, 1:] < 0) & apart).any(axis=1)
        met += (side[:, 1:] == 0).sum(axis=1)
    shapely.prepare(shape)
    inside = np.asarray(~crossed & shapely.contains_xy(shape, lines.mean(axis=1)), bool)
    doubtful = met > _ENDS
    inside[doubtful] = shapely.covers(shape, shapely.linestrings(lines[doubtful]))
    return inside


def _turn(u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
    return u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]


def _rings(shape: BaseGeometry) -> list[NDArray[np.float64]]:
    """Return the closed rings of `shape`, its inside on their left."""
    oriented = shapely.orient_polygons(shapely.get_parts(shape))
    return [shapely.get_coordinates(ring) for ring in shapely.get_rings(oriented)]


def _corners(ring: NDArray[np.float64]) -> Iterator[tuple[tuple[float, ...], bool]]:
    """Yield each corner, and whether it bends into the shape."""
    corners = ring[:-1]
    turn = _turn(corners - np.roll(corners, 1, axis=0), np.roll(corners, -1, axis=0) - corners)
    yield from zip(map(tuple, corners.tolist()), (turn < 0).tolist(), strict=True)


def _spread(places: list[int], most: int) -> list[int]:
    """Return at most `most` of the places, evenly spread in their order."""
    if len(places) <= most:
        return places
    return [places[k] for k in np.unique(np.linspace(0, len(places) - 1, most).astype(int))]
