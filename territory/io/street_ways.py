"""One OpenStreetMap way as read, whatever the form of the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

TAGS = ("highway", "name", "foot", "access", "motorroad")
_GRAIN = 7  # decimals of a degree: about one centimetre, OSM's own grain

Vertex = tuple[int, float, float]  # node id, longitude, latitude


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One way: node ids (negative: not known to OSM), coordinates [k, 2], lon and lat (WGS84)."""

    way_id: int
    nodes: list[int]
    coords: NDArray[np.float64]
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ways:
    """The `highway` ways of a file, how many there were, and node references without a node."""

    ways: list[Way]
    total: int
    dangling: int


@dataclass(slots=True)
class Collected:
    """Ways being read; `total` and `dangling` count as in `Ways`."""

    ways: list[Way] = field(default_factory=list)
    total: int = 0
    dangling: int = 0

    def add(
        self, way_id: int, vertices: Iterable[Vertex | None], tags: Mapping[str, object]
    ) -> None:
        """Add a way; a missing vertex (None) cuts it, so that no straight line is invented."""
        listed = list(vertices)
        self.total += 1
        self.dangling += listed.count(None)
        kept = {key: str(tags[key]) for key in TAGS if tags.get(key)}
        self.ways += [_way(way_id, run, kept) for run in _runs(listed)]

    def done(self) -> Ways:
        """Return the ways read so far, with their counts."""
        return Ways(self.ways, self.total, self.dangling)


@dataclass(slots=True)
class Spots:
    """Node numbers given to coordinates by sources without node ids: the same spot, one node."""

    numbers: dict[tuple[float, float], int] = field(default_factory=dict)

    def vertex(self, lon: float, lat: float) -> Vertex:
        """Return the vertex at these degrees; its number is negative, as OSM does not know it."""
        spot = round(float(lon), _GRAIN), round(float(lat), _GRAIN)
        return (self.numbers.setdefault(spot, -1 - len(self.numbers)), *spot)


def _runs(vertices: list[Vertex | None]) -> Iterator[list[Vertex]]:
    """Yield stretches of known vertices, immediate repeats dropped, of two vertices at least."""
    for missing, group in groupby(vertices, key=lambda v: v is None):
        run = [] if missing else [next(g) for _, g in groupby(group, key=_node_id)]
        if len(run) > 1:
            yield [v for v in run if v is not None]


def _node_id(vertex: Vertex | None) -> int:
    return vertex[0] if vertex else 0


def _way(way_id: int, run: list[Vertex], tags: Mapping[str, str]) -> Way:
    return Way(way_id, [v[0] for v in run], np.array([v[1:] for v in run], float), tags)
