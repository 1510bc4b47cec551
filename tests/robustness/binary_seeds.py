"""Small valid files of the forms that compiled libraries read: GeoPackage, shapefile, PBF."""

from __future__ import annotations

import tempfile
import zipfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import osmium
from shapely import Polygon

from territory.io.inclusion import read_inclusion_structures, read_mednum
from territory.io.inclusion_services import read_inclusion_services
from territory.io.streets import read_streets
from territory.io.zones import read_zones
from territory.outputs.layers import no_clock

if TYPE_CHECKING:
    from collections.abc import Callable

Seed = tuple[str, bytes, "Callable[[Path], object]"]
RING = [(2.48, 48.90), (2.49, 48.90), (2.49, 48.91), (2.48, 48.91)]
_GRAPHML = b"""<?xml version="1.0" encoding="utf-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="d0" for="graph" attr.name="crs" attr.type="string"/>
<key id="d1" for="node" attr.name="y" attr.type="string"/>
<key id="d2" for="node" attr.name="x" attr.type="string"/>
<key id="d3" for="edge" attr.name="osmid" attr.type="string"/>
<key id="d4" for="edge" attr.name="highway" attr.type="string"/>
<key id="d5" for="edge" attr.name="length" attr.type="string"/>
<graph edgedefault="directed"><data key="d0">epsg:4326</data>
<node id="1"><data key="d1">48.90</data><data key="d2">2.48</data></node>
<node id="2"><data key="d1">48.91</data><data key="d2">2.48</data></node>
<edge source="1" target="2" id="0"><data key="d3">10</data><data key="d4">residential</data>
<data key="d5">1112.0</data></edge></graph></graphml>
"""
_STRUCTURES = (
    b"source,id,nom,date_maj,siret,code_insee,longitude,latitude,horaires_accueil,reseaux_porteurs\n"
    b"dora,dora--42,Un,2026-05-04,,93010,2.48,48.90,Mo-Fr 09:00-12:00,['plie']\n"
)
_SERVICES = (
    b"source,structure_id,id,nom,publics,modes_accueil,horaires_accueil\n"
    b"dora,dora--42,s1,Un,\"['jeunes']\",['en-presentiel'],We 14:00-17:00\n"
)
_MEDNUM = (
    b"id,pivot,nom,code_insee,latitude,longitude,horaires,itinerance\n"
    b"m1,00000000000000,Un,93010,48.90,2.48,Tu 14:00-17:00,\n"
)


def binary_seeds() -> dict[str, Seed]:
    """Return name -> (file name, valid content, reader)."""
    return {
        "QPV (GeoPackage)": ("q.gpkg", _layer("q.gpkg")["q.gpkg"], read_zones),
        "QPV (shapefile zippé)": ("q.zip", _zipped(_layer("q.shp")), read_zones),
        "rues (PBF)": ("s.osm.pbf", _pbf(), read_streets),
        "rues (GraphML)": ("s.graphml", _GRAPHML, read_streets),
        "structures d'inclusion (CSV)": ("i.csv", _STRUCTURES, read_inclusion_structures),
        "services d'inclusion (CSV)": ("v.csv", _SERVICES, read_inclusion_services),
        "médiation numérique (CSV)": ("m.csv", _MEDNUM, read_mednum),
    }


def _layer(name: str) -> dict[str, bytes]:
    """Return the files of one quarter written by GDAL, the same bytes each time."""
    facts = {"code_qp": ["QN09301N"], "lib_qp": ["Nord"]}
    table = gpd.GeoDataFrame(facts, geometry=[Polygon(RING)], crs=4326)
    with no_clock(), tempfile.TemporaryDirectory() as folder:
        table.to_file(Path(folder) / name, engine="pyogrio")
        return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


def _zipped(files: dict[str, bytes]) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, body in files.items():
            archive.writestr(zipfile.ZipInfo(name), body)
    return content.getvalue()


def _pbf() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s.osm.pbf"
        with osmium.SimpleWriter(str(path)) as writer:
            for number, (lon, lat) in enumerate(RING, 1):
                writer.add_node(osmium.osm.mutable.Node(id=number, location=(lon, lat)))
            way = osmium.osm.mutable.Way(id=10, nodes=[1, 2, 3], tags={"highway": "residential"})
            writer.add_way(way)
        return path.read_bytes()
