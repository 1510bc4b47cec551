"""An OpenStreetMap extract cut to a territory: whole ways, no name of a contributor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import osmium
import shapely

from territory.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from territory.fetch.area import Area

# What a map of outreach may need; buildings, most of an extract, are left.
TAGS = ("highway", "amenity", "shop", "social_facility", "railway", "public_transport", "leisure")


def cut_streets(path: Path, area: Area, target: Path) -> int:
    """
    Write the useful ways that touch the margin of `area`, each with all its nodes, to `target`.

    Reads any form libosmium knows, whatever the size: only the identifiers of the nodes around stay
    in memory. The names and dates of contributors are left out. Returns how many ways; raises
    UnreadableFile (French).
    """
    try:
        around = _nodes_within(path, area)
        return _copy_ways(path, around, target) if len(around) else 0
    except (RuntimeError, OSError, ValueError) as error:
        target.unlink(missing_ok=True)
        raise UnreadableFile(
            "Rues (OpenStreetMap) : l'extrait est abîmé ou incomplet. Téléchargez-le de nouveau."
        ) from error


def _nodes_within(path: Path, area: Area) -> NDArray[np.int64]:
    west, south, east, north = area.around_degrees.bounds
    found: list[tuple[int, float, float]] = []
    nodes: Iterable[Any] = osmium.FileProcessor(_input(path), osmium.osm.NODE)
    for node in nodes:
        spot = node.location
        lon, lat = spot.lon_without_check(), spot.lat_without_check()
        if west <= lon <= east and south <= lat <= north:
            found.append((node.id, lon, lat))
    ids = np.array([f[0] for f in found], dtype=np.int64)
    if not len(ids):
        return ids
    x, y = np.array([f[1:] for f in found]).T
    kept: NDArray[np.int64] = ids[shapely.contains_xy(area.around_degrees, x, y)]
    return kept


def _copy_ways(path: Path, around: NDArray[np.int64], target: Path) -> int:
    near = osmium.IdTracker()
    for node in around.tolist():
        near.add_node(node)
    target.unlink(missing_ok=True)
    bare = osmium.io.File(str(target), "pbf,add_metadata=none")
    ways: Iterable[Any] = (
        osmium.FileProcessor(_input(path), osmium.osm.WAY)
        .with_filter(osmium.filter.KeyFilter(*TAGS))
        .with_filter(near.contains_filter())
    )
    count = 0
    with osmium.BackReferenceWriter(bare, ref_src=_input(path), remove_tags=False) as writer:
        for way in ways:
            writer.add_way(way)
            count += 1
    return count


def _input(path: Path) -> osmium.io.File:
    """Return the file as libosmium opens it: its form told from the content, not the name."""
    with path.open("rb") as stream:
        head = stream.read(64)
    forms = ((b"\x1f\x8b", "osm.gz"), (b"BZh", "osm.bz2"))
    form = (
        "pbf" if b"OSMHeader" in head else next((f for s, f in forms if head.startswith(s)), "osm")
    )
    return osmium.io.File(str(path), form)
