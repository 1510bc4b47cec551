"""National files cut to one square commune and 2 km around, against slow and obvious cuts."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from territory.errors import UnreadableFile
from territory.fetch.area import area_of, of_communes
from territory.fetch.cut import cut_layer, cut_outlines, cut_table
from territory.fetch.cut_streets import cut_streets
from territory.fetch.cut_transit import cut_transit
from territory.fetch.sources import (
    CELLS,
    CENSUS,
    COMMUNES,
    FRANCE_SERVICES,
    LIBRARIES,
    QPV,
    STRUCTURES,
)
from territory.io.timetable import read_timetable
from territory.io.transit import read_stops
from tests.fetch.grounds import (
    CODE,
    SIDE_M,
    SOUTH,
    WEST,
    area,
    collection,
    degrees,
    outline,
    written,
    zipped,
)
from tests.real_data import real_file

if TYPE_CHECKING:
    from pathlib import Path

CODES = frozenset({CODE})


@pytest.mark.parametrize(
    ("code", "here"),
    [
        ("93010", True), ("930100101", True), ("93011", False), ("9301", False), ("", False),
        ('="93010"', True), (" 93010 ", True), ("193010", False),
    ],
)  # fmt: skip
def test_codes_of_the_communes(code: str, here: bool) -> None:
    assert of_communes(pd.Series([code]), CODES).tolist() == [here]


def test_arrondissements_belong_to_their_city_and_zeros_come_back() -> None:
    codes = pd.Series(["75056", "75118", "69118", "1053", "01053"])
    found = of_communes(codes, frozenset({"75056", "01053"}))
    assert found.tolist() == [True, True, False, True, True]


def test_outlines_asked_for_and_no_other(tmp_path: Path) -> None:
    towns = collection(outline("93010", "Carré"), outline("93011", "Voisin", east_m=1000))
    path = written(tmp_path / "c.geojson", towns)
    assert cut_outlines(path, COMMUNES, CODES, tmp_path / "cut.geojson") == 1
    kept = json.loads((tmp_path / "cut.geojson").read_text())["features"]
    assert [f["properties"]["nom"] for f in kept] == ["Carré"]


def test_real_outlines_under_a_broken_crs(tmp_path: Path) -> None:
    source = real_file("admin/mgp_com.shp")
    assert cut_outlines(source, COMMUNES, CODES, tmp_path / "cut.geojson") == 1
    kept, whole = gpd.read_file(tmp_path / "cut.geojson"), gpd.read_file(source)
    bondy = whole[whole["CODE_COM"] == CODE].set_crs(2154, allow_override=True)
    assert kept.to_crs(2154).area[0] == pytest.approx(bondy.area.iloc[0], rel=1e-6)


def test_a_layer_keeps_what_touches_the_margin(tmp_path: Path) -> None:
    zones = [outline(f"QN0930{n}M", "z", east_m=m) for n, m in enumerate((0, 2900, 3100, 9000))]
    for zone in zones:
        zone["properties"] = {"code_qp": zone["properties"]["code"], "telephone": "0100000000"}
    path = written(tmp_path / "q.geojson", collection(*zones))
    # the margin ends 3,000 m east of the corner: the third begins 100 m beyond it
    assert cut_layer(path, QPV, area(), tmp_path / "cut.geojson") == 2
    kept = json.loads((tmp_path / "cut.geojson").read_text())["features"]
    assert [f["properties"] for f in kept] == [{"code_qp": "QN09300M"}, {"code_qp": "QN09301M"}]


def test_values_and_coordinates_are_untouched(tmp_path: Path) -> None:
    source = real_file("partners/bibliotheques_ile_de_france.geojson")
    count = cut_layer(source, LIBRARIES, area(), tmp_path / "cut.geojson")
    before = {
        f["properties"]["sql_6"]: f
        for f in json.loads(source.read_text(encoding="utf-8"))["features"]
    }
    kept = json.loads((tmp_path / "cut.geojson").read_text(encoding="utf-8"))["features"]
    assert len(kept) == count > 0
    for feature in kept:
        original = before[feature["properties"]["sql_6"]]
        assert feature["geometry"] == original["geometry"]
        hours = original["properties"]["heuresouverture"]
        assert feature["properties"]["heuresouverture"] == hours
        assert not {"telephone", "telecopie"} & set(feature["properties"])


def points_table(spots: list[tuple[float, float]], codes: list[str]) -> str:
    rows = ["id_fs,lib_fs,insee_com,latitude,longitude,format_fs,mail"]
    for n, ((east, north), code) in enumerate(zip(spots, codes, strict=True)):
        lon, lat = degrees(east, north)
        rows.append(f'{n},"a ""{n}"", b",{code},{lat},{lon},Fixe,x@y.fr')
    return "\n".join(rows) + "\n"


def test_rows_by_commune_or_by_point(tmp_path: Path) -> None:
    spots = [(500, 500), (500, 2900), (500, 3100), (9000, 0), (9000, 9000)]
    path = written(tmp_path / "f.csv", points_table(spots, ["93099", "", "", "93010", "75118"]))
    assert cut_table(path, FRANCE_SERVICES, area(), tmp_path / "cut.csv", CODES) == 3
    kept = pd.read_csv(tmp_path / "cut.csv", dtype="string")
    assert kept["id_fs"].tolist() == ["0", "1", "3"]
    assert kept["lib_fs"].tolist() == ['a "0", b', 'a "1", b', 'a "3", b']
    assert "mail" not in kept


def test_rows_without_coordinates_nor_commune_are_left(tmp_path: Path) -> None:
    text = "insee_com;latitude;longitude\n;;\nx;abc;2,4\n93010;;\n"
    path = written(tmp_path / "f.csv", text)
    assert cut_table(path, FRANCE_SERVICES, area(), tmp_path / "cut.csv", CODES) == 1


def test_census_of_the_communes_needs_no_outline(tmp_path: Path) -> None:
    source = real_file("iris/base-ic-activite-residents-2016-idf.csv")
    assert cut_table(source, CENSUS, None, tmp_path / "cut.csv", CODES) == 22  # IRIS of Bondy
    lines = source.read_text().splitlines()
    obvious = [line for line in lines if line.startswith("93010")]
    assert (tmp_path / "cut.csv").read_text().splitlines() == [lines[0], *obvious]


def test_windows_accents_and_an_empty_result(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "com;nom\n93010;Médiathèque\n".encode("cp1252"))
    assert cut_table(path, CENSUS, None, tmp_path / "cut.csv", CODES) == 1
    assert "Médiathèque" in (tmp_path / "cut.csv").read_text(encoding="utf-8")
    assert cut_table(path, CENSUS, None, tmp_path / "cut.csv", frozenset({"00101"})) == 0
    assert (tmp_path / "cut.csv").read_text(encoding="utf-8") == "com;nom\n"


def test_a_ragged_table_is_a_sentence(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "com;nom\n93010;a\n93010;a;b;c\n")
    with pytest.raises(UnreadableFile, match="abîmé"):
        cut_table(path, CENSUS, None, tmp_path / "cut.csv", CODES)


@given(corners=st.lists(st.tuples(st.integers(-30, 30), st.integers(-30, 30)), max_size=40))
def test_squares_near_are_those_whose_middle_is(tmp_path_factory, corners) -> None:
    """Against the definition, square by square: middle at most 2 km from the commune."""
    folder = tmp_path_factory.mktemp("carreaux")
    base = gpd.GeoSeries.from_xy([WEST], [SOUTH], crs=2154).to_crs(3035)[0]
    east0, north0 = int(base.x // 200) * 200, int(base.y // 200) * 200
    ids = [f"CRS3035RES200mN{north0 + 200 * n}E{east0 + 200 * e}" for e, n in corners]
    path = written(folder / "f.csv", "idcar_200m,ind\n" + "".join(f"{i},1.5\n" for i in ids))
    cut_table(path, CELLS, area(), folder / "cut.csv", CODES)
    kept = pd.read_csv(folder / "cut.csv", dtype="string")["idcar_200m"].tolist()
    commune = shapely.box(WEST, SOUTH, WEST + SIDE_M, SOUTH + SIDE_M)
    for (e, n), cell in zip(corners, ids, strict=True):
        x, y = east0 + 200 * e + 100, north0 + 200 * n + 100
        middle = gpd.GeoSeries.from_xy([x], [y], crs=3035).to_crs(2154)[0]
        gap_m = middle.distance(commune)
        if abs(gap_m - 2000) > 5:  # the round ends of the margin are drawn with short sides
            assert (cell in kept) == (gap_m < 2000)


def test_parquet_lists_become_json_and_people_stay_out(tmp_path: Path) -> None:
    lon, lat = degrees(10, 10)
    pd.DataFrame(
        {
            "id": ["dora--1", "dora--2"],
            "code_insee": ["93010", None],
            "latitude": [None, lat],
            "longitude": [None, lon],
            "reseaux_porteurs": [["plie", "ccas-cias"], None],
            "contact_nom_prenom": ["Quelqu'un", "Quelqu'une"],
            "courriel": ["a@b.fr", "c@d.fr"],
        }
    ).to_parquet(tmp_path / "f.parquet")
    assert cut_table(tmp_path / "f.parquet", STRUCTURES, area(), tmp_path / "cut.csv", CODES) == 2
    kept = pd.read_csv(tmp_path / "cut.csv", dtype="string", keep_default_na=False)
    assert kept["reseaux_porteurs"].tolist() == ['["plie", "ccas-cias"]', ""]
    assert list(kept) == ["id", "code_insee", "latitude", "longitude", "reseaux_porteurs"]


def osm(ways: dict[int, list[int]], nodes: dict[int, tuple[float, float]]) -> str:
    lines = ['<?xml version="1.0"?><osm version="0.6">']
    for n, (east, north) in nodes.items():
        lon, lat = degrees(east, north)
        lines.append(f'<node id="{n}" lon="{lon}" lat="{lat}" user="quelquun" version="3"/>')
    for w, refs in ways.items():
        inner = "".join(f'<nd ref="{r}"/>' for r in refs)
        tag = "building" if w > 900 else "highway"
        lines.append(f'<way id="{w}" user="quelquun" version="2">{inner}'
                     f'<tag k="{tag}" v="residential"/></way>')  # fmt: skip
    return "\n".join([*lines, "</osm>"])


Way = tuple[list[int], list[tuple[float, float]], dict[str, str]]


def highways(path: Path) -> dict[int, Way]:
    """Return number -> nodes, degrees and tags of the ways with `highway`."""
    both = osmium.osm.NODE | osmium.osm.WAY
    ways = osmium.FileProcessor(str(path), both).with_locations()
    return {
        w.id: ([n.ref for n in w.nodes], [(n.lon, n.lat) for n in w.nodes], dict(w.tags))
        for w in ways.with_filter(osmium.filter.KeyFilter("highway"))
        if w.is_way()
    }


def test_ways_that_touch_the_margin_are_kept_whole_and_nameless(tmp_path: Path) -> None:
    nodes = {1: (500, 500), 2: (500, 9000), 3: (0, 20_000), 4: (9000, 9000), 5: (9000, 9500)}
    path = written(tmp_path / "e.osm", osm({10: [1, 2, 3], 11: [4, 5], 901: [1, 2]}, nodes))
    target = tmp_path / "cut.osm.pbf"
    assert cut_streets(path, area(), target) == 1
    assert list(highways(target)) == [10]
    assert [o.user for o in osmium.FileProcessor(str(target))] == [""] * 4
    assert [o.id for o in osmium.FileProcessor(str(target), osmium.osm.NODE)] == [1, 2, 3]


def test_nothing_around(tmp_path: Path) -> None:
    path = written(tmp_path / "e.osm", osm({11: [4, 5]}, {4: (9000, 9000), 5: (9000, 9500)}))
    assert cut_streets(path, area(), tmp_path / "cut.osm.pbf") == 0


def test_a_damaged_extract(tmp_path: Path) -> None:
    whole = real_file("osm/heidelberg.osm.pbf").read_bytes()
    path = written(tmp_path / "e.osm.pbf", whole[: len(whole) // 2])
    with pytest.raises(UnreadableFile, match="abîmé ou incomplet"):
        cut_streets(path, area(), tmp_path / "cut.osm.pbf")
    assert not (tmp_path / "cut.osm.pbf").exists()


def feed(folder: Path) -> Path:
    near, far = degrees(0, 2900), degrees(0, 9000)
    return zipped(
        folder / "g.zip",
        agency__txt=b"agency_id,agency_name\nA,Un\nB,Deux\n",
        routes__txt=b"route_id,agency_id\nR1,A\nR2,B\n",
        trips__txt=b"route_id,service_id,trip_id\nR1,S1,T1\nR2,S2,T2\n",
        stop_times__txt=b"trip_id,stop_id,departure_time\nT1,near,25:10:00\nT1,far,26:00:00\n"
        b"T2,far,08:00:00\n",
        calendar__txt=b"service_id,monday\nS1,1\nS2,1\n",
        stops__txt=(
            "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
            f"near,Pr\u00e8s,{near[1]},{near[0]},0,gare\n"
            f"far,Loin,{far[1]},{far[0]},0,\n"
            f"gare,Gare,{far[1]},{far[0]},1,\n"
        ).encode(),
        shapes__txt=b"shape_id\nx\n",
    )


def test_a_feed_cut_to_the_stops_around(tmp_path: Path) -> None:
    target = tmp_path / "cut.zip"
    assert cut_transit(feed(tmp_path), area(), target) == 2  # the stop and its station
    with zipfile.ZipFile(target) as archive:
        lines = {n: archive.read(n).decode().splitlines()[1:] for n in archive.namelist()}
    assert lines["stop_times.txt"] == ["T1,near,25:10:00"]
    assert lines["trips.txt"] == ["R1,S1,T1"]
    assert lines["routes.txt"] == ["R1,A"]
    assert lines["calendar.txt"] == ["S1,1"]
    assert lines["agency.txt"] == ["A,Un"]
    assert "shapes.txt" not in lines
    stops, _ = read_stops(target)
    assert stops["passages"].to_dict() == {"gare": 0, "near": 1}


def repeated_feed(folder: Path) -> Path:
    """A run every ten minutes from far away, here ten minutes after it left; transfers."""
    near, far = degrees(0, 2900), degrees(0, 9000)
    spots = {"far": far, "near": near, "next": near}
    stops = "".join(f"{key},{at[1]},{at[0]}\n" for key, at in spots.items())
    return zipped(
        folder / "f.zip",
        routes__txt=b"route_id\nR1\nR2\n",
        trips__txt=b"route_id,service_id,trip_id\nR1,S,T1\nR2,S,T2\n",
        calendar__txt=b"service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
        b"start_date,end_date\nS,1,1,1,1,1,1,1,20260601,20260628\n",
        stop_times__txt=b"trip_id,stop_id,stop_sequence,arrival_time,departure_time\n"
        b"T1,next,3,00:15:00,00:15:00\nT1,near,2,00:10:00,00:10:00\nT1,far,1,00:00:00,00:00:00\n"
        b"T2,far,1,08:00:00,08:00:00\n",
        frequencies__txt=b"trip_id,start_time,end_time,headway_secs\n"
        b"T1,23:55:00,24:30:00,600\nT1,bientot,07:00:00,600\nT2,06:00:00,07:00:00,600\n",
        transfers__txt=b"from_stop_id,to_stop_id,from_trip_id,to_trip_id,transfer_type\n"
        b"near,next,,,2\nnear,far,,,2\nnear,next,T1,T2,1\n,,T1,T1,4\n",
        stops__txt=f"stop_id,stop_lat,stop_lon\n{stops}".encode(),
    )


def test_frequencies_and_transfers_follow_what_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "cut.zip"
    assert cut_transit(repeated_feed(tmp_path), area(), target) == 2
    with zipfile.ZipFile(target) as archive:
        lines = {n: archive.read(n).decode().splitlines()[1:] for n in archive.namelist()}
    assert lines["transfers.txt"] == ["near,next,,,2", ",,T1,T1,4"]
    moved = ["T1,24:05:00,24:40:00,600", "T1,bientot,07:10:00,600"]  # ten minutes later here
    assert lines["frequencies.txt"] == moved


def test_a_repeated_run_passes_at_the_same_times_once_cut(tmp_path: Path) -> None:
    """Judge: the timetable of the whole feed, at the stop kept."""
    path, target = repeated_feed(tmp_path), tmp_path / "cut.zip"
    cut_transit(path, area(), target)
    found = []
    for feed_path in (path, target):
        stops, _ = read_stops(feed_path)
        timetable, _ = read_timetable(feed_path, stops)
        near = timetable.passages["stop"] == timetable.stop_ids.index("near")
        found.append(sorted(timetable.passages.loc[near, "depart_s"]))
    assert found[0] == found[1]
    assert found[0][0] == 24 * 3600 + 5 * 60


def test_cuts_give_the_same_bytes_twice(tmp_path: Path) -> None:
    path = feed(tmp_path)
    cuts = [tmp_path / "a.zip", tmp_path / "b.zip"]
    assert [cut_transit(path, area(), cut) for cut in cuts] == [2, 2]
    assert cuts[0].read_bytes() == cuts[1].read_bytes()
    nodes = {1: (500, 500), 2: (500, 9000)}
    extract = written(tmp_path / "e.osm", osm({10: [1, 2]}, nodes))
    maps = [tmp_path / "a.osm.pbf", tmp_path / "b.osm.pbf"]
    assert [cut_streets(extract, area(), m) for m in maps] == [1, 1]
    assert maps[0].read_bytes() == maps[1].read_bytes()


def test_a_real_extract_against_every_way_read_whole(tmp_path: Path) -> None:
    """Judge: read the whole city, keep the ways with a vertex in the polygon, one by one."""
    source, target = real_file("osm/heidelberg.osm.pbf"), tmp_path / "cut.osm.pbf"
    centre = gpd.GeoSeries([shapely.Point(8.69, 49.41)], crs=4326).to_crs(25832)
    shape = centre.buffer(300).to_list()
    town = gpd.GeoDataFrame({"name": ["H"]}, geometry=shape, crs=25832, index=["00000"])
    ground = area_of(town, frozenset({"00000"}))
    cut_streets(source, ground, target)
    whole, kept = highways(source), highways(target)
    near = {
        number
        for number, (_, spots, _) in whole.items()
        if any(ground.around_degrees.contains(shapely.Point(spot)) for spot in spots)
    }
    assert 1000 < len(near) < len(whole)
    assert set(kept) == near
    for number, (nodes, spots, tags) in kept.items():
        assert nodes == whole[number][0]
        assert np.array(spots) == pytest.approx(np.array(whole[number][1]), abs=1e-9)
        assert tags == whole[number][2]
