"""An OpenStreetMap extract cut to a territory: whole ways, no name of a contributor."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

import osmium
import shapely

from territory.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from territory.fetch.addresses import Box
    from territory.fetch.area import Area

_Spot = tuple[float, float]
_Way = tuple[int, list[int], dict[str, str]]
# What a map of outreach may need; buildings, most of an extract, are left.
TAGS = ("highway", "amenity", "shop", "social_facility", "railway", "public_transport", "leisure")


def cut_streets(path: Path, area: Area, target: Path) -> int:
    """
    Write the useful ways that touch the margin of `area`, each with all its nodes, to `target`.

    Reads any form libosmium knows; memory holds the places of all its nodes (16 bytes each) and
    what is kept. The tags of nodes, the names and the dates of contributors are left out. Returns
    how many ways; raises UnreadableFile (French).
    """
    try:
        ways, spots = _ways_near(path, area)
        if ways:
            _write(ways, spots, target)
    except (RuntimeError, OSError, ValueError, osmium.InvalidLocationError) as error:
        target.unlink(missing_ok=True)
        raise UnreadableFile(
            "Rues (OpenStreetMap) : l'extrait est abîmé ou incomplet. Téléchargez-le de nouveau."
        ) from error
    return len(ways)


def _ways_near(path: Path, area: Area) -> tuple[list[_Way], dict[int, _Spot]]:
    """Return the useful ways with a node around, sorted, and where all their nodes are."""
    where = osmium.index.create_map("flex_mem")
    keeper = osmium.NodeLocationsForWays(where)
    # In C++ from end to end: Python sees no node of the extract, only the useful ways.
    osmium.apply(osmium.io.Reader(_input(path), osmium.osm.NODE), keeper)
    around, box = area.around_degrees, area.around_degrees.bounds
    shapely.prepare(around)
    found: list[_Way] = []
    spots: dict[int, _Spot] = {}
    useful = osmium.filter.KeyFilter(*TAGS)
    ways: Iterable[Any] = osmium.FileProcessor(_input(path), osmium.osm.WAY).with_filter(useful)
    for way in ways:
        here = {node.ref: spot for node in way.nodes if (spot := _spot(where, node.ref))}
        if _comes_near(list(here.values()), around, box):
            found.append((way.id, [n.ref for n in way.nodes if n.ref in here], dict(way.tags)))
            spots |= here
    return sorted(found, key=itemgetter(0)), spots


def _spot(where: Any, node: int) -> _Spot | None:  # noqa: ANN401 - osmium names no such type
    try:
        spot = where.get(node)
    except KeyError:
        return None
    return (spot.lon, spot.lat) if spot.valid() else None


def _comes_near(spots: list[_Spot], around: BaseGeometry, box: Box) -> bool:
    west, south, east, north = box
    inside = [(x, y) for x, y in spots if west <= x <= east and south <= y <= north]
    return any(shapely.contains_xy(around, x, y) for x, y in inside)


def _write(ways: list[_Way], spots: dict[int, _Spot], target: Path) -> None:
    target.unlink(missing_ok=True)
    new = osmium.osm.mutable
    with osmium.SimpleWriter(osmium.io.File(str(target), "pbf,add_metadata=none")) as writer:
        for node in sorted(spots):
            writer.add_node(new.Node(id=node, location=spots[node]))
        for number, nodes, tags in ways:
            writer.add_way(new.Way(id=number, nodes=nodes, tags=tags))


def _input(path: Path) -> osmium.io.File:
    """Return the file as libosmium opens it: its form told from the content, not the name."""
    with path.open("rb") as stream:
        head = stream.read(64)
    forms = ((b"\x1f\x8b", "osm.gz"), (b"BZh", "osm.bz2"))
    form = (
        "pbf" if b"OSMHeader" in head else next((f for s, f in forms if head.startswith(s)), "osm")
    )
    return osmium.io.File(str(path), form)
