"""An OpenStreetMap extract cut to a territory: whole ways, no name of a contributor."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import osmium
import shapely

from territory.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from territory.fetch.addresses import Box
    from territory.fetch.area import Area

_Spot = tuple[float, float]
_Tags = dict[str, str]
_Way = tuple[int, list[int], _Tags]
_Area = tuple[int, list[tuple[str, int, str]], _Tags]
# What a map of outreach may need; buildings, most of an extract, are left.
TAGS = (
    "highway", "amenity", "shop", "social_facility", "railway", "public_transport", "leisure",
    "waterway",
)  # fmt: skip
_NODE_TAGS = ("barrier", "foot", "access", "locked", "foot:conditional", "access:conditional")


@dataclass(slots=True)
class _Kept:
    """What is kept of an extract: ways, where their nodes are, gates and walls, multipolygons."""

    ways: dict[int, _Way] = field(default_factory=dict)
    spots: dict[int, _Spot] = field(default_factory=dict)
    barriers: dict[int, _Tags] = field(default_factory=dict)
    areas: list[_Area] = field(default_factory=list)


def cut_streets(path: Path, area: Area, target: Path) -> int:
    """
    Write the useful ways that touch the margin of `area`, each with all its nodes, to `target`.

    So are the multipolygons they draw (squares, water) and the gates and walls on them. Reads any
    form libosmium knows; memory holds the places of all its nodes (16 bytes each) and what is kept.
    Other tags of nodes, the names and the dates of contributors are left out. Returns how many
    ways; raises UnreadableFile (French).
    """
    try:
        kept = _kept_near(path, area)
        if kept.ways:
            _write(kept, target)
    except (RuntimeError, OSError, ValueError, osmium.InvalidLocationError) as error:
        target.unlink(missing_ok=True)
        raise UnreadableFile(
            "Rues (OpenStreetMap) : l'extrait est abîmé ou incomplet. Téléchargez-le de nouveau."
        ) from error
    return len(kept.ways)


def _kept_near(path: Path, area: Area) -> _Kept:
    """Return what is useful and has a node around."""
    kept, where = _Kept(), osmium.index.create_map("flex_mem")
    _keep_barriers(path, where, area.around_degrees.bounds, kept)
    areas = list(_areas(path))
    members = {ref for _, listed, _ in areas for _, ref, _ in listed}
    shapely.prepare(area.around_degrees)
    useful = osmium.filter.KeyFilter(*TAGS, "natural")
    for way in _seen(path, osmium.osm.WAY, useful):
        if _is_useful(way.tags):
            _keep_near(way, where, area, kept)
    if members:
        chosen = osmium.filter.IdFilter(sorted(members))
        for way in _seen(path, osmium.osm.WAY, chosen):
            _keep_near(way, where, area, kept)
    kept.areas = [a for a in areas if any(ref in kept.ways for _, ref, _ in a[1])]
    return kept


def _keep_barriers(path: Path, where: Any, box: Box, kept: _Kept) -> None:  # noqa: ANN401
    """Fill `where` with the places of all nodes, in C++; Python sees only gates and walls."""
    west, south, east, north = box
    handlers = osmium.NodeLocationsForWays(where), osmium.filter.KeyFilter("barrier")
    for node in _seen(path, osmium.osm.NODE, *handlers):
        spot = node.location
        if west <= spot.lon <= east and south <= spot.lat <= north:
            kept.barriers[node.id] = {k: node.tags[k] for k in _NODE_TAGS if k in node.tags}


def _areas(path: Path) -> Iterator[_Area]:
    """Yield the multipolygons that are squares or water, with the ways that draw them."""
    keyed = osmium.filter.KeyFilter("highway", "natural")
    for area in _seen(path, osmium.osm.RELATION, keyed):
        water = area.tags.get("natural") == "water"
        if area.tags.get("type") == "multipolygon" and ("highway" in area.tags or water):
            ways = [("w", m.ref, m.role) for m in area.members if m.type == "w"]
            yield area.id, ways, dict(area.tags)


def _seen(path: Path, entities: Any, *handlers: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield the objects that pass the filters; each is gone when the next one comes."""
    with osmium.io.Reader(_input(path), entities) as reader:
        yield from osmium.OsmFileIterator(reader, *handlers)


def _is_useful(tags: Any) -> bool:  # noqa: ANN401 - osmium names no such type
    return tags.get("natural") == "water" or any(key in tags for key in TAGS)


def _keep_near(way: Any, where: Any, area: Area, kept: _Kept) -> None:  # noqa: ANN401
    around = area.around_degrees
    here = {node.ref: spot for node in way.nodes if (spot := _spot(where, node.ref))}
    if _comes_near(list(here.values()), around, around.bounds):
        kept.ways[way.id] = (way.id, [n.ref for n in way.nodes if n.ref in here], dict(way.tags))
        kept.spots |= here


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


def _write(kept: _Kept, target: Path) -> None:
    target.unlink(missing_ok=True)
    new = osmium.osm.mutable
    with osmium.SimpleWriter(osmium.io.File(str(target), "pbf,add_metadata=none")) as writer:
        for node in sorted(kept.spots):
            tags = kept.barriers.get(node, {})
            writer.add_node(new.Node(id=node, location=kept.spots[node], tags=tags))
        for number, nodes, tags in sorted(kept.ways.values(), key=itemgetter(0)):
            writer.add_way(new.Way(id=number, nodes=nodes, tags=tags))
        for number, members, tags in sorted(kept.areas, key=itemgetter(0)):
            writer.add_relation(new.Relation(id=number, members=members, tags=tags))


def _input(path: Path) -> osmium.io.File:
    """Return the file as libosmium opens it: its form told from the content, not the name."""
    with path.open("rb") as stream:
        head = stream.read(64)
    forms = ((b"\x1f\x8b", "osm.gz"), (b"BZh", "osm.bz2"))
    form = (
        "pbf" if b"OSMHeader" in head else next((f for s, f in forms if head.startswith(s)), "osm")
    )
    return osmium.io.File(str(path), form)
