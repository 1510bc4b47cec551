"""OpenStreetMap ways as read, whatever the form of the file: columns, not objects."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
import shapely

from territory.io.street_tags import TAGS, obstacle_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

_GRAIN = 7  # decimals of a degree: about one centimetre, OSM's own grain

Vertex = tuple[int, float, float]  # node id, longitude, latitude


class Tags(Protocol):
    """The tags of an object, as a mapping or as libosmium shows them."""

    def get(self, key: str, default: None = None) -> str | None:
        """Return the value of `key`."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """
    Ways in columns; a way cut where a node is missing holds several rows of the same `way_id`.

    Row k has the corners start[k]:start[k+1] of `node` (ids, negative: not known to OSM) and `xy`
    [corners, 2] (longitude and latitude as read, metres once placed). `kind` is its position in
    `kinds`, the distinct sets of tags; `name` [ways] holds texts or None.
    """

    way_id: NDArray[np.int64]
    start: NDArray[np.int64]
    node: NDArray[np.int64]
    xy: NDArray[np.float64]
    kind: NDArray[np.int32]
    kinds: tuple[Mapping[str, str], ...]
    name: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.way_id)

    def owner(self) -> NDArray[np.int64]:
        """Return the row of each corner [corners]."""
        return np.repeat(np.arange(len(self)), np.diff(self.start))

    def lines(self) -> NDArray[np.object_]:
        """Return the line of each row [ways]."""
        return np.asarray(shapely.linestrings(self.xy, indices=self.owner()), object)

    def taken(self, rows: NDArray[np.int64]) -> Ways:
        """Return these `rows` [kept], in this order."""
        size = np.diff(self.start)[rows]
        start = np.r_[0, np.cumsum(size)]
        corner = np.arange(start[-1]) + np.repeat(self.start[rows] - start[:-1], size)
        columns = self.way_id[rows], start, self.node[corner], self.xy[corner], self.kind[rows]
        return Ways(*columns, self.kinds, self.name[rows])


@dataclass(frozen=True, slots=True)
class Relation:
    """A multipolygon, a square or water: its number, its ways, kind and name as in `Ways`."""

    number: int
    members: tuple[int, ...]
    kind: int
    name: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """
    What a file of streets holds.

    `relations` are sorted by number; `shut` [nodes] are passed by nobody on foot; `total` counts
    the ways that carry `highway`, `dangling` their references to nodes the file lacks.
    """

    ways: Ways
    relations: tuple[Relation, ...]
    shut: NDArray[np.int64]
    total: int
    dangling: int


@dataclass(slots=True)
class Collected:
    """
    Ways being read, corner by corner, in flat arrays.

    Coordinates are degrees times `scale`; a corner without place has `missing` for longitude.
    `total` counts streets as in `Found`.
    """

    scale: float = 1.0
    missing: float = float("nan")
    total: int = 0
    way_id: array[int] = field(default_factory=lambda: array("q"))
    size: array[int] = field(default_factory=lambda: array("q"))
    kind: array[int] = field(default_factory=lambda: array("i"))
    name: list[str | None] = field(default_factory=list)
    node: array[int] = field(default_factory=lambda: array("q"))
    x: array[float] = field(default_factory=lambda: array("d"))
    y: array[float] = field(default_factory=lambda: array("d"))
    kinds: dict[tuple[str | None, ...], int] = field(default_factory=dict)
    useful: list[bool] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    shut: list[int] = field(default_factory=list)

    def kind_of(self, tags: Tags) -> int:
        """Return the number of this set of tags, a new one when it was not met before."""
        get = tags.get
        held = tuple([get(key) for key in TAGS])
        number = self.kinds.setdefault(held, len(self.kinds))
        if number == len(self.useful):
            self.useful.append(bool(held[0] or obstacle_kind(_plain(held))))
        return number

    def add(self, way_id: int, vertices: Iterable[Vertex | None], tags: Tags) -> None:
        """
        Add a way if it is a street or an obstacle; a missing vertex (None) will cut it.

        Raises OverflowError or TypeError for an identifier that cannot be one.
        """
        kind = self.kind_of(tags)
        if self.useful[kind]:
            before = len(self.node)
            for node, x, y in (v or (0, self.missing, 0.0) for v in vertices):
                self.node.append(node)
                self.x.append(x)
                self.y.append(y)
            self.close(way_id, kind, tags.get("name"), before)

    def relate(self, number: int, members: Iterable[int], tags: Tags) -> None:
        """Keep a multipolygon that is a street or an obstacle; `members` are its ways."""
        kind = self.kind_of(tags)
        if tags.get("type") == "multipolygon" and self.useful[kind]:
            name = tags.get("name") or None
            self.relations.append(Relation(number, tuple(members), kind, name))

    def outlines(self) -> dict[int, dict[str, str]]:
        """Return way -> the tags it takes from its multipolygon (squares first, then smallest)."""
        kinds = list(map(_plain, self.kinds))
        taken: dict[int, dict[str, str]] = {}
        for r in sorted(self.relations, key=lambda r: ("highway" not in kinds[r.kind], r.number)):
            tags = kinds[r.kind] | ({"name": r.name} if r.name else {})
            tags.pop("area", None)  # the area is that of all its ways together
            taken |= {way: tags for way in r.members if way not in taken}
        return taken

    def close(self, way_id: int, kind: int, name: str | None, before: int) -> None:
        """End the way whose corners are those added since there were `before`."""
        self.way_id.append(way_id)
        self.size.append(len(self.node) - before)
        self.kind.append(kind)
        self.name.append(self.names.setdefault(name, name) if name else None)

    def done(self) -> Found:
        """Return what was read: ways cut at missing nodes, so that no straight line is invented."""
        owner = np.repeat(np.arange(len(self.size)), np.array(self.size, np.int64))
        node, kind = np.array(self.node, np.int64), np.array(self.kind, np.int32)
        x, y = np.array(self.x, float), np.array(self.y, float)
        known = ~np.isnan(x) & (x != self.missing)
        corner, first = _runs(owner, known, node)
        row = owner[corner[first]]
        kinds = tuple(map(_plain, self.kinds))
        ways = Ways(
            np.array(self.way_id, np.int64)[row],
            np.r_[first, len(corner)],
            node[corner],
            np.column_stack([x, y])[corner] / self.scale,
            kind[row],
            kinds,
            np.fromiter(self.name, object, len(self.name))[row],
        )
        of_streets = np.array(["highway" in tags for tags in kinds], bool)[kind]
        dangling = int(of_streets[owner[~known]].sum())
        relations = tuple(sorted(self.relations, key=lambda relation: relation.number))
        return Found(
            ways, relations, np.unique(np.array(self.shut, np.int64)), self.total, dangling
        )


@dataclass(slots=True)
class Spots:
    """Node numbers given to coordinates by sources without node ids: the same spot, one node."""

    numbers: dict[tuple[float, float], int] = field(default_factory=dict)

    def vertex(self, lon: float, lat: float) -> Vertex:
        """Return the vertex at these degrees; its number is negative, as OSM does not know it."""
        spot = round(float(lon), _GRAIN), round(float(lat), _GRAIN)
        return (self.numbers.setdefault(spot, -1 - len(self.numbers)), *spot)


def _plain(held: tuple[str | None, ...]) -> dict[str, str]:
    return {key: value for key, value in zip(TAGS, held, strict=True) if value}


def _runs(
    owner: NDArray[np.int64], known: NDArray[np.bool_], node: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Return the corners kept, and the positions among them where a stretch begins.

    A stretch is of known corners of one way, immediate repeats of a node dropped, two at least.
    """
    stretch = np.cumsum(np.r_[False, owner[1:] != owner[:-1]][: len(owner)] | ~known)
    corner = np.flatnonzero(known)
    stretch, node = stretch[corner], node[corner]
    alike = (stretch[1:] == stretch[:-1]) & (node[1:] == node[:-1])
    corner, stretch = (a[np.r_[True, ~alike][: len(a)]] for a in (corner, stretch))
    _, number, size = np.unique(stretch, return_inverse=True, return_counts=True)
    long = size[number] > 1
    corner, stretch = corner[long], stretch[long]
    first = np.flatnonzero(np.r_[True, stretch[1:] != stretch[:-1]][: len(stretch)])
    return corner, first
