"""An OpenStreetMap extract cut to a territory: whole ways, no name of a contributor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import osmium
import shapely

from territory.errors import UnreadableFile

if TYPE_CHECKING:
    from pathlib import Path

    from territory.fetch.area import Area

# What a map of outreach may need; buildings, most of an extract, are left.
TAGS = ("highway", "amenity", "shop", "social_facility", "railway", "public_transport", "leisure")


def cut_streets(path: Path, area: Area, target: Path) -> int:
    """
    Write the useful ways that touch the margin of `area`, each with all its nodes, to `target`.

    Reads any form libosmium knows, whatever the size: only the identifiers of what is kept stay in
    memory. The names and dates of contributors are left out. Returns how many ways; raises
    UnreadableFile (French).
    """
    try:
        ways, nodes = _ways_through(path, _nodes_within(path, area))
        if ways:
            _copy(path, ways, nodes, target)
    except (RuntimeError, OSError, ValueError) as error:
        target.unlink(missing_ok=True)
        raise UnreadableFile(
            "Rues (OpenStreetMap) : l'extrait est abîmé ou incomplet. Téléchargez-le de nouveau."
        ) from error
    return len(ways)


def _nodes_within(path: Path, area: Area) -> set[int]:
    west, south, east, north = area.around_degrees.bounds
    found: list[tuple[int, float, float]] = []
    for node in _objects(path, osmium.osm.NODE):
        spot = node.location
        lon, lat = spot.lon_without_check(), spot.lat_without_check()
        if west <= lon <= east and south <= lat <= north:
            found.append((node.id, lon, lat))
    if not found:
        return set()
    _, x, y = np.array(found).T
    near = shapely.contains_xy(area.around_degrees, x, y)
    return {node for (node, _, _), is_near in zip(found, near, strict=True) if is_near}


def _ways_through(path: Path, around: set[int]) -> tuple[set[int], set[int]]:
    """Return the useful ways with a node in `around`, and all the nodes of these ways."""
    ways, nodes = set(), set()
    for way in _objects(path, osmium.osm.WAY).with_filter(osmium.filter.KeyFilter(*TAGS)):
        refs = [node.ref for node in way.nodes]
        if not around.isdisjoint(refs):
            ways.add(way.id)
            nodes.update(refs)
    return ways, nodes


def _copy(path: Path, ways: set[int], nodes: set[int], target: Path) -> None:
    """Write the ways and their nodes; sets of Python, libosmium's take a gigabyte for few ids."""
    target.unlink(missing_ok=True)
    with osmium.SimpleWriter(osmium.io.File(str(target), "pbf,add_metadata=none")) as writer:
        for node in _objects(path, osmium.osm.NODE):
            if node.id in nodes:
                writer.add_node(node)
        for way in _objects(path, osmium.osm.WAY).with_filter(osmium.filter.KeyFilter(*TAGS)):
            if way.id in ways:
                writer.add_way(way)


def _objects(path: Path, kinds: osmium.osm.osm_entity_bits) -> Any:  # noqa: ANN401 - osmium's own
    return osmium.FileProcessor(_input(path), kinds)


def _input(path: Path) -> osmium.io.File:
    """Return the file as libosmium opens it: its form told from the content, not the name."""
    with path.open("rb") as stream:
        head = stream.read(64)
    forms = ((b"\x1f\x8b", "osm.gz"), (b"BZh", "osm.bz2"))
    form = (
        "pbf" if b"OSMHeader" in head else next((f for s, f in forms if head.startswith(s)), "osm")
    )
    return osmium.io.File(str(path), form)
