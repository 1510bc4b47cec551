"""OpenStreetMap ways in GraphML, as OSMnx saves its graphs: each street once, bends kept."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from pyproj import CRS, Transformer

from territory.io.street_tags import turned_back
from territory.io.street_ways import Collected

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from territory.io.street_ways import Found, Vertex

WGS84 = 4326


def graphml_ways(path: Path) -> Found:
    """
    Read an OSMnx graph, in degrees or projected, to degrees (WGS84); ways are numbered from 0.

    A directed graph holds a street once per direction: the two are one way. A damaged file raises
    what OSMnx does; `read_ways` turns it into French.
    """
    import osmnx  # noqa: PLC0415 - slow to load, and only this form needs it

    graph = osmnx.load_graphml(path)
    crs = CRS.from_user_input(graph.graph.get("crs", WGS84))
    degrees = Transformer.from_crs(crs, WGS84, always_xy=True).transform
    where = {n: (float(d["x"]), float(d["y"])) for n, d in graph.nodes(data=True)}
    streets = dict(sorted(_streets(graph, where), key=lambda street: street[0]))
    found, bends = Collected(), count(-1, -1)
    for way_id, (spots, (tail, head, data, turned)) in enumerate(streets.items()):
        inner = [next(bends) for _ in spots[1:-1]]
        vertices: list[Vertex] = [
            (node, *degrees(*spot)) for node, spot in zip([tail, *inner, head], spots, strict=True)
        ]
        tags = {k: str(_first(v)) for k, v in data.items()}
        found.add(way_id, vertices, turned_back(tags) if turned else tags)
    found.total = len(streets)
    return found.done()


_Spots = tuple[tuple[float, float], ...]
_Street = tuple[_Spots, tuple[int, int, dict[str, Any], bool]]


def _streets(
    graph: Any,  # noqa: ANN401 - networkx has no types
    where: dict[int, tuple[float, float]],
) -> Iterator[_Street]:
    """Yield each edge under its drawing, taken in the direction that sorts first."""
    for tail, head, data in graph.edges(data=True):
        line = data.get("geometry")
        bends = [(x, y) for x, y, *_ in list(line.coords)[1:-1]] if line is not None else []
        spots: _Spots = (where[tail], *bends, where[head])
        against = _first(data.get("reversed")) is True  # the edge runs against its way
        forth: _Street = (spots, (tail, head, data, against))
        back: _Street = (spots[::-1], (head, tail, data, not against))
        yield min(forth, back, key=lambda street: street[0])


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value
