"""The awkward sides of street files: missing nodes, outlines, loops, other places, other units."""

from __future__ import annotations

import bz2
import gzip
import json
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import osmnx
import pytest
from pandas.testing import assert_frame_equal
from scipy import sparse
from scipy.sparse import csgraph
from shapely.geometry import box

from territory.errors import UnreadableFile
from territory.io.street_formats import read_ways
from territory.io.streets import is_streets, read_streets
from territory.model.tables import NODES, SEGMENTS, check_table
from tests.real_data import real_file

if TYPE_CHECKING:
    from pathlib import Path

SPOTS = {1: (2.40, 48.90), 2: (2.401, 48.90), 3: (2.402, 48.90), 4: (2.402, 48.901)}
STREET = {"highway": "residential"}


def xml(ways: dict[int, list[int]], *, nodes_first: bool = True) -> str:
    nodes = [f'<node id="{n}" lon="{x}" lat="{y}" version="1"/>' for n, (x, y) in SPOTS.items()]
    drawn = [
        f'<way id="{w}" version="1">'
        + "".join(f'<nd ref="{n}"/>' for n in refs)
        + '<tag k="highway" v="residential"/></way>'
        for w, refs in ways.items()
    ]
    return (
        f'<osm version="0.6">{"".join([*nodes, *drawn] if nodes_first else [*drawn, *nodes])}</osm>'
    )


def feature(kind: str, coordinates: list[Any], **properties: str) -> dict[str, Any]:
    shape = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": STREET | properties, "geometry": shape}


def saved(folder: Path, name: str, content: object) -> Path:
    path = folder / name
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, encoding="utf-8")
    return path


def test_tables_keep_their_contracts(tmp_path: Path) -> None:
    streets, _ = read_streets(saved(tmp_path, "a.osm", xml({7: [1, 2, 3]})))
    check_table(streets.segments, SEGMENTS)
    check_table(streets.nodes, NODES)
    assert streets.nodes["osm_id"].tolist() == [1, 3]


def test_a_missing_node_cuts_the_way_instead_of_drawing_a_straight_line(tmp_path: Path) -> None:
    streets, report = read_streets(saved(tmp_path, "a.osm", xml({7: [1, 2, 99, 3, 4]})))
    ends = streets.nodes["osm_id"].to_numpy()[streets.segments[["tail", "head"]]]
    assert ends.tolist() == [[1, 2], [3, 4]]
    assert [i.code for i in report.issues] == ["I-RUES", "W-OSM"]


def test_nodes_written_after_the_ways_are_found(tmp_path: Path) -> None:
    one, _ = read_streets(saved(tmp_path, "a.osm", xml({7: [1, 2, 3]})))
    two, report = read_streets(saved(tmp_path, "b.osm", xml({7: [1, 2, 3]}, nodes_first=False)))
    assert_frame_equal(one.segments, two.segments)
    assert len(report.issues) == 1


