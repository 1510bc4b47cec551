"""What draws walkers in street files: known tags only, in every form, and damage refused."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest
from shapely.geometry import box

from territory.errors import UnreadableFile
from territory.io.attractors import ATTRACTORS, kind_of, read_attractors
from territory.model.tables import check_table
from tests.real_data import real_file

if TYPE_CHECKING:
    from pathlib import Path

OSM = """<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="48.9000" lon="2.4800"><tag k="shop" v="bakery"/></node>
<node id="2" lat="48.9010" lon="2.4800"><tag k="highway" v="bus_stop"/></node>
<node id="3" lat="48.9000" lon="2.4810"/><node id="4" lat="48.9002" lon="2.4810"/>
<node id="5" lat="48.9002" lon="2.4812"/><node id="6" lat="48.9000" lon="2.4812"/>
<node id="7" lat="48.9100" lon="2.4800"><tag k="highway" v="crossing"/></node>
<way id="9"><nd ref="3"/><nd ref="4"/><nd ref="5"/><nd ref="6"/><nd ref="3"/>
<tag k="amenity" v="school"/><tag k="school:FR" v="collège"/></way>
<way id="10"><nd ref="3"/><nd ref="7"/><tag k="highway" v="residential"/></way>
</osm>"""
EXPECTED = {
    "osm-n1": ("commerce", 2.0),
    "osm-n2": ("arret", 1.0),
    "osm-w9": ("etablissement_scolaire", 1.0),
}


@pytest.fixture(params=["osm", "osm.gz"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"ville.{request.param}"
    path.write_bytes(gzip.compress(OSM.encode()) if request.param == "osm.gz" else OSM.encode())
    return path


def test_osm_files(file: Path) -> None:
    found = read_attractors(file)
    check_table(found, ATTRACTORS)
    assert dict(
        zip(found.index, zip(found["kind"], found["weight"], strict=True), strict=True)
    ) == (EXPECTED)
    middle = found.to_crs(4326).geometry["osm-w9"]
    assert (middle.x, middle.y) == pytest.approx((2.4811, 48.9001), abs=1e-4)


def test_only_what_lies_inside(file: Path) -> None:
    shop = read_attractors(file).geometry["osm-n1"]
    inside = box(shop.x - 20, shop.y - 20, shop.x + 20, shop.y + 20)
    assert list(read_attractors(file, inside=inside).index) == ["osm-n1"]


def test_json_forms(tmp_path: Path) -> None:
    node = {"type": "node", "id": 1, "lat": 48.9, "lon": 2.48, "tags": {"shop": "bakery"}}
    way = {"type": "way", "id": 9, "center": {"lat": 48.9, "lon": 2.48},
           "tags": {"leisure": "park"}}  # fmt: skip
    bare = {"type": "way", "id": 8, "nodes": [1], "tags": {"leisure": "park"}}
    answer = tmp_path / "overpass.json"
    answer.write_text(json.dumps({"elements": [node, way, bare]}), encoding="utf-8")
    assert read_attractors(answer)["kind"].to_dict() == {"osm-n1": "commerce", "osm-w9": "parc"}
    point = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [2.48, 48.9]},
             "properties": {"@id": "node/5", "highway": "bus_stop", "shop": None}}  # fmt: skip
    drawn = tmp_path / "rues.geojson"
    drawn.write_text(json.dumps({"features": [point]}), encoding="utf-8")
    assert read_attractors(drawn)["kind"].to_dict() == {"osm-node/5": "arret"}


def test_a_file_of_streets_only_has_none(tmp_path: Path) -> None:
    path = tmp_path / "rues.graphml"
    path.write_text("<graphml></graphml>", encoding="utf-8")
    assert read_attractors(path).empty


@pytest.mark.parametrize("content", [b'{"features": [', b"<osm><node id=", b"\x1f\x8bxx"])
def test_damage_is_refused_in_french(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ville.osm"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"« ville\.osm » est abîmé"):
        read_attractors(path)


def test_what_draws_nobody() -> None:
    assert kind_of({"shop": "vacant"}) is None
    assert kind_of({"amenity": "parking", "highway": "crossing"}) is None
    assert kind_of({"shop": "no", "amenity": "cafe"}) == ("commerce", 1.0)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("osm/bondy_highways_2023.geojson", {"arret": 111}),
        (
            "osm/bondy_pasteur_2022.osm",
            {"arret": 15, "ecole": 11, "commerce": 6, "etablissement_scolaire": 2},
        ),
    ],
)
def test_real_files(name: str, kinds: dict[str, int]) -> None:
    assert read_attractors(real_file(name))["kind"].value_counts().to_dict() == kinds
