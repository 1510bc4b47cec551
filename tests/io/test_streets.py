"""Streets in six forms: same walkable streets, whatever the file; real extracts read."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest
from geopandas.testing import assert_geodataframe_equal

from territory.errors import UnreadableFile
from territory.io.street_access import is_walkable
from territory.io.streets import is_streets, read_streets
from territory.network.audit import audit
from territory.network.walk import build_walk
from tests.real_data import real_file

if TYPE_CHECKING:
    from pathlib import Path

NODES = {1: (2.40, 48.90), 2: (2.401, 48.90), 3: (2.402, 48.90), 4: (2.401, 48.901)}
WAYS = {
    10: ([1, 2, 3], {"highway": "residential", "name": "rue A"}),
    11: ([2, 4], {"highway": "steps"}),
    12: ([1, 4], {"highway": "motorway"}),
    13: ([3, 4], {"highway": "service", "access": "private"}),
}


def osm_xml(ways: dict = WAYS) -> str:
    rows = [f'<node id="{n}" lon="{x}" lat="{y}" version="1"/>' for n, (x, y) in NODES.items()]
    for way, (nodes, tags) in ways.items():
        inner = "".join(f'<nd ref="{n}"/>' for n in nodes)
        inner += "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tags.items())
        rows.append(f'<way id="{way}" version="1" user="quelqu&apos;un">{inner}</way>')
    return f'<?xml version="1.0"?><osm version="0.6">{"".join(rows)}</osm>'


def overpass() -> str:
    nodes = [{"type": "node", "id": n, "lon": x, "lat": y} for n, (x, y) in NODES.items()]
    ways = [{"type": "way", "id": w, "nodes": n, "tags": t} for w, (n, t) in WAYS.items()]
    return json.dumps({"version": 0.6, "elements": [*nodes, *ways]})


def geojson(order: int = 1) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {**tags, "@id": f"way/{way}"},
            "geometry": {"type": "LineString", "coordinates": [NODES[n] for n in nodes]},
        }
        for way, (nodes, tags) in WAYS.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features[::order]})


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.osm", osm_xml()),
        ("a.osm.gz", osm_xml()),
        ("a.json", overpass()),
        ("a.geojson", geojson()),
    ],
)
def test_every_form_gives_the_same_three_segments(tmp_path: Path, name: str, text: str) -> None:
    path = written(tmp_path, name, text)
    assert is_streets(path)
    streets, report = read_streets(path)
    assert streets.segments["way_id"].tolist() == [10, 10, 11]
    assert streets.segments["steps"].tolist() == [False, False, True]
    assert streets.segments["name"].fillna("-").tolist() == ["rue A", "rue A", "-"]
    assert streets.segments["length_m"].round().tolist() == [73, 73, 111]
    assert len(streets.nodes) == 4
    assert report.read == 4


def test_the_order_of_the_file_changes_nothing(tmp_path: Path) -> None:
    one, _ = read_streets(written(tmp_path, "a.geojson", geojson()))
    two, _ = read_streets(written(tmp_path, "b.geojson", geojson(-1)))
    assert_geodataframe_equal(one.segments, two.segments)


def test_references_without_a_node_are_counted_and_survived(tmp_path: Path) -> None:
    ways = {**WAYS, 10: ([1, 2, 99, 3], WAYS[10][1])}
    _, report = read_streets(written(tmp_path, "a.osm", osm_xml(ways)))
    assert any("1 points cités par des voies manquent" in i.problem for i in report.issues)


@pytest.mark.parametrize(
    ("tags", "walkable"),
    [
        ({"highway": "residential", "oneway": "yes"}, True),
        ({"highway": "service", "access": "private"}, False),
        ({"highway": "service", "access": "private", "foot": "yes"}, True),
        ({"highway": "footway", "foot": "no"}, False),
        ({"highway": "motorway", "foot": "yes"}, False),
        ({"highway": "trunk"}, False),
        ({"highway": "trunk", "foot": "designated"}, True),
        ({"highway": "primary", "motorroad": "yes"}, False),
        ({"highway": "construction"}, False),
        ({"railway": "rail"}, False),
    ],
)
def test_who_may_walk_where(tags: dict[str, str], walkable: bool) -> None:
    assert is_walkable(tags) is walkable


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.osm", osm_xml()[:-40], "est abîmé"),
        ("b.osm", osm_xml({12: WAYS[12]}), "aucune rue où marcher"),
        ("c.json", '{"elements": [{"type": "way", "tags": {"highway": "path"}}]}', "est abîmé"),
        ("d.txt", "bonjour", "ne contient pas de rues"),
    ],
)
def test_broken_files_end_in_a_french_sentence(tmp_path: Path, name, text, message) -> None:
    with pytest.raises(UnreadableFile, match=message):
        read_streets(written(tmp_path, name, text))


def test_bondy_has_the_pieces_that_were_counted() -> None:
    streets, report = read_streets(real_file("osm/bondy_highways_2023.geojson"))
    walk = build_walk(streets.segments, streets.nodes, streets.segments.iloc[:0][["geometry"]])
    found = audit(walk)
    assert report.read == 1571  # 1,557 lines and 14 outlines of squares
    assert 1350 <= streets.segments["way_id"].nunique() <= 1499  # private ways left out
    assert found.components["share"].iloc[0] > 0.93
    assert len(found.components) >= 11  # leaving private ways out cuts more pieces off


@pytest.mark.parametrize(
    ("name", "highways"),
    [
        ("osm/bondy_pasteur_2022.osm", 177),
        ("osm/paris_9e_10e_gare_du_nord_2021.osm", 179),
        ("osm/heidelberg.osm.pbf", 25_359),
        ("osm/porto_portugal.osm.pbf", 51_349),
    ],
)
def test_real_extracts_read_with_the_counted_highways(name: str, highways: int) -> None:
    epsg = 2154 if "bondy" in name or "paris" in name else 3035
    streets, report = read_streets(real_file(name), epsg=epsg)
    assert report.read == highways
    assert streets.segments["length_m"].sum() > 1000


def test_an_osmnx_graph_reads_each_street_once() -> None:
    streets, _ = read_streets(real_file("osm/paris_16e_trocadero_2022.graphml"))
    assert 1400 < len(streets.nodes) <= 1496
    assert 1748 <= len(streets.segments) <= 2215  # 3,495 directed edges


def test_osm_and_geojson_of_one_quarter_agree() -> None:
    raw, _ = read_streets(real_file("osm/bondy_pasteur_2022.osm"))
    lines, _ = read_streets(real_file("osm/bondy_highways_2023.geojson"))
    common = set(raw.segments["way_id"]) & set(lines.segments["way_id"])
    both = [s.segments[s.segments["way_id"].isin(common)] for s in (raw, lines)]
    one, two = (b.groupby("way_id")["length_m"].sum() for b in both)
    same = (one - two).abs() < 2
    assert len(common) > 50
    assert same.mean() > 0.6  # a year apart, and the box cuts ways
