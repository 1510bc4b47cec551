"""The forms in which OpenStreetMap ways arrive: pbf, xml, gz, Overpass JSON, GraphML, GeoJSON."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium

from territory.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

_TAGS = ("highway", "name", "foot", "access", "motorroad", "area")
_HEAD = 4096
_ROUND = 7  # decimals of a degree: about one centimetre, OSM's own grain


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One OSM way: node ids and coordinates [k, 2] (lon, lat as read; metres once moved)."""

    way_id: int
    nodes: list[int]
    coords: NDArray[np.float64]
    tags: dict[str, str]

    def moved(self, coords: NDArray[np.float64]) -> Way:
        """Return the same way with other coordinates."""
        return replace(self, coords=coords)


@dataclass(frozen=True, slots=True)
class Ways:
    """The `highway` ways of a file, how many there were, and node references without a node."""

    ways: list[Way]
    total: int
    dangling: int


def is_street_file(path: Path) -> bool:
    """Tell from the first bytes (and keys) whether `path` is one of the six forms."""
    return _form(path) != ""


def read_ways(path: Path) -> Ways:
    """Read every `highway` way of `path`; raises UnreadableFile with a French sentence."""
    form = _form(path)
    try:
        if form == "osm":
            return _from_osmium(path)
        if form == "overpass":
            return _from_overpass(_loaded(path)["elements"])
        if form == "geojson":
            return _from_geojson(_loaded(path)["features"])
        if form == "graphml":
            return _from_graphml(path)
    except (RuntimeError, ValueError, KeyError, TypeError, OSError, EOFError) as error:
        raise UnreadableFile(
            f"« {path.name} » est abîmé : les rues ne peuvent pas être lues. Téléchargez-le de "
            "nouveau."
        ) from error
    raise UnreadableFile(f"« {path.name} » ne contient pas de rues OpenStreetMap.")


def _form(path: Path) -> str:
    head = _head(path)
    if b"OSMHeader" in head[:64] or b"<osm" in head[:1024]:
        return "osm"
    if b"<graphml" in head[:1024]:
        return "graphml"
    if not head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return ""
    return _json_form(path)


def _json_form(path: Path) -> str:
    try:
        content = _loaded(path)
    except (ValueError, OSError):
        return ""
    if isinstance(content.get("elements"), list):
        return "overpass"
    features = content.get("features")
    if isinstance(features, list) and any(_is_highway_line(f) for f in features[:500]):
        return "geojson"
    return ""


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if head.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(path) as stream:
                return stream.read(_HEAD)
        except (OSError, EOFError):
            return b""
    return head


def _loaded(path: Path) -> dict[str, Any]:
    content = json.loads(path.read_text(encoding="utf-8-sig"))
    return content if isinstance(content, dict) else {}


def _from_osmium(path: Path) -> Ways:
    """Read with libosmium, which lets Python see only ways that carry `highway`."""
    processor = (
        osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
        .with_locations()
        .with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
        .with_filter(osmium.filter.KeyFilter("highway"))
    )
    ways: list[Way] = []
    total = dangling = 0
    for way in processor:
        total += 1
        known = [(n.ref, n.lon, n.lat) for n in way.nodes if n.location.valid()]
        dangling += len(way.nodes) - len(known)
        tags = {key: way.tags[key] for key in _TAGS if key in way.tags}
        ways += _way(way.id, known, tags)
    return Ways(ways, total, dangling)


def _way(way_id: int, nodes: list[tuple[int, float, float]], tags: dict[str, str]) -> Iterator[Way]:
    """Yield the way when at least two nodes remain once immediate repeats are dropped."""
    kept = [n for k, n in enumerate(nodes) if k == 0 or n[0] != nodes[k - 1][0]]
    if len(kept) > 1:
        yield Way(way_id, [n[0] for n in kept], np.array([n[1:] for n in kept], float), tags)


