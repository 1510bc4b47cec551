"""
What draws walkers, as OpenStreetMap files tell it: shops, markets, schools, stops, stations, parks.

The files received for their streets often hold these too; official lists say the rest. Source of
the tags: OSM wiki, « Map features », France.
"""

from __future__ import annotations

import bz2
import gzip
import json
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

import geopandas as gpd
import osmium
import pandas as pd
import shapely

from territory.errors import UnreadableFile
from territory.model.tables import POINT, REAL, TEXT, Column, TableContract, conform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    Found = tuple[str, Mapping[str, str], BaseGeometry]

ATTRACTORS = TableContract(
    "attractors",
    "attractor_id",
    (
        Column("kind", TEXT, "code of words.PLACE_KINDS, or arret"),
        Column("weight", REAL, "how much it draws beside an ordinary one of its kind"),
    ),
    POINT,
)
_DEGREES = 4326
_KINDS = {
    ("amenity", "marketplace"): "marche",
    ("amenity", "school"): "ecole",
    ("amenity", "kindergarten"): "ecole",
    ("amenity", "college"): "etablissement_scolaire",
    ("amenity", "university"): "etablissement_scolaire",
    ("amenity", "townhall"): "mairie",
    ("amenity", "pharmacy"): "commerce",
    ("amenity", "post_office"): "commerce",
    ("amenity", "fast_food"): "commerce",
    ("amenity", "cafe"): "commerce",
    ("amenity", "restaurant"): "commerce",
    ("amenity", "bus_station"): "gare",
    ("railway", "station"): "gare",
    ("railway", "halt"): "gare",
    ("railway", "tram_stop"): "arret",
    ("highway", "bus_stop"): "arret",
    ("leisure", "park"): "parc",
}
_SECONDARY = ("collège", "lycée", "secondaire")  # values of school:FR
_NO_SHOP = {"no", "vacant", "car", "car_repair", "car_parts", "motorcycle", "wholesale", "trade"}
_SHOP_WEIGHT = {  # customers on foot beside those of an ordinary shop, orders of magnitude
    "mall": 20.0, "supermarket": 10.0, "department_store": 10.0, "bakery": 2.0, "convenience": 2.0,
}  # fmt: skip
_DAMAGE = (
    osmium.InvalidLocationError, RuntimeError, ValueError, LookupError, TypeError, AttributeError,
    OSError, EOFError, ParseError,
)  # fmt: skip


def read_attractors(
    path: Path, *, epsg: int = 2154, inside: BaseGeometry | None = None
) -> gpd.GeoDataFrame:
    """
    Return what draws walkers in an OpenStreetMap file (ATTRACTORS, points in EPSG:`epsg`).

    OSM files, Overpass answers and GeoJSON with tags as properties are read; other forms hold only
    streets: no row. Areas count as their middle; what lies outside `inside` (EPSG:`epsg`) is left
    out. Raises UnreadableFile (French) when the file is damaged.
    """
    try:
        found = {key: (kind_of(tags), shape) for key, tags, shape in _objects(path)}
    except _DAMAGE as error:
        raise UnreadableFile(
            f"« {path.name} » est abîmé : les commerces, écoles et arrêts ne peuvent pas être lus."
        ) from error
    known = {k: (drawn, shape) for k, (drawn, shape) in sorted(found.items()) if drawn is not None}
    table = pd.DataFrame(
        [drawn for drawn, _ in known.values()], index=list(known), columns=["kind", "weight"]
    )
    middles = gpd.GeoSeries([shapely.centroid(s) for _, s in known.values()], crs=_DEGREES)
    points = middles.to_crs(epsg).set_axis(table.index)
    full = conform(table.assign(geometry=points.to_numpy()), ATTRACTORS, epsg=epsg)
    return full if inside is None else full[full.within(inside)]


