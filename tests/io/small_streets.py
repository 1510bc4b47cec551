"""Small towns written by hand, in metres, and saved in every form that holds them."""

from __future__ import annotations

import gzip
import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

import osmium
from pyproj import Transformer

from territory.io.streets import read_streets

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from territory.model.streets import Streets

EPSG = 2154
CORNER = (660_000.0, 6_867_000.0)  # Lambert-93, in Bondy
FORMS = ("osm", "osm.gz", "osm.pbf", "json", "geojson")
_degrees = Transformer.from_crs(EPSG, 4326, always_xy=True).transform


@dataclass
class Town:
    """Nodes (metres from CORNER), their tags, ways (nodes, tags), multipolygons (members, tags)."""

    nodes: dict[int, tuple[float, float]]
    ways: dict[int, tuple[list[int], dict[str, str]]]
    node_tags: dict[int, dict[str, str]] = field(default_factory=dict)
    relations: dict[int, tuple[list[int], dict[str, str]]] = field(default_factory=dict)

    def degrees(self, node: int) -> tuple[float, float]:
        """Return longitude and latitude, to OSM's grain."""
        x, y = self.nodes[node]
        lon, lat = _degrees(CORNER[0] + x, CORNER[1] + y)
        return round(lon, 7), round(lat, 7)


def read(
    town: Town, form: str = "osm", *, inside: BaseGeometry | None = None, margin_m: float = 2000
) -> Streets:
    """Return the streets of the town once saved in `form`."""
    with tempfile.TemporaryDirectory() as folder:
        path = saved(town, Path(folder) / f"town.{form}", form)
        return read_streets(path, inside=inside, margin_m=margin_m)[0]


def saved(town: Town, path: Path, form: str) -> Path:
    """Write the town to `path` in `form` and return it."""
    if form == "osm.pbf":
        _write_pbf(town, path)
    elif form == "osm.gz":
        path.write_bytes(gzip.compress(xml(town).encode()))
    else:
        writer = {"osm": xml, "json": overpass, "geojson": geojson}[form]
        path.write_text(writer(town), encoding="utf-8")
    return path


def xml(town: Town) -> str:
    """Return the town as OSM XML."""
    rows = []
    for node in town.nodes:
        lon, lat = town.degrees(node)
        tags = _xml_tags(town.node_tags.get(node, {}))
        rows.append(f'<node id="{node}" version="1" lon="{lon}" lat="{lat}">{tags}</node>')
    for way, (refs, tags) in town.ways.items():
        inner = "".join(f'<nd ref="{n}"/>' for n in refs)
        rows.append(f'<way id="{way}" version="1">{inner}{_xml_tags(tags)}</way>')
    for number, (members, tags) in town.relations.items():
        inner = "".join(f'<member type="way" ref="{w}" role="outer"/>' for w in members)
        rows.append(f'<relation id="{number}" version="1">{inner}{_xml_tags(tags)}</relation>')
    return f'<?xml version="1.0"?><osm version="0.6">{"".join(rows)}</osm>'


def _xml_tags(tags: dict[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())


def _write_pbf(town: Town, path: Path) -> None:
    new = osmium.osm.mutable
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for node in sorted(town.nodes):
            tags = town.node_tags.get(node, {})
            writer.add_node(new.Node(id=node, location=town.degrees(node), tags=tags))
        for way, (refs, tags) in sorted(town.ways.items()):
            writer.add_way(new.Way(id=way, nodes=refs, tags=tags))
        for number, (members, tags) in sorted(town.relations.items()):
            listed = [("w", way, "outer") for way in members]
            writer.add_relation(new.Relation(id=number, members=listed, tags=tags))


def overpass(town: Town) -> str:
    """Return the town as an Overpass answer, relations first and nodes last."""
    elements: list[dict[str, Any]] = [
        {"type": "relation", "id": r, "tags": tags, "members": [_member(w) for w in members]}
        for r, (members, tags) in town.relations.items()
    ]
    for way, (refs, tags) in town.ways.items():
        elements.append({"type": "way", "id": way, "nodes": refs, "tags": tags})
    for node in town.nodes:
        lon, lat = town.degrees(node)
        tags = town.node_tags.get(node, {})
        elements.append({"type": "node", "id": node, "lon": lon, "lat": lat, "tags": tags})
    return json.dumps({"version": 0.6, "elements": elements})


def _member(way: int) -> dict[str, Any]:
    return {"type": "way", "ref": way, "role": "outer"}


def geojson(town: Town) -> str:
    """Return the ways as lines, those of an area as polygons, nodes with tags as points."""
    features = [_feature("Point", town.degrees(n), tags) for n, tags in town.node_tags.items()]
    for way, (refs, tags) in town.ways.items():
        line: Any = [town.degrees(n) for n in refs]
        flat = tags.get("area") == "yes" and refs[0] == refs[-1]
        kind, shape = ("Polygon", [line]) if flat else ("LineString", line)
        features.append(_feature(kind, shape, {**tags, "@id": f"way/{way}"}))
    for number, (members, tags) in town.relations.items():
        rings = [[town.degrees(n) for n in town.ways[w][0]] for w in members]
        features.append(_feature("Polygon", rings, {**tags, "@id": f"relation/{number}"}))
    return json.dumps({"type": "FeatureCollection", "features": features})


def _feature(kind: str, coordinates: object, tags: dict[str, str]) -> dict[str, Any]:
    shape = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": tags, "geometry": shape}
