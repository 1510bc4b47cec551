"""OpenStreetMap ways in JSON: an Overpass answer, or the lines and areas of a GeoJSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from territory.io.street_access import is_shut
from territory.io.street_ways import Collected, Spots

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from territory.io.street_ways import Found, Vertex

_ID_END = 1 << 63  # identifiers are kept on 64 bits
_DEPTH = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}


def overpass_ways(elements: list[dict[str, Any]]) -> Found:
    """
    Read « out body; >; out skel » (nodes apart) and « out geom » (coordinates in the ways).

    `elements` are those of an Overpass answer in JSON (OSM wiki, Overpass API/Language Guide), in
    degrees (WGS84). A way numbered twice is read once. Raises ValueError for an identifier that
    cannot be one, as KeyError or TypeError for another damage.
    """
    nodes, ways, relations = (_numbered(elements, t) for t in ("node", "way", "relation"))
    where = {number: (node["lon"], node["lat"]) for number, node in nodes.items()}
    found, spots = Collected(), Spots()
    for number, relation in relations.items():
        members = [_number(m["ref"]) for m in relation.get("members", []) if m["type"] == "way"]
        found.relate(number, members, _tags(relation))
    outlines = found.outlines()
    for way_id, way in ways.items():
        tags = _tags(way)
        found.total += "highway" in tags
        found.add(way_id, _vertices(way, where, spots), tags)
        if way_id in outlines and "highway" not in tags:
            found.add(way_id, _vertices(way, where, spots), outlines[way_id])
    shut = [number for number, node in nodes.items() if is_shut(_tags(node))]
    found.shut += [*shut, *(spots.vertex(*where[number])[0] for number in shut)]
    return found.done()


def drawn_ways(features: list[dict[str, Any]]) -> Found:
    """
    Read lines and areas; ways meet where their coordinates are equal, areas with a street are so.

    `features` are those of a GeoJSON (RFC 7946), longitude and latitude in degrees; ways are
    numbered by their OSM identifier when they have one (negative for a relation), else by rank.
    Points that are closed gates or walls are nodes nobody passes. Raises ValueError for an
    identifier that cannot be one.
    """
    lines = {_feature_key(f): f for f in features if _is_drawn(f)}
    found, spots = Collected(), Spots()
    for position, key in enumerate(sorted(lines)):
        feature = lines[key]
        way_id, tags = _way_id(feature, position), _tags_drawn(feature)
        found.total += "highway" in tags
        for part in _parts(feature["geometry"]):
            found.add(way_id, [spots.vertex(p[0], p[1]) for p in part], tags)
    for feature in features:
        if _is_shut_point(feature):
            found.shut.append(spots.vertex(*feature["geometry"]["coordinates"][:2])[0])
    return found.done()


def is_highway_line(feature: Any) -> bool:  # noqa: ANN401 - whatever JSON holds
    """Tell whether a GeoJSON feature is a line or an outline with a `highway`."""
    return _is_drawn(feature) and "highway" in _tags_drawn(feature)


def _is_drawn(feature: Any) -> bool:  # noqa: ANN401
    """Tell whether a GeoJSON feature is a line or an area."""
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
        return False
    return feature["geometry"].get("type") in _DEPTH


def _is_shut_point(feature: Any) -> bool:  # noqa: ANN401
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
        return False
    return feature["geometry"].get("type") == "Point" and is_shut(_texts(feature.get("properties")))


def _tags_drawn(feature: dict[str, Any]) -> dict[str, str]:
    """Return the tags of a feature; one drawn as an area is one, whatever it says of `area`."""
    tags = _texts(feature.get("properties"))
    return tags | {"area": "yes"} if "Polygon" in feature["geometry"]["type"] else tags


def _tags(element: dict[str, Any]) -> dict[str, str]:
    return _texts(element.get("tags"))


def _texts(values: Any) -> dict[str, str]:  # noqa: ANN401
    return {key: str(value) for key, value in (values or {}).items() if value}


def _numbered(elements: list[dict[str, Any]], kind: str) -> dict[int, dict[str, Any]]:
    """Return the elements of this type by number, in its order."""
    found = {_number(e["id"]): e for e in elements if e.get("type") == kind}
    return dict(sorted(found.items()))


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
    properties = feature.get("properties") or {}
    return str(properties.get("@id") or feature.get("id") or "")


def _way_id(feature: dict[str, Any], position: int) -> int:
    kind, _, digits = _id_text(feature).rpartition("/")
    if not digits.isdecimal():
        return position
    return -_number(digits) if kind.endswith("relation") else _number(digits)