def kind_of(tags: Mapping[str, str]) -> tuple[str, float] | None:
    """Return the kind of place and the weight that OSM `tags` tell, None when it draws nobody."""
    shop = tags.get("shop", "")
    if shop and shop not in _NO_SHOP:
        return "commerce", _SHOP_WEIGHT.get(shop, 1.0)
    keys = ("amenity", "railway", "highway", "leisure")
    kinds = (_KINDS.get((key, tags.get(key, ""))) for key in keys)
    kind = next((k for k in kinds if k), None)
    if kind == "ecole" and tags.get("school:FR", "") in _SECONDARY:
        kind = "etablissement_scolaire"
    return None if kind is None else (kind, 1.0)


def _objects(path: Path) -> Iterator[Found]:
    """Yield an identifier, the tags and the shape in degrees of every object that may count."""
    form, head = _form(path)
    if form == "pbf" or b"<osm" in head[:1024]:
        yield from _osmium_objects(path, form)
    elif head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        openers: dict[str, Callable[..., Any]] = {"osm.gz": gzip.open, "osm.bz2": bz2.open}
        with openers.get(form, open)(path, "rb") as stream:
            content = json.load(stream)
        yield from _features(content.get("features") or [])
        yield from _elements(content.get("elements") or [])


def _form(path: Path) -> tuple[str, bytes]:
    """Return how libosmium names the packing, and the first bytes unpacked."""
    with path.open("rb") as stream:
        start = stream.read(64)
    if b"OSMHeader" in start:
        return "pbf", start
    form = {b"\x1f\x8b": "osm.gz", b"BZ": "osm.bz2"}.get(start[:2], "osm")
    openers: dict[str, Callable[..., Any]] = {"osm.gz": gzip.open, "osm.bz2": bz2.open}
    with openers.get(form, open)(path, "rb") as stream:
        return form, stream.read(2048)


def _osmium_objects(path: Path, form: str) -> Iterator[Found]:
    both, keys = osmium.osm.NODE | osmium.osm.WAY, ("shop", "amenity", "railway", "leisure")
    file = osmium.io.File(str(path), form)
    placed: Iterable[Any] = (
        osmium.FileProcessor(file, both)
        .with_locations()
        .with_filter(osmium.filter.KeyFilter(*keys))
    )
    for one in placed:
        nodes = [one.location] if one.is_node() else [n.location for n in one.nodes]
        spots = [(n.lon, n.lat) for n in nodes if n.valid()]
        if spots:
            letter = "n" if one.is_node() else "w"
            yield f"osm-{letter}{one.id}", dict(one.tags), shapely.MultiPoint(spots)
    stops: Iterable[Any] = osmium.FileProcessor(
        osmium.io.File(str(path), form), osmium.osm.NODE
    ).with_filter(osmium.filter.TagFilter(("highway", "bus_stop")))
    for one in stops:
        if one.location.valid():
            yield f"osm-n{one.id}", dict(one.tags), shapely.Point(one.lon, one.lat)


def _features(features: Iterable[dict[str, Any]]) -> Iterator[Found]:
    for position, feature in enumerate(features):
        tags = {k: str(v) for k, v in (feature.get("properties") or {}).items() if v is not None}
        if feature.get("geometry") and kind_of(tags):
            name = tags.get("@id") or feature.get("id") or position
            yield f"osm-{name}", tags, shapely.from_geojson(json.dumps(feature["geometry"]))


def _elements(elements: Iterable[dict[str, Any]]) -> Iterator[Found]:
    """Yield the nodes of an Overpass answer, and its ways that come with a middle or a shape."""
    for one in elements:
        tags = {k: str(v) for k, v in (one.get("tags") or {}).items()}
        spots = [one.get("center") or one] if "geometry" not in one else one["geometry"]
        if kind_of(tags) and all("lat" in s and "lon" in s for s in spots):
            shape = shapely.MultiPoint([(s["lon"], s["lat"]) for s in spots])
            yield f"osm-{one['type'][:1]}{one['id']}", tags, shape
