"""OpenStreetMap ways in JSON: an Overpass answer, or GeoJSON lines carrying `highway`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from territory.io.street_ways import Collected, Spots, Vertex, Ways

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_ID_END = 1 << 63  # identifiers are kept on 64 bits
_DEPTH = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}


def overpass_ways(elements: list[dict[str, Any]]) -> Ways:
    """
    Read « out body; >; out skel » (nodes apart) and « out geom » (coordinates in the ways).

    `elements` are those of an Overpass answer in JSON (OSM wiki, Overpass API/Language Guide), in
    degrees (WGS84). A way numbered twice is read once. Raises ValueError for an identifier that
    cannot be one, as KeyError or TypeError for another damage.
    """
    where = {_number(e["id"]): (e["lon"], e["lat"]) for e in elements if e.get("type") == "node"}
    ways = {_number(e["id"]): e for e in elements if _is_highway(e)}
    found, spots = Collected(), Spots()
    for way_id in sorted(ways):
        way = ways[way_id]
        found.add(way_id, _vertices(way, where, spots), way["tags"])
    return found.done()


def drawn_ways(features: list[dict[str, Any]]) -> Ways:
    """
    Read lines and outlines of squares; ways meet where their coordinates are equal.

    `features` are those of a GeoJSON (RFC 7946), longitude and latitude in degrees; ways are
    numbered by their OSM identifier when they have one, else by rank. Raises ValueError for an
    identifier that cannot be one.
    """
    lines = {_feature_key(f): f for f in features if is_highway_line(f)}
    found, spots = Collected(), Spots()
    for position, key in enumerate(sorted(lines)):
        feature = lines[key]
        way_id = _way_id(feature, position)
        for part in _parts(feature["geometry"]):
            vertices = [spots.vertex(p[0], p[1]) for p in part]
            found.add(way_id, vertices, feature["properties"])
    return Ways(found.ways, len(lines), 0)


def is_highway_line(feature: object) -> bool:
    """Tell whether a GeoJSON feature is a line or an outline with a `highway`."""
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
        return False
    properties = feature.get("properties") or {}
    return bool(properties.get("highway")) and feature["geometry"].get("type") in _DEPTH


def _is_highway(element: dict[str, Any]) -> bool:
    return element.get("type") == "way" and bool((element.get("tags") or {}).get("highway"))


def _vertices(
    way: dict[str, Any], where: Mapping[int, tuple[float, float]], spots: Spots
) -> Iterator[Vertex | None]:
    """Yield the vertices of a way, None for those that neither it nor the answer locates."""
    nodes, drawn = way.get("nodes"), way.get("geometry")
    if nodes is None:
        for spot in drawn or []:
            yield spots.vertex(spot["lon"], spot["lat"]) if spot else None
        return
    for node, spot in zip(map(_number, nodes), drawn or [None] * len(nodes), strict=True):
        at = (spot["lon"], spot["lat"]) if spot else where.get(node)
        yield (node, *at) if at else None


def _number(value: Any) -> int:  # noqa: ANN401 - whatever JSON holds
    """Return an OSM identifier; ValueError, OverflowError or TypeError when it cannot be one."""
    number = int(value)
    if not -_ID_END <= number < _ID_END:
        raise ValueError("identifier out of 64 bits")
    return number


def _parts(geometry: dict[str, Any]) -> list[Any]:
    """Return the lists of positions of a line, of several, or of the rings of areas."""
    parts: list[Any] = [geometry["coordinates"]]
    for _ in range(_DEPTH[geometry["type"]]):
        parts = [inner for part in parts for inner in part]
    return parts


def _feature_key(feature: dict[str, Any]) -> tuple[str, str]:
    return _id_text(feature), str(feature["geometry"])


def _id_text(feature: dict[str, Any]) -> str:
    return str(feature["properties"].get("@id") or feature.get("id") or "")


def _way_id(feature: dict[str, Any], position: int) -> int:
    digits = _id_text(feature).rsplit("/", 1)[-1]
    return _number(digits) if digits.isdecimal() else position