@pytest.mark.parametrize(("packed", "name"), [(gzip.compress, "rues.gz"), (bz2.compress, "rues")])
def test_packed_files_are_told_by_content(tmp_path: Path, packed, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(packed(xml({7: [1, 2, 3]}).encode()))
    assert is_streets(path)
    assert len(read_streets(path)[0].segments) == 1


def test_loops_parallel_and_zero_length_segments_are_kept(tmp_path: Path) -> None:
    ways = {5: [1, 2, 3, 1], 6: [1, 2], 8: [2, 2], 9: [3, 4, 3]}  # 8 goes nowhere
    streets, _ = read_streets(saved(tmp_path, "a.osm", xml(ways)))
    ends = streets.nodes["osm_id"].to_numpy()[streets.segments[["tail", "head"]]].tolist()
    assert ends == [[1, 2], [2, 3], [3, 1], [1, 2], [3, 3]]


def test_squares_are_walked_along_their_outline(tmp_path: Path) -> None:
    ring = [SPOTS[n] for n in (1, 2, 3, 1)]
    features = [
        feature("Polygon", [ring], highway="pedestrian", **{"@id": "way/3"}),
        feature("MultiLineString", [[SPOTS[2], SPOTS[4]]], **{"@id": "way/4"}),
    ]
    streets, _ = read_streets(saved(tmp_path, "a.geojson", {"features": features}))
    assert streets.segments["way_id"].tolist() == [3, 3, 4]
    assert (streets.nodes["osm_id"] == -1).all()


@pytest.mark.parametrize("with_nodes", [True, False])
def test_overpass_geometry_inside_the_ways(tmp_path: Path, with_nodes: bool) -> None:
    drawn = [{"lon": SPOTS[n][0], "lat": SPOTS[n][1]} for n in (1, 2, 3)]
    ways: list[dict[str, Any]] = [
        {"type": "way", "id": 7, "tags": STREET, "geometry": [*drawn, None]},
        {"type": "way", "id": 6, "tags": STREET, "geometry": drawn[1::-1]},
    ]
    if with_nodes:
        ways[0]["nodes"], ways[1]["nodes"] = [1, 2, 3, 4], [2, 1]
    streets, report = read_streets(saved(tmp_path, "a.json", {"elements": ways}))
    assert streets.segments["way_id"].tolist() == [6, 7, 7]
    assert report.issues[-1].problem.startswith("1 points cités")


def test_an_unfinished_overpass_answer_is_refused(tmp_path: Path) -> None:
    answer = {"remark": "runtime error: Query timed out", "elements": []}
    with pytest.raises(UnreadableFile, match=r"est incomplet.*zone plus petite"):
        read_streets(saved(tmp_path, "a.json", answer))


@pytest.mark.parametrize("packed", [gzip.compress, bytes])
def test_files_cut_short_are_said_to_be_damaged(tmp_path: Path, packed) -> None:
    text = xml({w: [1, 2, 3] for w in range(900)})
    whole = packed(text.encode())
    path = tmp_path / "a.osm"
    path.write_bytes(whole[: len(whole) // 2])
    assert is_streets(path)
    with pytest.raises(UnreadableFile, match="est abîmé"):
        read_streets(path)


def test_a_pbf_cut_short_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.pbf"
    path.write_bytes(real_file("osm/heidelberg.osm.pbf").read_bytes()[:300_000])
    with pytest.raises(UnreadableFile, match="est abîmé"):
        read_streets(path)


def test_a_saved_osmnx_graph_in_metres(tmp_path: Path) -> None:
    graph = nx.MultiDiGraph(crs="epsg:2154")
    graph.add_node(11, x=652_000.0, y=6_862_000.0)
    graph.add_node(12, x=652_100.0, y=6_862_000.0)
    for tail, head in ((11, 12), (12, 11)):
        graph.add_edge(tail, head, osmid=5, highway="residential", length=100.0, name="rue A")
    osmnx.save_graphml(graph, tmp_path / "a.graphml")
    streets, report = read_streets(tmp_path / "a.graphml")
    assert report.read == len(streets.segments) == 1
    assert streets.segments["length_m"].tolist() == pytest.approx([100], abs=1e-3)
    assert streets.nodes["osm_id"].tolist() == [11, 12]


def test_a_graph_of_something_else_is_not_streets(tmp_path: Path) -> None:
    nx.write_graphml(nx.path_graph(3), tmp_path / "a.graphml")
    assert not is_streets(tmp_path / "a.graphml")
    assert not is_streets(saved(tmp_path, "b.json", [1, 2]))
    assert not is_streets(saved(tmp_path, "c.json", '{"elements": '))


def test_metres_taken_for_degrees_are_refused(tmp_path: Path) -> None:
    features = [feature("LineString", [(652_000, 6_862_000), (652_100, 6_862_000)])]
    with pytest.raises(UnreadableFile, match="ne sont pas des degrés"):
        read_streets(saved(tmp_path, "a.geojson", {"features": features}))


def test_only_streets_near_the_territory_are_kept(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.osm", xml({5: [1, 2], 6: [3, 4]}))
    everywhere, _ = read_streets(path)
    x, y = everywhere.nodes.loc[everywhere.nodes["osm_id"] == 1, ["x", "y"]].iloc[0]
    near, report = read_streets(path, inside=box(x - 9, y - 9, x, y), margin_m=50)
    assert near.segments["way_id"].tolist() == [5]
    assert (report.read, report.refused) == (2, 0)  # far away is not refused, only left out
    none, report = read_streets(path, inside=box(0, 0, 1, 1))
    assert [i.code for i in report.issues] == ["E-RUES", "I-LOIN"]
    check_table(none.segments, SEGMENTS)
    check_table(none.nodes, NODES)


def test_contributors_are_never_read(tmp_path: Path) -> None:
    text = xml({7: [1, 2]}).replace('<way id="7"', '<way id="7" user="Quelqu&apos;un" uid="3"')
    streets, report = read_streets(saved(tmp_path, "a.osm", text))
    assert "Quelqu" not in streets.segments.to_csv() + str(report)


def test_bondy_counts_without_access_rules_are_those_published() -> None:
    """Lines only, motorways out, private ways in: 1,499 ways, 5,403 corners, 11 pieces, 95.0 %."""
    path = real_file("osm/bondy_highways_2023.geojson")
    ways = read_ways(path).ways
    street = [
        "area" not in t and not t.get("highway", "motorway").startswith("motorway")
        for t in ways.kinds
    ]
    ways = ways.taken(np.flatnonzero(np.array(street)[ways.kind]))
    owner = ways.owner()
    joined = owner[1:] == owner[:-1]
    tail, head = ways.node[:-1][joined], ways.node[1:][joined]
    corners, at = np.unique(np.r_[tail, head], return_inverse=True)
    links = sparse.coo_array((np.ones(len(tail)), np.split(at, 2)), shape=(len(corners),) * 2)
    pieces, piece = csgraph.connected_components(links, directed=False)
    assert (len(ways), len(corners), pieces) == (1499, 5403, 11)
    assert np.bincount(piece).max() / len(corners) == pytest.approx(0.950, abs=5e-4)


@pytest.mark.parametrize(
    "text",
    ['<graphml "highway">', '<graphml><graph><node id="1"><data key="d2">"highway"</data></node>'
     "</graph></graphml>"],
)  # fmt: skip
def test_graphml_that_networkx_turns_away_is_refused_in_french(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rues.graphml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFile, match="est abîmé"):
        read_ways(path)


@pytest.mark.parametrize("number", ["Infinity", "1e400", "99999999999999999999", "-1e30", "[]"])
def test_an_identifier_that_cannot_be_is_refused_in_french(tmp_path: Path, number: str) -> None:
    path = tmp_path / "rues.json"
    node = '{"type": "node", "id": 1, "lat": 48.9, "lon": 2.4}'
    way = f'{{"type": "way", "id": {number}, "nodes": [1, 1], "tags": {{"highway": "path"}}}}'
    path.write_text(f'{{"version": 0.6, "elements": [{node}, {way}]}}', encoding="utf-8")
    with pytest.raises(UnreadableFile, match="est abîmé"):
        read_ways(path)