def _from_overpass(elements: list[dict[str, Any]]) -> Ways:
    """Read `out body; >; out skel` (nodes apart) and `out geom` (coordinates in the ways)."""
    where = {e["id"]: (e["lon"], e["lat"]) for e in elements if e.get("type") == "node"}
    ways: list[Way] = []
    total = dangling = 0
    for element in elements:
        tags = element.get("tags") or {}
        if element.get("type") != "way" or "highway" not in tags:
            continue
        total += 1
        drawn = element.get("geometry") or []
        points = {n: (g["lon"], g["lat"]) for n, g in zip(element["nodes"], drawn, strict=False)}
        known = [
            (n, *(points.get(n) or where[n])) for n in element["nodes"] if n in points or n in where
        ]
        dangling += len(element["nodes"]) - len(known)
        ways += _way(element["id"], known, _text_tags(tags))
    return Ways(ways, total, dangling)


def _from_geojson(features: list[dict[str, Any]]) -> Ways:
    """Read lines (and pedestrian squares' outlines); nodes are told by equal coordinates."""
    lines = [f for f in features if _is_highway_line(f)]
    number: dict[tuple[float, float], int] = {}
    ways: list[Way] = []
    for position, feature in enumerate(sorted(lines, key=_feature_key)):
        tags = _text_tags(feature["properties"])
        for part in _parts(feature["geometry"]):
            points = [(round(p[0], _ROUND), round(p[1], _ROUND)) for p in part]
            nodes = [(number.setdefault(p, len(number)), *p) for p in points]
            ways += _way(_way_id(feature, position), nodes, tags)
    return Ways(ways, len(lines), 0)


def _from_graphml(path: Path) -> Ways:
    """Read an OSMnx graph: one way per edge, each street once."""
    import osmnx  # noqa: PLC0415 - slow to load, and only this form needs it

    graph = osmnx.load_graphml(path)
    where = {n: (float(d["x"]), float(d["y"])) for n, d in graph.nodes(data=True)}
    ways: list[Way] = []
    seen: set[tuple[int, int, float]] = set()
    for tail, head, data in sorted(graph.edges(data=True), key=lambda e: (e[0], e[1])):
        key = (min(tail, head), max(tail, head), round(float(data.get("length", 0)), 1))
        if key in seen:
            continue
        seen.add(key)
        ways += _way(len(seen), _drawn(data, tail, head, where), _text_tags(data))
    return Ways(ways, len(ways), 0)


def _drawn(
    data: dict[str, Any], tail: int, head: int, where: dict[int, tuple[float, float]]
) -> list[tuple[int, float, float]]:
    """Return the nodes of an edge; bends get ids of their own that meet nothing else."""
    line = data.get("geometry")
    bends = list(line.coords)[1:-1] if line is not None else []
    inner = [(-hash((tail, head, k, x, y)) - 1, x, y) for k, (x, y) in enumerate(bends)]
    return [(tail, *where[tail]), *inner, (head, *where[head])]


def _text_tags(tags: dict[str, Any]) -> dict[str, str]:
    found = {key: tags.get(key) for key in _TAGS}
    return {k: str(v[0] if isinstance(v, list) else v) for k, v in found.items() if v}


def _is_highway_line(feature: object) -> bool:
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
        return False
    kind = feature["geometry"].get("type")
    properties = feature.get("properties") or {}
    lines = {"LineString", "MultiLineString", "Polygon"}
    return bool(properties.get("highway")) and kind in lines


def _parts(geometry: dict[str, Any]) -> Iterable[list[list[float]]]:
    coordinates: list[Any] = geometry["coordinates"]
    return [coordinates] if geometry["type"] == "LineString" else coordinates


def _feature_key(feature: dict[str, Any]) -> tuple[str, str]:
    properties = feature["properties"]
    return str(properties.get("@id") or feature.get("id") or ""), str(feature["geometry"])


def _way_id(feature: dict[str, Any], position: int) -> int:
    text = str(feature["properties"].get("@id") or feature.get("id") or "")
    digits = text.rsplit("/", 1)[-1]
    return int(digits) if digits.isdigit() else position
