"""OpenStreetMap files that libosmium reads (PBF, XML, packed or not): filtered there, not here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import osmium

from territory.io.street_access import is_shut
from territory.io.street_ways import Collected

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from territory.io.street_ways import Found, Tags

# osmium names no types: its files, objects and filters are Any here.
_STREETS = ("highway", "railway", "waterway", "natural")

_SCALE, _UNDEFINED = 1e7, 2_147_483_647  # how libosmium keeps a place, and the lack of one


def osmium_ways(path: Path, form: str) -> Found:
    """
    Read the file twice, nodes and relations then ways: in some, nodes are written after the ways.

    `form` is libosmium's name of the packing. Nodes stay in C++, but for those that are barriers.
    Raises RuntimeError for a damaged file.
    """
    found = Collected(_SCALE, _UNDEFINED)
    places = osmium.NodeLocationsForWays(osmium.index.create_map("flex_mem"))
    places.ignore_errors()
    file = osmium.io.File(str(path), form)
    _add_nodes_and_relations(file, places, found)
    for way in _seen(file, osmium.osm.WAY, places, _keyed(*_STREETS)):
        found.total += way.tags.get("highway") is not None
        _add(found, way, way.tags)
    outlines = found.outlines()
    if outlines:
        for way in _seen(file, osmium.osm.WAY, places, osmium.filter.IdFilter(sorted(outlines))):
            if "highway" not in way.tags:
                _add(found, way, outlines[way.id])
    return found.done()


def _add_nodes_and_relations(file: Any, places: Any, found: Collected) -> None:  # noqa: ANN401
    """Keep in `places` where all nodes are, and in `found` the shut ones and the multipolygons."""
    barriers = _keyed("barrier", only=osmium.osm.NODE)
    areas = _keyed("highway", "natural", only=osmium.osm.RELATION)
    both = osmium.osm.NODE | osmium.osm.RELATION
    for thing in _seen(file, both, places, barriers, areas):
        if thing.is_node():
            if is_shut(thing.tags):
                found.shut.append(thing.id)
        else:
            ways = (member.ref for member in thing.members if member.type == "w")
            found.relate(thing.id, ways, thing.tags)


def _seen(file: Any, entities: Any, *handlers: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the objects that pass the filters; each is gone when the next one comes."""
    with osmium.io.Reader(file, entities) as reader:
        yield from osmium.OsmFileIterator(reader, *handlers)


def _keyed(*keys: str, only: Any = osmium.osm.ALL) -> Any:  # noqa: ANN401
    """Return the filter, in C++, of the objects of one sort that have one of the `keys`."""
    chosen = osmium.filter.KeyFilter(*keys)
    chosen.enable_for(only)
    return chosen


def _add(found: Collected, way: Any, tags: Tags) -> None:  # noqa: ANN401
    """Add a way as `Collected.add` does, without a tuple for each of its corners."""
    kind = found.kind_of(tags)
    if found.useful[kind]:
        before = len(found.node)
        add_node, add_x, add_y = found.node.append, found.x.append, found.y.append
        for node in way.nodes:
            place = node.location
            add_node(node.ref)
            add_x(place.x)
            add_y(place.y)
        found.close(way.id, kind, tags.get("name"), before)
