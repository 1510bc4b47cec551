"""
Squares crossed: straight walks inside an area, between the places where streets reach it.

The shortest walk in an area with holes bends only at its corners (visibility graph, Lozano-Pérez
and Wesley 1979): where two entries do not see each other, the corners that stand in the way are
joined too.
"""

from __future__ import annotations

from dataclasses import dataclass
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

MOST = 40  # places of one square that are joined; beyond, evenly spread along its outline


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
        np.concatenate([np.empty((2, 0), np.int64), *ends], axis=1),
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
    drawn = ways.taken(square.rows)
    corner = np.concatenate([np.arange(*ways.start[k : k + 2]) for k in square.rows])
    own, count = np.unique(node[corner], return_counts=True)
    reached = set(own[uses[own] > count].tolist())
    shape: Any = shapely.build_area(shapely.multilinestrings(drawn.lines()))
    if len(reached) <= 1 or shapely.is_empty(shape) or not shapely.is_valid(shape):
        return np.empty((2, 0), np.int64)
    shapely.prepare(shape)
    known = dict(zip(map(tuple, drawn.xy.tolist()), node[corner].tolist(), strict=True))
    outline = {known[spot]: bend for spot, bend in _outline(shape) if spot in known}
    spots = {number: spot for spot, number in known.items()}
    entries = _spread([n for n in outline if n in reached], MOST)
    bends = _spread([n for n in outline if outline[n] and n not in reached], MOST - len(entries))
    walks, seen = _straight(shape, entries, spots)
    return walks if seen else _straight(shape, [*entries, *bends], spots)[0]


def _straight(
    shape: BaseGeometry, places: list[int], spots: dict[int, tuple[float, ...]]
) -> tuple[NDArray[np.int64], bool]:
    """Return the pairs [2, k] joined by a line inside `shape`, and whether all pairs see so."""
    pairs = np.sort(np.array(places)[np.stack(np.triu_indices(len(places), 1))], axis=0)
    lines = shapely.linestrings([[spots[a], spots[b]] for a, b in pairs.T.tolist()])
    inside = shapely.covers(shape, lines)
    along = shapely.covers(shapely.boundary(shape), lines)  # walked already
    return pairs[:, inside & ~along], bool(inside.all())


def _outline(shape: BaseGeometry) -> Iterator[tuple[tuple[float, ...], bool]]:
    """Yield each corner of the rings of `shape`, and whether it bends into it."""
    oriented = shapely.orient_polygons(shapely.get_parts(shape))  # the inside is on the left
    for ring in shapely.get_rings(oriented):
        corners = shapely.get_coordinates(ring)[:-1]
        before = corners - np.roll(corners, 1, axis=0)
        after = np.roll(corners, -1, axis=0) - corners
        turn = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
        yield from zip(map(tuple, corners.tolist()), (turn < 0).tolist(), strict=True)


def _spread(places: list[int], most: int) -> list[int]:
    """Return at most `most` of the places, evenly spread in their order."""
    if len(places) <= most:
        return places
    return [places[k] for k in np.unique(np.linspace(0, len(places) - 1, most).astype(int))]
